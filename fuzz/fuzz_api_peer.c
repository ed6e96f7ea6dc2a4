// SPDX-License-Identifier: 0BSD
// Any sequence of calls that keep no coder gives what the machine's liblzma gives:
// integers, headers, Filter Flags, filter strings, Indexes, buffers.
//
// Each step draws its arguments, makes the calls in two worlds, one a library, and
// compares all that they tell. What may differ is left out: docs/compatibility.md, 1 to
// 8 (Index and headers), 12, 14 and 16 (where damaged data stops), 15 (memory), and the
// words of messages, which are those of 5.8. riscv is not known to liblzma 5.4.

#include "peer_calls.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPORT_MAX 70000
#define INDEXES    2

/* What one library has made so far, and what its latest calls told. */
struct world {
    const struct fuzz_calls *c;
    lzma_index *indexes[INDEXES];
    lzma_index_hash *hash;
    size_t report_size;
    uint8_t report[REPORT_MAX];
};

/* What a step draws. */
struct draw {
    const uint8_t *data;
    size_t size;
    uint32_t numbers[6]; // bytes
    uint64_t sizes[2];   // below 2^40
};

static void tell(struct world *w, const void *bytes, size_t size)
{
    const size_t room = sizeof(w->report) - w->report_size;
    const size_t count = size < room ? size : room;
    if (count > 0)
        memcpy(w->report + w->report_size, bytes, count);
    w->report_size += count;
}

static void tell_number(struct world *w, uint64_t number)
{
    tell(w, &number, sizeof(number));
}

/* Returns true if ret is LZMA_OK. Which error it is counts unless may_differ. */
static bool tell_ret(struct world *w, lzma_ret ret, bool may_differ)
{
    tell_number(w, may_differ && ret != LZMA_OK ? LZMA_PROG_ERROR : ret);
    return ret == LZMA_OK;
}

/* ---- Integers, flags, headers ---- */

static void do_vli(struct world *w, const struct draw *d)
{
    uint8_t out[16] = {0};
    size_t pos = 0;
    size_t whole = 0;
    lzma_vli value = d->sizes[0];
    lzma_vli decoded = 0;
    const size_t room = d->numbers[0] % 12;
    bool in_pieces = d->numbers[1] % 2 == 1;
    lzma_ret ret = w->c->vli_encode(value, in_pieces ? &whole : NULL, out, &pos, room);
    tell_number(w, ret);
    if (ret != LZMA_PROG_ERROR) {
        tell_number(w, pos);
        tell(w, out, pos);
    }
    tell_number(w, w->c->vli_size(value));
    pos = whole = 0;
    ret = w->c->vli_decode(&decoded, in_pieces ? &whole : NULL, d->data, &pos, d->size);
    tell_number(w, ret);
    if (ret == LZMA_OK || ret == LZMA_STREAM_END) {
        tell_number(w, pos);
        tell_number(w, decoded);
    }
}

/* What a chain is, by its Filter Flags. */
static void tell_filters(struct world *w, const lzma_filter *filters)
{
    for (; filters->id != LZMA_VLI_UNKNOWN; ++filters) {
        uint32_t size = 0;
        uint8_t out[64] = {0};
        size_t pos = 0;
        tell_number(w, filters->id);
        const lzma_ret ret = w->c->filter_flags_size(&size, filters);
        if (!tell_ret(w, ret, false) || size > sizeof(out))
            continue;
        tell_number(w, size);
        tell_ret(w, w->c->filter_flags_encode(filters, out, &pos, sizeof(out)), false);
        tell(w, out, pos);
    }
    tell_number(w, w->c->raw_decoder_memusage(filters) == UINT64_MAX);
}

static void do_filter_flags(struct world *w, const struct draw *d)
{
    lzma_filter filters[2] = {{LZMA_VLI_UNKNOWN, NULL}, {LZMA_VLI_UNKNOWN, NULL}};
    size_t pos = 0;
    if (d->size > 0 && d->data[0] == LZMA_FILTER_RISCV)
        return;
    const lzma_ret ret =
        w->c->filter_flags_decode(filters, NULL, d->data, &pos, d->size);
    if (tell_ret(w, ret, false)) {
        tell_number(w, pos);
        tell_filters(w, filters);
        w->c->filters_free(filters, NULL);
    }
}

