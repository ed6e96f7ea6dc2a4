/* SPDX-License-Identifier: 0BSD */
/* The Index of .xz files: where each Block is, and how big. */
/* clang-format off */

#ifndef LZMA_H_INTERNAL
# error "Include <lzma.h>, not this part of it."
#endif

/*
 * A lzma_index lists the Blocks of one Stream or, after lzma_index_cat(), those of all
 * Streams of a file in their order. Offsets count from the beginning of the first
 * Stream; numbers of Streams and Blocks from 1.
 *
 * Threads: a function with a pointer to a non-const lzma_index changes it; all others,
 * iterators included, only read. Readers may run at once, each with its own iterator,
 * as long as nobody changes the index.
 */
typedef struct lzma_index_s lzma_index;

/*
 * A place in an index with all that is known about it. Set up by
 * lzma_index_iter_init(); allocates nothing; may be copied.
 */
typedef struct {
    /* The current Stream */
    struct {
        /* As given by lzma_index_stream_flags(), or NULL; belongs to the index */
        const lzma_stream_flags *flags;

        const void *reserved_ptr1;
        const void *reserved_ptr2;
        const void *reserved_ptr3;

        /* Which Stream of the index, 1 and up */
        lzma_vli number;

        /* Blocks in the Stream; if 0, the struct block below has no meaning. */
        lzma_vli block_count;

        /* Where the Stream begins in the file, bytes */
        lzma_vli compressed_offset;

        /* Where its data begins in all the uncompressed data, bytes */
        lzma_vli uncompressed_offset;

        /* Size from Stream Header to Stream Footer, bytes */
        lzma_vli compressed_size;

        /* Size of its uncompressed data, bytes */
        lzma_vli uncompressed_size;

        /* Stream Padding behind it, bytes; see lzma_index_stream_padding() */
        lzma_vli padding;

        lzma_vli reserved_vli1;
        lzma_vli reserved_vli2;
        lzma_vli reserved_vli3;
        lzma_vli reserved_vli4;
    } stream;

    /* The current Block of that Stream */
    struct {
        /* Which Block of the index, 1 and up */
        lzma_vli number_in_file;

        /* Where its Block Header begins in the file, bytes: seek there to decode */
        lzma_vli compressed_file_offset;

        /* Where its data begins in all the uncompressed data, bytes */
        lzma_vli uncompressed_file_offset;

        /* Which Block of the Stream, 1 and up */
        lzma_vli number_in_stream;

        /* The two offsets again, from the beginning of the Stream */
        lzma_vli compressed_stream_offset;
        lzma_vli uncompressed_stream_offset;

        /* Size of its uncompressed data, bytes */
        lzma_vli uncompressed_size;

        /* Size without Block Padding, bytes; for lzma_block_compressed_size() */
        lzma_vli unpadded_size;

        /* Size in the file, bytes */
        lzma_vli total_size;

        lzma_vli reserved_vli1;
        lzma_vli reserved_vli2;
        lzma_vli reserved_vli3;
        lzma_vli reserved_vli4;

        const void *reserved_ptr1;
        const void *reserved_ptr2;
        const void *reserved_ptr3;
        const void *reserved_ptr4;
    } block;

    /* The library's */
    union {
        const void *p;
        size_t s;
        lzma_vli v;
    } internal[6];
} lzma_index_iter;

/* Where lzma_index_iter_next() goes */
typedef enum {
    /* The next Block; also to a Stream without Blocks, on the way */
    LZMA_INDEX_ITER_ANY = 0,

    /* The next Stream, at its first Block if it has one */
    LZMA_INDEX_ITER_STREAM = 1,

    /* The next Block, in the next Stream that has one if need be */
    LZMA_INDEX_ITER_BLOCK = 2,

    /* The next Block that holds data */
    LZMA_INDEX_ITER_NONEMPTY_BLOCK = 3
} lzma_index_iter_mode;

/* Bits of lzma_index_checks() */
#define LZMA_INDEX_CHECK_MASK_NONE   (UINT32_C(1) << LZMA_CHECK_NONE)
#define LZMA_INDEX_CHECK_MASK_CRC32  (UINT32_C(1) << LZMA_CHECK_CRC32)
#define LZMA_INDEX_CHECK_MASK_CRC64  (UINT32_C(1) << LZMA_CHECK_CRC64)
#define LZMA_INDEX_CHECK_MASK_SHA256 (UINT32_C(1) << LZMA_CHECK_SHA256)

