// SPDX-License-Identifier: 0BSD
// The list for people: a line for each file, or, with -v, tables of Streams and Blocks.

/*
 * The widths of columns and the words of headings are those of XZ Utils: people have
 * learnt to read them, and scripts that should have used --robot cut them at fixed
 * places.
 */

#include "../common/system.h"

#include "list.h"

#include "../common/units.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Columns of the tables for -v; %s for the headings, numbers become text before. */
#define STREAM_COLUMNS "    %6s %9s %15s %15s %15s %15s  %5s  %-10s %7s\n"
#define BLOCK_COLUMNS  "    %6s %9s %15s %15s %15s %15s  %5s  %-*s"
#define HEADER_COLUMNS " %-*s  %6s  %-5s %15s %11s  %s"

/* A number in a column. */
static const char *number(uint64_t value, char out[XZ_UNIT_TEXT_SIZE])
{
    snprintf(out, XZ_UNIT_TEXT_SIZE, "%" PRIu64, value);
    return out;
}

static const char *check_name(const lzma_index_iter *iter,
                              char out[XZ_LIST_CHECKS_SIZE])
{
    return xz_list_checks_text(UINT32_C(1) << iter->stream.flags->check, ",", out);
}

/* The line of a file, or of the totals, up to the column of names. */
static void put_line(const struct xz_list_sums *sums)
{
    char a[XZ_UNIT_TEXT_SIZE], b[XZ_UNIT_TEXT_SIZE], c[XZ_UNIT_TEXT_SIZE];
    char checks[XZ_LIST_CHECKS_SIZE];
    printf("%5" PRIu64 " %7" PRIu64 "  %11s  %11s  %5s  %-7s ", sums->streams,
           sums->blocks, xz_size_text(sums->compressed, XZ_UNIT_B, a),
           xz_size_text(sums->uncompressed, XZ_UNIT_B, b),
           xz_ratio_text(sums->compressed, sums->uncompressed, c),
           xz_list_checks_text(sums->checks, ",", checks));
}

/* The same amounts below each other, for -v. */
static void put_sums(const struct xz_list_sums *sums)
{
    char text[XZ_UNIT_TEXT_SIZE], checks[XZ_LIST_CHECKS_SIZE];
    printf("  Streams:           %" PRIu64 "\n", sums->streams);
    printf("  Blocks:            %" PRIu64 "\n", sums->blocks);
    printf("  Compressed size:   %s\n", xz_size_text_exact(sums->compressed, text));
    printf("  Uncompressed size: %s\n", xz_size_text_exact(sums->uncompressed, text));
    printf("  Ratio:             %s\n",
           xz_ratio_text(sums->compressed, sums->uncompressed, text));
    printf("  Check:             %s\n",
           xz_list_checks_text(sums->checks, ", ", checks));
    printf("  Stream Padding:    %s\n", xz_size_text_exact(sums->padding, text));
}

/* What -vv adds to them. */
static void put_needs(const struct xz_list_sums *sums)
{
    char text[XZ_UNIT_TEXT_SIZE];
    printf("  Memory needed:     %s\n", xz_mib_text(sums->memory, text));
    printf("  Sizes in headers:  %s\n", sums->all_have_sizes ? "Yes" : "No");
    printf("  Minimum XZ Utils version: %u.%u.%u\n",
           (unsigned)(sums->min_version / 10000000),
           (unsigned)(sums->min_version / 10000 % 1000),
           (unsigned)(sums->min_version / 10 % 1000));
}

static void put_streams(const struct xz_list_file *file)
{
    char n[8][XZ_UNIT_TEXT_SIZE], check[XZ_LIST_CHECKS_SIZE];
    puts("  Streams:");
    printf(STREAM_COLUMNS, "Stream", "Blocks", "CompOffset", "UncompOffset", "CompSize",
           "UncompSize", "Ratio", "Check", "Padding");
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, file->index);
    while (!lzma_index_iter_next(&iter, LZMA_INDEX_ITER_STREAM))
        printf(STREAM_COLUMNS, number(iter.stream.number, n[0]),
               number(iter.stream.block_count, n[1]),
               number(iter.stream.compressed_offset, n[2]),
               number(iter.stream.uncompressed_offset, n[3]),
               number(iter.stream.compressed_size, n[4]),
               number(iter.stream.uncompressed_size, n[5]),
               xz_ratio_text(iter.stream.compressed_size, iter.stream.uncompressed_size,
                             n[6]),
               check_name(&iter, check), number(iter.stream.padding, n[7]));
}

