/* SPDX-License-Identifier: 0BSD */
/* What ClearXZ offers beyond the interface of liblzma. */
/* clang-format off */

#ifndef CLEARXZ_H
#define CLEARXZ_H

#include <lzma.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ClearXZ's own version; LZMA_VERSION_STRING is that of the interface it provides. */
#define CLEARXZ_VERSION_STRING "0.1.0"

/*
 * The CLEARXZ_VERSION_STRING of the library that the program runs with.
 * Memory: a constant string; do not free it.
 * Threads: any.
 */
extern LZMA_API(const char *) clearxz_version(void)
    lzma_nothrow lzma_attr_const;

/* Memory of a fixed size for one decoder. The members are the library's. */
typedef struct {
    lzma_allocator allocator; /* for lzma_stream.allocator and one-shot calls */
    unsigned char *memory;
    size_t size;
} clearxz_arena;

/*
 * Bytes of memory that decoding .xz files of a dictionary up to dict_size takes; with 0
 * what lzma_stream_buffer_decode() and lzma_block_buffer_decode() take, whose output
 * buffer is the dictionary. For clearxz_arena_init(), where the decoder was made by
 * `make minimal`: there, memory is known when a program is compiled.
 */
#define CLEARXZ_DECODER_MEMORY(dict_size) ((dict_size) + (UINT32_C(36) << 10))

/*
 * Makes an lzma_allocator that hands out parts of a piece of memory, and NULL when that
 * is used up. Nothing is to be freed but by the coders that use it.
 *
 *   arena   set up by this call; must stay, and not be moved, while it is used
 *   memory  size bytes, of any alignment; owner: the program
 *
 * Threads: one at a time for each arena, so it is not for coders with threads.
 * Source: ours.
 */
extern LZMA_API(void) clearxz_arena_init(clearxz_arena *arena, void *memory,
                                         size_t size)
    lzma_nothrow;

/*
 * What a program that can read a .xz file at any place tells the decoder about it.
 * Set the whole struct to zero first. All of it must stay as it is until the decoder is
 * ended or replaced by another.
 */
typedef struct {
    /*
     * The Index of the file, from lzma_file_info_decoder(). It tells the sizes of
     * Blocks whose headers do not, so that they can be decoded by several threads. It
     * is no more than a hint: the Blocks are compared with the Index in the data.
     * Owner: the program. NULL: not known.
     */
    const lzma_index *index;

    /*
     * Reads size bytes (at most 64) of the file from byte pos on into buffer; true if
     * all of them were there. With it the decoder looks ahead into the LZMA2 data of a
     * Block for places where the dictionary is reset: what is between two of them can
     * be decoded by a thread of its own. Called in lzma_code() by the thread that calls
     * that. NULL: there is no looking ahead.
     */
    lzma_bool (*read_at)(void *opaque, uint64_t pos, uint8_t *buffer, size_t size);

    void *opaque; /* passed to read_at() */
} clearxz_file;

/*
 * Like lzma_stream_decoder_mt(), for a file that the program knows more about. The data
 * still come through next_in and avail_in, in order, from the first byte of the file.
 *
 *   strm     an initialised lzma_stream
 *   options  as for lzma_stream_decoder_mt()
 *   file     what is known; the struct itself is copied
 *
 * Returns as lzma_stream_decoder_mt(); LZMA_PROG_ERROR also if file is NULL.
 * Threads: as for lzma_code(), one at a time for each lzma_stream. Source: ours.
 */
extern LZMA_API(lzma_ret) clearxz_file_decoder_mt(lzma_stream *strm,
                                                  const lzma_mt *options,
                                                  const clearxz_file *file)
    lzma_nothrow lzma_attr_warn_unused_result;

#ifdef __cplusplus
}
#endif

#endif
