/* SPDX-License-Identifier: 0BSD */
/* Chains of filters: checking, copying, raw coding, stored form, text form. */
/* clang-format off */

#ifndef LZMA_H_INTERNAL
# error "Include <lzma.h>, not this part of it."
#endif

/* Most filters in a chain. Arrays need one entry more, for the end mark. */
#define LZMA_FILTERS_MAX 4

/*
 * One filter of a chain. In the .xz format the last is LZMA2 and the others are Delta
 * or a branch converter; raw coding also knows LZMA1 as the last. Source: 5.
 */
typedef struct {
    /* LZMA_FILTER_*, or LZMA_VLI_UNKNOWN after the last filter of an array */
    lzma_vli id;

    /*
     * Options, of the type that belongs to the ID: lzma_options_lzma,
     * lzma_options_delta, lzma_options_bcj. The caller's, unless a function says that
     * it allocates them. NULL where a filter's defaults will do (branch converters).
     */
    void *options;
} lzma_filter;

/*
 * Whether a filter can be used to encode.
 *
 *   id  any value
 *
 * Returns: true or false. Whether the options are good is another question.
 * Threads: any.
 */
extern LZMA_API(lzma_bool) lzma_filter_encoder_is_supported(lzma_vli id)
    lzma_nothrow lzma_attr_const;

/*
 * Whether a filter can be used to decode.
 *
 *   id  any value
 *
 * Returns: true or false. Whether the options are good is another question.
 * Threads: any.
 */
extern LZMA_API(lzma_bool) lzma_filter_decoder_is_supported(lzma_vli id)
    lzma_nothrow lzma_attr_const;

/*
 * Copy a chain together with its options.
 *
 *   src        chain to copy; unknown IDs are copied if their options are NULL
 *   dest       room for src and its end mark, at most LZMA_FILTERS_MAX + 1 entries;
 *              old content is ignored, and changed only on success
 *   allocator  for the copied options
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR  more than LZMA_FILTERS_MAX filters, or an unknown filter that
 *                       has options
 *   LZMA_PROG_ERROR     src or dest is NULL
 * Memory: the caller frees with lzma_filters_free(dest, allocator). What
 * lzma_options_lzma.preset_dict points to is shared, not copied.
 * Threads: any.
 */
extern LZMA_API(lzma_ret) lzma_filters_copy(const lzma_filter *src, lzma_filter *dest,
                                            const lzma_allocator *allocator)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Free the options of a chain. Every entry up to the end mark becomes an end mark
 * without options; the array itself stays the caller's.
 *
 *   filters    chain whose options were allocated by this library; may be NULL
 *   allocator  the one the options came from
 *
 * Threads: one per filters.
 */
extern LZMA_API(void) lzma_filters_free(lzma_filter *filters,
                                        const lzma_allocator *allocator)
    lzma_nothrow;

/*
 * Memory that encoding with a chain takes. Checks the chain as a side effect, all but
 * the alignment of lzma_options_bcj.start_offset.
 *
 *   filters  chain with the options of an encoder
 *
 * Returns: bytes, approximately; UINT64_MAX if the chain cannot be used.
 * Threads: any.
 */
extern LZMA_API(uint64_t) lzma_raw_encoder_memusage(const lzma_filter *filters)
    lzma_nothrow lzma_attr_pure;

/*
 * Memory that decoding with a chain takes. Checks the chain as a side effect, all but
 * the alignment of lzma_options_bcj.start_offset.
 *
 *   filters  chain with the options of a decoder
 *
 * Returns: bytes, approximately; UINT64_MAX if the chain cannot be used.
 * Threads: any.
 */
extern LZMA_API(uint64_t) lzma_raw_decoder_memusage(const lzma_filter *filters)
    lzma_nothrow lzma_attr_pure;

