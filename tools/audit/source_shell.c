// SPDX-License-Identifier: 0BSD
// What a line of a script does, as far as the order of its words tells.

/*
 * Commands are told by name, with any folder, quotes or a variable of that name in
 * capitals around it: xz, /usr/bin/xz, "$XZ", $(XZ), @XZ@. What a command does follows
 * from its options, which stand up to the next '|', ';', '&', ')' or '`':
 *
 *     xz -kqdc, base64 --decode      decode
 *     head -c 9, tail --bytes=+9     cut bytes out, as the attack of 2024 did
 *     tr a-z b-y                     changes letters ("tr -d" only takes away)
 */

#include "../common/system.h"

#include "source_shell.h"
#include "store.h"

#include <string.h>

/* Characters that are looked at: a hostile line has a million commands. */
#define SPAN_MAX    2048 // of a command substitution
#define COMMAND_MAX 512  // of a command's options

enum decoding {
    ALWAYS,
    WITH_D,     // -d, --decompress, --decode, --uncompress
    WITH_BYTES, // -c, --bytes, +9c
    WITH_ENC,   // enc, base64, -d
    WITH_R,
    WITH_IF,
    WITH_SO,
    WITH_P,
    CHANGES
};

static const struct decoder {
    const char *name;
    enum decoding kind;
} decoders[] = {
    {"unxz", ALWAYS},     {"xzcat", ALWAYS},     {"lzcat", ALWAYS},
    {"unlzma", ALWAYS},   {"gunzip", ALWAYS},    {"zcat", ALWAYS},
    {"gzcat", ALWAYS},    {"bunzip2", ALWAYS},   {"bzcat", ALWAYS},
    {"zstdcat", ALWAYS},  {"unzstd", ALWAYS},    {"lz4cat", ALWAYS},
    {"unlz4", ALWAYS},    {"uudecode", ALWAYS},  {"funzip", ALWAYS},
    {"xz", WITH_D},       {"lzma", WITH_D},      {"lzip", WITH_D},
    {"gzip", WITH_D},     {"pigz", WITH_D},      {"bzip2", WITH_D},
    {"pbzip2", WITH_D},   {"zstd", WITH_D},      {"lz4", WITH_D},
    {"lzop", WITH_D},     {"brotli", WITH_D},    {"base64", WITH_D},
    {"base32", WITH_D},   {"basenc", WITH_D},    {"gpg", WITH_D},
    {"gpg2", WITH_D},     {"openssl", WITH_ENC}, {"xxd", WITH_R},
    {"head", WITH_BYTES}, {"tail", WITH_BYTES},  {"dd", WITH_IF},
    {"7z", WITH_SO},      {"7za", WITH_SO},      {"7zr", WITH_SO},
    {"unzip", WITH_P},    {"tr", CHANGES},
};

bool xz_shell_is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || c == '_';
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

