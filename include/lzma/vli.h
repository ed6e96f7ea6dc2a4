/* SPDX-License-Identifier: 0BSD */
/* Variable-length integers, as the .xz format stores sizes and Filter IDs. */
/* clang-format off */

#ifndef LZMA_H_INTERNAL
# error "Include <lzma.h>, not this part of it."
#endif

/*
 * Each byte holds seven bits of the value, the least significant first; the top bit
 * says that another byte follows. The last byte is not 0x00, unless it is the only one:
 * every value has exactly one encoding.
 */

/* Greatest value that can be stored, 2^63 - 1 */
#define LZMA_VLI_MAX (UINT64_MAX / 2)

/* Stands for a value that is not known; ends arrays of filters. */
#define LZMA_VLI_UNKNOWN UINT64_MAX

/* Most bytes an encoded value takes */
#define LZMA_VLI_BYTES_MAX 9

/* A constant of type lzma_vli */
#define LZMA_VLI_C(n) UINT64_C(n)

/* A value 0..LZMA_VLI_MAX, or LZMA_VLI_UNKNOWN */
typedef uint64_t lzma_vli;

/* True if vli is storable or unknown. Looks at its argument twice. */
#define lzma_vli_is_valid(vli) \
    ((vli) <= LZMA_VLI_MAX || (vli) == LZMA_VLI_UNKNOWN)

/*
 * Encode a value, at once or byte by byte over several calls.
 *
 *   vli      0..LZMA_VLI_MAX, the same in every call
 *   vli_pos  NULL: all at once. Else the number of bytes written so far, 0 before the
 *            first call, kept by this function.
 *   out, out_pos, out_size   output; *out_pos moves in both modes
 *
 * Returns, all at once: LZMA_OK, or LZMA_PROG_ERROR, also if the room is too small.
 * Returns, in steps:
 *   LZMA_OK          more room is needed
 *   LZMA_STREAM_END  done
 *   LZMA_BUF_ERROR   there was no room at all
 *   LZMA_PROG_ERROR  vli out of range, or *vli_pos is impossible
 * Threads: any.
 * Source: 1.2.
 */
extern LZMA_API(lzma_ret) lzma_vli_encode(lzma_vli vli, size_t *vli_pos,
                                          uint8_t *out, size_t *out_pos,
                                          size_t out_size)
    lzma_nothrow;

/*
 * Decode a value, at once or over several calls.
 *
 *   vli      receives the value; holds the part read so far between calls
 *   vli_pos  NULL: all at once. Else the number of bytes read so far, 0 before the
 *            first call, kept by this function.
 *   in, in_pos, in_size      input; *in_pos moves in both modes
 *
 * Returns, all at once: LZMA_OK, or LZMA_DATA_ERROR, also if input is missing.
 * Returns, in steps:
 *   LZMA_OK          more input is needed
 *   LZMA_STREAM_END  done
 *   LZMA_DATA_ERROR  longer than nine bytes, or not the shortest form
 *   LZMA_BUF_ERROR   there was no input at all
 *   LZMA_PROG_ERROR  *vli_pos and *vli do not fit together
 * Threads: any.
 * Source: 1.2.
 */
extern LZMA_API(lzma_ret) lzma_vli_decode(lzma_vli *vli, size_t *vli_pos,
                                          const uint8_t *in, size_t *in_pos,
                                          size_t in_size)
    lzma_nothrow;

/*
 * Bytes that the encoded value takes.
 *
 *   vli  any value
 *
 * Returns: 1..LZMA_VLI_BYTES_MAX, or 0 if vli > LZMA_VLI_MAX.
 * Threads: any.
 * Source: 1.2.
 */
extern LZMA_API(uint32_t) lzma_vli_size(lzma_vli vli)
    lzma_nothrow lzma_attr_pure;
