// SPDX-License-Identifier: 0BSD
// Filter Flags: a table with one line a filter, and the fields around its properties.
//
//     +===========+====================+===================+
//     | Filter ID | Size of Properties | Filter Properties |
//     +===========+====================+===================+
//
//     21 01 16           LZMA2, a dictionary of 8 MiB
//     03 01 03           Delta, distance 4
//     07 00              ARM, start offset 0
//     04 04 00 10 00 00  x86, start offset 4096
//
// Decoding allocates the options struct of the filter, which the caller owns.
// Everything that the file can say is either understood and in range or refused here,
// but for two rules that are kept where filters are opened: which filters may follow
// which, and that a start offset suits its instruction set.
//
// LZMA1 has properties but no Filter Flags: its ID is above what a file may contain.
//
// The Filter Properties are of one size for each filter, except that those of the
// branch converters are left out when the start offset is zero.

#include "format/filter_flags.h"
#include "base/alloc.h"
#include "base/bytes.h"
#include "base/try.h"
#include "format/lclppb.h"
#include "format/vli.h"

/* Encoders return false if options are out of range; decoders get zeroed options and
   return false for properties that no known version of the filter has. */
struct format {
    lzma_vli id;
    size_t options_size;
    uint32_t props_size;
    bool is_optional; // no properties at all stand for default options
    bool (*encode)(const void *options, uint8_t *props);
    bool (*decode)(const uint8_t *props, void *options);
};

/* LZMA1, five bytes: lc, lp and pb as in .lzma files, then the dictionary size. No .xz
   file has them; raw streams and other containers do. */
static bool lzma1_encode(const void *options, uint8_t *props)
{
    const lzma_options_lzma *lzma = options;
    if (!xz_lclppb_encode(lzma, &props[0]))
        return false;
    xz_write32le(props + 1, lzma->dict_size);
    return true;
}

static bool lzma1_decode(const uint8_t *props, void *options)
{
    lzma_options_lzma *lzma = options;
    lzma->dict_size = xz_read32le(props + 1);
    return xz_lclppb_decode(props[0], lzma);
}

/* LZMA2, one byte: the dictionary size as two bits of mantissa and an exponent, rounded
   up when it is stored. lc, lp and pb are in the data itself. */
static bool lzma2_encode(const void *options, uint8_t *props)
{
    const lzma_options_lzma *lzma = options;
    props[0] = (uint8_t)xz_dict_size_to_bits(lzma->dict_size);
    return true;
}

static bool lzma2_decode(const uint8_t *props, void *options)
{
    lzma_options_lzma *lzma = options;
    lzma->dict_size = xz_dict_size_from_bits(props[0]);
    return props[0] <= XZ_DICT_BITS_MAX;
}

/* Delta, one byte: the distance minus one. */
static bool delta_encode(const void *options, uint8_t *props)
{
    const lzma_options_delta *delta = options;
    if (delta->type != LZMA_DELTA_TYPE_BYTE || delta->dist < LZMA_DELTA_DIST_MIN
        || delta->dist > LZMA_DELTA_DIST_MAX)
        return false;
    props[0] = (uint8_t)(delta->dist - LZMA_DELTA_DIST_MIN);
    return true;
}

static bool delta_decode(const uint8_t *props, void *options)
{
    lzma_options_delta *delta = options;
    delta->type = LZMA_DELTA_TYPE_BYTE;
    delta->dist = (uint32_t)props[0] + LZMA_DELTA_DIST_MIN;
    return true;
}

/* Branch converters, four bytes: the start offset. */
static bool bcj_encode(const void *options, uint8_t *props)
{
    const lzma_options_bcj *bcj = options;
    xz_write32le(props, bcj->start_offset);
    return true;
}

static bool bcj_decode(const uint8_t *props, void *options)
{
    lzma_options_bcj *bcj = options;
    bcj->start_offset = xz_read32le(props);
    return true;
}

/* clang-format off */
#define LZMA_SIZE  sizeof(lzma_options_lzma)
#define DELTA_SIZE sizeof(lzma_options_delta)
#define BCJ_SIZE   sizeof(lzma_options_bcj)
#define ENC        XZ_IF_WHOLE

static const struct format formats[] = {
    {LZMA_FILTER_LZMA2,    LZMA_SIZE,  1, false, ENC(lzma2_encode), lzma2_decode},
    {LZMA_FILTER_LZMA1,    LZMA_SIZE,  5, false, ENC(lzma1_encode), lzma1_decode},
    {LZMA_FILTER_LZMA1EXT, LZMA_SIZE,  5, false, ENC(lzma1_encode), lzma1_decode},
    {LZMA_FILTER_DELTA,    DELTA_SIZE, 1, false, ENC(delta_encode), delta_decode},
    {LZMA_FILTER_X86,      BCJ_SIZE,   4, true,  ENC(bcj_encode),   bcj_decode},
    {LZMA_FILTER_POWERPC,  BCJ_SIZE,   4, true,  ENC(bcj_encode),   bcj_decode},
    {LZMA_FILTER_IA64,     BCJ_SIZE,   4, true,  ENC(bcj_encode),   bcj_decode},
    {LZMA_FILTER_ARM,      BCJ_SIZE,   4, true,  ENC(bcj_encode),   bcj_decode},
    {LZMA_FILTER_ARMTHUMB, BCJ_SIZE,   4, true,  ENC(bcj_encode),   bcj_decode},
    {LZMA_FILTER_SPARC,    BCJ_SIZE,   4, true,  ENC(bcj_encode),   bcj_decode},
    {LZMA_FILTER_ARM64,    BCJ_SIZE,   4, true,  ENC(bcj_encode),   bcj_decode},
    {LZMA_FILTER_RISCV,    BCJ_SIZE,   4, true,  ENC(bcj_encode),   bcj_decode},
};
/* clang-format on */

