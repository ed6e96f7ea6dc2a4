// SPDX-License-Identifier: 0BSD
// The text for each of the library's return codes.

#include "system.h"

#include "coder_text.h"

#include <errno.h>
#include <string.h>

/*
 * Codes that cannot reach a user, if the library and this program are right, share one
 * text.
 */
const char *xz_coder_text(lzma_ret ret)
{
    switch (ret) {
    case LZMA_OK:
    case LZMA_STREAM_END:
        return "Success";
    case LZMA_NO_CHECK:
        return "No integrity check; not verifying file integrity";
    case LZMA_UNSUPPORTED_CHECK:
        return "Unsupported type of integrity check; not verifying file integrity";
    case LZMA_MEM_ERROR:
        return strerror(ENOMEM);
    case LZMA_MEMLIMIT_ERROR:
        return "Memory usage limit reached";
    case LZMA_FORMAT_ERROR:
        return "File format not recognized";
    case LZMA_OPTIONS_ERROR:
        return "Unsupported options";
    case LZMA_DATA_ERROR:
        return "Compressed data is corrupt";
    case LZMA_BUF_ERROR:
        return "Unexpected end of input";
    case LZMA_GET_CHECK:
    case LZMA_PROG_ERROR:
    case LZMA_SEEK_NEEDED:
    default:
        return "Internal error (bug)";
    }
}
