/* SPDX-License-Identifier: 0BSD */
/* Verify an Index against the Blocks before it, in constant memory. */
/* clang-format off */

#ifndef LZMA_H_INTERNAL
# error "Include <lzma.h>, not this part of it."
#endif

/*
 * A decoder that only wants to know whether the Index tells the truth need not keep
 * the sizes of all Blocks: a hash of them is enough. Append the sizes of each Block,
 * then feed the bytes of the Index.
 */
typedef struct lzma_index_hash_s lzma_index_hash;

/*
 * Create an index hash, or empty one for reuse.
 *
 *   index_hash  NULL to create; else it is emptied, and returned
 *   allocator   used only when creating
 *
 * Returns: the object, or NULL if there is no memory (never if reused).
 * Memory: the caller frees it with lzma_index_hash_end().
 * Threads: one per index_hash.
 */
extern LZMA_API(lzma_index_hash *) lzma_index_hash_init(lzma_index_hash *index_hash,
                                                        const lzma_allocator *allocator)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Free an index hash.
 *
 *   index_hash  may be NULL
 *   allocator   the one it was created with
 *
 * Threads: one per index_hash.
 */
extern LZMA_API(void) lzma_index_hash_end(lzma_index_hash *index_hash,
                                          const lzma_allocator *allocator)
    lzma_nothrow;

/*
 * Add the sizes of the next Block.
 *
 *   index_hash         no lzma_index_hash_decode() was called yet
 *   unpadded_size      bytes, 5..2^63 - 4; see lzma_block_unpadded_size()
 *   uncompressed_size  bytes, 0..LZMA_VLI_MAX
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_DATA_ERROR  the Stream or its Index would get too big for the format
 *   LZMA_PROG_ERROR  a size out of range, or decoding has begun
 * Threads: one per index_hash.
 * Source: 4.3.
 */
extern LZMA_API(lzma_ret) lzma_index_hash_append(lzma_index_hash *index_hash,
                                                 lzma_vli unpadded_size,
                                                 lzma_vli uncompressed_size)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Read the Index field, in as many pieces as it comes, and compare it with the Blocks.
 *
 *   index_hash           all Blocks were appended
 *   in, in_pos, in_size  input, starting with the Index Indicator; *in_pos moves
 *
 * Returns:
 *   LZMA_OK          more input is needed
 *   LZMA_STREAM_END  the Index is complete and agrees
 *   LZMA_DATA_ERROR  the Index is damaged or does not agree
 *   LZMA_BUF_ERROR   there was no input at all
 *   LZMA_PROG_ERROR  called after the end or after LZMA_DATA_ERROR
 * Threads: one per index_hash.
 * Source: 4.
 */
extern LZMA_API(lzma_ret) lzma_index_hash_decode(lzma_index_hash *index_hash,
                                                 const uint8_t *in, size_t *in_pos,
                                                 size_t in_size)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Size of the Index field of the Blocks appended so far: what Backward Size must say.
 *
 *   index_hash  any
 *
 * Returns: bytes, a multiple of 4.
 * Threads: readers.
 * Source: 2.1.2.2, 4.
 */
extern LZMA_API(lzma_vli) lzma_index_hash_size(const lzma_index_hash *index_hash)
    lzma_nothrow lzma_attr_pure;
