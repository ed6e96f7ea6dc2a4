/* SPDX-License-Identifier: 0BSD */
/* Blocks of the .xz format, one at a time. */
/* clang-format off */

#ifndef LZMA_H_INTERNAL
# error "Include <lzma.h>, not this part of it."
#endif

/*
 * What a Block is made of
 *
 *     +--------------+-----------------+---------------+-------+
 *     | Block Header | Compressed Data | Block Padding | Check |
 *     +--------------+-----------------+---------------+-------+
 *      header_size    compressed_size                   lzma_check_size(check)
 *
 * Unpadded Size is the sum without Block Padding; total size, the sum with it, is a
 * multiple of 4. Source: 3.
 *
 * To decode: read one byte b; if it is not 0x00, set header_size to
 * lzma_block_header_size_decode(b), read the rest of the Block Header, call
 * lzma_block_header_decode(), then lzma_block_decoder() and lzma_code().
 *
 * To encode: lzma_block_header_size(), lzma_block_header_encode(),
 * lzma_block_encoder() and lzma_code(). To have the sizes in the Block Header, set
 * them to values that cannot be too small (LZMA_VLI_MAX), leave header_size bytes free
 * and encode the Block Header last.
 */
typedef struct {
    /*
     * Which members count: 0, or 1 to have ignore_check too. Set by the caller; only
     * lzma_block_header_decode() takes more, and lowers it to what it knows.
     */
    uint32_t version;

    /*
     * Size of the Block Header in bytes, a multiple of 4 in the range
     * LZMA_BLOCK_HEADER_SIZE_MIN..LZMA_BLOCK_HEADER_SIZE_MAX. Set by
     * lzma_block_header_size() and lzma_block_buffer_encode(), else by the caller.
     * More than is needed is filled with Header Padding.
     */
    uint32_t header_size;
#define LZMA_BLOCK_HEADER_SIZE_MIN 8
#define LZMA_BLOCK_HEADER_SIZE_MAX 1024

    /* Type of the Check. The Stream Header holds it, so the caller must set it. */
    lzma_check check;

    /*
     * Bytes of Compressed Data, 1 or more, or LZMA_VLI_UNKNOWN. What is
     * known here is written to the Block Header by lzma_block_header_encode(), and is
     * compared with the data when decoding. Set by lzma_block_header_decode() and
     * lzma_block_compressed_size(); all encoders and decoders leave the true value
     * here when they are done.
     */
    lzma_vli compressed_size;

    /* Bytes of data before compression, 0..LZMA_VLI_MAX; otherwise as above */
    lzma_vli uncompressed_size;

    /*
     * The chain: an array of the caller's. For lzma_block_header_decode() it must
     * have LZMA_FILTERS_MAX + 1 entries.
     */
    lzma_filter *filters;

    /*
     * The Check as stored, lzma_check_size(check) bytes; valid when a Block was
     * encoded or decoded. CRC32 and CRC64 are little endian.
     */
    uint8_t raw_check[LZMA_CHECK_SIZE_MAX];

    /* Not read; may be left uninitialised. */
    void *reserved_ptr1;
    void *reserved_ptr2;
    void *reserved_ptr3;
    uint32_t reserved_int1;
    uint32_t reserved_int2;
    lzma_vli reserved_int3;
    lzma_vli reserved_int4;
    lzma_vli reserved_int5;
    lzma_vli reserved_int6;
    lzma_vli reserved_int7;
    lzma_vli reserved_int8;
    lzma_reserved_enum reserved_enum1;
    lzma_reserved_enum reserved_enum2;
    lzma_reserved_enum reserved_enum3;
    lzma_reserved_enum reserved_enum4;

    /*
     * True: decoders do not verify the Check. Read if version is 1 or more.
     * lzma_block_header_decode() sets it to false.
     */
    lzma_bool ignore_check;

    /* Not read; may be left uninitialised. */
    lzma_bool reserved_bool2;
    lzma_bool reserved_bool3;
    lzma_bool reserved_bool4;
    lzma_bool reserved_bool5;
    lzma_bool reserved_bool6;
    lzma_bool reserved_bool7;
    lzma_bool reserved_bool8;
} lzma_block;

/*
 * Size of a Block Header from its first byte, 0x01..0xFF. The byte 0x00 begins an Index
 * and must not be given. Source: 3.1.1.
 */
#define lzma_block_header_size_decode(b) (((uint32_t)(b) + 1) * 4)

