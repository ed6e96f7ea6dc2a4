// SPDX-License-Identifier: 0BSD
// Stress of the threaded coders: everything at random, for a given time.
//
// usage: mt_stress_test [SECONDS [SEED]]
// An argument that is no number counts for nothing.
//
// Two users work at the same time, each with an lzma_stream of its own that is ended
// and reopened at any moment. A round encodes or decodes something with random options,
// piece sizes, flushes, timeouts, limits, pauses in the input, allocations that fail,
// and damage. What comes out is compared with the data, or with what the decoder of one
// thread makes of the same bytes.
//
// A failure names the seed of its round; with 0 SECONDS only that round is run. `make
// stress-threads T=600` does this under ThreadSanitizer.

#include "support/support.h"
#include <clearxz.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define SECONDS_DEFAULT 8
#define USERS           2
#define HANG_SECONDS    240
#define DATA_MAX        ((size_t)300000)
#define FILE_COUNT      8
#define OUT_MAX         (2 * DATA_MAX)

struct bytes {
    uint8_t *data;
    size_t size;
};

struct user {
    lzma_stream strm;
    lzma_allocator allocator;
    atomic_long live;      // allocations that were not freed
    atomic_uint fail_rate; // one in so many allocations fails; 0: none
    atomic_uint_fast64_t fail_state;
    uint64_t seed;  // of the round
    uint64_t state; // of the random numbers
    uint64_t rounds;
    uint8_t *in;       // DATA_MAX
    uint8_t *out;      // OUT_MAX
    uint8_t *expected; // OUT_MAX
};

static struct user users[USERS];
static uint8_t plain[DATA_MAX];
static struct bytes files[FILE_COUNT];
static bool is_slow; // sanitizers and valgrind

/* ---- Failing ---- */

static void check(const struct user *user, bool good, const char *what, int value)
{
    if (good)
        return;
    fprintf(stderr, "mt_stress_test: %s (%d); again with: mt_stress_test 0 %llu\n",
            what, value, (unsigned long long)user->seed);
    abort();
}

static void hang(int number)
{
    static const char text[] = "mt_stress_test: a call does not return\n";
    (void)number;
    (void)!write(2, text, sizeof(text) - 1);
    for (int i = 0; i < USERS; ++i)
        fprintf(stderr, "seed %llu\n", (unsigned long long)users[i].seed);
    abort();
}

/* ---- Chance ---- */

static uint32_t below(struct user *user, uint32_t limit)
{
    return random_below(&user->state, limit);
}

static bool one_in(struct user *user, uint32_t count)
{
    return below(user, count) == 0;
}

/* A size up to limit; small ones are as likely as large ones. */
static size_t any_size(struct user *user, size_t limit)
{
    const size_t size = below(user, 2U << below(user, 20));
    return size < limit ? size : below(user, (uint32_t)limit + 1);
}

/* ---- Memory ---- */

static bool allocation_fails(struct user *user)
{
    const unsigned rate = atomic_load(&user->fail_rate);
    if (rate == 0)
        return false;
    const uint64_t step = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t mixed = atomic_fetch_add(&user->fail_state, step);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    return (mixed >> 32) % rate == 0;
}

static void *allocate(void *opaque, size_t count, size_t size)
{
    struct user *user = opaque;
    if (allocation_fails(user))
        return NULL;
    atomic_fetch_add(&user->live, 1);
    return malloc(count * size);
}

static void release(void *opaque, void *pointer)
{
    struct user *user = opaque;
    if (pointer != NULL)
        atomic_fetch_sub(&user->live, 1);
    free(pointer);
}

/* True if ret is what an allocation that failed leads to. */
static bool is_out_of_memory(struct user *user, lzma_ret ret)
{
    return ret == LZMA_MEM_ERROR && atomic_load(&user->fail_rate) != 0;
}

/* ---- Pieces ---- */

/* Input and output of a round, handed out piece by piece. */
struct feed {
    struct bytes in;
    size_t in_pos; // handed out
    size_t out_pos;
    size_t piece; // most bytes at a time
    size_t room;  // avail_out of the call
    uint64_t progress_in;
};

