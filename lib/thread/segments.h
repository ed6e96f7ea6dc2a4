// SPDX-License-Identifier: 0BSD
// Segments of LZMA2 data: parts that need nothing of what is before them.

#ifndef XZ_THREAD_SEGMENTS_H
#define XZ_THREAD_SEGMENTS_H

#include <clearxz.h>
#include <stdbool.h>
#include <stddef.h>

/* Walks over the chunk headers of one Block's LZMA2 data. */
struct xz_segments {
    const clearxz_file *file; // read_at is set
    uint64_t pos;             // in the file: where the next segment begins
    uint64_t end;             // in the file: behind the end mark
};

struct xz_segment {
    size_t in_size;  // bytes of its chunks, without the end mark
    size_t out_size; // bytes that come out
};

/* What a whole Block consists of. */
struct xz_segments_survey {
    size_t count;
    struct xz_segment largest; // the largest of either size
};

/* Begins at byte pos of the file; the data have size bytes. */
void xz_segments_open(struct xz_segments *segments, const clearxz_file *file,
                      uint64_t pos, uint64_t size);

/* Finds the next segment: true and its sizes, or false at the end mark or where the
   data are not what they should be. Neighbours that are small are taken together. */
bool xz_segments_next(struct xz_segments *segments, struct xz_segment *ret_segment);

/* Looks at all segments of a Block that is to have out_size bytes in the end. False: it
   is damaged, or cannot be cut. */
bool xz_segments_look(const struct xz_segments *segments, uint64_t out_size,
                      struct xz_segments_survey *ret_survey);

#endif
