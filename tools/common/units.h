// SPDX-License-Identifier: 0BSD
// Sizes, ratios, times and memory amounts as text; integers with suffixes from text.

#ifndef XZ_TOOLS_UNITS_H
#define XZ_TOOLS_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Powers of 1024 */
enum xz_unit { XZ_UNIT_B, XZ_UNIT_KIB, XZ_UNIT_MIB, XZ_UNIT_GIB, XZ_UNIT_TIB };

/* Room for any text of this header, the final null byte included */
#define XZ_UNIT_TEXT_SIZE 64

/*
 * A size in the smallest unit, not below `least`, in which it is below 10000:
 * "8893 B", "62.6 KiB". All functions that fill `out` return it.
 */
const char *xz_size_text(uint64_t bytes, enum xz_unit least,
                         char out[XZ_UNIT_TEXT_SIZE]);

/* The same with the exact amount behind it: "62.6 KiB (64088 B)". */
const char *xz_size_text_exact(uint64_t bytes, char out[XZ_UNIT_TEXT_SIZE]);

/* A number in groups of three digits: "1,048,576". */
const char *xz_grouped_text(uint64_t number, char out[XZ_UNIT_TEXT_SIZE]);

/* Compressed by uncompressed, "0.107"; "---" above 9.999 or if nothing to divide by. */
const char *xz_ratio_text(uint64_t compressed, uint64_t uncompressed,
                          char out[XZ_UNIT_TEXT_SIZE]);

/* Whole MiB, rounded up: "94 MiB". */
const char *xz_mib_text(uint64_t bytes, char out[XZ_UNIT_TEXT_SIZE]);

/* An amount of memory: whole MiB, but bytes if it is below one MiB. */
const char *xz_memory_text(uint64_t bytes, char out[XZ_UNIT_TEXT_SIZE]);

/* Elapsed time, "M:SS" or "H:MM:SS". */
const char *xz_clock_text(uint64_t seconds, char out[XZ_UNIT_TEXT_SIZE]);

/* An estimate of remaining time, two units at most and no colon: "2 min 30 s". */
const char *xz_estimate_text(uint64_t seconds, char out[XZ_UNIT_TEXT_SIZE]);

/*
 * A decimal integer with an optional suffix: k, m, g in either case, then optionally
 * "i", "B" or "iB", all powers of 1024. "max" is the greatest value allowed. Blanks
 * before the digits are passed over: some systems' wc(1) writes them.
 *
 * Returns NULL on success. Otherwise what is wrong, a constant string, and *ret_value
 * is untouched.
 */
const char *xz_number_parse(const char *text, uint64_t min, uint64_t max,
                            uint64_t *ret_value);

#endif
