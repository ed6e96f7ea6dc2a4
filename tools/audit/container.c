// SPDX-License-Identifier: 0BSD
// Kinds of files that hold other files, and how they are told by their first bytes.

/*
 * The order counts: a disk image that can start a machine may be an ISO image or a file
 * system too, and then what it holds is read as that. The boot sector's mark of two
 * bytes stands in all of them, and in files that are none; partition.c judges by more.
 *
 * RAR and xar are left out on purpose: nothing that an xz comes in uses RAR, whose
 * readers have been the way in of many attacks, and xar needs a whole parser of XML.
 */

#include "container.h"
#include "partition.h"

#include <string.h>

static const struct xz_container containers[] = {
    {0, 8, "!<arch>\n", XZ_CONTAINER_ARCHIVE, "ar"},
    {0, 4, "\xED\xAB\xEE\xDB", XZ_CONTAINER_ARCHIVE, "rpm"},
    {0, 4, "PK\3\4", XZ_CONTAINER_ARCHIVE, "zip"},
    {0, 5, "07070", XZ_CONTAINER_ARCHIVE, "cpio"},
    {257, 5, "ustar", XZ_CONTAINER_ARCHIVE, "tar"},
    {32769, 5, "CD001", XZ_CONTAINER_ARCHIVE, "iso9660"},
    {0, 6, "7z\xBC\xAF\x27\x1C", XZ_CONTAINER_ARCHIVE, "7z"},
    {0, 4, "MSCF", XZ_CONTAINER_ARCHIVE, "cabinet"},
    {0, 2, "\x1F\x8B", XZ_CONTAINER_COMPRESSED, "gzip"},
    {0, 3, "BZh", XZ_CONTAINER_COMPRESSED, "bzip2"},
    {0, 6,
     "\xFD"
     "7zXZ\0",
     XZ_CONTAINER_COMPRESSED, "xz"},
    {0, 5, "LZIP\1", XZ_CONTAINER_COMPRESSED, "lzip"},
    {0, 4, "\x28\xB5\x2F\xFD", XZ_CONTAINER_COMPRESSED, "zstd"},
    {0, 4, "\x04\x22\x4D\x18", XZ_CONTAINER_COMPRESSED, "lz4"},
    {0, 3, "\x5D\0\0", XZ_CONTAINER_COMPRESSED, "lzma"},
    {0, 2, "\x1F\x9D", XZ_CONTAINER_COMPRESSED, "compress"},
    {0, 4, "hsqs", XZ_CONTAINER_SQUASHFS, "a squashfs image"},
    {1080, 2, "\x53\xEF", XZ_CONTAINER_EXT4, "an ext2, ext3 or ext4 image"},
    {0, 4, "\x45\x3D\xCD\x28", XZ_CONTAINER_CLOSED, "a cramfs image"},
    {0, 4, "-rom", XZ_CONTAINER_CLOSED, "a romfs image"},
    {0, 4, "UBI#", XZ_CONTAINER_CLOSED, "a UBI image"},
    {1024, 4, "\xE2\xE1\xF5\xE0", XZ_CONTAINER_CLOSED, "an EROFS image"},
    {1024, 4, "\x10\x20\xF5\xF2", XZ_CONTAINER_CLOSED, "an F2FS image"},
    {0, 4, "XFSB", XZ_CONTAINER_CLOSED, "an XFS image"},
    {65600, 8, "_BHRfS_M", XZ_CONTAINER_CLOSED, "a btrfs image"},
    {3, 8, "NTFS    ", XZ_CONTAINER_CLOSED, "an NTFS image"},
    {54, 4, "FAT1", XZ_CONTAINER_CLOSED, "a FAT image"},
    {82, 5, "FAT32", XZ_CONTAINER_CLOSED, "a FAT image"},
    {0, 4, "QFI\xFB", XZ_CONTAINER_CLOSED, "a qcow2 disk image"},
    {0, 4, "KDMV", XZ_CONTAINER_CLOSED, "a VMDK disk image"},
    {0, 8, "vhdxfile", XZ_CONTAINER_CLOSED, "a VHDX disk image"},
    {0, 8, "conectix", XZ_CONTAINER_CLOSED, "a VHD disk image"},
    {0, 4, "Rar!", XZ_CONTAINER_CLOSED, "a RAR archive"},
    {0, 4, "xar!", XZ_CONTAINER_CLOSED, "a xar archive"},
    {0, 6, "LUKS\xBA\xBE", XZ_CONTAINER_CLOSED, "an encrypted volume"},
    {512, 8, "LABELONE", XZ_CONTAINER_CLOSED, "an LVM volume"},
    {4096, 4, "\xFC\x4E\x2B\xA9", XZ_CONTAINER_CLOSED, "a part of a RAID"},
    {4086, 10, "SWAPSPACE2", XZ_CONTAINER_IDLE, "swap space"},
};

static const struct xz_container disk = {510, 2, "\x55\xAA", XZ_CONTAINER_DISK,
                                         "a disk image"};

const struct xz_container *xz_container_find(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++) {
        const struct xz_container *c = &containers[i];
        if (size >= c->offset + c->size
            && memcmp(data + c->offset, c->bytes, c->size) == 0)
            return c;
    }
    return xz_partitions_are(data, size) ? &disk : NULL;
}
