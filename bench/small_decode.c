// SPDX-License-Identifier: 0BSD
// Small files that a liblzma decodes in a second.
//
//     small_decode LIBRARY MAKER KIND SIZE FILE
//
// KIND: setup    a decoder is opened, decodes a .xz file, and is ended
//       again    the same decoder is opened again for each .xz file
//       oneshot  lzma_stream_buffer_decode()
//       alone    as "setup", with .lzma files
//
// Library and maker are loaded by name. The maker, another liblzma, encodes with preset
// 1 what is decoded: FILES pieces of FILE, of SIZE bytes each, at different places, so
// that no processor learns them by heart; or, if FILE is "random", bytes that are
// stored. Prints files for each second of CPU time.

#include "library.h"

#include <lzma.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECONDS  0.4
#define FILES    1000
#define STEP     5003       // bytes from one piece to the next, or SIZE if that is more
#define TEXT_MAX (64 << 10) // greatest SIZE
#define PRESET   1

struct library {
    lzma_ret (*buffer_decode)(uint64_t *, uint32_t, const lzma_allocator *,
                              const uint8_t *, size_t *, size_t, uint8_t *, size_t *,
                              size_t);
    lzma_ret (*stream_decoder)(lzma_stream *, uint64_t, uint32_t);
    lzma_ret (*alone_decoder)(lzma_stream *, uint64_t);
    lzma_ret (*easy_encoder)(lzma_stream *, uint32_t, lzma_check);
    lzma_ret (*alone_encoder)(lzma_stream *, const lzma_options_lzma *);
    lzma_bool (*preset)(lzma_options_lzma *, uint32_t);
    lzma_ret (*code)(lzma_stream *, lzma_action);
    void (*end)(lzma_stream *);
};

struct file {
    uint8_t *data;
    size_t size;
};

struct work {
    struct library lib;
    char kind; // first letter of KIND, 'l' for alone
    size_t size;
    struct file files[FILES];
    uint8_t out[TEXT_MAX];
};

static struct library load(const char *path)
{
    void *handle = open_library(path);
    struct library lib;
    *(void **)&lib.buffer_decode = symbol(handle, "lzma_stream_buffer_decode");
    *(void **)&lib.stream_decoder = symbol(handle, "lzma_stream_decoder");
    *(void **)&lib.alone_decoder = symbol(handle, "lzma_alone_decoder");
    *(void **)&lib.easy_encoder = symbol(handle, "lzma_easy_encoder");
    *(void **)&lib.alone_encoder = symbol(handle, "lzma_alone_encoder");
    *(void **)&lib.preset = symbol(handle, "lzma_lzma_preset");
    *(void **)&lib.code = symbol(handle, "lzma_code");
    *(void **)&lib.end = symbol(handle, "lzma_end");
    return lib;
}

/* SIZE bytes of each piece, one after another. */
static uint8_t *read_pieces(const char *path, size_t size)
{
    uint8_t *data = malloc(FILES * size);
    if (data == NULL)
        fail("no memory");
    if (strcmp(path, "random") == 0) {
        for (size_t i = 0; i < FILES * size; ++i)
            data[i] = (uint8_t)(random() >> 7);
        return data;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail(path);
    for (size_t i = 0; i < FILES; ++i) {
        if (fseek(file, (long)(i * (size > STEP ? size : STEP)), SEEK_SET) != 0
            || fread(data + i * size, 1, size, file) != size)
            fail("the file is too short");
    }
    fclose(file);
    return data;
}

static struct file encode(const struct library *maker, bool is_alone,
                          const uint8_t *text, size_t size)
{
    const size_t room = 2 * size + 4096;
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_options_lzma options;
    if (maker->preset(&options, PRESET))
        fail("lzma_lzma_preset");
    const lzma_ret ret = is_alone
                             ? maker->alone_encoder(&strm, &options)
                             : maker->easy_encoder(&strm, PRESET, LZMA_CHECK_CRC64);
    struct file made = {malloc(room), 0};
    strm.next_in = text;
    strm.avail_in = size;
    strm.next_out = made.data;
    strm.avail_out = room;
    if (ret != LZMA_OK || made.data == NULL
        || maker->code(&strm, LZMA_FINISH) != LZMA_STREAM_END)
        fail("the maker cannot encode");
    made.size = (size_t)strm.total_out;
    maker->end(&strm);
    return made;
}

static void decode_stream(struct work *w, lzma_stream *strm, const struct file *file)
{
    const lzma_ret ret = w->kind == 'l' ? w->lib.alone_decoder(strm, UINT64_MAX)
                                        : w->lib.stream_decoder(strm, UINT64_MAX, 0);
    if (ret != LZMA_OK)
        fail("a decoder cannot be opened");
    strm->next_in = file->data;
    strm->avail_in = file->size;
    strm->next_out = w->out;
    strm->avail_out = TEXT_MAX;
    if (w->lib.code(strm, LZMA_FINISH) != LZMA_STREAM_END || strm->total_out != w->size)
        fail("lzma_code");
    if (w->kind != 'a')
        w->lib.end(strm);
}

static void decode_all(struct work *w)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    for (size_t i = 0; i < FILES; ++i) {
        const struct file *const file = &w->files[i];
        if (w->kind != 'o') {
            decode_stream(w, &strm, file);
            continue;
        }
        uint64_t limit = UINT64_MAX;
        size_t in_pos = 0;
        size_t out_pos = 0;
        if (w->lib.buffer_decode(&limit, 0, NULL, file->data, &in_pos, file->size,
                                 w->out, &out_pos, TEXT_MAX)
                != LZMA_OK
            || out_pos != w->size)
            fail("lzma_stream_buffer_decode");
    }
    w->lib.end(&strm);
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
    if (argc != 6)
        fail("usage: small_decode LIBRARY MAKER setup|again|oneshot|alone SIZE FILE");
    static struct work w;
    w.kind = strcmp(argv[3], "alone") == 0 ? 'l' : argv[3][0];
    w.size = (size_t)strtoul(argv[4], NULL, 10);
    if (w.size == 0 || w.size > TEXT_MAX)
        fail("SIZE is 1 to 65536");
    /* First: by the name that both have, the one that is there already would come. */
    const struct library maker = load(argv[2]);
    w.lib = load(argv[1]);
    const uint8_t *const pieces = read_pieces(argv[5], w.size);
    for (size_t i = 0; i < FILES; ++i)
        w.files[i] = encode(&maker, w.kind == 'l', pieces + i * w.size, w.size);

    decode_all(&w);
    const double start = cpu_seconds();
    size_t count = 0;
    double seconds;
    do {
        decode_all(&w);
        count += FILES;
        seconds = cpu_seconds() - start;
    } while (seconds < SECONDS);
    printf("%.1f\n", (double)count / seconds);
    return 0;
}
