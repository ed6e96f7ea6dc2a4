// SPDX-License-Identifier: 0BSD
// The Index field: encoding, decoding, and the resumable parser.

#include "format/index_parse.h"
#include "index_sample.h"

static void known_bytes(void **state)
{
    (void)state;
    struct guard in = field(0);
    assert_int_equal(field_size(&in), 8);
    assert_memory_equal(in.start, "\x00\x00\x00\x00\x1c\xdf\x44\x21", 8);
    guard_free(&in);
    in = field(1);
    assert_int_equal(field_size(&in), 8);
    assert_memory_equal(in.start, "\x00\x01\x05\x00", 4);
    guard_free(&in);
}

static lzma_ret decode(lzma_index **index, const uint8_t *in, size_t size,
                       const lzma_allocator *allocator)
{
    uint64_t memlimit = UINT64_MAX;
    size_t pos = 0;
    *index = (lzma_index *)0x55;
    const lzma_ret ret =
        lzma_index_buffer_decode(index, &memlimit, allocator, in, &pos, size);
    assert_true(memlimit == UINT64_MAX);
    if (ret != LZMA_OK) {
        assert_null(*index);
        assert_int_equal(pos, 0);
    }
    return ret;
}

static void round_trip(void **state)
{
    (void)state;
    for (unsigned count = 0; count <= RECORD_COUNT; ++count) {
        struct guard in = field(count);
        const size_t size = field_size(&in);
        lzma_index *index;
        lzma_index_iter iter;
        for (long left = 0;; ++left) {
            struct counter counter;
            counter_init(&counter, left);
            const lzma_ret ret = decode(&index, in.start, size, &counter.allocator);
            if (ret != LZMA_OK) {
                assert_int_equal(ret, LZMA_MEM_ERROR);
                assert_int_equal(counter.live, 0);
                continue;
            }
            lzma_index_iter_init(&iter, index);
            for (unsigned i = 0; i < count; ++i) {
                assert_false(lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK));
                assert_true(iter.block.unpadded_size == records[i][0]);
                assert_true(iter.block.uncompressed_size == records[i][1]);
            }
            /* An index that was decoded can be appended to, also after no Records. */
            assert_int_equal(lzma_index_append(index, &counter.allocator, 9, 9),
                             counter.left == 0 && count == 4 ? LZMA_MEM_ERROR
                                                             : LZMA_OK);
            lzma_index_end(index, &counter.allocator);
            assert_int_equal(counter.live, 0);
            break;
        }
        for (size_t cut = 0; cut < size; ++cut) {
            struct guard part = guard_make(in.start, cut);
            assert_int_equal(decode(&index, part.start, cut, NULL), LZMA_DATA_ERROR);
            guard_free(&part);
        }
        for (size_t bit = 0; bit < size * 8; ++bit) {
            in.start[bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_int_equal(decode(&index, in.start, size, NULL), LZMA_DATA_ERROR);
            in.start[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
        guard_free(&in);
    }
}

static void memory_limit(void **state)
{
    (void)state;
    struct guard in = field(RECORD_COUNT);
    const size_t size = field_size(&in);
    const uint64_t needed = lzma_index_memusage(1, RECORD_COUNT);
    const uint64_t too_little[] = {0, 1, needed - 1};
    lzma_index *index;
    for (size_t i = 0; i < 3; ++i) {
        uint64_t memlimit = too_little[i];
        size_t pos = 0;
        assert_int_equal(
            lzma_index_buffer_decode(&index, &memlimit, NULL, in.start, &pos, size),
            LZMA_MEMLIMIT_ERROR);
        assert_true(memlimit == needed && index == NULL && pos == 0);
        assert_int_equal(
            lzma_index_buffer_decode(&index, &memlimit, NULL, in.start, &pos, size),
            LZMA_OK);
        assert_true(memlimit == needed && pos == size);
        lzma_index_end(index, NULL);
    }
    guard_free(&in);
}

static void misuse(void **state)
{
    (void)state;
    lzma_index *index = lzma_index_init(NULL);
    uint8_t buf[8] = {0};
    size_t pos = 9;
    uint64_t memlimit = UINT64_MAX;
    assert_int_equal(lzma_index_buffer_encode(NULL, buf, &pos, 8), LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_buffer_encode(index, buf, &pos, 8), LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_buffer_encode(index, NULL, &pos, 8), LZMA_PROG_ERROR);
    lzma_index_end(index, NULL);
    assert_int_equal(lzma_index_buffer_decode(&index, &memlimit, NULL, buf, &pos, 8),
                     LZMA_PROG_ERROR);
    assert_null(index);
    pos = 0;
    assert_int_equal(lzma_index_buffer_decode(NULL, &memlimit, NULL, buf, &pos, 8),
                     LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_buffer_decode(&index, NULL, NULL, buf, &pos, 8),
                     LZMA_PROG_ERROR);
    assert_int_equal(lzma_index_buffer_decode(&index, &memlimit, NULL, NULL, &pos, 8),
                     LZMA_PROG_ERROR);
}

/* The parser tells the same events however the field is cut. */
static void parser_in_pieces(void **state)
{
    (void)state;
    struct guard in = field(RECORD_COUNT);
    const size_t size = field_size(&in);
    for (size_t piece = 1; piece <= size; ++piece) {
        struct xz_index_parse parse;
        enum xz_index_event event = XZ_INDEX_NEED_INPUT;
        unsigned seen = 0;
        xz_index_parse_init(&parse, UINT64_MAX);
        size_t pos = 0;
        for (size_t end = piece; event != XZ_INDEX_END; end += piece) {
            if (end > size)
                end = size;
            do {
                assert_int_equal(
                    xz_index_parse_next(&parse, in.start, &pos, end, &event), LZMA_OK);
                if (event == XZ_INDEX_COUNT)
                    assert_true(parse.record_count == RECORD_COUNT);
                if (event == XZ_INDEX_RECORD) {
                    assert_true(parse.unpadded_size == records[seen][0]);
                    assert_true(parse.uncompressed_size == records[seen][1]);
                    ++seen;
                }
            } while (event != XZ_INDEX_NEED_INPUT && event != XZ_INDEX_END);
        }
        assert_int_equal(seen, RECORD_COUNT);
        assert_int_equal(pos, size);
        assert_true(parse.size == size);
        assert_int_equal(xz_index_parse_next(&parse, in.start, &pos, size, &event),
                         LZMA_PROG_ERROR);
    }
    guard_free(&in);
}

/* Parses bytes that end in front of the CRC32, up to an error; size_max as given. */
static lzma_ret parse_all(const char *bytes, size_t size, uint64_t size_max)
{
    struct xz_index_parse parse;
    enum xz_index_event event;
    size_t pos = 0;
    lzma_ret ret;
    xz_index_parse_init(&parse, size_max);
    do {
        ret = xz_index_parse_next(&parse, (const uint8_t *)bytes, &pos, size, &event);
    } while (ret == LZMA_OK && event != XZ_INDEX_NEED_INPUT && event != XZ_INDEX_END);
    return ret;
}

#define PARSE(bytes, max) parse_all(bytes, sizeof(bytes) - 1, max)

static void parser_refuses(void **state)
{
    (void)state;
    assert_int_equal(PARSE("\x01", UINT64_MAX), LZMA_DATA_ERROR);
    assert_int_equal(PARSE("\x00\x01\x05\x00", UINT64_MAX), LZMA_OK);
    assert_int_equal(PARSE("\x00\x01\x04\x00", UINT64_MAX), LZMA_DATA_ERROR);
    assert_int_equal(PARSE("\x00\x81\x00", UINT64_MAX), LZMA_DATA_ERROR);
    assert_int_equal(PARSE("\x00\x00\x00\x01", UINT64_MAX), LZMA_DATA_ERROR);
    assert_int_equal(PARSE("\x00\x01\xfd\xff\xff\xff\xff\xff\xff\xff\x7f", UINT64_MAX),
                     LZMA_DATA_ERROR);
    assert_int_equal(PARSE("\x00\x01\xfc\xff\xff\xff\xff\xff\xff\xff\x7f", UINT64_MAX),
                     LZMA_OK);
    /* The number of Records against the size that is known. */
    assert_int_equal(PARSE("\x00\x04", 8), LZMA_OK);
    assert_int_equal(PARSE("\x00\x05", 8), LZMA_DATA_ERROR);
    assert_int_equal(PARSE("\x00\x81\x80\x80\x80\x20", UINT64_MAX), LZMA_OK);
    assert_int_equal(PARSE("\x00\x02\x05\x00\x05\x00\x00\x00", 7), LZMA_DATA_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_bytes),      cmocka_unit_test(round_trip),
        cmocka_unit_test(memory_limit),     cmocka_unit_test(misuse),
        cmocka_unit_test(parser_in_pieces), cmocka_unit_test(parser_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
