// SPDX-License-Identifier: 0BSD
// Every input that integers of at most three bytes can have.
//
// This compiles the text of format/vli.c once more, for a format whose integers have
// three bytes at most instead of nine: nothing in it depends on that number. All 2^24
// inputs, all cuts and splits of them, and all values are then few enough to try each.

#include "format_help.h"

#undef LZMA_VLI_BYTES_MAX
#undef LZMA_VLI_MAX
#define LZMA_VLI_BYTES_MAX 3
#define LZMA_VLI_MAX       ((UINT64_C(1) << 21) - 1)
#define xz_vli_size        short_vli_size
#define xz_vli_encode      short_vli_encode
#define xz_vli_decode      short_vli_decode
#define xz_vli_encode_part short_vli_encode_part
#define xz_vli_decode_part short_vli_decode_part
#include "format/vli.c"

/* What the format says of the first size bytes at in: LZMA_STREAM_END and *ret_vli,
   LZMA_DATA_ERROR, or LZMA_OK if more are needed. *ret_used: the bytes looked at. */
static lzma_ret by_the_book(const uint8_t *in, size_t size, lzma_vli *ret_vli,
                            size_t *ret_used)
{
    size_t count = 0;
    while (count < size && count < 3 && in[count] >= 0x80)
        ++count;
    *ret_used = count;
    if (count == 3)
        return LZMA_DATA_ERROR;
    if (count == size)
        return LZMA_OK;
    *ret_used = count + 1;
    if (in[count] == 0 && count > 0)
        return LZMA_DATA_ERROR;
    static const uint32_t worth[3] = {1, 128, 16384};
    *ret_vli = 0;
    for (size_t i = 0; i <= count; ++i)
        *ret_vli += in[i] % 128U * worth[i];
    return LZMA_STREAM_END;
}

/* The calls of a test are too many for an assertion each. */
static bool decodes_as(const uint8_t *in, size_t size)
{
    lzma_vli expected = 0;
    size_t used;
    const lzma_ret ret = by_the_book(in, size, &expected, &used);
    lzma_vli vli = 99;
    size_t pos = 0;
    const lzma_ret whole = xz_vli_decode(in, &pos, size, &vli);
    if (whole != (ret == LZMA_STREAM_END ? LZMA_OK : LZMA_DATA_ERROR)
        || (whole == LZMA_OK && vli != expected) || pos != used)
        return false;
    /* In two pieces; a first one that gives the verdict is enough. */
    for (size_t cut = 1; cut < size; ++cut) {
        size_t vli_pos = 0;
        pos = 0;
        lzma_ret part = xz_vli_decode_part(&vli, &vli_pos, in, &pos, cut);
        if (part == LZMA_OK)
            part = xz_vli_decode_part(&vli, &vli_pos, in, &pos, size);
        if (part != ret || pos != used || (ret == LZMA_STREAM_END && vli != expected))
            return false;
    }
    return true;
}

static void every_input(void **state)
{
    (void)state;
    uint8_t in[3];
    for (uint32_t bytes = 0; bytes < UINT32_C(1) << 24; ++bytes) {
        for (size_t i = 0; i < 3; ++i)
            in[i] = (uint8_t)(bytes >> 8 * i);
        const size_t least = bytes < 256 ? 0 : bytes < 65536 ? 2 : 3;
        for (size_t size = least; size <= 3; ++size) {
            if (!decodes_as(in, size))
                fail_msg("%02x %02x %02x, %zu bytes", in[0], in[1], in[2], size);
        }
    }
}

/* Encoded whole and in two pieces, in the least room; less is refused. */
static bool encodes(lzma_vli vli)
{
    const uint32_t size = vli < 128 ? 1 : vli < 16384 ? 2 : 3;
    uint8_t whole[4] = {0, 0, 0, 0xEE};
    size_t pos = 0;
    if (xz_vli_size(vli) != size
        || xz_vli_encode(vli, whole, &pos, size - 1) != LZMA_PROG_ERROR || pos != 0
        || xz_vli_encode(vli, whole, &pos, size) != LZMA_OK || pos != size)
        return false;
    lzma_vli back;
    size_t used;
    if (by_the_book(whole, size, &back, &used) != LZMA_STREAM_END || back != vli
        || whole[3] != 0xEE)
        return false;
    for (size_t cut = 1; cut <= size; ++cut) {
        uint8_t pieces[3];
        size_t vli_pos = 0;
        pos = 0;
        lzma_ret ret = xz_vli_encode_part(vli, &vli_pos, pieces, &pos, cut);
        if (ret != (cut < size ? LZMA_OK : LZMA_STREAM_END))
            return false;
        if (ret == LZMA_OK)
            ret = xz_vli_encode_part(vli, &vli_pos, pieces, &pos, size);
        if (ret != LZMA_STREAM_END || pos != size || memcmp(pieces, whole, size) != 0)
            return false;
    }
    return true;
}

static void every_value(void **state)
{
    (void)state;
    for (lzma_vli vli = 0; vli <= LZMA_VLI_MAX; ++vli) {
        if (!encodes(vli))
            fail_msg("%u", (unsigned)vli);
    }
    uint8_t out[4];
    for (lzma_vli vli = LZMA_VLI_MAX + 1; vli < LZMA_VLI_MAX + 70000; ++vli) {
        size_t pos = 0;
        size_t vli_pos = 0;
        assert_int_equal(xz_vli_size(vli), 0);
        assert_int_equal(xz_vli_encode(vli, out, &pos, 4), LZMA_PROG_ERROR);
        assert_int_equal(xz_vli_encode_part(vli, &vli_pos, out, &pos, 4),
                         LZMA_PROG_ERROR);
        assert_true(pos == 0 && vli_pos == 0);
    }
}

/* A state that no earlier call left is refused: bits above those that were read, or
   all bytes read already. All states of one byte that can be left are taken. */
static void every_state(void **state)
{
    (void)state;
    const uint8_t in[1] = {1};
    for (size_t done = 0; done <= 4; ++done) {
        for (lzma_vli left = 0; left < UINT32_C(1) << 22; ++left) {
            lzma_vli vli = left;
            size_t vli_pos = done;
            size_t pos = 0;
            const bool is_known =
                done == 0 || (done < 3 && left < UINT64_C(1) << (7 * done));
            const lzma_ret ret = xz_vli_decode_part(&vli, &vli_pos, in, &pos, 1);
            if (ret != (is_known ? LZMA_STREAM_END : LZMA_PROG_ERROR)
                || pos != (is_known ? 1 : 0))
                fail_msg("%zu bytes, %u", done, (unsigned)left);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_input),
        cmocka_unit_test(every_value),
        cmocka_unit_test(every_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