static void do_stream_flags(struct world *w, const struct draw *d)
{
    uint8_t field[LZMA_STREAM_HEADER_SIZE] = {0};
    lzma_stream_flags a = {.version = d->numbers[0] / 250};
    lzma_stream_flags b = {.version = 0};
    a.backward_size = d->sizes[0];
    a.check = (lzma_check)(d->numbers[1] % 18);
    if (tell_ret(w, w->c->stream_header_encode(&a, field), false))
        tell(w, field, sizeof(field));
    if (tell_ret(w, w->c->stream_footer_encode(&a, field), false))
        tell(w, field, sizeof(field));
    if (d->size < sizeof(field))
        return;
    memcpy(field, d->data, sizeof(field));
    const bool is_header = d->numbers[2] % 2 == 1;
    const lzma_ret ret = is_header ? w->c->stream_header_decode(&b, field)
                                   : w->c->stream_footer_decode(&b, field);
    if (!tell_ret(w, ret, false))
        return;
    tell_number(w, b.check);
    tell_number(w, b.backward_size);
    tell_number(w, w->c->stream_flags_compare(&a, &b));
    tell_number(w, w->c->stream_flags_compare(&b, &b));
}

/* The bytes of a Block Header, with the right CRC32 at its end. */
static bool make_header(const struct draw *d,
                        uint8_t header[LZMA_BLOCK_HEADER_SIZE_MAX], lzma_block *block)
{
    if (d->size == 0 || d->data[0] == 0)
        return false;
    block->header_size = lzma_block_header_size_decode(d->data[0]);
    if (d->size < block->header_size)
        return false;
    const uint32_t body = block->header_size - 4;
    memcpy(header, d->data, body);
    const uint32_t crc = lzma_crc32(header, body, 0);
    for (int i = 0; i < 4; ++i)
        header[body + i] = (uint8_t)(crc >> 8 * i);
    return true;
}

static void do_block_header(struct world *w, const struct draw *d)
{
    uint8_t header[LZMA_BLOCK_HEADER_SIZE_MAX];
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    lzma_block block = {.version = d->numbers[0] % 3, .filters = filters};
    block.check = (lzma_check)(d->numbers[1] % 18);
    if (!make_header(d, header, &block)
        || memchr(header, LZMA_FILTER_RISCV, block.header_size) != NULL)
        return;
    if (!tell_ret(w, w->c->block_header_decode(&block, NULL, header), false))
        return;
    tell_number(w, block.compressed_size);
    tell_number(w, block.uncompressed_size);
    tell_number(w, block.ignore_check);
    tell_filters(w, filters);
    tell_number(w, w->c->block_unpadded_size(&block));
    tell_number(w, w->c->block_total_size(&block));
    block.uncompressed_size = d->numbers[2] % 2 ? d->sizes[1] : LZMA_VLI_UNKNOWN;
    if (tell_ret(w, w->c->block_header_size(&block), false)) {
        tell_number(w, block.header_size);
        tell_number(w, w->c->block_header_encode(&block, header));
        tell(w, header, block.header_size);
    }
    tell_number(w, w->c->block_compressed_size(&block, d->sizes[0]));
    tell_number(w, block.compressed_size);
    w->c->filters_free(filters, NULL);
}

/* ---- Filter strings ---- */

/* Random words, or the bytes themselves. */
static void make_text(const struct draw *d, char text[600])
{
    static const char *const words[] = {
        "lzma2", "lzma1", "x86",  "delta",  "arm64",  ":",       "=",
        ",",     " ",     "--",   "dict",   "preset", "lc",      "lp",
        "pb",    "mf",    "bt4",  "hc3",    "nice",   "depth",   "dist",
        "start", "4KiB",  "1MiB", "6",      "9e",     "0",       "273",
        "16",    "mode",  "fast", "normal", "-",      "powerpc", "1537Mi",
        "sparc", "64k",   "e",    "ia64",   "dict=",  "lc=4"};
    const size_t count = sizeof(words) / sizeof(words[0]);
    size_t size = 0;
    for (size_t i = 0; i < d->size && i < 40; ++i) {
        const uint8_t byte = d->data[i];
        const char single[2] = {(char)byte, '\0'};
        const char *const word = byte < 0x80 ? single : words[(byte - 0x80U) % count];
        memcpy(text + size, word, strlen(word));
        size += strlen(word);
    }
    text[size] = '\0';
}

