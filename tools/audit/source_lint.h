// SPDX-License-Identifier: 0BSD
// What a single source file does that an attack through the sources would do.

/*
 * All functions are pure but for the findings they add, so that the self-test can run
 * them on the examples that stand in share/audit/sources.rules.
 */

#ifndef XZ_AUDIT_SOURCE_LINT_H
#define XZ_AUDIT_SOURCE_LINT_H

#include "audit.h"

/* True for files that a build reads as its instructions: by the name alone. */
bool xz_source_is_build_script(const char *path);

/* True for files that autotools put into a release and nobody keeps in a repository. */
bool xz_source_is_generated(const char *path);

/* True for what compilers and the like make: objects, libraries, classes, programs. */
bool xz_source_is_binary(const char *path, const uint8_t *data, size_t size);

/* True for a file with the name of a text whose bytes are as even as random ones. */
bool xz_source_is_noise(const char *path, const uint8_t *data, size_t size);

/*
 * Look at the text of a file: decoded data that is run, a search through the tree, a
 * probe that cannot succeed, encoded data. `path` is that in the tree.
 */
void xz_source_lint(struct xz_audit *audit, const char *object, const char *path,
                    const char *text, size_t size);

/*
 * Look for a build script's line that reads an opaque file. `name` is the file's name
 * without folders.
 */
void xz_source_lint_reads(struct xz_audit *audit, const char *object, const char *text,
                          const char *name);

/* True if an object file's name follows from that of a source, names of both given. */
bool xz_source_makes(const char *object_name, const char *source_name);

/*
 * A file of a release beside the repository: state is "same", "changed", "extra" or
 * "missing".
 */
void xz_source_judge_release(struct xz_audit *audit, const char *object,
                             const char *path, const char *state);

/* A probe's C source in build scripts (source_probe.c). */
void xz_source_lint_probes(struct xz_audit *audit, const char *object, const char *path,
                           const char *text);

#endif
