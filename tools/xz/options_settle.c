// SPDX-License-Identifier: 0BSD
// What follows from the combination of options, once all of them are known.

#include "../common/system.h"

#include "effort.h"
#include "options.h"
#include "options_chain.h"
#include "options_newer.h"

#include <stdio.h>
#include <string.h>

static bool fail(char error[XZ_OPTIONS_ERROR_SIZE], const char *text)
{
    snprintf(error, XZ_OPTIONS_ERROR_SIZE, "%s", text);
    return false;
}

/* Threads work on Blocks, which only .xz has; a flush has to wait for all of them. */
bool xz_options_want_mt(const struct xz_options *options)
{
    return options->mode == XZ_MODE_COMPRESS && options->format == XZ_FORMAT_XZ
           && options->flush_timeout == 0
           && (options->threads != 1 || options->threads_force_mt);
}

/* Options that imply others. */
static void apply_consequences(struct xz_options *options)
{
    bool decodes = options->mode == XZ_MODE_DECOMPRESS || options->mode == XZ_MODE_TEST;
    if (options->mode == XZ_MODE_TEST || options->mode == XZ_MODE_LIST)
        options->to_stdout = true;
    if (options->to_stdout || (decodes && options->single_stream))
        options->keep = true;
    if (options->mode == XZ_MODE_COMPRESS && options->format == XZ_FORMAT_AUTO)
        options->format = XZ_FORMAT_XZ;
    if (!options->check_is_set && !lzma_check_is_supported(LZMA_CHECK_CRC64))
        options->check = LZMA_CHECK_CRC32;
}

/* SYNC_FLUSH works with these filters alone. */
static bool can_flush(const struct xz_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++)
        if (chain->filters[i].id != LZMA_FILTER_LZMA2
            && chain->filters[i].id != LZMA_FILTER_DELTA)
            return false;
    return true;
}

/* Make or check the chain with this index; `encode` as in xz_chain_check(). */
static bool settle_chain(struct xz_options *options, size_t index, bool encode,
                         char error[XZ_OPTIONS_ERROR_SIZE])
{
    struct xz_chain *chain = &options->chains[index];
    if (chain->count == 0 && index == 0) {
        lzma_vli id =
            options->format == XZ_FORMAT_LZMA ? LZMA_FILTER_LZMA1 : LZMA_FILTER_LZMA2;
        if (!xz_chain_from_preset(chain, options->preset, id, error))
            return false;
        options->preset_is_used = true;
    }
    if (chain->count == 0) {
        snprintf(error, XZ_OPTIONS_ERROR_SIZE,
                 "--block-list uses chain %zu, but there is no --filters%zu", index,
                 index);
        return false;
    }
    if (!xz_chain_check(chain, options->format, encode, error))
        return false;
    if (encode && options->flush_timeout > 0 && !can_flush(chain))
        return fail(error, "The filter chain is incompatible with --flush-timeout");
    return true;
}

/*
 * Filters do not matter where files tell which they need, so they are not even checked.
 */
bool xz_options_settle(struct xz_options *options, char error[XZ_OPTIONS_ERROR_SIZE])
{
    if (options->action != XZ_ACTION_RUN)
        return true;
    if (!xz_newer_settle(options, error))
        return false;
    apply_consequences(options);
    bool encode = options->mode == XZ_MODE_COMPRESS;
    if (options->mode == XZ_MODE_LIST) {
        if (options->format != XZ_FORMAT_AUTO && options->format != XZ_FORMAT_XZ)
            return fail(error, "--list works only on .xz files (--format=xz or "
                               "--format=auto)");
        return true;
    }
    if (options->robot)
        return fail(error, "Compression and decompression with --robot are not "
                           "supported");
    if (encode && options->format == XZ_FORMAT_LZIP)
        return fail(error, "Compression of lzip files (.lz) is not supported");
    if (!encode && options->format != XZ_FORMAT_RAW)
        return true; // the files tell which filters they need
    if (!settle_chain(options, 0, encode, error))
        return false;
    if (encode && options->max_effort && !xz_effort_make_chains(options, error))
        return false;
    if (options->format != XZ_FORMAT_XZ)
        return true; // without Blocks
    for (size_t i = 0; i < options->block_count; i++)
        if (!settle_chain(options, options->blocks[i].chain, encode, error))
            return false;
    return true;
}
