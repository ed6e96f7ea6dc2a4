// SPDX-License-Identifier: 0BSD
// Finds feature probes in build scripts whose source can never compile.

/*
 * A probe compiles a few lines to learn whether the system has a feature. One that
 * never compiles turns the feature off and nobody is told: in 2024 a line with a single
 * dot switched off the sandbox of xz. What is taken for a probe's source:
 *
 *     CMake      check_..._source_compiles("...") and _runs, and [[...]]
 *     Meson      .compiles('''...''') .links .runs
 *     autoconf   [[...]] behind AC_..._IFELSE or AC_LANG_..., as in configure.ac and
 * *.m4
 *     configure  the text from <<_ACEOF to _ACEOF
 *
 * In it two things are looked for that no C has: a line of nothing but one of . , : ? @
 * and the like, and, if there is no #if, braces that do not match.
 */

#include "../common/system.h"

#include "source_lint.h"

#include <stdlib.h>
#include <string.h>

#define PROBE_MAX 65536

struct probe_kind {
    const char *call;  // what introduces it
    const char *open;  // where the source begins, soon behind
    const char *close; // where it ends
    bool partial;      // only a part of a program: braces need not match
};

static const struct probe_kind kinds[] = {
    {"check_c_source_compiles", "\"", "\"", false},
    {"check_c_source_runs", "\"", "\"", false},
    {"check_cxx_source_compiles", "\"", "\"", false},
    {"check_cxx_source_runs", "\"", "\"", false},
    {"check_source_compiles", "\"", "\"", false},
    {"CHECK_C_SOURCE_COMPILES", "\"", "\"", false},
    {"CHECK_C_SOURCE_RUNS", "\"", "\"", false},
    {"CHECK_CXX_SOURCE_COMPILES", "\"", "\"", false},
    {"check_c_source_compiles", "[[", "]]", false},
    {"check_source_compiles", "[[", "]]", false},
    {".compiles(", "'''", "'''", false},
    {".links(", "'''", "'''", false},
    {".runs(", "'''", "'''", false},
    {"AC_LANG_SOURCE(", "[[", "]]", true},
    {"AC_LANG_PROGRAM(", "[[", "]]", true},
    {"AC_TRY_COMPILE(", "[", "]", true},
    {"AC_TRY_LINK(", "[", "]", true},
    {"<<_ACEOF", "\n", "\n_ACEOF", true},
};

/* The source behind a call: where it starts and ends in the text. */
static bool find_source(const struct probe_kind *kind, const char *call,
                        const char **ret_start, const char **ret_end)
{
    const char *open = strstr(call + strlen(kind->call), kind->open);
    if (open == NULL || open - call > 400)
        return false;
    *ret_start = open + strlen(kind->open);
    const char *end = *ret_start;
    for (;;) {
        end = strstr(end, kind->close);
        if (end == NULL || end - *ret_start > PROBE_MAX)
            return false;
        if (end[-1] != '\\')
            break;
        end++;
    }
    *ret_end = end;
    return true;
}

/* A character that no line of C consists of. */
static bool is_nonsense(const char *line, size_t size)
{
    while (size > 0 && strchr(" \t\r", *line) != NULL && *line != '\0') {
        line++;
        size--;
    }
    while (size > 0 && strchr(" \t\r", line[size - 1]) != NULL)
        size--;
    return size == 1 && strchr(".?:@$`~^|!'", *line) != NULL;
}

static bool braces_match(const char *start, const char *end)
{
    long depth = 0;
    for (const char *at = start; at < end; at++) {
        if (*at == '#' && (strncmp(at, "#if", 3) == 0 || strncmp(at, "#def", 4) == 0))
            return true; // one of two ways: cannot be told
        if (at[0] == '"' || (at[0] == '\'' && at + 2 < end && at[2] == '\''))
            return true; // texts and characters may hold braces
        depth += (*at == '{') - (*at == '}');
    }
    return depth == 0;
}

static void complain(struct xz_audit *audit, const char *object, const char *text,
                     const char *at, const char *what)
{
    size_t number = 1;
    for (const char *c = text; c < at; c++)
        number += *c == '\n';
    char *where = xz_store_printf("line %zu", number);
    xz_audit_find_test(audit, "probe-broken", object, UINT64_MAX, where, what);
    free(where);
}

static void look(struct xz_audit *audit, const char *object, const char *text,
                 const struct probe_kind *kind, const char *start, const char *end)
{
    for (const char *line = start; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        stop = stop != NULL ? stop : end;
        if (is_nonsense(line, (size_t)(stop - line)) && stop < end) {
            char *what =
                xz_store_printf("a line of '%c' alone in the source of a probe",
                                line[strspn(line, " \t")]);
            complain(audit, object, text, line, what);
            free(what);
        }
        line = stop + 1;
    }
    if (!kind->partial && !braces_match(start, end))
        complain(audit, object, text, start, "braces that do not match in a probe");
}

void xz_source_lint_probes(struct xz_audit *audit, const char *object, const char *path,
                           const char *text)
{
    (void)path;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const char *start = NULL;
        const char *end = NULL;
        const char *at = strstr(text, kinds[i].call);
        for (; at != NULL; at = strstr(at + 1, kinds[i].call)) {
            if (find_source(&kinds[i], at, &start, &end))
                look(audit, object, text, &kinds[i], start, end);
        }
    }
}
