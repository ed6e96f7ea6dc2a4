// SPDX-License-Identifier: 0BSD
// lzma_index: making, appending, sizes, copying.
//
// A Record is stored as two sums, so that every size is a difference of neighbours and
// every offset is a sum that is there already: a Block is found by its number in O(1),
// and by an offset with a binary search (index_iter.c). Records live in groups that are
// never moved; only the vector of pointers to them grows.
//
//     Record number   0..3       4..7   8..15   ...   256..511   512..1023   ...
//     lives in        the struct  [0]    [1]             [6]        [7]
//
// Small files are most files: a Stream with up to four Blocks is one allocation, and a
// Stream of n Blocks has room for less than 2n. From 512 on the waste is at most 511.
//
// Why not one growing array? Copying it when it grows would double the memory for a
// moment, and a file of 16 GiB of Index has 2^33 Records. Why not a tree? Numbers are
// dense and nothing is ever removed or inserted.
//
// A Stream's place in the file is not stored as an offset, because joining moves it
// (index_cat.c).
//
// What can be too big is checked before anything is changed. All single values are
// below 2^63, so that a sum of two never wraps.

#include "format/index.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/try.h"
#include "format/block_header.h"
#include "format/index_sizes.h"
#include "format/stream_flags.h"
#include "format/vli.h"
#include <string.h>

#define GROUP_LOG2       9U
#define GROUPS_BELOW_512 7U // the groups of 4, 8, 16, 32, 64, 128 and 256

_Static_assert(XZ_INDEX_GROUP == 1U << GROUP_LOG2, "groups of 512");
_Static_assert(XZ_INDEX_FIRST << GROUPS_BELOW_512 == XZ_INDEX_GROUP, "4 to 256");

/* What malloc() and the like add to a block of memory, for xz_index_memusage(). */
#define ALLOC_COST (2 * sizeof(void *))

#define SLOT_ROOM_START  2
#define GROUP_ROOM_START 8

/* ---- Where a Record is ---- */

/* The group of a Record, number >= XZ_INDEX_FIRST: below 512 the position of its
   highest bit tells, above the number without its low nine bits. */
static size_t group_of(lzma_vli number)
{
    if (number >= XZ_INDEX_GROUP)
        return (size_t)(number >> GROUP_LOG2) + GROUPS_BELOW_512 - 1;
    return xz_bits_top64(number) - 2;
}

/* Records that a group holds. */
static size_t group_size(size_t group)
{
    return group >= GROUPS_BELOW_512 ? XZ_INDEX_GROUP : (size_t)XZ_INDEX_FIRST << group;
}

/* Number of groups that count Records need. */
static size_t groups_needed(lzma_vli count)
{
    return count <= XZ_INDEX_FIRST ? 0 : group_of(count - 1) + 1;
}

struct xz_index_stream *xz_index_stream(const lzma_index *index, size_t number)
{
    return index->slots[index->first_slot + number];
}

struct xz_index_record *xz_index_record(const struct xz_index_stream *stream,
                                        lzma_vli number)
{
    if (number < XZ_INDEX_FIRST)
        return (struct xz_index_record *)&stream->first[number];
    const size_t group = group_of(number);
    const size_t mask = group_size(group) - 1;
    return &stream->groups[group][number & mask];
}

struct xz_index_record xz_index_sums(const struct xz_index_stream *stream,
                                     lzma_vli count)
{
    struct xz_index_record sums = {0, 0};
    if (count > 0) {
        sums = *xz_index_record(stream, count - 1);
        sums.unpadded_sum = xz_round_up4(sums.unpadded_sum);
    }
    return sums;
}

/* The one that appending changes. */
static struct xz_index_stream *last_stream(const lzma_index *index)
{
    return xz_index_stream(index, index->stream_count - 1);
}

/* ---- Making and freeing ---- */

/* Frees a Stream and its groups. */
static void stream_end(struct xz_index_stream *stream, const lzma_allocator *allocator)
{
    for (size_t i = 0; i < stream->group_count; ++i)
        xz_free(stream->groups[i], allocator);
    xz_free(stream->groups, allocator);
    xz_free(stream, allocator);
}

