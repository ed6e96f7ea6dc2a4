/* SPDX-License-Identifier: 0BSD */
/* Filters that make the branch addresses of machine code absolute, and back. */
/* clang-format off */

#ifndef LZMA_H_INTERNAL
# error "Include <lzma.h>, not this part of it."
#endif

/*
 * A call to the same place has another relative address at each place it is made
 * from. Written as absolute addresses, these calls look alike and compress better.
 * The filters do not change the size of the data. Source: 5.3.2.
 */

/* Filter IDs. Alignment is that of start_offset, in bytes. */
#define LZMA_FILTER_X86      LZMA_VLI_C(0x04) /* 32-bit and 64-bit x86, alignment 1 */
#define LZMA_FILTER_POWERPC  LZMA_VLI_C(0x05) /* PowerPC, big endian only, 4 */
#define LZMA_FILTER_IA64     LZMA_VLI_C(0x06) /* Itanium, 16 */
#define LZMA_FILTER_ARM      LZMA_VLI_C(0x07) /* 32-bit ARM, little endian, 4 */
#define LZMA_FILTER_ARMTHUMB LZMA_VLI_C(0x08) /* ARM Thumb, little endian, 2 */
#define LZMA_FILTER_SPARC    LZMA_VLI_C(0x09) /* SPARC, 4 */
#define LZMA_FILTER_ARM64    LZMA_VLI_C(0x0A) /* ARM64, 4 (4096 compresses best) */
#define LZMA_FILTER_RISCV    LZMA_VLI_C(0x0B) /* RISC-V, 2 */

/* Options of these filters; lzma_filter.options may be NULL for an offset of 0. */
typedef struct {
    /*
     * Address of the first byte of the data, as the filter shall count it; a multiple
     * of the filter's alignment. 0 is right for whole files.
     */
    uint32_t start_offset;
} lzma_options_bcj;

/*
 * The six functions below convert a buffer in place, without a chain of filters around
 * it. The data may come in several buffers: the bytes that one call leaves over go to
 * the front of the next, and start_offset grows by what was processed.
 *
 *   start_offset  address of buf[0]: a multiple of 4 (ARM64), of 2 (RISC-V), any (x86);
 *                 rounded down to that
 *   buf           data to convert
 *   size          bytes in buf, 0..SIZE_MAX
 *
 * Returns: how many bytes are final; the rest was not changed and needs the bytes that
 * follow it. At the end of the data, the rest stays as it is.
 * Memory: allocates nothing.
 * Threads: any.
 * Source: 5.3.2.
 */

/* ARM64: returns a multiple of 4, up to 3 bytes are left over. */
extern LZMA_API(size_t) lzma_bcj_arm64_encode(uint32_t start_offset,
                                              uint8_t *buf, size_t size)
    lzma_nothrow;

extern LZMA_API(size_t) lzma_bcj_arm64_decode(uint32_t start_offset,
                                              uint8_t *buf, size_t size)
    lzma_nothrow;

/* RISC-V: returns a multiple of 2, up to 7 bytes are left over. */
extern LZMA_API(size_t) lzma_bcj_riscv_encode(uint32_t start_offset,
                                              uint8_t *buf, size_t size)
    lzma_nothrow;

extern LZMA_API(size_t) lzma_bcj_riscv_decode(uint32_t start_offset,
                                              uint8_t *buf, size_t size)
    lzma_nothrow;

/* x86: up to 4 bytes are left over. Nothing is remembered from the call before: what
 * was encoded in several pieces must be decoded in the same pieces. */
extern LZMA_API(size_t) lzma_bcj_x86_encode(uint32_t start_offset,
                                            uint8_t *buf, size_t size)
    lzma_nothrow;

extern LZMA_API(size_t) lzma_bcj_x86_decode(uint32_t start_offset,
                                            uint8_t *buf, size_t size)
    lzma_nothrow;
