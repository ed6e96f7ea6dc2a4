// SPDX-License-Identifier: 0BSD
// Many reports of many hosts as one table.

/*
 * Reports come from hosts that may be hostile: a row has only what is needed, lists are
 * cut, and whatever a report claims of itself, its verdict is at least that of its
 * findings and never "clean" if it is not complete.
 */

#include "../common/system.h"

#include "../common/report.h"
#include "json_read.h"
#include "root_files.h"
#include "scan.h"
#include "summary.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MOST_OBJECTS 5
#define MOST_WORDS   32

/* Add a word once. */
static void note(struct xz_words *words, const char *word)
{
    if (*word != '\0' && words->count < MOST_WORDS && !xz_words_has(words, word))
        xz_words_add(words, word);
}

static enum xz_verdict verdict_named(const char *name, bool *ret_known)
{
    *ret_known = true;
    for (int i = XZ_VERDICT_CLEAN; i <= XZ_VERDICT_MANIPULATED; i++) {
        if (strcmp(name, xz_verdict_name((enum xz_verdict)i)) == 0)
            return (enum xz_verdict)i;
    }
    *ret_known = false;
    return XZ_VERDICT_UNKNOWN;
}

static enum xz_verdict level_named(const char *name)
{
    for (int i = XZ_LEVEL_INFO; i <= XZ_LEVEL_MANIPULATED; i++) {
        if (strcmp(name, xz_level_name((enum xz_level)i)) == 0)
            return xz_level_verdict((enum xz_level)i);
    }
    return XZ_VERDICT_UNKNOWN;
}

static void add_findings(struct xz_summary_row *row, const struct xz_json_doc *doc,
                         size_t list)
{
    for (size_t i = xz_json_first(doc, list); i != 0; i = doc->values[i].next) {
        char *level = xz_json_member_string(doc, i, "level");
        char *rule = xz_json_member_string(doc, i, "rule");
        char *object = xz_json_member_string(doc, i, "object");
        enum xz_verdict verdict = level_named(level);
        if (verdict > XZ_VERDICT_CLEAN) {
            note(&row->rules, rule);
            if (row->objects.count < MOST_OBJECTS)
                note(&row->objects, object);
        }
        row->verdict = verdict > row->verdict ? verdict : row->verdict;
        free(level);
        free(rule);
        free(object);
    }
}

static void add_versions(struct xz_summary_row *row, const struct xz_json_doc *doc,
                         size_t list)
{
    for (size_t i = xz_json_first(doc, list); i != 0; i = doc->values[i].next) {
        char *version = xz_json_member_string(doc, i, "version");
        note(&row->versions, version);
        free(version);
    }
}

bool xz_summary_add(struct xz_summary *summary, const char *file, const char *text,
                    size_t size)
{
    struct xz_json_doc doc;
    bool known = false;
    if (!xz_json_read(&doc, text, size))
        return false;
    char *schema = xz_json_member_string(&doc, 0, "schema");
    char *verdict = xz_json_member_string(&doc, 0, "verdict");
    struct xz_summary_row row = {.verdict = verdict_named(verdict, &known)};
    bool good = known && strcmp(schema, "xz-audit/1") == 0;
    free(schema);
    free(verdict);
    if (good) {
        row.file = xz_store_copy(file);
        row.host = xz_json_member_string(&doc, 0, "host");
        row.subject = xz_json_member_string(&doc, 0, "subject");
        row.files = xz_json_uint(
            &doc, xz_json_member(&doc, xz_json_member(&doc, 0, "looked_at"), "files"));
        size_t gaps = xz_json_member(&doc, 0, "not_looked_at");
        for (size_t i = xz_json_first(&doc, gaps); gaps != 0 && i != 0;
             i = doc.values[i].next)
            row.gaps++;
        size_t findings = xz_json_member(&doc, 0, "findings");
        size_t components = xz_json_member(&doc, 0, "components");
        if (findings != 0)
            add_findings(&row, &doc, findings);
        if (components != 0)
            add_versions(&row, &doc, components);
        row.complete = row.gaps == 0;
        if (row.verdict == XZ_VERDICT_CLEAN && !row.complete)
            row.verdict = XZ_VERDICT_UNKNOWN;
        summary->rows = xz_store_grow(summary->rows, summary->count, &summary->room,
                                      sizeof(struct xz_summary_row));
        summary->rows[summary->count++] = row;
        summary->verdicts[row.verdict]++;
    }
    xz_json_free(&doc);
    return good;
}

static void read_one(struct xz_summary *summary, struct xz_audit *audit,
                     const char *path)
{
    size_t size = 0;
    size_t gaps = audit->gap_count;
    uint8_t *data = xz_scan_read_file(audit, path, &size);
    const char *why = data != NULL ? "not a report of xz-audit" : "";
    if (data == NULL)
        why = audit->gaps[gaps].reason;
    if (data == NULL || !xz_summary_add(summary, path, (const char *)data, size)) {
        char *text = xz_store_printf("%s: %s", path, why);
        xz_words_add(&summary->broken, text);
        free(text);
    }
    free(data);
}

