// SPDX-License-Identifier: 0BSD
// clearxz_arena_init(): pieces do not overlap, come back, and never leave the memory.

#include "support/support.h"
#include <clearxz.h>

#define PIECES 20

static uint8_t *get(clearxz_arena *arena, size_t size)
{
    return arena->allocator.alloc(arena->allocator.opaque, 1, size);
}

static void put(clearxz_arena *arena, uint8_t *piece)
{
    arena->allocator.free(arena->allocator.opaque, piece);
}

/* Pieces of random sizes, filled with their number, in memory that ends at a page that
   must not be touched and begins at any address. */
static void test_pieces(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (size_t size = 0; size < 6000; size += 1 + size / 7) {
        struct guard memory = guard_make(NULL, size);
        clearxz_arena arena;
        clearxz_arena_init(&arena, memory.start, size);
        uint8_t *pieces[PIECES] = {NULL};
        size_t sizes[PIECES] = {0};
        for (int round = 0; round < 400; ++round) {
            const uint32_t i = random_below(&seed, PIECES);
            for (size_t k = 0; k < sizes[i]; ++k)
                assert_int_equal(pieces[i][k], i);
            put(&arena, pieces[i]);
            sizes[i] = 0;
            const size_t want = random_below(&seed, 600);
            pieces[i] = get(&arena, want);
            if (pieces[i] == NULL)
                continue;
            assert_int_equal((uintptr_t)pieces[i] % 16, 0);
            assert_true(pieces[i] >= memory.start
                        && pieces[i] + want <= memory.start + size);
            sizes[i] = want;
            memset(pieces[i], (int)i, want);
        }
        for (int i = 0; i < PIECES; ++i)
            put(&arena, pieces[i]);
        /* All of it is one piece again. */
        if (size > 64) {
            uint8_t *all = get(&arena, size - 64);
            assert_non_null(all);
            assert_null(get(&arena, 64));
            put(&arena, all);
        }
        assert_null(get(&arena, size + 1));
        assert_null(arena.allocator.alloc(&arena, SIZE_MAX / 2, 4));
        guard_free(&memory);
    }
}

/* A whole decoder lives in it. */
static void test_decoder(void **state)
{
    (void)state;
    static uint8_t memory[CLEARXZ_DECODER_MEMORY(0)];
    static uint8_t plain[50000];
    uint8_t packed[20000];
    uint8_t out[sizeof(plain)];
    size_t size = 0;
    fill_periodic(plain, sizeof(plain), 3);
    assert_int_equal(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL, plain,
                                             sizeof(plain), packed, &size,
                                             sizeof(packed)),
                     LZMA_OK);
    clearxz_arena arena;
    clearxz_arena_init(&arena, memory, sizeof(memory));
    for (int i = 0; i < 3; ++i) {
        uint64_t limit = UINT64_MAX;
        size_t in_pos = 0;
        size_t out_pos = 0;
        assert_int_equal(lzma_stream_buffer_decode(&limit, 0, &arena.allocator, packed,
                                                   &in_pos, size, out, &out_pos,
                                                   sizeof(out)),
                         LZMA_OK);
        assert_int_equal(out_pos, sizeof(plain));
        assert_memory_equal(out, plain, sizeof(plain));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_decoder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
