// SPDX-License-Identifier: 0BSD
// Writes JSON: strings that came from anywhere become valid, harmless JSON strings.

#include "../common/system.h"

#include "../common/report.h"
#include "json_write.h"

#include <string.h>

void xz_json_begin(struct xz_json *json, struct xz_text *out)
{
    *json = (struct xz_json){.out = out};
    json->first[0] = true;
}

static void put_string(struct xz_text *out, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    xz_text_puts(out, "\"");
    while (*s != '\0') {
        size_t size = xz_utf8_size((const char *)s);
        if (*s == '"' || *s == '\\')
            xz_text_printf(out, "\\%c", *s);
        else if (*s < 0x20 || *s == 0x7F)
            xz_text_printf(out, "\\u%04x", *s);
        else if (size == 0)
            xz_text_puts(out, "\\ufffd");
        else
            xz_text_add(out, s, size);
        s += size == 0 ? 1 : size;
    }
    xz_text_puts(out, "\"");
}

/* Comma, new line, indentation, key. */
static void begin_value(struct xz_json *json, const char *key)
{
    if (json->depth > 0) {
        xz_text_puts(json->out, json->first[json->depth] ? "\n" : ",\n");
        for (unsigned i = 0; i < json->depth; i++)
            xz_text_puts(json->out, "  ");
    }
    json->first[json->depth] = false;
    if (key != NULL) {
        put_string(json->out, key);
        xz_text_puts(json->out, ": ");
    }
}

void xz_json_open(struct xz_json *json, const char *key, char bracket)
{
    begin_value(json, key);
    xz_text_add(json->out, &bracket, 1);
    if (json->depth + 1 < sizeof(json->first))
        json->depth++;
    json->first[json->depth] = true;
}

void xz_json_close(struct xz_json *json, char bracket)
{
    bool empty = json->first[json->depth];
    if (json->depth > 0)
        json->depth--;
    if (!empty) {
        xz_text_puts(json->out, "\n");
        for (unsigned i = 0; i < json->depth; i++)
            xz_text_puts(json->out, "  ");
    }
    xz_text_add(json->out, &bracket, 1);
    if (json->depth == 0)
        xz_text_puts(json->out, "\n");
}

void xz_json_text(struct xz_json *json, const char *key, const char *text)
{
    begin_value(json, key);
    put_string(json->out, text);
}

void xz_json_number(struct xz_json *json, const char *key, uint64_t number)
{
    begin_value(json, key);
    xz_text_printf(json->out, "%llu", (unsigned long long)number);
}

void xz_json_bool(struct xz_json *json, const char *key, bool value)
{
    begin_value(json, key);
    xz_text_puts(json->out, value ? "true" : "false");
}
