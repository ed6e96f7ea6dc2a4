// SPDX-License-Identifier: 0BSD
// What a single source file does that an attack through the sources would do.

/*
 * Shell is not parsed. A logical line (lines that end with a backslash are joined) is
 * searched for words in a certain order; the order is what tells:
 *
 *     decoder ... | shell          what was decoded is run
 *     eval ... ` decoder           the same
 *     eval ... | shell             a variable is run, and its output too
 *     grep -r -l                   files are chosen by what is in them
 *
 * "Decoder" is what can make text of something that is none: decompressors, base64,
 * openssl, and tr, head -c, tail -c, which is what the attack of 2024 used.
 */

#include "../common/system.h"

#include "source_lint.h"

#include <stdlib.h>
#include <string.h>

#define RUN_IN_SCRIPT 200 // characters of encoded data in a row
#define RUN_IN_TEXT   2000
#define LINE_MAX      (1U << 20)

static bool fits_any(const char *const *globs, const char *name)
{
    for (; *globs != NULL; globs++) {
        if (xz_glob_match(*globs, name))
            return true;
    }
    return false;
}

bool xz_source_is_build_script(const char *path)
{
    static const char *const globs[] = {
        "Makefile*",
        "makefile*",
        "GNUmakefile*",
        "*.mk",
        "*.mak",
        "*.m4",
        "configure*",
        "*.ac",
        "*.am",
        "CMakeLists.txt",
        "*.cmake",
        "*.cmake.in",
        "meson.build",
        "meson.options",
        "meson_options.txt",
        "*.sh",
        "autogen*",
        "bootstrap*",
        "build.rs",
        "setup.py",
        "SConstruct",
        "SConscript",
        "wscript",
        "*.gradle",
        "BUILD",
        "BUILD.bazel",
        "*.bzl",
        "rules",
        "*.spec",
        "PKGBUILD",
        "APKBUILD",
        "ltmain*",
        "config.guess",
        "config.sub",
        "config.rpath",
        "install-sh",
        "depcomp",
        "missing",
        "compile",
        "ar-lib",
        "test-driver",
        "ylwrap",
        "*.pro",
        "build",
        "Justfile",
        "Rakefile",
        NULL,
    };
    return fits_any(globs, xz_path_name(path));
}

bool xz_source_is_generated(const char *path)
{
    static const char *const globs[] = {
        "configure",      "Makefile.in",
        "aclocal.m4",     "config.h.in",
        "config.hin",     "ltmain.sh",
        "compile",        "depcomp",
        "missing",        "install-sh",
        "config.guess",   "config.sub",
        "config.rpath",   "test-driver",
        "ar-lib",         "ylwrap",
        "py-compile",     "mkinstalldirs",
        "*.gmo",          "*.pot",
        "stamp-*",        "INSTALL",
        "ABOUT-NLS",      "ChangeLog",
        "Makefile.in.in", "Makevars*",
        "Rules-quot",     "*.sed",
        "*.sin",          "*.header",
        "PKG-INFO",       ".tarball-version",
        "*.info",         NULL,
    };
    return fits_any(globs, xz_path_name(path));
}

/*
 * How often two bytes are equal says how even they are: of text about one pair in 15,
 * of programs one in 20 or more, of compressed or random data one in 256.
 */
bool xz_source_is_noise(const char *path, const uint8_t *data, size_t size)
{
    static const char *const globs[] = {
        "*.txt", "*.md",   "*.rst",   "*.c",      "*.h",       "*.cc",
        "*.cpp", "*.m4",   "*.ac",    "*.am",     "*.sh",      "*.py",
        "*.pl",  "*.js",   "*.html",  "*.css",    "*.po",      "*.yml",
        "*.xml", "*.json", "*.cmake", "Makefile", "configure", NULL,
    };
    uint64_t counts[256] = {0};
    uint64_t pairs = 0;
    if (size < 512 || !fits_any(globs, xz_path_name(path)) || size > UINT32_MAX / 16)
        return false;
    for (size_t i = 0; i < size; i++)
        counts[data[i]]++;
    for (size_t i = 0; i < 256; i++)
        pairs += counts[i] * counts[i];
    return pairs * 100 < (uint64_t)size * size;
}

