// SPDX-License-Identifier: 0BSD
// SHA-1, SHA-256 and SHA-512 (FIPS 180-4) of a file in memory, and git's blob ids.

/*
 * All three pad alike: a 1 bit, zeros, the length in bits at the end of a block. So one
 * driver feeds blocks to one of three functions. Plain loops: a few hundred megabytes a
 * second are enough, as only files whose size a rule names, or that are candidates for
 * other reasons, are hashed.
 *
 * The constants of SHA-256 are the first 32 bits of those of SHA-512; one table has
 * both.
 */

#include "../common/system.h"

#include "digest.h"

#include <stdbool.h>

#include <stdio.h>
#include <string.h>

struct hasher {
    enum xz_digest_kind kind;
    size_t block_size; // 64, or 128 for SHA-512
    uint64_t state[8];
    uint8_t block[128];
    size_t held; // bytes waiting in block
    uint64_t total;
};

/* clang-format off */
static const uint64_t round_constants[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};
static const uint64_t start_512[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};
static const uint32_t start_1[5] = {
    0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0,
};
/* clang-format on */

static uint32_t rotl32(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static uint32_t rotr32(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static uint64_t rotr64(uint64_t x, unsigned n)
{
    return x >> n | x << (64 - n);
}

static uint64_t load(const uint8_t *at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | at[i];
    return value;
}

static void block_sha1(struct hasher *h)
{
    uint32_t w[80];
    uint32_t v[5];
    for (size_t i = 0; i < 80; i++)
        w[i] = i < 16 ? (uint32_t)load(h->block + 4 * i, 4)
                      : rotl32(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (size_t i = 0; i < 5; i++)
        v[i] = (uint32_t)h->state[i];
    for (size_t i = 0; i < 80; i++) {
        uint32_t f = i < 20   ? (v[1] & v[2]) | (~v[1] & v[3])
                     : i < 40 ? v[1] ^ v[2] ^ v[3]
                     : i < 60 ? (v[1] & v[2]) | (v[1] & v[3]) | (v[2] & v[3])
                              : v[1] ^ v[2] ^ v[3];
        static const uint32_t k[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
        uint32_t next = rotl32(v[0], 5) + f + v[4] + k[i / 20] + w[i];
        v[4] = v[3];
        v[3] = v[2];
        v[2] = rotl32(v[1], 30);
        v[1] = v[0];
        v[0] = next;
    }
    for (size_t i = 0; i < 5; i++)
        h->state[i] = (uint32_t)(h->state[i] + v[i]);
}

static void block_sha256(struct hasher *h)
{
    uint32_t w[64];
    uint32_t v[8];
    for (size_t i = 0; i < 16; i++)
        w[i] = (uint32_t)load(h->block + 4 * i, 4);
    for (size_t i = 16; i < 64; i++) {
        uint32_t a = w[i - 15];
        uint32_t b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotr32(a, 7) ^ rotr32(a, 18) ^ a >> 3)
               + (rotr32(b, 17) ^ rotr32(b, 19) ^ b >> 10);
    }
    for (size_t i = 0; i < 8; i++)
        v[i] = (uint32_t)h->state[i];
    for (size_t i = 0; i < 64; i++) {
        uint32_t one = v[7] + (rotr32(v[4], 6) ^ rotr32(v[4], 11) ^ rotr32(v[4], 25))
                       + ((v[4] & v[5]) ^ (~v[4] & v[6]))
                       + (uint32_t)(round_constants[i] >> 32) + w[i];
        uint32_t two = (rotr32(v[0], 2) ^ rotr32(v[0], 13) ^ rotr32(v[0], 22))
                       + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof(v[0]));
        v[4] += one;
        v[0] = one + two;
    }
    for (size_t i = 0; i < 8; i++)
        h->state[i] = (uint32_t)(h->state[i] + v[i]);
}

static void block_sha512(struct hasher *h)
{
    uint64_t w[80];
    uint64_t v[8];
    for (size_t i = 0; i < 16; i++)
        w[i] = load(h->block + 8 * i, 8);
    for (size_t i = 16; i < 80; i++) {
        uint64_t a = w[i - 15];
        uint64_t b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotr64(a, 1) ^ rotr64(a, 8) ^ a >> 7)
               + (rotr64(b, 19) ^ rotr64(b, 61) ^ b >> 6);
    }
    memcpy(v, h->state, sizeof(v));
    for (size_t i = 0; i < 80; i++) {
        uint64_t one = v[7] + (rotr64(v[4], 14) ^ rotr64(v[4], 18) ^ rotr64(v[4], 41))
                       + ((v[4] & v[5]) ^ (~v[4] & v[6])) + round_constants[i] + w[i];
        uint64_t two = (rotr64(v[0], 28) ^ rotr64(v[0], 34) ^ rotr64(v[0], 39))
                       + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof(v[0]));
        v[4] += one;
        v[0] = one + two;
    }
    for (size_t i = 0; i < 8; i++)
        h->state[i] += v[i];
}

