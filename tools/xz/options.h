// SPDX-License-Identifier: 0BSD
// What the user asked for: the command line as a struct.

#ifndef XZ_CLI_OPTIONS_H
#define XZ_CLI_OPTIONS_H

#include <lzma.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the program does as a whole */
enum xz_action {
    XZ_ACTION_RUN, // work on files, see enum xz_mode
    XZ_ACTION_HELP,
    XZ_ACTION_LONG_HELP,
    XZ_ACTION_VERSION,
    XZ_ACTION_INFO_MEMORY,
    XZ_ACTION_FILTERS_HELP
};

enum xz_mode { XZ_MODE_COMPRESS, XZ_MODE_DECOMPRESS, XZ_MODE_TEST, XZ_MODE_LIST };

enum xz_format {
    XZ_FORMAT_AUTO, // .xz when compressing, detected when decompressing
    XZ_FORMAT_XZ,
    XZ_FORMAT_LZMA,
    XZ_FORMAT_LZIP,
    XZ_FORMAT_RAW
};

/* A chain of filters; each `options` is owned. Unused if count is 0. */
struct xz_chain {
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    size_t count;
};

/* The chain of the other options, and those of --filters1 to --filters9 */
#define XZ_CHAINS 10

/* An entry of --block-list */
struct xz_block_entry {
    uint64_t size;  // uncompressed; UINT64_MAX: up to the end of the file
    unsigned chain; // index of the chain that codes these Blocks
};

/* A limit of memory as it was typed */
struct xz_memory_limit {
    uint64_t amount; // bytes, or percent of the RAM; 0: default
    bool is_percent;
};

/* Strings belong to argv or to env_texts. */
struct xz_options {
    enum xz_action action;
    enum xz_mode mode;
    enum xz_format format;

    bool keep;
    bool force;
    bool to_stdout;
    bool single_stream;
    bool sparse;
    bool sync;
    bool ignore_check;
    bool adjust; // settings may be lowered to meet a memory limit
    bool robot;
    bool no_warn;
    int verbosity; // of enum xz_verbosity, not yet clamped

    const char *suffix; // NULL: that of the format

    const char *output;      // -o: the name of the target; NULL: made from the source's
    const char *stdout_name; // the name that became standard output, or NULL
    const char *output_dir;  // --output-dir; NULL: beside the source
    bool recursive;          // -r: the files below directories
    bool benchmark;          // --benchmark: measure, make nothing
    bool json;               // --json: output for programs
    bool max_effort;         // --effort=max, see effort.h
    uint64_t size_hint;      // bytes of a source whose size is not known; 0: none

    bool names_from_file;   // --files or --files0
    const char *names_file; // NULL: standard input
    char names_terminator;

    lzma_check check;
    bool check_is_set;
    uint32_t preset;     // level and flags; counts if chains[0] is empty
    bool preset_is_set;  // -0 to -9 or -e was given
    bool preset_is_used; // chains[0] was made from it
    struct xz_chain chains[XZ_CHAINS];

    uint64_t block_size;           // 0: not given
    struct xz_block_entry *blocks; // owned; NULL: not given
    size_t block_count;
    uint64_t flush_timeout; // milliseconds, 0: none

    uint32_t threads;      // 0: as many as the machine has
    bool threads_force_mt; // "+1"

    struct xz_memory_limit limit_compress;
    struct xz_memory_limit limit_decompress;
    struct xz_memory_limit limit_mt_decompress;

    const char **operands; // file names in order; owned array
    size_t operand_count;

    char *env_texts[2]; // copies of environment variables, cut into arguments; owned
    size_t env_count;

    bool stop_at_operand; // POSIXLY_CORRECT: options come first
};

#define XZ_OPTIONS_ERROR_SIZE 512

/* Defaults, and what the name of the program implies. */
void xz_options_init(struct xz_options *options, const char *program);

/*
 * Parse the text of XZ_DEFAULTS or XZ_OPT: options separated by white space, nothing
 * quoted, operands ignored. False: `error` has the reason.
 */
bool xz_options_parse_env(struct xz_options *options, const char *text,
                          char error[XZ_OPTIONS_ERROR_SIZE]);

/* Parse a command line. False: `error` has the reason. */
bool xz_options_parse(struct xz_options *options, int argc, char *const *argv,
                      char error[XZ_OPTIONS_ERROR_SIZE]);

/*
 * After all is parsed: settle what follows from combinations (-t implies -c, and so
 * on), make the chain of a preset, and refuse what cannot work. False: `error` has the
 * reason.
 */
bool xz_options_settle(struct xz_options *options, char error[XZ_OPTIONS_ERROR_SIZE]);

void xz_options_free(struct xz_options *options);

/* True if files are compressed with worker threads, memory permitting. */
bool xz_options_want_mt(const struct xz_options *options);

#endif
