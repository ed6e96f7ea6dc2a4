// SPDX-License-Identifier: 0BSD
// Delta and the branch converters as coders, both directions.
//
// Their kernels convert a buffer in place. So the source (or, where there is none, a
// copy) first fills the caller's output buffer, and what it gave is converted there. A
// branch converter cannot decide about the last few bytes before it sees what follows
// them: these are taken back from the output into `carry` and lead the next round.
//
//     output   | done earlier | converted now            | taken back |
//                             ^ out_pos at start         ^ out_pos at return
//
// Where the output has too little room for that, carry itself is the buffer: the source
// fills it, it is converted, and converted bytes go out as room comes.
//
//     carry    | gone   | converted | waits for what follows |
//              0        carry_pos   carry_done               carry_size
//
// When the source ends or fails, what waits goes out as it is; then the end or the
// failure is passed on.
//
// If the output buffer stays (xz_io.out_stays), it is the dictionary of the LZMA2
// decoder below and must keep LZMA2's bytes until that has ended: then the whole output
// is converted in one go at the end.

#include "base/alloc.h"
#include "filter/bcj.h"
#include "filter/delta.h"
#include "stream/filter_list.h"

/* More than twice what a converter may keep waiting (15 bytes for IA-64). */
#define CARRY_CAPACITY 64

enum kind {
    KIND_DELTA_DEC,
    KIND_DELTA_ENC,
    KIND_BCJ_DEC,
    KIND_BCJ_ENC,
};

struct filter_coder {
    struct xz_coder base;
    enum kind kind;
    union {
        struct xz_delta delta;
        struct xz_bcj bcj;
    } kernel;
    lzma_ret source_ret; // what the source's last call returned
    bool start_is_known; // out_stays only
    size_t start;        // out_stays only: where our output begins in io->out

    /* Invariant: carry_pos <= carry_done <= carry_size <= CARRY_CAPACITY. */
    size_t carry_pos;
    size_t carry_done;
    size_t carry_size;
    uint8_t carry[CARRY_CAPACITY];
};

/* Converts at the start of buf and returns how many bytes are final. */
static size_t convert(struct filter_coder *fc, uint8_t *buf, size_t size)
{
    if (size == 0)
        return 0;
    switch (fc->kind) {
    case KIND_DELTA_DEC:
        xz_delta_decode(&fc->kernel.delta, buf, size);
        return size;
    case KIND_DELTA_ENC:
        if (!XZ_SMALL)
            xz_delta_encode(&fc->kernel.delta, buf, size);
        return size;
    case KIND_BCJ_DEC:
    case KIND_BCJ_ENC:
        break;
    }
    const size_t done = xz_bcj_convert(&fc->kernel.bcj, buf, size);
    return fc->source_ret == LZMA_OK ? done : size;
}

/* Bytes waiting in carry when all converted ones are gone. dest may be carry; the
   smallest build does without memmove(). */
static size_t take_waiting(struct filter_coder *fc, uint8_t *dest)
{
    const size_t size = fc->carry_size - fc->carry_done;
    for (size_t i = 0; i < size; ++i)
        dest[i] = fc->carry[fc->carry_done + i];
    fc->carry_pos = 0;
    fc->carry_done = 0;
    fc->carry_size = 0;
    return size;
}

/* Lets the source fill the output and converts it there. Returns true if the source
   needs more input. */
static bool fill_output(struct filter_coder *fc, const lzma_allocator *allocator,
                        struct xz_io *io, lzma_action action)
{
    uint8_t *const start = io->out + io->out_pos;
    const size_t start_pos = io->out_pos;
    io->out_pos += take_waiting(fc, start);
    fc->source_ret = xz_coder_pull(fc->base.source, allocator, io, action);
    const bool is_hungry = io->out_pos < io->out_size;

    const size_t size = io->out_pos - start_pos;
    const size_t done = convert(fc, start, size);
    fc->carry_size = size - done;
    memcpy(fc->carry, start + done, fc->carry_size);
    io->out_pos = start_pos + done;
    return is_hungry;
}

/* The same in carry. */
static bool fill_carry(struct filter_coder *fc, const lzma_allocator *allocator,
                       struct xz_io *io, lzma_action action)
{
    struct xz_io sub = {
        .in = io->in,
        .in_pos = io->in_pos,
        .in_size = io->in_size,
        .out = fc->carry,
        .out_pos = take_waiting(fc, fc->carry),
        .out_size = CARRY_CAPACITY,
    };
    fc->source_ret = xz_coder_pull(fc->base.source, allocator, &sub, action);
    io->in_pos = sub.in_pos;
    fc->carry_done = convert(fc, fc->carry, sub.out_pos);
    fc->carry_size = sub.out_pos;
    return sub.out_pos < CARRY_CAPACITY;
}

