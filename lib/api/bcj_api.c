// SPDX-License-Identifier: 0BSD
// Exported: branch converters on a buffer, without a chain around them.

#include "filter/bcj.h"

/* What the alignment of the filter leaves of start_offset counts. */
static size_t convert(lzma_vli id, uint32_t start_offset, uint8_t *buf, size_t size,
                      bool is_encoder)
{
    struct xz_bcj bcj;
    if (buf == NULL)
        return 0;
    start_offset -= start_offset % xz_bcj_alignment(id);
    xz_bcj_init(&bcj, id, start_offset, is_encoder);
    return xz_bcj_convert(&bcj, buf, size);
}

extern LZMA_API(size_t)
    lzma_bcj_arm64_encode(uint32_t start_offset, uint8_t *buf, size_t size)
{
    return convert(LZMA_FILTER_ARM64, start_offset, buf, size, true);
}

extern LZMA_API(size_t)
    lzma_bcj_arm64_decode(uint32_t start_offset, uint8_t *buf, size_t size)
{
    return convert(LZMA_FILTER_ARM64, start_offset, buf, size, false);
}

extern LZMA_API(size_t)
    lzma_bcj_riscv_encode(uint32_t start_offset, uint8_t *buf, size_t size)
{
    return convert(LZMA_FILTER_RISCV, start_offset, buf, size, true);
}

extern LZMA_API(size_t)
    lzma_bcj_riscv_decode(uint32_t start_offset, uint8_t *buf, size_t size)
{
    return convert(LZMA_FILTER_RISCV, start_offset, buf, size, false);
}

extern LZMA_API(size_t)
    lzma_bcj_x86_encode(uint32_t start_offset, uint8_t *buf, size_t size)
{
    return convert(LZMA_FILTER_X86, start_offset, buf, size, true);
}

extern LZMA_API(size_t)
    lzma_bcj_x86_decode(uint32_t start_offset, uint8_t *buf, size_t size)
{
    return convert(LZMA_FILTER_X86, start_offset, buf, size, false);
}
