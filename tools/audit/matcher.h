// SPDX-License-Identifier: 0BSD
// Searches many byte patterns with gaps in one pass over a file.

#ifndef XZ_AUDIT_MATCHER_H
#define XZ_AUDIT_MATCHER_H

#include "rule.h"

struct xz_matcher;

/* A hit: pattern number `pattern` of `rule` begins at `offset`. */
typedef void xz_matcher_hit(void *opaque, const struct xz_rule *rule, size_t pattern,
                            size_t offset);

/*
 * A matcher for the rules of kind BYTES whose scope is in `scopes`, a bit (1 << scope)
 * each. The rules must outlive it. One without patterns matches nothing.
 */
struct xz_matcher *xz_matcher_new(const struct xz_rule_set *set, unsigned scopes);

/* Report all hits in data, in the order of their anchors. */
void xz_matcher_run(const struct xz_matcher *matcher, const uint8_t *data, size_t size,
                    xz_matcher_hit *hit, void *opaque);

void xz_matcher_free(struct xz_matcher *matcher);

#endif