/* An index with room for slots and no Stream yet. */
static lzma_index *new_without_stream(size_t slot_room, const lzma_allocator *allocator)
{
    lzma_index *index = xz_alloc_zero(sizeof(*index), allocator);
    if (index == NULL)
        return NULL;
    index->slots = xz_alloc_array(slot_room, sizeof(index->slots[0]), allocator);
    if (index->slots == NULL) {
        xz_free(index, allocator);
        return NULL;
    }
    index->slot_room = slot_room;
    return index;
}

lzma_index *xz_index_new(const lzma_allocator *allocator)
{
    lzma_index *index = new_without_stream(SLOT_ROOM_START, allocator);
    if (index == NULL)
        return NULL;
    struct xz_index_stream *stream = xz_alloc_zero(sizeof(*stream), allocator);
    if (stream == NULL) {
        xz_index_end(index, allocator);
        return NULL;
    }
    index->slots[0] = stream;
    index->stream_count = 1;
    return index;
}

void xz_index_end(lzma_index *index, const lzma_allocator *allocator)
{
    if (index == NULL)
        return;
    for (size_t i = 0; i < index->stream_count; ++i)
        stream_end(xz_index_stream(index, i), allocator);
    xz_free(index->slots, allocator);
    xz_free(index, allocator);
}

/* Makes the vector of groups at least room long. */
static bool reserve_groups(struct xz_index_stream *stream, size_t room,
                           const lzma_allocator *allocator)
{
    if (room <= stream->group_room)
        return true;
    struct xz_index_record **groups =
        xz_alloc_array(room, sizeof(stream->groups[0]), allocator);
    if (groups == NULL)
        return false;
    if (stream->group_count > 0)
        memcpy(groups, stream->groups, stream->group_count * sizeof(groups[0]));
    xz_free(stream->groups, allocator);
    stream->groups = groups;
    stream->group_room = room;
    return true;
}

/* Adds the next group. */
static lzma_ret add_group(struct xz_index_stream *stream,
                          const lzma_allocator *allocator)
{
    const size_t count = stream->group_count;
    if (count == stream->group_room) {
        const size_t room = count == 0 ? GROUP_ROOM_START : count * 2;
        if (!reserve_groups(stream, room, allocator))
            return LZMA_MEM_ERROR;
    }
    struct xz_index_record *group =
        xz_alloc_array(group_size(count), sizeof(*group), allocator);
    if (group == NULL)
        return LZMA_MEM_ERROR;
    stream->groups[stream->group_count++] = group;
    return LZMA_OK;
}

/* A copy of a Stream with just the room that it needs, or NULL. */
static struct xz_index_stream *stream_dup(const struct xz_index_stream *src,
                                          const lzma_allocator *allocator)
{
    /* Everything but the groups is copied as it is; until the first group is there,
       stream_end() must find none. */
    struct xz_index_stream *stream = xz_alloc(sizeof(*stream), allocator);
    if (stream == NULL)
        return NULL;
    *stream = *src;
    stream->groups = NULL;
    stream->group_count = 0;
    stream->group_room = 0;
    bool is_whole = reserve_groups(stream, src->group_count, allocator);
    while (is_whole && stream->group_count < src->group_count)
        is_whole = add_group(stream, allocator) == LZMA_OK;
    if (!is_whole) {
        stream_end(stream, allocator);
        return NULL;
    }
    /* The last group may be used in part; the rest of it was never written to. */
    lzma_vli done = XZ_INDEX_FIRST;
    for (size_t i = 0; i < src->group_count; ++i) {
        const lzma_vli left = src->record_count - done;
        const size_t size = group_size(i);
        const size_t count = left < size ? (size_t)left : size;
        memcpy(stream->groups[i], src->groups[i], count * sizeof(src->groups[i][0]));
        done += count;
    }
    return stream;
}

