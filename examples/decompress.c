// SPDX-License-Identifier: 0BSD
// Decompresses .xz, .lzma or .lz from standard input to standard output.
//
// Memory is limited, and damaged input is told from input that is only cut off.
//
//   cc decompress.c -llzma -o decompress
//   ./decompress < file.xz > file

#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>

/* More than any preset needs; hostile files may ask for 4 GiB. */
#define MEMORY_LIMIT (UINT64_C(256) << 20)

static const char *explain(lzma_ret ret)
{
    switch (ret) {
    case LZMA_FORMAT_ERROR:
        return "not an .xz, .lzma or .lz file";
    case LZMA_OPTIONS_ERROR:
        return "the file uses options that this library does not know";
    case LZMA_DATA_ERROR:
        return "the file is damaged";
    case LZMA_BUF_ERROR:
        return "the file ends too early";
    case LZMA_MEMLIMIT_ERROR:
        return "the file needs more memory than allowed";
    case LZMA_MEM_ERROR:
        return "out of memory";
    default:
        return "something is wrong";
    }
}

static lzma_ret decompress(lzma_stream *strm)
{
    static uint8_t in[1 << 16];
    static uint8_t out[1 << 16];
    lzma_action action = LZMA_RUN;
    lzma_ret ret = LZMA_OK;
    while (ret == LZMA_OK) {
        if (strm->avail_in == 0 && action == LZMA_RUN) {
            strm->next_in = in;
            strm->avail_in = fread(in, 1, sizeof(in), stdin);
            if (strm->avail_in < sizeof(in))
                action = LZMA_FINISH;
        }
        strm->next_out = out;
        strm->avail_out = sizeof(out);
        ret = lzma_code(strm, action);
        /* Also on an error: what could be decoded before it is good data. */
        const size_t size = sizeof(out) - strm->avail_out;
        if (fwrite(out, 1, size, stdout) != size)
            return LZMA_PROG_ERROR;
    }
    return ret;
}

int main(void)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_ret ret = lzma_auto_decoder(&strm, MEMORY_LIMIT, LZMA_CONCATENATED);
    if (ret == LZMA_OK)
        ret = decompress(&strm);
    if (ret != LZMA_STREAM_END)
        fprintf(stderr, "decompress: %s (after %llu bytes of output)\n", explain(ret),
                (unsigned long long)strm.total_out);
    lzma_end(&strm);
    return ret == LZMA_STREAM_END ? EXIT_SUCCESS : EXIT_FAILURE;
}