static const struct format *find(lzma_vli id)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); ++i) {
        if (formats[i].id == id)
            return &formats[i];
    }
    return NULL;
}

size_t xz_filter_options_size(lzma_vli id)
{
    const struct format *format = find(id);
    return format == NULL ? 0 : format->options_size;
}

/* True if the properties of filter are left out. All filters for which that may happen
   have lzma_options_bcj. */
static bool is_left_out(const struct format *format, const void *options)
{
    if (!format->is_optional)
        return false;
    const lzma_options_bcj *bcj = options;
    return bcj == NULL || bcj->start_offset == 0;
}

lzma_ret xz_properties_size(const lzma_filter *filter, uint32_t *ret_size)
{
    const struct format *format = find(filter->id);
    if (format == NULL)
        return filter->id <= LZMA_VLI_MAX ? LZMA_OPTIONS_ERROR : LZMA_PROG_ERROR;
    *ret_size = is_left_out(format, filter->options) ? 0 : format->props_size;
    return LZMA_OK;
}

lzma_ret xz_properties_encode(const lzma_filter *filter, uint8_t *props)
{
    const struct format *format = find(filter->id);
    if (format == NULL)
        return LZMA_PROG_ERROR;
    if (is_left_out(format, filter->options))
        return LZMA_OK;
    if (filter->options == NULL || props == NULL
        || !format->encode(filter->options, props))
        return LZMA_PROG_ERROR;
    return LZMA_OK;
}

lzma_ret xz_properties_decode(lzma_filter *filter, const lzma_allocator *allocator,
                              const uint8_t *props, size_t props_size)
{
    filter->options = NULL;
    const struct format *format = find(filter->id);
    if (format == NULL)
        return LZMA_OPTIONS_ERROR;
    if (format->is_optional && props_size == 0)
        return LZMA_OK;
    /* Any other size than the filter's own is a later version of it, or damage. */
    if (props_size != format->props_size)
        return LZMA_OPTIONS_ERROR;
    /* Zeroed: the caller may print or copy members that no property stands for. */
    void *options = xz_alloc_zero(format->options_size, allocator);
    if (options == NULL)
        return LZMA_MEM_ERROR;
    const bool is_known = format->decode(props, options);
    if (!is_known || is_left_out(format, options)) {
        xz_free(options, allocator);
        return is_known ? LZMA_OK : LZMA_OPTIONS_ERROR;
    }
    filter->options = options;
    return LZMA_OK;
}

lzma_ret xz_filter_flags_size(const lzma_filter *filter, uint32_t *ret_size)
{
    if (filter->id >= XZ_FILTER_ID_RESERVED)
        return LZMA_PROG_ERROR;
    uint32_t props_size;
    XZ_TRY(xz_properties_size(filter, &props_size));
    *ret_size = xz_vli_size(filter->id) + xz_vli_size(props_size) + props_size;
    return LZMA_OK;
}

lzma_ret xz_filter_flags_encode(const lzma_filter *filter, uint8_t *out,
                                size_t *out_pos, size_t out_size)
{
    uint32_t flags_size;
    uint32_t props_size;
    XZ_TRY(xz_filter_flags_size(filter, &flags_size));
    XZ_TRY(xz_properties_size(filter, &props_size));
    if (*out_pos > out_size || out_size - *out_pos < flags_size)
        return LZMA_PROG_ERROR;
    size_t pos = *out_pos;
    XZ_TRY(xz_vli_encode(filter->id, out, &pos, out_size));
    XZ_TRY(xz_vli_encode(props_size, out, &pos, out_size));
    XZ_TRY(xz_properties_encode(filter, out + pos));
    *out_pos = pos + props_size;
    return LZMA_OK;
}

lzma_ret xz_filter_flags_decode(lzma_filter *filter, const lzma_allocator *allocator,
                                const uint8_t *in, size_t *in_pos, size_t in_size)
{
    size_t pos = *in_pos;
    lzma_vli props_size;
    filter->options = NULL;
    XZ_TRY(xz_vli_decode(in, &pos, in_size, &filter->id));
    if (filter->id >= XZ_FILTER_ID_RESERVED)
        return LZMA_DATA_ERROR;
    XZ_TRY(xz_vli_decode(in, &pos, in_size, &props_size));
    if (props_size > in_size - pos)
        return LZMA_DATA_ERROR;
    XZ_TRY(xz_properties_decode(filter, allocator, in + pos, (size_t)props_size));
    *in_pos = pos + (size_t)props_size;
    return LZMA_OK;
}
