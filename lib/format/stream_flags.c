// SPDX-License-Identifier: 0BSD
// Stream Header and Stream Footer: twelve bytes each, the same Stream Flags in both.
//
//              0        4        6 / 8         10       12
//     header   | magic bytes (6)  | flags (2) | CRC32 (4) |
//     footer   | CRC32 (4) | Backward Size (4) | flags (2) | "YZ" |
//
// The CRC32 covers the flags (and Backward Size), so that a damaged header
// (LZMA_DATA_ERROR) can be told from one that a later version wrote
// (LZMA_OPTIONS_ERROR).
//
// Backward Size is stored as its quarter minus one: 32 bits reach 16 GiB. A decoder
// that reads a file from its end finds the Index with it, then the Blocks, then this
// header again; one that reads forwards only compares.

#include "format/stream_flags.h"
#include "base/bytes.h"
#include "base/try.h"
#include "check/check.h"

const uint8_t xz_header_magic[XZ_HEADER_MAGIC_SIZE] = {0xFD, '7', 'z', 'X', 'Z', 0x00};

static const uint8_t footer_magic[2] = {'Y', 'Z'};

#define FLAGS_SIZE 2

bool xz_backward_size_is_valid(lzma_vli size)
{
    return size >= LZMA_BACKWARD_SIZE_MIN && size <= LZMA_BACKWARD_SIZE_MAX
           && size % 4 == 0;
}

/* Enums may be signed: a negative ID is as wrong as one above the maximum. */
static bool check_is_valid(lzma_check check)
{
    return (unsigned)check <= LZMA_CHECK_ID_MAX;
}

/* Writes the two bytes of Stream Flags. */
static lzma_ret flags_encode(const lzma_stream_flags *flags, uint8_t *out)
{
    if (!check_is_valid(flags->check))
        return LZMA_PROG_ERROR;
    out[0] = 0x00;
    out[1] = (uint8_t)flags->check;
    return LZMA_OK;
}

/* Reads them. Reserved bits belong to later versions of the format. */
static lzma_ret flags_decode(const uint8_t *in, lzma_stream_flags *ret_flags)
{
    if (in[0] != 0x00 || (in[1] & 0xF0) != 0)
        return LZMA_OPTIONS_ERROR;
    ret_flags->version = 0;
    ret_flags->check = (lzma_check)(in[1] & 0x0F);
    return LZMA_OK;
}

lzma_ret xz_stream_header_encode(const lzma_stream_flags *flags, uint8_t *out)
{
    if (flags->version != 0)
        return LZMA_OPTIONS_ERROR;
    uint8_t *pair = out + XZ_HEADER_MAGIC_SIZE; // Stream Flags, the CRC32 behind them
    XZ_TRY(flags_encode(flags, pair));
    memcpy(out, xz_header_magic, XZ_HEADER_MAGIC_SIZE);
    xz_write32le(pair + FLAGS_SIZE, xz_crc32(pair, FLAGS_SIZE, 0));
    return LZMA_OK;
}

lzma_ret xz_stream_footer_encode(const lzma_stream_flags *flags, uint8_t *out)
{
    if (flags->version != 0)
        return LZMA_OPTIONS_ERROR;
    if (!xz_backward_size_is_valid(flags->backward_size))
        return LZMA_PROG_ERROR;
    XZ_TRY(flags_encode(flags, out + 8));
    xz_write32le(out + 4, (uint32_t)(flags->backward_size / 4 - 1));
    xz_write32le(out, xz_crc32(out + 4, 4 + FLAGS_SIZE, 0));
    memcpy(out + 8 + FLAGS_SIZE, footer_magic, sizeof(footer_magic));
    return LZMA_OK;
}

lzma_ret xz_stream_header_decode(const uint8_t *in, lzma_stream_flags *ret_flags)
{
    if (!xz_same_bytes(in, xz_header_magic, XZ_HEADER_MAGIC_SIZE))
        return LZMA_FORMAT_ERROR;
    const uint8_t *pair = in + XZ_HEADER_MAGIC_SIZE;
    if (xz_crc32(pair, FLAGS_SIZE, 0) != xz_read32le(pair + FLAGS_SIZE))
        return LZMA_DATA_ERROR;
    XZ_TRY(flags_decode(pair, ret_flags));
    ret_flags->backward_size = LZMA_VLI_UNKNOWN;
    return LZMA_OK;
}

lzma_ret xz_stream_footer_decode(const uint8_t *in, lzma_stream_flags *ret_flags)
{
    if (!xz_same_bytes(in + 8 + FLAGS_SIZE, footer_magic, sizeof(footer_magic)))
        return LZMA_FORMAT_ERROR;
    if (xz_crc32(in + 4, 4 + FLAGS_SIZE, 0) != xz_read32le(in))
        return LZMA_DATA_ERROR;
    XZ_TRY(flags_decode(in + 8, ret_flags));
    ret_flags->backward_size = ((lzma_vli)xz_read32le(in + 4) + 1) * 4;
    return LZMA_OK;
}

lzma_ret xz_stream_flags_compare(const lzma_stream_flags *a, const lzma_stream_flags *b)
{
    if (a->version != 0 || b->version != 0)
        return LZMA_OPTIONS_ERROR;
    if (!check_is_valid(a->check) || !check_is_valid(b->check))
        return LZMA_PROG_ERROR;
    if (a->check != b->check)
        return LZMA_DATA_ERROR;
    if (a->backward_size == LZMA_VLI_UNKNOWN || b->backward_size == LZMA_VLI_UNKNOWN)
        return LZMA_OK;
    if (!xz_backward_size_is_valid(a->backward_size)
        || !xz_backward_size_is_valid(b->backward_size))
        return LZMA_PROG_ERROR;
    return a->backward_size == b->backward_size ? LZMA_OK : LZMA_DATA_ERROR;
}