/*
 * Compute the least size of a Block Header.
 *
 *   block  reads version, compressed_size, uncompressed_size, filters;
 *          sets header_size, which may be raised by multiples of 4 afterwards
 *
 * Returns:
 *   LZMA_OK             the options need not be good nevertheless
 *   LZMA_OPTIONS_ERROR  version or a filter is not supported
 *   LZMA_PROG_ERROR     a size is out of range, the chain is empty or too long, or a
 *                       filter can never be in a .xz file
 * Threads: one per block.
 * Source: 3.1.
 */
extern LZMA_API(lzma_ret) lzma_block_header_size(lzma_block *block)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Write a Block Header.
 *
 *   block  reads version, header_size, check, compressed_size, uncompressed_size,
 *          filters
 *   out    room for header_size bytes
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_OPTIONS_ERROR  a filter is not supported
 *   LZMA_PROG_ERROR     version is not supported, a member or an option of a filter
 *                       is out of range, or header_size is too small
 * Threads: any.
 * Source: 3.1.
 */
extern LZMA_API(lzma_ret) lzma_block_header_encode(const lzma_block *block,
                                                   uint8_t *out)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Read a Block Header.
 *
 *   block      reads version, header_size, check, filters (where to put the chain;
 *              old content is ignored, not freed);
 *              sets version, compressed_size, uncompressed_size, the chain,
 *              ignore_check. Unused entries become end marks without options. After
 *              errors all entries do, and the sizes are as they were.
 *   allocator  for the options of the filters
 *   in         header_size bytes
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_OPTIONS_ERROR  a filter is unknown, or reserved bits are set
 *   LZMA_DATA_ERROR     the CRC32 is wrong, or a field does not fit
 *   LZMA_MEM_ERROR
 *   LZMA_PROG_ERROR     header_size does not agree with in[0], check is out of
 *                       range, or a NULL
 * Memory: the caller frees the options with lzma_filters_free().
 * Threads: one per block.
 * Source: 3.1.
 */
extern LZMA_API(lzma_ret) lzma_block_header_decode(lzma_block *block,
                                                   const lzma_allocator *allocator,
                                                   const uint8_t *in)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Set compressed_size from the Unpadded Size that the Index holds. Call it after the
 * Block Header was decoded: if that told a size, the two are compared.
 *
 *   block          reads version, header_size, check, compressed_size; sets
 *                  compressed_size
 *   unpadded_size  bytes, 5..2^63 - 4
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_DATA_ERROR  unpadded_size is too small or too great to be true, or not what
 *                    the Block Header says
 *   LZMA_PROG_ERROR  version is not supported, or a member is out of range
 * Threads: one per block.
 * Source: 4.3.1.
 */
extern LZMA_API(lzma_ret) lzma_block_compressed_size(lzma_block *block,
                                                     lzma_vli unpadded_size)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Unpadded Size, as the Index stores it.
 *
 *   block  reads version, header_size, check, compressed_size
 *
 * Returns: bytes; LZMA_VLI_UNKNOWN if compressed_size is unknown; 0 if a member is
 * invalid.
 * Threads: any.
 * Source: 4.3.1.
 */
extern LZMA_API(lzma_vli) lzma_block_unpadded_size(const lzma_block *block)
    lzma_nothrow lzma_attr_pure;

/*
 * Size of the Block with Block Padding, as it is in the file.
 *
 *   block  reads version, header_size, check, compressed_size
 *
 * Returns: bytes; LZMA_VLI_UNKNOWN if compressed_size is unknown; 0 if a member is
 * invalid.
 * Threads: any.
 * Source: 3.
 */
extern LZMA_API(lzma_vli) lzma_block_total_size(const lzma_block *block)
    lzma_nothrow lzma_attr_pure;

/*
 * Set up an encoder of a Block without its Block Header.
 *
 *   strm   the coder to be
 *   block  reads version, check, filters; sets compressed_size, uncompressed_size and
 *          raw_check at the end. Must stay until then.
 *
 * Actions: LZMA_RUN, LZMA_FINISH; LZMA_SYNC_FLUSH if all filters know it.
 * Returns:
 *   LZMA_OK                 go on with lzma_code()
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR      version or the chain is not supported
 *   LZMA_UNSUPPORTED_CHECK  the Check cannot be computed here
 *   LZMA_PROG_ERROR         also: check is out of range
 * Memory: lzma_end(strm) frees.
 * Threads: one per strm and block.
 * Source: 3.2, 3.3, 3.4.
 */
