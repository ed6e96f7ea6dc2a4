// SPDX-License-Identifier: 0BSD
// What a byte is worth to the fast parser.
//
// A match saves what its bytes would cost otherwise. Most text has other matches or
// cheap literals for them. Where literals cost nearly a byte and are many, as in
// machine code of words or in tables of numbers, short matches are worth more, and
// three bytes farther away, too. But not where the last distances go on behind
// literals: in records that differ in little, in sound and pictures, a match by chance
// would make them be forgotten.
//
// Late stretches tell which it is, so that it does not depend on how the text comes.

#ifndef XZ_LZMA_BYTE_WORTH_H
#define XZ_LZMA_BYTE_WORTH_H

#include "lzma/symbol_enc.h"

/* Of late stretches, of which older ones count less. */
struct xz_byte_worth {
    uint32_t stretches; // so far
    uint32_t bytes;
    uint32_t literals;
    uint32_t short_reps;
    uint32_t price;  // of some literals, in 64ths of a bit
    uint32_t priced; // how many
    uint32_t reps;
    uint32_t beside_reps; // literals of the same stretches
    bool is_dear;         // the answer: bytes are worth more than usual
};

/* Forgets all; bytes are worth what is usual. */
void xz_byte_worth_reset(struct xz_byte_worth *w);

/* Takes in a stretch at text, which has a byte before it: the `total` symbols chosen
   for it, which the coder is about to code. */
void xz_byte_worth_learn(struct xz_byte_worth *w, const struct xz_symbol_enc *coder,
                         const uint8_t *text, const struct xz_symbol *symbols,
                         uint32_t total);

#endif
