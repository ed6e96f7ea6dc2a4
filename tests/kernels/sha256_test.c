// SPDX-License-Identifier: 0BSD
// SHA-256: examples of FIPS 180-4, and every kernel at every split.

#include "base/cpu.h"
#include "check/sha256_kernels.h"
#include "support/support.h"

static void hash(const void *data, size_t size, uint8_t ret_digest[XZ_SHA256_SIZE])
{
    struct xz_sha256 sha;
    xz_sha256_init(&sha);
    xz_sha256_update(&sha, data, size);
    xz_sha256_finish(&sha, ret_digest);
}

/* Calls test once for each kernel that this CPU has, with no stronger one in use. */
static void for_each_kernel(void (*test)(void))
{
    size_t count;
    const struct xz_sha256_kernel *kernels = xz_sha256_kernels(&count);
    for (size_t i = 0; i < count; ++i) {
        xz_cpu_limit(kernels[i].features);
        if (xz_cpu_features() == kernels[i].features)
            test();
    }
    xz_cpu_limit(UINT32_MAX);
}

static const struct {
    const char *text;
    const char *digest;
} examples[] = {
    {"abc", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"},
    {"", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248D6A61D20638B8E5C026930C3E6039A33CE45964FF2167F6ECEDD419DB06C1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
     "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
     "CF5B16A778AF8380036CE59E7B0492370B249B11E8F07A51AFAC45037AFEE9D1"},
};

static void check_examples(void)
{
    for (size_t i = 0; i < ARRAY_COUNT(examples); ++i) {
        uint8_t want[XZ_SHA256_SIZE];
        uint8_t digest[XZ_SHA256_SIZE];
        assert_int_equal(hex_parse(examples[i].digest, want, sizeof(want)), 32);
        hash(examples[i].text, strlen(examples[i].text), digest);
        assert_memory_equal(digest, want, XZ_SHA256_SIZE);
    }
}

/* FIPS 180-2, appendix B.3: a million times "a". */
static void check_million(void)
{
    uint8_t want[XZ_SHA256_SIZE];
    uint8_t digest[XZ_SHA256_SIZE];
    hex_parse("CDC76E5C9914FB9281A1C7E284D73E67F1809A48A497200E046D39CCC7112CD0", want,
              sizeof(want));
    uint8_t *as = malloc(1000000);
    memset(as, 'a', 1000000);
    hash(as, 1000000, digest);
    free(as);
    assert_memory_equal(digest, want, XZ_SHA256_SIZE);
}

#define SIZE_MAX_SMALL 300

/* All sizes, in two pieces cut anywhere, at a guard page. */
static void check_splits(void)
{
    struct guard guard = guard_make(NULL, SIZE_MAX_SMALL);
    fill_random(guard.start, SIZE_MAX_SMALL, 3);
    for (size_t size = 0; size <= SIZE_MAX_SMALL; ++size) {
        const uint8_t *data = guard.start + SIZE_MAX_SMALL - size;
        uint8_t want[XZ_SHA256_SIZE];
        hash(data, size, want);
        for (size_t cut = 0; cut <= size; cut += 1 + size / 70) {
            uint8_t digest[XZ_SHA256_SIZE];
            struct xz_sha256 sha;
            xz_sha256_init(&sha);
            xz_sha256_update(&sha, data, cut);
            xz_sha256_update(&sha, data + cut, size - cut);
            xz_sha256_finish(&sha, digest);
            assert_memory_equal(digest, want, XZ_SHA256_SIZE);
        }
    }
    guard_free(&guard);
}

static void known_values(void **state)
{
    (void)state;
    for_each_kernel(check_examples);
    for_each_kernel(check_million);
}

static void every_split(void **state)
{
    (void)state;
    for_each_kernel(check_splits);
}

/* Kernels alone: the state after blocks at every alignment. */
static void every_kernel(void **state)
{
    (void)state;
    size_t count;
    const struct xz_sha256_kernel *kernels = xz_sha256_kernels(&count);
    uint8_t *room = malloc(64 * 20);
    fill_random(room, 64 * 20, 4);
    for (size_t i = 1; i < count; ++i) {
        if ((kernels[i].features & ~xz_cpu_features()) != 0)
            continue;
        for (size_t shift = 0; shift < 64; ++shift) {
            uint32_t want[8] = {1, 2, 3, 4, 5, 6, 7, (uint32_t)shift * 0x01234567};
            uint32_t got[8];
            memcpy(got, want, sizeof(got));
            xz_sha256_fold_portable(want, room + shift, shift % 19);
            kernels[i].fold(got, room + shift, shift % 19);
            assert_memory_equal(got, want, sizeof(want));
        }
    }
    free(room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),
        cmocka_unit_test(every_split),
        cmocka_unit_test(every_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
