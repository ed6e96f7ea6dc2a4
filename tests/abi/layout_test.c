// SPDX-License-Identifier: 0BSD
// The compiler proves that the public types have the layout of liblzma's ABI.
/*
 * A program compiled against another liblzma hands over structs in that library's
 * layout. Sizes and offsets below are those of liblzma 5.8 on machines with 64-bit
 * pointers (LP64 and LLP64), from "Facts about XZ Utils", 1.5. What holds on every
 * machine (enum values, constants, types) is outside the guard. If this file compiles,
 * the test has passed.
 */

#include <limits.h>
#include <lzma.h>

#define SIZE(type, size)                                                               \
 _Static_assert(sizeof(type) == (size), "sizeof(" #type ") is not " #size)
#define AT(type, member, offset)                                                       \
 _Static_assert(offsetof(type, member) == (offset),                                    \
                #type "." #member " is not at " #offset)
#define FIELD(type, member, offset, size)                                              \
 AT(type, member, offset);                                                             \
 _Static_assert(sizeof(((type *)0)->member) == (size),                                 \
                #type "." #member " is not " #size " bytes")
#define VALUE(constant, value)                                                         \
 _Static_assert((constant) == (value), #constant " is not " #value)

/* Version: the API level, as number and as text */
VALUE(LZMA_VERSION, 50080032);
VALUE(LZMA_VERSION_MAJOR, 5);
VALUE(LZMA_VERSION_MINOR, 8);
VALUE(LZMA_VERSION_PATCH, 3);
VALUE(LZMA_VERSION_STABILITY, 2);
VALUE(LZMA_VERSION_STABILITY_ALPHA, 0);
VALUE(LZMA_VERSION_STABILITY_BETA, 1);
VALUE(LZMA_VERSION_STABILITY_STABLE, 2);
VALUE(sizeof(LZMA_VERSION_STRING), sizeof("5.8.3"));

/* Scalar types */
SIZE(lzma_bool, 1);
SIZE(lzma_vli, 8);
SIZE(lzma_ret, sizeof(int));
SIZE(lzma_action, sizeof(int));
SIZE(lzma_check, sizeof(int));
SIZE(lzma_mode, sizeof(int));
SIZE(lzma_match_finder, sizeof(int));
SIZE(lzma_delta_type, sizeof(int));
SIZE(lzma_index_iter_mode, sizeof(int));
SIZE(lzma_reserved_enum, sizeof(int));
_Static_assert((lzma_bool)-1 == UCHAR_MAX, "lzma_bool is not unsigned char");
_Static_assert((lzma_vli)-1 == UINT64_MAX, "lzma_vli is not unsigned");

/* Enumerations */
VALUE(LZMA_RESERVED_ENUM, 0);
VALUE(LZMA_OK, 0);
VALUE(LZMA_STREAM_END, 1);
VALUE(LZMA_NO_CHECK, 2);
VALUE(LZMA_UNSUPPORTED_CHECK, 3);
VALUE(LZMA_GET_CHECK, 4);
VALUE(LZMA_MEM_ERROR, 5);
VALUE(LZMA_MEMLIMIT_ERROR, 6);
VALUE(LZMA_FORMAT_ERROR, 7);
VALUE(LZMA_OPTIONS_ERROR, 8);
VALUE(LZMA_DATA_ERROR, 9);
VALUE(LZMA_BUF_ERROR, 10);
VALUE(LZMA_PROG_ERROR, 11);
VALUE(LZMA_SEEK_NEEDED, 12);
VALUE(LZMA_RET_INTERNAL1, 101);
VALUE(LZMA_RET_INTERNAL2, 102);
VALUE(LZMA_RET_INTERNAL3, 103);
VALUE(LZMA_RET_INTERNAL4, 104);
VALUE(LZMA_RET_INTERNAL5, 105);
VALUE(LZMA_RET_INTERNAL6, 106);
VALUE(LZMA_RET_INTERNAL7, 107);
VALUE(LZMA_RET_INTERNAL8, 108);
VALUE(LZMA_RUN, 0);
VALUE(LZMA_SYNC_FLUSH, 1);
VALUE(LZMA_FULL_FLUSH, 2);
VALUE(LZMA_FINISH, 3);
VALUE(LZMA_FULL_BARRIER, 4);
VALUE(LZMA_CHECK_NONE, 0);
VALUE(LZMA_CHECK_CRC32, 1);
VALUE(LZMA_CHECK_CRC64, 4);
VALUE(LZMA_CHECK_SHA256, 10);
VALUE(LZMA_MF_HC3, 0x03);
VALUE(LZMA_MF_HC4, 0x04);
VALUE(LZMA_MF_BT2, 0x12);
VALUE(LZMA_MF_BT3, 0x13);
VALUE(LZMA_MF_BT4, 0x14);
VALUE(LZMA_MODE_FAST, 1);
VALUE(LZMA_MODE_NORMAL, 2);
VALUE(LZMA_DELTA_TYPE_BYTE, 0);
VALUE(LZMA_INDEX_ITER_ANY, 0);
VALUE(LZMA_INDEX_ITER_STREAM, 1);
VALUE(LZMA_INDEX_ITER_BLOCK, 2);
VALUE(LZMA_INDEX_ITER_NONEMPTY_BLOCK, 3);

/* Flags and presets */
VALUE(LZMA_TELL_NO_CHECK, 0x01);
VALUE(LZMA_TELL_UNSUPPORTED_CHECK, 0x02);
VALUE(LZMA_TELL_ANY_CHECK, 0x04);
VALUE(LZMA_CONCATENATED, 0x08);
VALUE(LZMA_IGNORE_CHECK, 0x10);
VALUE(LZMA_FAIL_FAST, 0x20);
VALUE(LZMA_PRESET_DEFAULT, 6);
VALUE(LZMA_PRESET_LEVEL_MASK, 0x1F);
VALUE(LZMA_PRESET_EXTREME, 0x80000000);
VALUE(LZMA_LZMA1EXT_ALLOW_EOPM, 0x01);
VALUE(LZMA_STR_ALL_FILTERS, 0x01);
VALUE(LZMA_STR_NO_VALIDATION, 0x02);
VALUE(LZMA_STR_ENCODER, 0x10);
VALUE(LZMA_STR_DECODER, 0x20);
VALUE(LZMA_STR_GETOPT_LONG, 0x40);
VALUE(LZMA_STR_NO_SPACES, 0x80);
VALUE(LZMA_INDEX_CHECK_MASK_NONE, 0x001);
VALUE(LZMA_INDEX_CHECK_MASK_CRC32, 0x002);
VALUE(LZMA_INDEX_CHECK_MASK_CRC64, 0x010);
VALUE(LZMA_INDEX_CHECK_MASK_SHA256, 0x400);

/* Filter IDs */
VALUE(LZMA_FILTER_DELTA, 0x03);
VALUE(LZMA_FILTER_X86, 0x04);
VALUE(LZMA_FILTER_POWERPC, 0x05);
VALUE(LZMA_FILTER_IA64, 0x06);
VALUE(LZMA_FILTER_ARM, 0x07);
VALUE(LZMA_FILTER_ARMTHUMB, 0x08);
VALUE(LZMA_FILTER_SPARC, 0x09);
VALUE(LZMA_FILTER_ARM64, 0x0A);
VALUE(LZMA_FILTER_RISCV, 0x0B);
VALUE(LZMA_FILTER_LZMA2, 0x21);
VALUE(LZMA_FILTER_LZMA1, 0x4000000000000001);
VALUE(LZMA_FILTER_LZMA1EXT, 0x4000000000000002);

/* Limits and defaults */
VALUE(LZMA_VLI_MAX, UINT64_MAX / 2);
VALUE(LZMA_VLI_UNKNOWN, UINT64_MAX);
VALUE(LZMA_VLI_BYTES_MAX, 9);
VALUE(LZMA_CHECK_ID_MAX, 15);
VALUE(LZMA_CHECK_SIZE_MAX, 64);
VALUE(LZMA_FILTERS_MAX, 4);
VALUE(LZMA_DELTA_DIST_MIN, 1);
VALUE(LZMA_DELTA_DIST_MAX, 256);
VALUE(LZMA_DICT_SIZE_MIN, 4096);
VALUE(LZMA_DICT_SIZE_DEFAULT, 8388608);
VALUE(LZMA_LCLP_MIN, 0);
VALUE(LZMA_LCLP_MAX, 4);
VALUE(LZMA_LC_DEFAULT, 3);
VALUE(LZMA_LP_DEFAULT, 0);
VALUE(LZMA_PB_MIN, 0);
VALUE(LZMA_PB_MAX, 4);
VALUE(LZMA_PB_DEFAULT, 2);
VALUE(LZMA_STREAM_HEADER_SIZE, 12);
VALUE(LZMA_BACKWARD_SIZE_MIN, 4);
VALUE(LZMA_BACKWARD_SIZE_MAX, 0x400000000);
VALUE(LZMA_BLOCK_HEADER_SIZE_MIN, 8);
VALUE(LZMA_BLOCK_HEADER_SIZE_MAX, 1024);

/* Macros with arguments */
VALUE(lzma_block_header_size_decode(0x01), 8);
VALUE(lzma_block_header_size_decode(0xFF), 1024);
VALUE(lzma_vli_is_valid(LZMA_VLI_MAX), 1);
VALUE(lzma_vli_is_valid(LZMA_VLI_MAX + 1), 0);
VALUE(lzma_vli_is_valid(LZMA_VLI_UNKNOWN), 1);

#if UINTPTR_MAX == UINT64_MAX

SIZE(lzma_allocator, 24);
FIELD(lzma_allocator, alloc, 0, 8);
FIELD(lzma_allocator, free, 8, 8);
FIELD(lzma_allocator, opaque, 16, 8);

SIZE(lzma_stream, 136);
FIELD(lzma_stream, next_in, 0, 8);
FIELD(lzma_stream, avail_in, 8, 8);
FIELD(lzma_stream, total_in, 16, 8);
FIELD(lzma_stream, next_out, 24, 8);
FIELD(lzma_stream, avail_out, 32, 8);
FIELD(lzma_stream, total_out, 40, 8);
FIELD(lzma_stream, allocator, 48, 8);
FIELD(lzma_stream, internal, 56, 8);
FIELD(lzma_stream, reserved_ptr1, 64, 8);
FIELD(lzma_stream, reserved_ptr2, 72, 8);
FIELD(lzma_stream, reserved_ptr3, 80, 8);
FIELD(lzma_stream, reserved_ptr4, 88, 8);
FIELD(lzma_stream, seek_pos, 96, 8);
FIELD(lzma_stream, reserved_int2, 104, 8);
FIELD(lzma_stream, reserved_int3, 112, 8);
FIELD(lzma_stream, reserved_int4, 120, 8);
FIELD(lzma_stream, reserved_enum1, 128, 4);
FIELD(lzma_stream, reserved_enum2, 132, 4);

SIZE(lzma_filter, 16);
FIELD(lzma_filter, id, 0, 8);
FIELD(lzma_filter, options, 8, 8);

SIZE(lzma_options_bcj, 4);
FIELD(lzma_options_bcj, start_offset, 0, 4);

SIZE(lzma_options_delta, 40);
FIELD(lzma_options_delta, type, 0, 4);
FIELD(lzma_options_delta, dist, 4, 4);
FIELD(lzma_options_delta, reserved_int1, 8, 4);
FIELD(lzma_options_delta, reserved_int4, 20, 4);
FIELD(lzma_options_delta, reserved_ptr1, 24, 8);
FIELD(lzma_options_delta, reserved_ptr2, 32, 8);

SIZE(lzma_options_lzma, 112);
FIELD(lzma_options_lzma, dict_size, 0, 4);
FIELD(lzma_options_lzma, preset_dict, 8, 8);
FIELD(lzma_options_lzma, preset_dict_size, 16, 4);
FIELD(lzma_options_lzma, lc, 20, 4);
FIELD(lzma_options_lzma, lp, 24, 4);
FIELD(lzma_options_lzma, pb, 28, 4);
FIELD(lzma_options_lzma, mode, 32, 4);
FIELD(lzma_options_lzma, nice_len, 36, 4);
FIELD(lzma_options_lzma, mf, 40, 4);
FIELD(lzma_options_lzma, depth, 44, 4);
FIELD(lzma_options_lzma, ext_flags, 48, 4);
FIELD(lzma_options_lzma, ext_size_low, 52, 4);
FIELD(lzma_options_lzma, ext_size_high, 56, 4);
FIELD(lzma_options_lzma, reserved_int4, 60, 4);
FIELD(lzma_options_lzma, reserved_int8, 76, 4);
FIELD(lzma_options_lzma, reserved_enum1, 80, 4);
FIELD(lzma_options_lzma, reserved_enum4, 92, 4);
FIELD(lzma_options_lzma, reserved_ptr1, 96, 8);
FIELD(lzma_options_lzma, reserved_ptr2, 104, 8);

SIZE(lzma_mt, 128);
FIELD(lzma_mt, flags, 0, 4);
FIELD(lzma_mt, threads, 4, 4);
FIELD(lzma_mt, block_size, 8, 8);
FIELD(lzma_mt, timeout, 16, 4);
FIELD(lzma_mt, preset, 20, 4);
FIELD(lzma_mt, filters, 24, 8);
FIELD(lzma_mt, check, 32, 4);
FIELD(lzma_mt, reserved_enum1, 36, 4);
FIELD(lzma_mt, reserved_enum3, 44, 4);
FIELD(lzma_mt, reserved_int1, 48, 4);
FIELD(lzma_mt, reserved_int4, 60, 4);
FIELD(lzma_mt, memlimit_threading, 64, 8);
FIELD(lzma_mt, memlimit_stop, 72, 8);
FIELD(lzma_mt, reserved_int7, 80, 8);
FIELD(lzma_mt, reserved_int8, 88, 8);
FIELD(lzma_mt, reserved_ptr1, 96, 8);
FIELD(lzma_mt, reserved_ptr4, 120, 8);

SIZE(lzma_block, 208);
FIELD(lzma_block, version, 0, 4);
FIELD(lzma_block, header_size, 4, 4);
FIELD(lzma_block, check, 8, 4);
FIELD(lzma_block, compressed_size, 16, 8);
FIELD(lzma_block, uncompressed_size, 24, 8);
FIELD(lzma_block, filters, 32, 8);
FIELD(lzma_block, raw_check, 40, 64);
FIELD(lzma_block, reserved_ptr1, 104, 8);
FIELD(lzma_block, reserved_ptr3, 120, 8);
FIELD(lzma_block, reserved_int1, 128, 4);
FIELD(lzma_block, reserved_int2, 132, 4);
FIELD(lzma_block, reserved_int3, 136, 8);
FIELD(lzma_block, reserved_int8, 176, 8);
FIELD(lzma_block, reserved_enum1, 184, 4);
FIELD(lzma_block, reserved_enum4, 196, 4);
FIELD(lzma_block, ignore_check, 200, 1);
FIELD(lzma_block, reserved_bool2, 201, 1);
FIELD(lzma_block, reserved_bool8, 207, 1);

SIZE(lzma_stream_flags, 56);
FIELD(lzma_stream_flags, version, 0, 4);
FIELD(lzma_stream_flags, backward_size, 8, 8);
FIELD(lzma_stream_flags, check, 16, 4);
FIELD(lzma_stream_flags, reserved_enum1, 20, 4);
FIELD(lzma_stream_flags, reserved_enum4, 32, 4);
FIELD(lzma_stream_flags, reserved_bool1, 36, 1);
FIELD(lzma_stream_flags, reserved_bool8, 43, 1);
FIELD(lzma_stream_flags, reserved_int1, 44, 4);
FIELD(lzma_stream_flags, reserved_int2, 48, 4);

SIZE(lzma_index_iter, 304);
FIELD(lzma_index_iter, stream.flags, 0, 8);
FIELD(lzma_index_iter, stream.reserved_ptr1, 8, 8);
FIELD(lzma_index_iter, stream.reserved_ptr3, 24, 8);
FIELD(lzma_index_iter, stream.number, 32, 8);
FIELD(lzma_index_iter, stream.block_count, 40, 8);
FIELD(lzma_index_iter, stream.compressed_offset, 48, 8);
FIELD(lzma_index_iter, stream.uncompressed_offset, 56, 8);
FIELD(lzma_index_iter, stream.compressed_size, 64, 8);
FIELD(lzma_index_iter, stream.uncompressed_size, 72, 8);
FIELD(lzma_index_iter, stream.padding, 80, 8);
FIELD(lzma_index_iter, stream.reserved_vli1, 88, 8);
FIELD(lzma_index_iter, stream.reserved_vli4, 112, 8);
AT(lzma_index_iter, block, 120);
FIELD(lzma_index_iter, block.number_in_file, 120, 8);
FIELD(lzma_index_iter, block.compressed_file_offset, 128, 8);
FIELD(lzma_index_iter, block.uncompressed_file_offset, 136, 8);
FIELD(lzma_index_iter, block.number_in_stream, 144, 8);
FIELD(lzma_index_iter, block.compressed_stream_offset, 152, 8);
FIELD(lzma_index_iter, block.uncompressed_stream_offset, 160, 8);
FIELD(lzma_index_iter, block.uncompressed_size, 168, 8);
FIELD(lzma_index_iter, block.unpadded_size, 176, 8);
FIELD(lzma_index_iter, block.total_size, 184, 8);
FIELD(lzma_index_iter, block.reserved_vli1, 192, 8);
FIELD(lzma_index_iter, block.reserved_vli4, 216, 8);
FIELD(lzma_index_iter, block.reserved_ptr1, 224, 8);
FIELD(lzma_index_iter, block.reserved_ptr4, 248, 8);
FIELD(lzma_index_iter, internal, 256, 48);
FIELD(lzma_index_iter, internal[5], 296, 8);

#endif

int main(void)
{
    return 0;
}
