// SPDX-License-Identifier: 0BSD
// What can be known of a .xz file before its data come, for decoding with threads.

#ifndef XZ_CLI_FORESIGHT_H
#define XZ_CLI_FORESIGHT_H

#include <clearxz.h>

/* All zero: nothing is known. */
struct xz_foresight {
    clearxz_file file; // for the decoder
    lzma_index *index; // owned
    int fd;            // the file, not owned; must stay open as long as the decoder
};

/*
 * Look at a seekable file of `size` bytes. Its Index is read if it is sound and takes
 * no more than memlimit bytes; what is wrong with it the decoder will tell. The file's
 * read position stays. End the foresight first if there was one before.
 */
void xz_foresight_look(struct xz_foresight *foresight, int fd, uint64_t size,
                       uint64_t memlimit);

/* Free it; the decoder that uses it is not to be called any more. */
void xz_foresight_end(struct xz_foresight *foresight);

#endif
