// SPDX-License-Identifier: 0BSD
// The RISC-V converter on every kind of pair that AUIPC can begin, both ways.

#include "base/bytes.h"
#include "filter/bcj.h"
#include "support/support.h"

/* Both ways there and back; returns what the encoder made of the first word. */
static uint32_t both_ways(uint32_t first, uint32_t second, uint32_t start)
{
    uint8_t plain[12];
    uint8_t buf[12];
    uint32_t encoded = 0;
    xz_write32le(plain, first);
    xz_write32le(plain + 4, second);
    xz_write32le(plain + 8, 0x00008067);
    for (int is_encoder = 0; is_encoder <= 1; ++is_encoder) {
        struct xz_bcj bcj;
        memcpy(buf, plain, sizeof(buf));
        xz_bcj_init(&bcj, LZMA_FILTER_RISCV, start, is_encoder != 0);
        xz_bcj_convert(&bcj, buf, sizeof(buf));
        encoded = xz_read32le(buf);
        xz_bcj_init(&bcj, LZMA_FILTER_RISCV, start, is_encoder == 0);
        xz_bcj_convert(&bcj, buf, sizeof(buf));
        assert_memory_equal(buf, plain, sizeof(buf));
    }
    return encoded;
}

/* All destination registers, all base registers, both lengths of the second
   instruction; bits 12 to 15 and 27 to 31 of the first, where a wrapped pair keeps its
   own. */
static void every_pair(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 1U << 19; ++n) {
        const uint32_t rd = n & 31;
        const uint32_t base = n >> 5 & 31;
        const uint32_t length = n >> 10 & 3;
        const uint32_t low = n >> 12 & 3;
        const uint32_t top = n >> 14 & 31;
        const uint32_t first =
            0x17 | rd << 7 | low << 12 | (n & 0x3FFF) << 13 | top << 27;
        const uint32_t second = n << 20 | base << 15 | (n & 0xF8) << 4 | 0x10 | length;
        const uint32_t encoded = both_ways(first, second, n << 1);
        const bool is_plain = (rd & ~2U) != 0 && base == rd && length == 3;
        const bool is_wrapped = rd == 2 && low == 3 && (top & ~2U) != 0;
        if (is_plain)
            assert_int_equal(encoded, 0x117 | second << 12);
        else if (is_wrapped)
            assert_int_equal(encoded & 0xFFF, 0x17 | top << 7);
        else
            assert_int_equal(encoded, first);
    }
}

/* All destinations of JAL and all sixteen bits above. */
static void every_call(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 1U << 16; ++n) {
        const uint32_t insn = (n & 31) << 7 | (n >> 5) << 12 | (n * 0x9E3779B1U) << 23;
        const uint32_t rd = n & 31;
        const uint32_t encoded = both_ways(insn | 0x6F, 0x13, n * 74);
        assert_int_equal(encoded & 0xFFF, 0x6F | rd << 7);
        if (rd != 1 && rd != 5)
            assert_int_equal(encoded & 0xFFFF, (insn & 0xFFFF) | 0x6F);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair),
        cmocka_unit_test(every_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
