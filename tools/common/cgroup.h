// SPDX-License-Identifier: 0BSD
// What control groups leave to this process: memory and processors.

#ifndef XZ_TOOLS_CGROUP_H
#define XZ_TOOLS_CGROUP_H

#include <stddef.h>
#include <stdint.h>

struct xz_cgroup {
    uint64_t memory; // bytes, UINT64_MAX: no limit
    uint32_t cpus;   // processors' worth of time, rounded up; UINT32_MAX: no limit
};

/*
 * The least of what the group and those around it allow. The two files are those of
 * /proc/self: "cgroup" tells the groups, "mountinfo" where their files are. What cannot
 * be read limits nothing.
 */
struct xz_cgroup xz_cgroup_look(const char *cgroup_file, const char *mountinfo_file);

/* Pure, one for each kind of file. Text that is not understood is no limit. */
uint64_t xz_cgroup_memory_text(const char *text); // "max" or bytes
uint32_t xz_cgroup_cpu_text(const char *text); // cpu.max: "max 100000", "50000 100000"
uint32_t xz_cgroup_cpus(int64_t quota, int64_t period);
uint64_t xz_meminfo_available(const char *text); // /proc/meminfo; 0: unknown

/* Read the beginning of a small file as text; "" if that fails. */
void xz_text_read(const char *name, char *out, size_t size);

#endif
