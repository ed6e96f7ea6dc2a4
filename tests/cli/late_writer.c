// SPDX-License-Identifier: 0BSD
// A source that grows when its end has been read: bad_moments.sh links this into xz for
// lzma_code(), and opens the source as descriptor 9.

#include <lzma.h>

#include <unistd.h>

lzma_ret __real_lzma_code(lzma_stream *strm, lzma_action action);
lzma_ret __wrap_lzma_code(lzma_stream *strm, lzma_action action);

lzma_ret __wrap_lzma_code(lzma_stream *strm, lzma_action action)
{
    static int done;
    if (action == LZMA_FINISH && done++ == 0) {
        ssize_t ignored = write(9, "more\n", 5);
        (void)ignored;
    }
    return __real_lzma_code(strm, action);
}