static void do_string(struct world *w, const struct draw *d)
{
    char text[600];
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    static const uint32_t all[] = {LZMA_STR_ALL_FILTERS, LZMA_STR_NO_VALIDATION, 0,
                                   LZMA_STR_ALL_FILTERS | LZMA_STR_NO_VALIDATION};
    static const uint32_t shown[] = {0, LZMA_STR_ENCODER, LZMA_STR_DECODER,
                                     LZMA_STR_ENCODER | LZMA_STR_GETOPT_LONG,
                                     LZMA_STR_DECODER | LZMA_STR_NO_SPACES};
    make_text(d, text);
    const char *const error =
        w->c->str_to_filters(text, NULL, filters, all[d->numbers[0] % 4], NULL);
    tell_number(w, error == NULL);
    if (error != NULL)
        return;
    char *again = NULL;
    const lzma_ret ret =
        w->c->str_from_filters(&again, filters, shown[d->numbers[1] % 5], NULL);
    if (tell_ret(w, ret, false))
        tell(w, again, strlen(again));
    free(again);
    tell_filters(w, filters);
    w->c->filters_free(filters, NULL);
}

/* ---- Index ---- */

static void tell_index(struct world *w, const lzma_index *index)
{
    const struct fuzz_calls *const c = w->c;
    tell_number(w, c->index_stream_count(index));
    tell_number(w, c->index_block_count(index));
    tell_number(w, c->index_size(index));
    tell_number(w, c->index_stream_size(index));
    tell_number(w, c->index_total_size(index));
    tell_number(w, c->index_file_size(index));
    tell_number(w, c->index_uncompressed_size(index));
}

static void tell_place(struct world *w, const lzma_index_iter *iter)
{
    tell(w, &iter->stream.number, 7 * sizeof(lzma_vli));
    if (iter->stream.block_count > 0)
        tell(w, &iter->block.number_in_file, 9 * sizeof(lzma_vli));
}

static void do_index_walk(struct world *w, const struct draw *d)
{
    const lzma_index *const index = w->indexes[d->numbers[0] % INDEXES];
    static const lzma_index_iter_mode modes[] = {
        LZMA_INDEX_ITER_ANY, LZMA_INDEX_ITER_STREAM, LZMA_INDEX_ITER_BLOCK,
        LZMA_INDEX_ITER_NONEMPTY_BLOCK};
    lzma_index_iter iter;
    w->c->index_iter_init(&iter, index);
    for (uint32_t i = 0; i < d->numbers[1] % 40; ++i) {
        const bool is_over =
            w->c->index_iter_next(&iter, modes[(i + d->numbers[2]) % 4]);
        tell_number(w, is_over);
        if (!is_over)
            tell_place(w, &iter);
    }
    w->c->index_iter_rewind(&iter);
    const lzma_vli size = w->c->index_uncompressed_size(index);
    const lzma_vli target = size == 0 ? d->sizes[0] : d->sizes[0] % (size + 1);
    const bool is_outside = w->c->index_iter_locate(&iter, target);
    tell_number(w, is_outside);
    if (!is_outside)
        tell_place(w, &iter);
}

static void do_index(struct world *w, const struct draw *d)
{
    lzma_index **const one = &w->indexes[d->numbers[0] % INDEXES];
    lzma_index **const other = &w->indexes[(d->numbers[0] + 1) % INDEXES];
    lzma_stream_flags flags = {.version = 0};
    flags.backward_size = d->numbers[1] % 2 ? LZMA_VLI_UNKNOWN : d->sizes[1] & ~3ULL;
    flags.check = (lzma_check)(d->numbers[2] % 17);
    switch (d->numbers[3] % 8) {
    case 0:
        tell_number(w, w->c->index_stream_flags(*one, &flags));
        break;
    case 1:
        tell_number(w, w->c->index_stream_padding(*one, d->sizes[0]));
        break;
    case 2:
        if (tell_ret(w, w->c->index_cat(*one, *other, NULL), false))
            *other = w->c->index_init(NULL);
        break;
    case 3: { // its Checks differ
        lzma_index *const copy = w->c->index_dup(*one, NULL);
        tell_index(w, copy);
        w->c->index_end(copy, NULL);
        break;
    }
    case 4:
        w->c->index_end(*one, NULL);
        *one = w->c->index_init(NULL);
        break;
    default:
        for (uint32_t i = 0; i < d->numbers[1] % 8; ++i)
            tell_number(w, w->c->index_append(*one, NULL, d->sizes[0] + i,
                                              d->sizes[1] >> d->numbers[2] % 40));
        break;
    }
    tell_number(w, w->c->index_checks(*one));
    tell_index(w, *one);
}

