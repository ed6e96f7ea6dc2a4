// SPDX-License-Identifier: 0BSD
// Tables of the latest positions that begin with the same bytes, for finding in bulk.
//
//     heads | 2 bytes | 3 bytes | 4 bytes | 5 bytes | 6 bytes |  8 bytes | or, alone,
//           | 2 bytes | 3 bytes | 4 bytes | 6 bytes | 9 bytes | 16 bytes |
//
// Both a table's word and the text that it leads to are likely to be in far memory. So
// work is done ahead in three steps: words are fetched; 16 or more positions later they
// are read, replaced by the new position, and the text is fetched; 16 or more positions
// later the text is compared. What was read waits in a ring:
//
//     latest | ... searched | taken: valid | free ... |
//                           pos            insert_pos

#include "match/heads.h"
#include "base/alloc.h"
#include "match/finder_table.h"
#include "match/sorted.h"
#include <string.h>

#define HEAD_BITS_MIN 10
#define HEAD_BITS_MAX 22
#define LONG_BITS_MAX 21 // of tables of more than 4 bytes
#define HEADS3_WIDE   21 // from so many bits for 4 bytes on, 3 bytes get 2 more

/* As long as a text is short, tables have about an entry for each position, with at
   most so many bits, but no more than for all of the dictionary. */
#define FULL_BITS 18

/* Positions between the steps. */
#define AHEAD 16

/* Tables with so many bits stay in the caches: nothing is fetched then. */
#define NEAR_BITS 17

/* How far a candidate's text is fetched, if more than XZ_NEAR_SHORT bytes count. */
#define TEXT_FETCHED 63

/* Tables of parts, which all begin empty, get an eighth of the entries for more
   positions than these, a half where the dictionary is no larger. */
#define PART_POSITIONS (UINT32_C(1) << 20)

/* Where memory is short, tables with more bits than these get a quarter of the entries:
   it is better spent on history that is sorted. */
#define LEAN_BITS 18

/* Bytes of text that an insertion needs. */
XZ_ALWAYS_INLINE uint32_t bytes_of(bool alone)
{
    return alone ? 16 : 8;
}

/* Where memory is no question: an entry for four positions, for fewer than four where
   tables are small anyway. */
static uint32_t entry_bits(uint32_t dict_size, uint32_t positions)
{
    const uint32_t dict_bits = xz_bits_top32(dict_size) - 2;
    const uint32_t full = xz_bits_top32(positions | 1U);
    const uint32_t small = dict_bits < FULL_BITS ? dict_bits : FULL_BITS;
    if (full <= small)
        return full;
    return full - 2 > small ? full - 2 : small;
}

/* Bits of an index into the table of 4 bytes, for this many positions. */
static uint32_t head_bits(enum xz_bulk bulk, uint32_t dict_size, uint32_t positions,
                          bool alone)
{
    uint32_t bits = entry_bits(dict_size, positions);
    if (bits < HEAD_BITS_MIN)
        return HEAD_BITS_MIN;
    if (alone) // what sorting would take is free
        return bits < LONG_BITS_MAX ? bits : LONG_BITS_MAX;
    if (bulk == XZ_BULK_LEAN && bits > LEAN_BITS)
        bits = bits - 2 > LEAN_BITS ? bits - 2 : LEAN_BITS;
    if (bulk == XZ_BULK_PART && positions > PART_POSITIONS)
        bits -= 3;
    if (bulk == XZ_BULK_PART && dict_size <= PART_POSITIONS && bits > HEAD_BITS_MIN)
        bits -= 1;
    const uint32_t max = bulk == XZ_BULK_WIDE ? HEAD_BITS_MAX : LONG_BITS_MAX;
    return bits < max ? bits : max;
}

/* Bits of an index into the tables of more bytes: what agrees for XZ_NEAR_LEN_MIN is
   found among neighbours, too, less is not. */
XZ_ALWAYS_INLINE uint32_t long_bits(uint32_t bits)
{
    return bits < LONG_BITS_MAX ? bits : LONG_BITS_MAX;
}

/* Where there are few positions the table of 3 bytes is small too, so that little text
   does not pay for clearing it; where there are many, larger. */
