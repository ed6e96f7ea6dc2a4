// SPDX-License-Identifier: 0BSD
// Limits of memory, threads and files, and compression settings that fit into them.

#ifndef XZ_CLI_MEMORY_H
#define XZ_CLI_MEMORY_H

#include "options.h"

#include "../common/report.h"

#include <lzma.h>

#include <stdbool.h>
#include <stdint.h>

/* What the machine has */
struct xz_machine {
    uint64_t ram;           // bytes, 0 if unknown
    uint64_t process_limit; // bytes that the process may use, UINT64_MAX: no limit
    uint64_t group_limit;   // bytes that control groups allow, UINT64_MAX: no limit
    uint64_t available;     // bytes that are not in use now, 0 if unknown
    uint64_t open_files;    // how many the process may have, 0 if unknown
    uint32_t cpus;          // hardware threads that may be used, at least 1
};

struct xz_machine xz_machine_look(void);

/* Limits in bytes; UINT64_MAX is no limit. */
struct xz_limits {
    uint64_t compress;
    uint64_t decompress;
    uint64_t compress_set; // the same, but 0 if the user set none
    uint64_t decompress_set;
    uint64_t mt_decompress; // lowers the number of threads; never above `decompress`
    uint64_t mt_default;    // soft limit where nothing was asked for
    uint64_t most;          // what RAM, groups and resource limits leave at all
    uint64_t open_files;    // how many the process may have, 0 if unknown
    uint32_t threads;       // at least 1
    bool threads_automatic; // the user gave no number
};

/* Pure: limits from options and machine. */
void xz_limits_resolve(const struct xz_options *options,
                       const struct xz_machine *machine, struct xz_limits *ret_limits);

/* How files are compressed, within the limits */
struct xz_plan {
    bool mt;             // with worker threads, Blocks of limited size
    uint32_t threads;    // if mt
    uint64_t block_size; // if mt; 0: what the library recommends for the chain
};

/*
 * Decide how to compress, or check that raw decoding fits. If memory is short, threads
 * are taken away, then threading, then the size of dictionaries (in options->chains).
 * False: reported; nothing can be done.
 */
bool xz_plan_make(struct xz_options *options, const struct xz_limits *limits,
                  struct xz_report *report, struct xz_plan *ret_plan);

/* Options of the threaded encoder for a chain. */
void xz_plan_mt_options(const struct xz_options *options, const struct xz_plan *plan,
                        unsigned chain, lzma_mt *ret_mt);

/* True if some Block uses this chain. */
bool xz_plan_uses_chain(const struct xz_options *options, unsigned chain);

#endif
