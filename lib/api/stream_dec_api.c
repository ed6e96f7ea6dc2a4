// SPDX-License-Identifier: 0BSD
// Exported: decoders of .xz files, streaming or in one call.

#include "api/buffer_args.h"
#include "api/stream_state.h"
#include "api/threads_env.h"
#include "base/alloc.h"
#include "base/try.h"
#include "stream/stream_dec.h"

/* As much as a decoder takes for most chains, but for their last filter. */
#define SCRATCH_SIZE 2560

extern LZMA_API(lzma_ret)
    lzma_stream_decoder(lzma_stream *strm, uint64_t memlimit, uint32_t flags)
{
    struct xz_coder **slot;
    XZ_TRY(xz_strm_prepare(strm, XZ_ACTIONS_DECODE, &slot));
    if (!XZ_SMALL)
        return xz_strm_opened(
            strm, xz_threads_env_open(slot, strm->allocator, memlimit, flags));
    return xz_strm_opened(strm,
                          xz_stream_dec_open(slot, strm->allocator, memlimit, flags));
}

/* Memory for a one-shot call: the small pieces that a decoder takes come from here. */
struct scratch {
    const lzma_allocator *outer; // for what does not fit
    size_t used;
    _Alignas(16) uint8_t bytes[SCRATCH_SIZE];
};

static void *scratch_alloc(void *opaque, size_t count, size_t size)
{
    struct scratch *const scratch = opaque;
    (void)count; // 1
    if (size > SCRATCH_SIZE - scratch->used)
        return xz_alloc(size, scratch->outer);
    void *const p = scratch->bytes + scratch->used;
    scratch->used += (size + 15) & ~(size_t)15;
    return p;
}

static void scratch_free(void *opaque, void *p)
{
    struct scratch *const scratch = opaque;
    const uintptr_t offset = (uintptr_t)p - (uintptr_t)scratch->bytes;
    if (offset >= SCRATCH_SIZE)
        xz_free(p, scratch->outer);
}

/* What a one-shot call returns for the coder's result. The decoder takes the last bytes
   of a file only when all output is there: if all input was taken and it has not
   ended, the file is cut off. */
static lzma_ret translate(struct xz_coder *coder, lzma_ret ret, const struct xz_io *io,
                          uint64_t *memlimit)
{
    if (ret == LZMA_STREAM_END)
        return LZMA_OK;
    if (ret == LZMA_OK)
        return io->in_pos == io->in_size ? LZMA_DATA_ERROR : LZMA_BUF_ERROR;
    if (ret == LZMA_MEMLIMIT_ERROR) {
        uint64_t limit;
        XZ_TRY(coder->ops->memlimit(coder, memlimit, &limit, 0));
    }
    return ret;
}

extern LZMA_API(lzma_ret)
    lzma_stream_buffer_decode(uint64_t *memlimit, uint32_t flags,
                              const lzma_allocator *allocator, const uint8_t *in,
                              size_t *in_pos, size_t in_size, uint8_t *out,
                              size_t *out_pos, size_t out_size)
{
    struct xz_io io;
    XZ_TRY(xz_buffer_args_decode(in, in_pos, in_size, out, out_pos, out_size, &io));
    if (memlimit == NULL || (flags & LZMA_TELL_ANY_CHECK) != 0)
        return LZMA_PROG_ERROR;

    struct scratch scratch;
    scratch.outer = allocator;
    scratch.used = 0;
    const lzma_allocator inner = {scratch_alloc, scratch_free, &scratch};
    struct xz_coder *coder = NULL;
    lzma_ret ret = xz_stream_dec_open(&coder, &inner, *memlimit, flags);
    if (ret == LZMA_OK) {
        ret = xz_coder_pull(coder, &inner, &io, LZMA_FINISH);
        ret = translate(coder, ret, &io, memlimit);
    }
    xz_coder_end(&coder, &inner);
    if (ret == LZMA_OK) {
        *in_pos = io.in_pos;
        *out_pos = io.out_pos;
    }
    return ret;
}