extern LZMA_API(lzma_ret) lzma_block_encoder(lzma_stream *strm, lzma_block *block)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Set up a decoder of a Block without its Block Header. There is no memory limit: ask
 * lzma_raw_decoder_memusage() first. A Check of unknown type is read over.
 *
 *   strm   the coder to be
 *   block  reads version, header_size, check, compressed_size, uncompressed_size,
 *          filters, ignore_check; sets compressed_size, uncompressed_size and
 *          raw_check at the end. Must stay until then.
 *
 * Actions: LZMA_RUN, LZMA_FINISH.
 * Returns:
 *   LZMA_OK             go on with lzma_code()
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR  the chain is not supported
 *   LZMA_PROG_ERROR     also: version is not supported, or a member is out of range
 * From lzma_code(): LZMA_DATA_ERROR.
 * Memory: lzma_end(strm) frees.
 * Threads: one per strm and block.
 * Source: 3.2, 3.3, 3.4.
 */
extern LZMA_API(lzma_ret) lzma_block_decoder(lzma_stream *strm, lzma_block *block)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Room that is enough for encoding a Block in one call, whatever the data.
 *
 *   uncompressed_size  bytes, any value
 *
 * Returns: bytes, a little more than can occur; 0 if too much for size_t or the format.
 * Threads: any.
 */
extern LZMA_API(size_t) lzma_block_buffer_bound(size_t uncompressed_size)
    lzma_nothrow;

/*
 * Encode a whole Block, Block Header included, in one call. Data that does not get
 * smaller is stored in uncompressed chunks of LZMA2, without the other filters; block
 * then describes what was written, except for its filters.
 *
 *   block      reads version, check, filters; sets header_size, compressed_size,
 *              uncompressed_size, raw_check
 *   allocator  for memory that is freed before returning
 *   in         data of in_size bytes, all of it is encoded
 *   out, out_pos, out_size  output; lzma_block_buffer_bound() bytes are enough
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_BUF_ERROR          the output does not fit
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR      version or the chain is not supported
 *   LZMA_UNSUPPORTED_CHECK  the Check cannot be computed here
 *   LZMA_DATA_ERROR         a size limit of the format was passed
 *   LZMA_PROG_ERROR
 * Threads: one per block.
 * Source: 3.
 */
extern LZMA_API(lzma_ret) lzma_block_buffer_encode(lzma_block *block,
                                                   const lzma_allocator *allocator,
                                                   const uint8_t *in, size_t in_size,
                                                   uint8_t *out, size_t *out_pos,
                                                   size_t out_size)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Store a buffer as a Block in uncompressed chunks of LZMA2, Block Header included, in
 * one call.
 *
 *   block  reads version, check; sets header_size, compressed_size,
 *          uncompressed_size, raw_check
 *   in     data of in_size bytes, all of it is stored
 *   out, out_pos, out_size  output; lzma_block_buffer_bound() bytes are enough
 *
 * Returns: as lzma_block_buffer_encode(), without LZMA_MEM_ERROR.
 * Memory: allocates nothing.
 * Threads: one per block.
 * Source: 3, 5.3.1.
 */
extern LZMA_API(lzma_ret) lzma_block_uncomp_encode(lzma_block *block,
                                                   const uint8_t *in, size_t in_size,
                                                   uint8_t *out, size_t *out_pos,
                                                   size_t out_size)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Decode a Block in one call, from behind its Block Header. There is no memory limit.
 *
 *   block      as for lzma_block_decoder()
 *   allocator  for memory that is freed before returning
 *   in, in_pos, in_size     input, which may go on behind the Block
 *   out, out_pos, out_size  output
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_BUF_ERROR      the output does not fit
 *   LZMA_DATA_ERROR     damaged or truncated
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR  the chain is not supported
 *   LZMA_PROG_ERROR     also: version is not supported, or a member is out of range
 * Threads: one per block.
 * Source: 3.2, 3.3, 3.4.
 */
extern LZMA_API(lzma_ret) lzma_block_buffer_decode(lzma_block *block,
                                                   const lzma_allocator *allocator,
                                                   const uint8_t *in, size_t *in_pos,
                                                   size_t in_size,
                                                   uint8_t *out, size_t *out_pos,
                                                   size_t out_size)
    lzma_nothrow;
