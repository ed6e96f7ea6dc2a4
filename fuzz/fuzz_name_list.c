// SPDX-License-Identifier: 0BSD
// Names from a file of --files are its text, cut at the terminators and nowhere else.

#include "../tools/common/name_list.h"
#include "feed.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_feed feed = {data, size};
    const char terminator = fuzz_take(&feed, 2) ? '\n' : '\0';
    char path[] = "/tmp/fuzz-name-list-XXXXXX";
    const int fd = mkstemp(path);
    FUZZ_MUST(fd >= 0 && write(fd, feed.data, feed.size) == (ssize_t)feed.size);
    close(fd);

    struct xz_report report = {0};
    struct xz_name_list list;
    FUZZ_MUST(xz_name_list_open(&list, path, terminator, &report));
    const char *name;
    size_t pos = 0;
    while ((name = xz_name_list_next(&list)) != NULL) {
        const size_t length = strlen(name);
        FUZZ_MUST(length > 0 && pos + length <= feed.size);
        while (pos < feed.size && feed.data[pos] == (uint8_t)terminator)
            ++pos;
        FUZZ_MUST(pos + length <= feed.size);
        FUZZ_MUST(memcmp(feed.data + pos, name, length) == 0);
        pos += length;
        FUZZ_MUST(pos == feed.size || feed.data[pos] == (uint8_t)terminator);
    }
    xz_name_list_close(&list);
    unlink(path);
    return 0;
}
