// SPDX-License-Identifier: 0BSD
// CPUs for which price tables are filled by portable code.

#include "lzma/price.h"

#if !XZ_X86_64

void (*const xz_fill_literal_avx512)(const uint16_t *probs,
                                     struct xz_literal_prices *p) = NULL;

#endif
