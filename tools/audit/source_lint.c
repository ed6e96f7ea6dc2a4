// SPDX-License-Identifier: 0BSD
// What a single source file does that an attack through the sources would do.

/*
 * Shell is not parsed. A logical line (lines that end with a backslash are joined) is
 * searched for words in a certain order (source_shell.c); the order is what tells:
 *
 *     decoder ... | shell          what was decoded is run
 *     eval ... ` decoder           the same, and sh -c "$(decoder)", . <(decoder)
 *     eval ... | shell             a variable is run, and its output too
 *     grep -r -l                   files are chosen by what is in them
 *
 * "Decoder" is what can make text of something that is none: decompressors, base64,
 * openssl, and tr, head -c, tail -c, which is what the attack of 2024 used.
 */

#include "../common/system.h"

#include "source_lint.h"
#include "source_shell.h"

#include <stdlib.h>
#include <string.h>

#define RUN_IN_SCRIPT 200 // characters of encoded data in a row
#define RUN_IN_TEXT   2000
#define LINE_MAX      (1U << 20)
#define LOOK_MAX      1024 // characters of a line on either side of a file's name

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
        "Makefile*",      "makefile*",      "GNUmakefile*",
        "*.mk",           "*.mak",          "*.m4",
        "configure*",     "*.ac",           "*.am",
        "CMakeLists.txt", "*.cmake",        "*.cmake.in",
        "meson.build",    "meson.options",  "meson_options.txt",
        "*.sh",           "*.bash",         "*.ksh",
        "*.zsh",          "Configure",      "config",
        "autogen*",       "bootstrap*",     "build.rs",
        "setup.py",       "pyproject.toml", "package.json",
        "extconf.rb",     "Build.PL",       "*.gyp",
        "*.ebuild",       "Dockerfile*",    "Containerfile*",
        "SConstruct",     "SConscript",     "wscript",
        "*.gradle",       "BUILD",          "BUILD.bazel",
        "*.bzl",          "rules",          "*.spec",
        "PKGBUILD",       "APKBUILD",       "ltmain*",
        "config.guess",   "config.sub",     "config.rpath",
        "install-sh",     "depcomp",        "missing",
        "compile",        "ar-lib",         "test-driver",
        "ylwrap",         "*.pro",          "build",
        "Justfile",       "Rakefile",       NULL,
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

