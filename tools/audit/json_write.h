// SPDX-License-Identifier: 0BSD
// Writes JSON: strings that came from anywhere become valid, harmless JSON strings.

#ifndef XZ_AUDIT_JSON_WRITE_H
#define XZ_AUDIT_JSON_WRITE_H

#include "store.h"

/* Where the next value goes: keeps commas and the end of each object right. */
struct xz_json {
    struct xz_text *out;
    unsigned depth;
    bool first[16]; // by depth: no member yet
};

void xz_json_begin(struct xz_json *json, struct xz_text *out);

/*
 * Open and close { } and [ ]. `key` is the name in the object around it, or NULL within
 * an array and at the top.
 */
void xz_json_open(struct xz_json *json, const char *key, char bracket);
void xz_json_close(struct xz_json *json, char bracket);

/*
 * A string. Control characters become \u00XX; bytes that are not UTF-8, and characters
 * that turn the writing direction, become U+FFFD.
 */
void xz_json_text(struct xz_json *json, const char *key, const char *text);
void xz_json_number(struct xz_json *json, const char *key, uint64_t number);
void xz_json_bool(struct xz_json *json, const char *key, bool value);

#endif
