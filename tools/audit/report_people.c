// SPDX-License-Identifier: 0BSD
// The report for people: the verdict, findings with reasons, gaps, parts of interest.

/*
 * Every piece that came from outside is written by xz_put_masked(): no name in a
 * hostile file system can make a line that looks like one of these.
 */

#include "../common/system.h"

#include "../common/report.h"
#include "audit_report.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS 79

static int by_finding(const void *one, const void *two)
{
    const struct xz_finding *a = one;
    const struct xz_finding *b = two;
    if (a->level != b->level)
        return a->level > b->level ? -1 : 1;
    int order = strcmp(a->object, b->object);
    if (order == 0)
        order = strcmp(a->rule->id, b->rule->id);
    if (order == 0)
        order = a->offset < b->offset ? -1 : a->offset > b->offset;
    return order != 0 ? order : strcmp(a->where, b->where);
}

static int by_gap(const void *one, const void *two)
{
    const struct xz_gap *a = one;
    const struct xz_gap *b = two;
    int order = strcmp(a->object, b->object);
    return order != 0 ? order : strcmp(a->reason, b->reason);
}

static int by_component(const void *one, const void *two)
{
    const struct xz_component *a = one;
    const struct xz_component *b = two;
    int order = strcmp(a->kind, b->kind);
    if (order == 0)
        order = strcmp(a->object, b->object);
    return order != 0 ? order : strcmp(a->note, b->note);
}

void xz_audit_sort(struct xz_audit *audit)
{
    if (audit->finding_count > 1)
        qsort(audit->findings, audit->finding_count, sizeof(struct xz_finding),
              by_finding);
    if (audit->gap_count > 1)
        qsort(audit->gaps, audit->gap_count, sizeof(struct xz_gap), by_gap);
    if (audit->component_count > 1)
        qsort(audit->components, audit->component_count, sizeof(struct xz_component),
              by_component);
}

static void field(FILE *out, const char *label, const char *text)
{
    if (*text == '\0')
        return;
    fprintf(out, "    %-9s", label);
    xz_put_masked(out, text);
    fputc('\n', out);
}

/* The same for a text of the rules: in lines of at most COLUMNS. */
static void paragraph(FILE *out, const char *label, const char *text)
{
    size_t column = (size_t)fprintf(out, "    %-9s", label);
    const char *blank = "";
    while (*text != '\0') {
        size_t size = strcspn(text, " ");
        if (*blank != '\0' && column + 1 + size > COLUMNS) {
            fprintf(out, "\n%13s", "");
            column = 13;
            blank = "";
        }
        fputs(blank, out);
        char *word = xz_store_bytes(text, size);
        xz_put_masked(out, word);
        free(word);
        column += strlen(blank) + size;
        text += size + strspn(text + size, " ");
        blank = " ";
    }
    fputc('\n', out);
}

static void print_finding(FILE *out, const struct xz_finding *f, bool explained)
{
    fprintf(out, "\n%s  %s  ", xz_level_name(f->level), f->rule->id);
    xz_put_masked(out, f->object);
    fputc('\n', out);
    field(out, "what", f->rule->title);
    if (f->has_offset) {
        char *where =
            xz_store_printf("offset 0x%llx%s%s", (unsigned long long)f->offset,
                            f->where[0] != '\0' ? ", " : "", f->where);
        field(out, "where", where);
        free(where);
    } else {
        field(out, "where", f->where);
    }
    field(out, "evidence", f->evidence);
    if (explained)
        return; // at a finding before
    paragraph(out, "why", f->rule->why);
    paragraph(out, "do", f->rule->action);
    field(out, "source", f->rule->source);
}

static void print_components(const struct xz_audit *audit, FILE *out)
{
    if (audit->component_count > 0)
        fputs("\nSeen:\n", out);
    for (size_t i = 0; i < audit->component_count; i++) {
        const struct xz_component *c = &audit->components[i];
        fprintf(out, "    %-12s", c->kind);
        xz_put_masked(out, c->object);
        if (c->version[0] != '\0') {
            fputs("  ", out);
            xz_put_masked(out, c->version);
        }
        if (c->note[0] != '\0') {
            fputs("  (", out);
            xz_put_masked(out, c->note);
            fputc(')', out);
        }
        if (c->sha256[0] != '\0')
            fprintf(out, "\n                sha256 %s", c->sha256);
        fputc('\n', out);
    }
}

static void print_gaps(const struct xz_audit *audit, FILE *out, bool verbose)
{
    size_t most = verbose ? SIZE_MAX : 50;
    if (audit->gap_count > 0)
        fprintf(out, "\nCould not look at (%zu):\n", audit->gap_count);
    for (size_t i = 0; i < audit->gap_count && i < most; i++) {
        fputs("    ", out);
        xz_put_masked(out, audit->gaps[i].object);
        fputs(": ", out);
        xz_put_masked(out, audit->gaps[i].reason);
        fputc('\n', out);
    }
    if (audit->gap_count > most)
        fprintf(out, "    ... and %zu more; --verbose and --json list them all\n",
                audit->gap_count - most);
}

/* What the verdict means, in a sentence. */
static void print_meaning(const struct xz_audit *audit, FILE *out)
{
    static const char *const texts[] = {
        [XZ_VERDICT_CLEAN] = "Everything was looked at, and nothing was found.",
        [XZ_VERDICT_UNKNOWN] = "Nothing worse was found in what was looked at.",
        [XZ_VERDICT_AFFECTED] =
            "A version from the time of the attack; its library is clean. Update it.",
        [XZ_VERDICT_SUSPICIOUS] = "What was found has to be looked at by people.",
        [XZ_VERDICT_MANIPULATED] = "The known backdoor, or what carries it, is here.",
    };
    fprintf(out, "    %s", texts[xz_audit_verdict(audit)]);
    if (audit->gap_count > 0)
        fprintf(out, " Not everything could be looked at.");
    fputc('\n', out);
}

static void print_counts(const struct xz_audit *audit, FILE *out)
{
    const struct xz_counts *n = &audit->counts;
    fprintf(out,
            "    looked at: files %llu (ELF %llu, archives %llu), packages %llu, "
            "processes %llu, %.1f MiB\n",
            (unsigned long long)n->files, (unsigned long long)n->elf,
            (unsigned long long)n->archives, (unsigned long long)n->packages,
            (unsigned long long)n->processes, (double)n->bytes / (1 << 20));
    fprintf(out, "    %zu rules, sha256 %.16s..., self-test of %zu cases passed\n",
            audit->rules->count, audit->rules->digest, audit->self_test_cases);
}

void xz_report_people(const struct xz_audit *audit, FILE *out, bool verbose)
{
    fprintf(out, "%s: ", xz_verdict_name(xz_audit_verdict(audit)));
    xz_put_masked(out, audit->subject);
    fputc('\n', out);
    print_meaning(audit, out);
    print_counts(audit, out);
    size_t infos = 0;
    bool *explained = xz_store_new(audit->rules->count * sizeof(bool));
    for (size_t i = 0; i < audit->finding_count; i++) {
        const struct xz_finding *f = &audit->findings[i];
        size_t rule = (size_t)(f->rule - audit->rules->rules);
        if (f->level == XZ_LEVEL_INFO && !verbose && !audit->explain) {
            infos++;
            continue;
        }
        print_finding(out, f, explained[rule]);
        explained[rule] = true;
    }
    free(explained);
    if (infos > 0)
        fprintf(out, "\nNotes without weight: %zu; --verbose shows them\n", infos);
    print_components(audit, out);
    print_gaps(audit, out, verbose);
}
