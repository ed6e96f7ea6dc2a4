// SPDX-License-Identifier: 0BSD
// Reads ahead and writes behind: one thread, one ring of bytes, one direction each.

/*
 * Where the coder works in the thread that also reads and writes, it stands still while
 * a pipe is empty or full. With a relay on each side it goes on as long as the rings
 * last:
 *
 *     source -> reader -> ring -> coder -> ring -> writer -> target
 *
 * Nothing is copied: a reader reads into the ring, the coder takes its input from
 * there and puts its output into the other ring, from which it is written.
 *
 *     0 <= taken <= put <= taken + XZ_RELAY_RING     bytes since the beginning
 *
 * The bytes from taken to put belong to the side that takes, all others to the side
 * that puts; byte n is at n % XZ_RELAY_RING. All members below the mutex are under it.
 *
 * The two sides sleep differently. The relay's thread waits for a condition. The other
 * one waits for signals as well, so it sleeps in poll() on the pipe that signal
 * handlers write into, and the relay wakes it through the same pipe.
 *
 * A reader sleeps in poll() too, together with a pipe that tells it to stop.
 */

#include "system.h"

#include "relay.h"
#include "signals.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What one write() gets at most, so that there is room again soon */
#define WRITE_MOST ((size_t)256 << 10)

struct xz_relay {
    pthread_t thread;
    bool reads;
    struct xz_file_rules rules;
    struct xz_files files; // a copy, for the relay's thread
    uint8_t *ring;         // XZ_RELAY_RING bytes, owned
    int stop_pipe[2];      // of a reader
    size_t lent;           // bytes that xz_relay_take() gave out last

