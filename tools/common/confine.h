// SPDX-License-Identifier: 0BSD
// Gives up rights that the rest of the work does not need: Landlock and seccomp.

#ifndef XZ_TOOLS_CONFINE_H
#define XZ_TOOLS_CONFINE_H

#include <stdbool.h>

/* What this thread and those that it starts may still do. Each includes the next. */
enum xz_confine_stage {
    XZ_CONFINE_FILES, // open, make and remove files
    XZ_CONFINE_READ,  // open files for reading
    XZ_CONFINE_STRICT // use what is open
};

/* Room for xz_confine.text */
#define XZ_CONFINE_TEXT_SIZE 160

/* What holds the process; all zeros before the first xz_confine_enter() */
struct xz_confine {
    int landlock; // version that the kernel has and is used, 0: none
    bool seccomp;
    bool entered;
    enum xz_confine_stage stage; // as far as Landlock holds
    char text[XZ_CONFINE_TEXT_SIZE];
};

/*
 * Give up everything beyond a stage. What the kernel lacks is left out; confine->text
 * says in words what holds now. Call it before threads are started; it may be called
 * again with a narrower stage.
 */
void xz_confine_enter(struct xz_confine *confine, enum xz_confine_stage stage);

/* In confine.c, for the systems: write confine->text; `why` if Landlock is missing. */
void xz_confine_describe(struct xz_confine *confine, const char *why);

#endif
