// SPDX-License-Identifier: 0BSD
// Feeds lzma_file_info_decoder() with the places of a file that it asks for.

#include "../common/system.h"

#include "index_read.h"

#include <errno.h>
#include <unistd.h>

/* Big Indexes are read in a few pieces; of small files nothing is read twice. */
#define PIECE 16384

/* pread() that goes on after signals. */
static ssize_t read_some(int fd, uint64_t offset, void *buffer, size_t size)
{
    ssize_t got;
    do {
        got = pread(fd, buffer, size, (off_t)offset);
    } while (got < 0 && errno == EINTR);
    return got;
}

int xz_read_at(int fd, uint64_t offset, void *buffer, size_t size)
{
    uint8_t *out = buffer;
    while (size > 0) {
        ssize_t got = read_some(fd, offset, out, size);
        if (got < 0)
            return errno;
        if (got == 0)
            return EIO; // the file has become shorter
        out += got;
        offset += (uint64_t)got;
        size -= (size_t)got;
    }
    return 0;
}

/*
 * All bytes exist, so LZMA_RUN is always right; the decoder knows the size of the file.
 */
static lzma_ret run(lzma_stream *strm, int fd, uint64_t size)
{
    uint8_t buffer[PIECE];
    uint64_t pos = 0;
    for (;;) {
        if (strm->avail_in == 0 && pos < size) {
            size_t want = size - pos < PIECE ? (size_t)(size - pos) : PIECE;
            ssize_t got = read_some(fd, pos, buffer, want);
            if (got <= 0) {
                errno = got == 0 ? EIO : errno;
                return LZMA_BUF_ERROR;
            }
            pos += (uint64_t)got;
            strm->next_in = buffer;
            strm->avail_in = (size_t)got;
        }
        lzma_ret ret = lzma_code(strm, LZMA_RUN);
        if (ret == LZMA_SEEK_NEEDED) {
            pos = strm->seek_pos;
            strm->avail_in = 0;
        } else if (ret == LZMA_BUF_ERROR) {
            return LZMA_DATA_ERROR; // the file is all there, and not enough
        } else if (ret != LZMA_OK) {
            return ret;
        }
    }
}

lzma_ret xz_index_read(int fd, uint64_t size, uint64_t memlimit, lzma_index **ret_index,
                       uint64_t *ret_memory)
{
    lzma_stream strm = LZMA_STREAM_INIT;
    lzma_index *index = NULL;
    lzma_ret ret = lzma_file_info_decoder(&strm, &index, memlimit, size);
    if (ret == LZMA_OK)
        ret = run(&strm, fd, size);
    int reason = errno;
    if (ret == LZMA_MEMLIMIT_ERROR)
        *ret_memory = lzma_memusage(&strm);
    lzma_end(&strm);
    errno = reason;
    if (ret != LZMA_STREAM_END)
        return ret;
    *ret_index = index;
    return LZMA_OK;
}
