// SPDX-License-Identifier: 0BSD
// Makes and enters seccomp programs: instructions of the kernel's packet filter.

/*
 * Numbers of calls are compared with those of the list one after the other; each
 * comparison jumps over the rest of the list and the answer for others:
 *
 *     is it list[0]? -> listed
 *     is it list[1]? -> listed
 *     ...
 *     answer others
 *     listed: answer listed
 */

#include "system.h"

#include "seccomp.h"

#ifdef __linux__

# include <linux/filter.h>
# include <linux/seccomp.h>
# include <sys/prctl.h>

# define FIELD(name) ((uint32_t)offsetof(struct seccomp_data, name))

unsigned short xz_seccomp_begin(struct sock_filter *code)
{
    const struct sock_filter begin[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, XZ_SECCOMP_ARCH, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(nr)),
    };
    unsigned short count = sizeof(begin) / sizeof(begin[0]);
    for (unsigned short i = 0; i < count; i++)
        code[i] = begin[i];
    return XZ_SECCOMP_ARCH == 0 ? 0 : count;
}

bool xz_seccomp_enter(struct sock_filter *code, unsigned short count,
                      const uint16_t *list, size_t list_size, uint32_t listed,
                      uint32_t others)
{
    for (size_t i = 0; i < list_size; i++)
        code[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, list[i],
                                                     (uint8_t)(list_size - i), 0);
    code[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, others);
    code[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, listed);
    struct sock_fprog program = {count, code};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

#endif
