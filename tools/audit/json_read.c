// SPDX-License-Identifier: 0BSD
// Reads JSON (RFC 8259) into a flat table of values; bounded depth, no recursion.

/*
 * One loop with a stack of the open brackets:
 *
 *     state        waits for                                leaves to
 *     VALUE        a value                                  AFTER; VALUE or KEY inside
 *     FIRST        a value or the end of an empty bracket   as VALUE, or AFTER
 *     KEY          a text and ':'                           VALUE
 *     AFTER        ',' or a closing bracket                 VALUE or KEY; AFTER
 *
 * A member's value knows the value that is its key; keys are no children.
 */

#include "../common/system.h"

#include "json_read.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX  32
#define VALUES_MAX 1000000

struct reader {
    struct xz_json_doc *doc;
    const char *text;
    size_t size;
    size_t pos;
    size_t depth;
    size_t open[DEPTH_MAX]; // values of the open brackets
    size_t last[DEPTH_MAX]; // last child of each; 0: none
    size_t key;             // of the member to come
};

static void skip_blanks(struct reader *r)
{
    while (r->pos < r->size && strchr(" \t\r\n", r->text[r->pos]) != NULL
           && r->text[r->pos] != '\0')
        r->pos++;
}

static char peek(struct reader *r)
{
    skip_blanks(r);
    return r->pos < r->size ? r->text[r->pos] : '\0';
}

/* A new value; linked to its neighbours unless it is a key. Returns its index. */
static size_t add_value(struct reader *r, enum xz_json_type type, size_t start,
                        size_t size, bool is_key)
{
    struct xz_json_doc *doc = r->doc;
    doc->values =
        xz_store_grow(doc->values, doc->count, &doc->room, sizeof(*doc->values));
    size_t at = doc->count++;
    doc->values[at] =
        (struct xz_json_value){.type = type, .start = start, .size = size};
    if (is_key || r->depth == 0)
        return at;
    size_t parent = r->depth - 1;
    doc->values[at].key = r->key;
    r->key = 0;
    if (r->last[parent] == 0)
        doc->values[r->open[parent]].child = at;
    else
        doc->values[r->last[parent]].next = at;
    r->last[parent] = at;
    return at;
}

/* A text in quotes at the position. */
static bool read_text(struct reader *r, bool is_key)
{
    size_t start = ++r->pos;
    while (r->pos < r->size && r->text[r->pos] != '"') {
        if ((unsigned char)r->text[r->pos] < 0x20)
            return false;
        r->pos += r->text[r->pos] == '\\' ? 2 : 1;
    }
    if (r->pos >= r->size)
        return false;
    size_t at = add_value(r, XZ_JSON_TEXT, start, r->pos - start, is_key);
    r->pos++;
    if (is_key)
        r->key = at;
    return true;
}

static bool read_plain(struct reader *r)
{
    size_t start = r->pos;
    while (r->pos < r->size && r->text[r->pos] != '\0'
           && strchr("+-.0123456789aeflnrstuE", r->text[r->pos]) != NULL)
        r->pos++;
    if (r->pos == start)
        return false;
    add_value(r, XZ_JSON_PLAIN, start, r->pos - start, false);
    return true;
}

static bool open_bracket(struct reader *r, char bracket)
{
    if (r->depth == DEPTH_MAX)
        return false;
    enum xz_json_type type = bracket == '{' ? XZ_JSON_OBJECT : XZ_JSON_ARRAY;
    size_t at = add_value(r, type, r->pos++, 1, false);
    r->open[r->depth] = at;
    r->last[r->depth] = 0;
    r->depth++;
    return true;
}

static bool in_object(const struct reader *r)
{
    return r->depth > 0 && r->doc->values[r->open[r->depth - 1]].type == XZ_JSON_OBJECT;
}

/* True if the next character closes the innermost bracket; it is taken. */
static bool closes(struct reader *r)
{
    if (r->depth == 0 || peek(r) != (in_object(r) ? '}' : ']'))
        return false;
    r->pos++;
    r->depth--;
    return true;
}

/* A key and its colon, if this is an object. */
static bool read_key(struct reader *r)
{
    if (!in_object(r))
        return true;
    if (peek(r) != '"' || !read_text(r, true) || peek(r) != ':')
        return false;
    r->pos++;
    return true;
}

/* A value with what opens inside of it. True if it is complete or a bracket is open. */
static bool read_value(struct reader *r, bool *ret_opened)
{
    char c = peek(r);
    *ret_opened = c == '{' || c == '[';
    if (*ret_opened)
        return open_bracket(r, c);
    return c == '"' ? read_text(r, false) : read_plain(r);
}

