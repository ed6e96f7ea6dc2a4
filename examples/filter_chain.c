// SPDX-License-Identifier: 0BSD
// Compresses a program file in one call, with the x86 filter and a filter string.
//
//   cc filter_chain.c -llzma -o filter_chain
//   ./filter_chain "x86 lzma2:preset=6,dict=1MiB" < program > program.xz

#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>

/* Reads all of standard input; NULL if that fails. */
static uint8_t *read_all(size_t *ret_size)
{
    size_t capacity = 1 << 16;
    size_t size = 0;
    uint8_t *buf = malloc(capacity);
    while (buf != NULL) {
        size += fread(buf + size, 1, capacity - size, stdin);
        if (size < capacity)
            break;
        uint8_t *larger = realloc(buf, capacity *= 2);
        if (larger == NULL)
            free(buf);
        buf = larger;
    }
    *ret_size = size;
    return buf;
}

int main(int argc, char **argv)
{
    const char *text = argc > 1 ? argv[1] : "x86 lzma2:preset=6";
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    int where;
    const char *error = lzma_str_to_filters(text, &where, filters, 0, NULL);
    if (error != NULL) {
        fprintf(stderr, "filter_chain: %s\n%*s^ %s\n", text, where + 14, "", error);
        return EXIT_FAILURE;
    }

    size_t size;
    uint8_t *in = read_all(&size);
    const size_t bound = lzma_stream_buffer_bound(size);
    uint8_t *out = malloc(bound);
    size_t out_size = 0;
    lzma_ret ret = LZMA_MEM_ERROR;
    if (in != NULL && out != NULL)
        ret = lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32, NULL, in, size, out,
                                        &out_size, bound);
    if (ret == LZMA_OK && fwrite(out, 1, out_size, stdout) != out_size)
        ret = LZMA_PROG_ERROR;
    if (ret != LZMA_OK)
        fprintf(stderr, "filter_chain: failed with code %d\n", (int)ret);
    lzma_filters_free(filters, NULL);
    free(in);
    free(out);
    return ret == LZMA_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
