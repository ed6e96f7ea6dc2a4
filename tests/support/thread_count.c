// SPDX-License-Identifier: 0BSD
// Counts the threads that /proc tells of.

#include "support/thread_count.h"
#include "support/support.h"
#include <dirent.h>
#include <unistd.h>

static unsigned other_threads; // of a sanitizer

/* Threads that work for the test, its own included. */
unsigned count_threads(void)
{
    unsigned count = 0 - other_threads;
    DIR *tasks = opendir("/proc/self/task");
    assert_non_null(tasks);
    for (struct dirent *task; (task = readdir(tasks)) != NULL;)
        count += task->d_name[0] != '.';
    (void)closedir(tasks);
    return count;
}

static void *do_nothing(void *argument)
{
    return argument;
}

/* A sanitizer starts its thread together with the program's first. */
void count_others(void)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, do_nothing, NULL), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    usleep(100000); // until the system has forgotten it
    other_threads = count_threads() - 1;
}

/* Waits until threads that have been joined are gone from the system's list. */
void settle(void)
{
    for (int i = 0; i < 1000 && count_threads() > 1; ++i)
        usleep(1000);
}
