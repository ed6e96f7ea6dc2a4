// SPDX-License-Identifier: 0BSD
// Reads the Index before the data, and single places of the data.

#include "../common/system.h"

#include "foresight.h"
#include "index_read.h"

#include <string.h>

static lzma_bool read_at(void *opaque, uint64_t pos, uint8_t *buffer, size_t size)
{
    const struct xz_foresight *foresight = opaque;
    return xz_read_at(foresight->fd, pos, buffer, size) == 0;
}

void xz_foresight_look(struct xz_foresight *foresight, int fd, uint64_t size,
                       uint64_t memlimit)
{
    uint64_t needed = 0;
    memset(foresight, 0, sizeof(*foresight));
    foresight->fd = fd;
    if (xz_index_read(fd, size, memlimit, &foresight->index, &needed) != LZMA_OK)
        return;
    foresight->file.index = foresight->index;
    foresight->file.read_at = read_at;
    foresight->file.opaque = foresight;
}

void xz_foresight_end(struct xz_foresight *foresight)
{
    lzma_index_end(foresight->index, NULL);
    memset(foresight, 0, sizeof(*foresight));
}