bool xz_source_is_binary(const char *path, const uint8_t *data, size_t size)
{
    static const struct {
        size_t size;
        const char *magic;
    } kinds[] = {
        {4, "\177ELF"},
        {8, "!<arch>\n"},
        {4, "\xCF\xFA\xED\xFE"},
        {4, "\xFE\xED\xFA\xCE"},
        {4, "\xCE\xFA\xED\xFE"},
        {4, "\xCA\xFE\xBA\xBE"},
        {4, "\0asm"},
    };
    static const char *const dos[] = {"*.exe", "*.dll", "*.sys",
                                      "*.obj", "*.efi", NULL};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (size >= kinds[i].size && memcmp(data, kinds[i].magic, kinds[i].size) == 0)
            return true;
    }
    return size >= 2 && memcmp(data, "MZ", 2) == 0 && fits_any(dos, xz_path_name(path));
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || c == '_';
}

/* The next place where `word` stands by itself, at or behind `at`; NULL: none. */
static const char *find_word(const char *text, const char *at, const char *word)
{
    size_t size = strlen(word);
    for (at = strstr(at, word); at != NULL; at = strstr(at + 1, word)) {
        bool starts =
            at == text || !(is_word(at[-1]) || at[-1] == '-' || at[-1] == '.');
        if (starts && !is_word(at[size]) && at[size] != '-' && at[size] != '.')
            return at;
    }
    return NULL;
}

/* The first word of a list at or behind `at`; NULL: none. */
static const char *find_words(const char *text, const char *at,
                              const char *const *words)
{
    const char *first = NULL;
    for (; *words != NULL; words++) {
        const char *found = find_word(text, at, *words);
        if (found != NULL && (first == NULL || found < first))
            first = found;
    }
    return first;
}

static const char *const decoders[] = {
    "xz -d",
    "xz -dc",
    "xz -cd",
    "xz -dcF raw",
    "xz --decompress",
    "unxz",
    "xzcat",
    "lzma -d",
    "unlzma",
    "gzip -d",
    "gzip -dc",
    "gzip -cd",
    "gunzip",
    "zcat",
    "bzip2 -d",
    "bzip2 -dc",
    "bunzip2",
    "bzcat",
    "zstd -d",
    "zstd -dc",
    "zstdcat",
    "base64 -d",
    "base64 --decode",
    "base64 -D",
    "base32 -d",
    "openssl enc",
    "openssl base64",
    "xxd -r",
    "uudecode",
    "head -c",
    "tail -c",
    "tr",
    NULL,
};

/*
 * The first decoder at or behind `at`. "tr -d" and "tr -s" only take away: they are
 * none.
 */
static const char *find_decoder(const char *text, const char *at)
{
    const char *found = find_words(text, at, decoders);
    while (found != NULL && strncmp(found, "tr -", 4) == 0)
        found = find_words(text, found + 1, decoders);
    return found;
}

/* Behind a '|': a shell, perhaps with its folder or as a variable. */
static bool starts_shell(const char *at)
{
    static const char *const shells[] = {
        "sh",
        "bash",
        "dash",
        "ksh",
        "zsh",
        "$SHELL",
        "${SHELL}",
        "$CONFIG_SHELL",
        "${CONFIG_SHELL}",
        "$(SHELL)",
        "\\$SHELL",
        "$$SHELL",
        "${CONFIG_SHELL-",
        "eval",
        NULL,
    };
    static const char *const folders[] = {"/bin/", "/usr/bin/", "/usr/bin/env ",
                                          "exec ", "sudo ",     NULL};
    at += strspn(at, " \t(");
    for (size_t i = 0; folders[i] != NULL; i++) {
        if (strncmp(at, folders[i], strlen(folders[i])) == 0)
            at += strlen(folders[i]);
    }
    for (size_t i = 0; shells[i] != NULL; i++) {
        size_t size = strlen(shells[i]);
        if (strncmp(at, shells[i], size) == 0 && !is_word(at[size]) && at[size] != '.'
            && at[size] != '/' && at[size] != '=')
            return true;
    }
    return false;
}

/* The '|' that leads into a shell, at or behind `at`; NULL: none. */
static const char *find_pipe_to_shell(const char *at)
{
    for (at = strchr(at, '|'); at != NULL; at = strchr(at + 1, '|')) {
        if (at[1] == '|')
            at++;
        else if (starts_shell(at + 1))
            return at;
    }
    return NULL;
}

struct lint {
    struct xz_audit *audit;
    const char *object;
    const char *path;
    bool script;
    size_t line; // of the logical line's beginning
};

static void find(const struct lint *lint, const char *test, const char *evidence)
{
    char *where = xz_store_printf("line %zu", lint->line);
    char *cut =
        xz_store_printf("%.200s%s", evidence, strlen(evidence) > 200 ? "..." : "");
    xz_audit_find_test(lint->audit, test, lint->object, UINT64_MAX, where, cut);
    free(where);
    free(cut);
}

