// SPDX-License-Identifier: 0BSD
// Arithmetic of sizes against the same in 128 bits, where values are next to an edge.
//
// Edges are the powers of two and the limits of the format, and what is up to three
// away from them. The functions are made of sums, roundings and comparisons with
// constants: whatever they do wrong they do at an edge. All pairs of edges are tried.

#include "base/bits.h"
#include "format/block_header.h"
#include "format/bounds.h"
#include "format/index.h"
#include "format/index_sizes.h"
#include "format/vli.h"
#include "format_help.h"

typedef unsigned __int128 wide;

#define EDGE_MAX 600
static uint64_t edges[EDGE_MAX];
static size_t edge_count;

static int in_order(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;
    return (*x > *y) - (*x < *y);
}

/* Fills edges, in order, each once. */
static int make_edges(void **state)
{
    (void)state;
    static const uint64_t limits[] = {
        LZMA_VLI_MAX,    LZMA_BACKWARD_SIZE_MAX, UINT64_MAX,
        UINT64_MAX / 64, LZMA_VLI_MAX - 1088,    UINT64_C(0x7FFE80047FF27BE2)};
    for (uint64_t distance = 0; distance <= 6; ++distance) {
        for (unsigned bit = 0; bit < 64; ++bit)
            edges[edge_count++] = (UINT64_C(1) << bit) + distance - 3;
        for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); ++i)
            edges[edge_count++] = limits[i] + distance - 3;
    }
    qsort(edges, edge_count, sizeof(edges[0]), in_order);
    size_t kept = 1;
    for (size_t i = 1; i < edge_count; ++i) {
        if (edges[i] != edges[kept - 1])
            edges[kept++] = edges[i];
    }
    edge_count = kept;
    return 0;
}