lzma_index *xz_index_dup(const lzma_index *src, const lzma_allocator *allocator)
{
    lzma_index *index = new_without_stream(src->stream_count, allocator);
    if (index == NULL)
        return NULL;
    struct xz_index_stream **slots = index->slots;
    *index = *src;
    index->slots = slots;
    index->slot_room = src->stream_count;
    index->first_slot = 0;
    index->stream_count = 0; // grows with the copies, so that freeing is always right
    while (index->stream_count < src->stream_count) {
        struct xz_index_stream *stream =
            stream_dup(xz_index_stream(src, index->stream_count), allocator);
        if (stream == NULL) {
            xz_index_end(index, allocator);
            return NULL;
        }
        slots[index->stream_count++] = stream;
    }
    return index;
}

/* ---- Sizes ---- */

/* Bytes of a Stream with Blocks of total_size and such an Index. The result is less
   than 2^63 + 2^35 and may be more than the format allows. */
static uint64_t stream_size(lzma_vli total_size, lzma_vli count, lzma_vli list_size)
{
    return 2 * LZMA_STREAM_HEADER_SIZE + total_size
           + xz_index_field_size(count, list_size);
}

lzma_vli xz_index_one_stream_size(const struct xz_index_stream *stream)
{
    const lzma_vli total_size =
        xz_index_sums(stream, stream->record_count).unpadded_sum;
    return stream_size(total_size, stream->record_count, stream->list_size);
}

/* Where the last Stream, without its padding, ends. */
static lzma_vli end_of_last(const lzma_index *index)
{
    const struct xz_index_stream *last = last_stream(index);
    return last->compressed_base - index->compressed_origin
           + xz_index_one_stream_size(last);
}

lzma_vli xz_index_file_size(const lzma_index *index)
{
    return end_of_last(index) + last_stream(index)->padding;
}

lzma_vli xz_index_size(const lzma_index *index)
{
    return xz_index_field_size(index->record_count, index->list_size);
}

lzma_vli xz_index_stream_size(const lzma_index *index)
{
    return stream_size(index->total_size, index->record_count, index->list_size);
}

uint32_t xz_index_checks(const lzma_index *index)
{
    const struct xz_index_stream *last = last_stream(index);
    return index->checks | (last->has_flags ? UINT32_C(1) << last->flags.check : 0);
}

/* ---- Changing the last Stream ---- */

lzma_ret xz_index_append(lzma_index *index, const lzma_allocator *allocator,
                         lzma_vli unpadded_size, lzma_vli uncompressed_size)
{
    if (!xz_index_record_is_valid(unpadded_size, uncompressed_size))
        return LZMA_PROG_ERROR;
    struct xz_index_stream *stream = last_stream(index);
    const lzma_vli count = stream->record_count;
    /* The Block begins where the padding of the one before it ends. */
    const struct xz_index_record before = xz_index_sums(stream, count);
    const lzma_vli unpadded_sum = before.unpadded_sum + unpadded_size;
    const lzma_vli padded_size = xz_round_up4(unpadded_size);
    const lzma_vli list_add =
        xz_vli_size(unpadded_size) + xz_vli_size(uncompressed_size);

    /* The data of all Streams together must have offsets; so must the file, with the
       new Record in the Index of its Stream, and an Index of all Records must be
       possible. */
    if (unpadded_sum > XZ_UNPADDED_SIZE_MAX
        || index->uncompressed_size + uncompressed_size > LZMA_VLI_MAX)
        return LZMA_DATA_ERROR;
    const uint64_t size = stream_size(xz_round_up4(unpadded_sum), count + 1,
                                      stream->list_size + list_add);
    uint64_t end = stream->compressed_base - index->compressed_origin;
    if (!xz_add_fits(end, size, &end) || !xz_add_fits(end, stream->padding, &end)
        || end > LZMA_VLI_MAX)
        return LZMA_DATA_ERROR;
    if (xz_index_field_size(index->record_count + 1, index->list_size + list_add)
        > LZMA_BACKWARD_SIZE_MAX)
        return LZMA_DATA_ERROR;

    /* From here on only memory can be missing. */
    if (groups_needed(count + 1) > stream->group_count)
        XZ_TRY(add_group(stream, allocator));
    struct xz_index_record *record = xz_index_record(stream, count);
    record->unpadded_sum = unpadded_sum;
    record->uncompressed_sum = before.uncompressed_sum + uncompressed_size;
    stream->record_count += 1;
    stream->list_size += list_add;
    index->total_size += padded_size;
    index->uncompressed_size += uncompressed_size;
    index->record_count += 1;
    index->list_size += list_add;
    return LZMA_OK;
}

