// SPDX-License-Identifier: 0BSD
// Runs the assembled vectors through the public interface and compares what comes out.
//
//     vector_runner [--mt] [--upstream] [--stop] [--uncut] MANIFEST [NAME ...]
//
// Every vector is decoded in several ways that must agree: whole; whole with LZMA_RUN
// only; a byte at a time in and out; in random pieces; by the single-call function of
// its kind; with --mt also by lzma_stream_decoder_mt(). Then it is cut off after each
// of its bytes: a decoder may ask for more or complain, but never say that it is done.
//
// Rules that hold for all vectors are looked at on the way: memory behind the input
// cannot be read (a page without access follows each piece), the byte behind the
// output stays what it was, a finished decoder stays finished and a failed one says so,
// and no decoder turns around without ever taking or giving a byte. One lzma_stream
// serves all runs without lzma_end() in between, as the interface allows.
//
// --upstream honours the column "quirk", which tells where other liblzma fail. --stop
// ends at the first vector that fails, --uncut leaves out what is cut off.

#include "vector_manifest.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    OUT_SLACK = 160 * 1024, // room for output that should not be there
    CUT_ALL = 4096,         // longer inputs are cut at some places only
    CANARY = 0xA5,
    SECONDS_MAX = 120 // for one vector
};

/* How a run feeds the decoder. */
struct way {
    const char *name;
    size_t max;       // bytes in a piece at most
    bool is_random;   // pieces of 1 to max bytes
    bool is_run_only; // LZMA_RUN even with the last piece
    bool is_mt;
};

struct result {
    lzma_ret ret;
    lzma_ret events[VECTOR_EVENTS_MAX];
    size_t event_count;
    size_t out_size;
    uint64_t total_in;
    const char *mistake; // breach of a rule that holds for all vectors, or NULL
};

/* One run of a decoder. */
struct session {
    const struct vector *v;
    const struct way *way;
    size_t in_size;  // of v->in, less what is cut off
    size_t in_given; // up to here the decoder got it
    size_t piece_size;
    lzma_index *index;
    struct result result;
};

static struct {
    bool with_mt;
    bool with_quirks;
    bool stops;
    bool is_uncut;
    lzma_stream strm;
    uint8_t *piece_end; // a page without access begins here
    size_t piece_cap;
    uint8_t *out; // what the decoder wrote
    size_t out_cap;
    uint64_t noise;
    char now[160]; // vector and way, for the signal handler
    unsigned passed, failed, skipped;
    bool is_good; // so far, for the current vector
} run;

// ---------------------------------------------------------------------------------
// Helpers

static void on_signal(int number)
{
    static const char text[] = " <- crash or hang\n";
    signal(number, SIG_DFL);
    if (write(STDERR_FILENO, run.now, strlen(run.now)) < 0
        || write(STDERR_FILENO, text, sizeof(text) - 1) < 0) {
        _exit(3);
    }
    raise(number);
}

/* Marsaglia's xorshift; seeded anew for each vector. */
static size_t noise_below(size_t limit)
{
    run.noise ^= run.noise << 13;
    run.noise ^= run.noise >> 7;
    run.noise ^= run.noise << 17;
    return (size_t)(run.noise % limit);
}

/* Makes run.piece_end the end of size readable bytes. */
static void piece_reserve(size_t size)
{
    if (run.piece_end != NULL && size <= run.piece_cap) {
        return;
    }
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t body = (size / page + 1) * page;
    uint8_t *map = mmap(NULL, body + page, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED || mprotect(map + body, page, PROT_NONE) != 0) {
        vector_die("no memory", "mmap");
    }
    run.piece_end = map + body;
    run.piece_cap = body;
}

static void out_reserve(size_t size)
{
    if (size > run.out_cap) {
        free(run.out);
        run.out = vector_alloc(size + 1);
        run.out_cap = size;
    }
}

static void fail(const struct vector *v, const char *way, const char *text)
{
    printf("%s: %s: %s\n", v->name, way, text);
    run.is_good = false;
}

// ---------------------------------------------------------------------------------
// Decoders

static bool is(const struct vector *v, const char *entry)
{
    return strcmp(v->entry, entry) == 0;
}

static lzma_ret open_mt(const struct vector *v)
{
    lzma_mt options = {0};
    options.flags = v->flags;
    options.threads = 2;
    options.memlimit_threading = UINT64_MAX;
    options.memlimit_stop = v->memlimit;
    return lzma_stream_decoder_mt(&run.strm, &options);
}

