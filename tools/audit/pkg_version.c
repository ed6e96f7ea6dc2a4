// SPDX-License-Identifier: 0BSD
// Versions of packages: their order, and whether one is meant by a list of a rule.

#include "../common/system.h"

#include "pkg_version.h"

#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Compare two runs of digits as numbers of any length; the texts move behind them. */
static int compare_numbers(const char **a, const char **b)
{
    while (**a == '0')
        ++*a;
    while (**b == '0')
        ++*b;
    size_t size_a = strspn(*a, "0123456789");
    size_t size_b = strspn(*b, "0123456789");
    int order = size_a != size_b ? (size_a < size_b ? -1 : 1) : memcmp(*a, *b, size_a);
    *a += size_a;
    *b += size_b;
    return order;
}

/* Weight of a character where there is no number: '~' before the end before letters. */
static int debian_weight(char c)
{
    if (c == '~')
        return -1;
    if (c == '\0' || is_digit(c))
        return 0;
    return is_letter(c) ? (unsigned char)c : (unsigned char)c + 256;
}

/*
 * Upstream version or revision, up to `end` characters (which are copied out before).
 */
static int compare_debian_part(const char *a, const char *b)
{
    while (*a != '\0' || *b != '\0') {
        while ((*a != '\0' && !is_digit(*a)) || (*b != '\0' && !is_digit(*b))) {
            int order = debian_weight(*a) - debian_weight(*b);
            if (order != 0)
                return order;
            a += *a != '\0';
            b += *b != '\0';
        }
        int order = compare_numbers(&a, &b);
        if (order != 0)
            return order;
    }
    return 0;
}

/* The revision stands behind the last '-'. */
static int compare_debian(const char *a, const char *b)
{
    const char *revision_a = strrchr(a, '-');
    const char *revision_b = strrchr(b, '-');
    char *upstream_a =
        xz_store_bytes(a, revision_a != NULL ? (size_t)(revision_a - a) : strlen(a));
    char *upstream_b =
        xz_store_bytes(b, revision_b != NULL ? (size_t)(revision_b - b) : strlen(b));
    int order = compare_debian_part(upstream_a, upstream_b);
    if (order == 0)
        order = compare_debian_part(revision_a != NULL ? revision_a + 1 : "",
                                    revision_b != NULL ? revision_b + 1 : "");
    free(upstream_a);
    free(upstream_b);
    return order;
}

/* Length of the run of letters. */
static size_t letters(const char *text)
{
    size_t size = 0;
    while (is_letter(text[size]))
        size++;
    return size;
}

/* rpm: runs of digits or letters; numbers are newer than letters, '~' is older. */
static int compare_rpm(const char *a, const char *b)
{
    for (;;) {
        while (*a != '\0' && *a != '~' && !is_digit(*a) && !is_letter(*a))
            a++;
        while (*b != '\0' && *b != '~' && !is_digit(*b) && !is_letter(*b))
            b++;
        if (*a == '~' || *b == '~') {
            if (*a != *b)
                return *a == '~' ? -1 : 1;
            a++;
            b++;
            continue;
        }
        if (*a == '\0' || *b == '\0')
            return *a == *b ? 0 : *a == '\0' ? -1 : 1;
        if (is_digit(*a) != is_digit(*b))
            return is_digit(*a) ? 1 : -1;
        int order = 0;
        if (is_digit(*a)) {
            order = compare_numbers(&a, &b);
        } else {
            size_t size_a = letters(a);
            size_t size_b = letters(b);
            order = memcmp(a, b, size_a < size_b ? size_a : size_b);
            if (order == 0 && size_a != size_b)
                order = size_a < size_b ? -1 : 1;
            a += size_a;
            b += size_b;
        }
        if (order != 0)
            return order;
    }
}

int xz_version_compare(const char *system, const char *a, const char *b)
{
    return strcmp(system, "dpkg") == 0 ? compare_debian(a, b) : compare_rpm(a, b);
}

static bool in_range(const char *system, const char *word, const char *dots,
                     const char *version)
{
    char *first = xz_store_bytes(word, (size_t)(dots - word));
    bool inside = xz_version_compare(system, first, version) <= 0
                  && xz_version_compare(system, version, dots + 2) <= 0;
    free(first);
    return inside;
}

static bool meant(const char *system, const char *word, const char *version)
{
    const char *dots = strstr(word, "..");
    if (strncmp(word, ">=", 2) == 0)
        return xz_version_compare(system, version, word + 2) >= 0;
    if (strncmp(word, "<=", 2) == 0)
        return xz_version_compare(system, version, word + 2) <= 0;
    if (dots != NULL)
        return in_range(system, word, dots, version);
    return xz_glob_match(word, version);
}

bool xz_version_listed(const char *system, const struct xz_words *words,
                       const char *version)
{
    size_t digits = strspn(version, "0123456789");
    if (digits > 0 && version[digits] == ':')
        version += digits + 1;
    for (size_t i = 0; i < words->count; i++) {
        if (meant(system, words->at[i], version))
            return true;
    }
    return false;
}
