// SPDX-License-Identifier: 0BSD
// The list for programs: columns with tabs between them; see xz(1), ROBOT MODE.

/* Columns may be added behind the last one of a line. They never change otherwise. */

#include "../common/system.h"

#include "list.h"

#include "../common/units.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Columns that "file" and "totals" have in common. */
static void put_sums(const char *type, const struct xz_list_sums *sums)
{
    char ratio[XZ_UNIT_TEXT_SIZE], checks[XZ_LIST_CHECKS_SIZE];
    printf("%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%s\t%s\t%" PRIu64,
           type, sums->streams, sums->blocks, sums->compressed, sums->uncompressed,
           xz_ratio_text(sums->compressed, sums->uncompressed, ratio),
           xz_list_checks_text(sums->checks, ",", checks), sums->padding);
}

/* Columns that "summary" and "totals" have in common at -vv. */
static void put_needs(const struct xz_list_sums *sums)
{
    printf("\t%" PRIu64 "\t%s\t%" PRIu32, sums->memory,
           sums->all_have_sizes ? "yes" : "no", sums->min_version);
}

static const char *check_name(const lzma_index_iter *iter,
                              char out[XZ_LIST_CHECKS_SIZE])
{
    return xz_list_checks_text(UINT32_C(1) << iter->stream.flags->check, ",", out);
}

static void put_streams(const struct xz_list_file *file)
{
    char ratio[XZ_UNIT_TEXT_SIZE], check[XZ_LIST_CHECKS_SIZE];
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, file->index);
    while (!lzma_index_iter_next(&iter, LZMA_INDEX_ITER_STREAM))
        printf("stream\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
               "\t%" PRIu64 "\t%s\t%s\t%" PRIu64 "\n",
               iter.stream.number, iter.stream.block_count,
               iter.stream.compressed_offset, iter.stream.uncompressed_offset,
               iter.stream.compressed_size, iter.stream.uncompressed_size,
               xz_ratio_text(iter.stream.compressed_size, iter.stream.uncompressed_size,
                             ratio),
               check_name(&iter, check), iter.stream.padding);
}

/* Lines of different types do not mix: all Streams come first. */
static bool put_blocks(struct xz_list *list, struct xz_list_file *file)
{
    char ratio[XZ_UNIT_TEXT_SIZE], check[XZ_LIST_CHECKS_SIZE];
    struct xz_list_block block;
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, file->index);
    while (!lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK)) {
        if (!xz_list_next_block(list, file, &iter, &block))
            return false;
        printf(
            "block\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
            "\t%" PRIu64 "\t%" PRIu64 "\t%s\t%s",
            iter.stream.number, iter.block.number_in_stream, iter.block.number_in_file,
            iter.block.compressed_file_offset, iter.block.uncompressed_file_offset,
            iter.block.total_size, iter.block.uncompressed_size,
            xz_ratio_text(iter.block.total_size, iter.block.uncompressed_size, ratio),
            check_name(&iter, check));
        if (list->detail == XZ_LIST_HEADERS)
            printf("\t%s\t%" PRIu32 "\t%c%c\t%" PRIu64 "\t%" PRIu64 "\t%s",
                   block.check_value, block.header_size,
                   block.has_compressed_size ? 'c' : '-',
                   block.has_uncompressed_size ? 'u' : '-', block.compressed_size,
                   block.memory, block.filters);
        putchar('\n');
        free(block.filters);
    }
    return true;
}

bool xz_list_robot_file(struct xz_list *list, struct xz_list_file *file)
{
    fputs("name\t", stdout);
    xz_put_masked(stdout, file->name);
    putchar('\n');
    put_sums("file", &file->sums);
    putchar('\n');
    if (list->detail == XZ_LIST_FILES)
        return true;
    put_streams(file);
    if (!put_blocks(list, file))
        return false;
    if (list->detail == XZ_LIST_HEADERS) {
        fputs("summary", stdout);
        put_needs(&file->sums);
        putchar('\n');
    }
    return true;
}

void xz_list_robot_totals(const struct xz_list *list)
{
    put_sums("totals", &list->totals);
    printf("\t%" PRIu64, list->totals.files);
    if (list->detail == XZ_LIST_HEADERS)
        put_needs(&list->totals);
    putchar('\n');
}
