// SPDX-License-Identifier: 0BSD
// Opening and growing of row tables.
//
// A table starts small and grows with the text, in steps that depend on nothing but how
// many positions there are. Each row is copied to all rows that its own splits into.
// Most of its entries are wrong for their row then; candidates are compared anyway.

#include "match/row_table.h"
#include "base/alloc.h"
#include "base/try.h"

#define ALIGN 64

/* Steps of growth, down from room for dict_size positions to not less than
   POSITIONS_MIN: a quarter, or an eighth above SMALL. While a table grows, the old one
   exists too. */
#define POSITIONS_MIN (UINT32_C(1) << 12)
#define SMALL         (UINT32_C(1) << 18)

#define NARROW_BITS 3

static uint32_t step_below(uint32_t positions)
{
    return positions / (positions > SMALL ? 8 : 4);
}

/* The step that has room for `needed` positions. */
static uint32_t step_positions(uint32_t dict_size, uint32_t needed)
{
    uint32_t positions = dict_size;
    while (step_below(positions) >= needed && step_below(positions) >= POSITIONS_MIN)
        positions = step_below(positions);
    return positions;
}

/* One entry for each position, or fewer. Large tables of narrow rows have half as many,
   of the narrowest a quarter: what they hold is nearly as good, and more of it is in
   the cache. */
static uint32_t entry_bits(uint32_t positions, uint32_t row_bits)
{
    uint32_t bits = xz_bits_top32(positions);
    if (positions >= SMALL && row_bits <= NARROW_BITS)
        bits -= row_bits == XZ_ROW_BITS_MIN ? 2 : 1;
    return bits;
}

static uint32_t step_bits(uint32_t positions, uint32_t row_bits)
{
    return entry_bits(positions, row_bits) - row_bits;
}

/* Bytes of the rows. */
static size_t rows_size(uint32_t positions, uint32_t row_bits)
{
    return sizeof(uint32_t) << entry_bits(positions, row_bits);
}

/* With what tells where rings begin. */
static size_t step_size(uint32_t positions, uint32_t row_bits)
{
    const size_t rings =
        row_bits < XZ_ROW_RING_BITS ? 0 : (size_t)1 << step_bits(positions, row_bits);
    return rows_size(positions, row_bits) + rings;
}

uint64_t xz_row_table_memusage(uint32_t row_bits, uint32_t dict_size)
{
    const uint64_t last = step_size(dict_size, row_bits) + ALIGN;
    const uint64_t before = step_size(step_below(dict_size), row_bits) + ALIGN;
    return last + before;
}

void xz_row_table_end(struct xz_row_table *t, const lzma_allocator *allocator)
{
    xz_free(t->memory, allocator);
    t->memory = NULL;
    t->words = NULL;
    t->allocated = 0;
}

static uint64_t *align(void *memory)
{
    return (uint64_t *)(((uintptr_t)memory + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1));
}

lzma_ret xz_row_table_open(struct xz_row_table *t, const lzma_allocator *allocator,
                           uint32_t row_bits, uint32_t dict_size)
{
    xz_row_choose_hits(t);
    t->row_bits = row_bits;
    t->dict_size = dict_size;
    t->pos_bits = xz_bits_top32(dict_size) + 1;
    t->pos_mask = (UINT32_C(1) << t->pos_bits) - 1;
    t->positions = step_positions(dict_size, 0);
    t->main_bits = step_bits(t->positions, row_bits);
    t->row_shift = 32 - t->main_bits;

    /* What is left from a larger dictionary is more than the memory use that was
       told. */
    const size_t size = step_size(t->positions, row_bits);
    if (t->allocated > step_size(dict_size, row_bits) + ALIGN
        || t->allocated < size + ALIGN)
        xz_row_table_end(t, allocator);
    if (t->memory == NULL) {
        t->memory = xz_alloc(size + ALIGN, allocator);
        if (t->memory == NULL)
            return LZMA_MEM_ERROR;
        t->allocated = size + ALIGN;
        t->words = align(t->memory);
    }
    t->latest = (uint8_t *)t->words + rows_size(t->positions, row_bits);
    memset(t->words, 0, size);
    return LZMA_OK;
}

/* Copies each row to all that it splits into; from the last one down, as both tables
   may be the same. words: of a row, a constant. */
XZ_ALWAYS_INLINE void spread_rows(uint64_t *to, const uint64_t *from, size_t words,
                                  uint32_t new_bits, uint32_t splits)
{
    for (size_t i = (size_t)1 << new_bits; i-- > 0;)
        memmove(to + i * words, from + (i >> splits) * words, words * sizeof(*to));
}

static void spread(uint64_t *to, const uint64_t *from, uint32_t row_bits,
                   uint32_t new_bits, uint32_t splits)
{
    _Static_assert(XZ_ROW_BITS_MIN == 2 && XZ_ROW_BITS_MAX == 5, "one of four");
    if (row_bits == 2)
        spread_rows(to, from, 2, new_bits, splits);
    else if (row_bits == 3)
        spread_rows(to, from, 4, new_bits, splits);
    else if (row_bits == 4)
        spread_rows(to, from, 8, new_bits, splits);
    else
        spread_rows(to, from, 16, new_bits, splits);
}

/* The same for where rings begin. */
static void spread_latest(uint8_t *to, const uint8_t *from, uint32_t new_bits,
                          uint32_t splits)
{
    for (size_t i = (size_t)1 << new_bits; i-- > 0;)
        to[i] = from[i >> splits];
}

lzma_ret xz_row_table_reserve(struct xz_row_table *t, const lzma_allocator *allocator,
                              uint32_t positions)
{
    if (positions <= t->positions || t->positions == t->dict_size)
        return LZMA_OK;
    const uint32_t step = step_positions(t->dict_size, positions);
    const uint32_t bits = step_bits(step, t->row_bits);
    const size_t size = step_size(step, t->row_bits);
    void *memory = t->memory;
    if (t->allocated < size + ALIGN) {
        memory = xz_alloc(size + ALIGN, allocator);
        if (memory == NULL)
            return LZMA_MEM_ERROR;
    }
    uint64_t *const words = align(memory);
    uint8_t *const latest = (uint8_t *)words + rows_size(step, t->row_bits);
    if (t->row_bits >= XZ_ROW_RING_BITS) // first: rows may be written over the old ones
        spread_latest(latest, t->latest, bits, bits - t->main_bits);
    spread(words, t->words, t->row_bits, bits, bits - t->main_bits);
    if (memory != t->memory) {
        xz_free(t->memory, allocator);
        t->memory = memory;
        t->words = words;
        t->allocated = size + ALIGN;
    }
    t->latest = latest;
    t->positions = step;
    t->main_bits = bits;
    t->row_shift = 32 - bits;
    return LZMA_OK;
}
