// SPDX-License-Identifier: 0BSD
// Packs the samples with the library's own encoders.

#include "support/samples.h"

struct samples samples;

static void set_chain(lzma_filter *chain, lzma_options_lzma *options)
{
    chain[0] = (lzma_filter){LZMA_FILTER_DELTA, &samples.options_delta};
    chain[1] = (lzma_filter){LZMA_FILTER_X86, NULL};
    chain[2] = (lzma_filter){LZMA_FILTER_ARM, NULL};
    chain[3] = (lzma_filter){LZMA_FILTER_LZMA2, options};
    chain[4] = (lzma_filter){LZMA_VLI_UNKNOWN, NULL};
}

/* Codes all of in and keeps what comes out. */
static void make(lzma_stream *strm, lzma_ret opened, struct packed *out)
{
    assert_int_equal(opened, LZMA_OK);
    strm->next_in = samples.plain;
    strm->avail_in = PLAIN_SIZE;
    strm->next_out = out->bytes;
    strm->avail_out = ROOM;
    assert_int_equal(lzma_code(strm, LZMA_FINISH), LZMA_STREAM_END);
    out->size = ROOM - strm->avail_out;
}

/* A .lz file from the .lzma file: its own header and footer around the same symbols. */
static void make_lzip(const struct packed *alone, uint8_t dict_bits,
                      struct packed *ret_lzip)
{
    const uint8_t header[6] = {'L', 'Z', 'I', 'P', 1, dict_bits};
    uint8_t *out = ret_lzip->bytes;
    const size_t body = alone->size - 13;
    memcpy(out, header, 6);
    memcpy(out + 6, alone->bytes + 13, body);
    const size_t size = 6 + body + 20;
    const uint64_t fields[3] = {lzma_crc32(samples.plain, PLAIN_SIZE, 0), PLAIN_SIZE,
                                size};
    uint8_t *footer = out + 6 + body;
    for (size_t i = 0; i < 20; ++i) {
        const size_t field = i < 4 ? 0 : i < 12 ? 1 : 2;
        const size_t start = field == 0 ? 0 : field == 1 ? 4 : 12;
        footer[i] = (uint8_t)(fields[field] >> (8 * (i - start)));
    }
    ret_lzip->size = size;
}

static void make_index(void)
{
    lzma_index *index = lzma_index_init(NULL);
    for (lzma_vli i = 0; i < 2000; ++i)
        assert_int_equal(lzma_index_append(index, NULL, 100 + i, i), LZMA_OK);
    samples.index.size = 0;
    assert_int_equal(
        lzma_index_buffer_encode(index, samples.index.bytes, &samples.index.size, ROOM),
        LZMA_OK);
    lzma_index_end(index, NULL);
}

lzma_mt samples_mt_options(void)
{
    return (lzma_mt){.threads = 3,
                     .block_size = 6000,
                     .filters = samples.chain_small,
                     .check = LZMA_CHECK_SHA256,
                     .memlimit_threading = UINT64_MAX,
                     .memlimit_stop = UINT64_MAX};
}

void samples_make(void)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    const lzma_mt mt = samples_mt_options();
    fill_text(samples.plain, PLAIN_SIZE / 2, 1);
    fill_x86(samples.plain + PLAIN_SIZE / 2, PLAIN_SIZE / 2, 2);
    samples.options_delta =
        (lzma_options_delta){.type = LZMA_DELTA_TYPE_BYTE, .dist = 3};
    assert_false(lzma_lzma_preset(&samples.options_small, 1));
    assert_false(lzma_lzma_preset(&samples.options_big, 4));
    samples.options_small.dict_size = 1 << 13;
    samples.options_big.dict_size = 1 << 20;
    set_chain(samples.chain_small, &samples.options_small);
    set_chain(samples.chain_big, &samples.options_big);
    samples.chain_lzma1[0] = (lzma_filter){LZMA_FILTER_LZMA1, &samples.options_small};
    samples.chain_lzma2[0] = (lzma_filter){LZMA_FILTER_LZMA2, &samples.options_small};
    samples.chain_lzma1[1] = samples.chain_lzma2[1] =
        (lzma_filter){LZMA_VLI_UNKNOWN, NULL};
    make(&strm, lzma_stream_encoder(&strm, samples.chain_small, LZMA_CHECK_CRC64),
         &samples.xz);
    make(&strm, lzma_stream_encoder_mt(&strm, &mt), &samples.mt);
    make(&strm, lzma_alone_encoder(&strm, &samples.options_small), &samples.alone);
    make(&strm, lzma_raw_encoder(&strm, samples.chain_lzma1), &samples.lzma1);
    make(&strm, lzma_raw_encoder(&strm, samples.chain_lzma2), &samples.lzma2);
    make(&strm, lzma_microlzma_encoder(&strm, &samples.options_small), &samples.micro);
    make(&strm, lzma_stream_encoder(&strm, samples.chain_big, LZMA_CHECK_CRC64),
         &samples.xz_big);
    make(&strm, lzma_alone_encoder(&strm, &samples.options_big), &samples.alone_big);
    lzma_end(&strm);
    make_lzip(&samples.alone, 13, &samples.lzip);
    make_lzip(&samples.alone_big, 20, &samples.lzip_big);
    make_index();
}

void fail_at(struct counter *counter, long number)
{
    counter->left = number - 1;
    counter->count = 0;
    counter->fails_once = true;
}