static void do_block(struct hasher *h)
{
    if (h->kind == XZ_SHA512)
        block_sha512(h);
    else if (h->kind == XZ_SHA256 || h->kind == XZ_GIT_SHA256)
        block_sha256(h);
    else
        block_sha1(h);
    h->held = 0;
}

static void start(struct hasher *h, enum xz_digest_kind kind)
{
    *h = (struct hasher){.kind = kind, .block_size = kind == XZ_SHA512 ? 128 : 64};
    bool one = kind == XZ_SHA1 || kind == XZ_GIT_SHA1;
    for (size_t i = 0; i < 8; i++) {
        if (kind == XZ_SHA512)
            h->state[i] = start_512[i];
        else if (!one)
            h->state[i] = start_512[i] >> 32;
        else
            h->state[i] = i < 5 ? start_1[i] : 0;
    }
}

static void feed(struct hasher *h, const void *data, size_t size)
{
    const uint8_t *from = data;
    h->total += size;
    while (size > 0) {
        size_t part = h->block_size - h->held;
        if (part > size)
            part = size;
        memcpy(h->block + h->held, from, part);
        h->held += part;
        from += part;
        size -= part;
        if (h->held == h->block_size)
            do_block(h);
    }
}

static void finish(struct hasher *h)
{
    uint64_t bits = h->total * 8;
    size_t length_size = h->block_size / 8;
    uint8_t tail[1] = {0x80};
    feed(h, tail, 1);
    tail[0] = 0;
    while (h->held != h->block_size - length_size)
        feed(h, tail, 1);
    uint8_t length[16] = {0};
    for (size_t i = 0; i < 8; i++)
        length[length_size - 1 - i] = (uint8_t)(bits >> (8 * i));
    feed(h, length, length_size);
}

size_t xz_digest_digits(enum xz_digest_kind kind)
{
    if (kind == XZ_SHA512)
        return 128;
    return kind == XZ_SHA256 || kind == XZ_GIT_SHA256 ? 64 : 40;
}

void xz_digest_hex(enum xz_digest_kind kind, const void *data, size_t size,
                   char ret_hex[XZ_DIGEST_HEX])
{
    struct hasher h;
    start(&h, kind);
    if (kind == XZ_GIT_SHA1 || kind == XZ_GIT_SHA256) {
        char head[32];
        int length = snprintf(head, sizeof(head), "blob %zu", size);
        feed(&h, head, (size_t)length + 1);
    }
    feed(&h, data, size);
    finish(&h);
    size_t word_digits = kind == XZ_SHA512 ? 16 : 8;
    size_t digits = xz_digest_digits(kind);
    for (size_t i = 0; i < digits; i++) {
        uint64_t word = h.state[i / word_digits];
        unsigned shift = (unsigned)(4 * (word_digits - 1 - i % word_digits));
        ret_hex[i] = "0123456789abcdef"[word >> shift & 15];
    }
    ret_hex[digits] = '\0';
}