/*
 * Set up an encoder without any container around the data.
 *
 *   strm     the coder to be
 *   filters  chain; array, options and preset dictionary are not needed afterwards
 *
 * Actions: LZMA_RUN, LZMA_FINISH; LZMA_SYNC_FLUSH if all filters know it.
 * Returns:
 *   LZMA_OK             go on with lzma_code()
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR  the chain or its options cannot be used
 *   LZMA_PROG_ERROR     also: the chain is empty, or LZMA has no options; decoder:
 *                       lc, lp or pb is out of range
 * Memory: lzma_end(strm) frees.
 * Threads: one per strm.
 */
extern LZMA_API(lzma_ret) lzma_raw_encoder(lzma_stream *strm,
                                           const lzma_filter *filters)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Set up a decoder of data without a container. There is no memory limit: ask
 * lzma_raw_decoder_memusage() first.
 *
 *   strm     the coder to be
 *   filters  the chain the data was encoded with
 *
 * Actions: LZMA_RUN, LZMA_FINISH.
 * Returns: as lzma_raw_encoder().
 * Memory: lzma_end(strm) frees.
 * Threads: one per strm.
 */
extern LZMA_API(lzma_ret) lzma_raw_decoder(lzma_stream *strm,
                                           const lzma_filter *filters)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Change the filters of a running encoder.
 *
 * Between Blocks, that is before the first input and after LZMA_FULL_FLUSH or
 * LZMA_FULL_BARRIER, .xz encoders take any chain. Inside a Block, and in raw encoders,
 * after LZMA_SYNC_FLUSH, the chain must stay the same and only lc, lp and pb of LZMA2
 * may change. The encoder with worker threads takes changes between Blocks only, and
 * keeps its Block size.
 *
 *   strm     a .xz, Block or raw encoder
 *   filters  the new chain
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR  the chain is NULL or empty, it or its options cannot be used
 *   LZMA_PROG_ERROR     not an encoder that can do this, or not at this moment
 * Threads: one per strm.
 */
extern LZMA_API(lzma_ret) lzma_filters_update(lzma_stream *strm,
                                              const lzma_filter *filters)
    lzma_nothrow;

/*
 * Encode a buffer without a container, in one call. No function tells how much room is
 * enough.
 *
 *   filters    chain
 *   allocator  for memory that is freed before returning
 *   in         data of in_size bytes, all of it is encoded
 *   out, out_pos, out_size  output
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_BUF_ERROR      the output does not fit
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR  the chain or its options cannot be used
 *   LZMA_PROG_ERROR
 * Threads: any.
 */
extern LZMA_API(lzma_ret) lzma_raw_buffer_encode(const lzma_filter *filters,
                                                 const lzma_allocator *allocator,
                                                 const uint8_t *in, size_t in_size,
                                                 uint8_t *out, size_t *out_pos,
                                                 size_t out_size)
    lzma_nothrow;

/*
 * Decode a buffer without a container, in one call.
 *
 *   filters    the chain the data was encoded with
 *   allocator  for memory that is freed before returning
 *   in, in_pos, in_size     input
 *   out, out_pos, out_size  output
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_BUF_ERROR      the output does not fit
 *   LZMA_DATA_ERROR     the data is damaged or ends too soon
 *   LZMA_MEM_ERROR
 *   LZMA_OPTIONS_ERROR  the chain or its options cannot be used
 *   LZMA_PROG_ERROR
 * Threads: any.
 */
extern LZMA_API(lzma_ret) lzma_raw_buffer_decode(const lzma_filter *filters,
                                                 const lzma_allocator *allocator,
                                                 const uint8_t *in, size_t *in_pos,
                                                 size_t in_size,
                                                 uint8_t *out, size_t *out_pos,
                                                 size_t out_size)
    lzma_nothrow;

/*
 * Filter Properties: the options a decoder needs, as the format stores them. Whether
 * a coder would take the options is checked only as far as they could not be stored.
 */

/*
 * Size of the Filter Properties of a filter.
 *
 *   size    receives the bytes, 0 and up
 *   filter  one filter with its options
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_OPTIONS_ERROR  the ID is not supported
 *   LZMA_PROG_ERROR     the ID can never be valid
 * Threads: any.
 * Source: 3.1.5, 5.3.
 */
