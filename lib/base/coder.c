// SPDX-License-Identifier: 0BSD
// Opening, chaining and ending of coders.

#include "base/coder.h"
#include "base/alloc.h"

void xz_coder_end(struct xz_coder **slot, const lzma_allocator *allocator)
{
    struct xz_coder *coder = *slot;
    *slot = NULL;
    while (coder != NULL) {
        struct xz_coder *source = coder->source;
        coder->ops->end(coder, allocator);
        coder = source;
    }
}

void *xz_coder_take_part(struct xz_coder **slot, const struct xz_coder_ops *ops,
                         size_t size, size_t clear_size,
                         const lzma_allocator *allocator)
{
    if (*slot != NULL && (*slot)->ops == ops)
        return *slot;
    xz_coder_end(slot, allocator);
    struct xz_coder *coder = xz_alloc(size, allocator);
    if (coder == NULL)
        return NULL;
    memset(coder, 0, clear_size);
    coder->ops = ops;
    *slot = coder;
    return coder;
}

void *xz_coder_take(struct xz_coder **slot, const struct xz_coder_ops *ops, size_t size,
                    const lzma_allocator *allocator)
{
    return xz_coder_take_part(slot, ops, size, size, allocator);
}

void xz_coder_progress(struct xz_coder *coder, uint64_t *in, uint64_t *out)
{
    if (coder != NULL && coder->ops->progress != NULL)
        coder->ops->progress(coder, in, out);
}

lzma_ret xz_coder_pull(struct xz_coder *source, const lzma_allocator *allocator,
                       struct xz_io *io, lzma_action action)
{
    if (source != NULL)
        return source->ops->code(source, allocator, io, action);
    xz_io_copy(io);
    if (action != LZMA_RUN && io->in_pos == io->in_size)
        return LZMA_STREAM_END;
    return LZMA_OK;
}
