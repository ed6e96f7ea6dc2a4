// SPDX-License-Identifier: 0BSD
// The dictionary of a decoder: the bytes that matches may copy from.
//
// Two kinds of memory serve:
//
// Borrowed. The caller's output buffer stays as it is (xz_io.out_stays), so it is the
// dictionary, from the place where the decoder began. Nothing is copied.
//
// Own. A buffer that wraps around. It starts small and grows with the data up to its
// full size, which is the dictionary size and XZ_DICT_SLACK: a header that claims 4 GiB
// costs nothing before as much data has come. What is decoded goes on to the output.
//
//     own:       0 ............... pos ........... limit ..... size + XZ_DICT_PAD
//                history           free, now       old history, later free
//
//     borrowed:  0 ............... pos ........... limit ..... size
//                history           free, now       the caller's
//
// A decoder brings the first own buffer along (XZ_DICT_AT_HAND bytes): small files need
// no other, and memory from malloc() costs as much as they take to decode.
//
// Invariants: pos <= limit <= size. History is [0, pos), and [pos, size) too once the
// buffer has wrapped. Between two calls all of it has been given to the output.
//
// A copy may write up to XZ_DICT_OVERRUN bytes more than its length. In an own buffer
// they fall on bytes that are out of reach (XZ_DICT_SLACK) or behind the end
// (XZ_DICT_PAD). In a borrowed one they must not pass its end, hence hard_end.

#ifndef XZ_LZMA_DICT_H
#define XZ_LZMA_DICT_H

#include "base/io.h"
#include <lzma.h>

#define XZ_DICT_OVERRUN 32 // most bytes that a copy writes behind its end
#define XZ_DICT_SLACK   64
#define XZ_DICT_PAD     64
#define XZ_DICT_FIRST   (UINT32_C(1) << 12) // size of a first own buffer, or more

/* Bytes behind a symbol decoder, for xz_dict.first. The minimal library's
   memory is set apart for a whole dictionary. */
#define XZ_DICT_AT_HAND (XZ_SMALL ? 0 : XZ_DICT_FIRST + XZ_DICT_PAD)

struct xz_dict {
    uint8_t *buf;       // position 0
    size_t pos;         // where the next byte goes
    size_t limit;       // decoding stops here for now
    size_t size;        // own: positions wrap here; borrowed: end of the caller's room
    size_t hard_end;    // no byte is written from here on; own: size + XZ_DICT_PAD
    size_t begun;       // pos when xz_dict_begin() returned
    uint32_t reach;     // greatest distance
    uint32_t pos_bias;  // pos + pos_bias counts bytes for lp and pb, modulo 16
    uint8_t last;       // the byte before pos; 0 where there is none
    bool wrapped;       // own: all of [0, size) is history
    bool placed;        // buf is chosen
    bool borrowed;      // buf is the caller's
    uint8_t *first;     // XZ_DICT_AT_HAND bytes of the decoder's; NULL: none
    uint8_t *own;       // own_size + XZ_DICT_PAD bytes: first, an own buffer, or NULL
    size_t own_size;    // 0 when own is NULL
    uint64_t full_size; // what own_size may grow to
};

_Static_assert(
    XZ_DICT_SLACK >= XZ_DICT_OVERRUN + 16 && XZ_DICT_SLACK % 16 == 0,
    "an overrun must not reach living history; positions keep their low bits");
_Static_assert(XZ_DICT_PAD >= 2 * XZ_DICT_OVERRUN, "overruns end inside the pad");

/* The greatest distance that a decoder accepts for this dict_size. */
uint32_t xz_dict_reach(uint32_t dict_size);

/* Bytes of memory for the dictionary when it is full. */
uint64_t xz_dict_memusage(uint32_t dict_size);

/* Makes dict ready for new data; all members but first 0 at the first time. An own
   buffer of the last run is kept if it is not greater than this dictionary may become.
   preset is history that was never output, preset_size bytes, of which the last ones
   that fit serve; NULL for none; not read after the call. Returns LZMA_OK or
   LZMA_MEM_ERROR; then dict can be opened again or ended. */
lzma_ret xz_dict_open(struct xz_dict *dict, const lzma_allocator *allocator,
                      uint32_t dict_size, const uint8_t *preset, size_t preset_size);

/* Forgets all history and starts to count bytes at 0. Everything decoded so far must
   have been given out. */
void xz_dict_reset(struct xz_dict *dict);

/* Gets ready to decode up to max bytes, as far as io has room, and sets limit; a limit
   that equals pos means that io is full (or max 0). The own buffer wraps or grows as
   needed, so one call may offer less than io takes: call again. Returns LZMA_OK or
   LZMA_MEM_ERROR. */
lzma_ret xz_dict_begin(struct xz_dict *dict, const lzma_allocator *allocator,
                       const struct xz_io *io, uint64_t max);

/* Gives io what was decoded since xz_dict_begin(). Returns how many bytes that was. */
size_t xz_dict_flush(struct xz_dict *dict, struct xz_io *io);

/* True if a match may have this distance (1 is the last byte). */
static inline bool xz_dict_reaches(const struct xz_dict *dict, uint64_t dist)
{
    return dist <= dict->reach && (dict->wrapped || dist <= dict->pos);
}

/* Appends up to len bytes from dist bytes before, as far as limit allows, without any
   overrun. dist must be one that xz_dict_reaches(). Returns how many were appended. */
uint32_t xz_dict_repeat(struct xz_dict *dict, uint64_t dist, uint32_t len);

/* Appends up to count bytes of io's input, as far as limit and input allow. Returns how
   many. */
size_t xz_dict_store(struct xz_dict *dict, struct xz_io *io, size_t count);

/* Frees the own buffer. */
void xz_dict_end(struct xz_dict *dict, const lzma_allocator *allocator);

#endif
