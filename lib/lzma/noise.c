// SPDX-License-Identifier: 0BSD
// Counting bytes, and anchors in earlier text.

#include "lzma/noise.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/bytes.h"
#include "base/try.h"
#include "match/match_len.h"

#define BITS_MIN 8
#define BITS_MAX 20

/* There are 2^BITS_FIRST anchors at first, and more as text comes, so that little text
   does not pay for a dictionary: ANCHOR_ROOM times as many as places that have one, or
   some of a copy's may be lost to later ones; at last as many as a dictionary has
   places. */
#define BITS_FIRST  12
#define BITS_GROWTH 2
#define ANCHOR_ROOM 4

/* Sum of squares of the 256 counts. For n random bytes n + n * (n - 1) / 256 are
   expected, 69616, with a standard deviation of 360. What is a good eight of them above
   could be coded by frequencies in 0.4 % less, which is less than learning them
   costs. */
#define SQUARES_MAX 72600

/* So many places where four bytes stand that stood there before, within XZ_NOISE_SIZE:
   more are copies of 8 bytes at least. By chance there are 0.002. */
#define REPEATS_MAX 4
#define REPEAT_BITS 12

_Static_assert(XZ_NOISE_SIZE <= UINT16_MAX, "places fit into 16 bits");

/* Copies are looked for at one place each so many bytes. */
#define PROBE_STEP 1024

/* As many bytes of a copy must agree. */
#define COPY_MIN 16

/* Log2 of the number of anchors of a whole dictionary. */
static uint32_t bits_max(uint32_t dict_size)
{
    const uint32_t bits = xz_bits_top32(dict_size / XZ_NOISE_STEP);
    return bits < BITS_MIN ? BITS_MIN : bits > BITS_MAX ? BITS_MAX : bits;
}

static size_t anchors_size(uint32_t bits)
{
    return sizeof(uint32_t) << bits;
}

uint64_t xz_noise_memusage(uint32_t dict_size)
{
    return anchors_size(bits_max(dict_size));
}

void xz_noise_end(struct xz_noise *n, const lzma_allocator *allocator)
{
    xz_free(n->anchors, allocator);
    n->anchors = NULL;
    n->room = 0;
}

void xz_noise_open(struct xz_noise *n, const lzma_allocator *allocator,
                   uint32_t dict_size)
{
    if (n->anchors != NULL && n->room > bits_max(dict_size))
        xz_noise_end(n, allocator);
    n->has_begun = false;
    n->bits = 0;
    n->dict_size = dict_size;
    n->offset = 0;
    n->next = 0;
}

void xz_noise_moved(struct xz_noise *n, uint32_t moved)
{
    n->offset += moved;
}

static uint32_t *anchor_of(const struct xz_noise *n, const uint8_t *text)
{
    const uint64_t product = xz_read64le(text) * UINT64_C(0x9E3779B97F4A7C15);
    return &n->anchors[product >> (64 - n->bits)];
}

/* Anchors that `text` bytes ask for, as log2. */
static uint32_t wanted_bits(const struct xz_noise *n, uint32_t text)
{
    const uint32_t max = bits_max(n->dict_size);
    uint32_t bits = n->has_begun ? n->bits : BITS_FIRST;
    while (bits < max && text / (XZ_NOISE_STEP / ANCHOR_ROOM) > UINT32_C(1) << bits)
        bits += BITS_GROWTH;
    return bits < max ? bits : max;
}

/* Makes 2^bits anchors, none of them set up; the first one is due at `first`. */
static lzma_ret begin(struct xz_noise *n, const lzma_allocator *allocator,
                      uint32_t bits, uint32_t first)
{
    if (n->anchors != NULL && n->room >= bits) {
        memset(n->anchors, 0, anchors_size(bits));
    } else {
        xz_noise_end(n, allocator);
        n->anchors = xz_alloc_zero(anchors_size(bits), allocator);
        if (n->anchors == NULL)
            return LZMA_MEM_ERROR;
        n->room = bits;
    }
    n->bits = bits;
    n->has_begun = true;
    n->next = first;
    return LZMA_OK;
}

lzma_ret xz_noise_learn(struct xz_noise *n, const lzma_allocator *allocator,
                        const struct xz_window *w, uint32_t end)
{
    /* No text before the history that every window still has. */
    const uint32_t start = end > w->keep ? end - w->keep : 0;
    const uint32_t step = XZ_NOISE_STEP;
    const uint32_t first = (start + n->offset + step - 1) & ~(step - 1);
    const uint32_t bits = wanted_bits(n, end - start);
    if (!n->has_begun || bits != n->bits)
        XZ_TRY(begin(n, allocator, bits, first));
    /* Numbers wrap, so those before the history are told by how far they are. After
       4 GiB without learning less may be learned than could be. */
    const uint32_t now = end + n->offset;
    const bool is_due = n->next - now > step;
    if (is_due && now - n->next > end - start)
        n->next = first;
    /* No byte behind end is read: whether it is there depends on how the text came. */
    const uint32_t last = now - (uint32_t)sizeof(uint64_t);
    for (; (int32_t)(last - n->next) >= 0; n->next += step)
        *anchor_of(n, w->buf + (n->next - n->offset)) = n->next;
    return LZMA_OK;
}

/* True if the text at pos goes on like some that has an anchor. */
static bool is_copy_at(const struct xz_noise *n, const struct xz_window *w,
                       uint32_t pos)
{
    const uint8_t *const text = w->buf + pos;
    const uint32_t dist = pos + n->offset - *anchor_of(n, text);
    const uint32_t reach = n->dict_size < pos ? n->dict_size : pos;
    return dist - 1 < reach && xz_match_len(text, text - dist, 0, COPY_MIN) >= COPY_MIN;
}

static bool is_flat(const uint8_t *text)
{
    /* Four tables, so that equal bytes in a row do not wait for one another. */
    uint16_t counts[4][256] = {{0}};
    for (uint32_t i = 0; i < XZ_NOISE_SIZE; i += 4) {
        ++counts[0][text[i]];
        ++counts[1][text[i + 1]];
        ++counts[2][text[i + 2]];
        ++counts[3][text[i + 3]];
    }
    uint32_t squares = 0;
    for (uint32_t i = 0; i < 256; ++i) {
        const uint32_t count =
            (uint32_t)counts[0][i] + counts[1][i] + counts[2][i] + counts[3][i];
        squares += count * count;
    }
    return squares <= SQUARES_MAX;
}

/* True if the text repeats itself. */
static bool repeats(const uint8_t *text)
{
    uint16_t places[1 << REPEAT_BITS] = {0}; // latest ones; 0 may be none
    uint32_t count = 0;
    for (uint32_t i = 0; i + sizeof(uint32_t) <= XZ_NOISE_SIZE; ++i) {
        const uint32_t four = xz_read32le(text + i);
        uint16_t *const place =
            &places[(four * UINT32_C(2654435769)) >> (32 - REPEAT_BITS)];
        count += (i > 0) & (xz_read32le(text + *place) == four);
        *place = (uint16_t)i;
    }
    return count > REPEATS_MAX;
}

bool xz_noise_is_at(const struct xz_noise *n, const struct xz_window *w, uint32_t pos)
{
    if (!is_flat(w->buf + pos) || repeats(w->buf + pos))
        return false;
    if (!n->has_begun)
        return true;
    for (uint32_t at = 0; at < XZ_NOISE_SIZE; at += PROBE_STEP) {
        for (uint32_t i = at; i < at + XZ_NOISE_STEP; ++i) {
            if (is_copy_at(n, w, pos + i))
                return false;
        }
    }
    return true;
}