lzma_ret xz_index_set_flags(lzma_index *index, const lzma_stream_flags *flags)
{
    /* Comparing checks the members. */
    XZ_TRY(xz_stream_flags_compare(flags, flags));
    struct xz_index_stream *last = last_stream(index);
    last->flags = *flags;
    last->has_flags = true;
    return LZMA_OK;
}

lzma_ret xz_index_set_padding(lzma_index *index, lzma_vli padding)
{
    if (padding > LZMA_VLI_MAX || padding % 4 != 0)
        return LZMA_PROG_ERROR;
    if (end_of_last(index) > LZMA_VLI_MAX - padding)
        return LZMA_DATA_ERROR;
    last_stream(index)->padding = padding;
    return LZMA_OK;
}

/* ---- Memory use ---- */

/* Records that there is room for in the groups of a Stream of count Blocks. */
static uint64_t records_in_groups(lzma_vli count)
{
    if (count <= XZ_INDEX_FIRST)
        return 0;
    const lzma_vli last = count - 1;
    const lzma_vli room = last < XZ_INDEX_GROUP
                              ? LZMA_VLI_C(2) << xz_bits_top64(last)
                              : (last / XZ_INDEX_GROUP + 1) * XZ_INDEX_GROUP;
    return room - XZ_INDEX_FIRST;
}

/* Groups, their vector at its longest (the old one and one of twice the length, during
   the copy), and the Records in them. */
static uint64_t groups_memusage(uint64_t groups, uint64_t records)
{
    uint64_t room = GROUP_ROOM_START;
    while (room < groups)
        room *= 2;
    return groups * ALLOC_COST + records * sizeof(struct xz_index_record)
           + 2 * ALLOC_COST + (room + room / 2) * sizeof(void *);
}

uint64_t xz_index_memusage(lzma_vli stream_count, lzma_vli block_count)
{
    /* So few that no product below wraps; more Blocks than this never are in an Index
       field of 16 GiB anyway. */
    const lzma_vli block_max = UINT64_MAX / 64;
    if (stream_count == 0 || stream_count > UINT32_MAX || block_count > block_max)
        return UINT64_MAX;
    uint64_t usage = sizeof(lzma_index) + 2 * ALLOC_COST
                     + stream_count * (sizeof(struct xz_index_stream) + ALLOC_COST);
    if (stream_count == 1) {
        usage += SLOT_ROOM_START * sizeof(void *);
        if (block_count > XZ_INDEX_FIRST) {
            const uint64_t groups =
                (block_count - 1) / XZ_INDEX_GROUP + GROUPS_BELOW_512;
            usage += groups_memusage(groups, records_in_groups(block_count));
        }
        return usage;
    }
    /* Vectors of slots, twice as long as needed, old and new. How the Blocks are spread
       is not known: at worst in as many Streams with groups as can be. A Stream of n
       Blocks has room for less than 2n in groups and for at most 511 unused. */
    usage += ALLOC_COST + (4 * stream_count + SLOT_ROOM_START) * sizeof(void *);
    const uint64_t most_with_groups = block_count / (XZ_INDEX_FIRST + 1);
    const uint64_t with_groups =
        stream_count < most_with_groups ? stream_count : most_with_groups;
    const uint64_t most_unused = with_groups * (XZ_INDEX_GROUP - 1);
    const uint64_t unused = block_count < most_unused ? block_count : most_unused;
    const uint64_t groups =
        block_count / XZ_INDEX_GROUP + with_groups * GROUPS_BELOW_512;
    usage += (block_count + unused) * sizeof(struct xz_index_record);
    usage += groups * (ALLOC_COST + 3 * sizeof(void *));
    usage += with_groups * (2 * ALLOC_COST + GROUP_ROOM_START * 2 * sizeof(void *));
    return usage;
}
