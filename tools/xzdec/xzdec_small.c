// SPDX-License-Identifier: 0BSD
// Decodes .xz from standard input to standard output, with the minimal library.

/*
 * For an initramfs, a boot loader's build, a router: no options, no files, no malloc().
 * All memory is set apart when the program is built (XZDEC_DICT_MAX); a file that asks
 * for more is refused with status 1, as is a damaged one. Files of xz -6 have a
 * dictionary of 8 MiB, those of xz -9 one of 64 MiB.
 */

#include <clearxz.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE 16384

static unsigned char memory[CLEARXZ_DECODER_MEMORY(XZDEC_DICT_MAX)];
static unsigned char in[BUFFER_SIZE];
static unsigned char out[BUFFER_SIZE];

static int write_out(size_t size)
{
    for (size_t pos = 0; pos < size;) {
        ssize_t put = write(STDOUT_FILENO, out + pos, size - pos);
        if (put >= 0)
            pos += (size_t)put;
        else if (errno != EINTR)
            return 0;
    }
    return 1;
}

static int say(const char *why)
{
    static const char name[] = "xzdec: ";
    if (write(STDERR_FILENO, name, sizeof(name) - 1) >= 0
        && write(STDERR_FILENO, why, strlen(why)) >= 0)
        (void)!write(STDERR_FILENO, "\n", 1);
    return 1;
}

static const char *text_of(lzma_ret ret)
{
    switch ((int)ret) {
    case LZMA_MEM_ERROR:
        return "The file needs more memory than this program has";
    case LZMA_FORMAT_ERROR:
        return "File format not recognized";
    case LZMA_OPTIONS_ERROR:
        return "Unsupported options";
    case LZMA_BUF_ERROR:
        return "Unexpected end of input";
    default:
        return "Compressed data is corrupt";
    }
}

int main(int argc, char **argv)
{
    static const lzma_stream new_stream = LZMA_STREAM_INIT;
    lzma_stream strm = new_stream;
    lzma_action action = LZMA_RUN;
    clearxz_arena arena;
    (void)argv;
    if (argc > 1)
        return say(
            "Takes no arguments: decodes .xz from standard input to standard output");
    clearxz_arena_init(&arena, memory, sizeof(memory));
    strm.allocator = &arena.allocator;
    lzma_ret ret = lzma_stream_decoder(&strm, UINT64_MAX, LZMA_CONCATENATED);
    while (ret == LZMA_OK) {
        if (strm.avail_in == 0 && action == LZMA_RUN) {
            ssize_t got = read(STDIN_FILENO, in, BUFFER_SIZE);
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                return say("Cannot read");
            strm.next_in = in;
            strm.avail_in = (size_t)got;
            if (got == 0)
                action = LZMA_FINISH;
        }
        strm.next_out = out;
        strm.avail_out = BUFFER_SIZE;
        ret = lzma_code(&strm, action);
        if (!write_out(BUFFER_SIZE - strm.avail_out))
            return say("Cannot write");
    }
    return ret == LZMA_STREAM_END ? 0 : say(text_of(ret));
}
