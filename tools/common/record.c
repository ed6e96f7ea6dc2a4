// SPDX-License-Identifier: 0BSD
// Writes JSON records; see docs/json.md for what they hold.

#include "system.h"

#include "record.h"
#include "report.h"

#include <inttypes.h>
#include <string.h>

static void put_string(FILE *out, const char *text)
{
    putc('"', out);
    for (const unsigned char *s = (const unsigned char *)text; *s != '\0';) {
        size_t size = xz_utf8_size((const char *)s);
        if (*s == '"' || *s == '\\')
            fprintf(out, "\\%c", *s);
        else if (*s < 0x20 || *s == 0x7F)
            fprintf(out, "\\u%04x", *s);
        else if (size == 0)
            fprintf(out, "\\udc%02x", *s);
        else
            fwrite(s, 1, size, out);
        s += size == 0 ? 1 : size;
    }
    putc('"', out);
}

/* Comma and key. */
static void begin_member(struct xz_record *record, const char *key)
{
    bool *has_members = &record->has_members[record->depth - 1];
    if (*has_members)
        putc(',', record->out);
    *has_members = true;
    if (key != NULL) {
        put_string(record->out, key);
        putc(':', record->out);
    }
}

static void push(struct xz_record *record, char opening, char closing)
{
    putc(opening, record->out);
    record->has_members[record->depth] = false;
    record->closing[record->depth] = closing;
    record->depth++;
}

void xz_record_begin(struct xz_record *record, FILE *out)
{
    *record = (struct xz_record){.out = out};
    push(record, '{', '}');
}

void xz_record_object(struct xz_record *record, const char *key)
{
    begin_member(record, key);
    push(record, '{', '}');
}

void xz_record_array(struct xz_record *record, const char *key)
{
    begin_member(record, key);
    push(record, '[', ']');
}

void xz_record_end(struct xz_record *record)
{
    record->depth--;
    putc(record->closing[record->depth], record->out);
    if (record->depth > 0)
        return;
    putc('\n', record->out);
    fflush(record->out);
}

void xz_record_text(struct xz_record *record, const char *key, const char *text)
{
    if (text == NULL) {
        xz_record_null(record, key);
        return;
    }
    begin_member(record, key);
    put_string(record->out, text);
}

void xz_record_number(struct xz_record *record, const char *key, uint64_t number)
{
    begin_member(record, key);
    fprintf(record->out, "%" PRIu64, number);
}

void xz_record_bool(struct xz_record *record, const char *key, bool value)
{
    begin_member(record, key);
    fputs(value ? "true" : "false", record->out);
}

void xz_record_null(struct xz_record *record, const char *key)
{
    begin_member(record, key);
    fputs("null", record->out);
}

void xz_record_ratio(struct xz_record *record, const char *key, uint64_t a, uint64_t b)
{
    if (b == 0) {
        xz_record_null(record, key);
        return;
    }
    begin_member(record, key);
    fprintf(record->out, "%.3f", (double)a / (double)b);
}