static struct feed start_feed(struct user *user, struct bytes in)
{
    struct feed feed = {.in = in};
    const uint32_t least = in.size > 20000 ? 6 : 0;
    feed.piece = (size_t)1 << (least + below(user, 20 - least));
    user->strm.next_in = in.data;
    user->strm.avail_in = 0;
    return feed;
}

static void give_input(struct user *user, struct feed *feed)
{
    const size_t left = feed->in.size - feed->in_pos;
    const size_t count = below(user, (uint32_t)feed->piece + 1);
    user->strm.next_in = feed->in.data + feed->in_pos;
    user->strm.avail_in = count < left ? count : left;
    feed->in_pos += user->strm.avail_in;
}

static void give_room(struct user *user, struct feed *feed, size_t out_size)
{
    const size_t left = out_size - feed->out_pos;
    const size_t count =
        one_in(user, 20) ? 0 : 1 + below(user, (uint32_t)feed->piece + 1);
    user->strm.next_out = user->out + feed->out_pos;
    user->strm.avail_out = count < left ? count : left;
}

/* One call of lzma_code(). */
static lzma_ret code(struct user *user, struct feed *feed, lzma_action action)
{
    feed->room = user->strm.avail_out;
    const lzma_ret ret = lzma_code(&user->strm, action);
    feed->out_pos = (size_t)(user->strm.next_out - user->out);
    return ret;
}

static void check_progress(struct user *user, struct feed *feed)
{
    uint64_t in;
    uint64_t out;
    lzma_get_progress(&user->strm, &in, &out);
    check(user, in <= feed->in_pos, "progress beyond the input", 0);
    check(user, in >= feed->progress_in, "progress goes back", 0);
    feed->progress_in = in;
}

/* Between rounds the stream is ended, or the next one opens it as it is. */
static void leave(struct user *user)
{
    if (one_in(user, 2))
        return;
    lzma_end(&user->strm);
    check(user, atomic_load(&user->live) == 0, "memory leaks",
          (int)atomic_load(&user->live));
}

/* ---- Chains ---- */

struct chain {
    lzma_options_lzma lzma;
    lzma_options_delta delta;
    lzma_filter filters[4];
};

static void random_chain(struct user *user, struct chain *chain)
{
    size_t count = 0;
    (void)lzma_lzma_preset(&chain->lzma, below(user, 2) * 4);
    chain->lzma.dict_size = LZMA_DICT_SIZE_MIN << below(user, 5);
    chain->delta = (lzma_options_delta){.dist = 1 + below(user, 8)};
    if (one_in(user, 4))
        chain->filters[count++] = (lzma_filter){LZMA_FILTER_DELTA, &chain->delta};
    if (one_in(user, 4))
        chain->filters[count++] = (lzma_filter){LZMA_FILTER_X86, NULL};
    chain->filters[count++] = (lzma_filter){LZMA_FILTER_LZMA2, &chain->lzma};
    chain->filters[count] = (lzma_filter){LZMA_VLI_UNKNOWN, NULL};
}

/* ---- Encoding ---- */

static lzma_ret open_encoder(struct user *user, struct chain *chain)
{
    static const lzma_check checks[] = {LZMA_CHECK_NONE, LZMA_CHECK_CRC32,
                                        LZMA_CHECK_CRC64, LZMA_CHECK_SHA256};
    const lzma_mt options = {
        .threads = one_in(user, 30) ? 100 : 1 + below(user, 5),
        .block_size = 1 + any_size(user, 100000) + (one_in(user, 2) ? 20000 : 300),
        .timeout = below(user, 3),
        .filters = chain->filters,
        .check = checks[below(user, 4)],
    };
    return lzma_stream_encoder_mt(&user->strm, &options);
}

/* The action that follows when the last one is complete. */
static lzma_action next_action(struct user *user, const struct feed *feed)
{
    if (feed->in_pos == feed->in.size && one_in(user, 2))
        return LZMA_FINISH;
    if (one_in(user, 15))
        return LZMA_FULL_FLUSH;
    return one_in(user, 15) ? LZMA_FULL_BARRIER : LZMA_RUN;
}

