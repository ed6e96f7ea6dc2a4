// SPDX-License-Identifier: 0BSD
// The report as SARIF 2.1.0, which code hosts and editors show beside the files.

#include "../common/system.h"

#include "audit_report.h"
#include "json_write.h"

#include <stdlib.h>
#include <string.h>

static const char *sarif_level(enum xz_level level)
{
    static const char *const names[] = {
        [XZ_LEVEL_INFO] = "note",         [XZ_LEVEL_UNKNOWN] = "note",
        [XZ_LEVEL_AFFECTED] = "warning",  [XZ_LEVEL_SUSPICIOUS] = "warning",
        [XZ_LEVEL_MANIPULATED] = "error",
    };
    return names[level];
}

/* A path as a relative or absolute URI (RFC 3986): other bytes become %HH. */
static char *uri_of(const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~/!$&'()*+,;=@";
    struct xz_text out = {0};
    for (; *path != '\0'; path++) {
        if (strchr(plain, *path) != NULL)
            xz_text_add(&out, path, 1);
        else
            xz_text_printf(&out, "%%%02X", (unsigned char)*path);
    }
    return xz_text_take(&out);
}

static void put_message(struct xz_json *json, const char *key, const char *text)
{
    xz_json_open(json, key, '{');
    xz_json_text(json, "text", text);
    xz_json_close(json, '}');
}

static void put_location(struct xz_json *json, const char *object, uint64_t line,
                         bool has_offset, uint64_t offset)
{
    char *uri = uri_of(object);
    xz_json_open(json, "locations", '[');
    xz_json_open(json, NULL, '{');
    xz_json_open(json, "physicalLocation", '{');
    xz_json_open(json, "artifactLocation", '{');
    xz_json_text(json, "uri", uri);
    xz_json_close(json, '}');
    if (line > 0 || has_offset) {
        xz_json_open(json, "region", '{');
        if (line > 0)
            xz_json_number(json, "startLine", line);
        else
            xz_json_number(json, "byteOffset", offset);
        xz_json_close(json, '}');
    }
    xz_json_close(json, '}');
    xz_json_close(json, '}');
    xz_json_close(json, ']');
    free(uri);
}

static void put_rules(struct xz_json *json, const struct xz_rule_set *set)
{
    xz_json_open(json, "rules", '[');
    for (size_t i = 0; i < set->count; i++) {
        const struct xz_rule *rule = &set->rules[i];
        xz_json_open(json, NULL, '{');
        xz_json_text(json, "id", rule->id);
        put_message(json, "shortDescription", rule->title);
        put_message(json, "fullDescription", rule->why);
        put_message(json, "help", rule->action);
        xz_json_text(json, "helpUri", rule->source);
        xz_json_open(json, "defaultConfiguration", '{');
        xz_json_text(json, "level", sarif_level(rule->level));
        xz_json_close(json, '}');
        xz_json_close(json, '}');
    }
    xz_json_close(json, ']');
}

static void put_results(struct xz_json *json, const struct xz_audit *audit)
{
    xz_json_open(json, "results", '[');
    for (size_t i = 0; i < audit->finding_count; i++) {
        const struct xz_finding *f = &audit->findings[i];
        char *text =
            xz_store_printf("%s (%s)%s%s%s%s", f->rule->title, xz_level_name(f->level),
                            f->where[0] != '\0' ? ", " : "", f->where,
                            f->evidence[0] != '\0' ? ": " : "", f->evidence);
        uint64_t line =
            strncmp(f->where, "line ", 5) == 0 ? strtoull(f->where + 5, NULL, 10) : 0;
        xz_json_open(json, NULL, '{');
        xz_json_text(json, "ruleId", f->rule->id);
        xz_json_number(json, "ruleIndex", (uint64_t)(f->rule - audit->rules->rules));
        xz_json_text(json, "level", sarif_level(f->level));
        put_message(json, "message", text);
        put_location(json, f->object, line, f->has_offset, f->offset);
        xz_json_close(json, '}');
        free(text);
    }
    xz_json_close(json, ']');
}

/* What could not be looked at is a notification: no result, and not nothing. */
static void put_invocation(struct xz_json *json, const struct xz_audit *audit)
{
    xz_json_open(json, "invocations", '[');
    xz_json_open(json, NULL, '{');
    xz_json_bool(json, "executionSuccessful", true);
    xz_json_number(json, "exitCode", (uint64_t)xz_audit_exit_status(audit));
    xz_json_text(json, "exitCodeDescription", xz_verdict_name(xz_audit_verdict(audit)));
    xz_json_open(json, "toolExecutionNotifications", '[');
    for (size_t i = 0; i < audit->gap_count; i++) {
        char *text = xz_store_printf("could not look: %s", audit->gaps[i].reason);
        xz_json_open(json, NULL, '{');
        xz_json_text(json, "level", "warning");
        put_message(json, "message", text);
        put_location(json, audit->gaps[i].object, 0, false, 0);
        xz_json_close(json, '}');
        free(text);
    }
    xz_json_close(json, ']');
    xz_json_close(json, '}');
    xz_json_close(json, ']');
}

void xz_report_sarif(const struct xz_audit *audit, struct xz_text *out)
{
    struct xz_json json;
    xz_json_begin(&json, out);
    xz_json_open(&json, NULL, '{');
    xz_json_text(&json, "$schema",
                 "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                 "sarif-schema-2.1.0.json");
    xz_json_text(&json, "version", "2.1.0");
    xz_json_open(&json, "runs", '[');
    xz_json_open(&json, NULL, '{');
    xz_json_open(&json, "tool", '{');
    xz_json_open(&json, "driver", '{');
    xz_json_text(&json, "name", "xz-audit");
    xz_json_text(&json, "version", XZ_AUDIT_VERSION);
    put_rules(&json, audit->rules);
    xz_json_close(&json, '}');
    xz_json_close(&json, '}');
    put_invocation(&json, audit);
    put_results(&json, audit);
    xz_json_close(&json, '}');
    xz_json_close(&json, ']');
    xz_json_close(&json, '}');
}
