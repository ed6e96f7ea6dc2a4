// SPDX-License-Identifier: 0BSD
// A CycloneDX 1.5 document that says whether CVE-2024-3094 can be exploited, and why.

/*
 * Scanners that judge by versions report CVE-2024-3094 for clean files too. This
 * document answers them, a library at a time, with what was looked at:
 *
 *     verdict on the library            state           justification
 *     clean, affected but clean content not_affected    code_not_present
 *     suspicious, unknown               in_triage
 *     manipulated                       exploitable
 *
 * The subject as a whole stands for what is on none of them.
 */

#include "../common/system.h"

#include "audit_report.h"
#include "json_write.h"

#include <stdlib.h>
#include <string.h>

enum state { NOT_AFFECTED, IN_TRIAGE, EXPLOITABLE, STATES };

static const char *const state_names[] = {"not_affected", "in_triage", "exploitable"};

static enum state state_of(enum xz_verdict verdict)
{
    static const enum state states[] = {
        [XZ_VERDICT_CLEAN] = NOT_AFFECTED,      [XZ_VERDICT_UNKNOWN] = IN_TRIAGE,
        [XZ_VERDICT_AFFECTED] = NOT_AFFECTED,   [XZ_VERDICT_SUSPICIOUS] = IN_TRIAGE,
        [XZ_VERDICT_MANIPULATED] = EXPLOITABLE,
    };
    return states[verdict];
}

static bool is_library(const struct xz_component *c)
{
    return strcmp(c->kind, "liblzma") == 0 || strcmp(c->kind, "static copy") == 0;
}

/* The worst finding on the component itself. */
static enum xz_verdict verdict_on(const struct xz_audit *audit,
                                  const struct xz_component *c)
{
    enum xz_verdict worst = XZ_VERDICT_CLEAN;
    for (size_t i = 0; i < audit->finding_count; i++) {
        enum xz_verdict verdict = xz_level_verdict(audit->findings[i].level);
        if (strcmp(audit->findings[i].object, c->object) == 0 && verdict > worst)
            worst = verdict;
    }
    for (size_t i = 0; i < audit->gap_count; i++) {
        if (strcmp(audit->gaps[i].object, c->object) == 0 && worst < XZ_VERDICT_UNKNOWN)
            worst = XZ_VERDICT_UNKNOWN;
    }
    return worst;
}

static bool is_on_library(const struct xz_audit *audit, const char *object)
{
    for (size_t i = 0; i < audit->component_count; i++) {
        if (is_library(&audit->components[i])
            && strcmp(audit->components[i].object, object) == 0)
            return true;
    }
    return false;
}

/* The worst finding or gap that is on none of the libraries; clean if there is none. */
static enum xz_verdict verdict_on_rest(const struct xz_audit *audit)
{
    enum xz_verdict worst = XZ_VERDICT_CLEAN;
    for (size_t i = 0; i < audit->finding_count; i++) {
        enum xz_verdict verdict = xz_level_verdict(audit->findings[i].level);
        if (verdict > worst && !is_on_library(audit, audit->findings[i].object))
            worst = verdict;
    }
    for (size_t i = 0; i < audit->gap_count && worst < XZ_VERDICT_UNKNOWN; i++) {
        if (!is_on_library(audit, audit->gaps[i].object))
            worst = XZ_VERDICT_UNKNOWN;
    }
    return worst;
}

static void put_component(struct xz_json *json, const struct xz_component *c, size_t i)
{
    char *reference = xz_store_printf("library-%zu", i);
    xz_json_open(json, NULL, '{');
    xz_json_text(json, "type", "library");
    xz_json_text(json, "bom-ref", reference);
    xz_json_text(json, "name", "liblzma");
    if (c->version[0] != '\0')
        xz_json_text(json, "version", c->version);
    if (c->sha256[0] != '\0') {
        xz_json_open(json, "hashes", '[');
        xz_json_open(json, NULL, '{');
        xz_json_text(json, "alg", "SHA-256");
        xz_json_text(json, "content", c->sha256);
        xz_json_close(json, '}');
        xz_json_close(json, ']');
    }
    xz_json_open(json, "evidence", '{');
    xz_json_open(json, "occurrences", '[');
    xz_json_open(json, NULL, '{');
    xz_json_text(json, "location", c->object);
    xz_json_close(json, '}');
    xz_json_close(json, ']');
    xz_json_close(json, '}');
    xz_json_close(json, '}');
    free(reference);
}

