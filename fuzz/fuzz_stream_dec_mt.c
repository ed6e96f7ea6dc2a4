// SPDX-License-Identifier: 0BSD
// Threads, and what is known of a file beforehand, change neither bytes nor verdict.

#include "feed.h"

#include <clearxz.h>
#include <string.h>

static lzma_bool read_at(void *opaque, uint64_t pos, uint8_t *buffer, size_t size)
{
    const struct fuzz_feed *feed = opaque;
    if (pos > feed->size || size > feed->size - pos)
        return false;
    memcpy(buffer, feed->data + pos, size);
    return true;
}

/* The Index of the file, or NULL where it has none that is sound. */
static lzma_index *read_index(const struct fuzz_feed *feed)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_index *index = NULL;
    FUZZ_MUST(lzma_file_info_decoder(&strm, &index, FUZZ_MEMLIMIT, feed->size)
              == LZMA_OK);
    fuzz_decode(&strm, feed->data, feed->size, 0);
    return index;
}

/* An Index that is sound and does not fit the Blocks lets a wrong file fail earlier,
   and for another reason; it lets no good one fail. */
static void compare(const struct fuzz_result *one, const struct fuzz_result *many,
                    bool has_index)
{
    if (one->ret != many->ret)
        FUZZ_MUST(has_index && one->ret != LZMA_STREAM_END
                  && many->ret != LZMA_STREAM_END);
    if (one->ret == LZMA_STREAM_END)
        FUZZ_MUST(one->out_size == many->out_size);
    FUZZ_MUST(many->out_size <= one->out_size);
    FUZZ_MUST(memcmp(one->out, many->out, many->out_size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_feed feed = {data, size};
    const uint32_t flags = fuzz_take(&feed, LZMA_IGNORE_CHECK * 2);
    const uint32_t split = fuzz_take(&feed, 300);
    const lzma_mt options = {
        .threads = 1 + fuzz_take(&feed, 4),
        .flags = flags & ~(uint32_t)LZMA_FAIL_FAST,
        .memlimit_threading = (uint64_t)fuzz_take(&feed, 5) << 18,
        .memlimit_stop = FUZZ_MEMLIMIT,
    };
    const bool has_index = fuzz_take(&feed, 2) != 0;
    clearxz_file file = {.index = has_index ? read_index(&feed) : NULL};
    if (file.index != NULL) {
        file.read_at = read_at;
        file.opaque = &feed;
    }
    lzma_stream one = LZMA_STREAM_INIT;
    lzma_stream many = LZMA_STREAM_INIT;
    FUZZ_MUST(lzma_stream_decoder(&one, FUZZ_MEMLIMIT, options.flags) == LZMA_OK);
    FUZZ_MUST(clearxz_file_decoder_mt(&many, &options, &file) == LZMA_OK);
    const struct fuzz_result a = fuzz_decode(&one, feed.data, feed.size, 0);
    const struct fuzz_result b = fuzz_decode(&many, feed.data, feed.size, split);
    compare(&a, &b, file.index != NULL);
    lzma_index_end((lzma_index *)file.index, NULL);
    return 0;
}
