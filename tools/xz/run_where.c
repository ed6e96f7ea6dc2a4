// SPDX-License-Identifier: 0BSD
// Tells what is wrong with a file and where.

/*
 * The coder says how many bytes it has given out. All of them are good but for those
 * whose integrity check failed, so the damage is at or before the place behind them.
 * The Index of a seekable .xz file, if it can still be read, tells which Block that is.
 */

#include "../common/system.h"

#include "coders.h"
#include "index_read.h"
#include "run.h"

#include "../common/units.h"

#include <inttypes.h>
#include <stdio.h>

#define TEXT_SIZE 256

/* More memory than this is not worth the better message. */
#define INDEX_MEMORY (UINT64_C(64) << 20)

/* Find the Block at an uncompressed offset; false if the file has no readable Index. */
static bool find_block(const struct xz_run *run, uint64_t offset, char text[TEXT_SIZE])
{
    const struct xz_files *files = &run->files;
    lzma_index *index = NULL;
    uint64_t memory = 0;
    if (run->format != XZ_FORMAT_XZ || !files->source_is_regular
        || files->source_stat.st_size <= 0
        || xz_index_read(files->source_fd, (uint64_t)files->source_stat.st_size,
                         INDEX_MEMORY, &index, &memory)
               != LZMA_OK)
        return false;

    /* At the end of a Block its Check is the suspect: look for the byte before. */
    lzma_index_iter iter;
    lzma_index_iter_init(&iter, index);
    uint64_t total = lzma_index_block_count(index);
    bool found = !lzma_index_iter_locate(&iter, offset);
    if (found && offset > 0 && iter.block.uncompressed_file_offset == offset)
        found = !lzma_index_iter_locate(&iter, offset - 1);
    else if (!found && offset > 0)
        found = !lzma_index_iter_locate(&iter, offset - 1);
    if (found)
        snprintf(text, TEXT_SIZE,
                 "Block %" PRIu64 " of %" PRIu64 ", file offset %" PRIu64 " to %" PRIu64
                 ", uncompressed offset %" PRIu64 " to %" PRIu64,
                 iter.block.number_in_file, total, iter.block.compressed_file_offset,
                 iter.block.compressed_file_offset + iter.block.total_size,
                 iter.block.uncompressed_file_offset,
                 iter.block.uncompressed_file_offset + iter.block.uncompressed_size);
    lzma_index_end(index, NULL);
    return found;
}

/*
 * With threads the amount of input says little, as it is read ahead; the output is in
 * order, and therefore comes first where the Block is known.
 */
static void report_decoding(struct xz_run *run, lzma_ret ret)
{
    const char *name = run->files.source_name;
    uint64_t in = run->strm.total_in;
    uint64_t out = run->strm.total_out;
    char text[TEXT_SIZE];
    if (ret == LZMA_DATA_ERROR && find_block(run, out, text))
        xz_report_error(run->report, name, "%s: near output byte %" PRIu64 " (%s)",
                        xz_coder_text(ret), out, text);
    else
        xz_report_error(run->report, name,
                        "%s: after %" PRIu64 " bytes of input and %" PRIu64
                        " bytes of output",
                        xz_coder_text(ret), in, out);
}

void xz_run_report(struct xz_run *run, lzma_ret ret)
{
    char a[XZ_UNIT_TEXT_SIZE], b[XZ_UNIT_TEXT_SIZE];
    bool decodes = run->options->mode != XZ_MODE_COMPRESS;
    if (ret == LZMA_MEMLIMIT_ERROR)
        xz_report_error(run->report, run->files.source_name,
                        "%s: %s of memory is required, the limit is %s",
                        xz_coder_text(ret),
                        xz_memory_text(lzma_memusage(&run->strm), a),
                        xz_memory_text(run->limits->decompress, b));
    else if (decodes && (ret == LZMA_DATA_ERROR || ret == LZMA_BUF_ERROR))
        report_decoding(run, ret);
    else
        xz_report_error(run->report, run->files.source_name, "%s", xz_coder_text(ret));
}
