// SPDX-License-Identifier: 0BSD
// Headers of LZMA2 chunks, seen from outside: how far it is to the next one.

#ifndef XZ_LZMA_LZMA2_CHUNK_H
#define XZ_LZMA_LZMA2_CHUNK_H

#include "lzma/lzma_rules.h"

struct xz_lzma2_chunk {
    uint32_t size;         // bytes of the whole chunk in the file; end mark: 1
    uint32_t out_size;     // bytes that come out; end mark: 0
    bool forgets_the_dict; // nothing before it is needed to decode it
};

/* Reads the header of a chunk (.xz format section 5.3.1; the table is at the head of
   lzma2_dec.c), whose first bytes are header. False: no chunk begins so. */
static inline bool xz_lzma2_chunk_parse(const uint8_t header[XZ_LZMA2_HEADER_MAX],
                                        struct xz_lzma2_chunk *ret_chunk)
{
    const uint32_t control = header[0];
    const uint32_t size = ((uint32_t)header[1] << 8) + header[2] + 1;
    if (control == XZ_LZMA2_END) {
        *ret_chunk = (struct xz_lzma2_chunk){.size = 1};
        return true;
    }
    if (control > XZ_LZMA2_STORED && control < XZ_LZMA2_LZMA)
        return false;
    ret_chunk->forgets_the_dict =
        control == XZ_LZMA2_STORED_DICT || control >= XZ_LZMA2_LZMA_DICT;
    if (control < XZ_LZMA2_LZMA) {
        ret_chunk->size = XZ_LZMA2_HEADER_STORED + size;
        ret_chunk->out_size = size;
        return true;
    }
    ret_chunk->size =
        ((uint32_t)header[3] << 8) + header[4] + 1
        + (control >= XZ_LZMA2_LZMA_PROPS ? XZ_LZMA2_HEADER_MAX : XZ_LZMA2_HEADER_LZMA);
    ret_chunk->out_size = size + ((control & XZ_LZMA2_SIZE_BITS) << 16);
    return true;
}

#endif