/*
 * Memory that an index takes.
 *
 *   streams  how many Streams, 1..UINT32_MAX
 *   blocks   how many Blocks in all, 0..LZMA_VLI_MAX
 *
 * Returns: bytes, approximately; UINT64_MAX if too much or out of range.
 * Threads: any.
 */
extern LZMA_API(uint64_t) lzma_index_memusage(lzma_vli streams, lzma_vli blocks)
    lzma_nothrow;

/*
 * Memory that this index takes, as lzma_index_memusage() computes it.
 *
 *   i  an index
 *
 * Returns: bytes, approximately.
 * Threads: readers.
 */
extern LZMA_API(uint64_t) lzma_index_memused(const lzma_index *i)
    lzma_nothrow;

/*
 * Create an index of one Stream without Blocks.
 *
 *   allocator  the same for all later calls with this index
 *
 * Returns: the index, or NULL if there is no memory.
 * Memory: the caller frees it with lzma_index_end().
 * Threads: any.
 */
extern LZMA_API(lzma_index *) lzma_index_init(const lzma_allocator *allocator)
    lzma_nothrow;

/*
 * Free an index; its iterators are invalid from now on.
 *
 *   i          may be NULL
 *   allocator  the one it was created with
 *
 * Threads: one per index.
 */
extern LZMA_API(void) lzma_index_end(lzma_index *i, const lzma_allocator *allocator)
    lzma_nothrow;

/*
 * Add a Block to the last Stream. Iterators stay valid, and find the new Block.
 *
 *   i                  an index
 *   allocator          the one it was created with
 *   unpadded_size      bytes, 5..2^63 - 4; see lzma_block_unpadded_size()
 *   uncompressed_size  bytes, 0..LZMA_VLI_MAX
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_MEM_ERROR
 *   LZMA_DATA_ERROR  the file, the data or the Index would get too big for the format
 *   LZMA_PROG_ERROR  a size is out of range
 * After errors the index is as before.
 * Threads: one per index.
 * Source: 4.3.
 */
extern LZMA_API(lzma_ret) lzma_index_append(lzma_index *i,
                                            const lzma_allocator *allocator,
                                            lzma_vli unpadded_size,
                                            lzma_vli uncompressed_size)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Tell what the Stream Header of the last Stream says. Needed to know the Checks.
 *
 *   i             an index
 *   stream_flags  is copied
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_OPTIONS_ERROR  version is not supported
 *   LZMA_PROG_ERROR     a member is out of range
 * Threads: one per index.
 * Source: 2.1.1.2.
 */
extern LZMA_API(lzma_ret) lzma_index_stream_flags(lzma_index *i,
                                                  const lzma_stream_flags *stream_flags)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Which types of Check the Streams have. Streams without lzma_index_stream_flags() do
 * not count.
 *
 *   i  an index
 *
 * Returns: bit 1 << ID for each type; see LZMA_INDEX_CHECK_MASK_*.
 * Threads: readers.
 */
extern LZMA_API(uint32_t) lzma_index_checks(const lzma_index *i)
    lzma_nothrow lzma_attr_pure;

/*
 * Tell how much Stream Padding follows the last Stream; 0 unless told.
 *
 *   i               an index
 *   stream_padding  bytes, a multiple of 4, 0..LZMA_VLI_MAX
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_DATA_ERROR  the file would get too big
 *   LZMA_PROG_ERROR  stream_padding is out of range
 * Threads: one per index.
 * Source: 2.2.
 */
extern LZMA_API(lzma_ret) lzma_index_stream_padding(lzma_index *i,
                                                    lzma_vli stream_padding)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Number of Streams.
 *
 *   i  an index
 *
 * Returns: a count, 1 or more.
 * Threads: readers.
 */
extern LZMA_API(lzma_vli) lzma_index_stream_count(const lzma_index *i)
    lzma_nothrow lzma_attr_pure;

/*
 * Number of Blocks in all Streams.
 *
 *   i  an index
 *
 * Returns: a count.
 * Threads: readers.
 */
extern LZMA_API(lzma_vli) lzma_index_block_count(const lzma_index *i)
    lzma_nothrow lzma_attr_pure;

