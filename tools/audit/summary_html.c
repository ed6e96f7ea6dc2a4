// SPDX-License-Identifier: 0BSD
// The summary as one web page: no script, nothing from the network, readable in print.

/*
 * Host names and paths come from strangers. Everything variable goes through put(),
 * which masks what could steer a reader and writes the five characters of HTML as
 * entities; the page forbids scripts and loading by a policy of its own besides.
 */

#include "../common/system.h"

#include "../common/report.h"
#include "summary.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>xz-audit</title>\n<style>\n"
    "body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 75em;\n"
    "  padding: 0 1em; color: #1a1a1a; background: #fff }\n"
    "h1 { font-size: 1.4em }\n"
    "ul.totals { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: "
    "1em }\n"
    "ul.totals li { padding: .5em 1em; border: 1px solid #ccc; border-radius: .4em }\n"
    "ul.totals b { font-size: 1.4em; display: block }\n"
    "table { border-collapse: collapse; width: 100% }\n"
    "th, td { text-align: left; vertical-align: top; padding: .35em .6em;\n"
    "  border-bottom: 1px solid #ddd; overflow-wrap: anywhere }\n"
    "th { background: #f4f4f4 }\n"
    ".v4 { background: #b00020; color: #fff } .v3 { background: #ffd180 }\n"
    ".v2 { background: #fff3c4 } .v1 { background: #e3e8ef } .v0 { background: #d9f2dd "
    "}\n"
    "td .small { color: #555; font-size: .88em }\n"
    "@media print { body { margin: 0; max-width: none } }\n"
    "</style></head><body>\n<h1>xz-audit: summary</h1>\n";

static void put(struct xz_text *out, const char *text)
{
    while (*text != '\0') {
        size_t size = xz_utf8_size(text);
        const char *entity = *text == '&'    ? "&amp;"
                             : *text == '<'  ? "&lt;"
                             : *text == '>'  ? "&gt;"
                             : *text == '"'  ? "&quot;"
                             : *text == '\'' ? "&#39;"
                             : size == 0     ? "?"
                                             : NULL;
        if (entity != NULL)
            xz_text_puts(out, entity);
        else
            xz_text_add(out, text, size);
        text += size == 0 ? 1 : size;
    }
}

static void put_list(struct xz_text *out, const struct xz_words *list,
                     const char *between)
{
    for (size_t i = 0; i < list->count; i++) {
        xz_text_puts(out, i > 0 ? between : "");
        put(out, list->at[i]);
    }
}

static void put_row(struct xz_text *out, const struct xz_summary_row *row)
{
    xz_text_puts(out, "<tr><td>");
    put(out, *row->host != '\0' ? row->host : row->file);
    xz_text_puts(out, "<br><span class=\"small\">");
    put(out, row->subject);
    xz_text_printf(out, "</span></td><td class=\"v%d\">", (int)row->verdict);
    put(out, xz_verdict_name(row->verdict));
    xz_text_puts(out, "</td><td>");
    put_list(out, &row->versions, "<br>");
    xz_text_puts(out, "</td><td>");
    put_list(out, &row->rules, " ");
    if (row->objects.count > 0) {
        xz_text_puts(out, "<br><span class=\"small\">");
        put_list(out, &row->objects, "<br>");
        xz_text_puts(out, "</span>");
    }
    xz_text_printf(out, "</td><td>%llu</td><td>%llu</td></tr>\n",
                   (unsigned long long)row->files, (unsigned long long)row->gaps);
}

void xz_summary_html(const struct xz_summary *summary, struct xz_text *out)
{
    xz_text_puts(out, head);
    xz_text_printf(out, "<ul class=\"totals\"><li><b>%zu</b>reports</li>\n",
                   summary->count);
    for (int i = XZ_VERDICT_MANIPULATED; i >= XZ_VERDICT_CLEAN; i--)
        xz_text_printf(out, "<li class=\"v%d\"><b>%zu</b>%s</li>\n", i,
                       summary->verdicts[i], xz_verdict_name((enum xz_verdict)i));
    xz_text_puts(out, "</ul>\n<table><thead><tr><th>Host</th><th>Verdict</th>"
                      "<th>Versions</th><th>Rules and places</th><th>Files</th>"
                      "<th>Not looked at</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < summary->count; i++)
        put_row(out, &summary->rows[i]);
    xz_text_puts(out, "</tbody></table>\n");
    if (summary->broken.count > 0) {
        xz_text_puts(out, "<h2>Not reports</h2>\n<p>");
        put_list(out, &summary->broken, "<br>\n");
        xz_text_puts(out, "</p>\n");
    }
    xz_text_puts(out, "</body></html>\n");
}
