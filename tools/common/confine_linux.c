// SPDX-License-Identifier: 0BSD
// The sandbox of Linux: Landlock without exceptions, and a short list for seccomp.

/*
 * A decoder reads what strangers wrote. Should it ever be made to run their code, that
 * code finds itself in a process that has given up what decompressing does not need:
 *
 *     Landlock   rights on files that stay are those of the stage, for all files alike;
 *                TCP, and signals and sockets to processes outside, if the kernel can
 *     seccomp    no programs, no sockets, no other process's memory, no kernel trickery
 *
 * A Landlock ruleset names rights; those that it names and no rule gives back are gone.
 * Ours has no rules: the rights of a stage are simply not named.
 *
 * An older kernel knows fewer rights. It is asked for its version, and if it refuses
 * the ruleset of that version all the same (some kernels announce more than they have),
 * those of the versions below are tried.
 *
 * Numbers and layouts are those of the kernel's interface (linux/landlock.h), written
 * out since the headers of older systems lack them.
 */

#include "system.h"

#include "confine.h"
#include "seccomp.h"

#ifdef __linux__

# include <errno.h>
# include <linux/filter.h>
# include <linux/seccomp.h>
# include <stddef.h>
# include <stdint.h>
# include <sys/prctl.h>
# include <sys/syscall.h>
# include <unistd.h>

# define CALL_CREATE_RULESET 444
# define CALL_RESTRICT_SELF  446

/* Rights on files; all of version 1 are the lowest 13 bits */
# define RIGHT_WRITE_FILE  (1U << 1)
# define RIGHT_READ_FILE   (1U << 2)
# define RIGHT_READ_DIR    (1U << 3)
# define RIGHT_REMOVE_FILE (1U << 5)
# define RIGHT_MAKE_DIR    (1U << 7)
# define RIGHT_MAKE_REG    (1U << 8)
# define RIGHTS_1          ((1U << 13) - 1)

struct ruleset {
    uint64_t files;  // version 1
    uint64_t net;    // version 4
    uint64_t scoped; // version 6
};

/* What each version added: to the rights on files, and how much of the struct. */
static const struct {
    uint64_t files;
    uint64_t net;
    uint64_t scoped;
    size_t size;
} versions[] = {
    {0, 0, 0, 0},
    {RIGHTS_1, 0, 0, 8},
    {RIGHTS_1 | 1U << 13, 0, 0, 8},  // REFER
    {RIGHTS_1 | 3U << 13, 0, 0, 8},  // TRUNCATE
    {RIGHTS_1 | 3U << 13, 3, 0, 16}, // TCP
    {RIGHTS_1 | 7U << 13, 3, 0, 16}, // IOCTL_DEV
    {RIGHTS_1 | 7U << 13, 3, 3, 24}, // abstract sockets, signals
};

# define NEWEST ((int)(sizeof(versions) / sizeof(versions[0])) - 1)

static uint64_t rights_of(enum xz_confine_stage stage)
{
    uint64_t read = RIGHT_READ_FILE | RIGHT_READ_DIR;
    switch (stage) {
    case XZ_CONFINE_FILES:
        return read | RIGHT_WRITE_FILE | RIGHT_REMOVE_FILE | RIGHT_MAKE_DIR
               | RIGHT_MAKE_REG;
    case XZ_CONFINE_READ:
        return read;
    case XZ_CONFINE_STRICT:
        break;
    }
    return 0;
}

/* The version that holds now; 0 with errno if there is none. */
static int enter_landlock(enum xz_confine_stage stage)
{
    long version = syscall(CALL_CREATE_RULESET, NULL, (size_t)0, 1);
    if (version > NEWEST)
        version = NEWEST;
    for (; version >= 1; version--) {
        struct ruleset rules = {versions[version].files & ~rights_of(stage),
                                versions[version].net, versions[version].scoped};
        int fd = (int)syscall(CALL_CREATE_RULESET, &rules, versions[version].size, 0);
        if (fd < 0)
            continue;
        bool good = syscall(CALL_RESTRICT_SELF, fd, 0) == 0;
        int reason = errno;
        (void)close(fd);
        errno = reason;
        return good ? (int)version : 0;
    }
    return 0;
}

/* Calls that no part of this program makes, and that foreign code would like. */
static const uint16_t refused_calls[] = {
    SYS_execve,
    SYS_socket,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_connect,
    SYS_process_vm_writev,
    SYS_mount,
    SYS_perf_event_open,
    SYS_init_module,
    SYS_finit_module,
    SYS_unshare,
    SYS_setns,
    SYS_keyctl,
    SYS_chroot,
    SYS_pivot_root,
    SYS_execveat,
    SYS_bpf,
    425, // io_uring_setup, which has this number everywhere
};

# define CALLS (sizeof(refused_calls) / sizeof(refused_calls[0]))

/*
 * All other calls are allowed: a list of what is allowed would have to know what every
 * C library calls.
 */
static bool enter_seccomp(void)
{
    struct sock_filter code[CALLS + XZ_SECCOMP_ROOM];
    unsigned short count = XZ_IS_SANITIZED ? 0 : xz_seccomp_begin(code);
    return count > 0
           && xz_seccomp_enter(code, count, refused_calls, CALLS,
                               SECCOMP_RET_ERRNO | EPERM, SECCOMP_RET_ALLOW);
}

static const char *why_not(int reason)
{
    return reason == ENOSYS       ? "the kernel has no Landlock"
           : reason == EOPNOTSUPP ? "Landlock is switched off"
                                  : "Landlock was refused";
}

/* Leak detection reads files of /proc at the end. */
void xz_confine_enter(struct xz_confine *confine, enum xz_confine_stage stage)
{
    if (XZ_IS_SANITIZED && stage == XZ_CONFINE_STRICT)
        stage = XZ_CONFINE_READ;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        xz_confine_describe(confine, "the kernel refuses");
        return;
    }
    int version = enter_landlock(stage);
    int reason = errno;
    if (version > 0) {
        confine->landlock = version;
        confine->stage = stage;
    }
    if (!confine->entered)
        confine->seccomp = enter_seccomp();
    confine->entered = true;
    xz_confine_describe(confine, why_not(reason));
}

#endif
