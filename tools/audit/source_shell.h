// SPDX-License-Identifier: 0BSD
// What a line of a script does, as far as the order of its words tells.
#ifndef XZ_AUDIT_SOURCE_SHELL_H
#define XZ_AUDIT_SOURCE_SHELL_H

#include <stdbool.h>

/* Options of a command that are looked at, one after the other. */
#define XZ_SHELL_OPTIONS 16

/* Letters, digits and the underscore. */
bool xz_shell_is_word(char c);

/* The next place where `word` stands by itself, at or behind `at`; NULL: none. */
const char *xz_shell_find(const char *text, const char *at, const char *word);

/*
 * The first command at or behind `at` that can make text of what is none, with options
 * that make it do so; NULL: none.
 */
const char *xz_shell_decoder(const char *text, const char *at);

/* The '|' that leads into a shell or the like, at or behind `at`; NULL: none. */
const char *xz_shell_pipe(const char *at);

/*
 * True if the line runs what a command substitution with a decoder gives:
 * eval "$(D)", sh -c "`D`", . <(D), sh <<<"$(D)"; or Python's exec(decode(...)).
 */
bool xz_shell_runs_decoded(const char *line);

/* True if the line is a comment: of a shell, make, m4, CMake, Python. */
bool xz_shell_is_comment(const char *line);

#endif
