// SPDX-License-Identifier: 0BSD
// The functions of two libraries behind the same names.

#include "peer_calls.h"
#include <string.h>

static const char *const names[] = {
    "lzma_alone_decoder",
    "lzma_auto_decoder",
    "lzma_block_compressed_size",
    "lzma_block_header_decode",
    "lzma_block_header_encode",
    "lzma_block_header_size",
    "lzma_block_total_size",
    "lzma_block_unpadded_size",
    "lzma_check_is_supported",
    "lzma_check_size",
    "lzma_crc32",
    "lzma_crc64",
    "lzma_easy_encoder_memusage",
    "lzma_filter_flags_decode",
    "lzma_filter_flags_encode",
    "lzma_filter_flags_size",
    "lzma_filters_free",
    "lzma_index_append",
    "lzma_index_block_count",
    "lzma_index_buffer_decode",
    "lzma_index_buffer_encode",
    "lzma_index_cat",
    "lzma_index_checks",
    "lzma_index_dup",
    "lzma_index_end",
    "lzma_index_file_size",
    "lzma_index_hash_append",
    "lzma_index_hash_decode",
    "lzma_index_hash_end",
    "lzma_index_hash_init",
    "lzma_index_hash_size",
    "lzma_index_init",
    "lzma_index_iter_init",
    "lzma_index_iter_locate",
    "lzma_index_iter_next",
    "lzma_index_iter_rewind",
    "lzma_index_size",
    "lzma_index_stream_count",
    "lzma_index_stream_flags",
    "lzma_index_stream_padding",
    "lzma_index_stream_size",
    "lzma_index_total_size",
    "lzma_index_uncompressed_size",
    "lzma_lzip_decoder",
    "lzma_lzma_preset",
    "lzma_microlzma_decoder",
    "lzma_raw_buffer_decode",
    "lzma_raw_decoder",
    "lzma_raw_decoder_memusage",
    "lzma_str_from_filters",
    "lzma_str_to_filters",
    "lzma_stream_buffer_bound",
    "lzma_stream_buffer_decode",
    "lzma_stream_decoder",
    "lzma_stream_flags_compare",
    "lzma_stream_footer_decode",
    "lzma_stream_footer_encode",
    "lzma_stream_header_decode",
    "lzma_stream_header_encode",
    "lzma_vli_decode",
    "lzma_vli_encode",
    "lzma_vli_size",
};

_Static_assert(sizeof(names) == sizeof(struct fuzz_calls), "a name for each function");

const struct fuzz_calls *fuzz_our_calls(void)
{
    static const struct fuzz_calls ours = {
        .alone_decoder = lzma_alone_decoder,
        .auto_decoder = lzma_auto_decoder,
        .block_compressed_size = lzma_block_compressed_size,
        .block_header_decode = lzma_block_header_decode,
        .block_header_encode = lzma_block_header_encode,
        .block_header_size = lzma_block_header_size,
        .block_total_size = lzma_block_total_size,
        .block_unpadded_size = lzma_block_unpadded_size,
        .check_is_supported = lzma_check_is_supported,
        .check_size = lzma_check_size,
        .crc32 = lzma_crc32,
        .crc64 = lzma_crc64,
        .easy_encoder_memusage = lzma_easy_encoder_memusage,
        .filter_flags_decode = lzma_filter_flags_decode,
        .filter_flags_encode = lzma_filter_flags_encode,
        .filter_flags_size = lzma_filter_flags_size,
        .filters_free = lzma_filters_free,
        .index_append = lzma_index_append,
        .index_block_count = lzma_index_block_count,
        .index_buffer_decode = lzma_index_buffer_decode,
        .index_buffer_encode = lzma_index_buffer_encode,
        .index_cat = lzma_index_cat,
        .index_checks = lzma_index_checks,
        .index_dup = lzma_index_dup,
        .index_end = lzma_index_end,
        .index_file_size = lzma_index_file_size,
        .index_hash_append = lzma_index_hash_append,
        .index_hash_decode = lzma_index_hash_decode,
        .index_hash_end = lzma_index_hash_end,
        .index_hash_init = lzma_index_hash_init,
        .index_hash_size = lzma_index_hash_size,
        .index_init = lzma_index_init,
        .index_iter_init = lzma_index_iter_init,
        .index_iter_locate = lzma_index_iter_locate,
        .index_iter_next = lzma_index_iter_next,
        .index_iter_rewind = lzma_index_iter_rewind,
        .index_size = lzma_index_size,
        .index_stream_count = lzma_index_stream_count,
        .index_stream_flags = lzma_index_stream_flags,
        .index_stream_padding = lzma_index_stream_padding,
        .index_stream_size = lzma_index_stream_size,
        .index_total_size = lzma_index_total_size,
        .index_uncompressed_size = lzma_index_uncompressed_size,
        .lzip_decoder = lzma_lzip_decoder,
        .lzma_preset = lzma_lzma_preset,
        .microlzma_decoder = lzma_microlzma_decoder,
        .raw_buffer_decode = lzma_raw_buffer_decode,
        .raw_decoder = lzma_raw_decoder,
        .raw_decoder_memusage = lzma_raw_decoder_memusage,
        .str_from_filters = lzma_str_from_filters,
        .str_to_filters = lzma_str_to_filters,
        .stream_buffer_bound = lzma_stream_buffer_bound,
        .stream_buffer_decode = lzma_stream_buffer_decode,
        .stream_decoder = lzma_stream_decoder,
        .stream_flags_compare = lzma_stream_flags_compare,
        .stream_footer_decode = lzma_stream_footer_decode,
        .stream_footer_encode = lzma_stream_footer_encode,
        .stream_header_decode = lzma_stream_header_decode,
        .stream_header_encode = lzma_stream_header_encode,
        .vli_decode = lzma_vli_decode,
        .vli_encode = lzma_vli_encode,
        .vli_size = lzma_vli_size,
    };
    return &ours;
}

const struct fuzz_calls *fuzz_peer_calls(void)
{
    static struct fuzz_calls peer;
    static bool is_filled;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !is_filled; ++i) {
        void *const symbol = fuzz_peer_symbol(names[i]);
        memcpy((char *)&peer + i * sizeof(symbol), &symbol, sizeof(symbol));
    }
    is_filled = true;
    return &peer;
}

bool fuzz_may_have_riscv(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 1 < size; ++i)
        if (data[i] == LZMA_FILTER_RISCV && (data[i + 1] == 0 || data[i + 1] == 4))
            return true;
    return false;
}
