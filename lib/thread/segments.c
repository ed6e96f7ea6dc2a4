// SPDX-License-Identifier: 0BSD
// Where LZMA2 data can be cut: before chunks that forget the dictionary.
//
// Encoders that share a Block among threads write such chunks, fast-lzma2 and 7-Zip
// for instance. The header of a chunk tells how long it is, so six bytes in every
// 64 KiB are enough to find all of them.

#include "thread/segments.h"
#include "lzma/lzma2_chunk.h"

/* Fewer bytes of output are not worth a job of their own. */
#define OUT_MIN ((size_t)256 << 10)

void xz_segments_open(struct xz_segments *segments, const clearxz_file *file,
                      uint64_t pos, uint64_t size)
{
    segments->file = file;
    segments->pos = pos;
    segments->end = pos + size;
}

bool xz_segments_next(struct xz_segments *segments, struct xz_segment *ret_segment)
{
    const clearxz_file *const file = segments->file;
    struct xz_segment segment = {0, 0};
    struct xz_lzma2_chunk chunk;
    uint8_t header[XZ_LZMA2_HEADER_MAX];
    for (;;) {
        const uint64_t pos = segments->pos + segment.in_size;
        /* Behind the end mark a Stream still has an Index and a Footer. */
        if (pos >= segments->end
            || !file->read_at(file->opaque, pos, header, sizeof(header))
            || !xz_lzma2_chunk_parse(header, &chunk))
            return false;
        if (chunk.out_size == 0 && pos + 1 != segments->end)
            return false;
        if (segment.in_size == 0 && !chunk.forgets_the_dict)
            return false;
        if (segment.in_size > 0
            && (chunk.out_size == 0
                || (chunk.forgets_the_dict && segment.out_size >= OUT_MIN)))
            break;
        if (segment.in_size > SIZE_MAX / 4 || segment.out_size > SIZE_MAX / 4)
            return false;
        segment.in_size += chunk.size;
        segment.out_size += chunk.out_size;
    }
    segments->pos += segment.in_size;
    *ret_segment = segment;
    return true;
}

bool xz_segments_look(const struct xz_segments *segments, uint64_t out_size,
                      struct xz_segments_survey *ret_survey)
{
    struct xz_segments walk = *segments;
    struct xz_segments_survey survey = {.count = 0};
    struct xz_segment segment;
    uint64_t out = 0;
    while (xz_segments_next(&walk, &segment)) {
        ++survey.count;
        out += segment.out_size;
        if (segment.in_size > survey.largest.in_size)
            survey.largest.in_size = segment.in_size;
        if (segment.out_size > survey.largest.out_size)
            survey.largest.out_size = segment.out_size;
    }
    *ret_survey = survey;
    return walk.pos + 1 == walk.end && out == out_size && survey.count > 1;
}
