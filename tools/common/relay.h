// SPDX-License-Identifier: 0BSD
// A thread that reads ahead or writes behind, with a ring of bytes between it and us.

#ifndef XZ_TOOLS_RELAY_H
#define XZ_TOOLS_RELAY_H

#include "files.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that may be on their way, and of those the most that are handed over at once */
#define XZ_RELAY_RING  ((size_t)2 << 20)
#define XZ_RELAY_PIECE ((size_t)128 << 10)

/*
 * One direction of one pair of files. The thread that starts a relay is the only one
 * that uses it, and the only one that reports; signals are its business too. While a
 * relay runs, nobody else reads the source or writes to the target. Both must stay open
 * until xz_relay_end().
 */
struct xz_relay;

/* Begin to read the source, or to be ready to write. NULL: do without. */
struct xz_relay *xz_relay_start_reader(const struct xz_files *files);
struct xz_relay *xz_relay_start_writer(const struct xz_files *files);

/*
 * Reader: up to `most` bytes that have been read, in *ret_bytes. They stay until the
 * next call. Waits at most `timeout` milliseconds (-1: as long as it takes), and
 * returns like xz_files_read(); errors are reported to `files`.
 */
enum xz_read_result xz_relay_take(struct xz_relay *relay, struct xz_files *files,
                                  size_t most, int timeout, uint8_t **ret_bytes,
                                  size_t *ret_size);

/* Reader: true if xz_relay_take() would have to wait. */
bool xz_relay_is_empty(struct xz_relay *relay);

/*
 * Writer: a place for up to XZ_RELAY_PIECE bytes. XZ_READ_NOTHING and XZ_READ_FAILED as
 * above: the former also when the timeout is over.
 */
enum xz_read_result xz_relay_room(struct xz_relay *relay, struct xz_files *files,
                                  int timeout, uint8_t **ret_bytes, size_t *ret_size);

/* Writer: the first `size` bytes of that place are to be written. */
void xz_relay_put(struct xz_relay *relay, size_t size);

/* Writer: wait until all is written. XZ_READ_END: it is; the others as above. */
enum xz_read_result xz_relay_drain(struct xz_relay *relay, struct xz_files *files,
                                   int timeout);

/*
 * Stop and free. A writer drops what has not been written, and tells `files` of a hole
 * that is still to be made. After a signal that asks for an end, a thread that sleeps
 * in a pipe is left to sleep, with what belongs to it.
 */
void xz_relay_end(struct xz_relay *relay, struct xz_files *files);

#endif