static lzma_ret open_decoder(struct session *s)
{
    const struct vector *v = s->v;
    if (s->way->is_mt) {
        return open_mt(v);
    }
    if (is(v, "stream")) {
        return lzma_stream_decoder(&run.strm, v->memlimit, v->flags);
    }
    if (is(v, "auto")) {
        return lzma_auto_decoder(&run.strm, v->memlimit, v->flags);
    }
    if (is(v, "lzip")) {
        return lzma_lzip_decoder(&run.strm, v->memlimit, v->flags);
    }
    if (is(v, "alone")) {
        return lzma_alone_decoder(&run.strm, v->memlimit);
    }
    if (is(v, "index")) {
        return lzma_index_decoder(&run.strm, &s->index, v->memlimit);
    }
    if (is(v, "fileinfo")) {
        return lzma_file_info_decoder(&run.strm, &s->index, v->memlimit, s->in_size);
    }
    if (is(v, "micro")) {
        return lzma_microlzma_decoder(
            &run.strm, vector_option(v, "comp", v->in_size),
            vector_option(v, "uncomp", v->out_size), vector_option(v, "exact", 1) != 0,
            (uint32_t)vector_option(v, "dict", LZMA_DICT_SIZE_MIN));
    }
    if (is(v, "raw")) {
        return lzma_raw_decoder(&run.strm, v->filters);
    }
    vector_die("there is no entry", v->entry);
}

/* The text that vector_xz.py calls a listing, at the end of the output. */
static void print_index(struct session *s)
{
    struct result *r = &s->result;
    lzma_index_iter iter;
    char line[256];
    for (unsigned pass = 0; pass < 2; ++pass) {
        lzma_index_iter_init(&iter, s->index);
        while (!lzma_index_iter_next(&iter, pass == 0 ? LZMA_INDEX_ITER_STREAM
                                                      : LZMA_INDEX_ITER_BLOCK)) {
            char check[16] = "-";
            if (iter.stream.flags != NULL) {
                snprintf(check, sizeof(check), "%u",
                         (unsigned)iter.stream.flags->check);
            }
            if (pass == 0) {
                snprintf(line, sizeof(line),
                         "stream %" PRIu64 " check %s blocks %" PRIu64 " size %" PRIu64
                         " uncompressed %" PRIu64 " padding %" PRIu64 "\n",
                         iter.stream.number, check, iter.stream.block_count,
                         iter.stream.compressed_size, iter.stream.uncompressed_size,
                         iter.stream.padding);
            } else {
                snprintf(line, sizeof(line),
                         "block %" PRIu64 " unpadded %" PRIu64 " uncompressed %" PRIu64
                         "\n",
                         iter.block.number_in_file, iter.block.unpadded_size,
                         iter.block.uncompressed_size);
            }
            const size_t length = strlen(line);
            if (length <= run.out_cap - r->out_size) {
                memcpy(run.out + r->out_size, line, length);
                r->out_size += length;
            }
        }
    }
}

// ---------------------------------------------------------------------------------
// One run

/* Hands out the next piece of input and of room, if the last ones are used up. */
static void feed(struct session *s)
{
    const struct way *way = s->way;
    lzma_stream *strm = &run.strm;
    if (strm->avail_in == 0) {
        size_t size = way->is_random ? 1 + noise_below(way->max) : way->max;
        const size_t left = s->in_size - s->in_given;
        size = size < left ? size : left;
        uint8_t *at = run.piece_end - size;
        memset(run.piece_end - s->piece_size, 0xEE, s->piece_size); // no longer theirs
        memcpy(at, s->v->in + s->in_given, size);
        s->piece_size = size;
        strm->next_in = at;
        strm->avail_in = size;
        s->in_given += size;
    }
    if (strm->avail_out == 0) {
        const size_t size = way->is_random ? 1 + noise_below(way->max) : way->max;
        const size_t left = run.out_cap - s->result.out_size;
        strm->avail_out = size < left ? size : left;
        strm->next_out = run.out + s->result.out_size;
    }
}

