// SPDX-License-Identifier: 0BSD
// Exported: lzma_code() and what else works on any coder.
//
// lzma_code() is a state machine around the coder's own operation. It sees to it that
// actions follow one another as they may, and that a caller who gives neither input nor
// room is told so.
//
//   state    entered by                          allowed action    left by
//   RUN      opening; a flush that has ended     any one           first other action
//   FLUSH    LZMA_SYNC_FLUSH, LZMA_FULL_FLUSH,   the same, input   LZMA_STREAM_END:
//            LZMA_FULL_BARRIER                   unchanged           -> RUN
//   FINISH   LZMA_FINISH                         the same, input   LZMA_STREAM_END
//                                                unchanged           -> END
//                                                                  LZMA_SEEK_NEEDED
//                                                                    -> RUN
//   END      LZMA_STREAM_END in RUN or FINISH    any: LZMA_STREAM_END again
//   FAILED   a fatal error                       none: LZMA_PROG_ERROR
//
// A call that moves no byte returns LZMA_OK once and arms `is_stalled`; the next such
// call returns LZMA_BUF_ERROR, which is not fatal.

#include "api/stream_state.h"
#include "api/symver.h"
#include "base/alloc.h"
#include "base/try.h"

enum state {
    STATE_RUN,
    STATE_FLUSH,
    STATE_FINISH,
    STATE_END,
    STATE_FAILED,
};

struct lzma_internal_s {
    struct xz_coder *coder; // owned
    unsigned actions;       // XZ_ACTION() bits that the coder supports
    enum state state;
    lzma_action action; // FLUSH, FINISH: the one that is going on
    size_t avail_in;    // FLUSH, FINISH: what the last call left
    bool is_stalled;    // the last call moved no byte
};

static void end_stream(lzma_stream *strm)
{
    if (strm == NULL || strm->internal == NULL)
        return;
    xz_coder_end(&strm->internal->coder, strm->allocator);
    xz_free(strm->internal, strm->allocator);
    strm->internal = NULL;
}

lzma_ret xz_strm_prepare(lzma_stream *strm, unsigned actions,
                         struct xz_coder ***ret_slot)
{
    if (strm == NULL)
        return LZMA_PROG_ERROR;
    if (strm->internal == NULL) {
        strm->internal = xz_alloc_zero(sizeof(*strm->internal), strm->allocator);
        if (strm->internal == NULL)
            return LZMA_MEM_ERROR;
    }
    strm->internal->actions = actions;
    strm->internal->state = STATE_RUN;
    strm->internal->is_stalled = false;
    strm->total_in = 0;
    strm->total_out = 0;
    *ret_slot = &strm->internal->coder;
    return LZMA_OK;
}

lzma_ret xz_strm_opened(lzma_stream *strm, lzma_ret ret)
{
    if (ret != LZMA_OK)
        end_stream(strm);
    return ret;
}

struct xz_coder *xz_strm_coder(const lzma_stream *strm)
{
    return strm->internal == NULL ? NULL : strm->internal->coder;
}

/* What must hold in any state. */
static lzma_ret check_call(const lzma_stream *strm, lzma_action action)
{
    if (strm == NULL || (strm->next_in == NULL && strm->avail_in != 0)
        || (strm->next_out == NULL && strm->avail_out != 0)
        || xz_strm_coder(strm) == NULL || (unsigned)action > LZMA_FULL_BARRIER
        || (strm->internal->actions & XZ_ACTION(action)) == 0)
        return LZMA_PROG_ERROR;
    if (strm->reserved_ptr1 != NULL || strm->reserved_ptr2 != NULL
        || strm->reserved_ptr3 != NULL || strm->reserved_ptr4 != NULL
        || strm->reserved_int2 != 0 || strm->reserved_int3 != 0
        || strm->reserved_int4 != 0 || strm->reserved_enum1 != LZMA_RESERVED_ENUM
        || strm->reserved_enum2 != LZMA_RESERVED_ENUM)
        return LZMA_OPTIONS_ERROR;
    return LZMA_OK;
}

/* Whether action may follow; LZMA_OK if the coder is to be called. */
static lzma_ret begin_call(struct lzma_internal_s *internal, lzma_action action,
                           size_t avail_in)
{
    switch (internal->state) {
    case STATE_RUN:
        internal->action = action;
        if (action == LZMA_FINISH)
            internal->state = STATE_FINISH;
        else if (action != LZMA_RUN)
            internal->state = STATE_FLUSH;
        return LZMA_OK;
    case STATE_FLUSH:
    case STATE_FINISH:
        if (action != internal->action || avail_in != internal->avail_in)
            return LZMA_PROG_ERROR;
        return LZMA_OK;
    case STATE_END:
        return LZMA_STREAM_END;
    case STATE_FAILED:
        break;
    }
    return LZMA_PROG_ERROR;
}

