// SPDX-License-Identifier: 0BSD
// All branch converters: what they promise whatever the bytes are.

#include "filter/bcj.h"
#include "support/support.h"

#define ID_FIRST LZMA_FILTER_X86
#define ID_LAST  LZMA_FILTER_RISCV

static void properties(void **state)
{
    (void)state;
    static const uint32_t lookaheads[] = {5, 4, 16, 4, 4, 4, 4, 8};
    static const uint32_t alignments[] = {1, 4, 16, 4, 2, 4, 4, 2};
    for (lzma_vli id = ID_FIRST; id <= ID_LAST; ++id) {
        assert_true(xz_bcj_is_known(id));
        assert_int_equal(xz_bcj_lookahead(id), lookaheads[id - ID_FIRST]);
        assert_int_equal(xz_bcj_alignment(id), alignments[id - ID_FIRST]);
    }
    static const lzma_vli others[] = {
        0,
        LZMA_FILTER_DELTA,
        ID_LAST + 1,
        LZMA_FILTER_LZMA2,
        LZMA_FILTER_LZMA1,
        LZMA_VLI_UNKNOWN,
    };
    for (size_t i = 0; i < ARRAY_COUNT(others); ++i) {
        assert_false(xz_bcj_is_known(others[i]));
        assert_int_equal(xz_bcj_lookahead(others[i]), 0);
        assert_int_equal(xz_bcj_alignment(others[i]), 0);
    }
}

/* Makes some of the words of random data instructions that the converter looks for. */
static void plant(lzma_vli id, uint8_t *buf, size_t size, uint64_t *seed)
{
    static const struct {
        lzma_vli id;
        const char *clear; // bits to clear and to set in four bytes, hexadecimal
        const char *set;
    } patterns[] = {
        {LZMA_FILTER_X86, "FF 00 00 00", "E8 00 00 00"},
        {LZMA_FILTER_X86, "FF 00 00 FF", "E9 00 00 00"},
        {LZMA_FILTER_X86, "00 00 00 FF", "00 00 00 FF"},
        {LZMA_FILTER_X86, "FF 00 FF 00", "E8 00 E8 00"},
        {LZMA_FILTER_POWERPC, "FF 00 00 03", "48 00 00 01"},
        {LZMA_FILTER_IA64, "1F 00 00 00", "16 00 00 00"},
        {LZMA_FILTER_IA64, "1F 00 00 00", "12 00 00 00"},
        {LZMA_FILTER_IA64, "00 00 00 F0", "00 00 00 50"},
        {LZMA_FILTER_IA64, "00 0E 1C 3C", "00 00 00 14"},
        {LZMA_FILTER_ARM, "00 00 00 FF", "00 00 00 EB"},
        {LZMA_FILTER_ARMTHUMB, "00 F8 00 F8", "00 F0 00 F8"},
        {LZMA_FILTER_SPARC, "FF C0 00 00", "40 00 00 00"},
        {LZMA_FILTER_SPARC, "FF C0 00 00", "7F C0 00 00"},
        {LZMA_FILTER_ARM64, "00 00 00 FC", "00 00 00 94"},
        {LZMA_FILTER_ARM64, "00 00 E0 9F", "00 00 00 90"},
        {LZMA_FILTER_ARM64, "00 00 E0 9F", "00 00 E0 90"},
        {LZMA_FILTER_RISCV, "FF 0F 00 00", "EF 02 00 00"},
        {LZMA_FILTER_RISCV, "FF 0F 00 00", "17 01 00 00"},
        {LZMA_FILTER_RISCV, "FF 3F 00 00", "17 31 00 00"},
        {LZMA_FILTER_RISCV, "FF 0F 00 00", "97 02 00 00"},
        {LZMA_FILTER_RISCV, "03 80 0F 00", "03 80 02 00"},
    };
    for (size_t i = 0; i + 4 <= size; i += 2) {
        const uint32_t n = random_below(seed, 2 * ARRAY_COUNT(patterns));
        if (n >= ARRAY_COUNT(patterns) || patterns[n].id != id)
            continue;
        uint8_t clear[4];
        uint8_t set[4];
        hex_parse(patterns[n].clear, clear, 4);
        hex_parse(patterns[n].set, set, 4);
        for (size_t k = 0; k < 4; ++k)
            buf[i + k] = (uint8_t)((buf[i + k] & ~clear[k]) | set[k]);
    }
}