extern LZMA_API(lzma_ret) lzma_properties_size(uint32_t *size,
                                               const lzma_filter *filter)
    lzma_nothrow;

/*
 * Write the Filter Properties of a filter.
 *
 *   filter  one filter with its options
 *   props   room for lzma_properties_size() bytes; not written to if that is 0
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_PROG_ERROR  the ID is not supported, options are missing, or cannot be stored
 * Threads: any.
 * Source: 5.3.
 */
extern LZMA_API(lzma_ret) lzma_properties_encode(const lzma_filter *filter,
                                                 uint8_t *props)
    lzma_nothrow;

/*
 * Read Filter Properties.
 *
 *   filter      its id is set; its options are overwritten, not freed: the new ones,
 *               or NULL if there are none and after errors
 *   allocator   for the options
 *   props       the Filter Properties
 *   props_size  their exact size in bytes
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_OPTIONS_ERROR  the ID, the size or a value is not supported
 *   LZMA_MEM_ERROR
 * Memory: the caller frees filter->options, with lzma_filters_free() or free().
 * Threads: one per filter.
 * Source: 5.3.
 */
extern LZMA_API(lzma_ret) lzma_properties_decode(lzma_filter *filter,
                                                 const lzma_allocator *allocator,
                                                 const uint8_t *props,
                                                 size_t props_size)
    lzma_nothrow;

/* Filter Flags: ID, size and content of the Filter Properties, as in Block Headers. */

/*
 * Size of the Filter Flags of a filter.
 *
 *   size    receives the bytes
 *   filter  one filter with its options
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_OPTIONS_ERROR  the ID is not supported
 *   LZMA_PROG_ERROR     the ID can never be in a .xz file
 * Threads: any.
 * Source: 3.1.5.
 */
extern LZMA_API(lzma_ret) lzma_filter_flags_size(uint32_t *size,
                                                 const lzma_filter *filter)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Write the Filter Flags of a filter.
 *
 *   filter  one filter with its options
 *   out, out_pos, out_size  output, with room for lzma_filter_flags_size() bytes
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_OPTIONS_ERROR  the ID is not supported
 *   LZMA_PROG_ERROR     the ID can never be in a .xz file, options are missing or
 *                       cannot be stored, or too little room
 * Threads: any.
 * Source: 3.1.5.
 */
extern LZMA_API(lzma_ret) lzma_filter_flags_encode(const lzma_filter *filter,
                                                   uint8_t *out, size_t *out_pos,
                                                   size_t out_size)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Read the Filter Flags of a filter.
 *
 *   filter     receives ID and options; old options are overwritten, not freed
 *   allocator  for the options
 *   in, in_pos, in_size  input; after errors *in_pos is as it was, and filter has no
 *                        options
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_OPTIONS_ERROR  the ID or the options are not supported
 *   LZMA_DATA_ERROR     the input is too short, or the ID may not be in a .xz file
 *   LZMA_MEM_ERROR
 * Memory: the caller frees filter->options, with lzma_filters_free() or free().
 * Threads: one per filter.
 * Source: 3.1.5.
 */
extern LZMA_API(lzma_ret) lzma_filter_flags_decode(lzma_filter *filter,
                                                   const lzma_allocator *allocator,
                                                   const uint8_t *in, size_t *in_pos,
                                                   size_t in_size)
    lzma_nothrow lzma_attr_warn_unused_result;

/* Flags of the three functions below; each names those it takes. */

/* Filters that the .xz format cannot hold (LZMA1) too */
#define LZMA_STR_ALL_FILTERS   UINT32_C(0x01)

/* Accept a chain whose filters do not fit together. */
#define LZMA_STR_NO_VALIDATION UINT32_C(0x02)

/* Write the options an encoder uses; they must be there, which files do not ensure. */
#define LZMA_STR_ENCODER       UINT32_C(0x10)

