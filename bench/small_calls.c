// SPDX-License-Identifier: 0BSD
// Calls per second of a liblzma on small inputs.
//
//     small_calls LIBRARY call  PRESET SIZE FILE   lzma_easy_buffer_encode(), whole
//     small_calls LIBRARY flush PRESET SIZE FILE   LZMA_SYNC_FLUSH every SIZE bytes
//
// The library is loaded by name, so that ours and the system's are measured by the same
// program. Inputs are pieces of FILE, each at another place. Prints calls (or flushes)
// for each second of CPU time.

#include "library.h"

#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECONDS 0.5
#define FLUSHES 1000 // of one encoder

struct library {
    lzma_ret (*easy_buffer_encode)(uint32_t, lzma_check, const lzma_allocator *,
                                   const uint8_t *, size_t, uint8_t *, size_t *,
                                   size_t);
    lzma_ret (*easy_encoder)(lzma_stream *, uint32_t, lzma_check);
    lzma_ret (*code)(lzma_stream *, lzma_action);
    void (*end)(lzma_stream *);
};

struct input {
    const uint8_t *data;
    size_t size;  // of data
    size_t piece; // bytes a call
    size_t at;    // where the next piece begins
};

static struct library load(const char *path)
{
    void *handle = open_library(path);
    struct library lib;
    *(void **)&lib.easy_buffer_encode = symbol(handle, "lzma_easy_buffer_encode");
    *(void **)&lib.easy_encoder = symbol(handle, "lzma_easy_encoder");
    *(void **)&lib.code = symbol(handle, "lzma_code");
    *(void **)&lib.end = symbol(handle, "lzma_end");
    return lib;
}

static struct input read_input(const char *path, size_t piece)
{
    FILE *file = fopen(path, "rb");
    const size_t room = (size_t)4 << 20;
    uint8_t *data = malloc(room);
    if (file == NULL || data == NULL)
        fail(path);
    const size_t size = fread(data, 1, room, file);
    fclose(file);
    if (piece == 0 || size < 2 * piece)
        fail("the file is too short");
    return (struct input){data, size, piece, 0};
}

static const uint8_t *next_piece(struct input *input)
{
    if (input->at + input->piece > input->size)
        input->at = input->at % 31;
    const uint8_t *piece = input->data + input->at;
    input->at += input->piece;
    return piece;
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* One call; returns 1. */
static size_t call(const struct library *lib, uint32_t preset, struct input *input,
                   uint8_t *out, size_t out_size)
{
    size_t out_pos = 0;
    if (lib->easy_buffer_encode(preset, LZMA_CHECK_CRC64, NULL, next_piece(input),
                                input->piece, out, &out_pos, out_size)
        != LZMA_OK)
        fail("lzma_easy_buffer_encode");
    return 1;
}

/* One encoder that flushes many times; returns how many. */
static size_t flush(const struct library *lib, uint32_t preset, struct input *input,
                    uint8_t *out, size_t out_size)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    if (lib->easy_encoder(&strm, preset, LZMA_CHECK_CRC64) != LZMA_OK)
        fail("lzma_easy_encoder");
    for (size_t i = 0; i < FLUSHES; ++i) {
        strm.next_in = next_piece(input);
        strm.avail_in = input->piece;
        strm.next_out = out;
        strm.avail_out = out_size;
        if (lib->code(&strm, LZMA_SYNC_FLUSH) != LZMA_STREAM_END)
            fail("lzma_code");
    }
    lib->end(&strm);
    return FLUSHES;
}

int main(int argc, char **argv)
{
    if (argc != 6)
        fail("usage: small_calls LIBRARY call|flush PRESET SIZE FILE");
    const struct library lib = load(argv[1]);
    const uint32_t preset = (uint32_t)strtoul(argv[3], NULL, 10);
    struct input input = read_input(argv[5], (size_t)strtoul(argv[4], NULL, 10));
    const size_t out_size = 2 * input.piece + 4096;
    uint8_t *out = malloc(out_size);
    if (out == NULL)
        fail("no memory");
    size_t (*measured)(const struct library *, uint32_t, struct input *, uint8_t *,
                       size_t) = strcmp(argv[2], "flush") == 0 ? flush : call;
    const double start = cpu_seconds();
    size_t count = 0;
    double seconds;
    do {
        count += measured(&lib, preset, &input, out, out_size);
        seconds = cpu_seconds() - start;
    } while (seconds < SECONDS);
    printf("%.1f\n", (double)count / seconds);
    return 0;
}
