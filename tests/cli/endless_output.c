// SPDX-License-Identifier: 0BSD
// An encoder that gets SIGTERM behind two megabytes and does not stop writing its
// output: long_work.sh links this into xz for lzma_code().

#include <lzma.h>

#include <signal.h>
#include <string.h>
#include <unistd.h>

lzma_ret __real_lzma_code(lzma_stream *strm, lzma_action action);
lzma_ret __wrap_lzma_code(lzma_stream *strm, lzma_action action);

lzma_ret __wrap_lzma_code(lzma_stream *strm, lzma_action action)
{
    if (strm->total_out < 2U << 20)
        return __real_lzma_code(strm, action);
    (void)kill(getpid(), SIGTERM);
    for (;;)
        memset(strm->next_out, 0, strm->avail_out);
}