/* Write the options a decoder uses. */
#define LZMA_STR_DECODER       UINT32_C(0x20)

/* Write what the command xz takes: "--delta=dist=2 --lzma2=lc=4". */
#define LZMA_STR_GETOPT_LONG   UINT32_C(0x40)

/* Put "--" between filters, not a space: one word, no quotes needed in a shell. */
#define LZMA_STR_NO_SPACES     UINT32_C(0x80)

/*
 * Read a chain of filters from text.
 *
 *     preset   a digit 0-9, then "e" for LZMA_PRESET_EXTREME; "-" may come first
 *     chain    1..LZMA_FILTERS_MAX filters with spaces or "--" between them
 *     filter   name, or name:key=value,key=value; "--" may come first, and "=" may be
 *              written for ":"
 *     name     lzma2 lzma1 delta x86 arm armthumb arm64 riscv powerpc ia64 sparc
 *     keys     preset dict lc lp pb mode nice mf depth (lzma1, lzma2), dist (delta),
 *              start (the others); sizes may end in KiB, MiB, GiB
 *
 * Everything is lower case but the suffixes. Example: "x86 lzma2:preset=9e,lc=4".
 *
 *   str        the text
 *   error_pos  may be NULL; else always set: the offset 0..INT_MAX of what is wrong,
 *              an int so that it can be a field width of printf()
 *   filters    LZMA_FILTERS_MAX + 1 entries, changed only on success
 *   flags      LZMA_STR_ALL_FILTERS, LZMA_STR_NO_VALIDATION
 *   allocator  for the options
 *
 * Returns: NULL on success, else what is wrong, in English.
 * Memory: the message is a constant; the caller frees the options with
 * lzma_filters_free().
 * Threads: any.
 */
extern LZMA_API(const char *) lzma_str_to_filters(const char *str, int *error_pos,
                                                  lzma_filter *filters, uint32_t flags,
                                                  const lzma_allocator *allocator)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * Write a chain of filters as text that lzma_str_to_filters() reads.
 *
 *   str        receives the text; NULL on errors
 *   filters    chain; options are looked at only if they shall be written
 *   flags      LZMA_STR_ENCODER or LZMA_STR_DECODER for the options, neither for names
 *              alone; LZMA_STR_GETOPT_LONG, LZMA_STR_NO_SPACES
 *   allocator  for the text
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_OPTIONS_ERROR  no filter, too many, one without a name, options missing that
 *                       are to be written, or unknown flags
 *   LZMA_MEM_ERROR
 *   LZMA_PROG_ERROR
 * Memory: the caller frees *str, with free() or the allocator's.
 * Threads: any.
 */
extern LZMA_API(lzma_ret) lzma_str_from_filters(char **str, const lzma_filter *filters,
                                                uint32_t flags,
                                                const lzma_allocator *allocator)
    lzma_nothrow lzma_attr_warn_unused_result;

/*
 * List the filters and their options, for a help text.
 *
 *   str        receives the text; NULL on errors. Names alone: one line with spaces
 *              between. With options: one line a filter. No newline at the end.
 *   filter_id  one filter, or LZMA_VLI_UNKNOWN for all that the .xz format can hold
 *   flags      LZMA_STR_ENCODER or LZMA_STR_DECODER for the options with their ranges;
 *              LZMA_STR_ALL_FILTERS, LZMA_STR_GETOPT_LONG
 *   allocator  for the text
 *
 * Returns:
 *   LZMA_OK
 *   LZMA_OPTIONS_ERROR  unknown filter or flags
 *   LZMA_MEM_ERROR
 *   LZMA_PROG_ERROR
 * Memory: the caller frees *str, with free() or the allocator's.
 * Threads: any.
 */
extern LZMA_API(lzma_ret) lzma_str_list_filters(char **str, lzma_vli filter_id,
                                                uint32_t flags,
                                                const lzma_allocator *allocator)
    lzma_nothrow lzma_attr_warn_unused_result;