/*
 * Size of the Index field that lists all these Blocks: Backward Size, if they are in
 * one Stream.
 *
 *   i  an index
 *
 * Returns: bytes, a multiple of 4.
 * Threads: readers.
 * Source: 2.1.2.2, 4.
 */
extern LZMA_API(lzma_vli) lzma_index_size(const lzma_index *i)
    lzma_nothrow lzma_attr_pure;

/*
 * Size of one Stream that would hold all these Blocks.
 *
 *   i  an index
 *
 * Returns: bytes. Never more than LZMA_VLI_MAX: what leads there is refused before.
 * Threads: readers.
 * Source: 2.1.
 */
extern LZMA_API(lzma_vli) lzma_index_stream_size(const lzma_index *i)
    lzma_nothrow lzma_attr_pure;

/*
 * Size of all Blocks in the file, without anything around them.
 *
 *   i  an index
 *
 * Returns: bytes.
 * Threads: readers.
 */
extern LZMA_API(lzma_vli) lzma_index_total_size(const lzma_index *i)
    lzma_nothrow lzma_attr_pure;

/*
 * Size of the file: all Streams with their Stream Padding.
 *
 *   i  an index
 *
 * Returns: bytes; LZMA_VLI_UNKNOWN if too big for the format.
 * Threads: readers.
 * Source: 2.
 */
extern LZMA_API(lzma_vli) lzma_index_file_size(const lzma_index *i)
    lzma_nothrow lzma_attr_pure;

/*
 * Size of all the uncompressed data.
 *
 *   i  an index
 *
 * Returns: bytes.
 * Threads: readers.
 */
extern LZMA_API(lzma_vli) lzma_index_uncompressed_size(const lzma_index *i)
    lzma_nothrow lzma_attr_pure;

/*
 * Set up an iterator, before the first Stream.
 *
 *   iter  need not be initialised
 *   i     an index; the iterator is valid until lzma_index_end(i), or until i is src
 *         of lzma_index_cat()
 *
 * Threads: one per iter.
 */
extern LZMA_API(void) lzma_index_iter_init(lzma_index_iter *iter, const lzma_index *i)
    lzma_nothrow;

/*
 * Put an iterator before the first Stream again.
 *
 *   iter  was set up
 *
 * Threads: one per iter.
 */
extern LZMA_API(void) lzma_index_iter_rewind(lzma_index_iter *iter)
    lzma_nothrow;

/*
 * Go on to the next Block or Stream.
 *
 *   iter  was set up
 *   mode  see lzma_index_iter_mode
 *
 * Returns: FALSE if there is one; TRUE, and iter unchanged, if not or if mode is
 * unknown.
 * Threads: one per iter.
 */
extern LZMA_API(lzma_bool) lzma_index_iter_next(lzma_index_iter *iter,
                                                lzma_index_iter_mode mode)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Go to the Block that holds a byte of the uncompressed data. Empty Blocks are passed
 * over.
 *
 *   iter    was set up
 *   target  offset in all the uncompressed data, bytes
 *
 * Returns: FALSE if there is one; TRUE, and iter unchanged, if target is not less than
 * lzma_index_uncompressed_size().
 * Threads: one per iter.
 */
extern LZMA_API(lzma_bool) lzma_index_iter_locate(lzma_index_iter *iter,
                                                  lzma_vli target)
    lzma_nothrow;

/*
 * Move the Streams of one index behind those of another. Iterators of dest stay valid.
 *
 *   dest       receives them
 *   src        on success it is gone, with its iterators; after errors nothing has
 *              changed
 *   allocator  the one that both were created with
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_DATA_ERROR  the file, the data or the Index would get too big for the format
 *   LZMA_MEM_ERROR
 *   LZMA_PROG_ERROR
 * Threads: one per index, both.
 */
extern LZMA_API(lzma_ret) lzma_index_cat(lzma_index *dest, lzma_index *src,
                                         const lzma_allocator *allocator)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Copy an index.
 *
 *   i          an index
 *   allocator  of the copy
 *
 * Returns: the copy, or NULL if there is no memory.
 * Memory: the caller frees it with lzma_index_end().
 * Threads: readers.
 */
