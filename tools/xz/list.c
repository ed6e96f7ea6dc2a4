// SPDX-License-Identifier: 0BSD
// Goes through the files to list; the layouts are in list_human.c and list_robot.c.

/*
 * Each file is read in two steps. Its Indexes give sizes and positions of all Blocks,
 * at the cost of a few seeks per Stream. Only -vv then looks at every Block Header and
 * Check, since that takes two more reads per Block.
 *
 * Lines are printed as soon as they are known. If a Block turns out to be unreadable,
 * what stands above it has been printed; the file is reported, and left out of the
 * totals.
 */

#include "../common/system.h"

#include "coders.h"
#include "examine.h"
#include "index_read.h"
#include "list.h"

#include "../common/files.h"
#include "../common/units.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first version that could read .xz files, 5.0.0 */
#define MIN_VERSION 50000002

void xz_list_init(struct xz_list *list, const struct xz_options *options,
                  const struct xz_limits *limits, struct xz_report *report,
                  uint64_t file_count)
{
    *list = (struct xz_list){
        .report = report,
        .detail = report->verbosity >= XZ_SAY_ALL    ? XZ_LIST_HEADERS
                  : report->verbosity >= XZ_SAY_MORE ? XZ_LIST_BLOCKS
                                                     : XZ_LIST_FILES,
        .robot = options->robot,
        .as_json = options->json,
        .memlimit = limits->decompress,
        .file_count = file_count,
        .totals = {.all_have_sizes = true, .min_version = MIN_VERSION},
    };
    if (list->as_json)
        xz_list_json_begin(list);
}

const char *xz_list_checks_text(uint32_t checks, const char *separator,
                                char out[XZ_LIST_CHECKS_SIZE])
{
    if (checks == 0)
        checks = UINT32_C(1) << LZMA_CHECK_NONE;
    size_t used = 0;
    for (unsigned id = 0; id <= LZMA_CHECK_ID_MAX; id++) {
        if ((checks >> id & 1) == 0)
            continue;
        const char *name = id == LZMA_CHECK_NONE     ? "None"
                           : id == LZMA_CHECK_CRC32  ? "CRC32"
                           : id == LZMA_CHECK_CRC64  ? "CRC64"
                           : id == LZMA_CHECK_SHA256 ? "SHA-256"
                                                     : NULL;
        const char *between = used > 0 ? separator : "";
        int length;
        if (name != NULL)
            length =
                snprintf(out + used, XZ_LIST_CHECKS_SIZE - used, "%s%s", between, name);
        else
            length = snprintf(out + used, XZ_LIST_CHECKS_SIZE - used, "%sUnknown-%u",
                              between, id);
        used += (size_t)length;
    }
    return out;
}

/* Add, and tell if it was too much. */
static bool add(uint64_t *sum, uint64_t amount)
{
    if (*sum > UINT64_MAX - amount)
        return false;
    *sum += amount;
    return true;
}

/* A file changes either all totals or none. */
static bool add_totals(struct xz_list_sums *totals, const struct xz_list_sums *file)
{
    struct xz_list_sums sum = *totals;
    if (!add(&sum.files, 1) || !add(&sum.streams, file->streams)
        || !add(&sum.blocks, file->blocks) || !add(&sum.compressed, file->compressed)
        || !add(&sum.uncompressed, file->uncompressed)
        || !add(&sum.padding, file->padding))
        return false;
    sum.checks |= file->checks;
    sum.memory = file->memory > sum.memory ? file->memory : sum.memory;
    sum.all_have_sizes = sum.all_have_sizes && file->all_have_sizes;
    if (file->min_version > sum.min_version)
        sum.min_version = file->min_version;
    *totals = sum;
    return true;
}

/* Sums that the Index knows. */
static void sum_index(struct xz_list_file *file)
{
    const lzma_index *index = file->index;
    file->sums = (struct xz_list_sums){
        .files = 1,
        .streams = lzma_index_stream_count(index),
        .blocks = lzma_index_block_count(index),
        .compressed = lzma_index_file_size(index),
        .uncompressed = lzma_index_uncompressed_size(index),
        .checks = lzma_index_checks(index),
        .all_have_sizes = true,
        .min_version = MIN_VERSION,
    };
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, index);
    while (!lzma_index_iter_next(&iter, LZMA_INDEX_ITER_STREAM))
        file->sums.padding += iter.stream.padding;
}

