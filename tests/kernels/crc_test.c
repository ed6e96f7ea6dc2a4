// SPDX-License-Identifier: 0BSD
// CRC32 and CRC64: known values, and every kernel against the definition.

#include "base/cpu.h"
#include "check/crc_kernels.h"
#include "support/support.h"

/* The definition: one bit at a time. */
static uint64_t slow_crc(const uint8_t *buf, size_t size, uint64_t crc, uint64_t ones,
                         uint64_t polynomial)
{
    crc ^= ones;
    for (size_t i = 0; i < size; ++i) {
        crc ^= buf[i];
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : 0);
    }
    return crc ^ ones;
}

static uint32_t slow_crc32(const uint8_t *buf, size_t size, uint32_t crc)
{
    return (uint32_t)slow_crc(buf, size, crc, UINT32_MAX, 0xEDB88320);
}

static uint64_t slow_crc64(const uint8_t *buf, size_t size, uint64_t crc)
{
    return slow_crc(buf, size, crc, UINT64_MAX, UINT64_C(0xC96C5795D7870F42));
}

/* True if this CPU has what the kernel needs. */
static bool is_usable(const struct xz_crc_kernel *kernel)
{
    xz_cpu_limit(UINT32_MAX);
    return (kernel->features & ~xz_cpu_features()) == 0;
}

#define SIZE_MAX_SMALL 1100
#define SIZE_BIG       300007

struct fixture {
    uint8_t *data;                      // SIZE_BIG bytes
    uint32_t crc32[SIZE_MAX_SMALL + 1]; // of the last n bytes of the small buffer
    uint64_t crc64[SIZE_MAX_SMALL + 1];
};

#define START_32 UINT32_C(0x12345678)
#define START_64 UINT64_C(0x0123456789ABCDEF)

static int make_fixture(void **state)
{
    struct fixture *fixture = malloc(sizeof(*fixture));
    fixture->data = malloc(SIZE_BIG);
    fill_random(fixture->data, SIZE_BIG, 1);
    const uint8_t *end = fixture->data + SIZE_MAX_SMALL;
    for (size_t size = 0; size <= SIZE_MAX_SMALL; ++size) {
        fixture->crc32[size] = slow_crc32(end - size, size, START_32);
        fixture->crc64[size] = slow_crc64(end - size, size, START_64);
    }
    *state = fixture;
    return 0;
}

static int free_fixture(void **state)
{
    struct fixture *fixture = *state;
    free(fixture->data);
    free(fixture);
    return 0;
}

static void known_values(void **state)
{
    (void)state;
    const uint8_t *digits = (const uint8_t *)"123456789";
    static const uint8_t zeros[32] = {0};
    assert_int_equal(xz_crc32(digits, 9, 0), 0xCBF43926);
    assert_int_equal(xz_crc64(digits, 9, 0), UINT64_C(0x995DC9BBDF1939FA));
    assert_int_equal(xz_crc32(zeros, 32, 0), 0x190A55AD);
    assert_int_equal(xz_crc32(digits, 0, 0), 0);
    assert_int_equal(xz_crc64(digits, 0, 0), 0);
    assert_int_equal(xz_crc32(NULL, 0, 77), 77);
    assert_int_equal(xz_crc64(NULL, 0, 77), 77);
}

/* Buffers that end at a guard page: the start takes every alignment with the size. */
static void every_size(void **state)
{
    const struct fixture *fixture = *state;
    struct guard guard = guard_make(fixture->data, SIZE_MAX_SMALL);
    const uint8_t *end = guard.start + guard.size;
    size_t count;
    const struct xz_crc_kernel *kernels = xz_crc_kernels(&count);
    for (size_t i = 0; i < count; ++i) {
        const struct xz_crc_kernel *kernel = &kernels[i];
        if (!is_usable(kernel))
            continue;
        for (size_t size = kernel->size_min; size <= SIZE_MAX_SMALL; ++size) {
            const uint8_t *buf = end - size;
            if (kernel->crc32 != NULL)
                assert_int_equal(kernel->crc32(buf, size, START_32),
                                 fixture->crc32[size]);
            if (kernel->crc64 != NULL)
                assert_int_equal(kernel->crc64(buf, size, START_64),
                                 fixture->crc64[size]);
        }
    }
    guard_free(&guard);
}

/* The same bytes at each of 64 alignments. */
static void every_alignment(void **state)
{
    const struct fixture *fixture = *state;
    static const size_t sizes[] = {0,  1,  7,   15,  16,  17,  63,
                                   64, 65, 127, 128, 200, 1000};
    uint8_t *room = aligned_alloc(64, 2048);
    size_t count;
    const struct xz_crc_kernel *kernels = xz_crc_kernels(&count);
    for (size_t shift = 0; shift < 64; ++shift) {
        memcpy(room + shift, fixture->data, 1000);
        for (size_t i = 0; i < count * ARRAY_COUNT(sizes); ++i) {
            const struct xz_crc_kernel *kernel = &kernels[i / ARRAY_COUNT(sizes)];
            const size_t size = sizes[i % ARRAY_COUNT(sizes)];
            if (!is_usable(kernel) || size < kernel->size_min)
                continue;
            const uint8_t *buf = room + shift;
            if (kernel->crc32 != NULL)
                assert_int_equal(kernel->crc32(buf, size, 5),
                                 xz_crc32_portable(fixture->data, size, 5));
            if (kernel->crc64 != NULL)
                assert_int_equal(kernel->crc64(buf, size, 5),
                                 xz_crc64_portable(fixture->data, size, 5));
        }
    }
    free(room);
}

static void big(void **state)
{
    const struct fixture *fixture = *state;
    const uint32_t want_32 = slow_crc32(fixture->data, SIZE_BIG, START_32);
    const uint64_t want_64 = slow_crc64(fixture->data, SIZE_BIG, START_64);
    size_t count;
    const struct xz_crc_kernel *kernels = xz_crc_kernels(&count);
    for (size_t i = 0; i < count; ++i) {
        const struct xz_crc_kernel *kernel = &kernels[i];
        if (!is_usable(kernel))
            continue;
        if (kernel->crc32 != NULL)
            assert_int_equal(kernel->crc32(fixture->data, SIZE_BIG, START_32), want_32);
        if (kernel->crc64 != NULL)
            assert_int_equal(kernel->crc64(fixture->data, SIZE_BIG, START_64), want_64);
    }
}

/* Pieces of every size give the same, whatever features are left. */
static void pieces(void **state)
{
    const struct fixture *fixture = *state;
    const uint32_t want_32 = slow_crc32(fixture->data, 40000, 0);
    const uint64_t want_64 = slow_crc64(fixture->data, 40000, 0);
    size_t count;
    const struct xz_crc_kernel *kernels = xz_crc_kernels(&count);
    for (size_t i = 0; i < count; ++i) {
        xz_cpu_limit(kernels[i].features);
        uint32_t crc32 = 0;
        uint64_t crc64 = 0;
        size_t pos = 0;
        for (size_t size = 0; pos < 40000; pos += size, ++size) {
            if (size > 40000 - pos)
                size = 40000 - pos;
            crc32 = xz_crc32(fixture->data + pos, size, crc32);
            crc64 = xz_crc64(fixture->data + pos, size, crc64);
        }
        assert_int_equal(crc32, want_32);
        assert_int_equal(crc64, want_64);
    }
    xz_cpu_limit(UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),    cmocka_unit_test(every_size),
        cmocka_unit_test(every_alignment), cmocka_unit_test(big),
        cmocka_unit_test(pieces),
    };
    return cmocka_run_group_tests(tests, make_fixture, free_fixture);
}