static void do_index_bytes(struct world *w, const struct draw *d)
{
    uint8_t *const out = malloc(REPORT_MAX);
    FUZZ_MUST(out != NULL);
    size_t pos = 0;
    const size_t room = d->numbers[1] % 8 ? REPORT_MAX : d->numbers[2];
    lzma_index *const index = w->indexes[d->numbers[0] % INDEXES];
    const bool is_one = w->c->index_stream_count(index) == 1;
    if (tell_ret(w, w->c->index_buffer_encode(index, out, &pos, room), false))
        tell(w, out, pos);
    free(out);
    if (!is_one)
        return;
    lzma_index *decoded = NULL;
    uint64_t limit = FUZZ_MEMLIMIT; // the peer believes any number of Records
    pos = 0;
    const lzma_ret ret =
        w->c->index_buffer_decode(&decoded, &limit, NULL, d->data, &pos, d->size);
    if (tell_ret(w, ret, true)) {
        tell_number(w, pos);
        tell_index(w, decoded);
        w->c->index_end(decoded, NULL);
    }
}

static void do_hash(struct world *w, const struct draw *d)
{
    size_t pos = 0;
    if (d->numbers[0] % 8 == 0)
        w->hash = w->c->index_hash_init(w->hash, NULL);
    for (uint32_t i = 0; i < d->numbers[1] % 4; ++i)
        tell_number(w, w->c->index_hash_append(w->hash, d->sizes[0] % 1000 + 5 * i,
                                               d->sizes[1] % 1000));
    tell_number(w, w->c->index_hash_size(w->hash));
    if (d->numbers[2] % 4 != 0)
        return;
    const lzma_ret ret = w->c->index_hash_decode(w->hash, d->data, &pos, d->size);
    /* Records that differ from the Blocks: found before the CRC32 or behind it. */
    tell_number(w, ret == LZMA_DATA_ERROR ? LZMA_OK : ret);
    if (ret == LZMA_STREAM_END)
        tell_number(w, pos);
    w->hash = w->c->index_hash_init(w->hash, NULL);
}

/* ---- Buffers ---- */

static void do_stream_buffer(struct world *w, const struct draw *d)
{
    if (fuzz_may_have_riscv(d->data, d->size))
        return;
    uint8_t *const out = malloc(REPORT_MAX);
    FUZZ_MUST(out != NULL);
    uint64_t limit = UINT64_MAX;
    size_t in_pos = 0;
    size_t out_pos = 0;
    const size_t room = d->numbers[0] % 4 ? REPORT_MAX / 2 : d->numbers[1] * 16;
    static const uint32_t flags[] = {0, LZMA_CONCATENATED, LZMA_TELL_NO_CHECK,
                                     LZMA_IGNORE_CHECK};
    const lzma_ret ret =
        w->c->stream_buffer_decode(&limit, flags[d->numbers[2] % 4], NULL, d->data,
                                   &in_pos, d->size, out, &out_pos, room);
    const bool may_differ = ret == LZMA_DATA_ERROR || ret == LZMA_BUF_ERROR;
    if (tell_ret(w, ret, may_differ))
        tell(w, out, out_pos);
    tell_number(w, in_pos);
    tell_number(w, out_pos);
    free(out);
}

static void do_raw_buffer(struct world *w, const struct draw *d)
{
    uint8_t *const out = malloc(REPORT_MAX);
    FUZZ_MUST(out != NULL);
    lzma_options_lzma options = {.dict_size = 4096, .lc = 3, .pb = 2};
    lzma_options_delta delta = {.dist = 1 + d->numbers[3]};
    const lzma_filter filters[] = {{LZMA_FILTER_DELTA, &delta},
                                   {LZMA_FILTER_LZMA2, &options},
                                   {LZMA_VLI_UNKNOWN, NULL}};
    size_t in_pos = 0;
    size_t out_pos = 0;
    const size_t room = d->numbers[0] % 4 ? REPORT_MAX / 2 : d->numbers[1] * 16;
    const lzma_ret ret =
        w->c->raw_buffer_decode(filters + d->numbers[2] % 2, NULL, d->data, &in_pos,
                                d->size, out, &out_pos, room);
    if (tell_ret(w, ret, true))
        tell(w, out, out_pos);
    tell_number(w, in_pos);
    tell_number(w, out_pos);
    free(out);
}

