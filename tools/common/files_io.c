// SPDX-License-Identifier: 0BSD
// Reading and writing of a pair of files: interruptible, and with holes for zeros.

/*
 * Regular files never make read() wait, so they are read without asking. Everything
 * else (pipes, terminals, sockets) is waited for with poll(), together with the self-
 * pipe of the signals and with a timeout, so that signals, the progress display and
 * --flush-timeout all get their turn while nothing comes in.
 *
 * Writing just writes. A write() that sleeps is woken by signals; see signals.c for the
 * one that is about to sleep when the signal comes.
 *
 * Zeros are not written where the target may be sparse. They are counted, and the next
 * real byte is preceded by a seek over all of them, so that a long run costs one call.
 */

#include "system.h"

#include "files.h"
#include "signals.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/*
 * Runs of zeros are skipped in units of this size, at multiples of it, counted from the
 * beginning of a buffer. File systems make holes of whole pages.
 */
#define HOLE_UNIT 4096

/* Wait until the source has data or its end; false if something else came first. */
static bool wait_for_source(const struct xz_files *files, int timeout)
{
    struct pollfd fds[2] = {
        {.fd = files->source_fd, .events = POLLIN},
        {.fd = xz_signals_fd(), .events = POLLIN},
    };
    int count = poll(fds, 2, timeout);
    if (count < 0) // reading will tell the reason, unless it was a signal
        return errno != EINTR;
    if (fds[1].revents != 0) {
        xz_signals_drain();
        return false;
    }
    return count > 0;
}

/*
 * poll() with no timeout just looks. An error counts as "would not wait": read() will
 * tell.
 */
bool xz_files_read_blocks(const struct xz_files *files)
{
    struct pollfd fd = {.fd = files->source_fd, .events = POLLIN};
    return !files->source_is_regular && poll(&fd, 1, 0) == 0;
}

/*
 * A signal that asks for an end is not an error to report: its default action, which
 * follows when everything is cleaned up, says enough.
 */
enum xz_read_result xz_files_read(struct xz_files *files, void *buffer, size_t size,
                                  int timeout, size_t *ret_size)
{
    if (xz_signals_aborted())
        return XZ_READ_FAILED;
    if (!files->source_is_regular && !wait_for_source(files, timeout))
        return xz_signals_aborted() ? XZ_READ_FAILED : XZ_READ_NOTHING;
    ssize_t got = read(files->source_fd, buffer, size);
    if (got > 0) {
        *ret_size = (size_t)got;
        return XZ_READ_DATA;
    }
    if (got == 0)
        return XZ_READ_END;
    if (xz_signals_aborted())
        return XZ_READ_FAILED;
    if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)
        return XZ_READ_NOTHING;
    xz_report_error(files->report, files->source_name, "Read error: %s",
                    strerror(errno));
    return XZ_READ_FAILED;
}

/* Programs that share our standard input find it behind the compressed data. */
void xz_files_unread(struct xz_files *files, size_t size)
{
    if (files->source_is_stdin && size > 0) // a pipe takes nothing back
        (void)lseek(files->source_fd, -(off_t)size, SEEK_CUR);
}

/* How often a thread apart looks whether the program shall end */
#define APART_WAIT_MS 100

/* A target that another process made non-blocking is waited for. */
static void wait_for_target(const struct xz_files *files)
{
    struct pollfd fd = {.fd = files->target_fd, .events = POLLOUT};
    if (files->rules->apart) {
        (void)poll(&fd, 1, APART_WAIT_MS);
        return;
    }
    struct pollfd fds[2] = {fd, {.fd = xz_signals_fd(), .events = POLLIN}};
    if (poll(fds, 2, -1) > 0 && fds[1].revents != 0)
        xz_signals_drain();
}

/*
 * SIGPIPE and SIGXFSZ speak for themselves. Where SIGPIPE is ignored, as in services of
 * systemd, a reader who has seen enough is no error either.
 */
static bool note_fault(struct xz_files *files, const char *what, int reason)
{
    files->write_fault = xz_signals_aborted() || reason == EPIPE ? NULL : what;
    files->write_reason = reason;
    return false;
}

/* Short writes are normal on pipes and after signals. */
static bool write_all(struct xz_files *files, const uint8_t *buffer, size_t size)
{
    while (size > 0) {
        if (xz_signals_aborted())
            return false;
        ssize_t put = write(files->target_fd, buffer, size);
        if (put >= 0) {
            buffer += put;
            size -= (size_t)put;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            wait_for_target(files);
        } else if (errno != EINTR) {
            return note_fault(files, "Write error", errno);
        }
    }
    return true;
}

/* Skip over the zeros that were not written. */
static bool make_hole(struct xz_files *files)
{
    if (files->hole == 0)
        return true;
    if (files->hole > INT64_MAX)
        return note_fault(files, "Seeking failed", EFBIG);
    if (lseek(files->target_fd, (off_t)files->hole, SEEK_CUR) == -1)
        return note_fault(files, "Seeking failed", errno);
    files->hole = 0;
    return true;
}

/*
 * A buffer is all zeros if its first byte is, and every byte equals the one before it.
 * memcmp() does that fast.
 */
static bool is_zero(const uint8_t *buffer, size_t size)
{
    return buffer[0] == 0 && memcmp(buffer, buffer + 1, size - 1) == 0;
}

/* Bytes at the beginning of the buffer that are worth writing, rounded up to units. */
static size_t data_length(const uint8_t *buffer, size_t size)
{
    size_t pos = 0;
    while (size - pos >= HOLE_UNIT && !is_zero(buffer + pos, HOLE_UNIT))
        pos += HOLE_UNIT;
    return size - pos >= HOLE_UNIT ? pos : size;
}

/*
 * Data and zeros alternate: write the units up to the first that is all zeros, then
 * skip the units that are.
 */
bool xz_files_write_quietly(struct xz_files *files, const uint8_t *buffer, size_t size)
{
    files->write_fault = NULL;
    while (size > 0) {
        size_t length = files->target_is_sparse ? data_length(buffer, size) : size;
        if (length > 0 && (!make_hole(files) || !write_all(files, buffer, length)))
            return false;
        buffer += length;
        size -= length;
        while (size >= HOLE_UNIT && is_zero(buffer, HOLE_UNIT)) {
            files->hole += HOLE_UNIT;
            buffer += HOLE_UNIT;
            size -= HOLE_UNIT;
        }
    }
    return true;
}

void xz_files_report_write(struct xz_files *files)
{
    if (files->write_fault != NULL)
        xz_report_error(files->report, files->target_shown, "%s: %s",
                        files->write_fault, strerror(files->write_reason));
}

bool xz_files_write(struct xz_files *files, const uint8_t *buffer, size_t size)
{
    if (files->rules->put != NULL && files->target_name == NULL)
        return size == 0 || files->rules->put(files->rules->put_opaque, buffer, size);
    bool good = xz_files_write_quietly(files, buffer, size);
    if (!good)
        xz_files_report_write(files);
    return good;
}
