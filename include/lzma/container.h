/* SPDX-License-Identifier: 0BSD */
/* Encoders and decoders of whole files: .xz, .lzma, .lz and MicroLZMA. */
/* clang-format off */

#ifndef LZMA_H_INTERNAL
# error "Include <lzma.h>, not this part of it."
#endif

/*
 * A preset is a level 0..9, fast and small to slow and strong, as the command xz has
 * them, to which a flag may be added with "|".
 */
#define LZMA_PRESET_DEFAULT    UINT32_C(6)

/* The bits of a preset that hold the level */
#define LZMA_PRESET_LEVEL_MASK UINT32_C(0x1F)

/* Flag: much slower, a little smaller; decoding needs no more memory than without. */
#define LZMA_PRESET_EXTREME    (UINT32_C(1) << 31)

/*
 * Options of the coders with worker threads. Members marked "encoder" or "decoder" are
 * not read by the other.
 */
typedef struct {
    /* Encoder: 0. Decoder: LZMA_TELL_* and the flags beside it */
    uint32_t flags;

    /* Worker threads, 1..16384. The decoder may use fewer. */
    uint32_t threads;

    /*
     * Encoder: greatest uncompressed size of a Block in bytes; a new Block begins
     * after that many. 0: what lzma_mt_block_size() says. Smaller than the dictionary
     * makes no sense. Each thread needs memory for a few times this size.
     */
    uint64_t block_size;

    /*
     * Milliseconds after which lzma_code() returns, with LZMA_OK, even if it neither
     * used up the input nor filled the output. 0: never. Not exact; for a program that
     * shows its progress 300 is fine.
     */
    uint32_t timeout;

    /* Encoder: preset; not read if filters is set */
    uint32_t preset;

    /* Encoder: chain to use, NULL for the preset's */
    const lzma_filter *filters;

    /* Encoder: type of the Check; LZMA_CHECK_CRC64 if you do not know better */
    lzma_check check;

    /* Not read; may be left uninitialised. */
    lzma_reserved_enum reserved_enum1;
    lzma_reserved_enum reserved_enum2;
    lzma_reserved_enum reserved_enum3;
    uint32_t reserved_int1;
    uint32_t reserved_int2;
    uint32_t reserved_int3;
    uint32_t reserved_int4;

    /*
     * Decoder: bytes of memory that must not be passed by decoding Blocks in parallel.
     * Never leads to an error: fewer threads run, at last one that may need more than
     * this. Whole Blocks are buffered, packed and unpacked, so UINT64_MAX may fill the
     * memory; lzma_physmem() / 4 is a fair choice. No more than memlimit_stop counts.
     */
    uint64_t memlimit_threading;

    /* Decoder: bytes; LZMA_MEMLIMIT_ERROR if even one thread needs more */
    uint64_t memlimit_stop;

    /* Not read; may be left uninitialised. */
    uint64_t reserved_int7;
    uint64_t reserved_int8;
    void *reserved_ptr1;
    void *reserved_ptr2;
    void *reserved_ptr3;
    void *reserved_ptr4;
} lzma_mt;

/*
 * Memory that lzma_easy_encoder() takes with a preset.
 *
 *   preset  any value
 *
 * Returns: bytes, approximately; UINT64_MAX if there is no such preset.
 * Threads: any.
 */
extern LZMA_API(uint64_t) lzma_easy_encoder_memusage(uint32_t preset)
    lzma_nothrow lzma_attr_pure;

/*
 * Memory for decoding, with one thread, what was encoded with a preset.
 *
 *   preset  any value
 *
 * Returns: bytes, approximately; UINT64_MAX if there is no such preset.
 * Threads: any.
 */
extern LZMA_API(uint64_t) lzma_easy_decoder_memusage(uint32_t preset)
    lzma_nothrow lzma_attr_pure;