#define EACH(v)                                                                        \
 for (size_t v##_at = 0; v##_at < edge_count; ++v##_at)                                \
  for (uint64_t v = edges[v##_at], v##_once = 1; v##_once != 0; v##_once = 0)

static wide round4(wide v)
{
    return (v + 3) / 4 * 4;
}

static unsigned vli_size(wide v)
{
    unsigned size = 1;
    for (; v >= 128; v /= 128)
        ++size;
    return size;
}

static wide field_size(wide count, wide list_size)
{
    return round4(1 + vli_size(count) + list_size + 4);
}

static void basics(void **state)
{
    (void)state;
    EACH(a)
    {
        if (a <= UINT64_MAX - 3)
            assert_true(xz_round_up4(a) == round4(a));
        assert_int_equal(xz_vli_size(a), a <= LZMA_VLI_MAX ? vli_size(a) : 0);
        EACH(b)
        {
            uint64_t sum = 7;
            uint64_t product = 7;
            const wide true_sum = (wide)a + b;
            const wide true_product = (wide)a * b;
            if (xz_add_fits(a, b, &sum) != (true_sum <= UINT64_MAX)
                || sum != (true_sum <= UINT64_MAX ? (uint64_t)true_sum : 7))
                fail_msg("sum of %llx, %llx", (long long)a, (long long)b);
            if (sizeof(size_t) < sizeof(uint64_t))
                continue;
            if (xz_mul_fits(a, b, (size_t *)&product) != (true_product <= UINT64_MAX)
                || product != (true_product <= UINT64_MAX ? (uint64_t)true_product : 7))
                fail_msg("product of %llx, %llx", (long long)a, (long long)b);
        }
    }
}

static void index_fields(void **state)
{
    (void)state;
    EACH(a)
    EACH(b)
    {
        if (xz_index_record_is_valid(a, b)
            != (a >= 5 && a <= LZMA_VLI_MAX / 4 * 4 && b <= LZMA_VLI_MAX))
            fail_msg("record of %llx, %llx", (long long)a, (long long)b);
        if (a > LZMA_VLI_MAX || b > LZMA_VLI_MAX)
            continue;
        const wide size = field_size(a, b);
        if (xz_index_field_size(a, b) != size
            || xz_index_field_padding(a, b) != size - (1 + vli_size(a) + b + 4))
            fail_msg("field of %llx, %llx", (long long)a, (long long)b);
    }
}

static void bounds(void **state)
{
    (void)state;
    const wide most = (LZMA_VLI_MAX - 1024 - 64) / 4 * 4;
    EACH(a)
    {
        wide stored = (wide)a + ((wide)a + 65535) / 65536 * 3 + 1;
        stored = stored <= most ? stored : 0;
        assert_true(xz_lzma2_stored_bound(a) == stored);
        wide block = stored == 0 ? 0 : round4(stored) + 92;
        wide stream = stored == 0 ? 0 : round4(stored) + 140;
        assert_true(xz_block_bound(a) == (block <= SIZE_MAX ? block : 0));
        assert_true(xz_stream_bound(a) == (stream <= SIZE_MAX ? stream : 0));
    }
}

static const unsigned check_sizes[16] = {0,  4,  4,  4,  8,  8,  8,  16,
                                         16, 16, 32, 32, 32, 64, 64, 64};

static void check_block(uint32_t header_size, unsigned check, uint64_t compressed)
{
    lzma_block block = {.version = 1,
                        .header_size = header_size,
                        .check = (lzma_check)check,
                        .compressed_size = compressed};
    const wide most = LZMA_VLI_MAX / 4 * 4;
    wide size = (wide)header_size + compressed + check_sizes[check];
    if (compressed == LZMA_VLI_UNKNOWN)
        size = LZMA_VLI_UNKNOWN;
    else if (compressed == 0 || compressed > LZMA_VLI_MAX || size > most)
        size = 0;
    const wide total = size == LZMA_VLI_UNKNOWN ? size : round4(size);
    if (xz_block_unpadded_size(&block) != size || xz_block_total_size(&block) != total)
        fail_msg("block of %llx", (long long)compressed);
    /* And back, with the size not known beforehand. */
    block.compressed_size = LZMA_VLI_UNKNOWN;
    const wide around = (wide)header_size + check_sizes[check];
    const bool is_good = compressed > around && compressed <= most;
    if (xz_block_compressed_size(&block, compressed)
            != (is_good ? LZMA_OK : LZMA_DATA_ERROR)
        || block.compressed_size
               != (is_good ? compressed - around : (wide)LZMA_VLI_UNKNOWN))
        fail_msg("unpadded size of %llx", (long long)compressed);
}

static void blocks(void **state)
{
    (void)state;
    EACH(a)
    {
        for (unsigned check = 0; check < 16; ++check) {
            for (uint32_t header_size = 8; header_size <= 1024; header_size += 4)
                check_block(header_size, check, a);
        }
    }
    for (uint32_t header_size = 0; header_size < 1100; ++header_size) {
        const lzma_block block = {.header_size = header_size, .compressed_size = 1};
        const bool is_good =
            header_size >= 8 && header_size <= 1024 && header_size % 4 == 0;
        assert_int_equal(xz_block_unpadded_size(&block), is_good ? header_size + 1 : 0);
    }
}

/* ---- An index of one or two Streams ---- */

/* What goes into one Stream, and what it then is. */
struct stream {
    wide total_size;
    wide uncompressed_size;
    wide count;
    wide list_size;
    wide padding;
};

static wide file_size(const struct stream *s)
{
    return 24 + s->total_size + field_size(s->count, s->list_size) + s->padding;
}

/* Appends to both; the model says what must come. */
static void append(lzma_index *index, struct stream *s, uint64_t unpadded,
                   uint64_t uncompressed)
{
    struct stream next = *s;
    next.total_size += round4(unpadded);
    next.uncompressed_size += uncompressed;
    next.count += 1;
    next.list_size += vli_size(unpadded) + vli_size(uncompressed);
    lzma_ret expected = LZMA_OK;
    if (unpadded < 5 || unpadded > LZMA_VLI_MAX / 4 * 4 || uncompressed > LZMA_VLI_MAX)
        expected = LZMA_PROG_ERROR;
    else if (next.uncompressed_size > LZMA_VLI_MAX || file_size(&next) > LZMA_VLI_MAX)
        expected = LZMA_DATA_ERROR;
    if (xz_index_append(index, NULL, unpadded, uncompressed) != expected)
        fail_msg("append %llx, %llx: not %d", (long long)unpadded,
                 (long long)uncompressed, (int)expected);
    if (expected == LZMA_OK)
        *s = next;
}

static void pad(lzma_index *index, struct stream *s, uint64_t padding)
{
    struct stream next = *s;
    next.padding = padding;
    lzma_ret expected = LZMA_OK;
    if (padding > LZMA_VLI_MAX || padding % 4 != 0)
        expected = LZMA_PROG_ERROR;
    else if (file_size(&next) > LZMA_VLI_MAX)
        expected = LZMA_DATA_ERROR;
    if (xz_index_set_padding(index, padding) != expected)
        fail_msg("padding %llx: not %d", (long long)padding, (int)expected);
    if (expected == LZMA_OK)
        *s = next;
}

static bool agrees(const lzma_index *index, wide size, const struct stream *sums)
{
    return xz_index_file_size(index) == size && index->total_size == sums->total_size
           && index->uncompressed_size == sums->uncompressed_size
           && index->record_count == sums->count && index->list_size == sums->list_size;
}

/* The few that sums of two can go wrong with. */
static const uint64_t few[] = {
    5,
    8,
    UINT64_C(1) << 62,
    (UINT64_C(1) << 62) - 3,
    (UINT64_C(1) << 62) - 32,
    (UINT64_C(1) << 62) - 48,
    LZMA_VLI_MAX / 4 * 4,
    LZMA_VLI_MAX / 4 * 4 - 48,
    LZMA_VLI_MAX / 4 * 4 - 60,
    LZMA_VLI_MAX,
    LZMA_VLI_MAX + 1,
    UINT64_MAX,
};
#define FEW (sizeof(few) / sizeof(few[0]))

/* An index with one Record and padding behind it, by the digits of number. */
static lzma_index *make_index(size_t number, struct stream *s)
{
    lzma_index *index = xz_index_new(NULL);
    assert_non_null(index);
    *s = (struct stream){0};
    append(index, s, few[number % FEW], few[number / FEW % FEW]);
    pad(index, s, few[number / FEW / FEW % FEW]);
    assert_true(agrees(index, file_size(s), s));
    return index;
}

static void two_records(void **state)
{
    (void)state;
    for (size_t number = 0; number < FEW * FEW * FEW; ++number) {
        for (size_t other = 0; other < FEW * FEW; ++other) {
            struct stream s;
            lzma_index *index = make_index(number, &s);
            append(index, &s, few[other % FEW], few[other / FEW]);
            assert_true(agrees(index, file_size(&s), &s));
            xz_index_end(index, NULL);
        }
    }
}

static void two_streams(void **state)
{
    (void)state;
    for (size_t a = 0; a < FEW * FEW * FEW; a += 3) {
        for (size_t b = a % 5; b < FEW * FEW * FEW; b += 5) {
            struct stream s;
            struct stream t;
            lzma_index *dest = make_index(a, &s);
            lzma_index *src = make_index(b, &t);
            const wide size = file_size(&s) + file_size(&t);
            const wide data = s.uncompressed_size + t.uncompressed_size;
            const bool fits = size <= LZMA_VLI_MAX && data <= LZMA_VLI_MAX;
            const lzma_ret ret = xz_index_cat(dest, src, NULL);
            if (ret != (fits ? LZMA_OK : LZMA_DATA_ERROR))
                fail_msg("cat %zu, %zu", a, b);
            if (fits) {
                s.total_size += t.total_size;
                s.uncompressed_size = data;
                s.count += t.count;
                s.list_size += t.list_size;
            } else {
                xz_index_end(src, NULL);
            }
            assert_true(agrees(dest, fits ? size : file_size(&s), &s));
            xz_index_end(dest, NULL);
        }
    }
}

/* The Index field of all Records ends at LZMA_BACKWARD_SIZE_MAX. No test can append so
   many, so the sums are put in. */
static void index_limit(void **state)
{
    (void)state;
    for (uint64_t missing = 0; missing < 16; ++missing) {
        struct stream s = {0};
        lzma_index *index = xz_index_new(NULL);
        assert_non_null(index);
        append(index, &s, 5, 0);
        index->list_size = LZMA_BACKWARD_SIZE_MAX - missing;
        const wide after = field_size(2, (wide)index->list_size + 2);
        assert_int_equal(xz_index_append(index, NULL, 5, 0),
                         after <= LZMA_BACKWARD_SIZE_MAX ? LZMA_OK : LZMA_DATA_ERROR);
        xz_index_end(index, NULL);

        lzma_index *dest = make_index(0, &s);
        lzma_index *src = make_index(0, &s);
        dest->list_size = LZMA_BACKWARD_SIZE_MAX / 2;
        src->list_size = LZMA_BACKWARD_SIZE_MAX / 2 - missing;
        const wide both = field_size(2, LZMA_BACKWARD_SIZE_MAX - missing);
        const bool fits = both <= LZMA_BACKWARD_SIZE_MAX;
        assert_int_equal(xz_index_cat(dest, src, NULL),
                         fits ? LZMA_OK : LZMA_DATA_ERROR);
        if (!fits)
            xz_index_end(src, NULL);
        xz_index_end(dest, NULL);
    }
}

/* Never less than the Records and Streams take, and more for more: nothing wraps. */
static void memory(void **state)
{
    (void)state;
    EACH(streams)
    {
        uint64_t before = 0;
        EACH(count)
        {
            const uint64_t usage = xz_index_memusage(streams, count);
            const wide least = (wide)streams * sizeof(struct xz_index_stream)
                               + (wide)(count < 4 ? 0 : count - 4) * 16;
            if (usage < before || (usage != UINT64_MAX && usage < least)
                || (usage == UINT64_MAX)
                       != (streams == 0 || streams > UINT32_MAX
                           || count > UINT64_MAX / 64))
                fail_msg("%llx Streams, %llx Blocks", (long long)streams,
                         (long long)count);
            before = usage;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(basics),      cmocka_unit_test(index_fields),
        cmocka_unit_test(bounds),      cmocka_unit_test(blocks),
        cmocka_unit_test(two_records), cmocka_unit_test(two_streams),
        cmocka_unit_test(index_limit), cmocka_unit_test(memory),
    };
    return cmocka_run_group_tests(tests, make_edges, NULL);
}