/* The end of a command substitution that begins with '(' or '`'. */
static const char *substitution_end(const char *at)
{
    size_t depth = 0;
    char begin = *at;
    for (at++; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (begin == '`' && *at == '`')
            return at;
        if (begin == '(' && *at == '(')
            depth++;
        if (begin == '(' && *at == ')' && depth-- == 0)
            return at;
    }
    return at;
}

/* True if a command substitution at or behind `at` has a decoder in it. */
static bool substitutes_decoded(const char *line, const char *at)
{
    for (at = strpbrk(at, "`("); at != NULL; at = strpbrk(at + 1, "`(")) {
        if (*at == '(' && (at == line || at[-1] != '$'))
            continue;
        const char *decoder = find_decoder(line, at);
        if (decoder == NULL)
            return false;
        const char *end = substitution_end(at);
        if (decoder < end)
            return true;
        if (*at == '`' && *end == '\0')
            return false;
        at = *at == '`' ? end : at;
    }
    return false;
}

static void lint_decoding(const struct lint *lint, const char *line)
{
    const char *pipe = find_pipe_to_shell(line);
    const char *decoder = find_decoder(line, line);
    const char *eval = find_word(line, line, "eval");
    if (pipe != NULL && decoder != NULL && decoder < pipe) {
        find(lint, "decoded-to-shell", line);
    } else if (pipe != NULL && eval != NULL && eval < pipe) {
        find(lint, "eval-to-shell", line);
    } else if (eval != NULL && substitutes_decoded(line, eval)) {
        find(lint, "eval-decoded", line);
    }
}

/* grep with r or R and l among its options: it finds files by what is in them. */
static void lint_search(const struct lint *lint, const char *line)
{
    bool recursive = false;
    bool lists = false;
    const char *at = find_word(line, line, "grep");
    at = at != NULL ? at : find_word(line, line, "egrep");
    if (at == NULL)
        return;
    at += strcspn(at, " \t");
    for (at += strspn(at, " \t"); *at == '-'; at += strspn(at, " \t")) {
        size_t size = strcspn(at, " \t");
        recursive |= at[1] != '-' && strcspn(at, "rR") < size;
        lists |= at[1] != '-' && strcspn(at, "l") < size;
        at += size;
    }
    if (recursive && lists)
        find(lint, "search-by-content", line);
}

static bool is_base64(char c)
{
    return is_word(c) || c == '+' || c == '/' || c == '=';
}

/* A run that has small and capital letters and digits mixed, as base64 has. */
static bool looks_encoded(const char *run, size_t size)
{
    size_t changes = 0;
    for (size_t i = 1; i < size; i++) {
        bool upper = run[i] >= 'A' && run[i] <= 'Z';
        bool before = run[i - 1] >= 'A' && run[i - 1] <= 'Z';
        changes += upper != before;
    }
    return changes * 5 > size; // about every third character in random base64
}

static void lint_encoded(const struct lint *lint, const char *line)
{
    size_t least = lint->script ? RUN_IN_SCRIPT : RUN_IN_TEXT;
    for (const char *at = line; *at != '\0';) {
        size_t size = 0;
        while (is_base64(at[size]))
            size++;
        if (size >= least && looks_encoded(at, size)) {
            find(lint, lint->script ? "encoded-in-script" : "encoded-in-text", at);
            return;
        }
        at += size + (at[size] != '\0');
    }
}

static void lint_line(const struct lint *lint, const char *line)
{
    if (lint->script) {
        const char *first = line + strspn(line, " \t");
        bool comment = *first == '#' || strncmp(first, "dnl ", 4) == 0;
        if (!comment) {
            lint_decoding(lint, line);
            lint_search(lint, line);
        }
    }
    lint_encoded(lint, line);
}

void xz_source_lint(struct xz_audit *audit, const char *object, const char *path,
                    const char *text, size_t size)
{
    struct lint lint = {.audit = audit,
                        .object = object,
                        .path = path,
                        .script = xz_source_is_build_script(path),
                        .line = 1};
    struct xz_text logical = {0};
    const char *end = text + size;
    size_t number = 1;
    for (const char *at = text; at < end; number++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline != NULL ? newline : end;
        bool joined = stop > at && stop[-1] == '\\' && logical.size < LINE_MAX;
        if (logical.size == 0)
            lint.line = number;
        xz_text_add(&logical, at, (size_t)(stop - at) - joined);
        at = stop + 1;
        if (joined)
            continue;
        lint_line(&lint, logical.data);
        xz_text_free(&logical);
    }
    if (logical.size > 0)
        lint_line(&lint, logical.data);
    xz_text_free(&logical);
    if (lint.script)
        xz_source_lint_probes(audit, object, path, text);
}

