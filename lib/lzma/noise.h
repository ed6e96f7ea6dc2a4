// SPDX-License-Identifier: 0BSD
// Recognises text that cannot be compressed, without trying.
//
// Such text (compressed or encrypted already) has three marks. All bytes are equally
// frequent in it; that is counted. It does not repeat itself nearby, as headers of
// small files in a row do. And nothing in it was there before; whether something was is
// asked of anchors, which are positions of earlier text, one each XZ_NOISE_STEP bytes,
// by what stands there: a copy meets one of them within that many bytes, however it is
// aligned.
//
// What is learned by coding in earnest decides that this is asked at all: see
// lzma2_enc.c.

#ifndef XZ_LZMA_NOISE_H
#define XZ_LZMA_NOISE_H

#include "match/window.h"

#define XZ_NOISE_STEP 64
#define XZ_NOISE_SIZE 4096 // bytes that are looked at

struct xz_noise {
    uint32_t *anchors; // owned; has room for 2^room, or is NULL
    uint32_t room;
    bool has_begun; // anchors are set up: there is text enough
    uint32_t bits;  // log2 of their number, which grows with the text
    uint32_t dict_size;
    uint32_t offset; // number of a position minus its window index (wraps)
    uint32_t next;   // number where the next anchor is due
};

/* Upper bound of what is allocated. */
uint64_t xz_noise_memusage(uint32_t dict_size);

/* Forgets all anchors; their memory is kept if it fits. A new struct must be all
   zero. */
void xz_noise_open(struct xz_noise *n, const lzma_allocator *allocator,
                   uint32_t dict_size);
void xz_noise_end(struct xz_noise *n, const lzma_allocator *allocator);

/* The window moved: all indices went down by this much. */
void xz_noise_moved(struct xz_noise *n, uint32_t moved);

/* Sets anchors up to window index end, in the last w->keep bytes before it at most.
   LZMA_MEM_ERROR: there is no memory for anchors. */
lzma_ret xz_noise_learn(struct xz_noise *n, const lzma_allocator *allocator,
                        const struct xz_window *w, uint32_t end);

/* True if the XZ_NOISE_SIZE bytes at window index pos look like noise, and not like
   earlier text. There must be that much text. Before any is learned, only the first is
   asked. */
bool xz_noise_is_at(const struct xz_noise *n, const struct xz_window *w, uint32_t pos);

#endif