static void check_encoded(struct user *user, const struct feed *feed)
{
    uint64_t memlimit = UINT64_MAX;
    size_t in_pos = 0;
    size_t out_pos = 0;
    const lzma_ret ret =
        lzma_stream_buffer_decode(&memlimit, 0, NULL, user->out, &in_pos, feed->out_pos,
                                  user->expected, &out_pos, OUT_MAX);
    check(user, ret == LZMA_OK && in_pos == feed->out_pos, "cannot be decoded", ret);
    check(user, out_pos == feed->in.size, "decoded size", (int)out_pos);
    check(user, memcmp(user->expected, feed->in.data, out_pos) == 0, "decoded data", 0);
    uint64_t progress_in;
    uint64_t progress_out;
    lzma_get_progress(&user->strm, &progress_in, &progress_out);
    check(user, progress_in == user->strm.total_in, "progress at the end", 0);
    check(user, progress_out == user->strm.total_out, "progress at the end", 1);
}

static void update_filters(struct user *user)
{
    struct chain chain;
    random_chain(user, &chain);
    const lzma_ret ret = lzma_filters_update(&user->strm, chain.filters);
    check(user, ret == LZMA_OK || ret == LZMA_PROG_ERROR || is_out_of_memory(user, ret),
          "lzma_filters_update", ret);
}

static void encode_round(struct user *user)
{
    struct chain chain;
    random_chain(user, &chain);
    const size_t size = any_size(user, is_slow ? DATA_MAX / 4 : DATA_MAX);
    const size_t start = below(user, (uint32_t)(DATA_MAX - size) + 1);
    lzma_ret ret = open_encoder(user, &chain);
    if (is_out_of_memory(user, ret))
        return;
    check(user, ret == LZMA_OK, "opening the encoder", ret);

    struct feed feed = start_feed(user, (struct bytes){plain + start, size});
    lzma_action action = LZMA_RUN;
    while (!one_in(user, 2000)) {
        if (action == LZMA_RUN || ret == LZMA_STREAM_END) {
            if (user->strm.avail_in == 0)
                give_input(user, &feed);
            action = next_action(user, &feed);
        }
        if (action == LZMA_RUN && one_in(user, 50))
            update_filters(user);
        give_room(user, &feed, OUT_MAX);
        ret = code(user, &feed, action);
        if (one_in(user, 10) && ret == LZMA_OK)
            check_progress(user, &feed);
        if (ret == LZMA_STREAM_END && action == LZMA_FINISH) {
            check_encoded(user, &feed);
            break;
        }
        if (is_out_of_memory(user, ret))
            break;
        check(user, ret == LZMA_OK || ret == LZMA_BUF_ERROR || ret == LZMA_STREAM_END,
              "encoding", ret);
    }
}

/* ---- Decoding ---- */

/* What a decoder says on the way and at the end. */
struct verdict {
    lzma_ret ret;
    uint32_t tells; // the codes of TELL flags in order, a digit each
    size_t out_size;
};

static bool is_tell(lzma_ret ret)
{
    return ret == LZMA_NO_CHECK || ret == LZMA_UNSUPPORTED_CHECK
           || ret == LZMA_GET_CHECK;
}

/* What the decoder of one thread makes of in, in user->expected. */
static struct verdict decode_plain(struct user *user, struct bytes in, uint32_t flags)
{
    struct verdict verdict = {.tells = 1};
    lzma_stream strm = LZMA_STREAM_INIT;
    verdict.ret = lzma_stream_decoder(&strm, UINT64_MAX, flags);
    strm.next_in = in.data;
    strm.avail_in = in.size;
    strm.next_out = user->expected;
    strm.avail_out = OUT_MAX;
    while (verdict.ret == LZMA_OK || is_tell(verdict.ret)) {
        verdict.ret = lzma_code(&strm, LZMA_FINISH);
        if (is_tell(verdict.ret))
            verdict.tells = verdict.tells * 10 + verdict.ret;
    }
    verdict.out_size = OUT_MAX - strm.avail_out;
    lzma_end(&strm);
    return verdict;
}