/* From what the coder returned, the next state and what the caller gets. */
static lzma_ret end_call(struct lzma_internal_s *internal, lzma_ret ret, bool has_moved)
{
    const bool was_stalled = internal->is_stalled;
    internal->is_stalled = false;
    switch ((int)ret) {
    case LZMA_OK:
        internal->is_stalled = !has_moved;
        return was_stalled && !has_moved ? LZMA_BUF_ERROR : LZMA_OK;
    case XZ_TIMED_OUT:
        return LZMA_OK;
    case LZMA_SEEK_NEEDED:
        if (internal->state == STATE_FINISH)
            internal->state = STATE_RUN;
        return ret;
    case LZMA_STREAM_END:
        internal->state = internal->state == STATE_FLUSH ? STATE_RUN : STATE_END;
        return ret;
    case LZMA_NO_CHECK:
    case LZMA_UNSUPPORTED_CHECK:
    case LZMA_GET_CHECK:
    case LZMA_MEMLIMIT_ERROR:
        return ret;
    default:
        internal->state = STATE_FAILED;
        return ret;
    }
}

extern LZMA_API(lzma_ret) lzma_code(lzma_stream *strm, lzma_action action)
{
    XZ_TRY(check_call(strm, action));
    struct lzma_internal_s *internal = strm->internal;
    XZ_TRY(begin_call(internal, action, strm->avail_in));

    struct xz_io io = {
        .in = strm->next_in,
        .in_size = strm->avail_in,
        .out = strm->next_out,
        .out_size = strm->avail_out,
    };
    const lzma_ret ret =
        internal->coder->ops->code(internal->coder, strm->allocator, &io, action);
    if (io.in_pos > 0) {
        strm->next_in += io.in_pos;
        strm->avail_in -= io.in_pos;
        strm->total_in += io.in_pos;
    }
    if (io.out_pos > 0) {
        strm->next_out += io.out_pos;
        strm->avail_out -= io.out_pos;
        strm->total_out += io.out_pos;
    }
    internal->avail_in = strm->avail_in;
    return end_call(internal, ret, io.in_pos > 0 || io.out_pos > 0);
}

extern LZMA_API(void) lzma_end(lzma_stream *strm)
{
    end_stream(strm);
}

extern LZMA_API(void)
    lzma_get_progress(lzma_stream *strm, uint64_t *progress_in, uint64_t *progress_out)
{
    struct xz_coder *coder = strm == NULL ? NULL : xz_strm_coder(strm);
    uint64_t in = strm == NULL ? 0 : strm->total_in;
    uint64_t out = strm == NULL ? 0 : strm->total_out;
    xz_coder_progress(coder, &in, &out);
    if (progress_in != NULL)
        *progress_in = in;
    if (progress_out != NULL)
        *progress_out = out;
}

XZ_DEFAULT_5_2(lzma_get_progress)
XZ_ALIAS_5_2_2(lzma_get_progress)

extern LZMA_API(lzma_check) lzma_get_check(const lzma_stream *strm)
{
    const struct xz_coder *coder = strm == NULL ? NULL : xz_strm_coder(strm);
    if (coder == NULL || coder->ops->check == NULL)
        return LZMA_CHECK_NONE;
    return coder->ops->check(coder);
}

/* Memory use and limit; LZMA_PROG_ERROR where the coder has none. */
static lzma_ret ask_memory(const lzma_stream *strm, uint64_t *ret_usage,
                           uint64_t *ret_limit, uint64_t new_limit)
{
    struct xz_coder *coder = strm == NULL ? NULL : xz_strm_coder(strm);
    if (coder == NULL || coder->ops->memlimit == NULL)
        return LZMA_PROG_ERROR;
    return coder->ops->memlimit(coder, ret_usage, ret_limit, new_limit);
}

extern LZMA_API(uint64_t) lzma_memusage(const lzma_stream *strm)
{
    uint64_t usage;
    uint64_t limit;
    return ask_memory(strm, &usage, &limit, 0) == LZMA_OK ? usage : 0;
}

extern LZMA_API(uint64_t) lzma_memlimit_get(const lzma_stream *strm)
{
    uint64_t usage;
    uint64_t limit;
    return ask_memory(strm, &usage, &limit, 0) == LZMA_OK ? limit : 0;
}

extern LZMA_API(lzma_ret) lzma_memlimit_set(lzma_stream *strm, uint64_t memlimit)
{
    uint64_t usage;
    uint64_t limit;
    return ask_memory(strm, &usage, &limit, memlimit == 0 ? 1 : memlimit);
}
