// SPDX-License-Identifier: 0BSD
// Text that cannot be compressed: what counts as such, and what an encoder makes of it.

#include "lzma/noise.h"
#include "support/support.h"

#define MIB ((size_t)1 << 20)

/* A window over the text, all of it known. */
static struct xz_window window_over(uint8_t *text, uint32_t size)
{
    return (struct xz_window){
        .buf = text, .capacity = size, .keep = 1 << 20, .pos = size, .end = size};
}

static void test_what_is_noise(void **state)
{
    (void)state;
    static uint8_t text[64 * XZ_NOISE_SIZE + XZ_WINDOW_SLACK];
    const uint32_t known = 32 * XZ_NOISE_SIZE;
    fill_random(text, sizeof(text), 4);
    const struct xz_window w = window_over(text, 64 * XZ_NOISE_SIZE);
    struct xz_noise n = {.anchors = NULL};
    xz_noise_open(&n, NULL, 1 << 20);
    assert_int_equal(xz_noise_learn(&n, NULL, &w, known), LZMA_OK);
    for (uint32_t pos = known; pos < 63 * XZ_NOISE_SIZE; pos += 1000)
        assert_true(xz_noise_is_at(&n, &w, pos));

    /* Whatever its alignment, a copy of what is known is none, nor half of one. */
    for (uint32_t shift = 0; shift <= XZ_NOISE_STEP; ++shift) {
        memcpy(text + known, text + 500 + shift, XZ_NOISE_SIZE);
        assert_false(xz_noise_is_at(&n, &w, known));
        assert_false(xz_noise_is_at(&n, &w, known - XZ_NOISE_SIZE / 2));
    }

    /* Nor are bytes of which one in 30 is a space. */
    for (uint32_t i = 0; i < XZ_NOISE_SIZE; i += 30)
        text[40 * XZ_NOISE_SIZE + i] = ' ';
    assert_false(xz_noise_is_at(&n, &w, 40 * XZ_NOISE_SIZE));
    fill_text(text + known, XZ_NOISE_SIZE, 1);
    assert_false(xz_noise_is_at(&n, &w, known));

    /* Nor what has the same 8 bytes again, as headers of small files; 7 are too few. */
    fill_random(text + known, XZ_NOISE_SIZE, 5);
    assert_true(xz_noise_is_at(&n, &w, known));
    memcpy(text + known + 3001, text + known + 777, 7);
    assert_true(xz_noise_is_at(&n, &w, known));
    memcpy(text + known + 3001, text + known + 777, 8);
    assert_false(xz_noise_is_at(&n, &w, known));
    xz_noise_end(&n, NULL);
}

/* Anchors grow with the text, up to those of a dictionary, and forget none of it. */
static void test_anchors_grow(void **state)
{
    (void)state;
    const uint32_t size = 2 * MIB;
    uint8_t *const text = malloc(size + XZ_NOISE_SIZE + XZ_WINDOW_SLACK);
    fill_random(text, size, 6);
    memcpy(text + size, text + 500, XZ_NOISE_SIZE);
    struct xz_window w = window_over(text, size + XZ_NOISE_SIZE);
    w.keep = 4 * MIB;
    struct xz_noise n = {.anchors = NULL};
    struct xz_noise at_once = {.anchors = NULL};
    for (int round = 0; round < 2; ++round) { // the second one in memory of the first
        xz_noise_open(&n, NULL, 4 * MIB);
        assert_int_equal(xz_noise_learn(&n, NULL, &w, 64 << 10), LZMA_OK);
        assert_true(sizeof(uint32_t) << n.bits <= 64 << 10);
        for (uint32_t end = 64 << 10; end <= size; end += 1000)
            assert_int_equal(xz_noise_learn(&n, NULL, &w, end), LZMA_OK);
        assert_int_equal(xz_noise_learn(&n, NULL, &w, size), LZMA_OK);
        assert_false(xz_noise_is_at(&n, &w, size));
        assert_true(sizeof(uint32_t) << n.bits <= xz_noise_memusage(4 * MIB));
    }
    xz_noise_open(&at_once, NULL, 4 * MIB);
    assert_int_equal(xz_noise_learn(&at_once, NULL, &w, size), LZMA_OK);
    assert_int_equal(n.bits, at_once.bits);
    assert_memory_equal(n.anchors, at_once.anchors, sizeof(uint32_t) << n.bits);
    xz_noise_end(&n, NULL);
    xz_noise_end(&at_once, NULL);
    free(text);
}

