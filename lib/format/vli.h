// SPDX-License-Identifier: 0BSD
// Variable-length integers (.xz format section 1.2).

#ifndef XZ_FORMAT_VLI_H
#define XZ_FORMAT_VLI_H

#include "base/platform.h"
#include <lzma.h>

/* Bytes that the encoded vli takes, 1 to 9; 0 if vli is greater than LZMA_VLI_MAX. */
uint32_t xz_vli_size(lzma_vli vli);

/* Writes vli to out[*out_pos..]. Returns LZMA_OK with *out_pos behind it, or
   LZMA_PROG_ERROR with nothing written: vli too great, or not enough room. */
lzma_ret xz_vli_encode(lzma_vli vli, uint8_t *out, size_t *out_pos, size_t out_size);

/* Reads an integer from in[*in_pos..]. Returns LZMA_OK, or LZMA_DATA_ERROR: cut off,
   too long, or not the shortest encoding. *in_pos is then behind the last byte looked
   at. */
lzma_ret xz_vli_decode(const uint8_t *in, size_t *in_pos, size_t in_size,
                       lzma_vli *ret_vli);

/* The same in pieces. *vli_pos counts the bytes done; it starts as 0 and is kept
   between calls, and so is *vli when decoding. LZMA_STREAM_END: the integer is
   complete. LZMA_OK: call again. LZMA_BUF_ERROR: no room or no input. LZMA_PROG_ERROR:
   *vli_pos (decoding: or *vli) cannot come from an earlier call, or vli is too great.
   Decoding: LZMA_DATA_ERROR as above. */
lzma_ret xz_vli_encode_part(lzma_vli vli, size_t *vli_pos, uint8_t *out,
                            size_t *out_pos, size_t out_size);
lzma_ret xz_vli_decode_part(lzma_vli *vli, size_t *vli_pos, const uint8_t *in,
                            size_t *in_pos, size_t in_size);

#endif
