// SPDX-License-Identifier: 0BSD
// SHA-256 (FIPS 180-4): the hash around its blocks, and the portable compression.
//
// Bytes are gathered into blocks of 64 in struct xz_sha256; whole blocks of the caller
// are folded where they are. Which kernel folds is chosen when a hash is begun: the
// strongest that this CPU has. Sections below are those of FIPS 180-4.

#include "check/sha256.h"
#include "base/bytes.h"
#include "base/cpu.h"
#include "check/sha256_kernels.h"

const uint32_t xz_sha256_k[64] = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4,
    0xAB1C5ED5, 0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE,
    0x9BDC06A7, 0xC19BF174, 0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F,
    0x4A7484AA, 0x5CB0A9DC, 0x76F988DA, 0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7,
    0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967, 0x27B70A85, 0x2E1B2138, 0x4D2C6DFC,
    0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85, 0xA2BFE8A1, 0xA81A664B,
    0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070, 0x19A4C116,
    0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7,
    0xC67178F2,
};

/* Section 5.3.3. */
static const uint32_t initial_state[8] = {
    0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
    0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19,
};

/* ---- Compression (section 6.2.2) ---- */

static inline uint32_t rotate_right(uint32_t x, unsigned n)
{
    return (x >> n) | (x << (32 - n));
}

/* Section 4.1.2. */
static inline uint32_t big_sigma_0(uint32_t x)
{
    return rotate_right(x, 2) ^ rotate_right(x, 13) ^ rotate_right(x, 22);
}

static inline uint32_t big_sigma_1(uint32_t x)
{
    return rotate_right(x, 6) ^ rotate_right(x, 11) ^ rotate_right(x, 25);
}

static inline uint32_t small_sigma_0(uint32_t x)
{
    return rotate_right(x, 7) ^ rotate_right(x, 18) ^ (x >> 3);
}

static inline uint32_t small_sigma_1(uint32_t x)
{
    return rotate_right(x, 17) ^ rotate_right(x, 19) ^ (x >> 10);
}

/* One round. Of the eight variables only d and h get new values; the caller names them
   one place further the next time instead of moving all. kw is K plus W of the round.
   */
XZ_ALWAYS_INLINE void step(uint32_t a, uint32_t b, uint32_t c, uint32_t *d, uint32_t e,
                           uint32_t f, uint32_t g, uint32_t *h, uint32_t kw)
{
    const uint32_t choice = g ^ (e & (f ^ g));
    const uint32_t majority = (a & b) | (c & (a | b));
    const uint32_t t1 = *h + big_sigma_1(e) + choice + kw;
    *d += t1;
    *h = t1 + big_sigma_0(a) + majority;
}

/* Eight rounds, after which every variable is back in its place. */
XZ_ALWAYS_INLINE void eight_steps(uint32_t s[8], const uint32_t *k, const uint32_t *w)
{
    uint32_t a = s[0], b = s[1], c = s[2], d = s[3];
    uint32_t e = s[4], f = s[5], g = s[6], h = s[7];
    step(a, b, c, &d, e, f, g, &h, k[0] + w[0]);
    step(h, a, b, &c, d, e, f, &g, k[1] + w[1]);
    step(g, h, a, &b, c, d, e, &f, k[2] + w[2]);
    step(f, g, h, &a, b, c, d, &e, k[3] + w[3]);
    step(e, f, g, &h, a, b, c, &d, k[4] + w[4]);
    step(d, e, f, &g, h, a, b, &c, k[5] + w[5]);
    step(c, d, e, &f, g, h, a, &b, k[6] + w[6]);
    step(b, c, d, &e, f, g, h, &a, k[7] + w[7]);
    s[0] = a, s[1] = b, s[2] = c, s[3] = d;
    s[4] = e, s[5] = f, s[6] = g, s[7] = h;
}

static void fold_block(uint32_t state[8], const uint8_t *block)
{
    uint32_t w[64];
    uint32_t s[8];
    for (size_t i = 0; i < 16; ++i)
        w[i] = xz_read32be(block + 4 * i);
    for (size_t i = 16; i < 64; ++i)
        w[i] =
            small_sigma_1(w[i - 2]) + w[i - 7] + small_sigma_0(w[i - 15]) + w[i - 16];
    memcpy(s, state, sizeof(s));
    for (size_t i = 0; i < 64; i += 8)
        eight_steps(s, xz_sha256_k + i, w + i);
    for (size_t i = 0; i < 8; ++i)
        state[i] += s[i];
}

void xz_sha256_fold_portable(uint32_t state[8], const uint8_t *blocks, size_t count)
{
    for (; count > 0; --count, blocks += XZ_SHA256_BLOCK)
        fold_block(state, blocks);
}

/* ---- The hash ---- */

void xz_sha256_init(struct xz_sha256 *sha)
{
    size_t count;
    const struct xz_sha256_kernel *kernels = xz_sha256_kernels(&count);
    const uint32_t features = xz_cpu_features();
    while ((kernels[count - 1].features & ~features) != 0)
        --count;
    sha->fold = kernels[count - 1].fold;
    sha->size = 0;
    memcpy(sha->state, initial_state, sizeof(sha->state));
}

void xz_sha256_update(struct xz_sha256 *sha, const uint8_t *buf, size_t size)
{
    if (size == 0)
        return;
    const size_t waiting = (size_t)(sha->size % XZ_SHA256_BLOCK);
    sha->size += size;
    if (waiting > 0) {
        const size_t room = XZ_SHA256_BLOCK - waiting;
        const size_t count = size < room ? size : room;
        memcpy(sha->block + waiting, buf, count);
        if (size < room)
            return;
        sha->fold(sha->state, sha->block, 1);
        buf += count;
        size -= count;
    }
    sha->fold(sha->state, buf, size / XZ_SHA256_BLOCK);
    const size_t rest = size % XZ_SHA256_BLOCK;
    memcpy(sha->block, buf + (size - rest), rest);
}

/* Padding (section 5.1.1): a one bit, zeros, the length in bits. */
void xz_sha256_finish(struct xz_sha256 *sha, uint8_t ret_digest[XZ_SHA256_SIZE])
{
    size_t used = (size_t)(sha->size % XZ_SHA256_BLOCK);
    sha->block[used++] = 0x80;
    if (used > XZ_SHA256_BLOCK - 8) {
        memset(sha->block + used, 0, XZ_SHA256_BLOCK - used);
        sha->fold(sha->state, sha->block, 1);
        used = 0;
    }
    memset(sha->block + used, 0, XZ_SHA256_BLOCK - 8 - used);
    xz_write64be(sha->block + XZ_SHA256_BLOCK - 8, sha->size << 3);
    sha->fold(sha->state, sha->block, 1);
    for (size_t i = 0; i < 8; ++i)
        xz_write32be(ret_digest + 4 * i, sha->state[i]);
}