/* Where the window stands, after it has moved and its positions' numbers have come any
   way, all of the history is learned and nothing else is read. */
static void test_moved_window(void **state)
{
    (void)state;
    static const uint32_t numbers[] = {0,       64,        1000,
                                       1 << 20, INT32_MAX, UINT32_MAX - 1000};
    const uint32_t keep = 256 << 10;
    uint8_t *const text = malloc(keep + XZ_NOISE_SIZE + XZ_WINDOW_SLACK);
    fill_random(text, keep, 7);
    memcpy(text + keep, text + 777, XZ_NOISE_SIZE);
    struct xz_window w = window_over(text, keep + XZ_NOISE_SIZE);
    w.keep = keep;
    for (size_t i = 0; i < ARRAY_COUNT(numbers); ++i) {
        struct xz_noise n = {.anchors = NULL};
        xz_noise_open(&n, NULL, 4 * MIB);
        xz_noise_moved(&n, numbers[i]);
        assert_true(xz_noise_is_at(&n, &w, keep));
        assert_int_equal(xz_noise_learn(&n, NULL, &w, keep), LZMA_OK);
        assert_false(xz_noise_is_at(&n, &w, keep));

        /* Nothing learned for long, then again. */
        xz_noise_moved(&n, UINT32_C(1) << 31);
        xz_noise_moved(&n, 12345);
        assert_int_equal(xz_noise_learn(&n, NULL, &w, keep), LZMA_OK);
        assert_false(xz_noise_is_at(&n, &w, keep));

        /* A little more, from where it was left. */
        const uint32_t next = n.next;
        assert_int_equal(xz_noise_learn(&n, NULL, &w, keep), LZMA_OK);
        assert_int_equal(n.next, next);
        xz_noise_end(&n, NULL);
    }
    free(text);
}

/* .lzma, where noise is looked at for the first time when the window has just moved, so
   that exactly the history is left: the stretch before ends inside noise, and begins
   where the one before it ended, behind a match of any length. Where stretches begin
   may change; test_moved_window() does not depend on it. */
static void test_first_noise_behind_history(void **state)
{
    (void)state;
    const size_t size = 1500000;
    const size_t second = 454658; // where the second stretch begins, if behind no match
    uint8_t *const text = malloc(size);
    uint8_t *const packed = malloc(2 * size);
    uint8_t *const restored = malloc(size);
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 0 | LZMA_PRESET_EXTREME));
    options.nice_len = 16;
    for (size_t over = 0; over < 16; ++over) {
        fill_text(text, size, 1);
        fill_random(text + second - 250, 600, 99);
        memcpy(text + second - 20, text + second - 248, 20 + over);
        fill_random(text + 860000, size - 860000, 5);
        lzma_stream strm = LZMA_STREAM_INIT;
        assert_int_equal(lzma_alone_encoder(&strm, &options), LZMA_OK);
        strm.next_in = text;
        strm.avail_in = size;
        strm.next_out = packed;
        strm.avail_out = 2 * size;
        assert_int_equal(lzma_code(&strm, LZMA_FINISH), LZMA_STREAM_END);
        const size_t packed_size = (size_t)strm.total_out;
        assert_int_equal(lzma_alone_decoder(&strm, UINT64_MAX), LZMA_OK);
        strm.next_in = packed;
        strm.avail_in = packed_size;
        strm.next_out = restored;
        strm.avail_out = size;
        assert_int_equal(lzma_code(&strm, LZMA_FINISH), LZMA_STREAM_END);
        assert_int_equal(strm.total_out, size);
        assert_memory_equal(restored, text, size);
        lzma_end(&strm);
    }
    free(text);
    free(packed);
    free(restored);
}

