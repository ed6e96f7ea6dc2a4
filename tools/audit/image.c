// SPDX-License-Identifier: 0BSD
// Container images: which layer lies over which, and what a later layer hides.

#include "../common/system.h"

#include "image.h"

void xz_image_note_member(struct xz_audit *audit, const char *object,
                          const struct xz_member *member)
{
    (void)member;
    (void)audit;
    (void)object;
}
void xz_image_finish(struct xz_audit *audit, const char *object, const uint8_t *data,
                     size_t size)
{
    (void)audit;
    (void)object;
    (void)data;
    (void)size;
}
