// SPDX-License-Identifier: 0BSD
// Kinds of files that hold other files, and how they are told by their first bytes.

/*
 * The order counts: a disk image that can start a machine may be an ISO image or a file
 * system too, and then what it holds is read as that. The boot sector's mark of two
 * bytes stands in all of them, and in files that are none; partition.c judges by more.
 *
 * Three kinds have no mark, or one too short to be believed: a tar file as UNIX version
 * 7 wrote it, the first cpio format, and .lzma with other properties than the usual.
 * They are told by numbers in their headers that must fit together.
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
    {0, 4, "\x02\x21\x4C\x18", XZ_CONTAINER_COMPRESSED, "lz4, as kernels read it"},
    {1, 3, "\x2A\x4D\x18", XZ_CONTAINER_COMPRESSED, "a skippable frame of zstd or lz4"},
    {0, 3, "\x5D\0\0", XZ_CONTAINER_COMPRESSED, "lzma"},
    {0, 2, "\x1F\x9D", XZ_CONTAINER_COMPRESSED, "compress"},
    {0, 4, "hsqs", XZ_CONTAINER_SQUASHFS, "a squashfs image"},
    {1080, 2, "\x53\xEF", XZ_CONTAINER_EXT4, "an ext2, ext3 or ext4 image"},
};

// Nobody here looks into these.
static const struct xz_container others[] = {
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
    {2, 5, "-lh0-", XZ_CONTAINER_CLOSED, "an LHA archive"},
    {2, 5, "-lh1-", XZ_CONTAINER_CLOSED, "an LHA archive"},
    {2, 5, "-lh5-", XZ_CONTAINER_CLOSED, "an LHA archive"},
    {2, 5, "-lh6-", XZ_CONTAINER_CLOSED, "an LHA archive"},
    {2, 5, "-lh7-", XZ_CONTAINER_CLOSED, "an LHA archive"},
    {2, 5, "-lhd-", XZ_CONTAINER_CLOSED, "an LHA archive"},
    {0, 8, "MSWIM\0\0\0", XZ_CONTAINER_CLOSED, "a WIM image"},
    {0, 9, "\x89LZO\0\r\n\x1A\n", XZ_CONTAINER_CLOSED, "a file of lzop"},
    {0, 4, "LRZI", XZ_CONTAINER_CLOSED, "a file of lrzip"},
    {0, 8, "ANDROID!", XZ_CONTAINER_CLOSED, "an Android boot image"},
    {0, 4, "\x27\x05\x19\x56", XZ_CONTAINER_CLOSED, "an image for U-Boot"},
    {0, 4, "\x31\x18\x10\x06", XZ_CONTAINER_CLOSED, "a UBIFS image"},
    {64, 4, "\x7F\x10\xDA\xBE", XZ_CONTAINER_CLOSED, "a VDI disk image"},
    {0, 6, "LUKS\xBA\xBE", XZ_CONTAINER_CLOSED, "an encrypted volume"},
    {512, 8, "LABELONE", XZ_CONTAINER_CLOSED, "an LVM volume"},
    {4096, 4, "\xFC\x4E\x2B\xA9", XZ_CONTAINER_CLOSED, "a part of a RAID"},
    {4086, 10, "SWAPSPACE2", XZ_CONTAINER_IDLE, "swap space"},
};

static const struct xz_container disk = {510, 2, "\x55\xAA", XZ_CONTAINER_DISK,
                                         "a disk image"};

static const struct xz_container old_tar = {0, 0, "", XZ_CONTAINER_ARCHIVE, "old tar"};
static const struct xz_container old_cpio = {0, 0, "", XZ_CONTAINER_ARCHIVE,
                                             "old cpio"};
static const struct xz_container other_lzma = {0, 0, "", XZ_CONTAINER_COMPRESSED,
                                               "lzma"};

/* The checksum is right: the sum of the header's bytes, the field itself as blanks. */
static bool is_old_tar(const uint8_t *data, size_t size)
{
    uint32_t sum = 8 * ' ';
    uint32_t told = 0;
    size_t at = 148;
    if (size < 512 || data[0] == 0)
        return false;
    for (size_t i = 0; i < 512; i++)
        sum += i < 148 || i >= 156 ? data[i] : 0;
    while (at < 156 && data[at] == ' ')
        at++;
    for (; at < 156 && data[at] >= '0' && data[at] <= '7'; at++)
        told = told * 8 + (data[at] - '0');
    return told == sum && (at == 156 || data[at] == 0 || data[at] == ' ');
}

/* 13 numbers of 16 bits; the name behind them is as long as the 11th says. */
static bool is_old_cpio(const uint8_t *data, size_t size)
{
    bool big = size >= 28 && data[0] == 0x71 && data[1] == 0xC7;
    if (size < 28 || (!big && (data[0] != 0xC7 || data[1] != 0x71)))
        return false;
    size_t name = big ? data[20] * 256U + data[21] : data[21] * 256U + data[20];
    return name >= 2 && name <= size - 26
           && memchr(data + 26, 0, name) == data + 26 + name - 1;
}

/*
 * Sizes of dictionaries are 2^n or 2^n + 2^(n - 1), that of the text is unknown or
 * below 256 GiB, and the first byte of the coded data is 0 (.lzma file format 1.1).
 */
static bool is_other_lzma(const uint8_t *data, size_t size)
{
    uint64_t text = 0;
    if (size < 18 || data[0] >= 225 || data[13] != 0)
        return false;
    uint32_t dict = data[1] | (uint32_t)data[2] << 8 | (uint32_t)data[3] << 16
                    | (uint32_t)data[4] << 24;
    for (size_t i = 0; i < 8; i++)
        text |= (uint64_t)data[5 + i] << 8 * i;
    uint32_t low = dict & (~dict + 1); // the lowest bit that is set
    bool fits = dict >= 4096 && (dict == low || dict == low * 3);
    return (fits || dict == UINT32_MAX) && (text == UINT64_MAX || text >> 38 == 0);
}

static const struct xz_container *find_mark(const struct xz_container *table,
                                            size_t count, const uint8_t *data,
                                            size_t size)
{
    for (size_t i = 0; i < count; i++) {
        const struct xz_container *c = &table[i];
        if (size >= c->offset + c->size
            && memcmp(data + c->offset, c->bytes, c->size) == 0)
            return c;
    }
    return NULL;
}

const struct xz_container *xz_container_find(const uint8_t *data, size_t size)
{
    const struct xz_container *found =
        find_mark(containers, sizeof(containers) / sizeof(containers[0]), data, size);
    if (found == NULL)
        found = find_mark(others, sizeof(others) / sizeof(others[0]), data, size);
    if (found != NULL)
        return found;
    if (xz_partitions_are(data, size))
        return &disk;
    return is_old_tar(data, size)      ? &old_tar
           : is_old_cpio(data, size)   ? &old_cpio
           : is_other_lzma(data, size) ? &other_lzma
                                       : NULL;
}
