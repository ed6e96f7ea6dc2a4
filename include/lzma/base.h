/* SPDX-License-Identifier: 0BSD */
/* Result codes, actions, the stream object, and the functions every coder shares. */
/* clang-format off */

#ifndef LZMA_H_INTERNAL
# error "Include <lzma.h>, not this part of it."
#endif

/* A truth value: 0 is false, anything else is true. One byte on every machine. */
typedef unsigned char lzma_bool;

/* Holds the place of enum members that later versions may need. */
typedef enum {
    LZMA_RESERVED_ENUM = 0
} lzma_reserved_enum;

/*
 * Result of most functions. "Goes on" means that lzma_code() may be called again;
 * after any other error only lzma_end() or a new set-up is useful.
 */
typedef enum {
    /* Done as asked; with lzma_code(), there is more to do. */
    LZMA_OK = 0,

    /* The end: all output was given out, or a flush is complete. */
    LZMA_STREAM_END = 1,

    /* Goes on. The Stream carries no Check (asked for by LZMA_TELL_NO_CHECK). */
    LZMA_NO_CHECK = 2,

    /*
     * The Check's type is unknown here. A decoder (LZMA_TELL_UNSUPPORTED_CHECK) goes
     * on without verifying; an encoder cannot start.
     */
    LZMA_UNSUPPORTED_CHECK = 3,

    /* Goes on. lzma_get_check() can be asked now (LZMA_TELL_ANY_CHECK). */
    LZMA_GET_CHECK = 4,

    /* The allocator returned NULL. */
    LZMA_MEM_ERROR = 5,

    /*
     * More memory is needed than the limit allows. A decoder goes on after
     * lzma_memlimit_set() with at least lzma_memusage() bytes.
     */
    LZMA_MEMLIMIT_ERROR = 6,

    /* The input is not of the expected file format. */
    LZMA_FORMAT_ERROR = 7,

    /* Options, or a file's headers, ask for what is not supported. */
    LZMA_OPTIONS_ERROR = 8,

    /* The data is damaged; in an encoder, a size limit of the format was passed. */
    LZMA_DATA_ERROR = 9,

    /*
     * From lzma_code(): two calls in a row could neither read nor write a byte. Goes
     * on once there is more input or more room. From a single-call function: the
     * buffer is too small.
     */
    LZMA_BUF_ERROR = 10,

    /* The caller broke the rules of the interface. */
    LZMA_PROG_ERROR = 11,

    /* Goes on. Input must continue at file offset strm->seek_pos. */
    LZMA_SEEK_NEEDED = 12,

    /* For use inside the library; no function returns them. */
    LZMA_RET_INTERNAL1 = 101,
    LZMA_RET_INTERNAL2 = 102,
    LZMA_RET_INTERNAL3 = 103,
    LZMA_RET_INTERNAL4 = 104,
    LZMA_RET_INTERNAL5 = 105,
    LZMA_RET_INTERNAL6 = 106,
    LZMA_RET_INTERNAL7 = 107,
    LZMA_RET_INTERNAL8 = 108
} lzma_ret;

/*
 * What lzma_code() shall do. Every coder takes LZMA_RUN (but for MicroLZMA encoding)
 * and LZMA_FINISH; the comment of the function that opens a coder names the others.
 *
 * An action other than LZMA_RUN is repeated, with nothing added to the input, until
 * lzma_code() returns LZMA_STREAM_END. After a flush or barrier LZMA_RUN is next.
 */
typedef enum {
    /* Code; keep back whatever helps to compress better. */
    LZMA_RUN = 0,

    /*
     * Encoders: make all input so far decodable from the output, inside the same
     * Block. Costs some compression. Only Delta and LZMA2 can do it; other filters
     * answer LZMA_OPTIONS_ERROR.
     */
    LZMA_SYNC_FLUSH = 1,

    /* Encoders of .xz: end the current Block and give all of it out. */
    LZMA_FULL_FLUSH = 2,

    /*
     * Encoders of .xz: end the current Block. With worker threads it is complete as
     * soon as the input is taken over, while output may still be pending.
     */
    LZMA_FULL_BARRIER = 4,

    /*
     * No input follows what is in the buffer. Encoders write the end of the file.
     * Decoders need it with LZMA_CONCATENATED, and may have it always.
     */
    LZMA_FINISH = 3
} lzma_action;

/*
 * A program's own memory functions. The library calls them from the threads it runs
 * in, worker threads included.
 */
typedef struct {
    /*
     * Returns size bytes aligned for any type, or NULL. nmemb is always 1; the true
     * amount is nmemb * size. NULL here stands for malloc(). The memory need not be
     * zeroed.
     */
    void *(LZMA_API_CALL *alloc)(void *opaque, size_t nmemb, size_t size);

    /* Frees what alloc() gave; ptr may be NULL. NULL here stands for free(). */
    void (LZMA_API_CALL *free)(void *opaque, void *ptr);

    /* Passed to both functions; the library does not look at it. */
    void *opaque;
} lzma_allocator;

/* The state of a coder; only the library knows what is in it. */
typedef struct lzma_internal_s lzma_internal;

/*
 * One coder with its input and output: the caller sets the buffers, lzma_code() moves
 * through them. Start with LZMA_STREAM_INIT, or all bytes zero; the reserved members
 * must stay zero. One coder after another may use the same object.
 */
