// SPDX-License-Identifier: 0BSD
// Resumable parser of the Index field (.xz format section 4): bytes in, Records out.

#ifndef XZ_FORMAT_INDEX_PARSE_H
#define XZ_FORMAT_INDEX_PARSE_H

#include "base/platform.h"
#include <lzma.h>

enum xz_index_event {
    XZ_INDEX_NEED_INPUT, // all input was taken
    XZ_INDEX_COUNT,      // record_count is known
    XZ_INDEX_RECORD,     // unpadded_size and uncompressed_size are those of a Record
    XZ_INDEX_END,        // the field is complete, its CRC32 is right
};

struct xz_index_parse {
    /* Of the last event */
    lzma_vli record_count;
    lzma_vli unpadded_size;
    lzma_vli uncompressed_size;

    /* The parser's own */
    enum {
        XZ_INDEX_AT_INDICATOR,
        XZ_INDEX_AT_COUNT,
        XZ_INDEX_AT_UNPADDED,
        XZ_INDEX_AT_UNCOMPRESSED,
        XZ_INDEX_AT_PADDING,
        XZ_INDEX_AT_CRC,
        XZ_INDEX_AT_END, // or after an error
    } state;
    size_t pos;         // bytes done of the current integer or CRC32
    lzma_vli vli;       // the current integer, as far as it is there
    lzma_vli remaining; // Records to come
    uint64_t size;      // bytes taken so far
    uint64_t size_max;  // the field is known to be no longer than this
    uint32_t crc32;     // of the bytes taken so far, up to the CRC32 field
};

/* Prepares for the field's first byte, the Index Indicator. size_max: the most bytes
   that the field can have, UINT64_MAX if nothing is known. A field longer than
   LZMA_BACKWARD_SIZE_MAX is refused in any case, but only where its bytes get there. */
void xz_index_parse_init(struct xz_index_parse *parse, uint64_t size_max);

/* Goes on until there is something to tell. Returns LZMA_OK and an event; or
   LZMA_DATA_ERROR: damaged, a size that no Record can have, or more Records than fit
   into size_max; or LZMA_PROG_ERROR: called after XZ_INDEX_END or an error. Sums of
   sizes are not checked. */
lzma_ret xz_index_parse_next(struct xz_index_parse *parse, const uint8_t *in,
                             size_t *in_pos, size_t in_size,
                             enum xz_index_event *ret_event);

#endif
