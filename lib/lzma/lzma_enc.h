// SPDX-License-Identifier: 0BSD
// Encoders of raw LZMA1 and LZMA2 data as resumable coders.

#ifndef XZ_LZMA_LZMA_ENC_H
#define XZ_LZMA_LZMA_ENC_H

#include "base/coder.h"

/* How an LZMA1 stream is to end. */
struct xz_lzma1_finish {
    bool marker;        // write an end marker
    uint64_t out_limit; // most bytes of output, at least 5; UINT64_MAX: no limit
};

/* Opens an encoder of raw LZMA1 data in slot; it pulls from the slot's source. Supports
   LZMA_RUN and LZMA_FINISH; LZMA_SYNC_FLUSH gives LZMA_OPTIONS_ERROR. options are
   copied; a preset dictionary is read during the call. With a limit there must be no
   marker, and the coder ends when no symbol fits any more, though input may be left.
   Returns LZMA_OK, LZMA_MEM_ERROR, LZMA_OPTIONS_ERROR, or LZMA_PROG_ERROR if options is
   NULL. */
lzma_ret xz_lzma1_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_options_lzma *options,
                           const struct xz_lzma1_finish *finish);

/* After LZMA_STREAM_END with an out_limit: how many bytes of input are in the output
   (as many as fit). */
uint64_t xz_lzma1_enc_consumed(const struct xz_coder *coder);

/* Opens an encoder of LZMA2 data in slot; it pulls from the slot's source. Supports
   LZMA_RUN, LZMA_SYNC_FLUSH and LZMA_FINISH. Its update operation takes a chain whose
   last filter is LZMA2 and applies lc, lp and pb from the next chunk on;
   LZMA_PROG_ERROR unless all input given so far is out, as it is after a flush. Returns
   what the function above does. */
lzma_ret xz_lzma2_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_options_lzma *options);

/* A text that lies whole in memory can be encoded in parts, by several encoders at a
   time. Each part begins with a reset of all but the dictionary; the data of all of
   them, one behind the other, is LZMA2 data. Where the parts are, and what comes out,
   depends on nothing but text and options. */

/* Bytes that must be readable before and behind the text; those before are zero. */
#define XZ_LZMA2_PART_PAD 32

struct xz_lzma2_part {
    const uint8_t *text;
    size_t pos;   // where the part begins, a multiple of the part size
    size_t size;  // at least 1, at most the part size
    bool is_last; // the end mark follows
};

/* Bytes that a part should have at most, a multiple of 64 KiB; all but the last one
   have the same size, such a multiple too. 0: with these options, or if they are not
   valid, texts cannot be cut. */
uint32_t xz_lzma2_part_size(const lzma_options_lzma *options);

/* Opens an encoder of one part of a text that can be cut. Instead of taking input it
   reads the text, which must stay until LZMA_STREAM_END. A call ends at the end of a
   chunk, or of some, so that xz_lzma2_part_left() can be asked. Returns LZMA_OK or
   LZMA_MEM_ERROR. */
lzma_ret xz_lzma2_part_open(struct xz_coder **slot, const lzma_allocator *allocator,
                            const lzma_options_lzma *options,
                            const struct xz_lzma2_part *part);

/* Bytes of the part that are not encoded yet. */
size_t xz_lzma2_part_left(const struct xz_coder *coder);

/* Bytes that such an encoder may use. */
uint64_t xz_lzma2_part_memusage(const lzma_options_lzma *options);

/* Writes the part as stored chunks to out and returns how many bytes: three more for
   each 64 KiB or piece of it, one more at the end. */
size_t xz_lzma2_part_store(const struct xz_lzma2_part *part, uint8_t *out);

/* Bytes that an encoder for data that comes in order may use; UINT64_MAX if options are
   not valid. */
uint64_t xz_lzma1_enc_memusage(const lzma_options_lzma *options);
uint64_t xz_lzma2_enc_memusage(const lzma_options_lzma *options);

/* True if the encoder knows this match finder or mode. */
bool xz_mf_is_supported(lzma_match_finder mf);
bool xz_mode_is_supported(lzma_mode mode);

/* Block size that suits a dictionary in the threaded encoder: 3 dictionaries, at least
   1 MiB. UINT64_MAX for a dictionary size that no encoder takes. */
uint64_t xz_lzma2_block_size(const lzma_options_lzma *options);

#endif