typedef struct {
    /* Next byte to read; may be NULL if avail_in is 0. */
    const uint8_t *next_in;

    /* Bytes that can be read at next_in */
    size_t avail_in;

    /* Bytes read since the coder was set up */
    uint64_t total_in;

    /* Where the next byte goes; may be NULL if avail_out is 0. */
    uint8_t *next_out;

    /* Bytes that may be written at next_out */
    size_t avail_out;

    /* Bytes written since the coder was set up */
    uint64_t total_out;

    /* The caller's; must not change until lzma_end(). NULL is malloc(). */
    const lzma_allocator *allocator;

    /* The library's; NULL while no coder is set up. */
    lzma_internal *internal;

    void *reserved_ptr1;
    void *reserved_ptr2;
    void *reserved_ptr3;
    void *reserved_ptr4;

    /* File offset to go on reading at; valid right after LZMA_SEEK_NEEDED. */
    uint64_t seek_pos;

    uint64_t reserved_int2;
    size_t reserved_int3;
    size_t reserved_int4;
    lzma_reserved_enum reserved_enum1;
    lzma_reserved_enum reserved_enum2;
} lzma_stream;

/* Initial value of a lzma_stream: no buffers, malloc(), no coder */
#define LZMA_STREAM_INIT \
    { NULL, 0, 0, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, \
      0, 0, 0, 0, LZMA_RESERVED_ENUM, LZMA_RESERVED_ENUM }

/*
 * Encode or decode until the input is used up, the output is full, or there is
 * something to report.
 *
 *   strm    a coder that was set up; its buffers hold any number of bytes
 *   action  see lzma_action
 *
 * Updates next_in, avail_in, total_in, next_out, avail_out and total_out, after
 * errors too.
 *
 * Returns:
 *   LZMA_OK          call again: with more input, more room, or just again
 *   LZMA_STREAM_END  the flush is complete; after LZMA_FINISH, or in a decoder, all is
 *                    done, and every further call returns the same
 *   LZMA_BUF_ERROR   no progress in two calls in a row; not fatal. A decoder at the
 *                    end of its file's bytes gets this when the file is truncated.
 *   LZMA_PROG_ERROR  no coder, a buffer NULL though its size is not 0, an action the
 *                    coder does not know or that must not follow, input that changed
 *                    during a flush, or a call after a fatal error
 *   LZMA_OPTIONS_ERROR  also: a reserved member of *strm is not zero
 *   LZMA_NO_CHECK, LZMA_UNSUPPORTED_CHECK, LZMA_GET_CHECK, LZMA_MEMLIMIT_ERROR,
 *   LZMA_SEEK_NEEDED    not fatal, see there
 *   others           fatal: the coder stays in this state
 *
 * Memory: may allocate through strm->allocator; lzma_end() frees.
 * Threads: one per strm.
 */
extern LZMA_API(lzma_ret) lzma_code(lzma_stream *strm, lzma_action action)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Free what the coder of a stream holds, and stop its worker threads.
 *
 *   strm  may be NULL, may have no coder. Sets strm->internal to NULL and changes no
 *         other member; the object itself is the caller's.
 *
 * Threads: one per strm.
 */
extern LZMA_API(void) lzma_end(lzma_stream *strm)
    lzma_nothrow;

/*
 * Tell how far a coder is. This counts what has been worked through, by worker threads
 * or by an encoder that gathers text before it looks at it; total_in and total_out show
 * what was handed over.
 *
 *   strm          a coder that was set up
 *   progress_in   receives the bytes of input done
 *   progress_out  receives the bytes of output made, given out or not
 *
 * Threads: one per strm, not beside lzma_code() on the same strm.
 */
extern LZMA_API(void) lzma_get_progress(lzma_stream *strm,
                                        uint64_t *progress_in, uint64_t *progress_out)
    lzma_nothrow;

/*
 * How much memory a decoder uses or, after LZMA_MEMLIMIT_ERROR, how much it needs.
 *
 *   strm  a decoder that has a memory limit
 *
 * Returns: bytes, rather too many than too few; 0 if the coder has no limit.
 * Threads: one per strm.
 */
extern LZMA_API(uint64_t) lzma_memusage(const lzma_stream *strm)
    lzma_nothrow lzma_attr_pure;

/*
 * The memory limit of a decoder.
 *
 *   strm  a decoder that has a memory limit
 *
 * Returns: bytes, 1 or more; 0 if the coder has no limit.
 * Threads: one per strm.
 */
extern LZMA_API(uint64_t) lzma_memlimit_get(const lzma_stream *strm)
    lzma_nothrow lzma_attr_pure;

/*
 * Change the memory limit of a decoder, at any time.
 *
 *   strm      a decoder that has a memory limit
 *   memlimit  bytes; 0 counts as 1
 *
 * Returns:
 *   LZMA_OK              the new limit holds
 *   LZMA_MEMLIMIT_ERROR  more is in use already; the old limit stays
 *   LZMA_PROG_ERROR      no coder, or one without a limit
 * Threads: one per strm.
 */
extern LZMA_API(lzma_ret) lzma_memlimit_set(lzma_stream *strm, uint64_t memlimit)
    lzma_nothrow;