struct lint {
    struct xz_audit *audit;
    const char *object;
    const char *path;
    bool script; // of a build, by its name
    bool runs;   // that, or a script by its first line
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

static void lint_decoding(const struct lint *lint, const char *line)
{
    const char *pipe = xz_shell_pipe(line);
    const char *decoder = xz_shell_decoder(line, line);
    const char *eval = xz_shell_find(line, line, "eval");
    while (pipe != NULL && (decoder == NULL || decoder > pipe)
           && (eval == NULL || eval > pipe))
        pipe = xz_shell_pipe(pipe + 1); // a later one may
    if (pipe != NULL && decoder != NULL && decoder < pipe) {
        find(lint, "decoded-to-shell", line);
    } else if (pipe != NULL) {
        find(lint, "eval-to-shell", line);
    } else if (xz_shell_runs_decoded(line)) {
        find(lint, "eval-decoded", line);
    }
}

/* True if grep's option of `size` characters has one of `letters`, or is `name`. */
static bool is_option(const char *at, size_t size, const char *letters,
                      const char *name)
{
    if (size > 1 && at[1] == '-')
        return size >= strlen(name) && strncmp(at, name, strlen(name)) == 0;
    for (size_t i = 1; i < size; i++) {
        if (strchr(letters, at[i]) != NULL)
            return true;
    }
    return false;
}

/* grep with r or R and l among its options: it finds files by what is in them. */
static bool searches(const char *line, const char *name)
{
    const char *at = xz_shell_find(line, line, name);
    for (; at != NULL; at = xz_shell_find(line, at + 1, name)) {
        bool recursive = *name == 'r';
        bool lists = false;
        const char *option = at + strlen(name);
        option += strspn(option, ")}\"'");
        option += strspn(option, " \t");
        for (size_t i = 0; i < XZ_SHELL_OPTIONS && *option == '-'; i++) {
            size_t size = 0;
            while (size < LOOK_MAX && strchr(" \t", option[size]) == NULL)
                size++;
            recursive |= is_option(option, size, "rR", "--recursive")
                         || is_option(option, size, "", "--dereference-recursive");
            lists |= is_option(option, size, "l", "--files-with-matches");
            option += size;
            option += strspn(option, " \t");
        }
        if (recursive && lists)
            return true;
    }
    return false;
}

static void lint_search(const struct lint *lint, const char *line)
{
    static const char *const names[] = {"grep", "egrep", "fgrep", "rgrep",
                                        "GREP", "EGREP", "FGREP", NULL};
    for (size_t i = 0; names[i] != NULL; i++) {
        if (searches(line, names[i])) {
            find(lint, "search-by-content", line);
            return;
        }
    }
}

static bool is_base64(char c)
{
    return xz_shell_is_word(c) || c == '+' || c == '/' || c == '=';
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
    if (lint->runs && !xz_shell_is_comment(line)) {
        lint_decoding(lint, line);
        lint_search(lint, line);
    }
    lint_encoded(lint, line);
}

/* A build script, or a file whose first line calls a shell or make ("#!"). */
static bool is_script(const char *path, const char *text)
{
    static const char *const shells[] = {"sh",  "bash", "dash", "ksh",
                                         "zsh", "ash",  "make", NULL};
    char first[256];
    size_t size = strcspn(text, "\n");
    if (xz_source_is_build_script(path))
        return true;
    if (strncmp(text, "#!", 2) != 0 || size >= sizeof(first))
        return false;
    memcpy(first, text, size);
    first[size] = '\0';
    for (size_t i = 0; shells[i] != NULL; i++) {
        if (xz_shell_find(first, first, shells[i]) != NULL)
            return true;
    }
    return false;
}

/*
 * True if this is a comment that ends with its line, as all do but make's own; what
 * make hands to a shell begins with a tabulator.
 */
static bool is_whole_comment(const char *path, const char *line)
{
    const char *name = xz_path_name(path);
    bool make = strstr(name, "akefile") != NULL || xz_ends_with(name, ".mk")
                || xz_ends_with(name, ".am");
    return xz_shell_is_comment(line) && (!make || *line == '\t');
}

/* True if the next line goes on with this one. */
static bool goes_on(const struct lint *lint, const char *logical, const char *last,
                    size_t size)
{
    bool ends = size > 0 && last[size - 1] == '\\';
    if (lint->runs && xz_shell_is_comment(logical))
        return ends && !is_whole_comment(lint->path, logical);
    while (size > 0 && (last[size - 1] == ' ' || last[size - 1] == '\t'))
        size--;
    return ends || (lint->runs && size > 0 && last[size - 1] == '|');
}

void xz_source_lint(struct xz_audit *audit, const char *object, const char *path,
                    const char *text, size_t size)
{
    struct lint lint = {.audit = audit,
                        .object = object,
                        .path = path,
                        .script = xz_source_is_build_script(path),
                        .runs = is_script(path, text),
                        .line = 1};
    struct xz_text logical = {0};
    const char *end = text + size;
    bool piped = false; // the logical line waits for the rest of a pipe
    size_t number = 1;
    for (const char *at = text; at < end; number++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline != NULL ? newline : end;
        size_t length = (size_t)(stop - at);
        const char *here = at;
        at = stop + 1;
        if (piped && (xz_shell_is_comment(here) || strspn(here, " \t") >= length))
            continue;
        if (logical.size == 0)
            lint.line = number;
        xz_text_add(&logical, here, length);
        if (logical.size < LINE_MAX && goes_on(&lint, logical.data, here, length)) {
            piped = here[length - 1] != '\\';
            logical.size -= !piped; // the backslash
            logical.data[logical.size] = '\0';
            continue;
        }
        piped = false;
        if (!xz_audit_late(audit, object))
            lint_line(&lint, logical.data);
        xz_text_free(&logical);
    }
    if (logical.size > 0)
        lint_line(&lint, logical.data);
    xz_text_free(&logical);
    if (lint.script)
        xz_source_lint_probes(audit, object, path, text);
}

/*
 * True if a command that reads stands before `name` in a line, or anywhere if the name
 * stands behind a '<'.
 */
static bool has_reader(const char *line, const char *name)
{
    static const char *const readers[] = {"cat",  "sed", "awk",     "dd",
                                          "od",   "xxd", "base64",  "head",
                                          "tail", "tr",  "openssl", NULL};
    const char *word = name;
    while (word > line && strchr(" \t`'\"(;|&<", word[-1]) == NULL)
        word--;
    while (word > line && strchr(" \t'\"", word[-1]) != NULL)
        word--;
    bool redirected = word > line && word[-1] == '<';
    const char *decoder = xz_shell_decoder(line, line);
    if (decoder != NULL && (decoder < name || redirected))
        return true;
    for (size_t i = 0; readers[i] != NULL; i++) {
        const char *at = xz_shell_find(line, line, readers[i]);
        for (; at != NULL && (at < name || redirected);
             at = xz_shell_find(line, at + 1, readers[i])) {
            size_t size = strcspn(at, " \t");
            if (at[size] != '\0' && strcspn(at, "(\"',;:") > size)
                return true; // a command, not a word of a sentence
        }
    }
    return false;
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

/* Where the line begins that `at` stands in, at most LOOK_MAX before it. */
static const char *physical_start(const char *text, const char *at)
{
    const char *first = at - text > LOOK_MAX ? at - LOOK_MAX : text;
    while (at > first && at[-1] != '\n')
        at--;
    return at;
}

/* The same of the logical line, in a script of this name. */
static const char *line_start(const char *path, const char *text, const char *at)
{
    const char *first = at - text > LOOK_MAX ? at - LOOK_MAX : text;
    at = physical_start(text, at);
    while (at > first) {
        const char *before = at - 1; // the newline
        const char *start = physical_start(text, before);
        while (before > start && (before[-1] == ' ' || before[-1] == '\t'))
            before--;
        if (before == start || (before[-1] != '\\' && before[-1] != '|')
            || is_whole_comment(path, start))
            return at;
        at = start;
    }
    return at;
}

void xz_source_lint_reads(struct xz_audit *audit, const char *object, const char *text,
                          const char *name)
{
    struct lint lint = {.audit = audit, .object = object, .line = 1};
    const char *before = text;
    for (const char *at = strstr(text, name);
         at != NULL && !xz_audit_late(audit, object); at = strstr(at + 1, name)) {
        const char *end = at + strlen(name);
        const char *start = line_start(object, text, at);
        for (; before < start; before++)
            lint.line += *before == '\n';
        size_t size = (size_t)(end - start);
        while (size < 2 * LOOK_MAX && start[size] != '\0' && start[size] != '\n')
            size++;
        char *line = xz_store_bytes(start, size);
        for (size_t i = 0; i + 1 < size; i++) {
            if (line[i] == '\n' || (line[i] == '\\' && line[i + 1] == '\n'))
                line[i] = ' ';
        }
        const char *place = line + (at - start);
        bool whole =
            (place == line || (!xz_shell_is_word(place[-1]) && place[-1] != '-'))
            && !xz_shell_is_word(*end) && !(*end == '.' && xz_shell_is_word(end[1]));
        if (whole && !xz_shell_is_comment(line) && has_reader(line, place)
            && !is_output(line, place))
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
