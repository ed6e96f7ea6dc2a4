// SPDX-License-Identifier: 0BSD
// Searches many byte patterns with gaps in one pass: the algorithm of Wu and Manber.

/*
 * S. Wu, U. Manber, "A fast algorithm for multi-pattern searching", TR-94-17,
 * University of Arizona, 1994, with blocks of two bytes.
 *
 * Each pattern is represented by an anchor: W fixed bytes of it that follow each other,
 * where W is the same for all, at most 16. A window of W bytes moves over the data. The
 * last two bytes of the window tell, by a table, how far it can move without missing an
 * anchor; most pairs occur in no anchor and move it by W - 1. Where the table says 0,
 * the anchors that end with this pair are compared, then their whole patterns with the
 * gaps.
 *
 *     data      . . . . . . . . . . . . . .
 *     window        [ W bytes . . x y ]        shift[x y] > 0: move on
 *
 * The cost is near one look for W - 1 bytes; two megabytes of patterns are not
 * expected.
 */

#include "../common/system.h"

#include "matcher.h"

#include <stdlib.h>
#include <string.h>

#define PAIRS      65536
#define WINDOW_MAX 16

struct anchor {
    const struct xz_rule *rule;
    const struct xz_pattern *pattern;
    size_t number; // of the pattern in its rule
    size_t start;  // where the window lies in the pattern
    size_t next;   // position + 1 of the next anchor with the same last pair; 0: none
};

struct xz_matcher {
    struct anchor *anchors;
    size_t count;
    size_t room;
    size_t window;         // W, 2 or more; 0: no patterns
    uint8_t shift[PAIRS];  // how far to move
    uint16_t first[PAIRS]; // position + 1 of the first anchor with this pair; 0: none
};

/* The longest run of fixed bytes: its length, and where it starts. */
static size_t longest_run(const struct xz_pattern *pattern, size_t *ret_start)
{
    size_t best = 0;
    size_t run = 0;
    for (size_t i = 0; i < pattern->size; i++) {
        run = pattern->mask[i] != 0 ? run + 1 : 0;
        if (run > best) {
            best = run;
            *ret_start = i + 1 - run;
        }
    }
    return best;
}

static size_t pair(const uint8_t *at)
{
    return (size_t)(at[0] | at[1] << 8);
}

static void add_rule(struct xz_matcher *m, const struct xz_rule *rule)
{
    for (size_t i = 0; i < rule->pattern_count && m->count < UINT16_MAX - 1; i++) {
        m->anchors =
            xz_store_grow(m->anchors, m->count, &m->room, sizeof(struct anchor));
        struct anchor *anchor = &m->anchors[m->count++];
        *anchor =
            (struct anchor){.rule = rule, .pattern = &rule->patterns[i], .number = i};
        size_t run = longest_run(anchor->pattern, &anchor->start);
        if (m->window == 0 || run < m->window)
            m->window = run;
    }
}

/* Patterns have 8 fixed bytes or more, yet perhaps no two of them side by side. */
static void fill_tables(struct xz_matcher *m)
{
    if (m->window > WINDOW_MAX)
        m->window = WINDOW_MAX;
    memset(m->shift, (int)(m->window < 2 ? 1 : m->window - 1), sizeof(m->shift));
    for (size_t i = 0; i < m->count && m->window >= 2; i++) {
        struct anchor *anchor = &m->anchors[i];
        const uint8_t *bytes = anchor->pattern->bytes + anchor->start;
        for (size_t k = 0; k + 2 <= m->window; k++) {
            uint8_t *shift = &m->shift[pair(bytes + k)];
            if (m->window - 2 - k < *shift)
                *shift = (uint8_t)(m->window - 2 - k);
        }
        uint16_t *first = &m->first[pair(bytes + m->window - 2)];
        anchor->next = *first;
        *first = (uint16_t)(i + 1);
    }
}

struct xz_matcher *xz_matcher_new(const struct xz_rule_set *set, unsigned scopes)
{
    struct xz_matcher *m = xz_store_new(sizeof(*m));
    for (size_t i = 0; i < set->count; i++) {
        const struct xz_rule *rule = &set->rules[i];
        if (rule->kind == XZ_RULE_BYTES && (scopes >> rule->scope & 1) != 0)
            add_rule(m, rule);
    }
    fill_tables(m);
    return m;
}

static bool fits(const struct xz_pattern *pattern, const uint8_t *at)
{
    for (size_t i = 0; i < pattern->size; i++) {
        if (((at[i] ^ pattern->bytes[i]) & pattern->mask[i]) != 0)
            return false;
    }
    return true;
}

/* The window begins at `pos`; try an anchor there. */
static void try_anchor(const struct anchor *anchor, const uint8_t *data, size_t size,
                       size_t pos, xz_matcher_hit *hit, void *opaque)
{
    if (pos < anchor->start || size - (pos - anchor->start) < anchor->pattern->size)
        return;
    size_t offset = pos - anchor->start;
    if (fits(anchor->pattern, data + offset))
        hit(opaque, anchor->rule, anchor->number, offset);
}

/*
 * A user's pattern without two fixed bytes side by side makes the search a plain one.
 */
static void run_plain(const struct xz_matcher *m, const uint8_t *data, size_t size,
                      xz_matcher_hit *hit, void *opaque)
{
    for (size_t pos = 0; pos < size; pos++) {
        for (size_t i = 0; i < m->count; i++)
            try_anchor(&m->anchors[i], data, size, pos, hit, opaque);
    }
}

void xz_matcher_run(const struct xz_matcher *m, const uint8_t *data, size_t size,
                    xz_matcher_hit *hit, void *opaque)
{
    if (m->count == 0 || size < m->window)
        return;
    if (m->window < 2) {
        run_plain(m, data, size, hit, opaque);
        return;
    }
    size_t pos = 0;
    while (pos <= size - m->window) {
        size_t last = pair(data + pos + m->window - 2);
        size_t shift = m->shift[last];
        if (shift == 0) {
            for (size_t i = m->first[last]; i != 0; i = m->anchors[i - 1].next)
                try_anchor(&m->anchors[i - 1], data, size, pos, hit, opaque);
            shift = 1;
        }
        pos += shift;
    }
}

void xz_matcher_free(struct xz_matcher *m)
{
    if (m != NULL)
        free(m->anchors);
    free(m);
}
