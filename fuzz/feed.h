// SPDX-License-Identifier: 0BSD
// What harnesses share: parameters out of the input, and decoding at any split.

#ifndef FUZZ_FEED_H
#define FUZZ_FEED_H

#include <lzma.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program, and so the fuzzing, if a property does not hold. */
#define FUZZ_MUST(property)                                                            \
 do {                                                                                  \
  if (!(property))                                                                     \
   __builtin_trap();                                                                   \
 } while (0)

/* More output than this is not looked at. */
#define FUZZ_OUT_MAX ((size_t)1 << 17)

/* Memory that a decoder may use. */
#define FUZZ_MEMLIMIT ((uint64_t)64 << 20)

struct fuzz_feed {
    const uint8_t *data;
    size_t size; // bytes of data that are not taken as parameters
};

/* 0 to limit - 1, out of the last bytes of the input; 0 when there are none. */
uint32_t fuzz_take(struct fuzz_feed *feed, uint32_t limit);

/* What came of decoding. */
struct fuzz_result {
    lzma_ret ret; // the last one; LZMA_OK: FUZZ_OUT_MAX bytes were reached
    size_t in_used;
    size_t out_size;
    uint8_t *out; // FUZZ_OUT_MAX bytes, good until the call after the next
};

/* A liblzma: what runs and ends a stream. */
struct fuzz_library {
    lzma_ret (*code)(lzma_stream *strm, lzma_action action);
    void (*end)(lzma_stream *strm);
};

/* The machine's own liblzma, which must not be the one that is built in. */
const struct fuzz_library *fuzz_peer(void);

/* A function of the peer; the program ends if there is none. */
void *fuzz_peer_symbol(const char *name);

/* Runs an opened decoder over data and ends it. split 0: all at once; otherwise in
   pieces of at most split bytes, in and out. What is no end, like LZMA_NO_CHECK or
   LZMA_SEEK_NEEDED, is answered: a memory limit by fuzzing on, a seek by seeking. */
struct fuzz_result fuzz_decode(lzma_stream *strm, const uint8_t *data, size_t size,
                               uint32_t split);

/* The same with an opened decoder of another library. */
struct fuzz_result fuzz_decode_by(const struct fuzz_library *library, lzma_stream *strm,
                                  const uint8_t *data, size_t size, uint32_t split);

/* The two are the same. */
void fuzz_same(const struct fuzz_result *a, const struct fuzz_result *b);

#endif
