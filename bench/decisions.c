// SPDX-License-Identifier: 0BSD
// Counts the binary decisions that decoding a .xz file takes; and the CPU's cycles.
//
//     decisions FILE.xz
//
// Prints how many symbols, adaptive decisions and direct bits (even chance) there are,
// and cycles a nanosecond, measured by a chain of multiplications. The file is one
// Stream of LZMA2 alone. The symbols come from the decoder's own loop, one at a time;
// how many decisions each took follows from its kind, length and distance.

#include "lzma/decode_loop.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PAD 512

static uint64_t symbols, adaptive, direct;

static void fail(const char *what)
{
    fprintf(stderr, "decisions: %s\n", what);
    exit(1);
}

/* The whole file with PAD bytes of zeros behind. */
static uint8_t *read_file(const char *name, size_t *ret_size)
{
    FILE *file = fopen(name, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        fail("cannot read the file");
    const size_t size = (size_t)ftell(file);
    rewind(file);
    uint8_t *const data = calloc(1, size + PAD);
    if (data == NULL || fread(data, 1, size, file) != size)
        fail("cannot read the file");
    fclose(file);
    *ret_size = size;
    return data;
}

static void count_distance(uint32_t dist)
{
    adaptive += XZ_DIST_SLOT_BITS;
    if (dist < XZ_DIST_MODEL_START)
        return;
    const unsigned low_bits = 30 - (unsigned)__builtin_clz(dist);
    if (dist < XZ_DIST_FULL) {
        adaptive += low_bits;
        return;
    }
    direct += low_bits - XZ_ALIGN_BITS;
    adaptive += XZ_ALIGN_BITS;
}

/* rep: which of the last distances it repeats; -1: a new one. */
static void count_match(uint32_t len, uint32_t dist, int rep)
{
    adaptive += 2; // is_match, is_rep
    if (rep >= 0)
        adaptive += rep < 2 ? 2 : 3;
    if (len == 1)
        return;
    adaptive += len < 10 ? 1 + XZ_LEN_LOW_BITS
                         : 2 + (len < 18 ? XZ_LEN_MID_BITS : XZ_LEN_HIGH_BITS);
    if (rep < 0)
        count_distance(dist);
}

static void count_symbol(struct xz_loop *s, const uint8_t *out_fast)
{
    const uint32_t reps[XZ_REPS] = {s->rep0, s->rep1, s->rep2, s->rep3};
    uint8_t *const before = s->out;
    const struct xz_loop_bounds end = {.out_fast = out_fast};
    if (!xz_loop_step(s, &end, false))
        fail("the file is damaged");
    ++symbols;
    if (s->state < XZ_STATE_LITERALS) {
        adaptive += 1 + 8;
        return;
    }
    int rep = -1;
    if (s->state != 7 && s->state != 10) {
        for (rep = 0; reps[rep] != s->rep0; ++rep)
            ;
    }
    count_match((uint32_t)(s->out - before), s->rep0, rep);
}

/* Decodes one LZMA chunk of the given size from s->rc.in. */
static void count_chunk(struct xz_loop *s, size_t size, const uint8_t *out_fast)
{
    const uint8_t *const end = s->out + size;
    s->rc.range = UINT32_MAX;
    s->rc.code = xz_read32be(s->rc.in + 1);
    s->rc.in += XZ_RC_START_SIZE;
    while (s->out < end)
        count_symbol(s, out_fast);
    xz_loop_finish_copy(s);
}

static void reset(struct xz_loop *s)
{
    uint16_t *const probs = (uint16_t *)s->probs;
    for (size_t i = 0; i < sizeof(*s->probs) / sizeof(uint16_t); ++i)
        probs[i] = XZ_RC_PROB_INIT;
    s->state = 0;
    s->rep0 = s->rep1 = s->rep2 = s->rep3 = 0;
}

/* Decodes a Block's LZMA2 data into out (.xz format section 5.3.1). */
static void count_block(const uint8_t *in, uint8_t *out, size_t size)
{
    struct xz_loop s = {.out = out, .dict = out, .reach = UINT32_MAX};
    s.probs = malloc(sizeof(*s.probs));
    s.pos_offset = 0 - (uint32_t)(uintptr_t)out;
    for (uint32_t control; (control = in[0]) != 0;) {
        size_t chunk = (size_t)(in[1] << 8) + in[2] + 1;
        if (control < 0x80) {
            memcpy(s.out, in + 3, chunk);
            s.out += chunk;
            s.last = s.out[-1];
            s.match = s.state < XZ_STATE_LITERALS ? 0 : xz_loop_match_byte(&s);
            in += 3 + chunk;
            continue;
        }
        chunk += (size_t)(control & 0x1F) << 16;
        const size_t packed = (size_t)(in[3] << 8) + in[4] + 1;
        if (control >= 0xC0) {
            s.lc = in[5] % 9;
            s.literal_mask = (0x100U << in[5] / 9 % 5) - (0x100U >> s.lc);
            s.pos_mask = (1U << in[5] / 45) - 1;
        }
        if (control >= 0xA0)
            reset(&s);
        s.rc.in = in + (control >= 0xC0 ? 6 : 5);
        in = s.rc.in + packed;
        count_chunk(&s, chunk, out + size + PAD / 2);
    }
    free(s.probs);
}

static double cycles_a_nanosecond(void)
{
    enum { STEPS = 100000000 };
    struct timespec a, b;
    uint64_t x = 1;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    for (uint32_t i = 0; i < STEPS; ++i) {
        x = x * x + 1;                  // 3 cycles and 1
        __asm__ volatile("" : "+r"(x)); // to be done step by step
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    const double ns =
        (double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec);
    return 4.0 * STEPS / ns;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        fail("usage: decisions FILE.xz");
    size_t size;
    uint8_t *const in = read_file(argv[1], &size);
    lzma_stream_flags flags;
    if (size < 32 || lzma_stream_footer_decode(&flags, in + size - 12) != LZMA_OK)
        fail("not a .xz file");
    size_t pos = size - 12 - (size_t)flags.backward_size;
    lzma_index *index = NULL;
    uint64_t memlimit = UINT64_MAX;
    if (lzma_index_buffer_decode(&index, &memlimit, NULL, in, &pos, size) != LZMA_OK)
        fail("the Index is damaged");
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, index);
    while (!lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK)) {
        const uint8_t *const block = in + iter.block.compressed_file_offset;
        const size_t out_size = (size_t)iter.block.uncompressed_size;
        uint8_t *const out = malloc(out_size + PAD);
        if (out == NULL)
            fail("no memory");
        count_block(block + lzma_block_header_size_decode(block[0]), out, out_size);
        free(out);
    }
    printf("%llu %llu %llu %.3f\n", (unsigned long long)symbols,
           (unsigned long long)adaptive, (unsigned long long)direct,
           cycles_a_nanosecond());
    lzma_index_end(index, NULL);
    free(in);
    return 0;
}