/* Calls lzma_code() once and looks at what it left. */
static lzma_ret code_once(struct session *s)
{
    lzma_stream *strm = &run.strm;
    struct result *r = &s->result;
    const size_t room = strm->avail_out;
    uint8_t *const border = strm->next_out + room;
    const bool is_all = s->in_given == s->in_size && !s->way->is_run_only;
    const uint64_t in_before = strm->total_in;
    const size_t avail_before = strm->avail_in;

    *border = CANARY;
    const lzma_ret ret = lzma_code(strm, is_all ? LZMA_FINISH : LZMA_RUN);
    r->out_size += room - strm->avail_out;
    if (*border != CANARY) {
        r->mistake = "wrote behind its output buffer";
    }
    if (strm->next_out + strm->avail_out != border || strm->avail_out > room
        || strm->avail_in > avail_before
        || (strm->total_in - in_before != avail_before - strm->avail_in
            && !is(s->v, "fileinfo"))) {
        r->mistake = "next, avail and total do not agree";
    }
    return ret;
}

/* Deals with results that are no end. Returns false if it is one. */
static bool go_on(struct session *s, lzma_ret ret)
{
    struct result *r = &s->result;
    if (ret == LZMA_OK) {
        return true;
    }
    if (ret == LZMA_SEEK_NEEDED) {
        s->in_given = (size_t)run.strm.seek_pos;
        run.strm.avail_in = 0;
        if (run.strm.seek_pos > s->in_size) {
            r->mistake = "seeks behind the end of the file";
            return false;
        }
        return true;
    }
    bool is_event =
        (ret == LZMA_NO_CHECK || ret == LZMA_UNSUPPORTED_CHECK || ret == LZMA_GET_CHECK)
        && ret != s->v->ret;
    if (ret == LZMA_MEMLIMIT_ERROR && s->v->ret != ret) {
        const uint64_t need = s->way->is_mt ? UINT64_MAX : lzma_memusage(&run.strm);
        is_event = lzma_memlimit_set(&run.strm, need) == LZMA_OK;
    }
    if (is_event && r->event_count < VECTOR_EVENTS_MAX) {
        r->events[r->event_count++] = ret;
        return true;
    }
    return false;
}

/* What a decoder says that is asked once more. */
static void ask_again(struct session *s)
{
    const lzma_ret ret = s->result.ret;
    const bool is_fatal =
        ret == LZMA_DATA_ERROR || ret == LZMA_FORMAT_ERROR || ret == LZMA_OPTIONS_ERROR;
    if (ret == LZMA_STREAM_END || is_fatal) {
        feed(s);
        const lzma_ret again = code_once(s);
        if (again != (is_fatal ? LZMA_PROG_ERROR : LZMA_STREAM_END)) {
            s->result.mistake = "says something else when asked again after its end";
        }
    }
}

static struct result decode(const struct vector *v, const struct way *way, size_t size)
{
    struct session s = {.v = v, .way = way, .in_size = size};
    snprintf(run.now, sizeof(run.now), "%s: %s: %zu bytes", v->name, way->name, size);
    piece_reserve(size);
    run.strm.avail_in = 0;
    run.strm.avail_out = 0;
    s.result.ret = open_decoder(&s);
    if (s.result.ret != LZMA_OK) {
        return s.result;
    }
    size_t idle = 0;
    do {
        feed(&s);
        const uint64_t moved = run.strm.total_in + run.strm.total_out;
        s.result.ret = code_once(&s);
        const bool is_moving = moved != run.strm.total_in + run.strm.total_out;
        idle = is_moving || s.result.ret == LZMA_SEEK_NEEDED ? 0 : idle + 1;
        if (idle > 1000) {
            s.result.mistake = "neither takes nor gives, and does not say so";
        }
    } while (s.result.mistake == NULL && go_on(&s, s.result.ret));
    s.result.total_in = run.strm.total_in;
    if (s.result.mistake == NULL) {
        ask_again(&s);
    }
    if (s.index != NULL) {
        if (s.result.ret == LZMA_STREAM_END) {
            print_index(&s);
        }
        lzma_index_end(s.index, NULL);
    }
    return s.result;
}

// ---------------------------------------------------------------------------------
// Comparing

static bool is_prefix(const struct vector *v, size_t size)
{
    return size <= v->out_size && memcmp(run.out, v->out, size) == 0;
}

static bool are_events_right(const struct vector *v, const struct result *r)
{
    return r->event_count <= v->event_count
           && memcmp(r->events, v->events, r->event_count * sizeof(v->events[0])) == 0;
}