static void read_folder(struct xz_summary *summary, struct xz_audit *audit,
                        const char *path)
{
    struct xz_root root;
    struct xz_words names = {0};
    if (!xz_root_open(&root, audit, path))
        return;
    xz_root_list(&root, ".", &names);
    for (size_t i = 0; i < names.count; i++) {
        if (!xz_ends_with(names.at[i], ".json"))
            continue;
        char *file = xz_store_printf("%s/%s", path, names.at[i]);
        read_one(summary, audit, file);
        free(file);
    }
    xz_words_free(&names);
    xz_root_close(&root);
}

void xz_summary_read(struct xz_summary *summary, struct xz_audit *audit,
                     const struct xz_words *paths)
{
    for (size_t i = 0; i < paths->count; i++) {
        struct stat st;
        if (stat(paths->at[i], &st) == 0 && S_ISDIR(st.st_mode))
            read_folder(summary, audit, paths->at[i]);
        else
            read_one(summary, audit, paths->at[i]);
    }
    xz_summary_sort(summary);
}

static int by_row(const void *one, const void *two)
{
    const struct xz_summary_row *a = one;
    const struct xz_summary_row *b = two;
    if (a->verdict != b->verdict)
        return a->verdict > b->verdict ? -1 : 1;
    int order = strcmp(a->host, b->host);
    return order != 0 ? order : strcmp(a->file, b->file);
}

void xz_summary_sort(struct xz_summary *summary)
{
    if (summary->count > 1)
        qsort(summary->rows, summary->count, sizeof(struct xz_summary_row), by_row);
}

/* A text in a column: masked, cut or filled up. Width counts bytes of UTF-8 letters. */
static void column(FILE *out, const char *text, size_t width)
{
    char *cut = xz_store_printf("%-*.*s", (int)width, (int)width, text);
    xz_put_masked(out, cut);
    fputs("  ", out);
    free(cut);
}

static void words(FILE *out, const struct xz_words *list, size_t most)
{
    for (size_t i = 0; i < list->count && i < most; i++) {
        fputs(i > 0 ? " " : "", out);
        xz_put_masked(out, list->at[i]);
    }
    if (list->count > most)
        fputs(" ...", out);
}

void xz_summary_table(const struct xz_summary *summary, FILE *out)
{
    fprintf(out, "%zu reports:", summary->count);
    for (int i = XZ_VERDICT_MANIPULATED; i >= XZ_VERDICT_CLEAN; i--)
        fprintf(out, " %zu %s%s", summary->verdicts[i],
                xz_verdict_name((enum xz_verdict)i), i > XZ_VERDICT_CLEAN ? ";" : "\n");
    if (summary->count > 0)
        fprintf(out, "\n%-30s  %-31s  %-24s  %s\n", "host", "verdict", "versions",
                "rules");
    for (size_t i = 0; i < summary->count; i++) {
        const struct xz_summary_row *row = &summary->rows[i];
        struct xz_text versions = {0};
        for (size_t k = 0; k < row->versions.count; k++)
            xz_text_printf(&versions, "%s%s", k > 0 ? " " : "", row->versions.at[k]);
        column(out, *row->host != '\0' ? row->host : row->file, 30);
        column(out, xz_verdict_name(row->verdict), 31);
        column(out, versions.data != NULL ? versions.data : "", 24);
        words(out, &row->rules, 4);
        if (row->gaps > 0)
            fprintf(out, "%s(%llu not looked at)", row->rules.count > 0 ? " " : "",
                    (unsigned long long)row->gaps);
        fputc('\n', out);
        xz_text_free(&versions);
    }
    if (summary->broken.count > 0)
        fprintf(out, "\nNot reports (%zu):\n", summary->broken.count);
    for (size_t i = 0; i < summary->broken.count; i++) {
        fputs("    ", out);
        xz_put_masked(out, summary->broken.at[i]);
        fputc('\n', out);
    }
}

int xz_summary_exit_status(const struct xz_summary *summary)
{
    if (summary->verdicts[XZ_VERDICT_MANIPULATED] > 0)
        return 1;
    if (summary->verdicts[XZ_VERDICT_SUSPICIOUS] > 0
        || summary->verdicts[XZ_VERDICT_AFFECTED] > 0)
        return 2;
    if (summary->verdicts[XZ_VERDICT_UNKNOWN] > 0 || summary->broken.count > 0
        || summary->count == 0)
        return XZ_STATUS_GAP;
    return 0;
}

void xz_summary_free(struct xz_summary *summary)
{
    for (size_t i = 0; i < summary->count; i++) {
        struct xz_summary_row *row = &summary->rows[i];
        free(row->file);
        free(row->host);
        free(row->subject);
        xz_words_free(&row->rules);
        xz_words_free(&row->objects);
        xz_words_free(&row->versions);
    }
    free(summary->rows);
    xz_words_free(&summary->broken);
    *summary = (struct xz_summary){0};
}
