// SPDX-License-Identifier: 0BSD
// An Index field to test with, of zero to five Records.

#ifndef XZ_UNIT_INDEX_SAMPLE_H
#define XZ_UNIT_INDEX_SAMPLE_H

#include "format_help.h"

static const lzma_vli records[][2] = {
    {5, 0},  {LZMA_VLI_C(1) << 40, 127}, {128, 128}, {16384, LZMA_VLI_C(1) << 61},
    {77, 1},
};
#define RECORD_COUNT 5U

/* An Index field with the first count records; freed by the caller. */
static inline struct guard field(unsigned count)
{
    lzma_index *index = lzma_index_init(NULL);
    for (unsigned i = 0; i < count; ++i)
        assert_int_equal(lzma_index_append(index, NULL, records[i][0], records[i][1]),
                         LZMA_OK);
    const size_t size = (size_t)lzma_index_size(index);
    struct guard out = guard_make(NULL, size);
    size_t pos = 0;
    for (size_t room = 0; room < size; ++room)
        assert_int_equal(lzma_index_buffer_encode(index, out.start, &pos, room),
                         LZMA_BUF_ERROR);
    assert_int_equal(lzma_index_buffer_encode(index, out.start, &pos, size), LZMA_OK);
    assert_int_equal(pos, size);
    assert_int_equal(size % 4, 0);
    lzma_index_end(index, NULL);
    return out;
}

static inline size_t field_size(const struct guard *guard)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (size_t)(guard->map + guard->map_size - page - guard->start);
}

#endif
