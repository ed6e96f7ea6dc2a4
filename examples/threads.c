// SPDX-License-Identifier: 0BSD
// Compresses or (-d) decompresses standard input with all CPUs.
//
//   cc threads.c -llzma -o threads
//   ./threads < file > file.xz;  ./threads -d < file.xz > file

#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static lzma_ret open_coder(lzma_stream *strm, int decode)
{
    lzma_mt options;
    memset(&options, 0, sizeof(options));
    options.threads = lzma_cputhreads();
    if (options.threads == 0)
        options.threads = 1;
    if (!decode) {
        options.preset = LZMA_PRESET_DEFAULT;
        options.check = LZMA_CHECK_CRC64;
        return lzma_stream_encoder_mt(strm, &options);
    }
    options.flags = LZMA_CONCATENATED;
    /* Blocks that would need more than a quarter of the memory are decoded without
       threads; nothing may need more than half of it. */
    options.memlimit_threading = lzma_physmem() / 4;
    options.memlimit_stop = lzma_physmem() / 2;
    return lzma_stream_decoder_mt(strm, &options);
}

static lzma_ret run(lzma_stream *strm)
{
    static uint8_t in[1 << 17];
    static uint8_t out[1 << 17];
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
        const size_t size = sizeof(out) - strm->avail_out;
        if (fwrite(out, 1, size, stdout) != size)
            return LZMA_PROG_ERROR;
    }
    return ret;
}

int main(int argc, char **argv)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_ret ret = open_coder(&strm, argc > 1 && strcmp(argv[1], "-d") == 0);
    if (ret == LZMA_OK)
        ret = run(&strm);
    lzma_end(&strm);
    if (ret != LZMA_STREAM_END || fflush(stdout) != 0) {
        fprintf(stderr, "threads: failed with code %d\n", (int)ret);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