    pthread_mutex_t mutex;
    pthread_cond_t cond; // for the relay's thread
    uint64_t put;
    uint64_t taken;
    bool ended;         // the source is at its end
    bool failed;        // nothing will be read or written any more
    int reason;         // why reading failed
    bool stopping;      // the thread shall end
    bool thread_waits;  // for the condition
    bool partner_waits; // in poll()
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Bytes to take, without a break at the end of the ring. */
static size_t full_piece(const struct xz_relay *relay)
{
    size_t pos = (size_t)(relay->taken % XZ_RELAY_RING);
    return smaller((size_t)(relay->put - relay->taken), XZ_RELAY_RING - pos);
}

/* Bytes of room, likewise. */
static size_t free_piece(const struct xz_relay *relay)
{
    size_t pos = (size_t)(relay->put % XZ_RELAY_RING);
    size_t room = XZ_RELAY_RING - (size_t)(relay->put - relay->taken);
    return smaller(room, XZ_RELAY_RING - pos);
}

/* Called by the relay's thread, with the mutex, when something has changed. */
static void wake_partner(struct xz_relay *relay)
{
    if (relay->partner_waits)
        xz_signals_wake();
    relay->partner_waits = false;
}

/* Called by the other thread, with the mutex. */
static void wake_thread(struct xz_relay *relay)
{
    if (relay->thread_waits)
        pthread_cond_signal(&relay->cond);
    relay->thread_waits = false;
}

/* Called by the relay's thread, with the mutex: sleep until the other has done much. */
static void wait_in_thread(struct xz_relay *relay)
{
    relay->thread_waits = true;
    pthread_cond_wait(&relay->cond, &relay->mutex);
}

/* Called by the other thread, with the mutex, which is given up; look again after. */
static enum xz_read_result wait_as_partner(struct xz_relay *relay, int timeout)
{
    struct pollfd fd = {.fd = xz_signals_fd(), .events = POLLIN};
    relay->partner_waits = true;
    pthread_mutex_unlock(&relay->mutex);
    if (poll(&fd, 1, timeout) > 0)
        xz_signals_drain();
    return xz_signals_aborted() ? XZ_READ_FAILED : XZ_READ_NOTHING;
}

/* One read(), when there is something; false if the reader shall stop. */
static bool read_piece(struct xz_relay *relay, uint8_t *bytes, size_t room,
                       ssize_t *ret_got, int *ret_reason)
{
    struct pollfd fds[2] = {
        {.fd = relay->files.source_fd, .events = POLLIN},
        {.fd = relay->stop_pipe[0], .events = POLLIN},
    };
    for (;;) {
        int count = poll(fds, 2, -1);
        if (count > 0 && fds[1].revents != 0)
            return false;
        *ret_got = read(relay->files.source_fd, bytes, room);
        *ret_reason = errno;
        bool again = *ret_got < 0
                     && (*ret_reason == EINTR || *ret_reason == EAGAIN
                         || *ret_reason == EWOULDBLOCK);
        if (!again)
            return true;
    }
}

static void *read_ahead(void *opaque)
{
    struct xz_relay *relay = opaque;
    pthread_mutex_lock(&relay->mutex);
    while (!relay->stopping && !relay->ended && !relay->failed) {
        size_t room = smaller(free_piece(relay), XZ_RELAY_PIECE);
        if (room == 0) {
            wait_in_thread(relay);
            continue;
        }
        uint8_t *bytes = relay->ring + relay->put % XZ_RELAY_RING;
        ssize_t got = 0;
        int reason = 0;
        pthread_mutex_unlock(&relay->mutex);
        bool good = read_piece(relay, bytes, room, &got, &reason);
        pthread_mutex_lock(&relay->mutex);
        if (!good)
            break;
        relay->put += got > 0 ? (uint64_t)got : 0;
        relay->ended = got == 0;
        relay->failed = got < 0;
        relay->reason = reason;
        wake_partner(relay);
    }
    pthread_mutex_unlock(&relay->mutex);
    return NULL;
}

static void *write_behind(void *opaque)
{
    struct xz_relay *relay = opaque;
    pthread_mutex_lock(&relay->mutex);
    while (!relay->stopping && !relay->failed) {
        size_t size = smaller(full_piece(relay), WRITE_MOST);
        if (size == 0) {
            wait_in_thread(relay);
            continue;
        }
        const uint8_t *bytes = relay->ring + relay->taken % XZ_RELAY_RING;
        pthread_mutex_unlock(&relay->mutex);
        bool good = xz_files_write_quietly(&relay->files, bytes, size);
        pthread_mutex_lock(&relay->mutex);
        relay->taken += size;
        relay->failed = !good;
        wake_partner(relay);
    }
    pthread_mutex_unlock(&relay->mutex);
    return NULL;
}

static void destroy(struct xz_relay *relay)
{
    for (size_t i = 0; i < 2; i++)
        if (relay->stop_pipe[i] != -1)
            (void)close(relay->stop_pipe[i]);
    pthread_cond_destroy(&relay->cond);
    pthread_mutex_destroy(&relay->mutex);
    free(relay->ring);
    free(relay);
}

/* What cannot be had is done without; so nothing is reported. */
static struct xz_relay *start(const struct xz_files *files, bool reads)
{
    struct xz_relay *relay = calloc(1, sizeof(*relay));
    if (relay == NULL)
        return NULL;
    relay->reads = reads;
    relay->rules = *files->rules;
    relay->rules.apart = true;
    relay->files = *files;
    relay->files.rules = &relay->rules;
    relay->stop_pipe[0] = -1;
    relay->stop_pipe[1] = -1;
    pthread_mutex_init(&relay->mutex, NULL);
    pthread_cond_init(&relay->cond, NULL);
    relay->ring = aligned_alloc(4096, XZ_RELAY_RING);
    bool good = relay->ring != NULL && (!reads || pipe(relay->stop_pipe) == 0)
                && xz_signals_start_thread(&relay->thread,
                                           reads ? read_ahead : write_behind, relay);
    if (good)
        return relay;
    destroy(relay);
    return NULL;
}

struct xz_relay *xz_relay_start_reader(const struct xz_files *files)
{
    return start(files, true);
}

struct xz_relay *xz_relay_start_writer(const struct xz_files *files)
{
    return start(files, false);
}

/* What was given out before has been used. The reader begins again with half a ring. */
enum xz_read_result xz_relay_take(struct xz_relay *relay, struct xz_files *files,
                                  size_t most, int timeout, uint8_t **ret_bytes,
                                  size_t *ret_size)
{
    if (xz_signals_aborted())
        return XZ_READ_FAILED;
    pthread_mutex_lock(&relay->mutex);
    relay->taken += relay->lent;
    relay->lent = smaller(full_piece(relay), most);
    if (relay->put - relay->taken <= XZ_RELAY_RING / 2)
        wake_thread(relay);
    if (relay->lent == 0 && !relay->ended && !relay->failed)
        return wait_as_partner(relay, timeout);
    bool failed = relay->failed;
    *ret_bytes = relay->ring + relay->taken % XZ_RELAY_RING;
    *ret_size = relay->lent;
    pthread_mutex_unlock(&relay->mutex);
    if (*ret_size > 0)
        return XZ_READ_DATA;
    if (failed)
        xz_report_error(files->report, files->source_name, "Read error: %s",
                        strerror(relay->reason));
    return failed ? XZ_READ_FAILED : XZ_READ_END;
}

bool xz_relay_is_empty(struct xz_relay *relay)
{
    pthread_mutex_lock(&relay->mutex);
    bool empty = relay->put == relay->taken + relay->lent && !relay->ended;
    pthread_mutex_unlock(&relay->mutex);
    return empty;
}

/* Writing has failed: say why, as this thread would have. */
static enum xz_read_result tell_write_failure(struct xz_relay *relay,
                                              struct xz_files *files)
{
    files->write_fault = relay->files.write_fault;
    files->write_reason = relay->files.write_reason;
    xz_files_report_write(files);
    return XZ_READ_FAILED;
}

enum xz_read_result xz_relay_room(struct xz_relay *relay, struct xz_files *files,
                                  int timeout, uint8_t **ret_bytes, size_t *ret_size)
{
    if (xz_signals_aborted())
        return XZ_READ_FAILED;
    pthread_mutex_lock(&relay->mutex);
    size_t to_end = XZ_RELAY_RING - (size_t)(relay->put % XZ_RELAY_RING);
    size_t room = free_piece(relay);
    bool failed = relay->failed;
    if (!failed && room < smaller(to_end, XZ_RELAY_PIECE))
        return wait_as_partner(relay, timeout);
    *ret_bytes = relay->ring + relay->put % XZ_RELAY_RING;
    *ret_size = smaller(room, XZ_RELAY_PIECE);
    pthread_mutex_unlock(&relay->mutex);
    return failed ? tell_write_failure(relay, files) : XZ_READ_DATA;
}

void xz_relay_put(struct xz_relay *relay, size_t size)
{
    pthread_mutex_lock(&relay->mutex);
    relay->put += size;
    wake_thread(relay);
    pthread_mutex_unlock(&relay->mutex);
}

enum xz_read_result xz_relay_drain(struct xz_relay *relay, struct xz_files *files,
                                   int timeout)
{
    if (xz_signals_aborted())
        return XZ_READ_FAILED;
    pthread_mutex_lock(&relay->mutex);
    bool failed = relay->failed;
    if (!failed && relay->put > relay->taken)
        return wait_as_partner(relay, timeout);
    pthread_mutex_unlock(&relay->mutex);
    return failed ? tell_write_failure(relay, files) : XZ_READ_END;
}

/*
 * Regular files let nobody sleep for long, so their threads always come to an end. When
 * a signal asks for an end, the coder may still be at work on another thread, with its
 * output in the ring: what the two use stays until the process has ended.
 */
void xz_relay_end(struct xz_relay *relay, struct xz_files *files)
{
    pthread_mutex_lock(&relay->mutex);
    relay->stopping = true;
    wake_thread(relay);
    pthread_mutex_unlock(&relay->mutex);
    struct stat st;
    bool sleepless =
        !relay->reads && fstat(files->target_fd, &st) == 0 && S_ISREG(st.st_mode);
    if (relay->reads)
        (void)close(relay->stop_pipe[1]);
    relay->stop_pipe[1] = -1;
    if (xz_signals_aborted() && !sleepless)
        return;
    (void)pthread_join(relay->thread, NULL);
    if (!relay->reads)
        files->hole = relay->files.hole;
    if (!xz_signals_aborted())
        destroy(relay);
}
