// SPDX-License-Identifier: 0BSD
// What an encoder gets, drawn from the parameters of an input: data as a list of pieces
// to make, filters with odd options.

#ifndef FUZZ_RECIPE_H
#define FUZZ_RECIPE_H

#include "feed.h"

/* 0 to 2^bits - 1: each number of bits is as likely as any other. bits <= 31. */
uint32_t fuzz_take_size(struct fuzz_feed *feed, uint32_t bits);

struct fuzz_chain {
    lzma_options_lzma lzma;
    lzma_options_delta delta;
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    bool can_flush;  // no filter that looks ahead
    bool peer_knows; // all filters are known to liblzma 5.4
};

/* A chain that ends with LZMA2 or, alone, with LZMA1 and its dictionary at most
   2^dict_bits bytes. It points into itself: not to be copied. */
void fuzz_take_chain(struct fuzz_feed *feed, lzma_vli last, uint32_t dict_bits,
                     struct fuzz_chain *chain);

/* Other lc, lp and pb for the same chain. */
void fuzz_take_literals(struct fuzz_feed *feed, lzma_options_lzma *options);

/* Makes data of at most FUZZ_DATA_MAX bytes, mostly up to 100 KiB unless is_large; the
   caller frees. What the input has left in the end may be one of the pieces. */
#define FUZZ_DATA_MAX ((size_t)3 << 20)
uint8_t *fuzz_take_data(struct fuzz_feed *feed, bool is_large, size_t *ret_size);

/* Bytes that grow; the caller frees data. */
struct fuzz_bytes {
    uint8_t *data;
    size_t size;
    size_t room;
};
void fuzz_append(struct fuzz_bytes *to, const uint8_t *data, size_t size);

/* Decodes with an opened decoder of a library, ends it, and wants the expected bytes:
   all of them and LZMA_STREAM_END or, if is_cut, at least size_min of them. Pieces are
   as for fuzz_decode_by(). */
struct fuzz_expected {
    const uint8_t *data;
    size_t size;
    size_t size_min;
    bool is_cut;
};
void fuzz_expect(const struct fuzz_library *library, lzma_stream *strm,
                 const uint8_t *packed, size_t packed_size, uint32_t split,
                 const struct fuzz_expected *expected);

#endif
