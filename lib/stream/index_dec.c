// SPDX-License-Identifier: 0BSD
// The streaming Index decoder: parser events to lzma_index.
//
// The Number of Records stands at the front, so the memory that the index will take is
// known, and held against the limit, before anything is allocated. It is then allocated
// as Records really come: a false number costs nothing.

#include "stream/index_dec.h"
#include "base/alloc.h"
#include "base/try.h"
#include "format/index.h"
#include "format/index_parse.h"
#include "stream/memlimit.h"

struct index_dec {
    struct xz_coder base;
    lzma_index **dest;
    lzma_index *index; // owned until it goes to *dest
    lzma_vli count;    // Records that the field says to have
    bool count_is_new; // and was not yet held against the limit
    uint64_t memlimit; // bytes
    struct xz_index_parse parse;
};

static uint64_t memusage(const struct index_dec *dec)
{
    return xz_index_memusage(1, dec->count);
}

/* Holds the number of Records against the limit, and against what can exist. */
static lzma_ret check_count(struct index_dec *dec, const lzma_allocator *allocator)
{
    const uint64_t usage = memusage(dec);
    if (usage > dec->memlimit)
        return LZMA_MEMLIMIT_ERROR;
    if (usage > SIZE_MAX)
        return LZMA_MEM_ERROR;
    dec->count_is_new = false;
    dec->index = xz_index_new(allocator);
    return dec->index == NULL ? LZMA_MEM_ERROR : LZMA_OK;
}

static lzma_ret index_dec_code(struct xz_coder *coder, const lzma_allocator *allocator,
                               struct xz_io *io, lzma_action action)
{
    struct index_dec *dec = (struct index_dec *)coder;
    (void)action;
    for (;;) {
        if (dec->count_is_new)
            XZ_TRY(check_count(dec, allocator));
        if (xz_io_in_left(io) == 0)
            return LZMA_OK;

        enum xz_index_event event;
        XZ_TRY(
            xz_index_parse_next(&dec->parse, io->in, &io->in_pos, io->in_size, &event));
        switch (event) {
        case XZ_INDEX_NEED_INPUT:
            return LZMA_OK;
        case XZ_INDEX_COUNT:
            dec->count = dec->parse.record_count;
            dec->count_is_new = true;
            break;
        case XZ_INDEX_RECORD:
            XZ_TRY(xz_index_append(dec->index, allocator, dec->parse.unpadded_size,
                                   dec->parse.uncompressed_size));
            break;
        case XZ_INDEX_END:
            *dec->dest = dec->index;
            dec->index = NULL;
            return LZMA_STREAM_END;
        }
    }
}

static void index_dec_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct index_dec *dec = (struct index_dec *)coder;
    xz_index_end(dec->index, allocator);
    xz_free(dec, allocator);
}

static lzma_ret index_dec_memlimit(struct xz_coder *coder, uint64_t *ret_usage,
                                   uint64_t *ret_limit, uint64_t new_limit)
{
    struct index_dec *dec = (struct index_dec *)coder;
    return xz_memlimit_update(&dec->memlimit, memusage(dec), ret_usage, ret_limit,
                              new_limit);
}

static const struct xz_coder_ops index_dec_ops = {
    .code = index_dec_code,
    .end = index_dec_end,
    .memlimit = index_dec_memlimit,
};

lzma_ret xz_index_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           lzma_index **dest, uint64_t memlimit, uint64_t size_max)
{
    struct index_dec *dec =
        xz_coder_take(slot, &index_dec_ops, sizeof(*dec), allocator);
    if (dec == NULL)
        return LZMA_MEM_ERROR;
    xz_index_end(dec->index, allocator);
    dec->index = NULL;
    dec->dest = dest;
    dec->count = 0;
    dec->count_is_new = false;
    dec->memlimit = memlimit == 0 ? 1 : memlimit;
    xz_index_parse_init(&dec->parse, size_max);
    return LZMA_OK;
}
