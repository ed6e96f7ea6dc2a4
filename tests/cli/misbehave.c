// SPDX-License-Identifier: 0BSD
// A decoder that was taken over: sandbox.sh links it into xz for lzma_code().

#define _GNU_SOURCE

#include <lzma.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

lzma_ret __real_lzma_code(lzma_stream *strm, lzma_action action);
lzma_ret __wrap_lzma_code(lzma_stream *strm, lzma_action action);

/* One line for each attempt: its name, and the error or "done". */
static void tell(const char *what, int result)
{
    dprintf(STDERR_FILENO, "misbehave: %s: %s\n", what,
            result < 0 ? strerror(errno) : "done");
}

lzma_ret __wrap_lzma_code(lzma_stream *strm, lzma_action action)
{
    static int calls;
    char *const argv[] = {"true", NULL};
    if (calls++ == 0) {
        tell("read", open("secret", O_RDONLY));
        tell("overwrite", open("secret", O_WRONLY));
        tell("truncate", open("secret", O_RDWR | O_TRUNC));
        tell("create", open("planted", O_WRONLY | O_CREAT, 0600));
        tell("remove", unlink("victim"));
        tell("link", symlink("secret", "planted-link"));
        tell("fifo", mkfifo("planted-fifo", 0600));
        tell("socket", socket(AF_INET, SOCK_STREAM, 0));
        tell("execute", execv("/bin/true", argv));
    }
    return __real_lzma_code(strm, action);
}