XZ_ALWAYS_INLINE uint32_t bits3(uint32_t bits)
{
    const uint32_t max = bits < HEADS3_WIDE ? XZ_HEADS3_BITS : XZ_HEADS3_BITS + 2;
    return bits + 2 < max ? bits + 2 : max;
}

XZ_ALWAYS_INLINE size_t main_at(uint32_t bits)
{
    return xz_heads3_at(4) + ((size_t)1 << bits3(bits));
}

static size_t head_words(uint32_t bits)
{
    return main_at(bits) + ((size_t)1 << bits)
           + ((size_t)(XZ_HEADS - XZ_HEAD5) << long_bits(bits));
}

/* Just below PART_POSITIONS there may be more bits than above. */
static size_t head_words_max(enum xz_bulk bulk, uint32_t dict_size, bool alone)
{
    const uint32_t early = dict_size < PART_POSITIONS ? dict_size : PART_POSITIONS;
    const uint32_t bits = head_bits(bulk, dict_size, dict_size, alone);
    const uint32_t early_bits = head_bits(bulk, dict_size, early, alone);
    return head_words(bits > early_bits ? bits : early_bits);
}

uint64_t xz_heads_memusage(const struct xz_finder_setup *setup, bool alone)
{
    return (uint64_t)head_words_max(setup->in_bulk, setup->dict_size, alone)
           * sizeof(uint32_t);
}

static void free_heads(struct xz_finder *f, const lzma_allocator *allocator)
{
    xz_free(f->heads, allocator);
    f->heads = NULL;
    f->heads_allocated = 0;
}

void xz_heads_open(struct xz_finder *f, const lzma_allocator *allocator,
                   const struct xz_finder_setup *setup)
{
    const uint32_t start = setup->start;
    f->main_bits = 0; // no heads yet
    f->heads_alone = false;
    f->taken = 0;
    f->noise_start = 0;
    f->noise_end = 0;
    f->offset = start > f->dict_size ? start : f->dict_size + 1;
    if (f->heads_allocated > head_words_max(setup->in_bulk, setup->dict_size, false))
        free_heads(f, allocator);
}

/* The words of a position. */
struct words {
    uint32_t *at[XZ_HEADS];
};

/* alone: a constant. */
XZ_ALWAYS_INLINE struct words words_of(uint32_t *heads, uint32_t bits, const uint8_t *p,
                                       bool alone)
{
    const uint64_t text = xz_read64le(p);
    const uint64_t factor = UINT64_C(0x9E3779B97F4A7C15);
    uint32_t *const main = heads + main_at(bits);
    uint32_t *const more = main + ((size_t)1 << bits);
    const uint32_t long_shift = 64 - long_bits(bits);
    const size_t size = (size_t)1 << long_bits(bits);
    uint64_t hash5 = (text << 24) * factor;
    uint64_t hash6 = (text << 16) * factor;
    uint64_t hash8 = text * factor;
    if (alone) {
        const uint64_t other = UINT64_C(0xC2B2AE3D27D4EB4F);
        hash5 = hash6;
        hash6 = hash8 + xz_read64le(p + 1) * other;
        hash8 += xz_read64le(p + 8) * other;
    }
    return (struct words){{
        heads + xz_hash2(p),
        heads + xz_heads3_at(4) + xz_hash((uint32_t)text << 8, bits3(bits)),
        main + xz_hash((uint32_t)text, bits),
        more + (hash5 >> long_shift),
        more + size + (hash6 >> long_shift),
        more + 2 * size + (hash8 >> long_shift),
    }};
}

/* The first table is always near. */
XZ_ALWAYS_INLINE void fetch(const struct words *words)
{
    XZ_PREFETCH_FAR(words->at[XZ_HEAD3]);
    XZ_PREFETCH_FAR(words->at[XZ_HEAD4]);
    XZ_PREFETCH_FAR(words->at[XZ_HEAD5]);
    XZ_PREFETCH_FAR(words->at[XZ_HEAD6]);
    XZ_PREFETCH_FAR(words->at[XZ_HEAD8]);
}

