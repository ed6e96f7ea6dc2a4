// SPDX-License-Identifier: 0BSD
// Partition tables of disk images: MBR with logical partitions, and GPT.

/*
 * MBR (16 bytes an entry, four of them at 446):
 *
 *     0 active: 0 or 128   4 type   8 first sector   12 number of sectors
 *
 * Types 5, 15 and 133 hold logical partitions: a chain of tables, each with a partition
 * (first sector relative to that table) and the next table (relative to the first of
 * the chain). Type 238 says that the table is a GPT (UEFI specification, chapter 5):
 * a header in the second sector, which has 512 or 4096 bytes:
 *
 *     0 "EFI PART"   72 sector of the entries   80 their number   84 size of one
 *
 * and of an entry: 0 type   32 first sector   40 last sector.
 */

#include "../common/system.h"

#include "container.h"
#include "partition.h"
#include "scan.h"

#include <stdlib.h>
#include <string.h>

#define TABLE        446
#define MOST         256 // partitions; a GPT has room for 128
#define SECTOR       512
#define TYPE_GPT     0xEE
#define GPT_ENTRY    128
#define ALL_PROTECTS 4

static uint64_t little(const uint8_t *at, size_t size)
{
    uint64_t value = 0;
    while (size > 0)
        value = value << 8 | at[--size];
    return value;
}

bool xz_partitions_are(const uint8_t *data, size_t size)
{
    unsigned used = 0;
    if (size < SECTOR || data[510] != 0x55 || data[511] != 0xAA)
        return false;
    for (size_t i = 0; i < 4; i++) {
        const uint8_t *entry = data + TABLE + 16 * i;
        if ((entry[0] & 0x7F) != 0)
            return false;
        bool is_used = entry[4] != 0 && little(entry + 12, 4) > 0;
        if (is_used && little(entry + 8, 4) == 0)
            return false;
        used += is_used;
    }
    return used > 0;
}

/* What is looked at, and what has been covered. */
struct disk {
    struct xz_audit *audit;
    const char *object;
    const uint8_t *data;
    size_t size;
    unsigned depth;
    unsigned number; // of the partition, as Linux counts
    unsigned count;  // of partitions
    uint64_t sector; // bytes
    struct {
        size_t start, end;
    } parts[MOST];
};

static bool is_zero(const uint8_t *data, size_t size)
{
    return size == 0 || (data[0] == 0 && memcmp(data, data + 1, size - 1) == 0);
}

/* True if a partition with this content and type need not be a container. */
static bool holds_no_files(const uint8_t *data, size_t size, const uint8_t *gpt_type)
{
    // "BIOS boot", where GRUB puts a part of itself.
    static const char boot[] = "Hah!IdontNeedEFI";
    const struct xz_container *kind = xz_container_find(data, size);
    return kind != NULL || (gpt_type != NULL && memcmp(gpt_type, boot, 16) == 0)
           || is_zero(data, size);
}

/* True if some bytes belong to the first sector or to another partition. */
static bool overlaps(const struct disk *disk, size_t start, size_t end)
{
    for (unsigned i = 0; i < disk->count; i++) {
        if (start < disk->parts[i].end && end > disk->parts[i].start)
            return true;
    }
    return start < SECTOR;
}

static void gap_at(const struct disk *disk, const char *reason)
{
    char *inner = xz_store_printf("%s!p%u", disk->object, disk->number);
    xz_audit_gap(disk->audit, inner, reason);
    free(inner);
}

/*
 * Look at sectors first .. first + count - 1. No byte is in two partitions: else a disk
 * within itself, many times, would take for ever.
 */
static void do_partition(struct disk *disk, uint64_t first, uint64_t count,
                         const uint8_t *gpt_type)
{
    uint64_t sectors = disk->size / disk->sector;
    if (disk->count == MOST || first >= sectors) {
        gap_at(disk, disk->count == MOST ? "more partitions than are looked at"
                                         : "a partition outside of the image");
        return;
    }
    if (count > sectors - first) {
        gap_at(disk, "a partition reaches beyond the image");
        count = sectors - first;
    }
    size_t start = (size_t)(first * disk->sector);
    size_t size = (size_t)(count * disk->sector);
    if (overlaps(disk, start, start + size)) {
        gap_at(disk, "a partition that overlaps another, or the table");
        return;
    }
    disk->parts[disk->count].start = start;
    disk->parts[disk->count++].end = start + size;
    if (!holds_no_files(disk->data + start, size, gpt_type))
        gap_at(disk, "a partition of an unknown kind");
    if (is_zero(disk->data + start, size))
        return;
    char *inner = xz_store_printf("%s!p%u", disk->object, disk->number);
    xz_scan_object(disk->audit, inner, disk->data + start, size, disk->depth + 1);
    free(inner);
}

