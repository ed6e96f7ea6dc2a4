// SPDX-License-Identifier: 0BSD
// Joining two lzma_index objects in time that depends on the smaller one only.
//
// A program that reads a file of many Streams joins indexes one by one, from the front
// (dest is big) or, reading backwards, from the end (src is big). Moving all of src
// each time would make the second case quadratic. So Streams are kept in a vector with
// free room at both ends, and their bases count from an origin that can be moved:
//
//     before   dest  [  A B  ]     origin 0: A at 0, B at 90       file size 100
//              src   [  C D E F  ] origin 0: C at 0, D at 50 ...
//     after    dest  [ A B C D E F ] origin -100: C still has base 0, D has base 50;
//                                     A now has base -100, B has base -10
//
// Only A and B are written; what was src's vector becomes dest's. Differences of bases
// and origins are taken modulo 2^64, so that negative bases need no sign. Iterators
// hold numbers of Streams and Records, which do not change in dest.
//
// When a vector is too short it becomes twice as long as needed, half of the free room
// at each end: before the next time, a quarter of its length has to be joined. Each
// Stream thus moves O(log n) times in all.

#include "base/alloc.h"
#include "base/bits.h"
#include "format/index.h"
#include "format/index_sizes.h"
#include <string.h>

/* Free slots wanted in front of the Streams of an index, or behind them. */
enum end { FRONT, BACK };

static lzma_ret reserve(lzma_index *index, enum end end, size_t extra,
                        const lzma_allocator *allocator)
{
    const size_t count = index->stream_count;
    const size_t room_behind = index->slot_room - index->first_slot - count;
    if (extra <= (end == FRONT ? index->first_slot : room_behind))
        return LZMA_OK;
    if (extra > SIZE_MAX / 2 - count)
        return LZMA_MEM_ERROR;
    const size_t room = (count + extra) * 2;
    struct xz_index_stream **slots = xz_alloc_array(room, sizeof(slots[0]), allocator);
    if (slots == NULL)
        return LZMA_MEM_ERROR;
    const size_t free_in_front = (count + extra) / 2;
    const size_t first = free_in_front + (end == FRONT ? extra : 0);
    memcpy(slots + first, index->slots + index->first_slot, count * sizeof(slots[0]));
    xz_free(index->slots, allocator);
    index->slots = slots;
    index->slot_room = room;
    index->first_slot = first;
    return LZMA_OK;
}

/* Puts the Streams of from into the count free slots of into that start at slot first;
   from's own origin becomes the given offsets of into. */
static void take_streams(lzma_index *into, size_t first, const lzma_index *from,
                         uint64_t compressed_offset, uint64_t uncompressed_offset,
                         uint64_t block_offset)
{
    const uint64_t compressed_shift =
        into->compressed_origin + compressed_offset - from->compressed_origin;
    const uint64_t uncompressed_shift =
        into->uncompressed_origin + uncompressed_offset - from->uncompressed_origin;
    const uint64_t block_shift = into->block_origin + block_offset - from->block_origin;
    for (size_t i = 0; i < from->stream_count; ++i) {
        struct xz_index_stream *stream = xz_index_stream(from, i);
        stream->compressed_base += compressed_shift;
        stream->uncompressed_base += uncompressed_shift;
        stream->block_base += block_shift;
        into->slots[first + i] = stream;
    }
}

/* Moves the Streams of src behind those of dest. */
static lzma_ret move_behind(lzma_index *dest, const lzma_index *src,
                            const lzma_allocator *allocator)
{
    const lzma_ret ret = reserve(dest, BACK, src->stream_count, allocator);
    if (ret != LZMA_OK)
        return ret;
    take_streams(dest, dest->first_slot + dest->stream_count, src,
                 xz_index_file_size(dest), dest->uncompressed_size, dest->record_count);
    dest->stream_count += src->stream_count;
    return LZMA_OK;
}

/* Moves the Streams of dest in front of those of src, then gives src's vector to dest
   and dest's to src. */
static lzma_ret move_in_front(lzma_index *dest, lzma_index *src,
                              const lzma_allocator *allocator)
{
    const lzma_ret ret = reserve(src, FRONT, dest->stream_count, allocator);
    if (ret != LZMA_OK)
        return ret;
    src->compressed_origin -= xz_index_file_size(dest);
    src->uncompressed_origin -= dest->uncompressed_size;
    src->block_origin -= dest->record_count;
    src->first_slot -= dest->stream_count;
    take_streams(src, src->first_slot, dest, 0, 0, 0);

    struct xz_index_stream **emptied = dest->slots;
    dest->slots = src->slots;
    dest->slot_room = src->slot_room;
    dest->first_slot = src->first_slot;
    dest->stream_count += src->stream_count;
    dest->compressed_origin = src->compressed_origin;
    dest->uncompressed_origin = src->uncompressed_origin;
    dest->block_origin = src->block_origin;
    src->slots = emptied;
    return LZMA_OK;
}

lzma_ret xz_index_cat(lzma_index *dest, lzma_index *src,
                      const lzma_allocator *allocator)
{
    if (xz_index_file_size(dest) + xz_index_file_size(src) > LZMA_VLI_MAX
        || dest->uncompressed_size + src->uncompressed_size > LZMA_VLI_MAX
        || src->stream_count > UINT32_MAX - dest->stream_count)
        return LZMA_DATA_ERROR;
    if (xz_index_field_size(dest->record_count + src->record_count,
                            dest->list_size + src->list_size)
        > LZMA_BACKWARD_SIZE_MAX)
        return LZMA_DATA_ERROR;

    const uint32_t checks = xz_index_checks(dest) | src->checks;
    const lzma_ret ret = dest->stream_count >= src->stream_count
                             ? move_behind(dest, src, allocator)
                             : move_in_front(dest, src, allocator);
    if (ret != LZMA_OK)
        return ret;
    dest->total_size += src->total_size;
    dest->uncompressed_size += src->uncompressed_size;
    dest->record_count += src->record_count;
    dest->list_size += src->list_size;
    dest->checks = checks;
    xz_free(src->slots, allocator);
    xz_free(src, allocator);
    return LZMA_OK;
}
