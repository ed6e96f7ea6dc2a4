// SPDX-License-Identifier: 0BSD
// For frama-c, not for a compiler: all values of integers, sizes and headers.
//
// scripts/prove lets the Eva plug-in of frama-c walk through main() with all values at
// once. It shows that no statement of the functions called here reads or writes outside
// of its object, reads what was never written, or overflows, unsigned sums and products
// included; and that the assertions hold. What differs in kind, sizes and positions, is
// taken one by one, so that Eva knows how they hang together.
//
// With PROVE_WRONG defined there is a mistake, which must be seen.

#include "__fc_builtin.h"
#include "format/alone_header.h"
#include "format/block_header.h"
#include "format/bounds.h"
#include "format/index_sizes.h"
#include "format/lzip_header.h"
#include "format/stream_flags.h"
#include "format/vli.h"

#define ROOM (LZMA_VLI_BYTES_MAX + 1)

#ifdef PROVE_WRONG
# define WRONG 1
#else
# define WRONG 0
#endif

/* Checks are computed over bytes that are there; the result may be anything. */
uint32_t xz_crc32(const uint8_t *in, size_t size, uint32_t crc)
{
    //@ assert \valid_read(in + (0 .. size - 1));
    return Frama_C_unsigned_int_interval(0, UINT32_MAX) ^ crc;
}

/* Any number of so many bits. */
static uint64_t any(unsigned bits)
{
    const uint64_t high = Frama_C_unsigned_int_interval(0, UINT32_MAX);
    const uint64_t low = Frama_C_unsigned_int_interval(0, UINT32_MAX);
    const uint64_t all = high << 32 | low;
    return bits >= 64 ? all : all & ((UINT64_C(1) << bits) - 1);
}

/* Any integers, pieces and states of pieces, at the end of any room. */
static void integers(void)
{
    uint8_t bytes[ROOM];
    Frama_C_make_unknown((char *)bytes, sizeof(bytes));
    for (size_t size = 0; size <= ROOM; ++size) {
        uint8_t *const at = bytes + ROOM + WRONG - size;
        size_t pos = 0;
        lzma_vli vli;
        if (xz_vli_decode(at, &pos, size, &vli) == LZMA_OK) {
            //@ assert vli <= 0x7FFFFFFFFFFFFFFF;
        }
        //@ assert pos <= size;
        for (size_t done = 0; done <= ROOM; ++done) {
            size_t vli_pos = done;
            pos = 0;
            vli = any(64);
            (void)xz_vli_decode_part(&vli, &vli_pos, at, &pos, size);
            //@ assert pos <= size && vli_pos <= 10;
            vli_pos = done;
            pos = 0;
            (void)xz_vli_encode_part(any(64), &vli_pos, at, &pos, size);
            //@ assert pos <= size && vli_pos <= 10;
        }
    }
    /* Integers of 1 to 9 bytes, and those that are too great. */
    for (unsigned count = 1; count <= ROOM; ++count) {
        const lzma_vli vli = any(count < ROOM ? 7 * count : 64);
        if (count > 1 && vli < UINT64_C(1) << 7 * (count - 1))
            continue;
        const uint32_t vli_size = xz_vli_size(vli);
        //@ assert vli_size == (count < 10 ? count : 0);
        for (size_t size = 0; size <= ROOM; ++size) {
            size_t pos = 0;
            (void)xz_vli_encode(vli, bytes + ROOM - size, &pos, size);
        }
    }
}

static void sizes(void)
{
    (void)xz_lzma2_stored_bound(any(64));
    (void)xz_block_bound(any(64));
    (void)xz_stream_bound(any(64));
    /* Counts and sizes of a file are below 2^63. */
    const lzma_vli field_size = xz_index_field_size(any(63), any(63));
    //@ assert field_size >= 8;
    const uint32_t padding = xz_index_field_padding(any(63), any(63));
    //@ assert padding <= 3;
    (void)xz_index_record_is_valid(any(64), any(64));
}

/* Headers of a fixed size, any bytes. */
static void headers(void)
{
    uint8_t bytes[20];
    Frama_C_make_unknown((char *)bytes, sizeof(bytes));
    lzma_stream_flags flags;
    if (xz_stream_header_decode(bytes + 8, &flags) == LZMA_OK) {
        //@ assert flags.check <= 15;
        (void)xz_stream_header_encode(&flags, bytes + 8);
    }
    Frama_C_make_unknown((char *)bytes, sizeof(bytes));
    if (xz_stream_footer_decode(bytes + 8, &flags) == LZMA_OK) {
        //@ assert 4 <= flags.backward_size <= (1ULL << 34);
        (void)xz_stream_footer_encode(&flags, bytes + 8);
    }
    struct xz_alone_header alone;
    for (int is_picky = 0; is_picky <= 1; ++is_picky) {
        Frama_C_make_unknown((char *)bytes, sizeof(bytes));
        (void)xz_alone_header_decode(bytes + 7, is_picky, &alone);
        for (size_t size = 0; size <= XZ_ALONE_HEADER_SIZE; ++size)
            (void)xz_alone_header_is_possible(bytes + 20 - size, size, is_picky);
    }
    struct xz_lzip_header lzip;
    struct xz_lzip_footer footer;
    if (xz_lzip_header_decode(bytes + 14, &lzip) == LZMA_OK) {
        //@ assert lzip.version <= 1;
        xz_lzip_footer_decode(bytes, lzip.version, &footer);
    }
}

int main(void)
{
    integers();
    sizes();
    headers();
    return 0;
}
