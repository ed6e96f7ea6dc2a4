// SPDX-License-Identifier: 0BSD
// In place of fs_ext4.c where libext2fs is not installed.

#include "fs_files.h"

const bool xz_ext4_is_built = false;

bool xz_ext4_visit(struct xz_fs *fs)
{
    xz_fs_gap(fs, "",
              "this xz-audit was built without libext2fs: could not look into it");
    return false;
}