XZ_ALWAYS_INLINE void replace(const struct words *words, uint32_t number)
{
    *words->at[XZ_HEAD2] = number;
    *words->at[XZ_HEAD3] = number;
    *words->at[XZ_HEAD4] = number;
    *words->at[XZ_HEAD5] = number;
    *words->at[XZ_HEAD6] = number;
    *words->at[XZ_HEAD8] = number;
}

/* True if the next position's bytes are the same, so that it takes all the words. */
XZ_ALWAYS_INLINE bool is_same_next(const uint8_t *p, bool alone)
{
    return xz_read64le(p) == xz_read64le(p + 1)
           && (!alone || xz_read64le(p + 8) == xz_read64le(p + 9));
}

/* Inserts positions from insert_pos up to pos as far as their text is there. */
XZ_ALWAYS_INLINE void insert_all(struct xz_finder *f, const struct xz_window *w,
                                 uint32_t pos, bool alone)
{
    const uint32_t bits = f->main_bits;
    const uint32_t bytes = bytes_of(alone);
    uint32_t *const heads = f->heads;
    uint32_t at = f->insert_pos;
    if (at >= pos)
        return;
    f->taken = 0;
    for (; at < pos && w->end - at >= bytes + AHEAD; ++at) {
        if (at + 1 < pos && is_same_next(w->buf + at, alone))
            continue;
        const struct words next = words_of(heads, bits, w->buf + at + AHEAD, alone);
        const struct words words = words_of(heads, bits, w->buf + at, alone);
        fetch(&next);
        replace(&words, at + f->offset);
    }
    for (; at < pos && w->end - at >= bytes; ++at) {
        const struct words words = words_of(heads, bits, w->buf + at, alone);
        replace(&words, at + f->offset);
    }
    f->insert_pos = at;
}

static void insert(struct xz_finder *f, const struct xz_window *w, uint32_t pos)
{
    if (f->heads_alone)
        insert_all(f, w, pos, true);
    else
        insert_all(f, w, pos, false);
}

/* Makes heads with this many bits, anew from the text. */
static lzma_ret make(struct xz_finder *f, const lzma_allocator *allocator,
                     const struct xz_window *w, uint32_t bits)
{
    const size_t words = head_words(bits);
    if (f->heads == NULL || words > f->heads_allocated) {
        free_heads(f, allocator);
        f->heads = xz_alloc_large(words * sizeof(uint32_t), allocator);
        if (f->heads == NULL) {
            f->main_bits = 0;
            return LZMA_MEM_ERROR;
        }
        f->heads_allocated = words;
    }
    memset(f->heads, 0, words * sizeof(uint32_t));
    f->main_bits = bits;
    f->noise_start = f->noise_end;
    const uint32_t inserted = f->insert_pos;
    const uint32_t taken = f->taken;
    f->insert_pos = inserted > f->dict_size ? inserted - f->dict_size : 0;
    insert(f, w, inserted);
    f->taken = taken;
    return LZMA_OK;
}

/* What w->pos has as number when they begin again: more than any distance, and so much
   that it does not depend on where in the window the text is. */
#define NUMBER_AGAIN (UINT32_C(1) << 31)

/* If numbers of positions up to end would wrap, lets them begin again; places in the
   ring stay the same. Returns true if so: heads have to be made anew. */
static bool renumber(struct xz_finder *f, const struct xz_window *w, uint32_t end)
{
    if (end <= UINT32_MAX - f->offset)
        return false;
    const uint32_t place = (w->pos + f->offset) % XZ_LATEST;
    f->offset = NUMBER_AGAIN + place - w->pos;
    return true;
}

lzma_ret xz_heads_update(struct xz_finder *f, const lzma_allocator *allocator,
                         const struct xz_window *w, uint32_t end, bool alone)
{
    /* What the window keeps before the history must not count. */
    const uint32_t positions = end < f->dict_size ? end : f->dict_size;
    uint32_t bits = head_bits(f->in_bulk, f->dict_size, positions, alone);
    if (alone != f->heads_alone) {
        f->heads_alone = alone;
        f->insert_pos = f->insert_pos < w->pos ? f->insert_pos : w->pos;
        f->taken = 0;
        f->main_bits = 0;
        if (f->heads_allocated > head_words_max(f->in_bulk, f->dict_size, alone))
            free_heads(f, allocator);
    }
    if (bits < f->main_bits)
        bits = f->main_bits;
    if (!renumber(f, w, end) && bits == f->main_bits)
        return LZMA_OK;
    return make(f, allocator, w, bits);
}

