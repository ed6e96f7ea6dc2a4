// SPDX-License-Identifier: 0BSD
// Exported: which match finders and modes the LZMA encoders know.

#include "lzma/lzma_enc.h"

extern LZMA_API(lzma_bool) lzma_mf_is_supported(lzma_match_finder match_finder)
{
    return xz_mf_is_supported(match_finder);
}

extern LZMA_API(lzma_bool) lzma_mode_is_supported(lzma_mode mode)
{
    return xz_mode_is_supported(mode);
}
