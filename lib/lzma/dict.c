// SPDX-License-Identifier: 0BSD
// The dictionary of a decoder: borrowed or own memory, growth, and careful copying.
//
// Growth: what the decoder has at hand comes first. Then the full size divided by 4
// often enough to be near XZ_DICT_FIRST, or near twice that if XZ_DICT_FIRST was at
// hand; each next size is about 4 times as large, the last one is the full size. So all
// the copying together costs a third of a dictionary, and old and new buffer together
// never hold more touched memory than the full one will. The minimal library, whose
// memory is set apart beforehand, takes the full size at once.

#include "lzma/dict.h"
#include "base/alloc.h"
#include <string.h>

uint32_t xz_dict_reach(uint32_t dict_size)
{
    if (dict_size < LZMA_DICT_SIZE_MIN)
        return LZMA_DICT_SIZE_MIN;
    return dict_size > UINT32_MAX - 15 ? UINT32_MAX : (dict_size + 15) & ~UINT32_C(15);
}

static uint64_t full_size(uint32_t reach)
{
    return (((uint64_t)reach + 15) & ~UINT64_C(15)) + XZ_DICT_SLACK;
}

uint64_t xz_dict_memusage(uint32_t dict_size)
{
    return full_size(xz_dict_reach(dict_size)) + XZ_DICT_PAD;
}

void xz_dict_end(struct xz_dict *dict, const lzma_allocator *allocator)
{
    if (XZ_SMALL || dict->own != dict->first)
        xz_free(dict->own, allocator);
    dict->own = NULL;
    dict->own_size = 0;
}

/* The smallest size of the series that is at least `least` (at most full). */
static uint64_t growth_size(uint64_t full, uint64_t least)
{
    uint64_t size = full;
    while (!XZ_SMALL && size / 4 >= least && size / 4 >= XZ_DICT_FIRST)
        size /= 4;
    return (size + 15) & ~UINT64_C(15);
}

/* Makes the own buffer at least `least` bytes large, keeping [0, pos). */
static lzma_ret grow(struct xz_dict *dict, const lzma_allocator *allocator,
                     uint64_t least)
{
    if (!XZ_SMALL && dict->first != NULL && least <= XZ_DICT_FIRST) {
        dict->own = dict->first;
        dict->own_size = XZ_DICT_FIRST;
        return LZMA_OK;
    }
    /* A buffer hardly greater than the first would not last. */
    if (!XZ_SMALL && dict->own != NULL && dict->own == dict->first
        && dict->full_size > 2 * least)
        least *= 2;
    const uint64_t size = growth_size(dict->full_size, least);
    if (size > SIZE_MAX - XZ_DICT_PAD)
        return LZMA_MEM_ERROR;
    uint8_t *buf = xz_alloc_large((size_t)size + XZ_DICT_PAD, allocator);
    if (buf == NULL)
        return LZMA_MEM_ERROR;
    if (dict->pos > 0)
        memcpy(buf, dict->own, dict->pos);
    xz_dict_end(dict, allocator);
    dict->own = buf;
    dict->own_size = (size_t)size;
    return LZMA_OK;
}

static void place_own(struct xz_dict *dict)
{
    dict->buf = dict->own;
    dict->size = dict->own_size;
    dict->hard_end = dict->own_size + XZ_DICT_PAD;
    dict->placed = true;
    dict->borrowed = false;
}

static void place_borrowed(struct xz_dict *dict, const struct xz_io *io)
{
    dict->buf = io->out + io->out_pos;
    dict->placed = true;
    dict->borrowed = true;
}