void xz_heads_skip(struct xz_finder *f, uint32_t pos)
{
    const uint32_t times = f->heads_alone ? 4 : 2;
    const uint32_t worth = times << f->main_bits;
    if (pos > f->insert_pos && pos - f->insert_pos > worth)
        f->insert_pos = pos - worth;
}

/* Positions up to end are not to be found in the tables. */
static void leave_out(struct xz_finder *f, uint32_t end)
{
    if (f->insert_pos >= end)
        return;
    f->insert_pos = end;
    f->taken = 0;
}

void xz_finder_pass(struct xz_finder *f, const struct xz_window *w, uint32_t size,
                    uint32_t dist)
{
    if (renumber(f, w, w->pos + size)) { // to be prepared again
        f->main_bits = 0;
        f->taken = 0;
        f->sorted_end = 0;
    }
    if (f->main_bits == 0) // no heads yet
        return;
    XZ_CHECKED(dist <= w->pos && size <= w->end - w->pos);
    /* Positions from first to end have the text of those that pass. Those behind become
       findable when the next position is searched. */
    const uint32_t first = w->pos - dist;
    const uint32_t end = first + size;
    insert(f, w, first);
    leave_out(f, end);
}

void xz_finder_pass_noise(struct xz_finder *f, const struct xz_window *w, uint32_t size)
{
    if (f->main_bits == 0 || f->heads_alone)
        return;
    insert(f, w, w->pos);
    if (f->noise_start == f->noise_end)
        f->noise_start = w->pos;
    f->noise_end = w->pos + size;
    leave_out(f, f->noise_end);
}

/* Places a position where there is no later one. */
XZ_ALWAYS_INLINE void place(uint32_t *word, uint32_t number)
{
    *word = *word > number ? *word : number;
}

void xz_heads_take_noise(struct xz_finder *f, const struct xz_window *w, uint32_t limit)
{
    const uint32_t reach = w->pos > f->dict_size ? w->pos - f->dict_size : 0;
    const uint32_t end = limit < f->noise_end ? limit : f->noise_end;
    const uint32_t readable = w->end - bytes_of(false);
    uint32_t at = f->noise_start > reach ? f->noise_start : reach;
    if (at >= end)
        return;
    for (; at < end; ++at) {
        const uint32_t next = at + AHEAD < readable ? at + AHEAD : readable;
        const struct words ahead =
            words_of(f->heads, f->main_bits, w->buf + next, false);
        const struct words words = words_of(f->heads, f->main_bits, w->buf + at, false);
        fetch(&ahead);
        for (uint32_t table = 0; table < XZ_HEADS; ++table)
            place(words.at[table], at + f->offset);
    }
    f->noise_start = end;
}

/* Replaces a word; fetches the text that it led to, unless all is near. Returns the
   distance. */
XZ_ALWAYS_INLINE uint32_t exchange(uint32_t *word, uint32_t number, uint32_t dict_size,
                                   const uint8_t *cur, bool is_far)
{
    uint32_t dist = number - *word;
    *word = number;
    dist = dist <= dict_size ? dist : 0;
    if (is_far)
        XZ_PREFETCH_FAR(cur - dist);
    return dist;
}

/* The same where far texts agree for long. */
XZ_ALWAYS_INLINE uint32_t exchange_long(uint32_t *word, uint32_t number,
                                        uint32_t dict_size, const uint8_t *cur,
                                        uint32_t fetched, bool is_far)
{
    const uint32_t dist = exchange(word, number, dict_size, cur, is_far);
    if (is_far)
        XZ_PREFETCH_FAR(cur - dist + fetched);
    return dist;
}

/* Takes positions from insert_pos up to end, whose text is there. is_far: tables and
   texts may be in far memory. Both it and alone are constants. */
