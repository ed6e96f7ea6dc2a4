// SPDX-License-Identifier: 0BSD
// What parsers decide and the symbol coder codes: a run of symbols.
//
// A symbol only says what is to be copied. Whether its distance is one of the last
// four, and so a rep, the coder sees for itself, unless the symbol says that it is to
// be a match all the same: near and frequent distances may cost less in full. So
// symbols stay valid when the state of the coder is reset between them.

#ifndef XZ_LZMA_SYMBOL_H
#define XZ_LZMA_SYMBOL_H

#include "lzma/lzma_rules.h"

struct xz_symbol {
    uint32_t len;  // 1 to XZ_LEN_MAX bytes of the text
    uint32_t dist; // 0: a literal, len is 1; or with XZ_AS_MATCH
};

/* Set in a distance, which is below: a match, even if that is one of the last. */
#define XZ_AS_MATCH (UINT32_C(1) << 31)

/* Most positions that a parser decides about at once, and so most symbols; but it may
   end with a match that reaches further. */
#define XZ_PARSE_POSITIONS 4096

/* How far a parser may look ahead of the position where it begins. So many bytes must
   be there unless the text ends, so that its choice does not depend on how the text
   came. The longest edge is of two symbols and two literals. */
#define XZ_PARSE_AHEAD (XZ_PARSE_POSITIONS + 2 * XZ_LEN_MAX + 2)

#endif