static void compare(const struct vector *v, const struct way *way,
                    const struct result *r)
{
    char text[200];
    if (r->mistake != NULL) {
        fail(v, way->name, r->mistake);
    }
    if (r->ret != v->ret) {
        snprintf(text, sizeof(text), "%s, not %s", vector_ret_name(r->ret),
                 vector_ret_name(v->ret));
        fail(v, way->name, text);
    } else if (r->event_count != v->event_count || !are_events_right(v, r)) {
        fail(v, way->name, "other events before the end");
    }
    if (v->mode == VECTOR_EXACT && r->out_size != v->out_size) {
        snprintf(text, sizeof(text), "%zu bytes of output, not %zu", r->out_size,
                 v->out_size);
        fail(v, way->name, text);
    } else if (v->mode != VECTOR_ANY && !is_prefix(v, r->out_size)) {
        fail(v, way->name, "the output differs");
    }
    if (r->ret == LZMA_STREAM_END && v->is_used_known && r->total_in != v->used
        && !is(v, "fileinfo")) {
        snprintf(text, sizeof(text), "took %" PRIu64 " bytes, not %" PRIu64,
                 r->total_in, v->used);
        fail(v, way->name, text);
    }
}

/* Whether ret may come of the first size bytes of a vector. */
static bool is_cut_ret(const struct vector *v, lzma_ret ret, size_t size)
{
    if (ret == LZMA_BUF_ERROR || (ret == v->ret && ret != LZMA_STREAM_END)) {
        return true;
    }
    if (is(v, "fileinfo")) { // which is another file then
        return ret == LZMA_DATA_ERROR || ret == LZMA_FORMAT_ERROR
               || ret == LZMA_OPTIONS_ERROR || ret == LZMA_STREAM_END;
    }
    if (v->is_cut_freely) { // complete Streams, or incomplete padding
        return ret == LZMA_STREAM_END || ret == LZMA_DATA_ERROR;
    }
    return ret == LZMA_STREAM_END && v->ret == LZMA_STREAM_END
           && (!v->is_used_known || size >= v->used);
}

static void compare_cut(const struct vector *v, const struct way *way, size_t size)
{
    char text[200];
    const struct result r = decode(v, way, size);
    if (r.mistake != NULL) {
        snprintf(text, sizeof(text), "cut off at %zu: %s", size, r.mistake);
        fail(v, way->name, text);
    }
    if (!is_cut_ret(v, r.ret, size) || !are_events_right(v, &r)) {
        snprintf(text, sizeof(text), "cut off at %zu: %s", size,
                 vector_ret_name(r.ret));
        fail(v, way->name, text);
    }
    if (v->mode != VECTOR_ANY && !is(v, "fileinfo") && !is_prefix(v, r.out_size)) {
        snprintf(text, sizeof(text), "cut off at %zu: the output differs", size);
        fail(v, way->name, text);
    }
}

// ---------------------------------------------------------------------------------
// Single calls

/* lzma_stream_buffer_decode() and lzma_raw_buffer_decode(): all or nothing. What asks
   for more input is an error here, of one kind or the other. */
static void single_call(const struct vector *v)
{
    static const struct way way = {.name = "single call"};
    uint64_t memlimit = v->memlimit;
    size_t in_pos = 0, out_pos = 0;
    lzma_ret ret;
    if (v->event_count > 0 || (v->flags & LZMA_TELL_ANY_CHECK) != 0) {
        return;
    }
    snprintf(run.now, sizeof(run.now), "%s: %s", v->name, way.name);
    piece_reserve(v->in_size);
    uint8_t *in = run.piece_end - v->in_size;
    memcpy(in, v->in, v->in_size);
    if (is(v, "stream")) {
        ret = lzma_stream_buffer_decode(&memlimit, v->flags, NULL, in, &in_pos,
                                        v->in_size, run.out, &out_pos, run.out_cap);
    } else {
        ret = lzma_raw_buffer_decode(v->filters, NULL, in, &in_pos, v->in_size, run.out,
                                     &out_pos, run.out_cap);
    }
    if (v->ret == LZMA_STREAM_END) {
        if (ret != LZMA_OK || in_pos != v->used || out_pos != v->out_size
            || !is_prefix(v, out_pos)) {
            fail(v, way.name, vector_ret_name(ret));
        }
        return;
    }
    const bool is_more =
        v->ret == LZMA_BUF_ERROR && (ret == LZMA_BUF_ERROR || ret == LZMA_DATA_ERROR);
    if (ret != v->ret && !is_more) {
        fail(v, way.name, vector_ret_name(ret));
    }
    if (in_pos != 0 || out_pos != 0) {
        fail(v, way.name, "moved its positions in spite of an error");
    }
}

