// SPDX-License-Identifier: 0BSD
// Induction of the order of all suffixes with AVX-512.
//
// suffix_sort.c tells what is induced from what. Whether a place has something to
// induce is a coin toss, and so is what it costs to look. So places are looked at in
// vectors, and those that have something are compressed to a queue. While their text
// is fetched, the queue before is worked off. A bucket is read only as far as it has
// been written:
//
//     going up     | L, written so far ...      free       | LMS |
//     going down   | L                 |   free ... written so far, S |
//
// Places with nothing to induce in the pass that writes them are marked by
// complementing, so that the first pass leaves L places marked that have something for
// the second one.

#include "base/cpu.h"
#include "match/lms_sort_x86.h"
#include "match/record_net_x86.h"
#include "match/suffix_buckets.h"
#include "match/suffix_sort.h"
#include <string.h>

#if XZ_X86_64

# define QUEUE 512 // places that are looked at together
# define LANES 16

/* Positions whose predecessors are to be placed. */
struct queue {
    uint32_t count;
    int32_t positions[QUEUE + LANES];
};

struct induction {
    const uint8_t *text;
    int32_t *sorted;
    uint32_t starts[XZ_SUFFIX_VALUES]; // of buckets
    uint32_t ends[XZ_SUFFIX_VALUES];
    uint32_t lms[XZ_SUFFIX_VALUES];      // how many there are
    uint32_t l_ends[XZ_SUFFIX_VALUES];   // behind the L suffixes that are written
    uint32_t s_starts[XZ_SUFFIX_VALUES]; // the first of the S suffixes that are
    struct queue queues[2];
};

XZ_AVX512 XZ_ALWAYS_INLINE __mmask16 lanes_of(uint32_t count)
{
    return (__mmask16)_bzhi_u32(0xFFFF, count < LANES ? count : LANES);
}

/* Fills a queue from places, at most QUEUE, and fetches the text. */
XZ_AVX512 XZ_ALWAYS_INLINE void look(const struct induction *in, uint32_t from,
                                     uint32_t to, bool is_marked, struct queue *queue)
{
    const __m512i zero = _mm512_setzero_si512();
    uint32_t count = 0;
    for (; from < to; from += LANES) {
        const __mmask16 lanes = lanes_of(to - from);
        const __m512i v = _mm512_maskz_loadu_epi32(lanes, in->sorted + from);
        const __mmask16 has_some = is_marked ? _mm512_cmplt_epi32_mask(v, zero)
                                             : _mm512_cmpgt_epi32_mask(v, zero);
        const __m512i positions =
            is_marked ? _mm512_xor_si512(v, _mm512_set1_epi32(-1)) : v;
        _mm512_storeu_si512(queue->positions + count,
                            _mm512_maskz_compress_epi32(has_some, positions));
        count += (uint32_t)_mm_popcnt_u32(has_some);
    }
    for (uint32_t i = 0; i < count; ++i)
        XZ_PREFETCH(in->text + queue->positions[i] - 1);
    queue->count = count;
}

XZ_AVX512 XZ_ALWAYS_INLINE void unmark(const struct induction *in, uint32_t from,
                                       uint32_t to)
{
    for (; from < to; from += LANES) {
        const __mmask16 lanes = lanes_of(to - from);
        const __m512i v = _mm512_maskz_loadu_epi32(lanes, in->sorted + from);
        const __mmask16 marked = _mm512_cmplt_epi32_mask(v, _mm512_setzero_si512());
        _mm512_mask_storeu_epi32(in->sorted + from, marked,
                                 _mm512_xor_si512(v, _mm512_set1_epi32(-1)));
    }
}

/* Writes the L suffixes before those of the queue. */
XZ_AVX512 XZ_ALWAYS_INLINE void place_l(struct induction *in, const struct queue *queue)
{
    const uint8_t *const text = in->text;
    for (uint32_t i = 0; i < queue->count; ++i) {
        const int32_t before = queue->positions[i] - 1;
        const uint32_t value = text[before];
        const bool is_done = before > 0 && text[before - 1] < value;
        in->sorted[in->l_ends[value]++] = is_done ? ~before : before;
    }
}