/* True if one of the options behind a command is -d, perhaps with others, or long. */
static bool is_decoding(const char *at)
{
    for (at = strchr(at, ' '); at != NULL && *at != '\0'; at += strcspn(at, " \t")) {
        at += strspn(at, " \t");
        size_t size = strcspn(at, " \t|;&)`");
        if (*at == '-' && at[1] != '-' && memchr(at, 'd', size) != NULL)
            return true;
        if (strncmp(at, "--dec", 5) == 0 || strncmp(at, "--unc", 5) == 0)
            return true;
        if (size == 0)
            return false;
    }
    return false;
}

/* True if a command that reads stands before `name` in a line. */
static bool has_reader(const char *line, const char *name)
{
    static const char *const readers[] = {
        "cat",     "sed",   "awk",   "dd",     "od",      "xxd",     "base64",
        "openssl", "head",  "tail",  "tr",     "xzcat",   "unxz",    "zcat",
        "gunzip",  "bzcat", "lzcat", "unlzma", "bunzip2", "zstdcat", NULL};
    static const char *const both_ways[] = {"xz",    "gzip", "lzma",
                                            "bzip2", "zstd", NULL};
    const char *at = find_words(line, line, readers);
    for (; at != NULL && at < name; at = find_words(line, at + 1, readers)) {
        size_t size = strcspn(at, " \t");
        if (at[size] != '\0' && strcspn(at, "(\"',;:") > size)
            return true; // a command, not a word of a sentence
    }
    at = find_words(line, line, both_ways);
    return at != NULL && at < name && is_decoding(at);
}

/* True if what stands at `name` is written: of=NAME, >NAME, > NAME. */
static bool is_output(const char *line, const char *name)
{
    const char *word = name;
    while (word > line && strchr(" \t`'\"(;|&", word[-1]) == NULL)
        word--;
    if (strncmp(word, "of=", 3) == 0 || *word == '>')
        return true;
    while (word > line && (word[-1] == ' ' || word[-1] == '\t'))
        word--;
    return word > line && word[-1] == '>';
}

void xz_source_lint_reads(struct xz_audit *audit, const char *object, const char *text,
                          const char *name)
{
    struct lint lint = {.audit = audit, .object = object, .line = 1};
    const char *before = text;
    for (const char *at = strstr(text, name); at != NULL; at = strstr(at + 1, name)) {
        const char *start = at;
        const char *end = at + strlen(name);
        while (start > text && start[-1] != '\n')
            start--;
        for (; before < start; before++)
            lint.line += *before == '\n';
        char *line = xz_store_bytes(start, strcspn(start, "\n"));
        const char *place = line + (at - start);
        bool whole = (place == line || (!is_word(place[-1]) && place[-1] != '-'))
                     && !is_word(*end) && !(*end == '.' && is_word(end[1]));
        if (whole && has_reader(line, place) && !is_output(line, place))
            find(&lint, "opaque-read", line);
        free(line);
    }
}

/*
 * "liblzma_la-crc64_fast.o" comes from crc64_fast.c, or from a file of the whole stem.
 */
bool xz_source_makes(const char *object_name, const char *source_name)
{
    size_t stem = strcspn(source_name, ".");
    const char *dot = strrchr(object_name, '.');
    size_t size = dot != NULL ? (size_t)(dot - object_name) : strlen(object_name);
    static const char *const kinds[] = {
        ".c",  ".cc", ".cpp", ".cxx", ".C", ".S",  ".s",  ".asm", ".m",   ".f", ".f90",
        ".rs", ".go", ".d",   ".y",   ".l", ".rc", ".cu", ".pas", ".adb", NULL};
    bool source = false;
    for (size_t i = 0; kinds[i] != NULL; i++)
        source |= xz_ends_with(source_name, kinds[i]);
    if (!source || stem == 0 || size < stem
        || memcmp(object_name + size - stem, source_name, stem) != 0)
        return false;
    return size == stem || object_name[size - stem - 1] == '-';
}

void xz_source_judge_release(struct xz_audit *audit, const char *object,
                             const char *path, const char *state)
{
    const char *test = NULL;
    bool script = xz_source_is_build_script(path);
    if (strcmp(state, "changed") == 0)
        test = script ? "changed-build-script" : "changed-file";
    else if (strcmp(state, "extra") == 0 && xz_source_is_generated(path))
        test = "generated-file";
    else if (strcmp(state, "extra") == 0)
        test = script ? "extra-build-script" : "extra-file";
    else if (strcmp(state, "missing") == 0)
        test = "missing-file";
    if (test != NULL)
        xz_audit_find_test(audit, test, object, UINT64_MAX, NULL, path);
}
