// SPDX-License-Identifier: 0BSD
// JSON for programs: an object on one line, written as it grows.

#ifndef XZ_TOOLS_RECORD_H
#define XZ_TOOLS_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Objects and arrays inside each other, at most */
#define XZ_RECORD_DEPTH 8

struct xz_record {
    FILE *out;
    unsigned depth;
    bool has_members[XZ_RECORD_DEPTH]; // the next one needs a comma
    char closing[XZ_RECORD_DEPTH];
};

/* Begin the outermost object. */
void xz_record_begin(struct xz_record *record, FILE *out);

/* Begin an object or array; key is NULL inside an array. xz_record_end() ends it. */
void xz_record_object(struct xz_record *record, const char *key);
void xz_record_array(struct xz_record *record, const char *key);

/* End what was begun last; the end of the outermost ends the line and flushes it. */
void xz_record_end(struct xz_record *record);

/*
 * A member, or an element if key is NULL. In text, a byte that is not UTF-8 becomes the
 * lone surrogate U+DC00 + byte, written as an escape, so that nothing is lost; NULL
 * becomes null.
 */
void xz_record_text(struct xz_record *record, const char *key, const char *text);
void xz_record_number(struct xz_record *record, const char *key, uint64_t number);
void xz_record_bool(struct xz_record *record, const char *key, bool value);
void xz_record_null(struct xz_record *record, const char *key);

/* a / b with three decimals, or null if b is 0. */
void xz_record_ratio(struct xz_record *record, const char *key, uint64_t a, uint64_t b);

#endif