/* One of the files, as it is or made worse, in user->in. */
static struct bytes random_file(struct user *user)
{
    const struct bytes file = files[below(user, FILE_COUNT)];
    struct bytes copy = {user->in, file.size};
    memcpy(copy.data, file.data, file.size);
    if (one_in(user, 4))
        copy.size = below(user, (uint32_t)file.size);
    for (uint32_t i = one_in(user, 3) ? 1 + below(user, 3) : 0; i > 0; --i)
        copy.data[below(user, (uint32_t)file.size)] ^= (uint8_t)(1 << below(user, 8));
    return copy;
}

/* What may be known of a file beforehand: often nothing, or no places in it. */
struct known {
    struct bytes in;
    lzma_index *index; // owned
    clearxz_file file;
};

static lzma_bool read_at(void *opaque, uint64_t pos, uint8_t *buffer, size_t size)
{
    const struct bytes *in = opaque;
    if (pos > in->size || size > in->size - pos)
        return false;
    memcpy(buffer, in->data + pos, size);
    return true;
}

static void know(struct user *user, struct known *known, struct bytes in)
{
    *known = (struct known){.in = in};
    lzma_stream strm = LZMA_STREAM_INIT;
    if (one_in(user, 2)
        || lzma_file_info_decoder(&strm, &known->index, UINT64_MAX, in.size) != LZMA_OK)
        return;
    strm.next_in = in.data;
    strm.avail_in = in.size;
    if (lzma_code(&strm, LZMA_RUN) == LZMA_STREAM_END)
        known->file.index = known->index;
    lzma_end(&strm);
    known->file.read_at = one_in(user, 4) ? NULL : read_at;
    known->file.opaque = &known->in;
}

static lzma_ret open_decoder(struct user *user, uint32_t flags,
                             const clearxz_file *file)
{
    static const uint64_t limits[] = {0, 100000, 400000, 2000000};
    const lzma_mt options = {
        .threads = one_in(user, 30) ? 100 : 1 + below(user, 5),
        .flags = flags,
        .timeout = below(user, 3),
        .memlimit_threading = one_in(user, 2) ? UINT64_MAX : limits[below(user, 4)],
        .memlimit_stop = one_in(user, 4) ? below(user, 100000) : UINT64_MAX,
    };
    return clearxz_file_decoder_mt(&user->strm, &options, file);
}

/* After LZMA_MEMLIMIT_ERROR: what is in use is more than the limit; then it is not. */
static void raise_limit(struct user *user)
{
    const uint64_t usage = lzma_memusage(&user->strm);
    check(user, lzma_memlimit_get(&user->strm) < usage, "limit is high enough", 0);
    const lzma_ret ret = lzma_memlimit_set(&user->strm, usage);
    check(user, ret == LZMA_OK, "lzma_memlimit_set", ret);
    check(user, lzma_memlimit_get(&user->strm) == usage, "limit is not raised", 0);
}

static void check_decoded(struct user *user, const struct verdict *got,
                          const struct verdict *expected, bool fail_fast,
                          bool has_index)
{
    check(user, got->out_size <= expected->out_size, "more output than there is", 0);
    check(user, memcmp(user->out, user->expected, got->out_size) == 0, "wrong output",
          0);
    if (expected->ret == LZMA_STREAM_END || got->ret == LZMA_STREAM_END)
        check(user, got->out_size == expected->out_size, "output is missing", 0);
    /* Sizes out of an Index can make a bad file fail for another reason, earlier. */
    if ((fail_fast || has_index) && expected->ret != LZMA_STREAM_END) {
        check(user, got->ret != LZMA_STREAM_END, "the error got lost", expected->ret);
        return;
    }
    check(user, got->ret == expected->ret, "other result",
          got->ret * 100 + expected->ret);
    check(user, got->tells == expected->tells, "other flags told", (int)got->tells);
}

