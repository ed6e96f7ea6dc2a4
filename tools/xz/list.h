// SPDX-License-Identifier: 0BSD
// Shows what is in .xz files without decoding them (--list).

#ifndef XZ_CLI_LIST_H
#define XZ_CLI_LIST_H

#include "memory.h"
#include "options.h"

#include "../common/record.h"
#include "../common/report.h"

#include <lzma.h>

#include <stdbool.h>
#include <stdint.h>

/* Amounts of one file, or of all files together */
struct xz_list_sums {
    uint64_t files;
    uint64_t streams;
    uint64_t blocks;
    uint64_t compressed;
    uint64_t uncompressed;
    uint64_t padding;
    uint32_t checks;      // bit N: some Stream has the Check with ID N
    uint64_t memory;      // to decode the most demanding Block; like what follows, -vv
    bool all_have_sizes;  // every Block Header has both sizes
    uint32_t min_version; // as LZMA_VERSION: the oldest XZ Utils that can decode
};

/* What only the Block Header and the Check field know (-vv) */
struct xz_list_block {
    uint32_t header_size;
    bool has_compressed_size;
    bool has_uncompressed_size;
    uint64_t compressed_size;
    uint64_t memory;
    uint32_t min_version;
    char *filters; // allocated by the library
    char check_value[2 * LZMA_CHECK_SIZE_MAX + 1];
};

/* One file while it is listed */
struct xz_list_file {
    const char *name;
    int fd;
    uint64_t size;
    lzma_index *index;
    struct xz_list_sums sums;
};

/* How much is shown */
enum xz_list_detail { XZ_LIST_FILES, XZ_LIST_BLOCKS, XZ_LIST_HEADERS };

/* The state of the listing */
struct xz_list {
    struct xz_report *report;
    enum xz_list_detail detail;
    bool robot;
    bool as_json;
    struct xz_record json; // the document, if as_json
    uint64_t memlimit;
    uint64_t file_number; // of the current file, from 1
    uint64_t file_count;  // 0: not known
    struct xz_list_sums totals;
};

void xz_list_init(struct xz_list *list, const struct xz_options *options,
                  const struct xz_limits *limits, struct xz_report *report,
                  uint64_t file_count);

/* List a file; NULL, standard input, is refused. */
void xz_list_file(struct xz_list *list, const char *name);

/* Show the totals and flush standard output. */
void xz_list_end(struct xz_list *list);

/* In list_block.c: look at a Block in the file. Free block->filters on LZMA_OK. */
lzma_ret xz_list_read_block(const struct xz_list_file *file,
                            const lzma_index_iter *iter,
                            struct xz_list_block *ret_block);

/* In list_human.c, _robot.c and _json.c: layouts. False: a Block could not be shown. */
void xz_list_human_heading(const struct xz_list *list, const char *name);
bool xz_list_human_file(struct xz_list *list, struct xz_list_file *file);
void xz_list_human_totals(const struct xz_list *list);
bool xz_list_robot_file(struct xz_list *list, struct xz_list_file *file);
void xz_list_robot_totals(const struct xz_list *list);
void xz_list_json_begin(struct xz_list *list);
bool xz_list_json_file(struct xz_list *list, struct xz_list_file *file);
void xz_list_json_totals(struct xz_list *list);

/* In list.c: a Block of the file, added to its sums. False: reported, give up. */
bool xz_list_next_block(struct xz_list *list, struct xz_list_file *file,
                        const lzma_index_iter *iter, struct xz_list_block *ret_block);

/* Room for the names of all checks */
#define XZ_LIST_CHECKS_SIZE 256

/* Names of checks with a separator between them; "None" if there are none. */
const char *xz_list_checks_text(uint32_t checks, const char *separator,
                                char out[XZ_LIST_CHECKS_SIZE]);

#endif
