// SPDX-License-Identifier: 0BSD
// The report as JSON; docs/audit-schema.json describes it.

#include "../common/system.h"

#include "audit_report.h"
#include "json_write.h"

static void put_finding(struct xz_json *json, const struct xz_finding *f)
{
    xz_json_open(json, NULL, '{');
    xz_json_text(json, "rule", f->rule->id);
    xz_json_text(json, "level", xz_level_name(f->level));
    xz_json_text(json, "title", f->rule->title);
    xz_json_text(json, "object", f->object);
    if (f->has_offset)
        xz_json_number(json, "offset", f->offset);
    if (f->where[0] != '\0')
        xz_json_text(json, "where", f->where);
    if (f->evidence[0] != '\0')
        xz_json_text(json, "evidence", f->evidence);
    xz_json_text(json, "why", f->rule->why);
    xz_json_text(json, "do", f->rule->action);
    xz_json_text(json, "source", f->rule->source);
    xz_json_close(json, '}');
}

static void put_component(struct xz_json *json, const struct xz_component *c)
{
    xz_json_open(json, NULL, '{');
    xz_json_text(json, "kind", c->kind);
    xz_json_text(json, "object", c->object);
    if (c->version[0] != '\0')
        xz_json_text(json, "version", c->version);
    if (c->sha256[0] != '\0')
        xz_json_text(json, "sha256", c->sha256);
    if (c->note[0] != '\0')
        xz_json_text(json, "note", c->note);
    xz_json_close(json, '}');
}

static void put_head(struct xz_json *json, const struct xz_audit *audit,
                     const char *host)
{
    xz_json_text(json, "schema", "xz-audit/1");
    xz_json_text(json, "version", XZ_AUDIT_VERSION);
    xz_json_text(json, "host", host);
    xz_json_text(json, "mode", audit->mode);
    xz_json_text(json, "subject", audit->subject);
    xz_json_text(json, "verdict", xz_verdict_name(xz_audit_verdict(audit)));
    xz_json_number(json, "exit_status", (uint64_t)xz_audit_exit_status(audit));
    xz_json_text(json, "sandbox", audit->sandbox);
    xz_json_bool(json, "complete", audit->gap_count == 0);
    xz_json_open(json, "rules", '{');
    xz_json_number(json, "count", audit->rules->count);
    xz_json_text(json, "sha256", audit->rules->digest);
    xz_json_open(json, "files", '[');
    for (size_t i = 0; i < audit->rules->files.count; i++)
        xz_json_text(json, NULL, audit->rules->files.at[i]);
    xz_json_close(json, ']');
    xz_json_bool(json, "self_test_passed", audit->self_test_done);
    xz_json_number(json, "self_test_cases", audit->self_test_cases);
    xz_json_close(json, '}');
}

void xz_report_json(const struct xz_audit *audit, const char *host, struct xz_text *out)
{
    struct xz_json json;
    xz_json_begin(&json, out);
    xz_json_open(&json, NULL, '{');
    put_head(&json, audit, host);
    xz_json_open(&json, "looked_at", '{');
    xz_json_number(&json, "files", audit->counts.files);
    xz_json_number(&json, "bytes", audit->counts.bytes);
    xz_json_number(&json, "elf", audit->counts.elf);
    xz_json_number(&json, "archives", audit->counts.archives);
    xz_json_number(&json, "packages", audit->counts.packages);
    xz_json_number(&json, "processes", audit->counts.processes);
    xz_json_close(&json, '}');
    xz_json_open(&json, "findings", '[');
    for (size_t i = 0; i < audit->finding_count; i++)
        put_finding(&json, &audit->findings[i]);
    xz_json_close(&json, ']');
    xz_json_open(&json, "not_looked_at", '[');
    for (size_t i = 0; i < audit->gap_count; i++) {
        xz_json_open(&json, NULL, '{');
        xz_json_text(&json, "object", audit->gaps[i].object);
        xz_json_text(&json, "reason", audit->gaps[i].reason);
        xz_json_close(&json, '}');
    }
    xz_json_close(&json, ']');
    xz_json_open(&json, "components", '[');
    for (size_t i = 0; i < audit->component_count; i++)
        put_component(&json, &audit->components[i]);
    xz_json_close(&json, ']');
    xz_json_close(&json, '}');
}
