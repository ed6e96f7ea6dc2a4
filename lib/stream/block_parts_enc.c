// SPDX-License-Identifier: 0BSD
// A Block in parts: see block_parts_enc.h.
//
//     out   | free | Block Header | part 0 | free | part 1 | free | ... | tail | free |
//             XZ_BLOCK_PARTS_ROOM   stored form     stored form

#include "stream/block_parts_enc.h"
#include "base/try.h"
#include "check/check.h"
#include "filter/bcj.h"
#include "filter/delta.h"
#include "format/block_header.h"
#include "format/bounds.h"
#include "lzma/lzma_enc.h"
#include "stream/block_enc.h"

/* Parts end where stored chunks do, so that their stored forms fit together. */
#define PART_UNIT (UINT32_C(64) << 10)

/* Equal parts at the end of a Block. */
#define EQUAL_MAX 4

/* Where there are no others they are four, if they are not shorter than this: in two
   parts the second one would be longer in work, since it has all history to sort. */
#define LONG_PART (UINT32_C(12) << 20)

static const lzma_filter *last_filter(const lzma_filter *filters)
{
    while (filters[1].id != LZMA_VLI_UNKNOWN)
        ++filters;
    return filters;
}

uint32_t xz_block_part_most(const lzma_filter *filters)
{
    const lzma_filter *const last = last_filter(filters);
    return last->id == LZMA_FILTER_LZMA2 ? xz_lzma2_part_size(last->options) : 0;
}

/* From `most` to three times that is left for the equal parts. */
size_t xz_block_parts_sure(uint32_t most, size_t size)
{
    return size < most ? 0 : (size - most) / most / 2 * 2;
}

uint32_t xz_block_parts_equal(uint32_t most, size_t size)
{
    const size_t sure = xz_block_parts_sure(most, size);
    const size_t rest = size - sure * most;
    if (sure == 0 && rest <= most)
        return most;
    size_t pairs = (rest - 1) / most / 2 + 1;
    if (sure == 0 && pairs < EQUAL_MAX / 2 && size / EQUAL_MAX >= LONG_PART)
        pairs = EQUAL_MAX / 2;
    const uint32_t equal = (uint32_t)((rest - 1) / (2 * pairs)) + 1;
    return (equal + (PART_UNIT - 1)) & ~(PART_UNIT - 1);
}

size_t xz_block_parts_max(uint32_t most, size_t size)
{
    return xz_block_parts_sure(most, size) + EQUAL_MAX;
}

uint64_t xz_block_part_memusage(const lzma_filter *filters)
{
    return xz_lzma2_part_memusage(last_filter(filters)->options);
}

size_t xz_block_part_at(size_t pos)
{
    /* Before the end of a buffer that is there, so no sum is too large. */
    return XZ_BLOCK_PARTS_ROOM + (size_t)xz_lzma2_stored_bound(pos) - 1;
}

/* Lets a filter work on the whole text. */
static lzma_ret filter_text(const lzma_filter *filter, uint8_t *text, size_t size)
{
    if (filter->id == LZMA_FILTER_DELTA) {
        const lzma_options_delta *options = filter->options;
        struct xz_delta delta;
        xz_delta_init(&delta, options->dist);
        xz_delta_encode(&delta, text, size);
        return LZMA_OK;
    }
    const lzma_options_bcj *options = filter->options;
    const uint32_t start_offset = options == NULL ? 0 : options->start_offset;
    if (start_offset % xz_bcj_alignment(filter->id) != 0)
        return LZMA_OPTIONS_ERROR;
    struct xz_bcj bcj;
    xz_bcj_init(&bcj, filter->id, start_offset, true);
    (void)xz_bcj_convert(&bcj, text, size);
    return LZMA_OK;
}

lzma_ret xz_block_parts_begin(lzma_block *block, uint8_t *text, size_t size)
{
    struct xz_check check;
    xz_check_init(&check, block->check);
    xz_check_update(&check, text, size);
    xz_check_finish(&check, block->raw_check);
    for (const lzma_filter *f = block->filters; f[1].id != LZMA_VLI_UNKNOWN; ++f)
        XZ_TRY(filter_text(f, text, size));
    return LZMA_OK;
}

lzma_ret xz_block_part_encode(struct xz_coder **slot, const lzma_allocator *allocator,
                              const lzma_filter *filters,
                              const struct xz_lzma2_part *part, uint8_t *out,
                              const struct xz_block_watch *watch, size_t *ret_size)
{
    const lzma_options_lzma *const options = last_filter(filters)->options;
    struct xz_io io = {.out = out};
    lzma_ret ret;
    bool was_full;
    io.out_size = (size_t)xz_lzma2_stored_bound(part->size) - (part->is_last ? 0 : 1);
    XZ_TRY(xz_lzma2_part_open(slot, allocator, options, part));
    do {
        was_full = io.out_pos == io.out_size;
        ret = xz_coder_pull(*slot, allocator, &io, LZMA_FINISH);
        const size_t done = part->size - xz_lzma2_part_left(*slot);
        if (!watch->goes_on(watch->owner, done, io.out_pos))
            return LZMA_PROG_ERROR;
    } while (ret == LZMA_OK && !was_full);
    if (ret == LZMA_OK)
        *ret_size = xz_lzma2_part_store(part, out);
    else if (ret == LZMA_STREAM_END)
        *ret_size = io.out_pos;
    else
        return ret;
    return LZMA_OK;
}

lzma_ret xz_block_parts_finish(lzma_block *block, size_t size, uint64_t data_size,
                               uint8_t *out, uint8_t *tail, size_t *ret_tail_size)
{
    XZ_TRY(xz_block_measure(block, size));
    block->compressed_size = data_size;
    XZ_TRY(
        xz_block_header_encode(block, out + XZ_BLOCK_PARTS_ROOM - block->header_size));
    const size_t padding = (size_t)(-data_size & 3);
    const size_t check_size = xz_check_size(block->check);
    memset(tail, 0, padding);
    memcpy(tail + padding, block->raw_check, check_size);
    *ret_tail_size = padding + check_size;
    return LZMA_OK;
}
