/* SPDX-License-Identifier: 0BSD */
/* Stream Header and Stream Footer of the .xz format, one at a time. */
/* clang-format off */

#ifndef LZMA_H_INTERNAL
# error "Include <lzma.h>, not this part of it."
#endif

/* Size of a Stream Header, and of a Stream Footer, in bytes. Source: 2.1.1, 2.1.2. */
#define LZMA_STREAM_HEADER_SIZE 12

/* What a Stream Header or Stream Footer says */
typedef struct {
    /* Version of this struct: 0. The caller sets it to encode; decoding sets it. */
    uint32_t version;

    /*
     * Size of the Index in bytes, a multiple of 4 in the range
     * LZMA_BACKWARD_SIZE_MIN..LZMA_BACKWARD_SIZE_MAX. Only the Stream Footer holds it;
     * decoding a Stream Header sets LZMA_VLI_UNKNOWN. Source: 2.1.2.2.
     */
    lzma_vli backward_size;
#define LZMA_BACKWARD_SIZE_MIN 4
#define LZMA_BACKWARD_SIZE_MAX (LZMA_VLI_C(1) << 34)

    /* Type of the Check, 0..LZMA_CHECK_ID_MAX, supported or not. Source: 2.1.1.2. */
    lzma_check check;

    /* Not read; may be left uninitialised while version is 0. */
    lzma_reserved_enum reserved_enum1;
    lzma_reserved_enum reserved_enum2;
    lzma_reserved_enum reserved_enum3;
    lzma_reserved_enum reserved_enum4;
    lzma_bool reserved_bool1;
    lzma_bool reserved_bool2;
    lzma_bool reserved_bool3;
    lzma_bool reserved_bool4;
    lzma_bool reserved_bool5;
    lzma_bool reserved_bool6;
    lzma_bool reserved_bool7;
    lzma_bool reserved_bool8;
    uint32_t reserved_int1;
    uint32_t reserved_int2;
} lzma_stream_flags;

/*
 * Write a Stream Header.
 *
 *   options  what it says; backward_size is not read
 *   out      room for LZMA_STREAM_HEADER_SIZE bytes
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_OPTIONS_ERROR  version is not supported
 *   LZMA_PROG_ERROR     check is out of range
 * Threads: any.
 * Source: 2.1.1.
 */
extern LZMA_API(lzma_ret) lzma_stream_header_encode(const lzma_stream_flags *options,
                                                    uint8_t *out)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Write a Stream Footer.
 *
 *   options  what it says
 *   out      room for LZMA_STREAM_HEADER_SIZE bytes
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_OPTIONS_ERROR  version is not supported
 *   LZMA_PROG_ERROR     check or backward_size is out of range
 * Threads: any.
 * Source: 2.1.2.
 */
extern LZMA_API(lzma_ret) lzma_stream_footer_encode(const lzma_stream_flags *options,
                                                    uint8_t *out)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Read a Stream Header.
 *
 *   options  receives what it says
 *   in       LZMA_STREAM_HEADER_SIZE bytes
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_FORMAT_ERROR   no magic bytes: this is no Stream Header. Where a second
 *                       Stream was due, rather report damaged data.
 *   LZMA_DATA_ERROR     the CRC32 is wrong
 *   LZMA_OPTIONS_ERROR  reserved bits are set: a later version of the format
 * Threads: any.
 * Source: 2.1.1.
 */
extern LZMA_API(lzma_ret) lzma_stream_header_decode(lzma_stream_flags *options,
                                                    const uint8_t *in)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Read a Stream Footer.
 *
 *   options  receives what it says
 *   in       LZMA_STREAM_HEADER_SIZE bytes
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_FORMAT_ERROR   no magic bytes: this is no Stream Footer. Behind a good Stream
 *                       Header, rather report damaged data.
 *   LZMA_DATA_ERROR     the CRC32 is wrong
 *   LZMA_OPTIONS_ERROR  reserved bits are set: a later version of the format
 * Threads: any.
 * Source: 2.1.2.
 */
extern LZMA_API(lzma_ret) lzma_stream_footer_decode(lzma_stream_flags *options,
                                                    const uint8_t *in)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Compare what two headers or footers say. backward_size is compared if it is known in
 * both.
 *
 *   a, b  decoded, or set by the caller
 *
 * Returns:
 *   LZMA_OK             equal
 *   LZMA_DATA_ERROR     different
 *   LZMA_OPTIONS_ERROR  a version is not supported
 *   LZMA_PROG_ERROR     a check or a known backward_size is out of range
 * Threads: any.
 * Source: 2.1.2.3.
 */
extern LZMA_API(lzma_ret) lzma_stream_flags_compare(const lzma_stream_flags *a,
                                                    const lzma_stream_flags *b)
    lzma_nothrow lzma_attr_pure;
