/* SPDX-License-Identifier: 0BSD */
/* The filters LZMA1 and LZMA2: IDs, options, presets. */
/* clang-format off */

#ifndef LZMA_H_INTERNAL
# error "Include <lzma.h>, not this part of it."
#endif

/* LZMA as .lzma files and raw data have it; never in .xz files */
#define LZMA_FILTER_LZMA1    LZMA_VLI_C(0x4000000000000001)

/*
 * LZMA1 for containers that store the size elsewhere: like LZMA1, with ext_flags and
 * ext_size_* telling how the data ends. For raw coding only.
 */
#define LZMA_FILTER_LZMA1EXT LZMA_VLI_C(0x4000000000000002)

/* LZMA in chunks that can be stored uncompressed: the .xz format's. Source: 5.3.1. */
#define LZMA_FILTER_LZMA2    LZMA_VLI_C(0x21)

/*
 * How earlier copies of the data are looked for. Says how hard to try: a finder that
 * finds at least as much may serve. 0x10 marks binary trees; the low four bits say how
 * many bytes must be equal to be found. Memory is a rough share of the dictionary
 * size.
 */
typedef enum {
    LZMA_MF_HC3 = 0x03, /* hash chain, copies of 3 bytes and more, 7 * dict_size */
    LZMA_MF_HC4 = 0x04, /* hash chain, 4 bytes and more, 7 * dict_size */
    LZMA_MF_BT2 = 0x12, /* binary tree, 2 bytes and more, 10 * dict_size */
    LZMA_MF_BT3 = 0x13, /* binary tree, 3 bytes and more, 11 * dict_size */
    LZMA_MF_BT4 = 0x14  /* binary tree, 4 bytes and more, 11 * dict_size */
} lzma_match_finder;

/*
 * Whether a match finder can be asked for.
 *
 *   match_finder  any value
 *
 * Returns: true or false.
 * Threads: any.
 */
extern LZMA_API(lzma_bool) lzma_mf_is_supported(lzma_match_finder match_finder)
    lzma_nothrow lzma_attr_const;

/* How the encoder chooses between the copies found */
typedef enum {
    LZMA_MODE_FAST = 1,  /* decides at once; for hash chains */
    LZMA_MODE_NORMAL = 2 /* compares the prices of many ways; for binary trees */
} lzma_mode;

/*
 * Whether a mode can be asked for.
 *
 *   mode  any value
 *
 * Returns: true or false.
 * Threads: any.
 */
extern LZMA_API(lzma_bool) lzma_mode_is_supported(lzma_mode mode)
    lzma_nothrow lzma_attr_const;

/*
 * Options of LZMA1, LZMA1EXT and LZMA2. lzma_lzma_preset() fills in all that an encoder
 * needs. Decoders read dict_size and the preset dictionary; for LZMA1 also lc, lp, pb;
 * for LZMA1EXT also ext_*.
 */
typedef struct {
    /*
     * How far back copies may reach, in bytes. Encoder: LZMA_DICT_SIZE_MIN..1.5 GiB.
     * Decoder: 0..UINT32_MAX, less than LZMA_DICT_SIZE_MIN counts as that. More than
     * the data has is of no use.
     */
    uint32_t dict_size;
#define LZMA_DICT_SIZE_MIN     UINT32_C(4096)
#define LZMA_DICT_SIZE_DEFAULT (UINT32_C(1) << 23)

    /*
     * Raw coding only: text that copies may point to as if it stood before the data,
     * the same when encoding and decoding. NULL: none. The caller's; read by the
     * function that sets up the coder, not later. If it is longer than
     * dict_size, its end counts.
     */
    const uint8_t *preset_dict;

    /* Bytes at preset_dict; not read if that is NULL */
    uint32_t preset_dict_size;

    /*
     * Literal context: the byte before helps to predict a byte, with this many of its
     * top bits. LZMA_LCLP_MIN..LZMA_LCLP_MAX, and lc + lp <= LZMA_LCLP_MAX.
     */
    uint32_t lc;
#define LZMA_LCLP_MIN   0
#define LZMA_LCLP_MAX   4
#define LZMA_LC_DEFAULT 3

    /*
     * Literal position: as lc, with this many of the lowest bits of the position.
     * Same range.
     */
    uint32_t lp;
#define LZMA_LP_DEFAULT 0

    /*
     * Position: this many of its lowest bits help to predict all but literals. 0 suits
     * text, 2 suits data in units of four bytes.
     * LZMA_PB_MIN..LZMA_PB_MAX.
     */
    uint32_t pb;
#define LZMA_PB_MIN     0
#define LZMA_PB_MAX     4
#define LZMA_PB_DEFAULT 2

    /* Encoder: see lzma_mode */
    lzma_mode mode;

    /*
     * Encoder: a copy of at least this many bytes is taken without a further search.
     * 2..273; raised to what the match finder needs.
     */
    uint32_t nice_len;

    /* Encoder: see lzma_match_finder */
    lzma_match_finder mf;

    /* Encoder: most candidates to look at per position; 0: chosen by the library */
    uint32_t depth;

    /* LZMA1EXT only: 0 or LZMA_LZMA1EXT_ALLOW_EOPM */
    uint32_t ext_flags;

/*
 * The encoder writes an end marker. The decoder accepts one, right after the size that
 * ext_size_* gives. Without this flag there is none when that size is known.
 */
#define LZMA_LZMA1EXT_ALLOW_EOPM UINT32_C(0x01)

    /*
     * LZMA1EXT decoder only: the uncompressed size in bytes, low and high half, set by
     * lzma_set_ext_size(). UINT64_MAX: unknown, an end marker is there.
     */
    uint32_t ext_size_low;
    uint32_t ext_size_high;

    /* Not read; may be left uninitialised. */
    uint32_t reserved_int4;
    uint32_t reserved_int5;
    uint32_t reserved_int6;
    uint32_t reserved_int7;
    uint32_t reserved_int8;
    lzma_reserved_enum reserved_enum1;
    lzma_reserved_enum reserved_enum2;
    lzma_reserved_enum reserved_enum3;
    lzma_reserved_enum reserved_enum4;
    void *reserved_ptr1;
    void *reserved_ptr2;
} lzma_options_lzma;

/* Set ext_size_low and ext_size_high of a lzma_options_lzma (not of a pointer). */
#define lzma_set_ext_size(opt_lzma, u64size) \
    do { \
        (opt_lzma).ext_size_low = (uint32_t)(u64size); \
        (opt_lzma).ext_size_high = (uint32_t)((uint64_t)(u64size) >> 32); \
    } while (0)

/*
 * Fill in the options that stand behind a preset; to be used as they are, or changed.
 *
 *   options  receives the options, without preset dictionary
 *   preset   0..9, to which LZMA_PRESET_EXTREME may be added; see container.h
 *
 * Returns: FALSE on success, TRUE if there is no such preset (options then has no
 * meaning).
 * Threads: any.
 */
extern LZMA_API(lzma_bool) lzma_lzma_preset(lzma_options_lzma *options, uint32_t preset)
    lzma_nothrow;
