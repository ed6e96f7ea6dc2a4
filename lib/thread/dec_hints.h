// SPDX-License-Identifier: 0BSD
// What is known of a file's Blocks before they come.

#ifndef XZ_THREAD_DEC_HINTS_H
#define XZ_THREAD_DEC_HINTS_H

#include <clearxz.h>
#include <stdbool.h>

/* Walks along with a decoder, from Block to Block. */
struct xz_dec_hints {
    bool is_open;         // iter is at the last Block that was asked for
    lzma_index_iter iter; // into the caller's index
};

/* Goes to the beginning of a file. index must stay until the next xz_dec_hints_open();
   NULL: nothing is known. */
void xz_dec_hints_open(struct xz_dec_hints *hints, const lzma_index *index);

/* Goes to the next Block, whose header is in *block, and sets the sizes there that are
   LZMA_VLI_UNKNOWN, if the index tells them. Sizes that are set may be wrong, as those
   of headers may be. */
void xz_dec_hints_next(struct xz_dec_hints *hints, lzma_block *block);

#endif
