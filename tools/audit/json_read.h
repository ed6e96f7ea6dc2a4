// SPDX-License-Identifier: 0BSD
// Reads JSON (RFC 8259) into a flat table of values; bounded depth, no recursion.

#ifndef XZ_AUDIT_JSON_READ_H
#define XZ_AUDIT_JSON_READ_H

#include "store.h"

enum xz_json_type { XZ_JSON_TEXT, XZ_JSON_PLAIN, XZ_JSON_OBJECT, XZ_JSON_ARRAY };

/* PLAIN is a number, true, false or null. Value 0 of a document is the outermost. */
struct xz_json_value {
    enum xz_json_type type;
    size_t start, size; // in the text; of a TEXT without its quotes
    size_t key;         // value that is this member's name; 0: none
    size_t child;       // first value inside; 0: none
    size_t next;        // next value beside it; 0: none
};

struct xz_json_doc {
    const char *text; // the caller's; must stay
    struct xz_json_value *values;
    size_t count;
    size_t room;
};

/*
 * Read a whole text. False if it is no JSON, is deeper than 32, or has more than a
 * million values; the document is then empty.
 */
bool xz_json_read(struct xz_json_doc *doc, const char *text, size_t size);
void xz_json_free(struct xz_json_doc *doc);

/* The member of object `at` with this name, or 0. */
size_t xz_json_member(const struct xz_json_doc *doc, size_t at, const char *name);

/* First value inside of `at`, or 0; then the one beside it with .next. */
size_t xz_json_first(const struct xz_json_doc *doc, size_t at);

/* A TEXT with its escapes resolved (\u0000 becomes U+FFFD), "" for anything else. */
char *xz_json_string(const struct xz_json_doc *doc, size_t at);

/* The same of a member of `at`. */
char *xz_json_member_string(const struct xz_json_doc *doc, size_t at, const char *name);

/* A PLAIN as a number, 0 if it is none. */
uint64_t xz_json_uint(const struct xz_json_doc *doc, size_t at);

#endif
