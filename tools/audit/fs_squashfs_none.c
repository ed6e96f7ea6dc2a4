// SPDX-License-Identifier: 0BSD
// In place of fs_squashfs.c where libsquashfs is not installed.

#include "fs_files.h"

const bool xz_squashfs_is_built = false;

bool xz_squashfs_visit(struct xz_fs *fs)
{
    xz_fs_gap(fs, "",
              "this xz-audit was built without libsquashfs: could not look into it");
    return false;
}