/*
 * Set up an encoder of .xz files: the one most programs want.
 *
 *   strm    the coder to be
 *   preset  0..9, perhaps with LZMA_PRESET_EXTREME
 *   check   type of the Check; LZMA_CHECK_CRC64 if you do not know better
 *
 * Actions: all.
 * Returns:
 *   LZMA_OK                 go on with lzma_code()
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR      there is no such preset
 *   LZMA_UNSUPPORTED_CHECK  the Check cannot be computed here
 *   LZMA_PROG_ERROR         strm is NULL, or check is out of range
 * Memory: lzma_end(strm) frees.
 * Threads: one per strm.
 * Source: 2.1.
 */
extern LZMA_API(lzma_ret) lzma_easy_encoder(lzma_stream *strm, uint32_t preset,
                                            lzma_check check)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Encode a buffer as a .xz file, in one call.
 *
 *   preset     0..9, perhaps with LZMA_PRESET_EXTREME
 *   check      type of the Check
 *   allocator  for memory that is freed before returning
 *   in         data of in_size bytes, all of it is encoded
 *   out, out_pos, out_size  output; lzma_stream_buffer_bound() bytes are enough
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_BUF_ERROR          the output does not fit
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR      there is no such preset
 *   LZMA_UNSUPPORTED_CHECK  the Check cannot be computed here
 *   LZMA_DATA_ERROR         a size limit of the format was passed
 *   LZMA_PROG_ERROR
 * Threads: any.
 * Source: 2.1.
 */
extern LZMA_API(lzma_ret) lzma_easy_buffer_encode(uint32_t preset, lzma_check check,
                                                  const lzma_allocator *allocator,
                                                  const uint8_t *in, size_t in_size,
                                                  uint8_t *out, size_t *out_pos,
                                                  size_t out_size)
    lzma_nothrow;

/*
 * Set up an encoder of .xz files with a chain of filters.
 *
 *   strm     the coder to be
 *   filters  chain; array and options are not needed afterwards
 *   check    type of the Check
 *
 * Actions: all; LZMA_SYNC_FLUSH if all filters know it.
 * Returns: as lzma_easy_encoder(); LZMA_OPTIONS_ERROR if the chain cannot be used,
 * LZMA_PROG_ERROR if it is NULL or empty or has LZMA1.
 * Memory: lzma_end(strm) frees.
 * Threads: one per strm.
 * Source: 2.1.
 */
extern LZMA_API(lzma_ret) lzma_stream_encoder(lzma_stream *strm,
                                              const lzma_filter *filters,
                                              lzma_check check)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Memory that lzma_stream_encoder_mt() takes with these options. Decoding with one
 * thread needs what lzma_raw_decoder_memusage() says of the filters.
 *
 *   options  as for lzma_stream_encoder_mt()
 *
 * Returns: bytes, approximately; UINT64_MAX if the options cannot be used.
 * Threads: any.
 */
extern LZMA_API(uint64_t) lzma_stream_encoder_mt_memusage(const lzma_mt *options)
    lzma_nothrow lzma_attr_pure;

/*
 * Set up an encoder of .xz files with worker threads. The file depends on the options
 * and the input, but not on the number of threads. Block Headers hold the sizes, which
 * decoding with threads needs.
 *
 *   strm     the coder to be
 *   options  see lzma_mt; not needed afterwards
 *
 * Actions: LZMA_RUN, LZMA_FULL_FLUSH, LZMA_FULL_BARRIER, LZMA_FINISH.
 * Returns: as lzma_easy_encoder(); LZMA_OPTIONS_ERROR if an option cannot be used. A
 * start_offset of wrong alignment shows with the first Block: LZMA_OPTIONS_ERROR from
 * lzma_code().
 * Memory: lzma_end(strm) frees. The allocator is called from several threads.
 * Threads: one per strm.
 * Source: 2.1.
 */
extern LZMA_API(lzma_ret) lzma_stream_encoder_mt(lzma_stream *strm,
                                                 const lzma_mt *options)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * The Block size that lzma_stream_encoder_mt() chooses if it is left to it: for LZMA2,
 * three times the dictionary and at least 1 MiB.
 *
 *   filters  chain; may be NULL. Its order is not checked.
 *
 * Returns: bytes; UINT64_MAX if there are too many filters, none has an opinion, or one
 * has no options or a dictionary of impossible size.
 * Threads: any.
 */
