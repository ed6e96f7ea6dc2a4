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

/* The name of the compressed file, or NULL: reported. */
static char *compressed_name(struct xz_run *run, const char *name)
{
    const struct xz_options *options = run->options;
    const char *suffix = options->suffix;
    const char *old = xz_suffix_find(name, suffixes_of(options->format), suffix);
    if (old != NULL) {
        xz_report_warning(run->report, name, "File already has '%s' suffix, skipping",
                          old);
        return NULL;
    }
    if (suffix == NULL)
        suffix = options->format == XZ_FORMAT_LZMA ? ".lzma" : ".xz";
    char *target = xz_suffix_append(name, suffix);
    if (target == NULL)
        xz_report_error(run->report, name, "%s", strerror(ENOMEM));
    return target;
}

/* The name of the decompressed file, or NULL: reported. */
static char *decompressed_name(struct xz_run *run, const char *name)
{
    const struct xz_options *options = run->options;
    unsigned known = XZ_SUFFIX_XZ | XZ_SUFFIX_LZMA | XZ_SUFFIX_LZIP;
    if (options->format == XZ_FORMAT_RAW)
        known = 0;
    char *target = xz_suffix_remove(name, known, options->suffix);
    if (target == NULL && errno == ENOMEM)
        xz_report_error(run->report, name, "%s", strerror(ENOMEM));
    else if (target == NULL)
        xz_report_warning(run->report, name,
                          "Filename has an unknown suffix, skipping");
    return target;
}

/* "directory/name", or NULL: reported. */
static char *put_into(struct xz_run *run, const char *directory, const char *name)
{
    size_t length = strlen(directory);
    size_t size = strlen(name) + 1;
    char *joined = malloc(length + 1 + size);
    if (joined == NULL) {
        xz_report_error(run->report, name, "%s", strerror(ENOMEM));
        return NULL;
    }
    memcpy(joined, directory, length);
    joined[length] = '/';
    memcpy(joined + length + 1, name, size);
    return joined;
}

/*
 * Make the directories of a target below --output-dir, from the top downwards. They are
 * as private as the source's directory, which the files in them stood in.
 */
static void make_directories(struct xz_run *run, char *target)
{
    const char *source = run->files.source_name;
    size_t skip = strlen(run->options->output_dir) + 1;
    struct stat st;
    mode_t mode = 0700;
    char *last = strrchr(source, '/');
    char *directory = last != NULL ? strndup(source, (size_t)(last - source)) : NULL;
    if (directory != NULL && stat(directory, &st) == 0)
        mode |= st.st_mode & 0777;
    free(directory);
    for (char *slash = strchr(target + skip, '/'); slash != NULL;
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
    const char *source = run->files.source_name;
    if (options->output != NULL) {
        char *copy = strdup(options->output);
        if (copy == NULL)
            xz_report_error(run->report, source, "%s", strerror(ENOMEM));
        return copy;
    }
    char *name = options->mode == XZ_MODE_COMPRESS ? compressed_name(run, source)
                                                   : decompressed_name(run, source);
    if (name == NULL || options->output_dir == NULL)
        return name;
    char *inside = put_into(run, options->output_dir, name + run->source_base);
    free(name);
    if (inside != NULL)
        make_directories(run, inside);
    return inside;
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

bool xz_run_open_target(struct xz_run *run)
{
    const struct xz_options *options = run->options;
    struct xz_files *files = &run->files;
    if (options->mode == XZ_MODE_TEST)
        return true;
    if (options->to_stdout || (files->source_is_stdin && options->output == NULL))
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