static void make_data(lzma_vli id, uint8_t *buf, size_t size, uint64_t seed)
{
    const uint64_t kind = seed % (DATA_KIND_COUNT + 2);
    if (kind < DATA_KIND_COUNT) {
        data_kinds[kind].fill(buf, size, seed);
    } else {
        fill_random(buf, size, seed);
        plant(id, buf, size, &seed);
    }
}

/* Converts buf in pieces of up to `piece` bytes; the last bytes stay. Each call gets
   bytes that wait and what is new, as from a stream. */
static void convert_pieces(struct xz_bcj *bcj, lzma_vli id, uint8_t *buf, size_t size,
                           uint32_t piece, uint64_t *seed)
{
    size_t done = 0;
    size_t given = 0;
    while (given < size) {
        given += 1 + random_below(seed, piece);
        if (given > size)
            given = size;
        const size_t count = xz_bcj_convert(bcj, buf + done, given - done);
        assert_true(count <= given - done);
        done += count;
        assert_true(given - done < xz_bcj_lookahead(id));
    }
}

#define SIZE   3000
#define ROUNDS 60

/* What comes out does not depend on the pieces; decoding gives back what was encoded,
   and encoding what was decoded. */
static void round_trip(lzma_vli id, uint64_t seed, bool is_encoder)
{
    static const uint32_t pieces[] = {1, 3, 17, 200, 100000};
    uint8_t plain[SIZE];
    uint8_t whole[SIZE];
    struct xz_bcj bcj;
    make_data(id, plain, SIZE, seed);
    uint64_t state = seed | 1;
    uint32_t start = seed % 3 == 0 ? 0 : (uint32_t)random_next(&state);
    start -= start % xz_bcj_alignment(id);

    memcpy(whole, plain, SIZE);
    xz_bcj_init(&bcj, id, start, is_encoder);
    xz_bcj_convert(&bcj, whole, SIZE);
    for (size_t i = 0; i < ARRAY_COUNT(pieces); ++i) {
        struct guard guard = guard_make(plain, SIZE);
        xz_bcj_init(&bcj, id, start, is_encoder);
        convert_pieces(&bcj, id, guard.start, SIZE, pieces[i], &state);
        assert_memory_equal(guard.start, whole, SIZE);
        xz_bcj_init(&bcj, id, start, !is_encoder);
        convert_pieces(&bcj, id, guard.start, SIZE, pieces[i], &state);
        assert_memory_equal(guard.start, plain, SIZE);
        guard_free(&guard);
    }
}

static void round_trips(void **state)
{
    (void)state;
    for (lzma_vli id = ID_FIRST; id <= ID_LAST; ++id) {
        for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
            round_trip(id, seed, true);
            round_trip(id, seed, false);
        }
    }
}

/* All small sizes: nothing behind the done bytes changes, and nothing behind the end is
   read. */
static void tails(void **state)
{
    (void)state;
    for (lzma_vli id = ID_FIRST; id <= ID_LAST; ++id) {
        for (size_t n = 0; n < 40 * 40; ++n) {
            const size_t size = n % 40;
            uint8_t plain[40];
            make_data(id, plain, 40, n * DATA_KIND_COUNT + n);
            struct guard guard = guard_make(plain + 40 - size, size);
            struct xz_bcj bcj;
            xz_bcj_init(&bcj, id, 0x1000, n % 3 != 0);
            const size_t done = xz_bcj_convert(&bcj, guard.start, size);
            assert_true(done <= size && size - done < xz_bcj_lookahead(id));
            assert_int_equal(bcj.pos, 0x1000 + done);
            assert_memory_equal(guard.start + done, plain + 40 - size + done,
                                size - done);
            guard_free(&guard);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(properties),
        cmocka_unit_test(round_trips),
        cmocka_unit_test(tails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