const char *xz_shell_find(const char *text, const char *at, const char *word)
{
    size_t size = strlen(word);
    for (at = strstr(at, word); at != NULL; at = strstr(at + 1, word)) {
        bool starts =
            at == text || !(xz_shell_is_word(at[-1]) || at[-1] == '-' || at[-1] == '.');
        if (starts && !xz_shell_is_word(at[size]) && at[size] != '-' && at[size] != '.')
            return at;
    }
    return NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The words of a command, one by one. */
struct span {
    const char *at;
    size_t left; // characters that may be looked at
};

static bool is_in(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* strcspn(), and at most `most`. */
static size_t strcspn_max(const char *at, const char *set, size_t most)
{
    size_t size = 0;
    while (size < most && at[size] != '\0' && !is_in(at[size], set))
        size++;
    return size;
}

/* The next word of the command behind the one at s->at, without quotes; 0: none. */
static size_t next_word(struct span *s)
{
    size_t size = strcspn_max(s->at, " \t|;&)`", s->left);
    while (size < s->left && is_in(s->at[size], " \t\"'"))
        size++;
    s->at += size;
    s->left -= size;
    return strcspn_max(s->at, " \t|;&)`\"'", s->left);
}

/* Behind the name of a command: the end of a variable and of its quotes. */
static const char *name_end(const char *at)
{
    return at + strspn(at, "})@\"'");
}

/* Short options with one of the letters, or words that begin as in `longs`. */
static bool has_option(const char *at, const char *letters, const char *const *longs)
{
    struct span s = {.at = at, .left = COMMAND_MAX};
    for (size_t size = next_word(&s); size > 0; size = next_word(&s)) {
        bool options = s.at[0] == '-' && s.at[1] != '-';
        for (size_t i = 1; options && i < size; i++) {
            if (is_in(s.at[i], letters))
                return true;
        }
        for (size_t i = 0; longs[i] != NULL; i++) {
            if (strncmp(s.at, longs[i], strlen(longs[i])) == 0)
                return true;
        }
    }
    return false;
}

/* tail -c 9, head --bytes=9, tail +9c */
static bool cuts_bytes(const char *at)
{
    static const char *const longs[] = {"--bytes", NULL};
    if (has_option(at, "c", longs))
        return true;
    struct span s = {.at = at, .left = COMMAND_MAX};
    size_t size = next_word(&s);
    return size > 2 && *s.at == '+' && s.at[1 + strspn(s.at + 1, "0123456789")] == 'c';
}

/* True if a command, whose name ends at `at`, decodes. */
static bool decodes(enum decoding kind, const char *at)
{
    static const char *const none[] = {NULL};
    static const char *const ciphers[] = {"enc", "base64", NULL};
    static const char *const input[] = {"if=", NULL};
    struct span s = {.at = at, .left = COMMAND_MAX};
    switch (kind) {
    case ALWAYS:
        return true;
    case WITH_D: {
        static const char *const longs[] = {"--dec", "--unc", NULL};
        return has_option(at, "dD", longs);
    }
    case WITH_BYTES:
        return cuts_bytes(at);
    case WITH_ENC:
        return has_option(at, "d", ciphers);
    case WITH_R:
        return has_option(at, "r", none);
    case WITH_IF:
        return has_option(at, "", input);
    case WITH_SO:
        return has_option(at, "s", none);
    case WITH_P:
        return has_option(at, "p", none);
    case CHANGES:
        return is_blank(*at) && next_word(&s) > 0 && *s.at != '-';
    }
    return false;
}

/* The kind of decoder that a word of `size` characters names; NULL: none. */
static const struct decoder *named(const char *text, const char *at, size_t size)
{
    bool variable =
        at > text && strchr("${(@", at[-1]) != NULL && *at >= 'A' && *at <= 'Z';
    for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++) {
        const char *name = decoders[i].name;
        size_t same = 0;
        while (same < size && (variable ? small(at[same]) : at[same]) == name[same])
            same++;
        if (same == size && name[size] == '\0')
            return &decoders[i];
    }
    return NULL;
}

static const char *decoder_before(const char *text, const char *at, const char *stop)
{
    while (*at != '\0' && at != stop) {
        size_t size = 0;
        while (at + size != stop && xz_shell_is_word(at[size]))
            size++;
        bool starts =
            at == text || !(xz_shell_is_word(at[-1]) || at[-1] == '-' || at[-1] == '.');
        const struct decoder *d = size > 0 && starts ? named(text, at, size) : NULL;
        if (d != NULL && at[size] != '-' && at[size] != '.'
            && decodes(d->kind, name_end(at + size)))
            return at;
        at += size > 0 ? size : 1;
    }
    return NULL;
}

const char *xz_shell_decoder(const char *text, const char *at)
{
    return decoder_before(text, at, NULL);
}

static size_t starts_with_any(const char *at, const char *const *words)
{
    for (; *words != NULL; words++) {
        size_t size = strlen(*words);
        if (strncmp(at, *words, size) == 0 && !xz_shell_is_word(at[size]))
            return size;
    }
    return 0;
}

/* Behind a word and the blanks that follow it. */
static const char *skip_word(const char *at)
{
    at += strcspn(at, " \t|;&)`");
    return at + strspn(at, " \t");
}

/* The end of the name of a shell at `at`, perhaps a variable; NULL: there is none. */
static const char *shell_end(const char *at)
{
    static const char *const shells[] = {"sh",  "bash", "dash", "ksh",
                                         "zsh", "ash",  "mksh", NULL};
    const char *name = at + strspn(at, "\\$");
    bool variable = name > at && name[-1] == '$';
    size_t size = 0;
    if (variable)
        name += strspn(name, "{(");
    while (xz_shell_is_word(name[size]))
        size++;
    if ((variable || name[size] == '@')
        && ((size >= 5 && memcmp(name + size - 5, "SHELL", 5) == 0)
            || (size == 4 && memcmp(name, "BASH", 4) == 0)))
        return name + size;
    size_t plain = variable ? 0 : starts_with_any(name, shells);
    if (plain == 0 || strchr("./=-", name[plain]) != NULL)
        return plain > 0 && name[plain] == '\0' ? name + plain : NULL;
    return name + plain;
}

/* Options and numbers of a prefix, and the values of options, if no shell: sudo -u
   root, timeout -s KILL 9. */
static const char *skip_options(const char *at)
{
    static const char *const with_values[] = {
        "--user",  "--group",      "--host",    "--prompt",  "--chdir",  "--chroot",
        "--role",  "--type",       "--unset",   "--signal",  "--output", "--format",
        "--error", "--kill-after", "--command", "--timeout", NULL};
    while (*at == '-' || (*at >= '0' && *at <= '9')) {
        size_t size = starts_with_any(at, with_values);
        if (size == 0 && *at == '-' && is_in(at[1], "ugUhpCDRrtTksoef"))
            size = 2;
        bool takes_value = size > 0 && is_blank(at[size]);
        at = skip_word(at);
        if (takes_value && *at != '-' && shell_end(at + strspn(at, "\"'@")) == NULL)
            at = skip_word(at);
    }
    return at;
}

/* Commands that run the command that follows, and assignments before it. */
static const char *skip_prefixes(const char *at)
{
    static const char *const prefixes[] = {
        "exec", "sudo",     "env",    "command", "nice",   "nohup",
        "time", "busybox",  "setsid", "doas",    "stdbuf", "timeout",
        "then", "fakeroot", "else",   "do",      NULL};
    for (;;) {
        at += strspn(at, " \t({!\"'@");
        const char *folder = at;
        for (const char *p = at; xz_shell_is_word(*p) || is_in(*p, "/.-"); p++)
            folder = *p == '/' ? p + 1 : folder;
        at = *at == '/' ? folder : at;
        size_t size = starts_with_any(at, prefixes);
        size_t name = 0;
        while (xz_shell_is_word(at[name]))
            name++;
        bool is_prefix = size > 0 && is_blank(at[size]);
        if (!is_prefix && (name == 0 || at[name] != '='))
            return at;
        at = skip_word(at);
        if (is_prefix)
            at = skip_options(at);
    }
}

/* An interpreter that takes its program from standard input. */
static bool reads_program(const char *at)
{
    static const char *const names[] = {"perl", "python", "ruby",  "node",
                                        "php",  "lua",    "tclsh", NULL};
    for (size_t i = 0; names[i] != NULL; i++) {
        size_t size = strlen(names[i]);
        if (strncmp(at, names[i], size) != 0)
            continue;
        const char *end = at + size;
        end += strspn(end, "0123456789.");
        const char *rest = end + strspn(end, " \t");
        if (*rest == '-' && (rest[1] == '\0' || is_blank(rest[1])) && rest > end)
            return true;
        return *rest == '\0' || strchr(";&)`\"'#", *rest) != NULL;
    }
    return strncmp(at, ". /dev/stdin", 12) == 0
           || strncmp(at, "source /dev/stdin", 17) == 0;
}

const char *xz_shell_pipe(const char *at)
{
    for (at = strchr(at, '|'); at != NULL; at = strchr(at + 1, '|')) {
        if (at[1] == '|') {
            at++;
            continue;
        }
        const char *command = skip_prefixes(at + 1 + (at[1] == '&'));
        if (shell_end(command) != NULL || reads_program(command))
            return at;
    }
    return NULL;
}

/* The end of a command substitution that begins with '(' or '`'. */
static const char *substitution_end(const char *at)
{
    size_t depth = 0;
    char begin = *at;
    size_t left = SPAN_MAX;
    for (at++; left > 0 && *at != '\0'; at++, left--) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (begin == '`' && *at == '`')
            return at;
        else if (begin == '(' && *at == '(')
            depth++;
        else if (begin == '(' && *at == ')' && depth-- == 0)
            return at;
    }
    return at;
}

