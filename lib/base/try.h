// SPDX-License-Identifier: 0BSD
// XZ_TRY: the one hidden return of the house.

#ifndef XZ_BASE_TRY_H
#define XZ_BASE_TRY_H

#include <lzma.h>

/* Evaluates expr once and leaves the function with its value unless it is LZMA_OK. */
#define XZ_TRY(expr)                                                                   \
 do {                                                                                  \
  const lzma_ret xz_try_ret = (expr);                                                  \
  if (xz_try_ret != LZMA_OK)                                                           \
   return xz_try_ret;                                                                  \
 } while (0)

#endif
