// SPDX-License-Identifier: 0BSD
// The Check field of a Block: one interface to all types (.xz format section 2.1.1.2).
//
// Types that this library cannot compute still have a size, which the format fixes: a
// reader skips the field. For them, and for None, init, update and finish do nothing.

#include "check/check.h"
#include "base/bytes.h"

bool xz_check_is_supported(lzma_check type)
{
    return type == LZMA_CHECK_NONE || type == LZMA_CHECK_CRC32
           || type == LZMA_CHECK_CRC64 || type == LZMA_CHECK_SHA256;
}

/* Three types to a size. */
uint32_t xz_check_size(lzma_check type)
{
    static const uint8_t sizes[LZMA_CHECK_ID_MAX + 1] = {
        0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64,
    };
    if ((uint32_t)type > LZMA_CHECK_ID_MAX)
        return UINT32_MAX;
    return sizes[type];
}

void xz_check_init(struct xz_check *check, lzma_check type)
{
    check->type = type;
    check->crc = 0;
    if (type == LZMA_CHECK_SHA256)
        xz_sha256_init(&check->sha256);
}

void xz_check_update(struct xz_check *check, const uint8_t *buf, size_t size)
{
    switch ((uint32_t)check->type) {
    case LZMA_CHECK_CRC32:
        check->crc = xz_crc32(buf, size, (uint32_t)check->crc);
        break;
    case LZMA_CHECK_CRC64:
        check->crc = xz_crc64(buf, size, check->crc);
        break;
    case LZMA_CHECK_SHA256:
        xz_sha256_update(&check->sha256, buf, size);
        break;
    default:
        break;
    }
}

void xz_check_finish(struct xz_check *check, uint8_t ret_field[LZMA_CHECK_SIZE_MAX])
{
    switch ((uint32_t)check->type) {
    case LZMA_CHECK_CRC32:
        xz_write32le(ret_field, (uint32_t)check->crc);
        break;
    case LZMA_CHECK_CRC64:
        xz_write64le(ret_field, check->crc);
        break;
    case LZMA_CHECK_SHA256:
        xz_sha256_finish(&check->sha256, ret_field);
        break;
    default:
        break;
    }
}
