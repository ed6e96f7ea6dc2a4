// SPDX-License-Identifier: 0BSD
// Every chain of up to three filters, and chains of four and five, in both directions.

#include <lzma.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static lzma_options_lzma lzma;
static lzma_options_delta delta = {.type = LZMA_DELTA_TYPE_BYTE, .dist = 1};

static const struct {
    lzma_vli id;
    void *options;
    int is_last;
} known[] = {
    {LZMA_FILTER_LZMA1, &lzma, 1},   {LZMA_FILTER_LZMA1EXT, &lzma, 1},
    {LZMA_FILTER_LZMA2, &lzma, 1},   {LZMA_FILTER_DELTA, &delta, 0},
    {LZMA_FILTER_X86, NULL, 0},      {LZMA_FILTER_POWERPC, NULL, 0},
    {LZMA_FILTER_IA64, NULL, 0},     {LZMA_FILTER_ARM, NULL, 0},
    {LZMA_FILTER_ARMTHUMB, NULL, 0}, {LZMA_FILTER_SPARC, NULL, 0},
    {LZMA_FILTER_ARM64, NULL, 0},    {LZMA_FILTER_RISCV, NULL, 0},
    {LZMA_VLI_C(0x4000), NULL, 0}, // unknown
};
#define KNOWN (sizeof(known) / sizeof(known[0]) - 1)

/* Opens coders of the chain, which must be taken or refused in both directions, and
   asks what they would need. */
static void check_chain(const size_t *numbers, size_t count)
{
    lzma_filter chain[6];
    int is_good = count >= 1 && count <= LZMA_FILTERS_MAX;
    for (size_t i = 0; i < count; ++i) {
        chain[i].id = known[numbers[i]].id;
        chain[i].options = known[numbers[i]].options;
        is_good &= numbers[i] < KNOWN && known[numbers[i]].is_last == (i + 1 == count);
    }
    chain[count].id = LZMA_VLI_UNKNOWN;
    if ((lzma_raw_decoder_memusage(chain) != UINT64_MAX) != is_good
        || (lzma_raw_encoder_memusage(chain) != UINT64_MAX) != is_good)
        fail_msg("memusage of %zu filters, the first %zu", count, numbers[0]);
    static lzma_stream strm = LZMA_STREAM_INIT;
    const lzma_ret expected = is_good ? LZMA_OK : LZMA_OPTIONS_ERROR;
    if (lzma_raw_decoder(&strm, chain) != expected)
        fail_msg("decoder of %zu filters, the first %zu", count, numbers[0]);
    if (count < 3 && lzma_raw_encoder(&strm, chain) != expected)
        fail_msg("encoder of %zu filters, the first %zu", count, numbers[0]);
    lzma_end(&strm);
}

static void short_chains(void **state)
{
    (void)state;
    for (size_t a = 0; a <= KNOWN; ++a) {
        check_chain((size_t[]){a}, 1);
        for (size_t b = 0; b <= KNOWN; ++b) {
            check_chain((size_t[]){a, b}, 2);
            for (size_t c = 0; c <= KNOWN; ++c)
                check_chain((size_t[]){a, b, c}, 3);
        }
    }
}

static void long_chains(void **state)
{
    (void)state;
    for (size_t a = 0; a <= KNOWN; ++a) {
        for (size_t b = 0; b <= KNOWN; ++b) {
            check_chain((size_t[]){a, b, 3, 2}, 4);
            check_chain((size_t[]){4, a, b, 2}, 4);
            check_chain((size_t[]){4, 5, a, b}, 4);
            check_chain((size_t[]){a, 4, 5, 6, b}, 5);
        }
    }
}

int main(void)
{
    lzma_lzma_preset(&lzma, 0);
    lzma.dict_size = LZMA_DICT_SIZE_MIN;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_chains),
        cmocka_unit_test(long_chains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
