// SPDX-License-Identifier: 0BSD
// Vectors of near_quads.h with NEON, which all ARM64 CPUs have. near_vec_x86.h says
// what the names mean.

#ifndef XZ_MATCH_NEAR_VEC_ARM64_H
#define XZ_MATCH_NEAR_VEC_ARM64_H

#include "base/bits.h"
#include "match/finder.h"
#include "match/near_pack.h"
#include <arm_neon.h>

#define VEC8  uint8x16_t
#define VEC32 uint32x4_t

XZ_ALWAYS_INLINE VEC8 v8_load(const uint8_t *p)
{
    return vld1q_u8(p);
}

XZ_ALWAYS_INLINE void v8_store(uint8_t *p, VEC8 v)
{
    vst1q_u8(p, v);
}

XZ_ALWAYS_INLINE VEC8 v8_fill(uint32_t v)
{
    return vdupq_n_u8((uint8_t)v);
}

XZ_ALWAYS_INLINE VEC8 v8_from64(uint64_t v)
{
    return vcombine_u8(vcreate_u8(v), vcreate_u8(0));
}

XZ_ALWAYS_INLINE uint64_t v8_to64(VEC8 v)
{
    return vgetq_lane_u64(vreinterpretq_u64_u8(v), 0);
}

XZ_ALWAYS_INLINE VEC8 v8_and(VEC8 a, VEC8 b)
{
    return vandq_u8(a, b);
}

XZ_ALWAYS_INLINE VEC8 v8_or(VEC8 a, VEC8 b)
{
    return vorrq_u8(a, b);
}

XZ_ALWAYS_INLINE VEC8 v8_clear(VEC8 v, VEC8 mask)
{
    return vbicq_u8(v, mask);
}

XZ_ALWAYS_INLINE VEC8 v8_min(VEC8 a, VEC8 b)
{
    return vminq_u8(a, b);
}

XZ_ALWAYS_INLINE VEC8 v8_max(VEC8 a, VEC8 b)
{
    return vmaxq_u8(a, b);
}

XZ_ALWAYS_INLINE VEC8 v8_add(VEC8 a, VEC8 b)
{
    return vqaddq_u8(a, b);
}

XZ_ALWAYS_INLINE VEC8 v8_equal(VEC8 a, VEC8 b)
{
    return vceqq_u8(a, b);
}

XZ_ALWAYS_INLINE VEC8 v8_look(VEC8 table, VEC8 i)
{
    return vqtbl1q_u8(table, i);
}

XZ_ALWAYS_INLINE VEC8 v8_look48(VEC8 a, VEC8 b, VEC8 c, VEC8 i)
{
    const uint8x16x3_t tables = {{a, b, c}};
    return vqtbl3q_u8(tables, i);
}

#define v8_up(v, n)   vextq_u8(vdupq_n_u8(0), v, 16 - (n))
#define v8_down(v, n) vextq_u8(v, vdupq_n_u8(255), n)

XZ_ALWAYS_INLINE VEC8 v8_turn(VEC8 v)
{
    const VEC8 halves = vrev64q_u8(v);
    return vextq_u8(halves, halves, 8);
}

XZ_ALWAYS_INLINE uint32_t v8_mask(VEC8 v)
{
    const uint8x8_t bits = vcreate_u8(UINT64_C(0x8040201008040201));
    return vaddv_u8(vand_u8(vget_low_u8(v), bits));
}

XZ_ALWAYS_INLINE bool v8_any(VEC8 v)
{
    return vmaxvq_u8(v) != 0;
}

XZ_ALWAYS_INLINE VEC32 v8_as32(VEC8 v)
{
    return vreinterpretq_u32_u8(v);
}

XZ_ALWAYS_INLINE VEC32 v8_first_as32(VEC8 v)
{
    return vmovl_u16(vget_low_u16(vmovl_u8(vget_low_u8(v))));
}

XZ_ALWAYS_INLINE VEC32 v8_second_as32(VEC8 v)
{
    return vmovl_u16(vget_high_u16(vmovl_u8(vget_low_u8(v))));
}

XZ_ALWAYS_INLINE VEC32 v32_load(const uint32_t *p)
{
    return vld1q_u32(p);
}

XZ_ALWAYS_INLINE void v32_store(uint32_t *p, VEC32 v)
{
    vst1q_u32(p, v);
}

XZ_ALWAYS_INLINE VEC32 v32_fill(uint32_t v)
{
    return vdupq_n_u32(v);
}

XZ_ALWAYS_INLINE VEC32 v32_two(uint32_t a, uint32_t b)
{
    return vcombine_u32(vcreate_u32(a | (uint64_t)b << 32), vcreate_u32(UINT64_MAX));
}

XZ_ALWAYS_INLINE VEC32 v32_add(VEC32 a, VEC32 b)
{
    return vaddq_u32(a, b);
}

XZ_ALWAYS_INLINE VEC32 v32_sub(VEC32 a, VEC32 b)
{
    return vsubq_u32(a, b);
}

