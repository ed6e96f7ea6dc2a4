// SPDX-License-Identifier: 0BSD
// The .lzma decoder: 13 bytes of header, then raw LZMA1 until its end.
//
//   state    does                                   leaves when
//   HEADER   gathers 1, 5, then 13 bytes, and       the header is good    -> MEMORY
//            checks after each
//   MEMORY   compares need and limit                the limit is enough   -> DATA
//   DATA     decodes                                LZMA1 ends: LZMA_STREAM_END
//
// There are no magic bytes, so a wrong header is reported as early as it shows: a
// reader that tries several formats learns it from one byte.

#include "stream/alone_dec.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/try.h"
#include "format/alone_header.h"
#include "lzma/lzma_dec.h"
#include "stream/chain.h"
#include "stream/memlimit.h"

enum state {
    STATE_HEADER,
    STATE_MEMORY,
    STATE_DATA,
};

struct alone_dec {
    struct xz_coder base;
    enum state state;
    bool is_picky;
    uint64_t memlimit;      // bytes
    uint64_t memusage;      // bytes; the base until the header is known
    struct xz_coder *lzma1; // owned
    struct xz_alone_header header;
    size_t field_pos;
    uint8_t field[XZ_ALONE_HEADER_SIZE];
};

/* Where the header is checked: behind the properties byte, behind the dictionary size,
   at its end. */
static size_t next_checkpoint(size_t pos)
{
    return pos < 1 ? 1 : pos < 5 ? 5 : XZ_ALONE_HEADER_SIZE;
}

static lzma_ret read_header(struct alone_dec *dec, struct xz_io *io)
{
    while (dec->field_pos < XZ_ALONE_HEADER_SIZE) {
        const size_t size = next_checkpoint(dec->field_pos);
        if (!xz_io_gather(io, dec->field, &dec->field_pos, size))
            return LZMA_OK;
        if (!xz_alone_header_is_possible(dec->field, size, dec->is_picky)) {
            /* The byte that is wrong is not taken, unless the header is whole. */
            if (size < XZ_ALONE_HEADER_SIZE)
                --io->in_pos;
            return LZMA_FORMAT_ERROR;
        }
    }
    XZ_TRY(xz_alone_header_decode(dec->field, dec->is_picky, &dec->header));
    const uint64_t usage = xz_lzma1_dec_memusage(&dec->header.options);
    if (!xz_add_fits(usage, XZ_MEMUSAGE_BASE, &dec->memusage))
        return LZMA_OPTIONS_ERROR;
    dec->state = STATE_MEMORY;
    return LZMA_OK;
}

static lzma_ret open_lzma1(struct alone_dec *dec, const lzma_allocator *allocator)
{
    if (dec->memusage > dec->memlimit)
        return LZMA_MEMLIMIT_ERROR;
    const struct xz_lzma1_end end = {
        .uncompressed_size = dec->header.uncompressed_size,
        .marker_allowed = true,
    };
    XZ_TRY(xz_lzma1_dec_open(&dec->lzma1, allocator, &dec->header.options, &end));
    dec->state = STATE_DATA;
    return LZMA_OK;
}

static lzma_ret alone_dec_code(struct xz_coder *coder, const lzma_allocator *allocator,
                               struct xz_io *io, lzma_action action)
{
    struct alone_dec *dec = (struct alone_dec *)coder;
    if (dec->state == STATE_HEADER)
        XZ_TRY(read_header(dec, io));
    if (dec->state == STATE_MEMORY)
        XZ_TRY(open_lzma1(dec, allocator));
    if (dec->state == STATE_DATA)
        return xz_coder_pull(dec->lzma1, allocator, io, action);
    return LZMA_OK;
}

static void alone_dec_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    struct alone_dec *dec = (struct alone_dec *)coder;
    xz_coder_end(&dec->lzma1, allocator);
    xz_free(dec, allocator);
}

static lzma_ret alone_dec_memlimit(struct xz_coder *coder, uint64_t *ret_usage,
                                   uint64_t *ret_limit, uint64_t new_limit)
{
    struct alone_dec *dec = (struct alone_dec *)coder;
    return xz_memlimit_update(&dec->memlimit, dec->memusage, ret_usage, ret_limit,
                              new_limit);
}

static const struct xz_coder_ops alone_dec_ops = {
    .code = alone_dec_code,
    .end = alone_dec_end,
    .memlimit = alone_dec_memlimit,
};

lzma_ret xz_alone_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           uint64_t memlimit, bool is_picky)
{
    struct alone_dec *dec =
        xz_coder_take(slot, &alone_dec_ops, sizeof(*dec), allocator);
    if (dec == NULL)
        return LZMA_MEM_ERROR;
    dec->state = STATE_HEADER;
    dec->is_picky = is_picky;
    dec->memlimit = memlimit == 0 ? 1 : memlimit;
    dec->memusage = XZ_MEMUSAGE_BASE;
    dec->field_pos = 0;
    return LZMA_OK;
}
