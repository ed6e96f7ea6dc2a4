// SPDX-License-Identifier: 0BSD
// Reads the Indexes of a .xz file without decoding its Blocks.

#ifndef XZ_CLI_INDEX_READ_H
#define XZ_CLI_INDEX_READ_H

#include <lzma.h>

#include <stddef.h>
#include <stdint.h>

/*
 * One lzma_index for all Streams of a seekable file of `size` bytes; to be freed with
 * lzma_index_end(). The file's read position stays.
 *
 * Returns LZMA_OK; LZMA_MEMLIMIT_ERROR with the amount needed in *ret_memory; another
 * error of lzma_file_info_decoder(); or LZMA_BUF_ERROR with the reason in errno if
 * reading failed.
 */
lzma_ret xz_index_read(int fd, uint64_t size, uint64_t memlimit, lzma_index **ret_index,
                       uint64_t *ret_memory);

/* Read exactly that many bytes from a place in a file: 0, or a value of errno. */
int xz_read_at(int fd, uint64_t offset, void *buffer, size_t size);

#endif