XZ_ALWAYS_INLINE VEC32 v32_or(VEC32 a, VEC32 b)
{
    return vorrq_u32(a, b);
}

XZ_ALWAYS_INLINE VEC32 v32_min(VEC32 a, VEC32 b)
{
    return vminq_u32(a, b);
}

XZ_ALWAYS_INLINE VEC32 v32_max(VEC32 a, VEC32 b)
{
    return vmaxq_u32(a, b);
}

XZ_ALWAYS_INLINE VEC32 v32_at_least(VEC32 a, VEC32 b)
{
    return vcgeq_u32(a, b);
}

#define v32_up(v, bits)   vshlq_n_u32(v, bits)
#define v32_down(v, bits) vshrq_n_u32(v, bits)
#define v32_next(v, n)    vextq_u32(v, vdupq_n_u32(UINT32_MAX), n)

XZ_ALWAYS_INLINE VEC32 v32_lowest(VEC32 v)
{
    return vdupq_laneq_u32(v, 0);
}

XZ_ALWAYS_INLINE VEC32 v32_swap2(VEC32 v)
{
    return vextq_u32(v, v, 2);
}

XZ_ALWAYS_INLINE VEC32 v32_swap1(VEC32 v)
{
    return vrev64q_u32(v);
}

XZ_ALWAYS_INLINE VEC32 v32_turn(VEC32 v)
{
    return v32_swap2(v32_swap1(v));
}

XZ_ALWAYS_INLINE VEC32 v32_halves(VEC32 a, VEC32 b)
{
    return vcombine_u32(vget_low_u32(a), vget_high_u32(b));
}

XZ_ALWAYS_INLINE VEC32 v32_odds(VEC32 a, VEC32 b)
{
    const VEC32 odd = vreinterpretq_u32_u64(vdupq_n_u64(UINT64_C(0xFFFFFFFF) << 32));
    return vbslq_u32(odd, b, a);
}

XZ_ALWAYS_INLINE uint32_t v32_mask(VEC32 v)
{
    static const uint32_t bits[4] = {1, 2, 4, 8};
    return vaddvq_u32(vandq_u32(v, vld1q_u32(bits)));
}

XZ_ALWAYS_INLINE VEC32 v32_pack(VEC32 v, uint32_t mask)
{
    return vreinterpretq_u32_u8(
        vqtbl1q_u8(vreinterpretq_u8_u32(v), vld1q_u8(vec_set[mask])));
}

XZ_ALWAYS_INLINE VEC8 v32_low_bytes(VEC32 a, VEC32 b)
{
    const uint16x8_t halves = vcombine_u16(vmovn_u32(a), vmovn_u32(b));
    return vcombine_u8(vmovn_u16(halves), vcreate_u8(0));
}

/* Four bits for each lane: ones where they are equal. */
XZ_ALWAYS_INLINE uint64_t same_lanes(VEC8 a, VEC8 b)
{
    const uint16x8_t same = vreinterpretq_u16_u8(vceqq_u8(a, b));
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(same, 4)), 0);
}

XZ_ALWAYS_INLINE VEC8 vec_same16(const uint16_t *p, uint32_t v, uint32_t mask)
{
    const uint16x8_t other = vdupq_n_u16((uint16_t)v);
    const uint16x8_t bits = vdupq_n_u16((uint16_t)mask);
    const uint16x8_t low = vtstq_u16(veorq_u16(vld1q_u16(p), other), bits);
    const uint16x8_t high = vtstq_u16(veorq_u16(vld1q_u16(p + 8), other), bits);
    return vmvnq_u8(vcombine_u8(vmovn_u16(low), vmovn_u16(high)));
}

XZ_ALWAYS_INLINE uint32_t v8_agree(VEC8 a, VEC8 b)
{
    const uint64_t differing = ~same_lanes(a, b);
    return differing != 0 ? xz_bits_low64(differing) >> 2 : 16;
}

XZ_ALWAYS_INLINE uint32_t vec_agree(const uint8_t *a, const uint8_t *b)
{
    const uint64_t low = ~same_lanes(v8_load(a), v8_load(b));
    const uint64_t high = ~same_lanes(v8_load(a + 16), v8_load(b + 16));
    const uint64_t differing = low != 0 ? low : high;
    const uint32_t len = differing != 0 ? xz_bits_low64(differing) >> 2 : 16;
    return len + (low != 0 ? 0 : 16);
}

XZ_ALWAYS_INLINE struct xz_pair *vec_put_pairs(VEC32 len, VEC32 dist, uint32_t kept,
                                               struct xz_pair *out)
{
    const VEC32 low = vzip1q_u32(len, dist);
    const VEC32 high = vzip2q_u32(len, dist);
    vst1_u32((uint32_t *)out, vget_low_u32(low));
    out += kept & 1;
    vst1_u32((uint32_t *)out, vget_high_u32(low));
    out += kept >> 1 & 1;
    vst1_u32((uint32_t *)out, vget_low_u32(high));
    out += kept >> 2 & 1;
    vst1_u32((uint32_t *)out, vget_high_u32(high));
    return out + (kept >> 3 & 1);
}

#endif
