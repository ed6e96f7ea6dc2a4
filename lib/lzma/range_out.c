// SPDX-License-Identifier: 0BSD
// Handing out what a range encoder writes while carries may still come (range_out.h).

#include "lzma/range_out.h"

size_t xz_range_out_last(const struct xz_range_out *o, const struct xz_range_enc *rc)
{
    const uint8_t *p = rc->out - 1;
    while (*p == 0xFF && p > o->buf)
        --p;
    return (size_t)(p - o->buf);
}

void xz_range_out_settle(struct xz_range_out *o, struct xz_range_enc *rc,
                         bool is_finished)
{
    const size_t size = (size_t)(rc->out - o->buf);
    o->settled = is_finished ? size : xz_range_out_last(o, rc);
    if (o->settled > 0 || size < 3)
        return;
    /* buf[0] waits for a carry, all others are 255. */
    o->folded += size - 2;
    rc->out = o->buf + 2;
}

/* The bytes that buf[1] stands for besides itself, once buf[0] is out. */
static bool write_folded(struct xz_range_out *o, struct xz_io *io)
{
    while (o->folded > 0 && io->out_pos < io->out_size) {
        io->out[io->out_pos++] = o->buf[1];
        --o->folded;
        ++o->total;
    }
    return o->folded == 0;
}

bool xz_range_out_write(struct xz_range_out *o, struct xz_range_enc *rc,
                        struct xz_io *io)
{
    const size_t first = o->folded > 0 && o->settled > 0 ? 1 : o->settled;
    const size_t before = o->out_pos;
    if (o->out_pos < first)
        xz_io_scatter(io, o->buf, &o->out_pos, first);
    o->total += o->out_pos - before;
    if (o->out_pos < first)
        return false;
    if (o->settled > 0 && !write_folded(o, io))
        return false;

    const size_t rest_before = o->out_pos;
    const bool all_out = xz_io_scatter(io, o->buf, &o->out_pos, o->settled);
    o->total += o->out_pos - rest_before;
    if (!all_out)
        return false;
    const size_t kept = (size_t)(rc->out - (o->buf + o->settled));
    memmove(o->buf, o->buf + o->settled, kept);
    rc->out = o->buf + kept;
    o->out_pos = 0;
    o->settled = 0;
    return true;
}
