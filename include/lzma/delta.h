/* SPDX-License-Identifier: 0BSD */
/* The Delta filter: differences between bytes instead of the bytes themselves. */
/* clang-format off */

#ifndef LZMA_H_INTERNAL
# error "Include <lzma.h>, not this part of it."
#endif

/* Filter ID. Never the last filter of a chain. Source: 5.3.3. */
#define LZMA_FILTER_DELTA LZMA_VLI_C(0x03)

/* How differences are taken */
typedef enum {
    LZMA_DELTA_TYPE_BYTE /* byte by byte, modulo 256 */
} lzma_delta_type;

/* Limits of lzma_options_delta.dist */
#define LZMA_DELTA_DIST_MIN 1
#define LZMA_DELTA_DIST_MAX 256

/* Options of the filter, for both directions */
typedef struct {
    /* Always LZMA_DELTA_TYPE_BYTE */
    lzma_delta_type type;

    /*
     * From each byte, the one this many bytes before is subtracted:
     * LZMA_DELTA_DIST_MIN..LZMA_DELTA_DIST_MAX. For 16-bit stereo sound 4 is right,
     * for RGB pictures 3.
     */
    uint32_t dist;

    /* Not read; may be left uninitialised. */
    uint32_t reserved_int1;
    uint32_t reserved_int2;
    uint32_t reserved_int3;
    uint32_t reserved_int4;
    void *reserved_ptr1;
    void *reserved_ptr2;
} lzma_options_delta;
