// SPDX-License-Identifier: 0BSD
// Container images: which layer lies over which, and what a later layer hides.

#ifndef XZ_AUDIT_IMAGE_H
#define XZ_AUDIT_IMAGE_H

#include "archive_walk.h"

/* A member of any archive: remember it if it is a whiteout of an image's layer. */
void xz_image_note_member(struct xz_audit *audit, const char *object,
                          const struct xz_member *member);

/*
 * An archive has been looked at as a whole. If it is an image (docker save, OCI
 * layout), findings and components of its layers get a note where a later layer hides
 * them.
 */
void xz_image_finish(struct xz_audit *audit, const char *object, const uint8_t *data,
                     size_t size);

#endif
