// SPDX-License-Identifier: 0BSD
// The same data packed in every format, for tests that run all coders.

#ifndef SUPPORT_SAMPLES_H
#define SUPPORT_SAMPLES_H

#include "support/support.h"

#define PLAIN_SIZE 60000
#define ROOM       (PLAIN_SIZE * 2)

struct packed {
    uint8_t bytes[ROOM];
    size_t size;
};

/* The same data in every form; samples_make() fills in all of it. */
struct samples {
    uint8_t plain[PLAIN_SIZE];
    struct packed xz;     // one Block, four filters
    struct packed mt;     // several Blocks with their sizes in the headers
    struct packed alone;  // .lzma
    struct packed lzip;   // .lz
    struct packed xz_big; // the same three for options_big
    struct packed alone_big;
    struct packed lzip_big;
    struct packed lzma1;
    struct packed lzma2;
    struct packed micro;
    struct packed index; // an Index field with 2000 Records
    lzma_options_lzma options_small;
    lzma_options_lzma options_big; // a bigger dictionary, a slower encoder
    lzma_options_delta options_delta;
    lzma_filter chain_small[5];
    lzma_filter chain_big[5];
    lzma_filter chain_lzma1[2];
    lzma_filter chain_lzma2[2];
};

extern struct samples samples;

void samples_make(void);

/* Options of the threaded coders, with small Blocks of samples. */
lzma_mt samples_mt_options(void);

/* Allocation number `number` from now on is the one that fails; 0: none. */
void fail_at(struct counter *counter, long number);

#endif
