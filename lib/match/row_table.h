// SPDX-License-Identifier: 0BSD
// Rows of the latest positions, one row for each hash of a text's first bytes.
//
// A chain's next position is known only when the one before has come from memory. A row
// has all its candidates side by side: one read brings them all, and their texts can be
// fetched at the same time. A new position takes the place of the oldest.
//
//     row    | latest | ... | oldest |    4 to 16 entries, in words of two
//     ring   | ... | latest | ... |       32 entries
//     entry  | tag    | number       |    32 bits
//              hash     pos_bits
//
// Short rows are moved by one place. The longest are rings: where the latest entry is
// stands elsewhere, a byte for each row, so that inserting is one store.
//
// An entry's upper bits are a tag: bits of the hash that do not choose the row. All
// tags of a row are compared at once, so that only texts that very likely agree are
// looked at. The number is that of the position modulo 2^pos_bits, which exceeds the
// greatest distance. An entry that is older than that, or none, may stand for a
// distance by chance. That does no harm: a candidate must be in reach and its text is
// compared. So numbers may wrap, and are never lowered.

#ifndef XZ_MATCH_ROW_TABLE_H
#define XZ_MATCH_ROW_TABLE_H

#include "base/bits.h"
#include "base/bytes.h"
#include "match/row_x86.h"
#include <lzma.h>

#define XZ_ROW_BITS_MIN 2
#define XZ_ROW_BITS_MAX 5

/* Rows of so many bits are rings. */
#define XZ_ROW_RING_BITS 5
_Static_assert(XZ_ROW_RING_BITS == XZ_ROW_BITS_MAX, "hits of a ring are 32 bits");

/* Bytes of text that rows are chosen by. */
#define XZ_ROW_TEXT 4

struct xz_row_table {
    uint64_t *words;  // owned by `memory`; aligned to a cache line
    uint8_t *latest;  // owned by `memory`; for each ring, where its latest entry is
    void *memory;     // owned
    size_t allocated; // bytes of it
    /* A bit for each entry of a ring with the tag, the first place's lowest; of this
       CPU. */
    uint32_t (*ring_hits)(const uint64_t *row, uint32_t tag, uint32_t pos_bits);
    uint32_t row_bits;  // log2 of entries in a row
    uint32_t pos_bits;  // of a number in an entry
    uint32_t pos_mask;  // so many ones
    uint32_t main_bits; // log2 of rows, at the present step of growth
    uint32_t row_shift; // 32 - main_bits
    uint32_t dict_size; // greatest distance
    uint32_t positions; // that the present step has room for
};

/* Empties the table and readies it for `positions` positions with distances up to
   dict_size. A new struct must be all zero. LZMA_MEM_ERROR: no memory. */
lzma_ret xz_row_table_open(struct xz_row_table *t, const lzma_allocator *allocator,
                           uint32_t row_bits, uint32_t dict_size);

/* Makes room for so many positions (capped by the dictionary). LZMA_MEM_ERROR: there is
   none, and nothing changed. */
lzma_ret xz_row_table_reserve(struct xz_row_table *t, const lzma_allocator *allocator,
                              uint32_t positions);
void xz_row_table_end(struct xz_row_table *t, const lzma_allocator *allocator);

/* Sets ring_hits. */
void xz_row_choose_hits(struct xz_row_table *t);

/* Upper bound of the bytes that a table allocates. */
uint64_t xz_row_table_memusage(uint32_t row_bits, uint32_t dict_size);

/* Where a text belongs: its row, and its tag in the place that tags have in entries. */
struct xz_row_key {
    uint64_t *row;
    uint8_t *latest; // of a ring
    uint32_t first;  // the same, as it was when the key was made; 0: no ring
    uint32_t tag;
};

/* Fibonacci hashing: the product with 2^32 / golden ratio. Rows are chosen by its upper
   bits, tags are its lower ones. No two texts have the same product. */
#define XZ_ROW_FACTOR UINT32_C(2654435769)

static inline uint32_t xz_row_hash(const uint8_t *text)
{
    return xz_read32le(text) * XZ_ROW_FACTOR;
}

XZ_ALWAYS_INLINE uint64_t *xz_row_of(const struct xz_row_table *t, uint32_t hash,
                                     uint32_t row_bits)
{
    return t->words + ((size_t)(hash >> t->row_shift) << (row_bits - 1));
}

XZ_ALWAYS_INLINE struct xz_row_key xz_row_key(const struct xz_row_table *t,
                                              const uint8_t *text, uint32_t row_bits)
{
    const uint32_t hash = xz_row_hash(text);
    struct xz_row_key key = {
        .row = xz_row_of(t, hash, row_bits),
        .tag = hash << t->pos_bits,
    };
    if (row_bits >= XZ_ROW_RING_BITS) {
        key.latest = t->latest + (hash >> t->row_shift);
        key.first = *key.latest;
    }
    return key;
}

