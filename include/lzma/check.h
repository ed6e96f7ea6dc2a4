/* SPDX-License-Identifier: 0BSD */
/* Integrity checks of the uncompressed data. */
/* clang-format off */

#ifndef LZMA_H_INTERNAL
# error "Include <lzma.h>, not this part of it."
#endif

/*
 * Type of the Check field that ends each Block: the IDs of the .xz format. The format
 * reserves the others up to LZMA_CHECK_ID_MAX. Source: 2.1.1.2, 3.4.
 */
typedef enum {
    LZMA_CHECK_NONE = 0,   /* no Check, 0 bytes */
    LZMA_CHECK_CRC32 = 1,  /* polynomial of IEEE 802.3, 4 bytes, little endian */
    LZMA_CHECK_CRC64 = 4,  /* polynomial of ECMA-182, 8 bytes, little endian */
    LZMA_CHECK_SHA256 = 10 /* FIPS 180, 32 bytes */
} lzma_check;

/* Greatest ID a Stream Header can hold */
#define LZMA_CHECK_ID_MAX 15

/* Size in bytes of the greatest Check that any ID stands for */
#define LZMA_CHECK_SIZE_MAX 64

/*
 * Whether a type of Check can be computed here.
 *
 *   check  any value; those above LZMA_CHECK_ID_MAX are not supported
 *
 * Returns: true or false; always true for LZMA_CHECK_NONE and LZMA_CHECK_CRC32.
 * Threads: any.
 */
extern LZMA_API(lzma_bool) lzma_check_is_supported(lzma_check check)
    lzma_nothrow lzma_attr_const;

/*
 * Size of the Check field of a type, supported or not.
 *
 *   check  any value
 *
 * Returns: 0..LZMA_CHECK_SIZE_MAX bytes, or UINT32_MAX above LZMA_CHECK_ID_MAX.
 * Threads: any.
 * Source: 2.1.1.2.
 */
extern LZMA_API(uint32_t) lzma_check_size(lzma_check check)
    lzma_nothrow lzma_attr_const;

/*
 * CRC32 of a buffer, or of one more piece of a longer text.
 *
 *   buf   data; may be NULL if size is 0
 *   size  bytes in buf
 *   crc   0 for the first piece, else the result for the pieces before
 *
 * Returns: the CRC32 of all pieces so far.
 * Threads: any.
 * Source: 6.
 */
extern LZMA_API(uint32_t) lzma_crc32(const uint8_t *buf, size_t size, uint32_t crc)
    lzma_nothrow lzma_attr_pure;

/*
 * CRC64 of a buffer, or of one more piece of a longer text; see lzma_crc32().
 *
 *   buf   data; may be NULL if size is 0
 *   size  bytes in buf
 *   crc   0 for the first piece, else the result for the pieces before
 *
 * Returns: the CRC64 of all pieces so far.
 * Threads: any.
 * Source: 6.
 */
extern LZMA_API(uint64_t) lzma_crc64(const uint8_t *buf, size_t size, uint64_t crc)
    lzma_nothrow lzma_attr_pure;

/*
 * The Check of the Stream being decoded.
 *
 *   strm  a decoder whose lzma_code() has just returned LZMA_NO_CHECK,
 *         LZMA_UNSUPPORTED_CHECK or LZMA_GET_CHECK; at other times the answer has no
 *         meaning
 *
 * Returns: the ID, LZMA_CHECK_NONE for coders that know no Check.
 * Threads: one per strm.
 */
extern LZMA_API(lzma_check) lzma_get_check(const lzma_stream *strm)
    lzma_nothrow;