// ---------------------------------------------------------------------------------
// Vectors

static void run_ways(const struct vector *v)
{
    static const struct way ways[] = {
        {"whole", SIZE_MAX, false, false, false},
        {"whole, RUN only", SIZE_MAX, false, true, false},
        {"bytes", 1, false, false, false},
        {"pieces", 40, true, false, false},
        {"large pieces", 5000, true, false, false},
        {"threads, whole", SIZE_MAX, false, false, true},
        {"threads, bytes", 1, false, false, true},
        {"threads, pieces", 40, true, false, true},
    };
    for (unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); ++i) {
        const struct way *way = &ways[i];
        const bool is_split = way->max != SIZE_MAX;
        if ((way->is_mt && (!run.with_mt || !is(v, "stream")))
            || (way->is_run_only && (v->flags & LZMA_CONCATENATED) != 0)
            || (is_split && run.with_quirks && v->has_split_quirk)) {
            continue;
        }
        const struct result r = decode(v, way, v->in_size);
        compare(v, way, &r);
    }
    if (is(v, "stream") || is(v, "raw")) {
        single_call(v);
    }
}

static void run_cuts(const struct vector *v)
{
    static const struct way way = {.name = "cut", .max = SIZE_MAX};
    for (size_t size = 0; size < v->in_size && run.is_good; ++size) {
        compare_cut(v, &way, size);
        const bool is_border = size < 64 || size + 64 > v->in_size;
        if (v->in_size > CUT_ALL && !is_border) {
            size += noise_below(v->in_size / 50);
        }
    }
}

static void run_vector(const struct vector *v)
{
    run.is_good = true;
    run.noise = 0x9E3779B97F4A7C15;
    for (const char *at = v->name; *at != '\0'; ++at) {
        run.noise = run.noise * 31 + (unsigned char)*at;
    }
    out_reserve(v->out_size + OUT_SLACK);
    alarm(SECONDS_MAX);
    run_ways(v);
    if (!run.is_uncut) {
        run_cuts(v);
    }
    alarm(0);
    if (run.is_good) {
        ++run.passed;
    } else {
        ++run.failed;
    }
}

static bool is_wanted(const struct vector *v, char *names[])
{
    for (unsigned i = 0; names[i] != NULL; ++i) {
        if (strcmp(names[i], v->name) == 0) {
            return true;
        }
    }
    return names[0] == NULL;
}

static void run_manifest(const char *path, char *names[])
{
    char line[4096];
    char dir[4096];
    snprintf(dir, sizeof(dir), "%s", path);
    char *slash = strrchr(dir, '/');
    snprintf(slash == NULL ? dir : slash, 3, "%s", slash == NULL ? "." : "/");
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        vector_die("cannot open", path);
    }
    while (fgets(line, sizeof(line), file) != NULL && !(run.stops && run.failed > 0)) {
        struct vector *v = vector_read(line, dir);
        if (v == NULL) {
            continue;
        }
        if (v->since > lzma_version_number()) {
            ++run.skipped;
        } else if (is_wanted(v, names)) {
            run_vector(v);
        }
        vector_free(v);
    }
    fclose(file);
}

int main(int argc, char *argv[])
{
    int first = 1;
    for (; first < argc && strncmp(argv[first], "--", 2) == 0; ++first) {
        if (strcmp(argv[first], "--mt") == 0) {
            run.with_mt = true;
        } else if (strcmp(argv[first], "--upstream") == 0) {
            run.with_quirks = true;
        } else if (strcmp(argv[first], "--stop") == 0) {
            run.stops = true;
        } else if (strcmp(argv[first], "--uncut") == 0) {
            run.is_uncut = true;
        } else {
            vector_die("unknown option", argv[first]);
        }
    }
    if (first >= argc) {
        vector_die(
            "usage",
            "vector_runner [--mt] [--upstream] [--stop] [--uncut] MANIFEST [NAME ...]");
    }
    signal(SIGSEGV, on_signal);
    signal(SIGBUS, on_signal);
    signal(SIGABRT, on_signal);
    signal(SIGALRM, on_signal);
    run_manifest(argv[first], argv + first + 1);
    lzma_end(&run.strm);
    free(run.out);
    printf("%u passed, %u failed, %u skipped\n", run.passed, run.failed, run.skipped);
    return run.failed > 0 || run.passed == 0;
}
