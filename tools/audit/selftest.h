// SPDX-License-Identifier: 0BSD
// Proves before an audit that every rule fires where it should and not beside it.

#ifndef XZ_AUDIT_SELFTEST_H
#define XZ_AUDIT_SELFTEST_H

#include "audit.h"

/*
 * Run each rule on something made for it, and on something near it. Returns the number
 * of cases; *error gets a line for each that went wrong and is empty if all is well.
 */
size_t xz_selftest(const struct xz_rule_set *rules, struct xz_text *error);

/*
 * Make an ELF file (never one that runs) from a recipe of words:
 *
 *     dyn | rel | data            a library, an object, or plain bytes
 *     soname=X needed=X audit=X   entries of the dynamic section
 *     import=X export=X           symbols
 *     ifunc=X:HOW                 with a resolver that has CPUID itself (cpuid), in a
 *                                 helper (helper), or calls other code (call)
 *     reloc=N tls rwx textrel     a relocation of that type; properties
 *     code=X rodata=X             content: a text, or the pattern of a rule (@ID)
 *     sections=N section=X        of an object: how many, and the name of one
 *
 * False if the recipe has another word. The result replaces *ret.
 */
bool xz_selftest_make_elf(const struct xz_rule_set *rules, const char *recipe,
                          struct xz_text *ret);

#endif