static bool read_all(struct reader *r)
{
    bool opened = false;
    for (;;) {
        if (r->doc->count >= VALUES_MAX || !read_key(r) || !read_value(r, &opened))
            return false;
        if (opened && !closes(r))
            continue; // its first value
        while (closes(r))
            ;
        if (r->depth == 0)
            return peek(r) == '\0' && r->pos == r->size;
        if (peek(r) != ',')
            return false;
        r->pos++;
    }
}

bool xz_json_read(struct xz_json_doc *doc, const char *text, size_t size)
{
    *doc = (struct xz_json_doc){.text = text};
    struct reader r = {.doc = doc, .text = text, .size = size};
    // Value 0 is no key and no child, so that 0 can mean none.
    if (read_all(&r))
        return true;
    xz_json_free(doc);
    return false;
}

void xz_json_free(struct xz_json_doc *doc)
{
    free(doc->values);
    *doc = (struct xz_json_doc){0};
}

size_t xz_json_first(const struct xz_json_doc *doc, size_t at)
{
    return at < doc->count ? doc->values[at].child : 0;
}

size_t xz_json_member(const struct xz_json_doc *doc, size_t at, const char *name)
{
    size_t size = strlen(name);
    for (size_t i = xz_json_first(doc, at); i != 0; i = doc->values[i].next) {
        const struct xz_json_value *key = &doc->values[doc->values[i].key];
        if (doc->values[i].key != 0 && key->size == size
            && memcmp(doc->text + key->start, name, size) == 0)
            return i;
    }
    return 0;
}

/* Four hex digits, or 0xFFFD. */
static unsigned hex4(const char *at, size_t size)
{
    char digits[5] = {0};
    char *end = NULL;
    if (size < 4)
        return 0xFFFD;
    memcpy(digits, at, 4);
    unsigned long value = strtoul(digits, &end, 16);
    return end == digits + 4 ? (unsigned)value : 0xFFFD;
}

static void put_utf8(struct xz_text *out, unsigned c)
{
    char bytes[4];
    size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size; i-- > 1;) {
        bytes[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    bytes[0] = (char)(lead[size] | c);
    xz_text_add(out, bytes, size);
}

/* An escape behind its backslash; returns how many characters it took. */
static size_t put_escape(struct xz_text *out, const char *at, size_t size)
{
    static const char from[] = "bfnrt";
    static const char to[] = "\b\f\n\r\t";
    const char *plain = strchr(from, at[0]);
    if (at[0] != 'u') {
        xz_text_add(out, plain != NULL ? to + (plain - from) : at, 1);
        return 1;
    }
    unsigned c = hex4(at + 1, size - 1);
    size_t taken = size < 5 ? size : 5;
    if (c >= 0xD800 && c < 0xDC00 && size >= 11 && at[5] == '\\' && at[6] == 'u') {
        unsigned low = hex4(at + 7, size - 7);
        if (low >= 0xDC00 && low < 0xE000) {
            put_utf8(out, 0x10000 + ((c - 0xD800) << 10 | (low - 0xDC00)));
            return 11;
        }
    }
    put_utf8(out, c == 0 || (c >= 0xD800 && c < 0xE000) ? 0xFFFD : c);
    return taken;
}

char *xz_json_string(const struct xz_json_doc *doc, size_t at)
{
    struct xz_text out = {0};
    if (at >= doc->count || doc->values[at].type != XZ_JSON_TEXT)
        return xz_store_copy("");
    const char *text = doc->text + doc->values[at].start;
    size_t size = doc->values[at].size;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\\' && i + 1 < size)
            i += put_escape(&out, text + i + 1, size - i - 1);
        else
            xz_text_add(&out, text + i, 1);
    }
    return xz_text_take(&out);
}

char *xz_json_member_string(const struct xz_json_doc *doc, size_t at, const char *name)
{
    size_t member = xz_json_member(doc, at, name);
    return member != 0 ? xz_json_string(doc, member) : xz_store_copy("");
}

uint64_t xz_json_uint(const struct xz_json_doc *doc, size_t at)
{
    uint64_t value = 0;
    if (at == 0 || at >= doc->count || doc->values[at].type != XZ_JSON_PLAIN)
        return 0;
    for (size_t i = 0; i < doc->values[at].size; i++) {
        char c = doc->text[doc->values[at].start + i];
        if (c < '0' || c > '9' || value > UINT64_MAX / 10 - 1)
            return 0;
        value = value * 10 + (uint64_t)(c - '0');
    }
    return value;
}