bool xz_list_next_block(struct xz_list *list, struct xz_list_file *file,
                        const lzma_index_iter *iter, struct xz_list_block *ret_block)
{
    memset(ret_block, 0, sizeof(*ret_block));
    if (list->detail < XZ_LIST_HEADERS)
        return true;
    lzma_ret ret = xz_list_read_block(file, iter, ret_block);
    if (ret != LZMA_OK) {
        xz_report_error(list->report, file->name, "%s", xz_coder_text(ret));
        return false;
    }
    struct xz_list_sums *sums = &file->sums;
    sums->memory = ret_block->memory > sums->memory ? ret_block->memory : sums->memory;
    sums->all_have_sizes = sums->all_have_sizes && ret_block->has_compressed_size
                           && ret_block->has_uncompressed_size;
    if (ret_block->min_version > sums->min_version)
        sums->min_version = ret_block->min_version;
    return true;
}

/* An Index, or what surrounds it, is not as it should be: which, and where. */
static void report_damage(struct xz_list *list, const struct xz_list_file *file,
                          lzma_ret ret)
{
    char where[XZ_EXAMINE_TEXT_SIZE] = "";
    if (ret == LZMA_DATA_ERROR
        && !xz_examine_rest(file->fd, file->size, file->size, UINT64_MAX, where))
        xz_examine_index(file->fd, file->size, where);
    xz_report_error(list->report, file->name, "%s%s%s", xz_coder_text(ret),
                    where[0] != '\0' ? ": " : "", where);
}

/* Read the Index of an open file; false: reported. */
static bool read_index(struct xz_list *list, struct xz_list_file *file)
{
    char a[XZ_UNIT_TEXT_SIZE], b[XZ_UNIT_TEXT_SIZE];
    if (file->size < 2 * LZMA_STREAM_HEADER_SIZE) {
        xz_report_error(list->report, file->name,
                        file->size == 0 ? "File is empty"
                                        : "Too small to be a valid .xz file");
        return false;
    }
    uint64_t memory = 0;
    lzma_ret ret =
        xz_index_read(file->fd, file->size, list->memlimit, &file->index, &memory);
    if (ret == LZMA_OK)
        return true;
    if (ret == LZMA_MEMLIMIT_ERROR)
        xz_report_error(list->report, file->name,
                        "%s: %s of memory is required, the limit is %s",
                        xz_coder_text(ret), xz_memory_text(memory, a),
                        xz_memory_text(list->memlimit, b));
    else if (ret == LZMA_BUF_ERROR)
        xz_report_error(list->report, file->name, "Read error: %s", strerror(errno));
    else
        report_damage(list, file, ret);
    return false;
}

/* Show an open file. */
static void show(struct xz_list *list, struct xz_list_file *file)
{
    if (!read_index(list, file))
        return;
    sum_index(file);
    bool good = list->as_json ? xz_list_json_file(list, file)
                : list->robot ? xz_list_robot_file(list, file)
                              : xz_list_human_file(list, file);
    lzma_index_end(file->index, NULL);
    if (good && !add_totals(&list->totals, &file->sums))
        xz_report_error(list->report, file->name,
                        "Too big to be counted in the totals");
}

/* Links are followed: nothing is changed, so nothing can be confused. */
void xz_list_file(struct xz_list *list, const char *name)
{
    static const struct xz_file_rules rules = {.to_stdout = true, .keep = true};
    list->file_number++;
    if (!list->robot && !list->as_json && list->detail > XZ_LIST_FILES
        && (name != NULL || list->file_count != 1))
        xz_list_human_heading(list, name != NULL ? name : "(stdin)");
    if (name == NULL) {
        xz_report_error(list->report, NULL,
                        "--list does not support reading from standard input");
        return;
    }
    struct xz_files files;
    xz_files_init(&files, &rules, list->report);
    if (!xz_files_open_source(&files, name))
        return;
    if (!files.source_is_regular) {
        xz_report_warning(list->report, name, "Not a regular file, skipping");
    } else {
        struct xz_list_file file = {.name = name,
                                    .fd = files.source_fd,
                                    .size = (uint64_t)files.source_stat.st_size};
        show(list, &file);
    }
    (void)xz_files_close(&files, true);
}

void xz_list_end(struct xz_list *list)
{
    if (list->as_json)
        xz_list_json_totals(list);
    else if (list->robot)
        xz_list_robot_totals(list);
    else if (list->totals.files > 1)
        xz_list_human_totals(list);
    (void)xz_report_flush_stdout(list->report);
}
