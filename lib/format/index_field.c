// SPDX-License-Identifier: 0BSD
// The Index field as a whole, in a buffer.
//
//     | 0x00 | Number of Records | Unpadded, Uncompressed Sizes | 0 ... | CRC32 |
//
// An index of several Streams is written as if all Blocks were in one: this is how
// tools merge Streams. The empty Index is 00 00 00 00 1C DF 44 21. Fields that come or
// go in pieces are the business of stream/; both ways share the sizes and the parser.

#include "format/index_field.h"
#include "base/bytes.h"
#include "base/try.h"
#include "check/check.h"
#include "format/index.h"
#include "format/index_parse.h"
#include "format/index_sizes.h"
#include "format/vli.h"

#define CRC_SIZE 4

lzma_ret xz_index_field_encode(const lzma_index *index, uint8_t *out, size_t *out_pos,
                               size_t out_size)
{
    const lzma_vli field_size = xz_index_size(index);
    if (*out_pos > out_size || field_size > out_size - *out_pos)
        return LZMA_BUF_ERROR;
    /* There is room for all of it, so none of the calls below can fail. */
    const size_t start = *out_pos;
    const size_t crc_pos = start + (size_t)field_size - CRC_SIZE;
    size_t pos = start;
    out[pos++] = 0x00;
    XZ_TRY(xz_vli_encode(index->record_count, out, &pos, crc_pos));

    lzma_index_iter iter;
    xz_index_iter_init(&iter, index);
    while (!xz_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK)) {
        XZ_TRY(xz_vli_encode(iter.block.unpadded_size, out, &pos, crc_pos));
        XZ_TRY(xz_vli_encode(iter.block.uncompressed_size, out, &pos, crc_pos));
    }
    memset(out + pos, 0, crc_pos - pos);
    xz_write32le(out + crc_pos, xz_crc32(out + start, crc_pos - start, 0));
    *out_pos = crc_pos + CRC_SIZE;
    return LZMA_OK;
}

/* Reads all Records into index. Appending checks their sums. The number of Records is
   held against the input that is there, then against the limit; memory for them is
   taken as they come. */
static lzma_ret decode_records(lzma_index *index, const lzma_allocator *allocator,
                               uint64_t *memlimit, const uint8_t *in, size_t *in_pos,
                               size_t in_size)
{
    struct xz_index_parse parse;
    xz_index_parse_init(&parse, in_size - *in_pos);
    for (;;) {
        enum xz_index_event event;
        uint64_t needed;
        XZ_TRY(xz_index_parse_next(&parse, in, in_pos, in_size, &event));
        switch (event) {
        case XZ_INDEX_NEED_INPUT:
            return LZMA_DATA_ERROR;
        case XZ_INDEX_COUNT:
            needed = xz_index_memusage(1, parse.record_count);
            if (needed > *memlimit) {
                *memlimit = needed;
                return LZMA_MEMLIMIT_ERROR;
            }
            break;
        case XZ_INDEX_RECORD:
            XZ_TRY(xz_index_append(index, allocator, parse.unpadded_size,
                                   parse.uncompressed_size));
            break;
        case XZ_INDEX_END:
            return LZMA_OK;
        }
    }
}

lzma_ret xz_index_field_decode(const lzma_allocator *allocator, uint64_t *memlimit,
                               const uint8_t *in, size_t *in_pos, size_t in_size,
                               lzma_index **ret_index)
{
    lzma_index *index = xz_index_new(allocator);
    if (index == NULL)
        return LZMA_MEM_ERROR;
    size_t pos = *in_pos;
    const lzma_ret ret = decode_records(index, allocator, memlimit, in, &pos, in_size);
    if (ret != LZMA_OK) {
        xz_index_end(index, allocator);
        return ret;
    }
    *in_pos = pos;
    *ret_index = index;
    return LZMA_OK;
}
