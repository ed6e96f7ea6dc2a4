// SPDX-License-Identifier: 0BSD
// The command line of xz-audit as a struct.

#ifndef XZ_AUDIT_AUDIT_OPTIONS_H
#define XZ_AUDIT_AUDIT_OPTIONS_H

#include "store.h"

enum xz_command {
    XZ_COMMAND_NONE,
    XZ_COMMAND_HOST,
    XZ_COMMAND_FILE,
    XZ_COMMAND_SOURCE,
    XZ_COMMAND_ELF,
    XZ_COMMAND_SUMMARY,
    XZ_COMMAND_SELF_TEST,
    XZ_COMMAND_LIST_RULES,
    XZ_COMMAND_HELP,
    XZ_COMMAND_VERSION
};

enum xz_format { XZ_OUT_PEOPLE, XZ_OUT_JSON, XZ_OUT_SARIF, XZ_OUT_VEX, XZ_OUT_HTML };
enum xz_sandbox_use { XZ_USE_SANDBOX, XZ_NO_SANDBOX, XZ_REQUIRE_SANDBOX };

struct xz_audit_options {
    enum xz_command command;
    enum xz_format format;
    enum xz_sandbox_use sandbox;
    struct xz_words operands;
    char *subject;         // what is looked at, in a few words
    struct xz_words rules; // files of --rules
    const char *root;      // "/" unless set
    const char *proc;      // NULL: /proc if root is "/"; "none": do not look
    const char *git;
    const char *tag;
    const char *host; // name in reports; NULL: ask the system in mode host
    bool verbose, quiet, explain, baseline, progress, every_archive;
    uint64_t max_size, max_total, max_memory, max_time; // bytes, seconds
    unsigned max_depth;
};

/*
 * Read the command line. False, with a line in *error, if it is wrong. Texts point into
 * argv; xz_audit_options_free() frees the lists.
 */
bool xz_audit_options_parse(struct xz_audit_options *options, int argc,
                            char *const *argv, struct xz_text *error);
void xz_audit_options_free(struct xz_audit_options *options);

extern const char xz_audit_help[];

#endif
