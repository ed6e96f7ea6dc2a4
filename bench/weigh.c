// SPDX-License-Identifier: 0BSD
// Runs a command with its output into a file; prints what the run took.
//
//     weigh OUTPUT COMMAND [ARGUMENT...]
//
// Prints CPU seconds, wall seconds and the peak of memory in bytes. It is a program of
// its own because a process inherits the peak of the one that started it, and the
// benchmark's Python is larger than many encoders.

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static double wall_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: weigh OUTPUT COMMAND [ARGUMENT...]\n");
        return 1;
    }
    const double start = wall_seconds();
    const pid_t child = fork();
    if (child == -1)
        fail("fork");
    if (child == 0) {
        const int out = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0666);
        if (out == -1 || dup2(out, STDOUT_FILENO) == -1)
            fail(argv[1]);
        execvp(argv[2], argv + 2);
        fail(argv[2]);
    }
    int status;
    struct rusage usage;
    if (wait4(child, &status, 0, &usage) == -1)
        fail("wait4");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "weigh: %s failed\n", argv[2]);
        return 1;
    }
    printf("%.3f %.3f %ld\n", seconds(usage.ru_utime) + seconds(usage.ru_stime),
           wall_seconds() - start, usage.ru_maxrss * 1024);
    return 0;
}