extern LZMA_API(lzma_index *) lzma_index_dup(const lzma_index *i,
                                             const lzma_allocator *allocator)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Set up an encoder of the Index field. All Blocks are listed as if in one Stream.
 *
 *   strm  the coder to be
 *   i     an index; must stay, unchanged, until the end
 *
 * Actions: LZMA_RUN, LZMA_FINISH.
 * Returns: LZMA_OK, LZMA_MEM_ERROR, LZMA_PROG_ERROR.
 * Memory: lzma_end(strm) frees.
 * Threads: one per strm; readers of i.
 * Source: 4.
 */
extern LZMA_API(lzma_ret) lzma_index_encoder(lzma_stream *strm, const lzma_index *i)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Set up a decoder of the Index field.
 *
 *   strm      the coder to be
 *   i         where the index goes: NULL at first (old content is ignored), the new
 *             index once lzma_code() returned LZMA_STREAM_END. Must stay until then.
 *   memlimit  bytes of memory for the index
 *
 * Actions: LZMA_RUN, LZMA_FINISH.
 * Returns: LZMA_OK, LZMA_MEM_ERROR, LZMA_PROG_ERROR.
 * From lzma_code(): LZMA_DATA_ERROR, LZMA_MEMLIMIT_ERROR.
 * Memory: the caller frees *i with lzma_index_end(), the rest with lzma_end(strm).
 * Threads: one per strm.
 * Source: 4.
 */
extern LZMA_API(lzma_ret) lzma_index_decoder(lzma_stream *strm, lzma_index **i,
                                             uint64_t memlimit)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Write an Index field in one call.
 *
 *   i  an index
 *   out, out_pos, out_size  output, with room for lzma_index_size() bytes
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_BUF_ERROR   the output does not fit
 *   LZMA_PROG_ERROR
 * Memory: allocates nothing.
 * Threads: readers.
 * Source: 4.
 */
extern LZMA_API(lzma_ret) lzma_index_buffer_encode(const lzma_index *i,
                                                   uint8_t *out, size_t *out_pos,
                                                   size_t out_size)
    lzma_nothrow;

/*
 * Read an Index field in one call.
 *
 *   i          receives the new index, NULL after errors; old content is ignored
 *   memlimit   in: bytes of memory for the index; out: what is needed, if
 *              LZMA_MEMLIMIT_ERROR is returned, else unchanged
 *   allocator  of the index
 *   in, in_pos, in_size  input
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_DATA_ERROR      damaged or truncated
 *   LZMA_MEM_ERROR
 *   LZMA_MEMLIMIT_ERROR  see memlimit
 *   LZMA_PROG_ERROR
 * Memory: the caller frees *i with lzma_index_end().
 * Threads: any.
 * Source: 4.
 */
extern LZMA_API(lzma_ret) lzma_index_buffer_decode(lzma_index **i, uint64_t *memlimit,
                                                   const lzma_allocator *allocator,
                                                   const uint8_t *in, size_t *in_pos,
                                                   size_t in_size)
    lzma_nothrow;

/*
 * Set up a decoder that gathers the index of a whole .xz file, with Stream flags and
 * Stream Padding, without reading its Blocks. It begins at offset 0, then works from
 * the end towards the beginning.
 *
 *   strm        the coder to be
 *   dest_index  where the index goes once lzma_code() returned LZMA_STREAM_END; old
 *               content is ignored. Must stay until then.
 *   memlimit    bytes of memory for the index
 *   file_size   of the file, bytes
 *
 * When lzma_code() returns LZMA_SEEK_NEEDED, give it input from file offset
 * strm->seek_pos, which is at most file_size; what was left of the old input is not
 * needed. The action is then LZMA_RUN again, until the file's end is read once more.
 * With the whole file in one buffer it never asks. total_in is only an estimate.
 *
 * Actions: LZMA_RUN, LZMA_FINISH.
 * Returns: LZMA_OK, LZMA_MEM_ERROR, LZMA_PROG_ERROR.
 * From lzma_code(): LZMA_SEEK_NEEDED; LZMA_FORMAT_ERROR if it is no .xz file;
 * LZMA_OPTIONS_ERROR, LZMA_DATA_ERROR, LZMA_MEMLIMIT_ERROR.
 * Memory: the caller frees *dest_index with lzma_index_end(), the rest with
 * lzma_end(strm).
 * Threads: one per strm.
 * Source: 2, 4.
 */
extern LZMA_API(lzma_ret) lzma_file_info_decoder(lzma_stream *strm,
                                                 lzma_index **dest_index,
                                                 uint64_t memlimit, uint64_t file_size)
    lzma_nothrow;
