// SPDX-License-Identifier: 0BSD
// Sets up the library's coder for a file, and explains what it answers.

#ifndef XZ_CLI_CODERS_H
#define XZ_CLI_CODERS_H

#include "../common/coder_text.h"
#include "memory.h"
#include "options.h"

#include <clearxz.h>

/* Open the encoder for a file whose first Block uses this chain. */
lzma_ret xz_coder_open_encoder(lzma_stream *strm, const struct xz_options *options,
                               const struct xz_plan *plan, unsigned chain);

/*
 * Open the decoder for a file of this format. What is known of a .xz file helps the
 * threads; its index must stay until another coder is opened.
 */
lzma_ret xz_coder_open_decoder(lzma_stream *strm, const struct xz_options *options,
                               const struct xz_limits *limits, enum xz_format format,
                               const clearxz_file *file);

#endif