extern LZMA_API(uint64_t) lzma_mt_block_size(const lzma_filter *filters)
    lzma_nothrow;

/*
 * Set up an encoder of .lzma files, for readers that know no .xz. There is no check.
 * The size is stored as unknown and an end marker is written.
 *
 *   strm     the coder to be
 *   options  of LZMA1; not needed afterwards. The header holds the dictionary size
 *            rounded up to 2^n or 2^n + 2^(n-1).
 *
 * Actions: LZMA_RUN, LZMA_FINISH.
 * Returns:
 *   LZMA_OK             go on with lzma_code()
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR  an option cannot be used
 *   LZMA_PROG_ERROR
 * Memory: lzma_end(strm) frees.
 * Threads: one per strm.
 * Source: "The .lzma File Format", 1.
 */
extern LZMA_API(lzma_ret) lzma_alone_encoder(lzma_stream *strm,
                                             const lzma_options_lzma *options)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Room that is enough for encoding a buffer as a .xz file in one call, whatever the
 * data. Not valid for lzma_code(), where flushes and small buffers can cost more.
 *
 *   uncompressed_size  bytes, any value
 *
 * Returns: bytes, a little more than can occur; 0 if too much for size_t or the format.
 * Threads: any.
 */
extern LZMA_API(size_t) lzma_stream_buffer_bound(size_t uncompressed_size)
    lzma_nothrow;

/*
 * Encode a buffer as a .xz file with a chain of filters, in one call.
 *
 *   filters    chain; not changed
 *   check      type of the Check
 *   allocator  for memory that is freed before returning
 *   in         data of in_size bytes, all of it is encoded
 *   out, out_pos, out_size  output; lzma_stream_buffer_bound() bytes are enough
 *
 * Returns: as lzma_easy_buffer_encode(); LZMA_OPTIONS_ERROR if the chain cannot be
 * used, LZMA_PROG_ERROR if it is NULL, empty or too long, or has LZMA1.
 * Threads: any.
 * Source: 2.1.
 */
extern LZMA_API(lzma_ret) lzma_stream_buffer_encode(lzma_filter *filters,
                                                    lzma_check check,
                                                    const lzma_allocator *allocator,
                                                    const uint8_t *in, size_t in_size,
                                                    uint8_t *out, size_t *out_pos,
                                                    size_t out_size)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Set up an encoder of MicroLZMA, which fills small buffers of a given size, as the
 * file system EROFS needs it: LZMA1 without end marker, whose first byte is the
 * complement of the properties byte. The sizes must be stored elsewhere.
 *
 * One call of lzma_code() with LZMA_FINISH encodes as much input as fits into the
 * output, and never returns LZMA_OK:
 *   LZMA_STREAM_END  done; next_in and total_in tell what was encoded. A few bytes of
 *                    output may be left.
 *   LZMA_PROG_ERROR  less than 6 bytes of room, or another action
 * Set up the same strm for the next buffer: memory is reused.
 *
 *   strm     the coder to be
 *   options  of LZMA1; a small dictionary makes the set-up fast
 *
 * Returns:
 *   LZMA_OK             go on with lzma_code()
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR  an option cannot be used
 *   LZMA_PROG_ERROR
 * Memory: lzma_end(strm) frees.
 * Threads: one per strm.
 */
extern LZMA_API(lzma_ret) lzma_microlzma_encoder(lzma_stream *strm,
                                                 const lzma_options_lzma *options);

/* Flags of decoders, to be combined with "|" */

/* Return LZMA_NO_CHECK where a Stream has no Check; .lzma files count as such. */
#define LZMA_TELL_NO_CHECK          UINT32_C(0x01)

/* Return LZMA_UNSUPPORTED_CHECK where a Check cannot be verified. */
#define LZMA_TELL_UNSUPPORTED_CHECK UINT32_C(0x02)

