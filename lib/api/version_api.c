// SPDX-License-Identifier: 0BSD
// Exported: versions of the interface and of this library.

#include <clearxz.h>

extern LZMA_API(uint32_t) lzma_version_number(void)
{
    return LZMA_VERSION;
}

extern LZMA_API(const char *) lzma_version_string(void)
{
    return LZMA_VERSION_STRING;
}

extern LZMA_API(const char *) clearxz_version(void)
{
    return CLEARXZ_VERSION_STRING;
}
