// SPDX-License-Identifier: 0BSD
// The manifest of the assembled vectors as C structs. Its columns: see README.md.

#ifndef VECTOR_MANIFEST_H
#define VECTOR_MANIFEST_H

#include <lzma.h>
#include <stdbool.h>
#include <stdint.h>

enum { VECTOR_EVENTS_MAX = 256, VECTOR_FILTERS_MAX = 8 };

/* How much of the decoder's output must agree with what is expected. */
enum vector_mode {
    VECTOR_EXACT,  // all of it
    VECTOR_PREFIX, // as far as it goes
    VECTOR_ANY     // nothing: the decoder may have guessed before it noticed
};

struct vector {
    char *line; // owns the strings
    const char *name;
    const char *entry; // which decoder: "stream", "raw" ...
    uint32_t flags;    // LZMA_TELL_NO_CHECK and so on
    uint64_t memlimit;
    lzma_filter filters[VECTOR_FILTERS_MAX]; // for "raw"
    lzma_options_lzma lzma;
    lzma_options_delta deltas[VECTOR_FILTERS_MAX];
    lzma_options_bcj starts[VECTOR_FILTERS_MAX];
    const char *options; // "key=value,key=value"
    lzma_ret ret;
    lzma_ret events[VECTOR_EVENTS_MAX]; // results that are no end, in order
    size_t event_count;
    enum vector_mode mode;
    bool is_used_known;
    uint64_t used;        // bytes of input taken, for LZMA_STREAM_END
    bool is_cut_freely;   // cut off, it may be a valid file
    bool has_split_quirk; // upstream fails when the input comes in pieces
    uint32_t since;       // lzma_version_number() it is for, less stability
    uint8_t *in;
    size_t in_size;
    uint8_t *out;
    size_t out_size;
    uint8_t *preset;
};

/* The name of a lzma_ret without "LZMA_". */
const char *vector_ret_name(lzma_ret ret);

/* The value of key in v->options, or otherwise. */
uint64_t vector_option(const struct vector *v, const char *key, uint64_t otherwise);

/* Reads a line of the manifest and the files it names, which are in dir. The line is
   copied. Returns NULL for a comment. Mistakes end the program. */
struct vector *vector_read(const char *line, const char *dir);

void vector_free(struct vector *v);

/* calloc() that ends the program when there is no memory. */
void *vector_alloc(size_t size);

/* Ends the program with a message. */
_Noreturn void vector_die(const char *what, const char *detail);

#endif