static void put_reference(struct xz_json *json, const char *reference)
{
    xz_json_open(json, NULL, '{');
    xz_json_text(json, "ref", reference);
    xz_json_close(json, '}');
}

/* References to the libraries in this state, and to the subject for all the rest. */
static size_t put_references(struct xz_json *json, const struct xz_audit *audit,
                             enum state state, bool write)
{
    size_t libraries = 0;
    size_t written = 0;
    for (size_t i = 0; i < audit->component_count; i++) {
        const struct xz_component *c = &audit->components[i];
        if (!is_library(c))
            continue;
        libraries++;
        if (state_of(verdict_on(audit, c)) != state)
            continue;
        char *reference = xz_store_printf("library-%zu", i);
        if (write)
            put_reference(json, reference);
        free(reference);
        written++;
    }
    enum xz_verdict rest =
        libraries == 0 ? xz_audit_verdict(audit) : verdict_on_rest(audit);
    if ((libraries == 0 || rest > XZ_VERDICT_CLEAN) && state_of(rest) == state) {
        if (write)
            put_reference(json, "subject");
        written++;
    }
    return written;
}

static void put_vulnerability(struct xz_json *json, const struct xz_audit *audit,
                              enum state state)
{
    char *detail = xz_store_printf(
        "xz-audit %s looked at the content with %zu rules (sha256 %s), each of which "
        "had "
        "fired in a self-test before. Byte patterns of the implant, import of "
        "__tls_get_addr without thread-local storage, IFUNC resolvers that call out: "
        "%s.",
        XZ_AUDIT_VERSION, audit->rules->count, audit->rules->digest,
        state == NOT_AFFECTED ? "none was found"
        : state == IN_TRIAGE  ? "the findings have to be looked at by people"
                              : "found");
    xz_json_open(json, NULL, '{');
    xz_json_text(json, "id", "CVE-2024-3094");
    xz_json_open(json, "source", '{');
    xz_json_text(json, "name", "NVD");
    xz_json_text(json, "url", "https://nvd.nist.gov/vuln/detail/CVE-2024-3094");
    xz_json_close(json, '}');
    xz_json_open(json, "analysis", '{');
    xz_json_text(json, "state", state_names[state]);
    if (state == NOT_AFFECTED)
        xz_json_text(json, "justification", "code_not_present");
    xz_json_text(json, "detail", detail);
    xz_json_close(json, '}');
    xz_json_open(json, "affects", '[');
    (void)put_references(json, audit, state, true);
    xz_json_close(json, ']');
    xz_json_close(json, '}');
    free(detail);
}

void xz_report_vex(const struct xz_audit *audit, const char *host, struct xz_text *out)
{
    struct xz_json json;
    xz_json_begin(&json, out);
    xz_json_open(&json, NULL, '{');
    xz_json_text(&json, "bomFormat", "CycloneDX");
    xz_json_text(&json, "specVersion", "1.5");
    xz_json_number(&json, "version", 1);
    xz_json_open(&json, "metadata", '{');
    xz_json_open(&json, "tools", '{');
    xz_json_open(&json, "components", '[');
    xz_json_open(&json, NULL, '{');
    xz_json_text(&json, "type", "application");
    xz_json_text(&json, "name", "xz-audit");
    xz_json_text(&json, "version", XZ_AUDIT_VERSION);
    xz_json_close(&json, '}');
    xz_json_close(&json, ']');
    xz_json_close(&json, '}');
    xz_json_open(&json, "component", '{');
    xz_json_text(&json, "type",
                 strcmp(audit->mode, "host") == 0 ? "operating-system" : "file");
    xz_json_text(&json, "bom-ref", "subject");
    xz_json_text(&json, "name", *host != '\0' ? host : audit->subject);
    xz_json_close(&json, '}');
    xz_json_close(&json, '}');
    xz_json_open(&json, "components", '[');
    for (size_t i = 0; i < audit->component_count; i++) {
        if (is_library(&audit->components[i]))
            put_component(&json, &audit->components[i], i);
    }
    xz_json_close(&json, ']');
    xz_json_open(&json, "vulnerabilities", '[');
    for (int state = 0; state < STATES; state++) {
        if (put_references(&json, audit, (enum state)state, false) > 0)
            put_vulnerability(&json, audit, (enum state)state);
    }
    xz_json_close(&json, ']');
    xz_json_close(&json, '}');
}
