// SPDX-License-Identifier: 0BSD
// The rules files of share/audit, put into the program as they are.

/*
 * The assembler copies each file between two labels; nothing is generated. Patterns are
 * hex digits in these files, so that the program does not carry what it looks for and
 * virus scanners have no reason to stop it.
 */

#include "../common/system.h"

#include "rule.h"

// clang-format off
#define RULES_TEXT(label, path)                                                        \
    __asm__(".pushsection .rodata\n"                                                   \
            ".globl xz_rules_" label "\n"                                              \
            "xz_rules_" label ":\n"                                                    \
            ".incbin \"" path "\"\n"                                                   \
            ".globl xz_rules_" label "_end\n"                                          \
            "xz_rules_" label "_end:\n"                                                \
            ".byte 0\n"                                                                \
            ".popsection\n")
// clang-format on

RULES_TEXT("implant", "share/audit/implant.rules");
RULES_TEXT("packages", "share/audit/packages.rules");
RULES_TEXT("structure", "share/audit/structure.rules");
RULES_TEXT("sources", "share/audit/sources.rules");

extern const char xz_rules_implant[], xz_rules_implant_end[];
extern const char xz_rules_packages[], xz_rules_packages_end[];
extern const char xz_rules_structure[], xz_rules_structure_end[];
extern const char xz_rules_sources[], xz_rules_sources_end[];

const struct xz_rules_file xz_rules_files[] = {
    {"share/audit/implant.rules", xz_rules_implant, xz_rules_implant_end},
    {"share/audit/packages.rules", xz_rules_packages, xz_rules_packages_end},
    {"share/audit/structure.rules", xz_rules_structure, xz_rules_structure_end},
    {"share/audit/sources.rules", xz_rules_sources, xz_rules_sources_end},
};

const size_t xz_rules_file_count = sizeof(xz_rules_files) / sizeof(xz_rules_files[0]);
