// SPDX-License-Identifier: 0BSD
// For the tests of xz's options: a line as it would be typed, and what becomes of it.
//
// A line is cut at spaces; '~' stands for a space inside an argument. XZ_DEFAULTS and
// XZ_OPT are given beside it.

#ifndef XZ_UNIT_COMMAND_LINE_H
#define XZ_UNIT_COMMAND_LINE_H

#include "support/support.h"

#include "../../tools/xz/options.h"

/* A command line with what became of it */
struct command {
    char text[512];
    char *argv[32];
    int argc;
    struct xz_options options;
    char error[XZ_OPTIONS_ERROR_SIZE];
};

/* Cut a line into argv; argv[0] is its first word. */
static inline void cut(struct command *command, const char *line)
{
    assert_true(strlen(line) < sizeof(command->text));
    strcpy(command->text, line);
    char *rest = command->text;
    command->argc = 0;
    for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;) {
        assert_true((size_t)command->argc < ARRAY_COUNT(command->argv) - 1);
        command->argv[command->argc++] = word;
        for (; *word != '\0'; word++)
            *word = *word == '~' ? ' ' : *word;
    }
    command->argv[command->argc] = NULL;
}

/* All steps of main(); true if none of them refused. */
static inline bool run(struct command *command, const char *defaults, const char *opt,
                       const char *line)
{
    memset(command->error, 0, sizeof(command->error));
    cut(command, line);
    struct xz_options *options = &command->options;
    xz_options_init(options, command->argv[0]);
    return (defaults == NULL || xz_options_parse_env(options, defaults, command->error))
           && (opt == NULL || xz_options_parse_env(options, opt, command->error))
           && xz_options_parse(options, command->argc, command->argv, command->error)
           && xz_options_settle(options, command->error);
}

/* A line that must be accepted; the caller frees the options. */
static inline const struct xz_options *accept(struct command *command, const char *line)
{
    if (!run(command, NULL, NULL, line))
        fail_msg("%s: %s", line, command->error);
    assert_string_equal(command->error, "");
    return &command->options;
}

/* A line with this error */
struct refusal {
    const char *line;
    const char *error;
};

static inline void check_refusals(const struct refusal *refusals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct command command;
        if (run(&command, NULL, NULL, refusals[i].line))
            fail_msg("%s: accepted", refusals[i].line);
        if (strcmp(command.error, refusals[i].error) != 0)
            fail_msg("%s:\n is   %s\n want %s", refusals[i].line, command.error,
                     refusals[i].error);
        xz_options_free(&command.options);
    }
}

#endif
