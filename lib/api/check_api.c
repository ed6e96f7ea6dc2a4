// SPDX-License-Identifier: 0BSD
// Exported: integrity checks.

#include "check/check.h"

extern LZMA_API(lzma_bool) lzma_check_is_supported(lzma_check check)
{
    return xz_check_is_supported(check);
}

extern LZMA_API(uint32_t) lzma_check_size(lzma_check check)
{
    return xz_check_size(check);
}

extern LZMA_API(uint32_t) lzma_crc32(const uint8_t *buf, size_t size, uint32_t crc)
{
    return buf == NULL ? crc : xz_crc32(buf, size, crc);
}

extern LZMA_API(uint64_t) lzma_crc64(const uint8_t *buf, size_t size, uint64_t crc)
{
    return buf == NULL ? crc : xz_crc64(buf, size, crc);
}
