// SPDX-License-Identifier: 0BSD
// Resumable parser of the Index field.
//
//     state            waits for                 leaves when
//     AT_INDICATOR     0x00                      it is there
//     AT_COUNT         Number of Records         complete: event COUNT
//     AT_UNPADDED      Unpadded Size             complete
//     AT_UNCOMPRESSED  Uncompressed Size         complete: event RECORD
//     AT_PADDING       zeros                     the size is a multiple of four
//     AT_CRC           four bytes                all are there: event END
//
// AT_UNPADDED is skipped to AT_PADDING when no Records remain. Every byte up to the
// CRC32 field goes through the checksum when a call is left.
//
// Three readers share it: index_field.c and stream/index_dec.c build a lzma_index of
// the Records, from a buffer or in pieces; index_hash.c compares them with the Blocks.
// None of them sees half an integer: an event is told when all of its bytes are there.
//
// The count is a claim. Where the size of the field is known, it is held against that
// before anybody allocates memory for it: a Record takes two bytes at least. Otherwise
// it is told as it is, so that readers with a memory limit can say what it would take.

#include "format/index_parse.h"
#include "check/check.h"
#include "format/index_sizes.h"
#include "format/vli.h"

/* One byte for each size. */
#define RECORD_SIZE_MIN 2
#define CRC_SIZE        4

void xz_index_parse_init(struct xz_index_parse *parse, uint64_t size_max)
{
    *parse = (struct xz_index_parse){
        .state = XZ_INDEX_AT_INDICATOR,
        .size_max = size_max,
    };
}

/* After the count or a Record: what comes next. */
static void next_record(struct xz_index_parse *parse)
{
    parse->state = parse->remaining > 0 ? XZ_INDEX_AT_UNPADDED : XZ_INDEX_AT_PADDING;
}

/* Uses an integer that is complete. */
static lzma_ret use_integer(struct xz_index_parse *parse,
                            enum xz_index_event *ret_event)
{
    *ret_event = XZ_INDEX_NEED_INPUT;
    switch (parse->state) {
    case XZ_INDEX_AT_COUNT:
        if (parse->vli > parse->size_max / RECORD_SIZE_MIN)
            return LZMA_DATA_ERROR;
        parse->record_count = parse->vli;
        parse->remaining = parse->vli;
        next_record(parse);
        *ret_event = XZ_INDEX_COUNT;
        return LZMA_OK;
    case XZ_INDEX_AT_UNPADDED:
        if (!xz_index_record_is_valid(parse->vli, 0))
            return LZMA_DATA_ERROR;
        parse->unpadded_size = parse->vli;
        parse->state = XZ_INDEX_AT_UNCOMPRESSED;
        return LZMA_OK;
    default:
        parse->uncompressed_size = parse->vli;
        parse->remaining -= 1;
        next_record(parse);
        *ret_event = XZ_INDEX_RECORD;
        return LZMA_OK;
    }
}

/* Reads at least one byte; there is one. An event of NEED_INPUT stands for none. */
static lzma_ret step(struct xz_index_parse *parse, const uint8_t *in, size_t *in_pos,
                     size_t in_size, enum xz_index_event *ret_event)
{
    lzma_ret ret;
    *ret_event = XZ_INDEX_NEED_INPUT;
    switch (parse->state) {
    case XZ_INDEX_AT_INDICATOR:
        parse->state = XZ_INDEX_AT_COUNT;
        return in[(*in_pos)++] == 0x00 ? LZMA_OK : LZMA_DATA_ERROR;
    case XZ_INDEX_AT_COUNT:
    case XZ_INDEX_AT_UNPADDED:
    case XZ_INDEX_AT_UNCOMPRESSED:
        ret = xz_vli_decode_part(&parse->vli, &parse->pos, in, in_pos, in_size);
        if (ret != LZMA_STREAM_END)
            return ret;
        parse->pos = 0;
        return use_integer(parse, ret_event);
    case XZ_INDEX_AT_PADDING:
        return in[(*in_pos)++] == 0x00 ? LZMA_OK : LZMA_DATA_ERROR;
    case XZ_INDEX_AT_CRC:
        /* Little endian, compared as the bytes come. */
        if (in[(*in_pos)++] != (uint8_t)(parse->crc32 >> (parse->pos * 8)))
            return LZMA_DATA_ERROR;
        if (++parse->pos == CRC_SIZE) {
            parse->state = XZ_INDEX_AT_END;
            *ret_event = XZ_INDEX_END;
        }
        return LZMA_OK;
    default:
        return LZMA_PROG_ERROR;
    }
}

/* Counts what a step took, and leaves AT_PADDING when there is none (more) to come. */
static lzma_ret account(struct xz_index_parse *parse, const uint8_t *taken,
                        size_t count)
{
    parse->size += count;
    if (parse->size > parse->size_max || parse->size > LZMA_BACKWARD_SIZE_MAX)
        return LZMA_DATA_ERROR;
    if (parse->state < XZ_INDEX_AT_CRC)
        parse->crc32 = xz_crc32(taken, count, parse->crc32);
    if (parse->state == XZ_INDEX_AT_PADDING && parse->size % 4 == 0)
        parse->state = XZ_INDEX_AT_CRC;
    return LZMA_OK;
}

lzma_ret xz_index_parse_next(struct xz_index_parse *parse, const uint8_t *in,
                             size_t *in_pos, size_t in_size,
                             enum xz_index_event *ret_event)
{
    enum xz_index_event event = XZ_INDEX_NEED_INPUT;
    if (parse->state == XZ_INDEX_AT_END)
        return LZMA_PROG_ERROR;
    while (*in_pos < in_size && event == XZ_INDEX_NEED_INPUT) {
        const size_t start = *in_pos;
        lzma_ret ret = step(parse, in, in_pos, in_size, &event);
        if (ret == LZMA_OK)
            ret = account(parse, in + start, *in_pos - start);
        if (ret != LZMA_OK) {
            parse->state = XZ_INDEX_AT_END;
            return ret;
        }
    }
    *ret_event = event;
    return LZMA_OK;
}