/* Return LZMA_GET_CHECK behind each Stream Header, which tells the Check's type. */
#define LZMA_TELL_ANY_CHECK         UINT32_C(0x04)

/*
 * Do not verify the Check of the data; CRC32s of headers are verified as always. For
 * rescuing damaged files, and where something else guards the data.
 */
#define LZMA_IGNORE_CHECK           UINT32_C(0x10)

/*
 * Read all that stands in the file one after the other, with Stream Padding between:
 * right for files. LZMA_STREAM_END comes only once LZMA_FINISH is given. .lzma files
 * cannot be put together.
 */
#define LZMA_CONCATENATED           UINT32_C(0x08)

/*
 * With worker threads: report an error when it is found, even if good data before it
 * was not yet given out. How much comes out, and which error, may vary from run to
 * run. Decoders without threads ignore the flag.
 */
#define LZMA_FAIL_FAST              UINT32_C(0x20)

/*
 * Set up a decoder of .xz files.
 *
 *   strm      the coder to be
 *   memlimit  bytes of memory; from files of unknown origin, never UINT64_MAX
 *   flags     LZMA_TELL_* and the flags beside it
 *
 * Actions: LZMA_RUN, LZMA_FINISH.
 * Returns:
 *   LZMA_OK             go on with lzma_code()
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR  unknown flags
 *   LZMA_PROG_ERROR
 * From lzma_code(): LZMA_FORMAT_ERROR if it is no .xz file; LZMA_OPTIONS_ERROR,
 * LZMA_DATA_ERROR, LZMA_MEMLIMIT_ERROR; what the flags ask for.
 * Memory: lzma_end(strm) frees.
 * Threads: one per strm.
 * Source: 2.
 */
extern LZMA_API(lzma_ret) lzma_stream_decoder(lzma_stream *strm, uint64_t memlimit,
                                              uint32_t flags)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Set up a decoder of .xz files with worker threads. Blocks whose headers tell their
 * sizes are decoded in parallel, as far as memlimit_threading allows; others as by
 * lzma_stream_decoder(). The output is the same, in the same order.
 *
 *   strm     the coder to be
 *   options  see lzma_mt; not needed afterwards
 *
 * Actions: LZMA_RUN, LZMA_FINISH; give LZMA_FINISH so that truncation shows early.
 * Returns: as lzma_stream_decoder(); LZMA_OPTIONS_ERROR also if threads is out of
 * range.
 * Memory: lzma_end(strm) frees. The allocator is called from several threads.
 * Threads: one per strm.
 * Source: 2.
 */
extern LZMA_API(lzma_ret) lzma_stream_decoder_mt(lzma_stream *strm,
                                                 const lzma_mt *options)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Set up a decoder that tells .xz, .lzma and .lz files apart by their first byte.
 * Strange .lzma headers, that other files may have by chance, are refused. With
 * LZMA_CONCATENATED, bytes after a .lzma file, or after a .lz file if they begin no
 * member, give LZMA_DATA_ERROR.
 *
 *   strm      the coder to be
 *   memlimit  bytes of memory
 *   flags     LZMA_TELL_* and the flags beside it
 *
 * Actions: LZMA_RUN, LZMA_FINISH.
 * Returns: as lzma_stream_decoder().
 * Memory: lzma_end(strm) frees.
 * Threads: one per strm.
 */
extern LZMA_API(lzma_ret) lzma_auto_decoder(lzma_stream *strm, uint64_t memlimit,
                                            uint32_t flags)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Set up a decoder of .lzma files. It ends with the data and reads no byte behind.
 *
 *   strm      the coder to be
 *   memlimit  bytes of memory
 *
 * Actions: LZMA_RUN, LZMA_FINISH.
 * Returns:
 *   LZMA_OK          go on with lzma_code()
 *   LZMA_MEM_ERROR
 *   LZMA_PROG_ERROR
 * From lzma_code(): LZMA_FORMAT_ERROR if the header cannot be one, or lc + lp > 4;
 * LZMA_DATA_ERROR, LZMA_MEMLIMIT_ERROR.
 * Memory: lzma_end(strm) frees.
 * Threads: one per strm.
 * Source: "The .lzma File Format", 1.
 */
