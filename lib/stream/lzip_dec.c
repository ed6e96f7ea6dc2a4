// SPDX-License-Identifier: 0BSD
// The .lz decoder: members one after the other.
//
//   state     does                                    leaves when
//   MAGIC     compares 4 bytes                        all are right          -> VERSION
//             other bytes: no .lz file, or the end behind the last member
//   VERSION   1 byte                                  it is known            -> DICT
//   DICT      1 byte: dictionary size                 it is valid            -> MEMORY
//   MEMORY    compares need and limit                 the limit is enough    -> DATA
//   DATA      raw LZMA1 with an end marker            the marker was there   -> FOOTER
//   FOOTER    12 or 20 bytes: CRC32 and sizes         all are right          -> MAGIC,
//             or LZMA_STREAM_END without LZMA_CONCATENATED

#include "stream/lzip_dec.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/try.h"
#include "check/check.h"
#include "format/lzip_header.h"
#include "lzma/lzma_dec.h"
#include "stream/chain.h"
#include "stream/memlimit.h"
#include "stream/stream_dec.h"

#define VERSION_POS XZ_LZIP_MAGIC_SIZE

enum state {
    STATE_MAGIC,
    STATE_VERSION,
    STATE_DICT,
    STATE_MEMORY,
    STATE_DATA,
    STATE_FOOTER,
};

struct lzip_dec {
    struct xz_coder base;
    enum state state;
    bool is_first; // in the first member
    uint32_t flags;
    uint64_t memlimit;      // bytes
    uint64_t memusage;      // bytes; the base until a header is known
    struct xz_coder *lzma1; // owned
    struct xz_lzip_header header;
    uint64_t member_size;       // bytes of this member so far
    uint64_t uncompressed_size; // bytes of its data so far
    uint32_t crc32;             // of its data so far
    size_t field_pos;
    uint8_t field[XZ_LZIP_FOOTER_SIZE_MAX];
};

static lzma_ret read_magic(struct lzip_dec *dec, struct xz_io *io, lzma_action action)
{
    while (dec->field_pos < XZ_LZIP_MAGIC_SIZE) {
        if (xz_io_in_left(io) == 0) {
            const bool is_end = !dec->is_first && action == LZMA_FINISH;
            return is_end ? LZMA_STREAM_END : LZMA_OK;
        }
        const uint8_t byte = io->in[io->in_pos];
        if (byte != xz_lzip_magic[dec->field_pos])
            return dec->is_first ? LZMA_FORMAT_ERROR : LZMA_STREAM_END;
        dec->field[dec->field_pos++] = byte;
        ++io->in_pos;
    }
    dec->is_first = false;
    dec->state = STATE_VERSION;
    return LZMA_OK;
}

static lzma_ret read_version(struct lzip_dec *dec, struct xz_io *io)
{
    if (!xz_io_gather(io, dec->field, &dec->field_pos, VERSION_POS + 1))
        return LZMA_OK;
    if (dec->field[VERSION_POS] > 1)
        return LZMA_OPTIONS_ERROR;
    dec->state = STATE_DICT;
    return (dec->flags & LZMA_TELL_ANY_CHECK) != 0 ? LZMA_GET_CHECK : LZMA_OK;
}

static lzma_ret read_dict(struct lzip_dec *dec, struct xz_io *io)
{
    if (!xz_io_gather(io, dec->field, &dec->field_pos, XZ_LZIP_HEADER_SIZE))
        return LZMA_OK;
    XZ_TRY(xz_lzip_header_decode(dec->field, &dec->header));
    const uint64_t usage = xz_lzma1_dec_memusage(&dec->header.options);
    if (!xz_add_fits(usage, XZ_MEMUSAGE_BASE, &dec->memusage))
        return LZMA_OPTIONS_ERROR;
    dec->state = STATE_MEMORY;
    return LZMA_OK;
}

static lzma_ret open_lzma1(struct lzip_dec *dec, const lzma_allocator *allocator)
{
    if (dec->memusage > dec->memlimit)
        return LZMA_MEMLIMIT_ERROR;
    const struct xz_lzma1_end end = {
        .uncompressed_size = UINT64_MAX,
        .marker_allowed = true,
    };
    XZ_TRY(xz_lzma1_dec_open(&dec->lzma1, allocator, &dec->header.options, &end));
    dec->member_size = XZ_LZIP_HEADER_SIZE;
    dec->uncompressed_size = 0;
    dec->crc32 = 0;
    dec->state = STATE_DATA;
    return LZMA_OK;
}

