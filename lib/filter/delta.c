// SPDX-License-Identifier: 0BSD
// Delta filter.
//
// In a buffer longer than the distance, all bytes but the first `distance` have the
// byte they refer to before them in the buffer itself. Those are done eight at a time
// in 64-bit words; the ring of plain bytes serves for the first ones alone.
//
//     | head: refers to the ring | bulk: refers to what is before it |
//     |<------- distance ------->|                   |<- next ring ->|
//
// Words are read as little endian: the first byte is the lowest. The encoder goes from
// the end to the start, so that what it refers to is still plain.

#include "filter/delta.h"
#include "base/bytes.h"

#define LOW_BITS  UINT64_C(0x7F7F7F7F7F7F7F7F)
#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Sums of eight bytes each, without carries between them: the top bits of the bytes are
   left out of the addition and added without carry, by xor. */
static inline uint64_t add_bytes(uint64_t a, uint64_t b)
{
    return ((a & LOW_BITS) + (b & LOW_BITS)) ^ ((a ^ b) & HIGH_BITS);
}

static inline uint64_t subtract_bytes(uint64_t a, uint64_t b)
{
    return ((a | HIGH_BITS) - (b & LOW_BITS)) ^ ((a ^ ~b) & HIGH_BITS);
}

void xz_delta_init(struct xz_delta *delta, uint32_t distance)
{
    delta->distance = distance;
    delta->pos = 0;
    memset(delta->history, 0, sizeof(delta->history));
}

/* Moves the ring on by one; plain is the byte that takes the place of the oldest. */
static inline void remember(struct xz_delta *delta, uint8_t plain)
{
    delta->history[delta->pos] = plain;
    if (++delta->pos == delta->distance)
        delta->pos = 0;
}

static void encode_head(struct xz_delta *delta, uint8_t *buf, size_t size)
{
    for (size_t i = 0; i < size; ++i) {
        const uint8_t plain = buf[i];
        buf[i] = (uint8_t)(plain - delta->history[delta->pos]);
        remember(delta, plain);
    }
}

static void decode_head(struct xz_delta *delta, uint8_t *buf, size_t size)
{
    for (size_t i = 0; i < size; ++i) {
        buf[i] = (uint8_t)(buf[i] + delta->history[delta->pos]);
        remember(delta, buf[i]);
    }
}

void xz_delta_encode(struct xz_delta *delta, uint8_t *buf, size_t size)
{
    const size_t distance = delta->distance;
    if (size <= distance) {
        encode_head(delta, buf, size);
        return;
    }
    uint8_t last[XZ_DELTA_DISTANCE_MAX];
    memcpy(last, buf + size - distance, distance);

    size_t i = size;
    while (i - distance >= 8) {
        i -= 8;
        const uint64_t before = xz_read64le(buf + i - distance);
        xz_write64le(buf + i, subtract_bytes(xz_read64le(buf + i), before));
    }
    while (i > distance) {
        --i;
        buf[i] = (uint8_t)(buf[i] - buf[i - distance]);
    }
    encode_head(delta, buf, distance);
    memcpy(delta->history, last, distance);
    delta->pos = 0;
}

/* Decodes from buf[start] on in words and returns where fewer than eight bytes are
   left. A word refers to bytes of its own, distance < 8, so first all that is in the
   word is summed up: w + (w << distance) + (w << 2 distance) ..., doubling the step.
   Then the last `distance` bytes of the word before, repeated over the whole word, are
   added. */
static size_t decode_near(uint8_t *buf, size_t start, size_t size, unsigned distance)
{
    const unsigned bits = 8 * distance;
    uint64_t before = 0;
    for (size_t i = start - distance; i < start; ++i)
        before = before >> 8 | (uint64_t)buf[i] << 56;
    size_t i;
    for (i = start; size - i >= 8; i += 8) {
        uint64_t word = xz_read64le(buf + i);
        uint64_t base = before >> (64 - bits);
        for (unsigned shift = bits; shift < 64; shift *= 2) {
            word = add_bytes(word, word << shift);
            base |= base << shift;
        }
        before = add_bytes(word, base);
        xz_write64le(buf + i, before);
    }
    return i;
}

/* The same for distance >= 8. */
static size_t decode_far(uint8_t *buf, size_t start, size_t size, size_t distance)
{
    size_t i;
    for (i = start; size - i >= 8; i += 8) {
        const uint64_t before = xz_read64le(buf + i - distance);
        xz_write64le(buf + i, add_bytes(xz_read64le(buf + i), before));
    }
    return i;
}

void xz_delta_decode(struct xz_delta *delta, uint8_t *buf, size_t size)
{
    const uint32_t distance = delta->distance;
    if (size <= distance) {
        decode_head(delta, buf, size);
        return;
    }
    decode_head(delta, buf, distance);
    size_t i = distance < 8 ? decode_near(buf, distance, size, distance)
                            : decode_far(buf, distance, size, distance);
    for (; i < size; ++i)
        buf[i] = (uint8_t)(buf[i] + buf[i - distance]);
    memcpy(delta->history, buf + size - distance, distance);
    delta->pos = 0;
}
