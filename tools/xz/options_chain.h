// SPDX-License-Identifier: 0BSD
// Filter chains from the command line.

#ifndef XZ_CLI_OPTIONS_CHAIN_H
#define XZ_CLI_OPTIONS_CHAIN_H

#include "options.h"

/*
 * Append a filter with options as typed behind --lzma2= and its like: NULL, or
 * name=value pairs with commas between them. False: `error` has the reason.
 */
bool xz_chain_append(struct xz_chain *chain, lzma_vli id, const char *text,
                     char error[XZ_OPTIONS_ERROR_SIZE]);

/* Replace the chain by the one that a filter string describes (--filters). */
bool xz_chain_from_string(struct xz_chain *chain, const char *option, const char *text,
                          char error[XZ_OPTIONS_ERROR_SIZE]);

/* Make it the single filter that a preset stands for; LZMA1 or LZMA2. */
bool xz_chain_from_preset(struct xz_chain *chain, uint32_t preset, lzma_vli id,
                          char error[XZ_OPTIONS_ERROR_SIZE]);

/* Check that the chain can be used with a format in a direction. */
bool xz_chain_check(const struct xz_chain *chain, enum xz_format format, bool encode,
                    char error[XZ_OPTIONS_ERROR_SIZE]);

/* Free the options; the chain is empty then. */
void xz_chain_clear(struct xz_chain *chain);

#endif