lzma_ret xz_dict_open(struct xz_dict *dict, const lzma_allocator *allocator,
                      uint32_t dict_size, const uint8_t *preset, size_t preset_size)
{
    dict->reach = xz_dict_reach(dict_size);
    dict->full_size = full_size(dict->reach);
    if (dict->own_size > dict->full_size)
        xz_dict_end(dict, allocator);
    dict->placed = false;
    dict->borrowed = false;
    dict->pos_bias = 0;
    xz_dict_reset(dict);
    if (preset == NULL || preset_size == 0)
        return LZMA_OK;

    const size_t count = preset_size < dict->reach ? preset_size : dict->reach;
    if (dict->own_size <= count) {
        const lzma_ret ret = grow(dict, allocator, (uint64_t)count + 1);
        if (ret != LZMA_OK)
            return ret;
    }
    place_own(dict);
    memcpy(dict->buf, preset + (preset_size - count), count);
    dict->pos = count;
    dict->last = dict->buf[count - 1];
    return LZMA_OK;
}

void xz_dict_reset(struct xz_dict *dict)
{
    if (dict->placed && dict->borrowed)
        dict->buf += dict->pos;
    dict->pos = 0;
    dict->limit = 0;
    dict->begun = 0;
    dict->pos_bias = 0;
    dict->last = 0;
    dict->wrapped = false;
}

/* Sees to it that an own buffer has room at pos. */
static lzma_ret make_room(struct xz_dict *dict, const lzma_allocator *allocator)
{
    if (dict->placed && dict->pos < dict->size)
        return LZMA_OK;
    if (dict->own_size >= dict->full_size) {
        place_own(dict);
        if (dict->pos == dict->size) {
            dict->pos = 0;
            dict->wrapped = true;
        }
        return LZMA_OK;
    }
    if (dict->pos == dict->own_size) {
        const lzma_ret ret = grow(dict, allocator, (uint64_t)dict->pos + 1);
        if (ret != LZMA_OK)
            return ret;
    }
    place_own(dict);
    return LZMA_OK;
}

lzma_ret xz_dict_begin(struct xz_dict *dict, const lzma_allocator *allocator,
                       const struct xz_io *io, uint64_t max)
{
    const size_t out_left = xz_io_out_left(io);
    size_t room = max < out_left ? (size_t)max : out_left;
    dict->limit = dict->pos;
    dict->begun = dict->pos;
    if (room == 0)
        return LZMA_OK;
    if (!dict->placed && io->out_stays)
        place_borrowed(dict, io);
    if (dict->borrowed) {
        dict->size = dict->pos + out_left;
        dict->hard_end = dict->size;
    } else {
        const lzma_ret ret = make_room(dict, allocator);
        if (ret != LZMA_OK)
            return ret;
        if (room > dict->size - dict->pos)
            room = dict->size - dict->pos;
    }
    dict->begun = dict->pos;
    dict->limit = dict->pos + room;
    return LZMA_OK;
}

size_t xz_dict_flush(struct xz_dict *dict, struct xz_io *io)
{
    const size_t count = dict->pos - dict->begun;
    if (count == 0)
        return 0;
    if (!dict->borrowed)
        memcpy(io->out + io->out_pos, dict->buf + dict->begun, count);
    io->out_pos += count;
    dict->last = dict->buf[dict->pos - 1];
    dict->begun = dict->pos;
    return count;
}

uint32_t xz_dict_repeat(struct xz_dict *dict, uint64_t dist, uint32_t len)
{
    const size_t room = dict->limit - dict->pos;
    const uint32_t count = len < room ? len : (uint32_t)room;
    uint8_t *buf = dict->buf;
    size_t pos = dict->pos;
    size_t src = dist <= pos ? pos - (size_t)dist : pos + dict->size - (size_t)dist;
    for (uint32_t i = 0; i < count; ++i) {
        buf[pos++] = buf[src++];
        if (src == dict->size)
            src = 0;
    }
    dict->pos = pos;
    return count;
}

size_t xz_dict_store(struct xz_dict *dict, struct xz_io *io, size_t count)
{
    const size_t room = dict->limit - dict->pos;
    const size_t in_left = xz_io_in_left(io);
    if (count > room)
        count = room;
    if (count > in_left)
        count = in_left;
    if (count > 0)
        memcpy(dict->buf + dict->pos, io->in + io->in_pos, count);
    io->in_pos += count;
    dict->pos += count;
    return count;
}