/* The chain of logical partitions that begins at a sector. */
static void do_logical(struct disk *disk, uint64_t chain)
{
    uint64_t table = chain;
    uint64_t sectors = disk->size / disk->sector;
    disk->number = 5;
    for (unsigned links = 0; links < MOST; links++) {
        const uint8_t *at = table < sectors ? disk->data + table * disk->sector : NULL;
        if (at == NULL || at[510] != 0x55 || at[511] != 0xAA)
            break;
        const uint8_t *entry = at + TABLE;
        if (entry[4] != 0 && little(entry + 12, 4) > 0)
            do_partition(disk, table + little(entry + 8, 4), little(entry + 12, 4),
                         NULL);
        disk->number++;
        if (entry[16 + 4] == 0 || little(entry + 16 + 12, 4) == 0)
            return;
        table = chain + little(entry + 16 + 8, 4);
    }
    xz_audit_gap(disk->audit, disk->object,
                 "the chain of logical partitions is damaged");
}

/* False if there is no GPT. */
static bool do_gpt(struct disk *disk)
{
    static const uint64_t sizes[] = {512, 4096};
    const uint8_t *header = NULL;
    for (size_t i = 0; header == NULL && i < 2; i++) {
        disk->sector = sizes[i];
        header = disk->data + disk->sector;
        if (disk->size < 2 * disk->sector || memcmp(header, "EFI PART", 8) != 0)
            header = NULL;
    }
    if (header == NULL)
        return false;
    uint64_t table = little(header + 72, 8);
    uint64_t count = little(header + 80, 4);
    uint64_t entry_size = little(header + 84, 4);
    if (table >= disk->size / disk->sector || entry_size < GPT_ENTRY
        || count > (disk->size - table * disk->sector) / entry_size)
        return false;
    for (uint64_t i = 0; i < count; i++) {
        const uint8_t *entry = disk->data + table * disk->sector + i * entry_size;
        uint64_t first = little(entry + 32, 8);
        uint64_t last = little(entry + 40, 8);
        disk->number = (unsigned)i + 1;
        if (is_zero(entry, 16))
            continue;
        if (xz_audit_late(disk->audit, disk->object))
            break;
        do_partition(disk, first, last >= first ? last - first + 1 : 0, entry);
    }
    return true;
}

static void do_mbr(struct disk *disk)
{
    disk->sector = SECTOR;
    for (unsigned i = 0; i < 4; i++) {
        const uint8_t *entry = disk->data + TABLE + 16 * i;
        uint8_t type = entry[4];
        uint64_t first = little(entry + 8, 4);
        uint64_t count = little(entry + 12, 4);
        disk->number = i + 1;
        if (type == 0 || count == 0 || type == TYPE_GPT)
            continue;
        if (type == 0x05 || type == 0x0F || type == 0x85)
            do_logical(disk, first);
        else
            do_partition(disk, first, count, NULL);
    }
}

/* Search what lies in no partition. */
static void search_rest(struct disk *disk)
{
    size_t pos = 0;
    while (pos < disk->size) {
        size_t next = disk->size; // where the next partition begins
        size_t end = pos;         // of those that cover pos
        for (unsigned i = 0; i < disk->count; i++) {
            if (disk->parts[i].start <= pos && disk->parts[i].end > end)
                end = disk->parts[i].end;
            else if (disk->parts[i].start > pos && disk->parts[i].start < next)
                next = disk->parts[i].start;
        }
        if (end == pos) {
            xz_scan_part(disk->audit, disk->object, "outside of all partitions",
                         disk->data, pos, next - pos);
            end = next;
        }
        pos = end;
    }
}

void xz_partitions_scan(struct xz_audit *audit, const char *object, const uint8_t *data,
                        size_t size, unsigned depth)
{
    struct disk disk = {
        .audit = audit, .object = object, .data = data, .size = size, .depth = depth};
    bool is_gpt = false;
    for (size_t i = 0; i < ALL_PROTECTS; i++)
        is_gpt |= data[TABLE + 16 * i + 4] == TYPE_GPT;
    if (is_gpt && !do_gpt(&disk))
        xz_audit_gap(audit, object, "its table of partitions (GPT) is damaged");
    if (!is_gpt)
        do_mbr(&disk);
    search_rest(&disk);
}