/* The same for S suffixes, from the last one. */
XZ_AVX512 XZ_ALWAYS_INLINE void place_s(struct induction *in, const struct queue *queue)
{
    const uint8_t *const text = in->text;
    for (uint32_t i = queue->count; i-- > 0;) {
        const int32_t before = queue->positions[i] - 1;
        const uint32_t value = text[before];
        const bool is_done = before == 0 || text[before - 1] > value;
        in->sorted[--in->s_starts[value]] = is_done ? ~before : before;
    }
}

/* Going up from `from` to *to, which may rise meanwhile. */
XZ_AVX512 XZ_ALWAYS_INLINE void go_up(struct induction *in, uint32_t from,
                                      const uint32_t *to)
{
    uint32_t turn = 0;
    in->queues[turn].count = 0;
    while (from < *to || in->queues[turn].count > 0) {
        const uint32_t left = *to - from;
        const uint32_t next = from + (left < QUEUE ? left : QUEUE);
        look(in, from, next, false, &in->queues[turn ^ 1]);
        place_l(in, &in->queues[turn]);
        from = next;
        turn ^= 1;
    }
}

/* Going down from `from` to *to, which may fall meanwhile. */
XZ_AVX512 XZ_ALWAYS_INLINE void go_down(struct induction *in, uint32_t from,
                                        const uint32_t *to, bool is_marked)
{
    uint32_t turn = 0;
    in->queues[turn].count = 0;
    while (from > *to || in->queues[turn].count > 0) {
        const uint32_t left = from - *to;
        const uint32_t next = from - (left < QUEUE ? left : QUEUE);
        look(in, next, from, is_marked, &in->queues[turn ^ 1]);
        unmark(in, next, from);
        place_s(in, &in->queues[turn]);
        from = next;
        turn ^= 1;
    }
}

/* Moves the LMS suffixes, which are in order, to the ends of their buckets. */
static void move_lms(struct induction *in, uint32_t count)
{
    uint32_t firsts[XZ_SUFFIX_VALUES + 1];
    for (uint32_t value = 0, low = 0; value <= XZ_SUFFIX_VALUES; ++value) {
        uint32_t high = count;
        while (low < high) {
            const uint32_t middle = low + (high - low) / 2;
            if (in->text[in->sorted[middle]] < value)
                low = middle + 1;
            else
                high = middle;
        }
        firsts[value] = low;
    }
    for (uint32_t value = XZ_SUFFIX_VALUES; value-- > 0;) {
        const uint32_t n = firsts[value + 1] - firsts[value];
        in->lms[value] = n;
        memmove(in->sorted + in->ends[value] - n, in->sorted + firsts[value],
                n * sizeof(*in->sorted));
    }
}

XZ_AVX512 static void induce(const uint8_t *text, uint32_t size, uint32_t *sorted,
                             uint32_t count)
{
    struct induction in;
    uint32_t counts[XZ_SUFFIX_VALUES];
    const int32_t last = (int32_t)size - 1;
    in.text = text;
    in.sorted = (int32_t *)sorted;
    xz_suffix_count(text, size, counts);
    xz_suffix_starts(counts, in.starts);
    xz_suffix_ends(counts, in.ends);
    move_lms(&in, count);
    memcpy(in.l_ends, in.starts, sizeof(in.l_ends));
    memcpy(in.s_starts, in.ends, sizeof(in.s_starts));
    in.sorted[in.l_ends[text[last]]++] = text[last - 1] < text[last] ? ~last : last;
    for (uint32_t value = 0; value < XZ_SUFFIX_VALUES; ++value) {
        go_up(&in, in.starts[value], &in.l_ends[value]);
        go_up(&in, in.ends[value] - in.lms[value], &in.ends[value]);
    }
    for (uint32_t value = XZ_SUFFIX_VALUES; value-- > 0;) {
        go_down(&in, in.ends[value], &in.s_starts[value], false);
        go_down(&in, in.l_ends[value], &in.starts[value], true);
    }
}

static const struct xz_suffix_kernels suffix_avx512 = {xz_lms_sort_avx512, induce};

const struct xz_suffix_kernels *xz_suffix_kernels(void)
{
    return (xz_cpu_features() & XZ_CPU_AVX512) != 0 ? &suffix_avx512
                                                    : &xz_suffix_portable;
}

#endif
