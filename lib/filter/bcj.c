// SPDX-License-Identifier: 0BSD
// The list of branch converters, and their common entry.
//
// The call of a function takes an operand that depends on where the call stands: the
// distance to the function. With the function's address there instead, all calls of it
// look the same, and LZMA finds them. A converter looks for bit patterns of such
// instructions; it knows nothing of file formats and takes data for code now and then.
// That costs some compression, but never a byte: decoding finds the same patterns. So
// what identifies an instruction must survive the conversion.

#include "filter/bcj.h"
#include "filter/bcj_kernels.h"

struct converter {
    size_t (*encode)(struct xz_bcj *bcj, uint8_t *buf, size_t size);
    size_t (*decode)(struct xz_bcj *bcj, uint8_t *buf, size_t size);
    uint32_t lookahead;
    uint32_t alignment;
};

#define ID_FIRST LZMA_FILTER_X86
#define ID_LAST  LZMA_FILTER_RISCV

/* clang-format off */
/* A line of the table: the same function in both directions, if this build is to have
   the filter. */
#define BOTH(id, function, lookahead, alignment)                                       \
 [(id) - ID_FIRST] = {XZ_IF_FILTER(id, function), XZ_IF_FILTER(id, function),          \
                      lookahead, alignment}
#define APART(id, encode, decode, lookahead, alignment)                                \
 [(id) - ID_FIRST] = {XZ_IF_WHOLE(encode), XZ_IF_FILTER(id, decode), lookahead,        \
                      alignment}

static const struct converter converters[ID_LAST - ID_FIRST + 1] = {
    BOTH(LZMA_FILTER_X86,      xz_bcj_x86,      5,  1),
    BOTH(LZMA_FILTER_POWERPC,  xz_bcj_powerpc,  4,  4),
    BOTH(LZMA_FILTER_IA64,     xz_bcj_ia64,     16, 16),
    BOTH(LZMA_FILTER_ARM,      xz_bcj_arm,      4,  4),
    BOTH(LZMA_FILTER_ARMTHUMB, xz_bcj_armthumb, 4,  2),
    BOTH(LZMA_FILTER_SPARC,    xz_bcj_sparc,    4,  4),
    BOTH(LZMA_FILTER_ARM64,    xz_bcj_arm64,    4,  4),
    APART(LZMA_FILTER_RISCV,   xz_bcj_riscv_encode, xz_bcj_riscv_decode, 8, 2),
};
/* clang-format on */

bool xz_bcj_is_known(lzma_vli id)
{
    return id >= ID_FIRST && id <= ID_LAST && converters[id - ID_FIRST].decode != NULL;
}

uint32_t xz_bcj_lookahead(lzma_vli id)
{
    return xz_bcj_is_known(id) ? converters[id - ID_FIRST].lookahead : 0;
}

uint32_t xz_bcj_alignment(lzma_vli id)
{
    return xz_bcj_is_known(id) ? converters[id - ID_FIRST].alignment : 0;
}

void xz_bcj_init(struct xz_bcj *bcj, lzma_vli id, uint32_t start_offset,
                 bool is_encoder)
{
    const struct converter *converter = &converters[id - ID_FIRST];
    bcj->convert = is_encoder ? converter->encode : converter->decode;
    bcj->pos = start_offset;
    bcj->is_encoder = is_encoder;
    bcj->x86_mask = 0;
}

size_t xz_bcj_convert(struct xz_bcj *bcj, uint8_t *buf, size_t size)
{
    const size_t done = bcj->convert(bcj, buf, size);
    bcj->pos += (uint32_t)done;
    return done;
}
