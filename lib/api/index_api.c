// SPDX-License-Identifier: 0BSD
// Exported: lzma_index, its iterators, and the Index field in a buffer.

#include "format/index.h"
#include "format/index_field.h"

extern LZMA_API(uint64_t) lzma_index_memusage(lzma_vli streams, lzma_vli blocks)
{
    return xz_index_memusage(streams, blocks);
}

extern LZMA_API(uint64_t) lzma_index_memused(const lzma_index *i)
{
    return i == NULL ? 0 : xz_index_memusage(i->stream_count, i->record_count);
}

extern LZMA_API(lzma_index *) lzma_index_init(const lzma_allocator *allocator)
{
    return xz_index_new(allocator);
}

extern LZMA_API(void) lzma_index_end(lzma_index *i, const lzma_allocator *allocator)
{
    xz_index_end(i, allocator);
}

extern LZMA_API(lzma_ret)
    lzma_index_append(lzma_index *i, const lzma_allocator *allocator,
                      lzma_vli unpadded_size, lzma_vli uncompressed_size)
{
    if (i == NULL)
        return LZMA_PROG_ERROR;
    return xz_index_append(i, allocator, unpadded_size, uncompressed_size);
}

extern LZMA_API(lzma_ret)
    lzma_index_stream_flags(lzma_index *i, const lzma_stream_flags *stream_flags)
{
    if (i == NULL || stream_flags == NULL)
        return LZMA_PROG_ERROR;
    return xz_index_set_flags(i, stream_flags);
}

extern LZMA_API(uint32_t) lzma_index_checks(const lzma_index *i)
{
    return i == NULL ? 0 : xz_index_checks(i);
}

extern LZMA_API(lzma_ret)
    lzma_index_stream_padding(lzma_index *i, lzma_vli stream_padding)
{
    return i == NULL ? LZMA_PROG_ERROR : xz_index_set_padding(i, stream_padding);
}

extern LZMA_API(lzma_vli) lzma_index_stream_count(const lzma_index *i)
{
    return i == NULL ? 0 : i->stream_count;
}

extern LZMA_API(lzma_vli) lzma_index_block_count(const lzma_index *i)
{
    return i == NULL ? 0 : i->record_count;
}

extern LZMA_API(lzma_vli) lzma_index_size(const lzma_index *i)
{
    return i == NULL ? 0 : xz_index_size(i);
}

extern LZMA_API(lzma_vli) lzma_index_stream_size(const lzma_index *i)
{
    return i == NULL ? 0 : xz_index_stream_size(i);
}

extern LZMA_API(lzma_vli) lzma_index_total_size(const lzma_index *i)
{
    return i == NULL ? 0 : i->total_size;
}

extern LZMA_API(lzma_vli) lzma_index_file_size(const lzma_index *i)
{
    return i == NULL ? 0 : xz_index_file_size(i);
}

extern LZMA_API(lzma_vli) lzma_index_uncompressed_size(const lzma_index *i)
{
    return i == NULL ? 0 : i->uncompressed_size;
}

extern LZMA_API(void) lzma_index_iter_init(lzma_index_iter *iter, const lzma_index *i)
{
    if (iter != NULL)
        xz_index_iter_init(iter, i);
}

extern LZMA_API(void) lzma_index_iter_rewind(lzma_index_iter *iter)
{
    if (iter != NULL)
        xz_index_iter_rewind(iter);
}

extern LZMA_API(lzma_bool)
    lzma_index_iter_next(lzma_index_iter *iter, lzma_index_iter_mode mode)
{
    return iter == NULL || xz_index_iter_next(iter, mode);
}

extern LZMA_API(lzma_bool)
    lzma_index_iter_locate(lzma_index_iter *iter, lzma_vli target)
{
    return iter == NULL || xz_index_iter_locate(iter, target);
}

extern LZMA_API(lzma_ret)
    lzma_index_cat(lzma_index *dest, lzma_index *src, const lzma_allocator *allocator)
{
    if (dest == NULL || src == NULL || dest == src)
        return LZMA_PROG_ERROR;
    return xz_index_cat(dest, src, allocator);
}

extern LZMA_API(lzma_index *)
    lzma_index_dup(const lzma_index *i, const lzma_allocator *allocator)
{
    return i == NULL ? NULL : xz_index_dup(i, allocator);
}

extern LZMA_API(lzma_ret) lzma_index_buffer_encode(const lzma_index *i, uint8_t *out,
                                                   size_t *out_pos, size_t out_size)
{
    if (i == NULL || out == NULL || out_pos == NULL || *out_pos > out_size)
        return LZMA_PROG_ERROR;
    return xz_index_field_encode(i, out, out_pos, out_size);
}

extern LZMA_API(lzma_ret)
    lzma_index_buffer_decode(lzma_index **i, uint64_t *memlimit,
                             const lzma_allocator *allocator, const uint8_t *in,
                             size_t *in_pos, size_t in_size)
{
    if (i != NULL)
        *i = NULL;
    if (i == NULL || memlimit == NULL || in == NULL || in_pos == NULL
        || *in_pos > in_size)
        return LZMA_PROG_ERROR;
    return xz_index_field_decode(allocator, memlimit, in, in_pos, in_size, i);
}
