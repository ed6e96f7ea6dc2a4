// SPDX-License-Identifier: 0BSD
// Verifying an Index against the Blocks of its Stream in constant memory.
//
// The sizes of each Block go into a SHA-256 when it has been decoded, and the sizes of
// each Record when the Index is read; equal hashes mean equal lists (.xz format section
// 4.3). Sums and counts are compared as well, and after each Record: an Index that
// claims more than was decoded is refused at once, not at its end.
//
// The last sizes are kept as they are and go into the hash when the next ones come: a
// file of one Block, as most small ones are, needs no hash. Its whole Index field is
// compared at once where it comes in one piece.
//
//     while Blocks are decoded      append(sizes)  ->  blocks:   sums, count, SHA-256
//     while the Index is read       each Record    ->  records:  sums, count, SHA-256
//     at its end                    blocks == records, and the CRC32 of the field
//
// The hash has to be a cryptographic one: whoever makes a file chooses the sizes, and
// must not be able to find a second list with the same hash.

#include "format/index_hash.h"
#include "base/bits.h"
#include "base/bytes.h"
#include "base/try.h"
#include "check/check.h"
#include "format/index_sizes.h"
#include "format/vli.h"

#define CRC_SIZE 4

/* Indicator, count, two integers, padding, CRC32. */
#define KNOWN_SIZE_MAX (2 + 2 * LZMA_VLI_BYTES_MAX + 3 + CRC_SIZE)

static void summary_init(struct xz_index_summary *summary)
{
    summary->total_size = 0;
    summary->uncompressed_size = 0;
    summary->count = 0;
    summary->list_size = 0;
}

/* Adds valid sizes. LZMA_DATA_ERROR: more than a Stream can hold. */
static lzma_ret summary_add(struct xz_index_summary *summary, lzma_vli unpadded_size,
                            lzma_vli uncompressed_size)
{
    const lzma_vli total_size = summary->total_size + xz_round_up4(unpadded_size);
    const lzma_vli data_size = summary->uncompressed_size + uncompressed_size;
    const lzma_vli list_size = summary->list_size + xz_vli_size(unpadded_size)
                               + xz_vli_size(uncompressed_size);
    const lzma_vli index_size = xz_index_field_size(summary->count + 1, list_size);
    const lzma_vli around = 2 * LZMA_STREAM_HEADER_SIZE + index_size;
    if (index_size > LZMA_BACKWARD_SIZE_MAX || total_size > LZMA_VLI_MAX - around
        || data_size > LZMA_VLI_MAX)
        return LZMA_DATA_ERROR;
    summary->total_size = total_size;
    summary->uncompressed_size = data_size;
    summary->list_size = list_size;
    summary->count += 1;

    /* Fixed width: no two lists give the same bytes. */
    if (summary->count == 2)
        xz_sha256_init(&summary->before);
    if (summary->count > 1)
        xz_sha256_update(&summary->before, summary->last, sizeof(summary->last));
    xz_write64le(summary->last, unpadded_size);
    xz_write64le(summary->last + 8, uncompressed_size);
    return LZMA_OK;
}

/* True if all Records so far can be a beginning of the list of Blocks. */
static bool is_within(const struct xz_index_summary *records,
                      const struct xz_index_summary *blocks)
{
    return records->total_size <= blocks->total_size
           && records->uncompressed_size <= blocks->uncompressed_size
           && records->list_size <= blocks->list_size;
}

static bool is_equal(lzma_index_hash *hash)
{
    uint8_t of_blocks[XZ_SHA256_SIZE];
    uint8_t of_records[XZ_SHA256_SIZE];
    if (hash->blocks.count != hash->records.count
        || !is_within(&hash->records, &hash->blocks)
        || !is_within(&hash->blocks, &hash->records))
        return false;
    if (hash->blocks.count == 0)
        return true;
    if (!xz_same_bytes(hash->blocks.last, hash->records.last,
                       sizeof(hash->blocks.last)))
        return false;
    if (hash->blocks.count == 1)
        return true;
    xz_sha256_finish(&hash->blocks.before, of_blocks);
    xz_sha256_finish(&hash->records.before, of_records);
    return xz_same_bytes(of_blocks, of_records, XZ_SHA256_SIZE);
}

