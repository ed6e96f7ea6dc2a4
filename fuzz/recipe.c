// SPDX-License-Identifier: 0BSD
// What an encoder gets, drawn from the parameters of an input.

#include "recipe.h"
#include "support/data.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t fuzz_take_size(struct fuzz_feed *feed, uint32_t bits)
{
    return fuzz_take(feed, UINT32_C(1) << fuzz_take(feed, bits + 1));
}

/* ---- Filters ---- */

void fuzz_take_literals(struct fuzz_feed *feed, lzma_options_lzma *options)
{
    options->lc = fuzz_take(feed, 5);
    options->lp = fuzz_take(feed, 5 - options->lc);
    options->pb = fuzz_take(feed, 5);
}

static void take_options(struct fuzz_feed *feed, uint32_t dict_bits,
                         lzma_options_lzma *options)
{
    static const lzma_match_finder finders[] = {LZMA_MF_HC3, LZMA_MF_HC4, LZMA_MF_BT2,
                                                LZMA_MF_BT3, LZMA_MF_BT4};
    const uint32_t odd = fuzz_take(feed, 8);
    const uint32_t preset = fuzz_take(feed, 20);
    lzma_lzma_preset(options, preset % 10 | (preset < 10 ? 0 : LZMA_PRESET_EXTREME));
    const uint32_t is_smallest = fuzz_take(feed, 4) == 1;
    const uint32_t more = is_smallest ? 0 : fuzz_take_size(feed, dict_bits);
    if (odd > 0 || options->dict_size > UINT32_C(1) << dict_bits)
        options->dict_size = LZMA_DICT_SIZE_MIN + more;
    if (odd & 1)
        fuzz_take_literals(feed, options);
    if (odd & 2) {
        options->mf = finders[fuzz_take(feed, ARRAY_COUNT(finders))];
        options->mode = 1 + (lzma_mode)fuzz_take(feed, 2);
    }
    if (odd & 4) {
        const uint32_t nice_len = fuzz_take_size(feed, 9) + 2;
        const uint32_t least = options->mf & 0x0F;
        options->nice_len = nice_len > 273 ? 273 : nice_len < least ? least : nice_len;
        options->depth = fuzz_take_size(feed, 10);
    }
}

void fuzz_take_chain(struct fuzz_feed *feed, lzma_vli last, uint32_t dict_bits,
                     struct fuzz_chain *chain)
{
    static const lzma_vli branches[] = {
        LZMA_FILTER_X86, LZMA_FILTER_ARM64,    LZMA_FILTER_SPARC, LZMA_FILTER_RISCV,
        LZMA_FILTER_ARM, LZMA_FILTER_ARMTHUMB, LZMA_FILTER_IA64,  LZMA_FILTER_POWERPC,
    };
    take_options(feed, dict_bits, &chain->lzma);
    chain->can_flush = chain->peer_knows = true;
    size_t count = 0;
    const uint32_t before = last == LZMA_FILTER_LZMA2 ? fuzz_take(feed, 8) : 0;
    if (before == 1 || before == 3) {
        chain->delta = (lzma_options_delta){.dist = 1 + fuzz_take(feed, 256)};
        chain->filters[count++] = (lzma_filter){LZMA_FILTER_DELTA, &chain->delta};
    }
    if (before == 2 || before == 3) {
        const lzma_vli id = branches[fuzz_take(feed, ARRAY_COUNT(branches))];
        chain->filters[count++] = (lzma_filter){id, NULL};
        chain->can_flush = false;
        chain->peer_knows = id != LZMA_FILTER_RISCV;
    }
    chain->filters[count++] = (lzma_filter){last, &chain->lzma};
    chain->filters[count] = (lzma_filter){LZMA_VLI_UNKNOWN, NULL};
}

/* ---- Data ---- */

/* A program of this machine, by parts of 64 KiB; not there: zeros. */
static void fill_program(uint8_t *buf, size_t size, uint64_t seed)
{
    static uint8_t program[1 << 20];
    static size_t program_size;
    if (program_size == 0) {
        FILE *file = fopen("/usr/bin/bash", "rb");
        if (file != NULL) {
            program_size = fread(program, 1, sizeof(program), file);
            fclose(file);
        }
        if (program_size < 65536)
            program_size = sizeof(program);
    }
    const size_t start = (size_t)(seed % 16) * (program_size / 16);
    for (size_t i = 0; i < size; ++i)
        buf[i] = program[(start + i) % program_size];
}