static lzma_ret decode_data(struct lzip_dec *dec, const lzma_allocator *allocator,
                            struct xz_io *io, lzma_action action)
{
    const size_t in_start = io->in_pos;
    const size_t out_start = io->out_pos;
    const lzma_ret ret = xz_coder_pull(dec->lzma1, allocator, io, action);

    const size_t out_size = io->out_pos - out_start;
    dec->member_size += io->in_pos - in_start;
    dec->uncompressed_size += out_size;
    if (out_size > 0 && (dec->flags & LZMA_IGNORE_CHECK) == 0)
        dec->crc32 = xz_crc32(io->out + out_start, out_size, dec->crc32);
    if (ret != LZMA_STREAM_END)
        return ret;
    dec->field_pos = 0;
    dec->state = STATE_FOOTER;
    return LZMA_OK;
}

static lzma_ret read_footer(struct lzip_dec *dec, struct xz_io *io)
{
    const size_t size = xz_lzip_footer_size(dec->header.version);
    if (!xz_io_gather(io, dec->field, &dec->field_pos, size))
        return LZMA_OK;
    dec->member_size += size;

    struct xz_lzip_footer footer;
    xz_lzip_footer_decode(dec->field, dec->header.version, &footer);
    if ((dec->flags & LZMA_IGNORE_CHECK) == 0 && footer.crc32 != dec->crc32)
        return LZMA_DATA_ERROR;
    if (footer.uncompressed_size != dec->uncompressed_size)
        return LZMA_DATA_ERROR;
    if (dec->header.version > 0 && footer.member_size != dec->member_size)
        return LZMA_DATA_ERROR;
    if ((dec->flags & LZMA_CONCATENATED) == 0)
        return LZMA_STREAM_END;
    dec->field_pos = 0;
    dec->state = STATE_MAGIC;
    return LZMA_OK;
}

static lzma_ret step(struct lzip_dec *dec, const lzma_allocator *allocator,
                     struct xz_io *io, lzma_action action)
{
    switch (dec->state) {
    case STATE_MAGIC:
        return read_magic(dec, io, action);
    case STATE_VERSION:
        return read_version(dec, io);
    case STATE_DICT:
        return read_dict(dec, io);
    case STATE_MEMORY:
        return open_lzma1(dec, allocator);
    case STATE_DATA:
        return decode_data(dec, allocator, io, action);
    case STATE_FOOTER:
        break;
    }
    return read_footer(dec, io);
}

static lzma_ret lzip_dec_code(struct xz_coder *coder, const lzma_allocator *allocator,
                              struct xz_io *io, lzma_action action)
{
    struct lzip_dec *dec = (struct lzip_dec *)coder;
    for (;;) {
        const enum state before = dec->state;
        XZ_TRY(step(dec, allocator, io, action));
        if (dec->state == before)
            return LZMA_OK;
    }
}

static void lzip_dec_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct lzip_dec *dec = (struct lzip_dec *)coder;
    xz_coder_end(&dec->lzma1, allocator);
    xz_free(dec, allocator);
}

static lzma_check lzip_dec_check(const struct xz_coder *coder)
{
    (void)coder;
    return LZMA_CHECK_CRC32;
}

static lzma_ret lzip_dec_memlimit(struct xz_coder *coder, uint64_t *ret_usage,
                                  uint64_t *ret_limit, uint64_t new_limit)
{
    struct lzip_dec *dec = (struct lzip_dec *)coder;
    return xz_memlimit_update(&dec->memlimit, dec->memusage, ret_usage, ret_limit,
                              new_limit);
}

static const struct xz_coder_ops lzip_dec_ops = {
    .code = lzip_dec_code,
    .end = lzip_dec_end,
    .check = lzip_dec_check,
    .memlimit = lzip_dec_memlimit,
};

lzma_ret xz_lzip_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                          uint64_t memlimit, uint32_t flags)
{
    if ((flags & ~XZ_DECODER_FLAGS) != 0)
        return LZMA_OPTIONS_ERROR;
    struct lzip_dec *dec = xz_coder_take(slot, &lzip_dec_ops, sizeof(*dec), allocator);
    if (dec == NULL)
        return LZMA_MEM_ERROR;
    dec->state = STATE_MAGIC;
    dec->is_first = true;
    dec->flags = flags;
    dec->memlimit = memlimit == 0 ? 1 : memlimit;
    dec->memusage = XZ_MEMUSAGE_BASE;
    dec->field_pos = 0;
    return LZMA_OK;
}
