// SPDX-License-Identifier: 0BSD
// Numbers for people: sizes, ratios and times as text, and integers from text.

#include "system.h"

#include "units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const unit_names[] = {"B", "KiB", "MiB", "GiB", "TiB"};

#define MIB (UINT64_C(1) << 20)

/* The greatest numbers shown before the next unit is taken */
#define BYTES_MAX  9999
#define AMOUNT_MAX 9999.9

/* Bytes are counted exactly; greater units have one decimal. */
const char *xz_size_text(uint64_t bytes, enum xz_unit least,
                         char out[XZ_UNIT_TEXT_SIZE])
{
    if (least == XZ_UNIT_B && bytes <= BYTES_MAX) {
        snprintf(out, XZ_UNIT_TEXT_SIZE, "%" PRIu64 " B", bytes);
        return out;
    }
    unsigned unit = XZ_UNIT_B;
    double amount = (double)bytes;
    do {
        amount /= 1024.0;
        unit++;
    } while (unit < (unsigned)least || (amount > AMOUNT_MAX && unit < XZ_UNIT_TIB));
    snprintf(out, XZ_UNIT_TEXT_SIZE, "%.1f %s", amount, unit_names[unit]);
    return out;
}

const char *xz_size_text_exact(uint64_t bytes, char out[XZ_UNIT_TEXT_SIZE])
{
    xz_size_text(bytes, XZ_UNIT_B, out);
    if (bytes > BYTES_MAX) {
        size_t used = strlen(out);
        snprintf(out + used, XZ_UNIT_TEXT_SIZE - used, " (%" PRIu64 " B)", bytes);
    }
    return out;
}

/* From the last digit to the first. */
const char *xz_grouped_text(uint64_t number, char out[XZ_UNIT_TEXT_SIZE])
{
    char backwards[XZ_UNIT_TEXT_SIZE];
    size_t length = 0;
    size_t digits = 0;
    do {
        if (digits > 0 && digits % 3 == 0)
            backwards[length++] = ',';
        backwards[length++] = (char)('0' + number % 10);
        number /= 10;
        digits++;
    } while (number > 0);
    for (size_t i = 0; i < length; i++)
        out[i] = backwards[length - 1 - i];
    out[length] = '\0';
    return out;
}

/* Nothing compressed to something has no ratio. */
const char *xz_ratio_text(uint64_t compressed, uint64_t uncompressed,
                          char out[XZ_UNIT_TEXT_SIZE])
{
    double ratio = uncompressed > 0 ? (double)compressed / (double)uncompressed : 10.0;
    if (ratio > 9.999)
        snprintf(out, XZ_UNIT_TEXT_SIZE, "---");
    else
        snprintf(out, XZ_UNIT_TEXT_SIZE, "%.3f", ratio);
    return out;
}

const char *xz_mib_text(uint64_t bytes, char out[XZ_UNIT_TEXT_SIZE])
{
    uint64_t count = bytes / MIB + (bytes % MIB != 0);
    snprintf(out, XZ_UNIT_TEXT_SIZE, "%" PRIu64 " MiB", count);
    return out;
}

const char *xz_memory_text(uint64_t bytes, char out[XZ_UNIT_TEXT_SIZE])
{
    if (bytes >= MIB)
        return xz_mib_text(bytes, out);
    snprintf(out, XZ_UNIT_TEXT_SIZE, "%" PRIu64 " B", bytes);
    return out;
}

const char *xz_clock_text(uint64_t seconds, char out[XZ_UNIT_TEXT_SIZE])
{
    unsigned second = (unsigned)(seconds % 60);
    unsigned minute = (unsigned)(seconds / 60 % 60);
    uint64_t hours = seconds / 3600;
    if (hours > 0)
        snprintf(out, XZ_UNIT_TEXT_SIZE, "%" PRIu64 ":%02u:%02u", hours, minute,
                 second);
    else
        snprintf(out, XZ_UNIT_TEXT_SIZE, "%u:%02u", minute, second);
    return out;
}

/* Seconds of a time that is hours away would pretend to know more than anybody does. */
const char *xz_estimate_text(uint64_t seconds, char out[XZ_UNIT_TEXT_SIZE])
{
    uint64_t minutes = seconds / 60;
    uint64_t hours = minutes / 60;
    if (hours >= 24)
        snprintf(out, XZ_UNIT_TEXT_SIZE, "%" PRIu64 " d %u h", hours / 24,
                 (unsigned)(hours % 24));
    else if (hours > 0)
        snprintf(out, XZ_UNIT_TEXT_SIZE, "%" PRIu64 " h %u min", hours,
                 (unsigned)(minutes % 60));
    else if (minutes >= 10)
        snprintf(out, XZ_UNIT_TEXT_SIZE, "%" PRIu64 " min", minutes);
    else if (minutes > 0)
        snprintf(out, XZ_UNIT_TEXT_SIZE, "%" PRIu64 " min %u s", minutes,
                 (unsigned)(seconds % 60));
    else
        snprintf(out, XZ_UNIT_TEXT_SIZE, "%" PRIu64 " s", seconds);
    return out;
}

/* The shift that a suffix means, 0 for an empty one, or -1. */
static int suffix_shift(const char *suffix)
{
    if (suffix[0] == '\0')
        return 0;
    static const char letters[] = "kKmMgG";
    const char *letter = strchr(letters, suffix[0]);
    if (letter == NULL)
        return -1;
    const char *rest = suffix + 1;
    if (strcmp(rest, "") != 0 && strcmp(rest, "i") != 0 && strcmp(rest, "B") != 0
        && strcmp(rest, "iB") != 0)
        return -1;
    return ((int)(letter - letters) / 2 + 1) * 10;
}

/* No sign, no hexadecimal, no other space: strtoull() would accept all of them. */
const char *xz_number_parse(const char *text, uint64_t min, uint64_t max,
                            uint64_t *ret_value)
{
    static const char too_big[] = "the value is too big";
    if (strcmp(text, "max") == 0) {
        *ret_value = max;
        return NULL;
    }
    text += strspn(text, " \t");
    if (text[0] < '0' || text[0] > '9')
        return "not a non-negative decimal integer";

    uint64_t value = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        uint64_t digit = (uint64_t)(*text - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return too_big;
        value = value * 10 + digit;
    }
    int shift = suffix_shift(text);
    if (shift < 0)
        return "unknown suffix; KiB (2^10), MiB (2^20) and GiB (2^30) are known";
    if (value > UINT64_MAX >> shift)
        return too_big;
    value <<= shift;
    if (value > max)
        return too_big;
    if (value < min)
        return "the value is too small";
    *ret_value = value;
    return NULL;
}
