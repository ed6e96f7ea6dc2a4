// SPDX-License-Identifier: 0BSD
// Programs for seccomp that tell calls on a list from all others; Linux only.

#ifndef XZ_TOOLS_SECCOMP_H
#define XZ_TOOLS_SECCOMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sock_filter;

/* Room that the two functions need, besides an instruction for each call of the list */
#define XZ_SECCOMP_ROOM 8

/*
 * Begin a program: a call by the number of another machine ends the process; the number
 * of the call is loaded. Returns the count of instructions; 0 if it is not known how
 * this machine numbers its calls.
 */
unsigned short xz_seccomp_begin(struct sock_filter *code);

/*
 * End a program with `count` instructions: to calls on the list, 255 at most, the
 * answer is `listed`, to all others `others`, both SECCOMP_RET_*. Then enter it, for
 * good, for this thread and those that it starts. False if the kernel refuses.
 */
bool xz_seccomp_enter(struct sock_filter *code, unsigned short count,
                      const uint16_t *list, size_t list_size, uint32_t listed,
                      uint32_t others);

#endif