/* Fetches a text's row into the cache. */
XZ_ALWAYS_INLINE void xz_row_prefetch(const struct xz_row_table *t, const uint8_t *text,
                                      uint32_t row_bits)
{
    const uint32_t hash = xz_row_hash(text);
    XZ_PREFETCH(xz_row_of(t, hash, row_bits));
    if (row_bits >= XZ_ROW_RING_BITS)
        XZ_PREFETCH(t->latest + (hash >> t->row_shift));
}

/* The number of a position as entries have it. */
static inline uint32_t xz_row_number(const struct xz_row_table *t, uint32_t number)
{
    return number & t->pos_mask;
}

XZ_ALWAYS_INLINE uint32_t xz_row_hits_plain(const uint64_t *row, uint32_t tag,
                                            uint32_t pos_bits, uint32_t row_bits)
{
    const uint64_t tags = ((uint64_t)tag << 32) | tag;
    uint32_t hits = 0;
    for (uint32_t i = 0; i < UINT32_C(1) << (row_bits - 1); ++i) {
        const uint64_t x = row[i] ^ tags;
        hits |= (uint32_t)((uint32_t)x >> pos_bits == 0) << (2 * i);
        hits |= (uint32_t)(x >> 32 >> pos_bits == 0) << (2 * i + 1);
    }
    return hits;
}

/* Puts an entry in front of a short row. */
XZ_ALWAYS_INLINE void xz_row_push_plain(uint64_t *row, uint32_t entry,
                                        uint32_t row_bits)
{
    uint64_t before = entry;
    for (uint32_t i = 0; i < UINT32_C(1) << (row_bits - 1); ++i) {
        const uint64_t word = row[i];
        row[i] = (word << 32) | before;
        before = word >> 32;
    }
}

/* A bit for each entry with the key's tag, the latest entry's lowest. */
XZ_ALWAYS_INLINE uint32_t xz_row_hits(const struct xz_row_table *t,
                                      const struct xz_row_key *key, uint32_t row_bits)
{
    if (row_bits >= XZ_ROW_RING_BITS) {
        const uint32_t hits = t->ring_hits(key->row, key->tag, t->pos_bits);
        return hits >> key->first | hits << ((0 - key->first) & 31);
    }
    return XZ_ROW_X86 ? xz_row_hits_x86(key->row, key->tag, t->pos_bits, row_bits)
                      : xz_row_hits_plain(key->row, key->tag, t->pos_bits, row_bits);
}

/* Entry i, from the latest on. */
XZ_ALWAYS_INLINE uint32_t xz_row_place(const struct xz_row_key *key, uint32_t i,
                                       uint32_t row_bits)
{
    return row_bits < XZ_ROW_RING_BITS ? i : (key->first + i) & 31;
}

/* How far before the position with this number entry i is, if it is in reach. */
XZ_ALWAYS_INLINE uint32_t xz_row_dist(const struct xz_row_table *t,
                                      const struct xz_row_key *key, uint32_t number,
                                      uint32_t i, uint32_t row_bits)
{
    const uint32_t place = xz_row_place(key, i, row_bits);
    uint32_t entry;
    if (XZ_BIG_ENDIAN)
        entry = (uint32_t)(key->row[place / 2] >> (place % 2 * 32));
    else
        memcpy(&entry, (const uint8_t *)key->row + sizeof(entry) * place,
               sizeof(entry));
    return xz_row_number(t, number - entry);
}

/* Takes the place before the latest one. */
XZ_ALWAYS_INLINE void xz_row_push_ring(const struct xz_row_key *key, uint32_t entry)
{
    const uint32_t place = (key->first - 1) & 31;
    *key->latest = (uint8_t)place;
    if (XZ_BIG_ENDIAN) {
        const uint32_t shift = place % 2 * 32;
        const uint64_t others = key->row[place / 2] & ~((uint64_t)UINT32_MAX << shift);
        key->row[place / 2] = others | (uint64_t)entry << shift;
    } else {
        memcpy((uint8_t *)key->row + sizeof(entry) * place, &entry, sizeof(entry));
    }
}

/* Makes a position the latest one. The key must be as it was made: no other one of its
   row has come in since. */
XZ_ALWAYS_INLINE void xz_row_push(const struct xz_row_table *t,
                                  const struct xz_row_key *key, uint32_t number,
                                  uint32_t row_bits)
{
    const uint32_t entry = key->tag | xz_row_number(t, number);
    if (row_bits >= XZ_ROW_RING_BITS)
        xz_row_push_ring(key, entry);
    else if (XZ_ROW_X86)
        xz_row_push_x86(key->row, entry, row_bits);
    else
        xz_row_push_plain(key->row, entry, row_bits);
}

#endif