static void do_numbers(struct world *w, const struct draw *d)
{
    tell_number(w, w->c->stream_buffer_bound((size_t)d->sizes[0]) > 0);
    tell_number(w, w->c->check_size((lzma_check)(d->numbers[0] % 20)));
    tell_number(w, w->c->check_is_supported((lzma_check)(d->numbers[0] % 20)));
    tell_number(w, w->c->crc32(d->data, d->size, d->numbers[1]));
    tell_number(w, w->c->crc64(d->data, d->size, d->sizes[1]));
    lzma_options_lzma options = {.dict_size = 0};
    const uint32_t preset =
        d->numbers[2] % 12 | (d->numbers[3] % 2 ? LZMA_PRESET_EXTREME : 0);
    tell_number(w, w->c->lzma_preset(&options, preset));
    tell(w, &options.dict_size, sizeof(options.dict_size));
    tell(w, &options.lc, 5 * sizeof(uint32_t));
    tell_number(w, w->c->easy_encoder_memusage(preset) < UINT64_MAX >> 32);
}

/* ---- Sequences ---- */

struct step {
    const char *name;
    void (*run)(struct world *w, const struct draw *d);
};

static void run_step(const struct step *step, struct world worlds[2],
                     const struct draw *draw)
{
    for (int i = 0; i < 2; ++i) {
        worlds[i].report_size = 0;
        step->run(&worlds[i], draw);
    }
    const struct world *const a = &worlds[0];
    const struct world *const b = &worlds[1];
    size_t pos = 0;
    while (pos < a->report_size && pos < b->report_size
           && a->report[pos] == b->report[pos])
        ++pos;
    if (pos == a->report_size && pos == b->report_size)
        return;
    fprintf(stderr, "%s: byte %zu of %zu or %zu that it tells\n", step->name, pos,
            a->report_size, b->report_size);
    FUZZ_MUST(false);
}

static void open_world(struct world *w, const struct fuzz_calls *calls)
{
    w->c = calls;
    for (int i = 0; i < INDEXES; ++i)
        w->indexes[i] = calls->index_init(NULL);
    w->hash = calls->index_hash_init(NULL, NULL);
    FUZZ_MUST(w->indexes[0] != NULL && w->indexes[1] != NULL && w->hash != NULL);
}

static void close_world(struct world *w)
{
    for (int i = 0; i < INDEXES; ++i)
        w->c->index_end(w->indexes[i], NULL);
    w->c->index_hash_end(w->hash, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct step steps[] = {
        {"vli", do_vli},
        {"filter flags", do_filter_flags},
        {"stream flags", do_stream_flags},
        {"block header", do_block_header},
        {"filter string", do_string},
        {"index", do_index},
        {"index again", do_index},
        {"index walk", do_index_walk},
        {"index bytes", do_index_bytes},
        {"index hash", do_hash},
        {"stream buffer", do_stream_buffer},
        {"raw buffer", do_raw_buffer},
        {"numbers", do_numbers},
    };
    static struct world worlds[2];
    struct fuzz_feed feed = {data, size};
    open_world(&worlds[0], fuzz_our_calls());
    open_world(&worlds[1], fuzz_peer_calls());
    for (int i = 0; i < 40 && feed.size > 0; ++i) {
        const struct step *const step = &steps[fuzz_take(&feed, 13)];
        struct draw draw = {.size = 0};
        for (int j = 0; j < 6; ++j)
            draw.numbers[j] = fuzz_take(&feed, 256);
        for (int j = 0; j < 2; ++j)
            draw.sizes[j] = (uint64_t)fuzz_take(&feed, 65536)
                            << draw.numbers[4 + j] % 25;
        draw.data = feed.data;
        draw.size = feed.size;
        run_step(step, worlds, &draw);
    }
    close_world(&worlds[0]);
    close_world(&worlds[1]);
    return 0;
}
