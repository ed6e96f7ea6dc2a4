// SPDX-License-Identifier: 0BSD
// A whole system: its files, packages, processes, and what its sshd reaches.

#ifndef XZ_AUDIT_HOST_H
#define XZ_AUDIT_HOST_H

#include "root_files.h"

/* Files that are mapped into processes and that no walk over folders would meet. */
struct xz_mapped_files {
    int *fds;
    size_t room;
    struct xz_words objects; // their names, at the same positions
};

/*
 * Look at the processes below `proc`: who has a liblzma mapped, environments. Files
 * that were deleted, or lie where the walk below `root` would not meet them, are opened
 * and kept. Call it before the sandbox: Landlock keeps other processes' mappings away.
 */
void xz_host_processes(struct xz_audit *audit, const char *proc, const char *root,
                       struct xz_mapped_files *ret);

/*
 * Look at the system below `root` and at the mapped files, which are closed.
 */
void xz_host_audit(struct xz_audit *audit, const char *root,
                   struct xz_mapped_files *mapped);

/* All files below the root. */
void xz_host_walk(const struct xz_root *root);

/* Whether sshd needs liblzma, and through which libraries. */
void xz_host_reach(const struct xz_root *root);

/* One file or library mapped into a process, from a line of /proc/PID/maps. */
struct xz_mapping {
    uint64_t start, end, offset, device, inode;
    char range[40];   // "start-end", as the name in map_files has it
    const char *path; // in the line
    size_t path_size; // without " (deleted)"
    bool deleted;
};

/* Read a line; false if it maps no file. */
bool xz_mapping_read(const char *line, struct xz_mapping *ret);

/* Findings about a mapping in a process of this name. */
void xz_mapping_judge(struct xz_audit *audit, const char *object, const char *process,
                      const struct xz_mapping *mapping);

/* Finding about a chain "sshd > libsystemd.so.0 > liblzma.so.5". */
void xz_reach_judge(struct xz_audit *audit, const char *object, const char *chain);

#endif
