// SPDX-License-Identifier: 0BSD
// Second names of exported functions, under the versions of a widespread patch.
//
// RHEL 7 shipped liblzma with the functions of XZ_5.2 under older node names, and build
// tools copied that: programs linked there ask for lzma_cputhreads@XZ_5.2.2 and the
// like. Such a name is an alias that the assembler is told to export as name@node, with
// a single @: programs that are linked now never get it.
//
// GNU ld gives no version from its script to a name that has one already. So a function
// with an alias also has to say itself that it is name@@XZ_5.2, the one to link with.
//
// Use, behind the function, at file level and without a semicolon:
//
//     XZ_DEFAULT_5_2(lzma_stream_encoder_mt)
//     XZ_ALIAS_5_2_2(lzma_stream_encoder_mt)
//     XZ_ALIAS_5_1_2ALPHA(lzma_stream_encoder_mt)
//
// Where there are no versions (a static library) they are nothing. All is text for the
// assembler, which GCC and Clang pass on alike. Link-time optimization would lose it,
// so the Makefile builds the files that use this without (VERSIONED).

#ifndef XZ_API_SYMVER_H
#define XZ_API_SYMVER_H

#include "base/platform.h"

#if XZ_SYMBOL_VERSIONS

# define XZ_ALIAS(name, suffix, node)                                                  \
  __asm__(".globl " #name suffix "\n"                                                  \
          ".type " #name suffix ", %function\n"                                        \
          ".set " #name suffix ", " #name "\n"                                         \
          ".symver " #name suffix ", " #name "@" node "\n");

# define XZ_DEFAULT_5_2(name) __asm__(".symver " # name ", " # name "@@@XZ_5.2\n");

# define XZ_ALIAS_5_2_2(name)      XZ_ALIAS(name, "_5_2_2", "XZ_5.2.2")
# define XZ_ALIAS_5_1_2ALPHA(name) XZ_ALIAS(name, "_5_1_2alpha", "XZ_5.1.2alpha")

#else

# define XZ_DEFAULT_5_2(name)
# define XZ_ALIAS_5_2_2(name)
# define XZ_ALIAS_5_1_2ALPHA(name)

#endif

#endif
