// SPDX-License-Identifier: 0BSD
// The sandbox on Linux: Landlock, seccomp, and a limit for memory.

/*
 * Parsers of this program read what attackers wrote, as root. If one of them could be
 * made to run foreign code, that code would find itself in a process that
 *
 *     can open the files of a short list, for reading only             (Landlock)
 *     can make no system call beyond those on a short list             (seccomp)
 *
 * The list has the same calls on all machines: the C library uses the "at" forms. A
 * call that is not on it fails with EPERM, so that a library that asks in vain goes on.
 * Opening for writing is refused by seccomp as well. openat2() carries its flags in
 * memory, where a filter cannot see them; there Landlock stands alone.
 *
 * Landlock also keeps the memory and mappings of other processes away; what is wanted
 * of them is opened before.
 *
 * Numbers are those of the kernel's user interface (linux/landlock.h), written out
 * since older systems lack the header.
 */

#include "../common/system.h"

#include "../common/seccomp.h"
#include "sandbox.h"

#ifdef __linux__

# include <errno.h>
# include <linux/filter.h>
# include <linux/seccomp.h>
# include <stddef.h>
# include <sys/prctl.h>
# include <sys/resource.h>
# include <sys/syscall.h>
# include <unistd.h>

# define LANDLOCK_CREATE   444
# define LANDLOCK_ADD_RULE 445
# define LANDLOCK_RESTRICT 446

# define ACCESS_EXECUTE   (1U << 0)
# define ACCESS_READ_FILE (1U << 2)
# define ACCESS_READ_DIR  (1U << 3)
# define ACCESS_VERSION_1 ((1U << 13) - 1)
# define ACCESS_REFER     (1U << 13) // version 2
# define ACCESS_TRUNCATE  (1U << 14) // version 3

struct landlock_ruleset {
    uint64_t handled_access_fs;
};

struct landlock_path {
    uint64_t allowed_access;
    int32_t parent_fd;
} __attribute__((packed));

static void allow_path(int ruleset, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return; // opening it later fails too, and is reported then
    struct landlock_path rule = {ACCESS_READ_FILE, fd};
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
        rule.allowed_access |= ACCESS_READ_DIR;
    (void)syscall(LANDLOCK_ADD_RULE, ruleset, 1, &rule, 0);
    close(fd);
}

static bool enter_landlock(const struct xz_words *paths)
{
    long version = syscall(LANDLOCK_CREATE, NULL, (size_t)0, 1);
    if (version < 1)
        return false;
    struct landlock_ruleset attr = {ACCESS_VERSION_1};
    if (version >= 2)
        attr.handled_access_fs |= ACCESS_REFER;
    if (version >= 3)
        attr.handled_access_fs |= ACCESS_TRUNCATE;
    int ruleset = (int)syscall(LANDLOCK_CREATE, &attr, sizeof(attr), 0);
    if (ruleset < 0)
        return false;
    for (size_t i = 0; i < paths->count; i++)
        allow_path(ruleset, paths->at[i]);
    bool good = syscall(LANDLOCK_RESTRICT, ruleset, 0) == 0;
    close(ruleset);
    return good;
}

static const uint16_t allowed_calls[] = {
    SYS_read,
    SYS_pread64,
    SYS_readv,
    SYS_write,
    SYS_writev,
    SYS_close,
    SYS_lseek,
    SYS_fstat,
    SYS_newfstatat,
    SYS_statx,
    SYS_statfs,
    SYS_fstatfs,
    SYS_readlinkat,
    SYS_getdents64,
    SYS_fadvise64,
    SYS_faccessat,
    SYS_mmap,
    SYS_munmap,
    SYS_mremap,
    SYS_mprotect,
    SYS_madvise,
    SYS_brk,
    SYS_exit,
    SYS_exit_group,
    SYS_futex,
    SYS_rt_sigreturn,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_clock_gettime,
    SYS_gettimeofday,
    SYS_nanosleep,
    SYS_getrandom,
    SYS_getpid,
    SYS_gettid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_uname,
    SYS_sysinfo,
    SYS_fcntl,
    SYS_dup,
    SYS_sched_yield,
    SYS_restart_syscall,
    SYS_sched_getaffinity,
    SYS_sigaltstack,
    SYS_set_robust_list,
    SYS_getcwd,
    437, // openat2
};

# define CALLS  (sizeof(allowed_calls) / sizeof(allowed_calls[0]))
# define WRITES (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)

static bool enter_seccomp(void)
{
    // openat: its third argument must not ask for writing.
    static const struct sock_filter openat_reads[] = {
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WRITES, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_filter code[CALLS + XZ_SECCOMP_ROOM + 5];
    unsigned short count = xz_seccomp_begin(code);
    if (count == 0)
        return false;
    for (size_t i = 0; i < 5; i++)
        code[count++] = openat_reads[i];
    return xz_seccomp_enter(code, count, allowed_calls, CALLS, SECCOMP_RET_ALLOW,
                            SECCOMP_RET_ERRNO | EPERM);
}

enum xz_sandbox xz_sandbox_enter(const struct xz_words *paths, uint64_t memory)
{
    const struct rlimit limit = {memory, memory};
    const struct rlimit none = {0, 0};
    if (memory != 0)
        (void)setrlimit(RLIMIT_AS, &limit);
    (void)setrlimit(RLIMIT_CORE, &none); // what was read must not end up on a disk
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return XZ_SANDBOX_NONE;
    bool landlock = enter_landlock(paths);
    bool seccomp = enter_seccomp();
    if (landlock)
        return seccomp ? XZ_SANDBOX_BOTH : XZ_SANDBOX_LANDLOCK;
    return seccomp ? XZ_SANDBOX_SECCOMP : XZ_SANDBOX_NONE;
}

#endif
