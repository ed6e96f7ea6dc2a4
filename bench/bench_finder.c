// SPDX-License-Identifier: 0BSD
// Times finding matches in bulk on a file, beside the tree, and says how good both are.
//
//     bench_finder FILE [MIB [DICT_MIB [NICE_LEN]]]       16, 8 and 64 by default
//
// For each finder: nanoseconds and pairs a position, and over the last QUALITY_SIZE
// positions: the sum of the longest lengths and the mean log2 of their distances, as
// well as what a tree without a limit to its depth finds there.

#include "lzma/enc_pipe.h"
#include "match/finder.h"
#include "match/suffix_sort.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define QUALITY_SIZE (1U << 20)

struct result {
    double ns;
    double pairs;
    double longest;   // mean length
    double log2_dist; // mean, of the longest
};

static struct xz_match_batch batch;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void check(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "bench_finder: %s\n", what);
        exit(1);
    }
}

/* All positions of the window. */
static struct result run(struct xz_window *w, const struct xz_finder_setup *setup)
{
    struct xz_finder f = {.heads = NULL};
    struct result r = {0, 0, 0, 0};
    uint64_t counted = 0;
    uint64_t positions = 0;
    check(xz_finder_open(&f, NULL, setup) == LZMA_OK, "no memory");
    w->pos = 0;
    const double start = now();
    while (w->pos < w->end) {
        const uint32_t left = w->end - w->pos;
        const uint32_t end = w->pos + (left < 2048 ? left : 2048);
        check((setup->in_bulk ? xz_finder_prepare(&f, NULL, w, end)
                              : xz_finder_reserve(&f, NULL, end))
                  == LZMA_OK,
              "no memory");
        xz_finder_batch(&f, w, w->pos, end, &batch);
        r.pairs += batch.first[batch.count];
        positions += batch.count;
        for (uint32_t i = 0; i < batch.count; ++i) {
            if (batch.first[i] == batch.first[i + 1])
                continue;
            const struct xz_pair *const p = &batch.pairs[batch.first[i + 1] - 1];
            if (w->end - (w->pos + i) <= QUALITY_SIZE) {
                r.longest += p->len < setup->nice_len ? p->len : setup->nice_len;
                r.log2_dist += log2(p->dist);
                ++counted;
            }
        }
        w->pos += batch.count;
    }
    r.ns = (now() - start) / (double)w->end;
    r.pairs /= (double)positions;
    r.longest /= (double)counted;
    r.log2_dist /= (double)counted;
    xz_finder_end(&f, NULL);
    return r;
}

static void report(const char *name, struct result r)
{
    printf("%-18s %8.1f ns %6.2f pairs  longest %6.2f  log2 of distance %5.2f\n", name,
           r.ns, r.pairs, r.longest, r.log2_dist);
    fflush(stdout);
}

static void time_sorting(const struct xz_window *w)
{
    uint32_t *const order = malloc(w->end * sizeof(*order));
    const size_t words = xz_suffix_sort_space(w->end);
    const struct xz_sort_space space = {malloc(words * sizeof(uint32_t)), words};
    check(order != NULL && space.words != NULL, "no memory");
    memset(order, 0, w->end * sizeof(*order));
    const double start = now();
    const uint32_t count = xz_suffix_sort(xz_suffix_sorter_here(), w->buf, w->end,
                                          XZ_SUFFIX_SORT_DEPTH, order, space);
    const double size = w->end;
    printf("%-18s %8.1f ns %6.3f anchors\n", "suffix sorting", (now() - start) / size,
           count / size);
    free(order);
    free(space.words);
}

int main(int argc, char **argv)
{
    check(argc > 1, "FILE [MIB [DICT_MIB [NICE_LEN]]]");
    FILE *const file = fopen(argv[1], "rb");
    check(file != NULL, "cannot open the file");
    const uint32_t size = (argc > 2 ? (uint32_t)atoi(argv[2]) : 16) << 20;
    struct xz_finder_setup setup = {
        .mf = LZMA_MF_BT4,
        .dict_size = (argc > 3 ? (uint32_t)atoi(argv[3]) : 8) << 20,
        .nice_len = argc > 4 ? (uint32_t)atoi(argv[4]) : 64,
        .in_bulk = true,
    };
    struct xz_window w = {.buf = NULL};
    uint32_t moved;
    xz_window_open(&w, NULL, size, 4096);
    check(xz_window_make_room(&w, NULL, size, &moved) == LZMA_OK, "no memory");
    xz_window_added(&w, (uint32_t)fread(w.buf, 1, size, file));
    fclose(file);

    time_sorting(&w);
    report("in bulk", run(&w, &setup));
    setup.in_bulk = false;
    report("tree", run(&w, &setup));
    setup.depth = 100000;
    report("tree, no limit", run(&w, &setup));
    xz_window_end(&w, NULL);
    return 0;
}
