// SPDX-License-Identifier: 0BSD
// Random access: decodes only the Block that holds a byte of the uncompressed data.
//
// The Block is found in the Index and printed from this byte on.
//
//   cc read_at.c -llzma -o read_at
//   xz -T0 --block-size=1MiB file;  ./read_at file.xz 123456 > rest-of-that-block

#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>

/* Reads the Index of every Stream in the file; NULL if there is none. */
static lzma_index *read_index(FILE *file)
{
    static uint8_t buf[1 << 13];
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_index *index = NULL;
    if (fseek(file, 0, SEEK_END) != 0)
        return NULL;
    const long file_size = ftell(file);
    rewind(file);
    if (lzma_file_info_decoder(&strm, &index, UINT64_MAX, (uint64_t)file_size)
        != LZMA_OK)
        return NULL;
    lzma_ret ret = LZMA_OK;
    while (ret == LZMA_OK || ret == LZMA_SEEK_NEEDED) {
        if (ret == LZMA_SEEK_NEEDED) {
            fseek(file, (long)strm.seek_pos, SEEK_SET);
            strm.avail_in = 0;
        }
        if (strm.avail_in == 0) {
            strm.next_in = buf;
            strm.avail_in = fread(buf, 1, sizeof(buf), file);
        }
        ret = lzma_code(&strm, LZMA_RUN);
    }
    lzma_end(&strm);
    return ret == LZMA_STREAM_END ? index : NULL;
}

/* Decodes the Block that iter is at. Returns its data, or NULL. */
static uint8_t *decode_block(FILE *file, const lzma_index_iter *iter)
{
    const size_t total_size = (size_t)iter->block.total_size;
    const size_t data_size = (size_t)iter->block.uncompressed_size;
    uint8_t *packed = malloc(total_size);
    uint8_t *data = malloc(data_size);
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    lzma_block block = {.filters = filters, .check = iter->stream.flags->check};
    lzma_ret ret = LZMA_PROG_ERROR;
    if (packed != NULL && data != NULL
        && fseek(file, (long)iter->block.compressed_file_offset, SEEK_SET) == 0
        && fread(packed, 1, total_size, file) == total_size) {
        block.header_size = lzma_block_header_size_decode(packed[0]);
        ret = lzma_block_header_decode(&block, NULL, packed);
    }
    if (ret == LZMA_OK) {
        size_t in_pos = block.header_size;
        size_t out_pos = 0;
        ret = lzma_block_compressed_size(&block, iter->block.unpadded_size);
        if (ret == LZMA_OK)
            ret = lzma_block_buffer_decode(&block, NULL, packed, &in_pos, total_size,
                                           data, &out_pos, data_size);
        lzma_filters_free(filters, NULL);
    }
    free(packed);
    if (ret == LZMA_OK)
        return data;
    free(data);
    return NULL;
}

int main(int argc, char **argv)
{
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL) {
        fprintf(stderr, "usage: read_at FILE.xz OFFSET\n");
        return EXIT_FAILURE;
    }
    int status = EXIT_FAILURE;
    const uint64_t offset = strtoull(argv[2], NULL, 10);
    lzma_index *index = read_index(file);
    lzma_index_iter iter;
    if (index != NULL)
        lzma_index_iter_init(&iter, index);
    if (index == NULL || lzma_index_iter_locate(&iter, offset)) {
        fprintf(stderr, "read_at: no such byte in %s\n", argv[1]);
    } else {
        uint8_t *data = decode_block(file, &iter);
        const size_t skip = (size_t)(offset - iter.block.uncompressed_file_offset);
        const size_t size = (size_t)iter.block.uncompressed_size - skip;
        if (data != NULL && fwrite(data + skip, 1, size, stdout) == size)
            status = EXIT_SUCCESS;
        free(data);
    }
    lzma_index_end(index, NULL);
    fclose(file);
    return status;
}