extern LZMA_API(lzma_ret) lzma_alone_decoder(lzma_stream *strm, uint64_t memlimit)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Set up a decoder of .lz (lzip) files, versions 0 and 1, without lzip's Sync Flush
 * marker. With LZMA_CONCATENATED it goes on until the end, or until bytes that begin
 * no member: next_in then shows them, except that up to three that look like a
 * member's first are skipped.
 *
 *   strm      the coder to be
 *   memlimit  bytes of memory
 *   flags     LZMA_CONCATENATED, LZMA_IGNORE_CHECK, LZMA_TELL_ANY_CHECK (the Check is
 *             always CRC32); the others are taken and do nothing
 *
 * Actions: LZMA_RUN, LZMA_FINISH.
 * Returns: as lzma_stream_decoder().
 * Memory: lzma_end(strm) frees.
 * Threads: one per strm.
 */
extern LZMA_API(lzma_ret) lzma_lzip_decoder(lzma_stream *strm, uint64_t memlimit,
                                            uint32_t flags)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Decode a .xz file in one call.
 *
 *   memlimit   in: bytes of memory; out: what is needed, if LZMA_MEMLIMIT_ERROR is
 *              returned, else unchanged
 *   flags      as for lzma_stream_decoder(), without LZMA_TELL_ANY_CHECK
 *   allocator  for memory that is freed before returning
 *   in, in_pos, in_size     input; without LZMA_CONCATENATED it may go on behind
 *   out, out_pos, out_size  output
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_FORMAT_ERROR       no .xz file
 *   LZMA_OPTIONS_ERROR      unknown flags, or the file uses what is not supported
 *   LZMA_DATA_ERROR         damaged or truncated
 *   LZMA_NO_CHECK, LZMA_UNSUPPORTED_CHECK   if asked for; nothing was decoded
 *   LZMA_MEM_ERROR
 *   LZMA_MEMLIMIT_ERROR     see memlimit
 *   LZMA_BUF_ERROR          the output does not fit
 *   LZMA_PROG_ERROR         also: LZMA_TELL_ANY_CHECK was given
 * Threads: any.
 * Source: 2.
 */
extern LZMA_API(lzma_ret) lzma_stream_buffer_decode(uint64_t *memlimit, uint32_t flags,
                                                    const lzma_allocator *allocator,
                                                    const uint8_t *in, size_t *in_pos,
                                                    size_t in_size,
                                                    uint8_t *out, size_t *out_pos,
                                                    size_t out_size)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Set up a decoder of MicroLZMA; see lzma_microlzma_encoder(). There is no memory
 * limit: the memory is about dict_size.
 *
 *   strm                  the coder to be
 *   comp_size             exact size of the encoded data, bytes
 *   uncomp_size           size of the data, bytes, 0..LZMA_VLI_MAX
 *   uncomp_size_is_exact  true: the data has this size, and the input must end with
 *                         it. False: the data has at least this size; decoding stops
 *                         there.
 *   dict_size             bytes; what the encoder had, or more
 *
 * Actions: LZMA_RUN, LZMA_FINISH.
 * Returns:
 *   LZMA_OK             go on with lzma_code()
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR  uncomp_size is out of range
 *   LZMA_PROG_ERROR
 * From lzma_code(): LZMA_OPTIONS_ERROR if the first byte is wrong; LZMA_DATA_ERROR.
 * Memory: lzma_end(strm) frees.
 * Threads: one per strm.
 */
extern LZMA_API(lzma_ret) lzma_microlzma_decoder(lzma_stream *strm, uint64_t comp_size,
                                                 uint64_t uncomp_size,
                                                 lzma_bool uncomp_size_is_exact,
                                                 uint32_t dict_size);