void xz_index_hash_init(lzma_index_hash *hash)
{
    summary_init(&hash->blocks);
    summary_init(&hash->records);
    hash->is_decoding = false;
}

lzma_ret xz_index_hash_append(lzma_index_hash *hash, lzma_vli unpadded_size,
                              lzma_vli uncompressed_size)
{
    if (hash->is_decoding
        || !xz_index_record_is_valid(unpadded_size, uncompressed_size))
        return LZMA_PROG_ERROR;
    return summary_add(&hash->blocks, unpadded_size, uncompressed_size);
}

/* LZMA_STREAM_END at the end of an Index that agrees. */
static lzma_ret use_event(lzma_index_hash *hash, enum xz_index_event event)
{
    switch (event) {
    case XZ_INDEX_COUNT:
        return hash->parse.record_count == hash->blocks.count ? LZMA_OK
                                                              : LZMA_DATA_ERROR;
    case XZ_INDEX_RECORD:
        XZ_TRY(summary_add(&hash->records, hash->parse.unpadded_size,
                           hash->parse.uncompressed_size));
        return is_within(&hash->records, &hash->blocks) ? LZMA_OK : LZMA_DATA_ERROR;
    case XZ_INDEX_END:
        return is_equal(hash) ? LZMA_STREAM_END : LZMA_DATA_ERROR;
    default:
        return LZMA_OK;
    }
}

/* The Index of a single Block is known beforehand, and small files have no other: true
   if all of it is there and right; then it is taken. Otherwise nothing happens. */
static bool take_known(lzma_index_hash *hash, const uint8_t *in, size_t *in_pos,
                       size_t in_size)
{
    uint8_t known[KNOWN_SIZE_MAX] = {0x00, 0x01};
    const size_t size = (size_t)xz_index_hash_size(hash);
    size_t pos = 2;
    if (hash->blocks.count != 1 || in_size - *in_pos < size
        || xz_vli_encode(xz_read64le(hash->blocks.last), known, &pos, size) != LZMA_OK
        || xz_vli_encode(xz_read64le(hash->blocks.last + 8), known, &pos, size)
               != LZMA_OK)
        return false;
    xz_write32le(known + size - CRC_SIZE, xz_crc32(known, size - CRC_SIZE, 0));
    if (!xz_same_bytes(known, in + *in_pos, size))
        return false;
    *in_pos += size;
    hash->parse.state = XZ_INDEX_AT_END;
    return true;
}

lzma_ret xz_index_hash_decode(lzma_index_hash *hash, const uint8_t *in, size_t *in_pos,
                              size_t in_size)
{
    if (*in_pos >= in_size)
        return LZMA_BUF_ERROR;
    if (!hash->is_decoding) {
        hash->is_decoding = true;
        if (take_known(hash, in, in_pos, in_size))
            return LZMA_STREAM_END;
        /* An Index that agrees has exactly this size. */
        xz_index_parse_init(&hash->parse, xz_index_hash_size(hash));
    }
    enum xz_index_event event;
    do {
        XZ_TRY(xz_index_parse_next(&hash->parse, in, in_pos, in_size, &event));
        const lzma_ret ret = use_event(hash, event);
        if (ret != LZMA_OK) {
            hash->parse.state = XZ_INDEX_AT_END;
            return ret;
        }
    } while (event != XZ_INDEX_NEED_INPUT);
    return LZMA_OK;
}

lzma_vli xz_index_hash_size(const lzma_index_hash *hash)
{
    return xz_index_field_size(hash->blocks.count, hash->blocks.list_size);
}
