// SPDX-License-Identifier: 0BSD
// Tells what is wrong with a file and where.

#include "../common/system.h"

#include "coders.h"
#include "examine.h"
#include "run.h"

#include "../common/units.h"

/*
 * With threads the amount of input says little, as it is read ahead; the output is in
 * order, and Blocks can be found by it in a file that can be read again. Without a good
 * Index it cannot be told whether the Blocks are damaged too, so the amounts are told.
 */
static void report_decoding(struct xz_run *run, lzma_ret ret)
{
    const struct xz_files *files = &run->files;
    char where[XZ_EXAMINE_TEXT_SIZE] = "", around[XZ_EXAMINE_TEXT_SIZE] = "";
    char in[XZ_UNIT_TEXT_SIZE], out[XZ_UNIT_TEXT_SIZE];
    uint64_t size = (uint64_t)files->source_stat.st_size;
    if (run->format == XZ_FORMAT_XZ && files->source_is_regular && size > 0
        && !xz_examine_rest(files->source_fd, size, run->strm.total_in,
                            run->strm.total_out, around)) {
        if (ret == LZMA_DATA_ERROR)
            xz_examine_damage(files->source_fd, size, run->strm.total_out,
                              run->limits->decompress, run->options->ignore_check,
                              where);
        else if (!xz_examine_indicator(files->source_fd, size, where))
            xz_examine_cut(files->source_fd, size, where);
        if (where[0] == '\0' && ret == LZMA_DATA_ERROR)
            xz_examine_index(files->source_fd, size, around);
    }
    if (where[0] != '\0' && ret == LZMA_DATA_ERROR)
        xz_report_error(run->report, files->source_name, "%s: %s", xz_coder_text(ret),
                        where);
    else
        xz_report_error(run->report, files->source_name,
                        "%s: after %s bytes of input and %s bytes of output%s%s",
                        xz_coder_text(ret), xz_grouped_text(run->strm.total_in, in),
                        xz_grouped_text(run->strm.total_out, out),
                        where[0] != '\0' || around[0] != '\0' ? "; " : "",
                        where[0] != '\0' ? where : around);
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