XZ_ALWAYS_INLINE void take_all(struct xz_finder *f, const struct xz_window *w,
                               uint32_t end, bool is_far, bool alone)
{
    const uint32_t bits = f->main_bits;
    const uint32_t dict_size = f->dict_size;
    uint32_t *const heads = f->heads;
    const uint32_t readable = w->end - bytes_of(alone);
    const uint32_t fetched =
        f->sorted.cap <= XZ_NEAR_SHORT ? XZ_NEAR_SHORT - 1 : TEXT_FETCHED;
    for (uint32_t pos = f->insert_pos; pos < end; ++pos) {
        const uint8_t *const cur = w->buf + pos;
        const uint32_t number = pos + f->offset;
        uint32_t *const dists = f->latest[number % XZ_LATEST].dists;
        const uint32_t next = pos + AHEAD < readable ? pos + AHEAD : readable;
        const struct words words = words_of(heads, bits, cur, alone);
        if (is_far) {
            const struct words ahead = words_of(heads, bits, w->buf + next, alone);
            fetch(&ahead);
        }
        dists[XZ_HEAD2] = exchange(words.at[XZ_HEAD2], number, dict_size, cur, is_far);
        dists[XZ_HEAD3] = exchange(words.at[XZ_HEAD3], number, dict_size, cur, is_far);
        dists[XZ_HEAD4] =
            exchange_long(words.at[XZ_HEAD4], number, dict_size, cur, fetched, is_far);
        dists[XZ_HEAD5] =
            exchange_long(words.at[XZ_HEAD5], number, dict_size, cur, fetched, is_far);
        dists[XZ_HEAD6] =
            exchange_long(words.at[XZ_HEAD6], number, dict_size, cur, fetched, is_far);
        dists[XZ_HEAD8] =
            exchange_long(words.at[XZ_HEAD8], number, dict_size, cur, fetched, is_far);
    }
}

static void take(struct xz_finder *f, const struct xz_window *w, uint32_t end)
{
    if (f->heads_alone)
        take_all(f, w, end, true, true);
    else if (f->main_bits > NEAR_BITS)
        take_all(f, w, end, true, false);
    else
        take_all(f, w, end, false, false);
    if (end > f->insert_pos) {
        f->taken += end - f->insert_pos;
        f->taken = f->taken < XZ_LATEST ? f->taken : XZ_LATEST;
        f->insert_pos = end;
    }
}

/* For a position that cannot be taken: nothing is inserted. */
static void look(const struct xz_finder *f, const struct xz_window *w, uint32_t pos,
                 uint32_t *dists)
{
    const uint32_t avail = w->end - pos;
    const uint8_t *const bytes = f->heads_alone ? xz_head_bytes_alone : xz_head_bytes;
    const struct words words =
        f->heads_alone ? words_of(f->heads, f->main_bits, w->buf + pos, true)
                       : words_of(f->heads, f->main_bits, w->buf + pos, false);
    for (uint32_t table = 0; table < XZ_HEADS; ++table) {
        const uint32_t dist = pos + f->offset - *words.at[table];
        dists[table] = avail >= bytes[table] && dist <= f->dict_size ? dist : 0;
    }
}

const struct xz_latest *xz_heads_take(struct xz_finder *f, const struct xz_window *w,
                                      uint32_t pos, uint32_t *count,
                                      struct xz_latest *room)
{
    const uint32_t avail = w->end - pos;
    const uint32_t size = *count + bytes_of(f->heads_alone);
    insert(f, w, pos);
    if (avail >= size)
        take(f, w, pos + *count + (avail - size < AHEAD ? avail - size : AHEAD));
    else
        *count = 1;
    if (pos + *count > f->insert_pos || f->insert_pos - pos > f->taken) {
        *count = 1;
        look(f, w, pos, room->dists);
        insert(f, w, pos + 1);
        return room;
    }
    const uint32_t place = (pos + f->offset) % XZ_LATEST;
    if (place + *count <= XZ_LATEST)
        return &f->latest[place];
    const uint32_t split = XZ_LATEST - place;
    memcpy(room, &f->latest[place], split * sizeof(*room));
    memcpy(room + split, f->latest, (*count - split) * sizeof(*room));
    return room;
}