static void decode_known(struct user *user, struct bytes in, const clearxz_file *file)
{
    const uint32_t flags = below(user, 8) | (one_in(user, 2) ? LZMA_CONCATENATED : 0)
                           | (one_in(user, 8) ? LZMA_IGNORE_CHECK : 0);
    const bool fail_fast = one_in(user, 4);
    const struct verdict expected = decode_plain(user, in, flags);
    struct verdict got = {.tells = 1};
    got.ret = open_decoder(user, flags | (fail_fast ? LZMA_FAIL_FAST : 0), file);
    if (is_out_of_memory(user, got.ret))
        return;
    check(user, got.ret == LZMA_OK, "opening the decoder", got.ret);

    struct feed feed = start_feed(user, in);
    bool is_finish = false;
    while (!one_in(user, 2000)) {
        if (user->strm.avail_in == 0 && !one_in(user, 4))
            give_input(user, &feed);
        is_finish = is_finish || (feed.in_pos == in.size && one_in(user, 2));
        give_room(user, &feed, OUT_MAX);
        got.ret = code(user, &feed, is_finish ? LZMA_FINISH : LZMA_RUN);
        got.out_size = feed.out_pos;
        if (one_in(user, 10))
            check_progress(user, &feed);
        if (got.ret == LZMA_MEMLIMIT_ERROR)
            raise_limit(user);
        else if (is_tell(got.ret))
            got.tells = got.tells * 10 + got.ret;
        else if (got.ret == LZMA_BUF_ERROR && !(is_finish && feed.room > 0))
            continue;
        else if (is_out_of_memory(user, got.ret))
            return;
        else if (got.ret != LZMA_OK) {
            check_decoded(user, &got, &expected, fail_fast, file->index != NULL);
            return;
        }
    }
}

static void decode_round(struct user *user)
{
    struct known known;
    know(user, &known, random_file(user));
    decode_known(user, known.in, &known.file);
    lzma_index_end(known.index, NULL);
}

/* A coder of one thread in between, left in the middle of its work. */
static void other_round(struct user *user)
{
    const bool is_encoder = one_in(user, 2);
    const lzma_ret ret = is_encoder
                             ? lzma_easy_encoder(&user->strm, 0, LZMA_CHECK_CRC32)
                             : lzma_stream_decoder(&user->strm, UINT64_MAX, 0);
    if (ret != LZMA_OK) {
        check(user, is_out_of_memory(user, ret), "opening", ret);
        return;
    }
    struct feed feed =
        start_feed(user, is_encoder ? (struct bytes){plain, 50000} : files[0]);
    give_input(user, &feed);
    give_room(user, &feed, OUT_MAX);
    (void)code(user, &feed, LZMA_RUN);
}

/* ---- The frame ---- */

static void run_round(struct user *user, uint64_t seed)
{
    static const unsigned fail_rates[] = {0, 0, 0, 300, 50, 10};
    user->seed = seed;
    user->state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    atomic_store(&user->fail_state, seed);
    atomic_store(&user->fail_rate, fail_rates[below(user, 6)]);
    switch (below(user, 8)) {
    case 0:
        other_round(user);
        break;
    case 1:
    case 2:
    case 3:
        encode_round(user);
        break;
    default:
        decode_round(user);
        break;
    }
    leave(user);
    ++user->rounds;
}

static time_t deadline;
static uint64_t first_seed;

static void *run_user(void *argument)
{
    struct user *user = argument;
    uint64_t seed = first_seed + (uint64_t)(user - users);
    do {
        run_round(user, seed);
        seed += USERS;
        (void)alarm(HANG_SECONDS);
    } while (time(NULL) < deadline);
    lzma_end(&user->strm);
    check(user, atomic_load(&user->live) == 0, "memory leaks at the end", 0);
    return NULL;
}

static void open_user(struct user *user)
{
    user->strm = (lzma_stream)LZMA_STREAM_INIT;
    user->allocator = (lzma_allocator){allocate, release, user};
    user->strm.allocator = &user->allocator;
    user->in = malloc(OUT_MAX);
    user->out = malloc(OUT_MAX);
    user->expected = malloc(OUT_MAX);
}

