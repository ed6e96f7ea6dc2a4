// SPDX-License-Identifier: 0BSD
// Counts the threads of the test's process, without those that a sanitizer has.

#ifndef TEST_THREAD_COUNT_H
#define TEST_THREAD_COUNT_H

/* Call it before the others, while there are no threads but the first. */
void count_others(void);

/* Threads that work for the test, its own included. */
unsigned count_threads(void);

/* Wait until threads that have been joined are gone from the system's list. */
void settle(void);

#endif
