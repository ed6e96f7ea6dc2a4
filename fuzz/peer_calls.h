// SPDX-License-Identifier: 0BSD
// The functions of two libraries behind the same names: ours, and the machine's own.

#ifndef FUZZ_PEER_CALLS_H
#define FUZZ_PEER_CALLS_H

#include "feed.h"

/* Each has the type of the function lzma_NAME(). The order is that of `names` in
   peer_calls.c. */
struct fuzz_calls {
    __typeof__(lzma_alone_decoder) *alone_decoder;
    __typeof__(lzma_auto_decoder) *auto_decoder;
    __typeof__(lzma_block_compressed_size) *block_compressed_size;
    __typeof__(lzma_block_header_decode) *block_header_decode;
    __typeof__(lzma_block_header_encode) *block_header_encode;
    __typeof__(lzma_block_header_size) *block_header_size;
    __typeof__(lzma_block_total_size) *block_total_size;
    __typeof__(lzma_block_unpadded_size) *block_unpadded_size;
    __typeof__(lzma_check_is_supported) *check_is_supported;
    __typeof__(lzma_check_size) *check_size;
    __typeof__(lzma_crc32) *crc32;
    __typeof__(lzma_crc64) *crc64;
    __typeof__(lzma_easy_encoder_memusage) *easy_encoder_memusage;
    __typeof__(lzma_filter_flags_decode) *filter_flags_decode;
    __typeof__(lzma_filter_flags_encode) *filter_flags_encode;
    __typeof__(lzma_filter_flags_size) *filter_flags_size;
    __typeof__(lzma_filters_free) *filters_free;
    __typeof__(lzma_index_append) *index_append;
    __typeof__(lzma_index_block_count) *index_block_count;
    __typeof__(lzma_index_buffer_decode) *index_buffer_decode;
    __typeof__(lzma_index_buffer_encode) *index_buffer_encode;
    __typeof__(lzma_index_cat) *index_cat;
    __typeof__(lzma_index_checks) *index_checks;
    __typeof__(lzma_index_dup) *index_dup;
    __typeof__(lzma_index_end) *index_end;
    __typeof__(lzma_index_file_size) *index_file_size;
    __typeof__(lzma_index_hash_append) *index_hash_append;
    __typeof__(lzma_index_hash_decode) *index_hash_decode;
    __typeof__(lzma_index_hash_end) *index_hash_end;
    __typeof__(lzma_index_hash_init) *index_hash_init;
    __typeof__(lzma_index_hash_size) *index_hash_size;
    __typeof__(lzma_index_init) *index_init;
    __typeof__(lzma_index_iter_init) *index_iter_init;
    __typeof__(lzma_index_iter_locate) *index_iter_locate;
    __typeof__(lzma_index_iter_next) *index_iter_next;
    __typeof__(lzma_index_iter_rewind) *index_iter_rewind;
    __typeof__(lzma_index_size) *index_size;
    __typeof__(lzma_index_stream_count) *index_stream_count;
    __typeof__(lzma_index_stream_flags) *index_stream_flags;
    __typeof__(lzma_index_stream_padding) *index_stream_padding;
    __typeof__(lzma_index_stream_size) *index_stream_size;
    __typeof__(lzma_index_total_size) *index_total_size;
    __typeof__(lzma_index_uncompressed_size) *index_uncompressed_size;
    __typeof__(lzma_lzip_decoder) *lzip_decoder;
    __typeof__(lzma_lzma_preset) *lzma_preset;
    __typeof__(lzma_microlzma_decoder) *microlzma_decoder;
    __typeof__(lzma_raw_buffer_decode) *raw_buffer_decode;
    __typeof__(lzma_raw_decoder) *raw_decoder;
    __typeof__(lzma_raw_decoder_memusage) *raw_decoder_memusage;
    __typeof__(lzma_str_from_filters) *str_from_filters;
    __typeof__(lzma_str_to_filters) *str_to_filters;
    __typeof__(lzma_stream_buffer_bound) *stream_buffer_bound;
    __typeof__(lzma_stream_buffer_decode) *stream_buffer_decode;
    __typeof__(lzma_stream_decoder) *stream_decoder;
    __typeof__(lzma_stream_flags_compare) *stream_flags_compare;
    __typeof__(lzma_stream_footer_decode) *stream_footer_decode;
    __typeof__(lzma_stream_footer_encode) *stream_footer_encode;
    __typeof__(lzma_stream_header_decode) *stream_header_decode;
    __typeof__(lzma_stream_header_encode) *stream_header_encode;
    __typeof__(lzma_vli_decode) *vli_decode;
    __typeof__(lzma_vli_encode) *vli_encode;
    __typeof__(lzma_vli_size) *vli_size;
};

/* Not to be freed; good for ever. */
const struct fuzz_calls *fuzz_our_calls(void);
const struct fuzz_calls *fuzz_peer_calls(void);

/* Whether data may name the filter that liblzma 5.4 does not know, riscv. */
bool fuzz_may_have_riscv(const uint8_t *data, size_t size);

#endif