/* True if the command substitution that begins at `at` has a decoder in it. */
static bool substitution_decodes(const char *line, const char *at, const char **ret_end)
{
    *ret_end = substitution_end(at);
    return decoder_before(line, at, *ret_end) != NULL;
}

/* The same for any substitution at or behind `at`. */
static bool substitutes_decoded(const char *line, const char *at)
{
    const char *end = NULL;
    for (at = strpbrk(at, "`("); at != NULL; at = strpbrk(at + 1, "`(")) {
        if (*at == '(' && (at == line || strchr("$<", at[-1]) == NULL))
            continue;
        if (substitution_decodes(line, at, &end))
            return true;
        if (*end == '\0')
            return false;
        at = end; // what is in it, and not decoding, cannot have a part that does
    }
    return false;
}

/* A substitution that begins right here, perhaps in quotes. */
static bool substitutes_here(const char *line, const char *at)
{
    const char *end = NULL;
    at += strspn(at, " \t\"'\\");
    if (*at == '`')
        return substitution_decodes(line, at, &end);
    at += strspn(at, "$<\\");
    return *at == '(' && strchr("$<", at[-1]) != NULL
           && substitution_decodes(line, at, &end);
}

/* sh -c "$(D)", sh <(D), sh <<<"$(D)", source <(D): `end` is behind the name. */
static bool shell_runs(const char *line, const char *end)
{
    end += strspn(end, "})\"'");
    end += strspn(end, " \t");
    for (size_t i = 0; i < XZ_SHELL_OPTIONS && *end == '-'; i++) {
        size_t size = strcspn_max(end, " \t|;&", COMMAND_MAX);
        bool command = end[1] != '-' && memchr(end, 'c', size) != NULL;
        end += size;
        if (command)
            return substitutes_here(line, end);
        end += strspn(end, " \t");
    }
    if (strncmp(end, "<<<", 3) == 0)
        return substitutes_here(line, end + 3);
    if (strncmp(end, "< <(", 4) == 0)
        end += 2;
    return strncmp(end, "<(", 2) == 0 && substitutes_here(line, end);
}