/* Width of the column of Checks: as wide as the widest of the file, or its heading. */
static int check_width(const struct xz_list_file *file)
{
    int width = 8;
    for (unsigned id = 0; id <= LZMA_CHECK_ID_MAX; id++) {
        int size = 2 * (int)lzma_check_size((lzma_check)id);
        if ((file->sums.checks >> id & 1) != 0 && size > width)
            width = size;
    }
    return width;
}

/* The column of Checks is the last one without -vv, and then needs no padding. */
static void put_block(const struct xz_list *list, const lzma_index_iter *iter,
                      const struct xz_list_block *block, int width)
{
    char n[7][XZ_UNIT_TEXT_SIZE], check[XZ_LIST_CHECKS_SIZE];
    bool headers = list->detail == XZ_LIST_HEADERS;
    printf(BLOCK_COLUMNS, number(iter->stream.number, n[0]),
           number(iter->block.number_in_stream, n[1]),
           number(iter->block.compressed_file_offset, n[2]),
           number(iter->block.uncompressed_file_offset, n[3]),
           number(iter->block.total_size, n[4]),
           number(iter->block.uncompressed_size, n[5]),
           xz_ratio_text(iter->block.total_size, iter->block.uncompressed_size, n[6]),
           headers ? 10 : 0, check_name(iter, check));
    if (headers) {
        const char flags[3] = {block->has_compressed_size ? 'c' : '-',
                               block->has_uncompressed_size ? 'u' : '-', '\0'};
        printf(HEADER_COLUMNS, width, block->check_value,
               number(block->header_size, n[0]), flags,
               number(block->compressed_size, n[1]), xz_mib_text(block->memory, n[2]),
               block->filters);
    }
    putchar('\n');
}

static bool put_blocks(struct xz_list *list, struct xz_list_file *file)
{
    bool headers = list->detail == XZ_LIST_HEADERS;
    int width = check_width(file);
    puts("  Blocks:");
    printf(BLOCK_COLUMNS, "Stream", "Block", "CompOffset", "UncompOffset", "TotalSize",
           "UncompSize", "Ratio", headers ? 10 : 0, "Check");
    if (headers)
        printf(HEADER_COLUMNS, width, "CheckVal", "Header", "Flags", "CompSize",
               "MemUsage", "Filters");
    putchar('\n');

    struct xz_list_block block;
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, file->index);
    while (!lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK)) {
        if (!xz_list_next_block(list, file, &iter, &block))
            return false;
        put_block(list, &iter, &block, width);
        free(block.filters);
    }
    return true;
}

/* Printed before the file is opened, so that errors appear below the right name. */
void xz_list_human_heading(const struct xz_list *list, const char *name)
{
    if (list->file_number > 1)
        putchar('\n');
    xz_put_masked(stdout, name);
    if (list->file_count > 0)
        printf(" (%" PRIu64 "/%" PRIu64 ")\n", list->file_number, list->file_count);
    else
        printf(" (%" PRIu64 ")\n", list->file_number);
}

/* All there is about one file. */
static bool put_details(struct xz_list *list, struct xz_list_file *file)
{
    put_sums(&file->sums);
    put_streams(file);
    if (file->sums.blocks > 0 && !put_blocks(list, file))
        return false;
    if (list->detail == XZ_LIST_HEADERS)
        put_needs(&file->sums);
    return true;
}

bool xz_list_human_file(struct xz_list *list, struct xz_list_file *file)
{
    if (list->detail > XZ_LIST_FILES)
        return put_details(list, file);
    if (list->totals.files == 0)
        puts("Strms  Blocks   Compressed Uncompressed  Ratio  Check   Filename");
    put_line(&file->sums);
    xz_put_masked(stdout, file->name);
    putchar('\n');
    return true;
}

/* The line above the totals is as wide as a terminal but for one column. */
#define RULE                                                                           \
 "----------------------------------------"                                            \
 "---------------------------------------"

void xz_list_human_totals(const struct xz_list *list)
{
    const struct xz_list_sums *totals = &list->totals;
    if (list->detail == XZ_LIST_FILES) {
        puts(RULE);
        put_line(totals);
        printf("%" PRIu64 " files\n", totals->files);
        return;
    }
    puts("\nTotals:");
    printf("  Number of files:   %" PRIu64 "\n", totals->files);
    put_sums(totals);
    if (list->detail == XZ_LIST_HEADERS)
        put_needs(totals);
}
