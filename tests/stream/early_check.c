// SPDX-License-Identifier: 0BSD
// Counts what the caller's thread gives to the Check at once: early_check_test.sh links
// it in for xz_check_update().

#include <lzma.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define PIECE ((size_t)1 << 16)
#define TOTAL ((size_t)64 << 20)

struct xz_check;
void __real_xz_check_update(struct xz_check *check, const uint8_t *buf, size_t size);
void __wrap_xz_check_update(struct xz_check *check, const uint8_t *buf, size_t size);

static pthread_t caller;
static size_t most;  // of one call of lzma_code()
static size_t total; // on the caller's thread

void __wrap_xz_check_update(struct xz_check *check, const uint8_t *buf, size_t size)
{
    __real_xz_check_update(check, buf, size);
    if (!pthread_equal(pthread_self(), caller))
        return;
    most = size > most ? size : most;
    total += size;
}

int main(void)
{
    lzma_options_lzma options;
    lzma_stream strm = LZMA_STREAM_INIT;
    uint8_t *const in = calloc(1, PIECE);
    uint8_t *const out = malloc(PIECE);
    if (in == NULL || out == NULL || lzma_lzma_preset(&options, 0))
        return 1;
    const lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options},
                                   {LZMA_VLI_UNKNOWN, NULL}};
    const lzma_mt mt = {.threads = 2,
                        .block_size = TOTAL,
                        .filters = filters,
                        .check = LZMA_CHECK_SHA256};
    lzma_ret ret = lzma_stream_encoder_mt(&strm, &mt);
    caller = pthread_self();
    for (size_t given = 0; given < TOTAL && ret == LZMA_OK; given += PIECE) {
        strm.next_in = in;
        strm.avail_in = PIECE;
        while (strm.avail_in > 0 && ret == LZMA_OK) {
            strm.next_out = out;
            strm.avail_out = PIECE;
            ret = lzma_code(&strm, LZMA_RUN);
        }
    }
    while (ret == LZMA_OK) {
        strm.next_out = out;
        strm.avail_out = PIECE;
        ret = lzma_code(&strm, LZMA_FINISH);
    }
    lzma_end(&strm);
    free(in);
    free(out);
    printf("%s, %s, %s\n", ret == LZMA_STREAM_END ? "good" : "failed",
           total >= TOTAL ? "by the caller" : "by workers",
           most <= 2 * PIECE ? "in pieces" : "in one go");
    return 0;
}