/* The output is the source's dictionary: convert when the source is done with it. */
static lzma_ret code_in_place(struct filter_coder *fc, const lzma_allocator *allocator,
                              struct xz_io *io, lzma_action action)
{
    if (!fc->start_is_known) {
        fc->start_is_known = true;
        fc->start = io->out_pos;
    }
    fc->source_ret = xz_coder_pull(fc->base.source, allocator, io, action);
    if (fc->source_ret != LZMA_OK)
        convert(fc, io->out + fc->start, io->out_pos - fc->start);
    return fc->source_ret;
}

static lzma_ret filter_coder_code(struct xz_coder *coder,
                                  const lzma_allocator *allocator, struct xz_io *io,
                                  lzma_action action)
{
    struct filter_coder *fc = (struct filter_coder *)coder;
    if (action == LZMA_SYNC_FLUSH && fc->kind == KIND_BCJ_ENC)
        return LZMA_OPTIONS_ERROR;
    if (io->out_stays)
        return code_in_place(fc, allocator, io, action);

    for (bool is_hungry = false;;) {
        if (!xz_io_scatter(io, fc->carry, &fc->carry_pos, fc->carry_done)) {
            io->has_more = true;
            return LZMA_OK;
        }
        if (fc->source_ret != LZMA_OK) {
            const lzma_ret ret = fc->source_ret;
            if (action == LZMA_SYNC_FLUSH && ret == LZMA_STREAM_END)
                fc->source_ret = LZMA_OK;
            return ret;
        }
        if (is_hungry)
            return LZMA_OK;
        if (xz_io_out_left(io) > CARRY_CAPACITY)
            is_hungry = fill_output(fc, allocator, io, action);
        else
            is_hungry = fill_carry(fc, allocator, io, action);
    }
}

static void filter_coder_end(struct xz_coder *coder, const lzma_allocator *allocator)
{
    xz_free(coder, allocator);
}

static const struct xz_coder_ops filter_coder_ops = {
    .code = filter_coder_code,
    .end = filter_coder_end,
};

/* Makes an empty coder of a kind; its kernel is the caller's to prepare. */
static struct filter_coder *take(struct xz_coder **slot,
                                 const lzma_allocator *allocator, enum kind kind)
{
    struct filter_coder *fc =
        xz_coder_take(slot, &filter_coder_ops, sizeof(*fc), allocator);
    if (fc == NULL)
        return NULL;
    fc->kind = kind;
    fc->source_ret = LZMA_OK;
    fc->start_is_known = false;
    fc->carry_pos = 0;
    fc->carry_done = 0;
    fc->carry_size = 0;
    return fc;
}

static lzma_ret open_delta(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_filter *filter, enum kind kind)
{
    const lzma_options_delta *options = filter->options;
    if (xz_delta_memusage(options) == UINT64_MAX)
        return LZMA_OPTIONS_ERROR;
    struct filter_coder *fc = take(slot, allocator, kind);
    if (fc == NULL)
        return LZMA_MEM_ERROR;
    xz_delta_init(&fc->kernel.delta, options->dist);
    return LZMA_OK;
}

static lzma_ret open_bcj(struct xz_coder **slot, const lzma_allocator *allocator,
                         const lzma_filter *filter, enum kind kind)
{
    const lzma_options_bcj *options = filter->options;
    const uint32_t start_offset = options == NULL ? 0 : options->start_offset;
    if (!xz_bcj_is_known(filter->id)
        || start_offset % xz_bcj_alignment(filter->id) != 0)
        return LZMA_OPTIONS_ERROR;
    struct filter_coder *fc = take(slot, allocator, kind);
    if (fc == NULL)
        return LZMA_MEM_ERROR;
    xz_bcj_init(&fc->kernel.bcj, filter->id, start_offset, kind == KIND_BCJ_ENC);
    return LZMA_OK;
}

lzma_ret xz_delta_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_filter *filter)
{
    return open_delta(slot, allocator, filter, KIND_DELTA_DEC);
}

lzma_ret xz_delta_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                           const lzma_filter *filter)
{
    return open_delta(slot, allocator, filter, KIND_DELTA_ENC);
}

lzma_ret xz_bcj_dec_open(struct xz_coder **slot, const lzma_allocator *allocator,
                         const lzma_filter *filter)
{
    return open_bcj(slot, allocator, filter, KIND_BCJ_DEC);
}

lzma_ret xz_bcj_enc_open(struct xz_coder **slot, const lzma_allocator *allocator,
                         const lzma_filter *filter)
{
    return open_bcj(slot, allocator, filter, KIND_BCJ_ENC);
}

uint64_t xz_delta_memusage(const void *options)
{
    const lzma_options_delta *delta = options;
    if (delta == NULL || delta->type != LZMA_DELTA_TYPE_BYTE
        || delta->dist < LZMA_DELTA_DIST_MIN || delta->dist > LZMA_DELTA_DIST_MAX)
        return UINT64_MAX;
    return sizeof(struct filter_coder);
}

uint64_t xz_bcj_memusage(const void *options)
{
    (void)options;
    return sizeof(struct filter_coder);
}