/* A copy of what lies dist bytes back, one byte in rate changed. */
static void copy_before(uint8_t *at, size_t size, size_t dist, uint32_t rate,
                        uint64_t *state)
{
    for (size_t i = 0; i < size; ++i) {
        at[i] = (at - dist)[i];
        if (rate > 0 && random_below(state, rate) == 0)
            at[i] = (uint8_t)random_next(state);
    }
}

/* A piece behind pos bytes of data. */
static void fill_piece(struct fuzz_feed *feed, uint8_t *data, size_t pos, size_t size)
{
    const uint32_t kind = fuzz_take(feed, DATA_KIND_COUNT + 7);
    const uint32_t seed = fuzz_take(feed, 65536);
    uint64_t state = seed + 1;
    if (kind < DATA_KIND_COUNT) {
        data_kinds[kind].fill(data + pos, size, seed);
    } else if (kind < DATA_KIND_COUNT + 3 && pos > 0) {
        const uint32_t dist = fuzz_take_size(feed, 23);
        const uint32_t rate = fuzz_take_size(feed, 12);
        copy_before(data + pos, size, 1 + dist % pos, rate, &state);
    } else if (kind == DATA_KIND_COUNT + 4) {
        fill_program(data + pos, size, seed);
    } else if (kind == DATA_KIND_COUNT + 5) {
        const size_t own = size < feed->size ? size : feed->size;
        if (own > 0)
            memcpy(data + pos, feed->data, own);
    } else { // zeros, which data is already, or another byte
        memset(data + pos, kind % 2 == 0 ? 0 : (int)(seed % 256), size);
    }
}

uint8_t *fuzz_take_data(struct fuzz_feed *feed, bool is_large, size_t *ret_size)
{
    const uint32_t bits = is_large ? 21 : 6 + fuzz_take(feed, 12);
    const uint32_t pieces = fuzz_take(feed, 16);
    uint8_t *data = calloc(1, FUZZ_DATA_MAX);
    FUZZ_MUST(data != NULL);
    size_t pos = 0;
    for (uint32_t i = 0; i < pieces && pos < FUZZ_DATA_MAX; ++i) {
        size_t size = fuzz_take_size(feed, bits);
        size = size < FUZZ_DATA_MAX - pos ? size : FUZZ_DATA_MAX - pos;
        fill_piece(feed, data, pos, size);
        pos += size;
    }
    *ret_size = pos;
    return data;
}

/* ---- What comes back ---- */

void fuzz_append(struct fuzz_bytes *to, const uint8_t *data, size_t size)
{
    if (to->room - to->size < size) {
        to->room = 2 * to->room + size;
        to->data = realloc(to->data, to->room);
        FUZZ_MUST(to->data != NULL);
    }
    if (size > 0)
        memcpy(to->data + to->size, data, size);
    to->size += size;
}

void fuzz_expect(const struct fuzz_library *library, lzma_stream *strm,
                 const uint8_t *packed, size_t packed_size, uint32_t split,
                 const struct fuzz_expected *expected)
{
    const size_t step = split == 0 ? SIZE_MAX : split;
    const size_t room = expected->size + 1 < step ? expected->size + 1 : step;
    uint8_t *const out = malloc(room); // in sight of the sanitizers
    FUZZ_MUST(out != NULL);
    size_t pos = 0;
    size_t size = 0;
    lzma_ret ret = LZMA_OK;
    while (ret == LZMA_OK) {
        const size_t in_room = packed_size - pos < step ? packed_size - pos : step;
        strm->next_in = packed + pos;
        strm->avail_in = in_room;
        strm->next_out = out;
        strm->avail_out = room;
        const bool is_last = pos + in_room == packed_size;
        ret = library->code(strm, is_last ? LZMA_FINISH : LZMA_RUN);
        pos += in_room - strm->avail_in;
        const size_t count = room - strm->avail_out;
        FUZZ_MUST(count <= expected->size - size);
        FUZZ_MUST(count == 0 || memcmp(out, expected->data + size, count) == 0);
        size += count;
    }
    if (expected->is_cut)
        FUZZ_MUST(ret == LZMA_BUF_ERROR && size >= expected->size_min);
    else
        FUZZ_MUST(ret == LZMA_STREAM_END && size == expected->size
                  && pos == packed_size);
    free(out);
    library->end(strm);
}
