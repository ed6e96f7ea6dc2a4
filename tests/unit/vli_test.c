// SPDX-License-Identifier: 0BSD
// Variable-length integers: sizes, both modes of both directions, bad encodings.

#include "format/vli.h"
#include "format_help.h"

static void sizes(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= 8; ++n) {
        assert_int_equal(lzma_vli_size((UINT64_C(1) << (7 * n)) - 1), n);
        assert_int_equal(lzma_vli_size(UINT64_C(1) << (7 * n)), n + 1);
    }
    assert_int_equal(lzma_vli_size(0), 1);
    assert_int_equal(lzma_vli_size(LZMA_VLI_MAX), 9);
    assert_int_equal(lzma_vli_size(LZMA_VLI_MAX + 1), 0);
    assert_int_equal(lzma_vli_size(LZMA_VLI_UNKNOWN), 0);
}

/* What has no encoding, and positions behind the end, are refused whatever the room. */
static void refused(void **state)
{
    (void)state;
    uint8_t out[12] = {0xEE};
    size_t pos = 0;
    assert_int_equal(lzma_vli_encode(LZMA_VLI_MAX + 1, NULL, out, &pos, sizeof(out)),
                     LZMA_PROG_ERROR);
    assert_int_equal(lzma_vli_encode(LZMA_VLI_UNKNOWN, NULL, out, &pos, sizeof(out)),
                     LZMA_PROG_ERROR);
    assert_int_equal(pos, 0);
    assert_int_equal(xz_vli_encode(LZMA_VLI_MAX + 1, out, &pos, sizeof(out)),
                     LZMA_PROG_ERROR);
    assert_int_equal(pos, 0);
    pos = 2;
    assert_int_equal(xz_vli_encode(1, out, &pos, 1), LZMA_PROG_ERROR);
    assert_int_equal(pos, 2);
    assert_int_equal(out[0], 0xEE);
    assert_int_equal(out[2], 0);
}

static const lzma_vli values[] = {
    0,          1,          0x7F,           0x80,       0x3FFF,           0x4000,
    0x12345678, 0x7FFFFFFF, UINT32_MAX + 1, 1ULL << 49, LZMA_VLI_MAX - 1, LZMA_VLI_MAX,
};

/* Every value, in one call and byte by byte, comes back; each room that is too small is
   refused, and nothing is touched behind the end. */
static void round_trip(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); ++i) {
        const uint32_t size = lzma_vli_size(values[i]);
        struct guard out = guard_make(NULL, size);
        size_t pos = 0;
        for (uint32_t room = 0; room < size; ++room) {
            assert_int_equal(lzma_vli_encode(values[i], NULL, out.start, &pos, room),
                             LZMA_PROG_ERROR);
            assert_int_equal(pos, 0);
        }
        assert_int_equal(lzma_vli_encode(values[i], NULL, out.start, &pos, size),
                         LZMA_OK);
        assert_int_equal(pos, size);

        uint8_t piecewise[9];
        size_t vli_pos = 0;
        for (pos = 0; pos < size;) {
            const lzma_ret want = pos + 1 < size ? LZMA_OK : LZMA_STREAM_END;
            assert_int_equal(
                lzma_vli_encode(values[i], &vli_pos, piecewise, &pos, pos + 1), want);
            assert_int_equal(vli_pos, pos);
        }
        assert_memory_equal(piecewise, out.start, size);

        lzma_vli vli = 99;
        pos = 0;
        assert_int_equal(lzma_vli_decode(&vli, NULL, out.start, &pos, size), LZMA_OK);
        assert_true(vli == values[i] && pos == size);
        vli = 99;
        vli_pos = 0;
        for (pos = 0; pos < size;) {
            const lzma_ret want = pos + 1 < size ? LZMA_OK : LZMA_STREAM_END;
            assert_int_equal(lzma_vli_decode(&vli, &vli_pos, out.start, &pos, pos + 1),
                             want);
        }
        assert_true(vli == values[i]);
        for (uint32_t cut = 0; cut < size; ++cut) {
            struct guard in = guard_make(out.start, cut);
            pos = 0;
            assert_int_equal(lzma_vli_decode(&vli, NULL, in.start, &pos, cut),
                             LZMA_DATA_ERROR);
            guard_free(&in);
        }
        guard_free(&out);
    }
}

static void check_bad(const char *bytes, size_t size)
{
    struct guard in = guard_make(bytes, size);
    lzma_vli vli = 7;
    size_t pos = 0;
    assert_int_equal(lzma_vli_decode(&vli, NULL, in.start, &pos, size),
                     LZMA_DATA_ERROR);
    size_t vli_pos = 0;
    pos = 0;
    assert_int_equal(lzma_vli_decode(&vli, &vli_pos, in.start, &pos, size),
                     LZMA_DATA_ERROR);
    guard_free(&in);
}

static void bad_encodings(void **state)
{
    (void)state;
    check_bad("\x80\x00", 2);
    check_bad("\xFF\x80\x00", 3);
    check_bad("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9);
    check_bad("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 10);
}

static void misuse(void **state)
{
    (void)state;
    uint8_t buf[9] = {5};
    size_t pos = 0;
    size_t vli_pos = 0;
    assert_int_equal(lzma_vli_encode(5, &vli_pos, buf, &pos, 0), LZMA_BUF_ERROR);
    assert_int_equal(lzma_vli_encode(LZMA_VLI_MAX + 1, &vli_pos, buf, &pos, 9),
                     LZMA_PROG_ERROR);
    vli_pos = 9;
    assert_int_equal(lzma_vli_encode(5, &vli_pos, buf, &pos, 9), LZMA_PROG_ERROR);
    lzma_vli vli = 0;
    assert_int_equal(lzma_vli_decode(&vli, &vli_pos, buf, &pos, 1), LZMA_PROG_ERROR);
    vli_pos = 1;
    vli = 0x80;
    assert_int_equal(lzma_vli_decode(&vli, &vli_pos, buf, &pos, 1), LZMA_PROG_ERROR);
    vli_pos = 0;
    assert_int_equal(lzma_vli_decode(&vli, &vli_pos, buf, &pos, 0), LZMA_BUF_ERROR);
    assert_int_equal(vli, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),      cmocka_unit_test(refused),
        cmocka_unit_test(round_trip), cmocka_unit_test(bad_encodings),
        cmocka_unit_test(misuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
