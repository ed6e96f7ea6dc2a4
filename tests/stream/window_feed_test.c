// SPDX-License-Identifier: 0BSD
// Bytes do not depend on how the text comes, also where the window has moved.
//
// With a dictionary of 4 KiB the window is moved once in half a megabyte. The texts
// have a long run of one period around that place: rows fall behind there by more than
// the window keeps, and what they lose must be the same whatever the pieces are. Behind
// it stand copies of the run that are not made findable, at distances where an old
// entry of a row, whose number has wrapped, would be taken for them.

#include "support/support.h"

#define DICT_SIZE 4096
#define WRAP      (2 * DICT_SIZE) // rows count positions modulo this
#define TEXT_MAX  600000
#define RUN_END   528000 // behind the place where the window is moved
#define ROUNDS    8

static uint8_t text[TEXT_MAX];
static uint8_t want[2 * TEXT_MAX];
static uint8_t got[2 * TEXT_MAX];
static uint64_t seed = 1;

static size_t put_noise(size_t pos, uint32_t size)
{
    while (size-- > 0)
        text[pos++] = (uint8_t)random_below(&seed, 256);
    return pos;
}

static size_t put_copy(size_t pos, uint32_t dist, uint32_t size)
{
    for (; size-- > 0; pos++)
        text[pos] = text[pos - dist];
    return pos;
}

/* A distance and a period that wrap together to 0 after up to `most` periods. */
static uint32_t choose_copy(uint32_t most, uint32_t *ret_period)
{
    for (;;) {
        const uint32_t period = 200 + random_below(&seed, DICT_SIZE - 200);
        const uint32_t past = period * (1 + random_below(&seed, most)) % WRAP;
        const uint32_t dist = WRAP - past;
        *ret_period = period;
        if (dist >= 300 && dist + 300 < period && dist <= 3800)
            return dist;
    }
}

static size_t make_text(uint32_t preset)
{
    uint32_t period;
    const uint32_t dist = choose_copy((4U << preset) - 1, &period);
    size_t pos = put_noise(0, period + random_below(&seed, 20000));
    pos = put_copy(pos, period, RUN_END + random_below(&seed, 14000) - (uint32_t)pos);
    for (int i = 0; i < 12; i++) {
        pos = put_noise(pos, 3 + random_below(&seed, 10));
        pos = put_copy(pos, dist, 150 + random_below(&seed, 120));
        pos = put_noise(pos, 2 + random_below(&seed, 60));
        pos =
            put_copy(pos, 150 + random_below(&seed, 250), 6 + random_below(&seed, 40));
    }
    return put_noise(pos, random_below(&seed, 5000));
}

/* Gives pieces of up to `most` bytes, or all at once if that is the text's size. */
static size_t encode(const lzma_filter *filters, size_t size, size_t most, uint8_t *out)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    size_t given = 0;
    lzma_ret ret = lzma_raw_encoder(&strm, filters);
    strm.next_out = out;
    strm.avail_out = 2 * TEXT_MAX;
    while (ret == LZMA_OK) {
        if (strm.avail_in == 0 && given < size) {
            const size_t piece =
                most == size ? size : 1 + random_below(&seed, (uint32_t)most);
            strm.next_in = text + given;
            strm.avail_in = piece < size - given ? piece : size - given;
            given += strm.avail_in;
        }
        ret = lzma_code(&strm, given < size ? LZMA_RUN : LZMA_FINISH);
    }
    assert_int_equal(ret, LZMA_STREAM_END);
    const size_t out_size = (size_t)strm.total_out;
    lzma_end(&strm);
    return out_size;
}

static void any_pieces(void **state)
{
    (void)state;
    static const size_t pieces[] = {1, 100, 70000};
    for (uint32_t round = 0; round < ROUNDS; round++) {
        const uint32_t preset = round % 4;
        lzma_options_lzma options;
        assert_false(lzma_lzma_preset(&options, preset));
        options.dict_size = DICT_SIZE;
        const lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options},
                                       {LZMA_VLI_UNKNOWN, NULL}};
        const size_t size = make_text(preset);
        const size_t want_size = encode(filters, size, size, want);
        for (size_t i = 0; i < ARRAY_COUNT(pieces); i++) {
            assert_int_equal(encode(filters, size, pieces[i], got), want_size);
            assert_memory_equal(got, want, want_size);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
