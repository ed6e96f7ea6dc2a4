// SPDX-License-Identifier: 0BSD
// Exported: verification of the Index in constant memory.

#include "base/alloc.h"
#include "format/index_hash.h"

extern LZMA_API(lzma_index_hash *)
    lzma_index_hash_init(lzma_index_hash *index_hash, const lzma_allocator *allocator)
{
    if (index_hash == NULL)
        index_hash = xz_alloc(sizeof(*index_hash), allocator);
    if (index_hash != NULL)
        xz_index_hash_init(index_hash);
    return index_hash;
}

extern LZMA_API(void)
    lzma_index_hash_end(lzma_index_hash *index_hash, const lzma_allocator *allocator)
{
    xz_free(index_hash, allocator);
}

extern LZMA_API(lzma_ret)
    lzma_index_hash_append(lzma_index_hash *index_hash, lzma_vli unpadded_size,
                           lzma_vli uncompressed_size)
{
    if (index_hash == NULL)
        return LZMA_PROG_ERROR;
    return xz_index_hash_append(index_hash, unpadded_size, uncompressed_size);
}

extern LZMA_API(lzma_ret)
    lzma_index_hash_decode(lzma_index_hash *index_hash, const uint8_t *in,
                           size_t *in_pos, size_t in_size)
{
    if (index_hash == NULL || in_pos == NULL || (in == NULL && *in_pos < in_size))
        return LZMA_PROG_ERROR;
    return xz_index_hash_decode(index_hash, in, in_pos, in_size);
}

extern LZMA_API(lzma_vli) lzma_index_hash_size(const lzma_index_hash *index_hash)
{
    return index_hash == NULL ? 0 : xz_index_hash_size(index_hash);
}
