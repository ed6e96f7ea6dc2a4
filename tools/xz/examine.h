// SPDX-License-Identifier: 0BSD
// Finds out which part of a damaged .xz file is damaged.

#ifndef XZ_CLI_EXAMINE_H
#define XZ_CLI_EXAMINE_H

#include <lzma.h>

#include <stdbool.h>
#include <stdint.h>

/* Room for any text of this header */
#define XZ_EXAMINE_TEXT_SIZE 256

/*
 * After a decoder gave up behind `offset` bytes of output: in words, which Block of the
 * open file is damaged and how, as "Block 17 of 40 at byte 1,048,576: CRC64 does not
 * match; 16 Blocks before it are intact". What cannot be found out is left out; "" if
 * nothing can. `memlimit` is for decoding; ignore_check: Checks were not compared. The
 * file's read position stays.
 */
const char *xz_examine_damage(int fd, uint64_t size, uint64_t offset, uint64_t memlimit,
                              bool ignore_check, char out[XZ_EXAMINE_TEXT_SIZE]);

/*
 * In examine_index.c: what is wrong with the Index, the Stream Footer or the Stream
 * Header of one of the file's Streams: "Index at byte 2,048: its CRC32 does not match";
 * "" if nothing is that can be found without decoding.
 */
const char *xz_examine_index(int fd, uint64_t size, char out[XZ_EXAMINE_TEXT_SIZE]);

/*
 * In examine_index.c, for a file whose end seems to be missing: true if it is there,
 * and what makes the last Index look like a Block is its first byte; `out` says so.
 */
bool xz_examine_indicator(int fd, uint64_t size, char out[XZ_EXAMINE_TEXT_SIZE]);

/*
 * In examine_index.c, for a decoder that gave up behind `in` bytes of input and
 * `offset` bytes of output (UINT64_MAX: unknown): true if all Streams before that are
 * good and have given all of the output, so that what follows them is wrong; `out` says
 * so.
 */
bool xz_examine_rest(int fd, uint64_t size, uint64_t in, uint64_t offset,
                     char out[XZ_EXAMINE_TEXT_SIZE]);

/*
 * For a file whose end is missing: "Block 3 at byte 2,048 is cut off; 2 Blocks
 * before it are whole".
 */
const char *xz_examine_cut(int fd, uint64_t size, char out[XZ_EXAMINE_TEXT_SIZE]);

#endif
