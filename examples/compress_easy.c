// SPDX-License-Identifier: 0BSD
// Compresses standard input to an .xz file on standard output with a preset.
//
//   cc compress_easy.c -llzma -o compress_easy
//   ./compress_easy 6 < file > file.xz

#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>

/* Writes what the encoder has put into buf since it was emptied. */
static int write_out(const uint8_t *buf, size_t size)
{
    return fwrite(buf, 1, size, stdout) == size ? 0 : -1;
}

/* Feeds the encoder until the input ends. Returns LZMA_STREAM_END when all is out. */
static lzma_ret compress(lzma_stream *strm)
{
    static uint8_t in[1 << 16];
    static uint8_t out[1 << 16];
    lzma_action action = LZMA_RUN;
    lzma_ret ret = LZMA_OK;
    while (ret == LZMA_OK) {
        if (strm->avail_in == 0 && action == LZMA_RUN) {
            strm->next_in = in;
            strm->avail_in = fread(in, 1, sizeof(in), stdin);
            if (ferror(stdin))
                return LZMA_PROG_ERROR;
            if (feof(stdin))
                action = LZMA_FINISH;
        }
        strm->next_out = out;
        strm->avail_out = sizeof(out);
        ret = lzma_code(strm, action);
        if (write_out(out, sizeof(out) - strm->avail_out) != 0)
            return LZMA_PROG_ERROR;
    }
    return ret;
}

int main(int argc, char **argv)
{
    const uint32_t preset =
        argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : LZMA_PRESET_DEFAULT;
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_ret ret = lzma_easy_encoder(&strm, preset, LZMA_CHECK_CRC64);
    if (ret == LZMA_OK)
        ret = compress(&strm);
    lzma_end(&strm);
    if (ret != LZMA_STREAM_END || fflush(stdout) != 0) {
        fprintf(stderr, "compress_easy: failed with code %d\n", (int)ret);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
