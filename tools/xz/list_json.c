// SPDX-License-Identifier: 0BSD
// The list as one JSON document (--list --json); docs/json.md describes it.

#include "../common/system.h"

#include "list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names of Checks as an array. */
static void put_checks(struct xz_record *json, uint32_t checks)
{
    char text[XZ_LIST_CHECKS_SIZE] = "";
    if (checks != 0) // no Stream, no Check; people are told "None" then
        xz_list_checks_text(checks, ",", text);
    xz_record_array(json, "checks");
    char *rest = text;
    for (char *name; (name = strtok_r(rest, ",", &rest)) != NULL;)
        xz_record_text(json, NULL, name);
    xz_record_end(json);
}

/* Amounts of a file, or of all. */
static void put_sums(struct xz_record *json, const struct xz_list_sums *sums,
                     enum xz_list_detail detail)
{
    xz_record_number(json, "streams", sums->streams);
    xz_record_number(json, "blocks", sums->blocks);
    xz_record_number(json, "compressed_size", sums->compressed);
    xz_record_number(json, "uncompressed_size", sums->uncompressed);
    xz_record_ratio(json, "ratio", sums->compressed, sums->uncompressed);
    put_checks(json, sums->checks);
    xz_record_number(json, "padding", sums->padding);
    if (detail < XZ_LIST_HEADERS)
        return;
    xz_record_number(json, "memory", sums->memory);
    xz_record_bool(json, "sizes_in_headers", sums->all_have_sizes);
    xz_record_number(json, "minimum_version", sums->min_version);
}

static void put_check(struct xz_record *json, const lzma_index_iter *iter)
{
    char text[XZ_LIST_CHECKS_SIZE];
    xz_record_text(
        json, "check",
        xz_list_checks_text(UINT32_C(1) << iter->stream.flags->check, ",", text));
}

static void put_streams(struct xz_record *json, const struct xz_list_file *file)
{
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, file->index);
    xz_record_array(json, "stream_list");
    while (!lzma_index_iter_next(&iter, LZMA_INDEX_ITER_STREAM)) {
        xz_record_object(json, NULL);
        xz_record_number(json, "blocks", iter.stream.block_count);
        xz_record_number(json, "compressed_offset", iter.stream.compressed_offset);
        xz_record_number(json, "uncompressed_offset", iter.stream.uncompressed_offset);
        xz_record_number(json, "compressed_size", iter.stream.compressed_size);
        xz_record_number(json, "uncompressed_size", iter.stream.uncompressed_size);
        put_check(json, &iter);
        xz_record_number(json, "padding", iter.stream.padding);
        xz_record_end(json);
    }
    xz_record_end(json);
}

static void put_block(struct xz_list *list, const lzma_index_iter *iter,
                      const struct xz_list_block *block)
{
    struct xz_record *json = &list->json;
    xz_record_object(json, NULL);
    xz_record_number(json, "stream", iter->stream.number);
    xz_record_number(json, "compressed_offset", iter->block.compressed_file_offset);
    xz_record_number(json, "uncompressed_offset", iter->block.uncompressed_file_offset);
    xz_record_number(json, "total_size", iter->block.total_size);
    xz_record_number(json, "uncompressed_size", iter->block.uncompressed_size);
    put_check(json, iter);
    if (list->detail == XZ_LIST_HEADERS) {
        xz_record_text(json, "check_value", block->check_value);
        xz_record_number(json, "header_size", block->header_size);
        xz_record_bool(json, "has_compressed_size", block->has_compressed_size);
        xz_record_bool(json, "has_uncompressed_size", block->has_uncompressed_size);
        xz_record_number(json, "compressed_size", block->compressed_size);
        xz_record_number(json, "memory", block->memory);
        xz_record_text(json, "filters", block->filters);
    }
    xz_record_end(json);
}

/* A Block that cannot be read ends the array; the file is marked. */
static bool put_blocks(struct xz_list *list, struct xz_list_file *file)
{
    struct xz_list_block block;
    lzma_index_iter iter;
    bool good = true;
    lzma_index_iter_init(&iter, file->index);
    xz_record_array(&list->json, "block_list");
    while (good && !lzma_index_iter_next(&iter, LZMA_INDEX_ITER_BLOCK)) {
        good = xz_list_next_block(list, file, &iter, &block);
        if (good) {
            put_block(list, &iter, &block);
            free(block.filters);
        }
    }
    xz_record_end(&list->json);
    return good;
}

void xz_list_json_begin(struct xz_list *list)
{
    xz_record_begin(&list->json, stdout);
    xz_record_array(&list->json, "files");
}

/* Amounts come behind the Blocks, which -vv has to look at for some of them. */
bool xz_list_json_file(struct xz_list *list, struct xz_list_file *file)
{
    bool good = true;
    xz_record_object(&list->json, NULL);
    xz_record_text(&list->json, "name", file->name);
    if (list->detail > XZ_LIST_FILES) {
        put_streams(&list->json, file);
        good = put_blocks(list, file);
    }
    put_sums(&list->json, &file->sums, list->detail);
    xz_record_bool(&list->json, "complete", good);
    xz_record_end(&list->json);
    return good;
}

void xz_list_json_totals(struct xz_list *list)
{
    xz_record_end(&list->json);
    xz_record_object(&list->json, "totals");
    xz_record_number(&list->json, "files", list->totals.files);
    put_sums(&list->json, &list->totals, list->detail);
    xz_record_end(&list->json);
    xz_record_end(&list->json);
}
