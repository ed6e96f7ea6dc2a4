// SPDX-License-Identifier: 0BSD
// Iterating over a lzma_index, and finding the Block that holds an offset.
//
// The library's own part of an iterator is three values, none of which points into what
// appending and joining may move:
//
//     internal[0].p   the index
//     internal[1].v   number of the current Stream, 1 and up; 0: before the first one
//     internal[2].v   number of the next Record in that Stream, 0 and up
//
// Finding a Block by an offset in the uncompressed data takes two binary searches, over
// the Streams and over the Records of one Stream. Both look at sums that never
// decrease; where Blocks or Streams are empty, neighbours have the same sum, and the
// searches are made so that they end at the one that has the byte.
//
// The public members are written as a whole when a place is found, and only then.

#include "base/bits.h"
#include "format/index.h"
#include <string.h>

enum { INDEX, STREAM, RECORD };

void xz_index_iter_init(lzma_index_iter *iter, const lzma_index *index)
{
    memset(iter, 0, sizeof(*iter));
    iter->internal[INDEX].p = index;
    xz_index_iter_rewind(iter);
}

void xz_index_iter_rewind(lzma_index_iter *iter)
{
    iter->internal[STREAM].v = 0;
    iter->internal[RECORD].v = 0;
}

/* Writes what the iterator tells of a Stream, counted from 0. */
static void set_stream(lzma_index_iter *iter, const lzma_index *index, size_t number)
{
    const struct xz_index_stream *stream = xz_index_stream(index, number);
    iter->stream.flags = stream->has_flags ? &stream->flags : NULL;
    iter->stream.number = number + 1;
    iter->stream.block_count = stream->record_count;
    iter->stream.compressed_offset = stream->compressed_base - index->compressed_origin;
    iter->stream.uncompressed_offset =
        stream->uncompressed_base - index->uncompressed_origin;
    iter->stream.compressed_size = xz_index_one_stream_size(stream);
    iter->stream.uncompressed_size =
        xz_index_sums(stream, stream->record_count).uncompressed_sum;
    iter->stream.padding = stream->padding;
}

/* Writes what it tells of a Record of that Stream, counted from 0: all of it are
   differences to, or sums with, the sums in front of the Record. */
static void set_block(lzma_index_iter *iter, const lzma_index *index,
                      const struct xz_index_stream *stream, lzma_vli number)
{
    const struct xz_index_record before = xz_index_sums(stream, number);
    const struct xz_index_record *record = xz_index_record(stream, number);
    iter->block.number_in_stream = number + 1;
    iter->block.number_in_file = stream->block_base - index->block_origin + number + 1;
    iter->block.compressed_stream_offset =
        LZMA_STREAM_HEADER_SIZE + before.unpadded_sum;
    iter->block.uncompressed_stream_offset = before.uncompressed_sum;
    iter->block.compressed_file_offset =
        iter->stream.compressed_offset + iter->block.compressed_stream_offset;
    iter->block.uncompressed_file_offset =
        iter->stream.uncompressed_offset + before.uncompressed_sum;
    iter->block.uncompressed_size = record->uncompressed_sum - before.uncompressed_sum;
    iter->block.unpadded_size = record->unpadded_sum - before.unpadded_sum;
    iter->block.total_size = xz_round_up4(iter->block.unpadded_size);
}

/* Goes to a Record of a Stream, both counted from 0. A Stream without that Record has
   none at all; then the block members are zero. */
static void go(lzma_index_iter *iter, const lzma_index *index, size_t stream_number,
               lzma_vli record_number)
{
    const struct xz_index_stream *stream = xz_index_stream(index, stream_number);
    const bool has_block = record_number < stream->record_count;
    set_stream(iter, index, stream_number);
    memset(&iter->block, 0, sizeof(iter->block));
    if (has_block)
        set_block(iter, index, stream, record_number);
    iter->internal[STREAM].v = stream_number + 1;
    iter->internal[RECORD].v = record_number + (has_block ? 1 : 0);
}

/* Number of the first Record from number on that mode wants, or the Record count. */
static lzma_vli next_record(const struct xz_index_stream *stream, lzma_vli number,
                            lzma_index_iter_mode mode)
{
    if (mode != LZMA_INDEX_ITER_NONEMPTY_BLOCK)
        return number;
    lzma_vli sum = xz_index_sums(stream, number).uncompressed_sum;
    while (number < stream->record_count
           && xz_index_record(stream, number)->uncompressed_sum == sum)
        ++number;
    return number;
}

bool xz_index_iter_next(lzma_index_iter *iter, lzma_index_iter_mode mode)
{
    const lzma_index *index = iter->internal[INDEX].p;
    if (index == NULL || (unsigned)mode > LZMA_INDEX_ITER_NONEMPTY_BLOCK)
        return true;
    /* 1 and up, so that as a number from 0 it is the Stream after the current one. */
    size_t stream_number = (size_t)iter->internal[STREAM].v;

    if (stream_number > 0 && mode != LZMA_INDEX_ITER_STREAM) {
        const struct xz_index_stream *stream =
            xz_index_stream(index, stream_number - 1);
        const lzma_vli number = next_record(stream, iter->internal[RECORD].v, mode);
        if (number < stream->record_count) {
            go(iter, index, stream_number - 1, number);
            return false;
        }
    }
    /* The Stream has no more: the next one, or the next one with a Block to show. */
    const bool wants_block = mode >= LZMA_INDEX_ITER_BLOCK;
    for (; stream_number < index->stream_count; ++stream_number) {
        const struct xz_index_stream *stream = xz_index_stream(index, stream_number);
        const lzma_vli number = next_record(stream, 0, mode);
        if (number < stream->record_count || !wants_block) {
            go(iter, index, stream_number, number);
            return false;
        }
    }
    return true;
}

/* Number of the last Stream whose data starts at or before target. Streams without data
   share a start with the one behind them, so that one holds target. */
static size_t find_stream(const lzma_index *index, lzma_vli target)
{
    size_t low = 0; // starts at or before target
    size_t high = index->stream_count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        const struct xz_index_stream *stream = xz_index_stream(index, middle);
        if (stream->uncompressed_base - index->uncompressed_origin <= target)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Number of the first Record whose data ends behind target, an offset in the Stream. */
static lzma_vli find_record(const struct xz_index_stream *stream, lzma_vli target)
{
    lzma_vli low = 0;
    lzma_vli high = stream->record_count - 1; // ends behind target
    while (low < high) {
        const lzma_vli middle = low + (high - low) / 2;
        if (xz_index_record(stream, middle)->uncompressed_sum > target)
            high = middle;
        else
            low = middle + 1;
    }
    return high;
}

bool xz_index_iter_locate(lzma_index_iter *iter, lzma_vli target)
{
    const lzma_index *index = iter->internal[INDEX].p;
    if (index == NULL || target >= index->uncompressed_size)
        return true;
    const size_t stream_number = find_stream(index, target);
    const struct xz_index_stream *stream = xz_index_stream(index, stream_number);
    const lzma_vli start = stream->uncompressed_base - index->uncompressed_origin;
    go(iter, index, stream_number, find_record(stream, target - start));
    return false;
}
