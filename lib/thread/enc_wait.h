// SPDX-License-Identifier: 0BSD
// When the threaded encoder's caller waits for the workers: a pure function.

#ifndef XZ_THREAD_ENC_WAIT_H
#define XZ_THREAD_ENC_WAIT_H

#include "base/platform.h"
#include <lzma.h>

/* What the caller's thread sees after it has moved all bytes that it could. */
struct xz_enc_view {
    bool in_left;    // there is input that found no place
    bool out_full;   // the output buffer has no room
    bool lane_empty; // every Block that was begun is out
    lzma_action action;
};

enum xz_enc_wait {
    XZ_ENC_RETURN, // the caller must do something: LZMA_OK
    XZ_ENC_DONE,   // the action is complete
    XZ_ENC_WAIT,   // only a worker can change anything
};

/*  in_left  out_full  lane_empty  action        result
    yes      yes       any         any           RETURN   room will free a place
    yes      no        any         any           WAIT     no place until a Block is done
    no       any       any         RUN           RETURN   more input, please
    no       any       any         FULL_BARRIER  DONE     output may follow later
    no       any       yes         FLUSH, FINISH DONE
    no       yes       no          FLUSH, FINISH RETURN
    no       no        no          FLUSH, FINISH WAIT      */
static inline enum xz_enc_wait xz_enc_wait(const struct xz_enc_view *view)
{
    if (view->in_left)
        return view->out_full ? XZ_ENC_RETURN : XZ_ENC_WAIT;
    if (view->action == LZMA_RUN)
        return XZ_ENC_RETURN;
    if (view->action == LZMA_FULL_BARRIER || view->lane_empty)
        return XZ_ENC_DONE;
    return view->out_full ? XZ_ENC_RETURN : XZ_ENC_WAIT;
}

#endif
