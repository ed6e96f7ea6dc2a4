// SPDX-License-Identifier: 0BSD
// Branch converters (.xz format section 5.3.2): relative branch targets in machine code
// become absolute ones before compression, and back after decompression.

#ifndef XZ_FILTER_BCJ_H
#define XZ_FILTER_BCJ_H

#include "base/platform.h"
#include <lzma.h>

/* A converter working through one stream of bytes. */
struct xz_bcj {
    /* Converts buf in place. Returns how many bytes at its start are done; at most
       lookahead - 1 bytes at the end wait for what follows them. */
    size_t (*convert)(struct xz_bcj *bcj, uint8_t *buf, size_t size);
    uint32_t pos;      // of buf[0] in the stream, plus the start offset; wraps
    bool is_encoder;   // relative to absolute
    uint32_t x86_mask; // x86 only: recent opcode bytes, see bcj_x86.c
};

/* True if id is one of the eight converters, LZMA_FILTER_X86 to LZMA_FILTER_RISCV. */
bool xz_bcj_is_known(lzma_vli id);

/* Bytes that an instruction can span: 4, 5 (x86), 8 (RISC-V), 16 (IA-64); 0 for an
   unknown id. */
uint32_t xz_bcj_lookahead(lzma_vli id);

/* What a start offset must be a multiple of: 1 (x86), 2 (ARM-Thumb, RISC-V), 4 or 16
   (IA-64); 0 for an unknown id. */
uint32_t xz_bcj_alignment(lzma_vli id);

/* Prepares a converter. id must be known, start_offset a multiple of the alignment. */
void xz_bcj_init(struct xz_bcj *bcj, lzma_vli id, uint32_t start_offset,
                 bool is_encoder);

/* Converts as much of buf as can be decided; moves bcj->pos by the bytes done and
   returns their count. What is left, fewer than lookahead bytes, comes again at the
   start of the next call, or stays as it is at the end of the stream. */
size_t xz_bcj_convert(struct xz_bcj *bcj, uint8_t *buf, size_t size);

#endif
