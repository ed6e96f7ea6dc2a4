// SPDX-License-Identifier: 0BSD
// CPUs for which the parser by price has no front but the portable one.

#include "lzma/parse_nodes.h"

#if !XZ_X86_64

void (*const xz_parse_optimal_avx512)(struct xz_parse *parse,
                                      struct xz_optimal *o) = NULL;
void (*const xz_parse_optimal_avx2)(struct xz_parse *parse,
                                    struct xz_optimal *o) = NULL;

#endif
