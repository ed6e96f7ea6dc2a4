// SPDX-License-Identifier: 0BSD
// The name of the target, from the name of the source or from options; its opening.

#include "../common/system.h"

#include "run.h"

#include "../common/suffix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The suffixes that files of a format get when they are made. */
static unsigned suffixes_of(enum xz_format format)
{
    return format == XZ_FORMAT_XZ     ? XZ_SUFFIX_XZ
           : format == XZ_FORMAT_LZMA ? XZ_SUFFIX_LZMA
                                      : 0;
}

/* The name that a source's file gets beside it; NULL: none, or errno is ENOMEM. */
static char *name_beside(const struct xz_options *options, const char *source)
{
    const char *suffix = options->suffix;
    unsigned known = XZ_SUFFIX_XZ | XZ_SUFFIX_LZMA | XZ_SUFFIX_LZIP;
    errno = 0;
    if (options->mode != XZ_MODE_COMPRESS)
        return xz_suffix_remove(source, options->format == XZ_FORMAT_RAW ? 0 : known,
                                suffix);
    if (xz_suffix_find(source, suffixes_of(options->format), suffix) != NULL)
        return NULL;
    if (suffix == NULL)
        suffix = options->format == XZ_FORMAT_LZMA ? ".lzma" : ".xz";
    return xz_suffix_append(source, suffix);
}

char *xz_run_name_target(const struct xz_options *options,
                         const struct xz_source *source)
{
    if (options->mode == XZ_MODE_TEST || options->to_stdout)
        return NULL;
    if (options->output != NULL)
        return strdup(options->output);
    char *name = name_beside(options, source->name);
    if (name == NULL || options->output_dir == NULL)
        return name;
    char *inside = xz_name_join(options->output_dir, name + source->base);
    free(name);
    return inside;
}

/* Why a source has no target. */
static void report_nameless(struct xz_run *run)
{
    const struct xz_options *options = run->options;
    const char *source = run->files.source_name;
    if (errno == ENOMEM)
        xz_report_error(run->report, source, "%s", strerror(ENOMEM));
    else if (options->mode == XZ_MODE_COMPRESS)
        xz_report_warning(
            run->report, source, "File already has '%s' suffix, skipping",
            xz_suffix_find(source, suffixes_of(options->format), options->suffix));
    else
        xz_report_warning(run->report, source,
                          "Filename has an unknown suffix, skipping");
}

/*
 * Make the directories of a target below --output-dir, from the top downwards; `inside`
 * is that part of its name. They are as private as the source's directory, which the
 * files in them stood in.
 */
static void make_directories(struct xz_run *run, const char *target, char *inside)
{
    const char *source = run->files.source_name;
    struct stat st;
    mode_t mode = 0700;
    char *last = strrchr(source, '/');
    char *directory = last != NULL ? strndup(source, (size_t)(last - source)) : NULL;
    if (directory != NULL && stat(directory, &st) == 0)
        mode |= st.st_mode & 0777;
    free(directory);
    for (char *slash = strchr(inside, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(target, mode); // opening the target tells if it is not there
        *slash = '/';
    }
}

/* The target of an ordinary source, or NULL: reported. */
static char *target_name(struct xz_run *run)
{
    const struct xz_options *options = run->options;
    const struct xz_source source = {run->files.source_name, run->source_base, false};
    char *name = xz_run_name_target(options, &source);
    if (name == NULL)
        report_nameless(run);
    else if (options->output_dir != NULL)
        make_directories(run, name, name + strlen(options->output_dir) + 1);
    return name;
}

/* A name for standard output, as /dev/stdout is. */
static bool is_stdout_link(const char *name, const struct stat *target)
{
    struct stat link, out;
    return lstat(name, &link) == 0 && S_ISLNK(link.st_mode)
           && fstat(STDOUT_FILENO, &out) == 0 && out.st_dev == target->st_dev
           && out.st_ino == target->st_ino;
}

/*
 * -f does not copy unknown formats here, as it does with -c, and links are accepted as
 * sources because --output keeps them.
 */
bool xz_run_connect_output(struct xz_options *options, struct xz_report *report)
{
    const char *name = options->output;
    struct stat st;
    if (options->output_dir != NULL
        && (stat(options->output_dir, &st) != 0 || !S_ISDIR(st.st_mode))) {
        bool is_there = stat(options->output_dir, &st) == 0;
        xz_report_error(report, options->output_dir, "%s",
                        strerror(is_there ? ENOTDIR : errno));
        return false;
    }
    if (name == NULL || stat(name, &st) != 0 || S_ISDIR(st.st_mode))
        return true;
    bool is_stdout = is_stdout_link(name, &st);
    bool is_harmless = is_stdout || S_ISCHR(st.st_mode);
    if ((S_ISREG(st.st_mode) && !is_stdout) || !(is_harmless || options->force))
        return true;
    if (!is_stdout) {
        int fd = open(name, O_WRONLY | O_NOCTTY | O_CLOEXEC);
        if (fd == -1 || dup2(fd, STDOUT_FILENO) == -1) {
            xz_report_error(report, name, "%s", strerror(errno));
            return false;
        }
        (void)close(fd);
    }
    options->stdout_name = name;
    options->output = NULL;
    options->to_stdout = true;
    options->force = false;
    return true;
}

static bool is_to_stdout(const struct xz_run *run)
{
    return run->options->to_stdout
           || (run->files.source_is_stdin && run->options->output == NULL);
}

bool xz_run_may_have_target(const struct xz_run *run)
{
    const struct xz_source source = {run->files.source_name, run->source_base, false};
    if (run->options->mode == XZ_MODE_TEST || is_to_stdout(run))
        return true;
    char *name = xz_run_name_target(run->options, &source);
    free(name);
    return name != NULL;
}

bool xz_run_open_target(struct xz_run *run)
{
    const struct xz_options *options = run->options;
    struct xz_files *files = &run->files;
    if (options->mode == XZ_MODE_TEST)
        return true;
    if (is_to_stdout(run))
        return xz_files_open_stdout(files);
    if (options->format == XZ_FORMAT_RAW && options->suffix == NULL
        && options->output == NULL) {
        xz_report_error(run->report, files->source_name,
                        "With --format=raw, --suffix=.SUF is required unless writing "
                        "to standard output");
        return false;
    }
    char *name = target_name(run);
    return name != NULL && xz_files_open_target(files, name);
}