/* exec() or eval() of Python and its kin, and something in it that decodes. */
static bool exec_decodes(const char *line)
{
    static const char *const calls[] = {"exec(", "eval(", NULL};
    static const char *const decoding[] = {
        "b64decode",   "b32decode", "b16decode", "b85decode", "a85decode",
        "decompress(", "fromhex(",  "unhexlify", "a2b_",      "marshal.loads",
        "rot13",       "rot_13",    NULL};
    for (size_t i = 0; calls[i] != NULL; i++) {
        const char *at = strstr(line, calls[i]);
        while (at != NULL && at > line
               && (xz_shell_is_word(at[-1]) || strchr("-.", at[-1]) != NULL))
            at = strstr(at + 1, calls[i]);
        for (size_t k = 0; at != NULL && decoding[k] != NULL; k++) {
            if (strstr(at, decoding[k]) != NULL)
                return true;
        }
    }
    return false;
}

bool xz_shell_runs_decoded(const char *line)
{
    const char *eval = xz_shell_find(line, line, "eval");
    if (eval != NULL && substitutes_decoded(line, eval))
        return true;
    for (const char *at = line; *at != '\0'; at++) {
        if (at > line && strchr(" \t;|&({\"'`/@", at[-1]) == NULL)
            continue;
        const char *end = shell_end(at);
        if (end == NULL && at[0] == '.' && is_blank(at[1]))
            end = at + 1;
        if (end == NULL && strncmp(at, "source", 6) == 0 && is_blank(at[6]))
            end = at + 6;
        if (end != NULL && shell_runs(line, end))
            return true;
    }
    return exec_decodes(line);
}

bool xz_shell_is_comment(const char *line)
{
    line += strspn(line, " \t");
    return *line == '#' || strncmp(line, "dnl ", 4) == 0;
}
