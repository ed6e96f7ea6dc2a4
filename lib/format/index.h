// SPDX-License-Identifier: 0BSD
// lzma_index: the Records of one or more Streams, found by number or by offset.
//
// Functions of index.c, index_cat.c and index_iter.c. The Index field on disk is the
// business of index_field.h and index_parse.h.

#ifndef XZ_FORMAT_INDEX_H
#define XZ_FORMAT_INDEX_H

#include "base/platform.h"
#include <lzma.h>

/* Sums from the first Record of a Stream up to and with this one. The Blocks before it
   end at round_up4(unpadded_sum of the Record before). */
struct xz_index_record {
    lzma_vli unpadded_sum; // padded sizes of those before + Unpadded Size of this one
    lzma_vli uncompressed_sum; // bytes
};

/* The first Records of a Stream are in its struct; the next ones in groups of 4, 8 ...
   256, so that a group always starts at a power of two, then in groups of 512. */
#define XZ_INDEX_FIRST 4U
#define XZ_INDEX_GROUP 512U

/* One Stream. It never moves once made, because iterators hand out &flags.
   The bases count from the origin of the index that the Stream is in, modulo 2^64. */
struct xz_index_stream {
    uint64_t compressed_base;   // where its Stream Header is in the file
    uint64_t uncompressed_base; // where its data starts in the uncompressed file
    uint64_t block_base;        // number of Blocks before it
    lzma_vli record_count;
    lzma_vli list_size; // bytes of its List of Records
    lzma_vli padding;   // Stream Padding behind it, a multiple of 4
    lzma_stream_flags flags;
    bool has_flags;

    /* Invariant: group_count is what record_count needs. */
    struct xz_index_record **groups; // owned, as are the groups
    size_t group_count;
    size_t group_room; // length of groups
    struct xz_index_record first[XZ_INDEX_FIRST];
};

/* The Streams are slots[first_slot .. first_slot + stream_count), with free room at
   both ends. An offset in the file is a base minus an origin, modulo 2^64. Invariants:
   stream_count >= 1; first_slot + stream_count <= slot_room. */
struct lzma_index_s {
    struct xz_index_stream **slots; // owned, as are the Streams
    size_t slot_room;
    size_t first_slot;
    size_t stream_count;
    uint64_t compressed_origin;
    uint64_t uncompressed_origin;
    uint64_t block_origin;

    /* Totals of all Streams */
    lzma_vli total_size; // of Blocks with padding
    lzma_vli uncompressed_size;
    lzma_vli record_count;
    lzma_vli list_size;

    uint32_t checks; // bit for each Check ID; the last Stream is not counted in
};

/* An index with one empty Stream, or NULL when there is no memory. */
lzma_index *xz_index_new(const lzma_allocator *allocator);

/* Frees it; index may be NULL. */
void xz_index_end(lzma_index *index, const lzma_allocator *allocator);

/* Adds a Record to the last Stream. Sizes that no Record can have are LZMA_PROG_ERROR;
   LZMA_DATA_ERROR: the file, its uncompressed data or the Index field would get too
   big; LZMA_MEM_ERROR. On failure the index is as before. Iterators stay valid. */
lzma_ret xz_index_append(lzma_index *index, const lzma_allocator *allocator,
                         lzma_vli unpadded_size, lzma_vli uncompressed_size);

/* Sets the Stream Flags of the last Stream. LZMA_OPTIONS_ERROR: version is not 0;
   LZMA_PROG_ERROR: a member is out of range. */
lzma_ret xz_index_set_flags(lzma_index *index, const lzma_stream_flags *flags);

/* Sets the Stream Padding behind the last Stream. LZMA_PROG_ERROR: not a multiple of 4
   up to LZMA_VLI_MAX; LZMA_DATA_ERROR: the file would get too big. */
lzma_ret xz_index_set_padding(lzma_index *index, lzma_vli padding);

/* Bit for each Check ID in the flags that were set. */
uint32_t xz_index_checks(const lzma_index *index);

/* Bytes of the whole file, Stream Padding included. */
lzma_vli xz_index_file_size(const lzma_index *index);

/* Bytes of the Index field, and of the Stream, that all Records together make. */
lzma_vli xz_index_size(const lzma_index *index);
lzma_vli xz_index_stream_size(const lzma_index *index);

/* Most bytes that an index allocates for so many Streams and Blocks; UINT64_MAX if
   there cannot be so many. For one Stream it is close to what is really used. */
uint64_t xz_index_memusage(lzma_vli stream_count, lzma_vli block_count);

/* A copy of all of index, or NULL when there is no memory. */
lzma_index *xz_index_dup(const lzma_index *index, const lzma_allocator *allocator);

/* Appends the Streams of src to dest and frees src. LZMA_DATA_ERROR: the result would
   be too big; LZMA_MEM_ERROR. On failure both are as before. Iterators of dest stay
   valid. */
lzma_ret xz_index_cat(lzma_index *dest, lzma_index *src,
                      const lzma_allocator *allocator);

/* The slot of a Stream, 0 and up. */
struct xz_index_stream *xz_index_stream(const lzma_index *index, size_t number);

/* The Record of a Stream, 0 and up; number < stream->record_count. */
struct xz_index_record *xz_index_record(const struct xz_index_stream *stream,
                                        lzma_vli number);

/* Padded sizes and uncompressed sizes of the first count Records of a Stream. */
struct xz_index_record xz_index_sums(const struct xz_index_stream *stream,
                                     lzma_vli count);

/* Bytes of a Stream without the padding behind it. */
lzma_vli xz_index_one_stream_size(const struct xz_index_stream *stream);

/* The functions of the public header under the same rules; true means failure. */
void xz_index_iter_init(lzma_index_iter *iter, const lzma_index *index);
void xz_index_iter_rewind(lzma_index_iter *iter);
bool xz_index_iter_next(lzma_index_iter *iter, lzma_index_iter_mode mode);
bool xz_index_iter_locate(lzma_index_iter *iter, lzma_vli target);

#endif