static void close_user(struct user *user)
{
    free(user->in);
    free(user->out);
    free(user->expected);
}

/* Text, code and noise by turns. */
static void make_plain(void)
{
    for (size_t pos = 0; pos < DATA_MAX; pos += 30000) {
        const struct data_kind *kind = &data_kinds[pos / 30000 % DATA_KIND_COUNT];
        kind->fill(plain + pos, 30000, pos + 1);
    }
}

/* Adds a Stream of size bytes to a file: of Blocks with known sizes, or a single one
   (block_size 0) of unknown size. */
static void add_stream(struct bytes *file, size_t size, size_t block_size,
                       lzma_check check_id, uint64_t seed)
{
    struct user *user = &users[0];
    user->state = seed;
    struct chain chain;
    random_chain(user, &chain);
    const lzma_mt options = {.threads = 2,
                             .block_size = block_size,
                             .filters = chain.filters,
                             .check = check_id};
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_ret ret = block_size == 0 ? lzma_stream_encoder(&strm, chain.filters, check_id)
                                   : lzma_stream_encoder_mt(&strm, &options);
    file->data = realloc(file->data, file->size + OUT_MAX);
    strm.next_in = plain;
    strm.avail_in = size;
    strm.next_out = file->data + file->size;
    strm.avail_out = OUT_MAX;
    while (ret == LZMA_OK)
        ret = lzma_code(&strm, LZMA_FINISH);
    check(user, ret == LZMA_STREAM_END, "making files", ret);
    file->size += (size_t)strm.total_out;
    lzma_end(&strm);
}

static void make_files(void)
{
    const size_t size = is_slow ? 60000 : 200000;
    add_stream(&files[0], size, 10000, LZMA_CHECK_CRC32, 3);
    add_stream(&files[1], size, 1000, LZMA_CHECK_CRC64, 5);
    add_stream(&files[2], size, 70000, LZMA_CHECK_SHA256, 7);
    add_stream(&files[3], size, 0, LZMA_CHECK_CRC32, 9);
    add_stream(&files[4], 0, 1000, LZMA_CHECK_NONE, 11);
    for (uint64_t seed = 20; seed < 32; ++seed) {
        const size_t block_size = seed % 3 == 0 ? 0 : 500 * (size_t)seed;
        add_stream(&files[5], size / 16, block_size, LZMA_CHECK_CRC32, seed);
        add_stream(&files[6], size / 20, block_size,
                   seed % 2 == 0 ? LZMA_CHECK_NONE : LZMA_CHECK_SHA256, seed + 50);
    }
    add_stream(&files[7], size / 50, 100, LZMA_CHECK_NONE, 13);
}

int main(int argc, char **argv)
{
    const bool has_time = argc > 1 && argv[1][0] >= '0' && argv[1][0] <= '9';
    const long seconds = has_time ? atol(argv[1]) : SECONDS_DEFAULT;
    first_seed = has_time && argc > 2 ? strtoull(argv[2], NULL, 10)
                 : has_time           ? (uint64_t)time(NULL) * 1000
                                      : 1;
    is_slow = getenv("SANITIZED") != NULL;
    (void)signal(SIGALRM, hang);
    (void)alarm(HANG_SECONDS);
    make_plain();
    make_files();
    deadline = time(NULL) + seconds;

    pthread_t threads[USERS];
    const int user_count = has_time && seconds == 0 ? 1 : USERS;
    for (int i = 0; i < user_count; ++i) {
        open_user(&users[i]);
        (void)pthread_create(&threads[i], NULL, run_user, &users[i]);
    }
    uint64_t rounds = 0;
    for (int i = 0; i < user_count; ++i) {
        (void)pthread_join(threads[i], NULL);
        rounds += users[i].rounds;
        close_user(&users[i]);
    }
    for (int i = 0; i < FILE_COUNT; ++i)
        free(files[i].data);
    printf("%llu rounds in %ld s, first seed %llu\n", (unsigned long long)rounds,
           seconds, (unsigned long long)first_seed);
    printf("1 passed, 0 failed\n");
    return 0;
}