/* Encodes in pieces, or as one Block of the threaded encoder if piece is 0; returns the
   size. A hash of the bytes goes to *ret_hash. */
static size_t encode(uint32_t preset, const uint8_t *text, size_t size, size_t piece,
                     uint64_t *ret_hash)
{
    const size_t room = size + size / 8 + 4096;
    uint8_t *out = malloc(room);
    lzma_stream strm = LZMA_STREAM_INIT;
    assert_non_null(out);
    const lzma_mt mt = {.threads = 1, .preset = preset, .block_size = size};
    if (piece > 0)
        assert_int_equal(lzma_easy_encoder(&strm, preset, LZMA_CHECK_NONE), LZMA_OK);
    else
        assert_int_equal(lzma_stream_encoder_mt(&strm, &mt), LZMA_OK);
    strm.next_out = out;
    strm.avail_out = room;
    lzma_ret ret = LZMA_OK;
    for (size_t at = 0; ret == LZMA_OK; at += strm.next_in - (text + at)) {
        strm.next_in = text + at;
        strm.avail_in = piece == 0 || size - at < piece ? size - at : piece;
        const bool is_last = strm.avail_in == size - at;
        ret = lzma_code(&strm, is_last ? LZMA_FINISH : LZMA_RUN);
    }
    assert_int_equal(ret, LZMA_STREAM_END);
    const size_t out_size = strm.total_out;
    lzma_end(&strm);

    uint8_t *back = malloc(size);
    uint64_t memlimit = UINT64_MAX;
    size_t in_pos = 0;
    size_t back_size = 0;
    assert_int_equal(lzma_stream_buffer_decode(&memlimit, 0, NULL, out, &in_pos,
                                               out_size, back, &back_size, size),
                     LZMA_OK);
    assert_int_equal(back_size, size);
    assert_int_equal(memcmp(back, text, size), 0);
    *ret_hash = lzma_crc64(out, out_size, 0);
    free(back);
    free(out);
    return out_size;
}

/* Noise grows by less than 0.01 %. Text between and behind it, and noise that comes
   again, are compressed; the bytes do not depend on how the text came. */
static void test_encoder(void **state)
{
    (void)state;
    const size_t size = 4 * MIB;
    uint8_t *text = malloc(size);
    assert_non_null(text);
    for (uint32_t preset = 0; preset <= 6; preset += 3) {
        uint64_t hash;
        uint64_t hash_pieces;
        fill_random(text, size, 8);
        const size_t noise = encode(preset, text, size, size, &hash);
        assert_true(noise < size + size / 10000);

        fill_text(text + MIB, MIB / 2, 1);
        const size_t only_text = encode(preset, text + MIB, MIB / 2, MIB, &hash);
        memcpy(text + 3 * MIB + 77, text + 3 * MIB - 200 * 1024, 150 * 1024);
        const size_t mixed = encode(preset, text, size, size, &hash);
        assert_true(mixed < size - MIB / 2 - 140 * 1024 + only_text + 4096);
        assert_int_equal(encode(preset, text, size, 10007, &hash_pieces), mixed);
        assert_int_equal(hash, hash_pieces);
        /* A part that does not fit into its stored form would be stored. Parts know
           smaller tables: what is text may take a little more. */
        const size_t in_parts = encode(preset, text, size, 0, &hash);
        assert_true(in_parts <= mixed + 128);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_noise),
        cmocka_unit_test(test_anchors_grow),
        cmocka_unit_test(test_moved_window),
        cmocka_unit_test(test_first_noise_behind_history),
        cmocka_unit_test(test_encoder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
