// SPDX-License-Identifier: 0BSD
// When the threaded decoder's caller waits for the workers: a pure function.

#ifndef XZ_THREAD_DEC_WAIT_H
#define XZ_THREAD_DEC_WAIT_H

#include "base/platform.h"

/* What keeps the caller's thread from going on. */
enum xz_dec_lack {
    XZ_DEC_LACKS_INPUT,
    XZ_DEC_LACKS_ROOM,  // in the output, for the Block that it decodes itself
    XZ_DEC_LACKS_PLACE, // in the lane, or the lane must run empty first
};

/* What it sees after it has moved all bytes that it could. */
struct xz_dec_view {
    enum xz_dec_lack lack;
    bool out_full; // no room, and the oldest Block has more to give
    bool lane_empty;
    bool head_starved;  // the oldest Block has used all input there is for it
    bool is_finish;     // the action is LZMA_FINISH: no more input will come
    bool got_input;     // the caller gave input with this call
    bool out_was_full;  // the last call gave output until there was no room
    bool behind_blocks; // the input ends behind the last Block of a Stream
};

/* True: wait. False: return to the caller, who must do something.

    lack    out_full  lane_empty  head_starved  else                       wait
    any     yes       any         any                                      no
    ROOM    no        any         any                                      no
    PLACE   no        no          no                                       yes
    PLACE   no        any         otherwise                                no
    INPUT   no        yes         any                                      no
    INPUT   no        no          yes                                      no
    INPUT   no        no          no            is_finish, behind_blocks   yes
    INPUT   no        no          no            got_input, out_was_full    no
    INPUT   no        no          no            none of these              yes

   The last rows: who gives a Stream to its end gets its data, for perhaps there is no
   more. Within it, while input keeps coming the caller is better used for bringing it,
   and one who has just taken output may want to write it first. Such calls move bytes,
   so they never end in LZMA_BUF_ERROR. */
static inline bool xz_dec_must_wait(const struct xz_dec_view *view)
{
    if (view->out_full || view->lane_empty || view->head_starved)
        return false;
    switch (view->lack) {
    case XZ_DEC_LACKS_ROOM:
        return false;
    case XZ_DEC_LACKS_PLACE:
        return true;
    case XZ_DEC_LACKS_INPUT:
        break;
    }
    return view->is_finish || view->behind_blocks
           || (!view->got_input && !view->out_was_full);
}

#endif
