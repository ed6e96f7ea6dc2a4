// SPDX-License-Identifier: 0BSD
// xz-audit: looks for a manipulated xz. Rules, self-test, sandbox, the work, the
// report.

#include "../common/system.h"

#include "../common/report.h"
#include "audit_options.h"
#include "audit_report.h"
#include "elf_explain.h"
#include "fs_files.h"
#include "host.h"
#include "sandbox.h"
#include "scan.h"
#include "selftest.h"
#include "source_tree.h"
#include "summary.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATUS_USAGE 4

static int complain(int status, const char *text)
{
    fputs("xz-audit: ", stderr);
    xz_put_masked(stderr, text);
    fputc('\n', stderr);
    return status;
}

/* The rules that are built in and those of the user; false has been told. */
static bool load_rules(const struct xz_audit_options *o, struct xz_rule_set *rules)
{
    struct xz_text error = {0};
    struct xz_rule_set none = {0};
    struct xz_audit reader; // reads the files; its gaps say what went wrong
    xz_audit_init(&reader, &none);
    bool good = xz_rules_builtin(rules, &error);
    for (size_t i = 0; good && i < o->rules.count; i++) {
        size_t size = 0;
        uint8_t *text = xz_scan_read_file(&reader, o->rules.at[i], &size);
        if (text == NULL) {
            good = false;
            xz_text_printf(&error, "%s: %s", o->rules.at[i], reader.gaps[0].reason);
        } else {
            good = xz_rules_add(rules, o->rules.at[i], (char *)text, size, &error);
        }
        free(text);
    }
    good = good && xz_rules_settle(rules, &error);
    if (!good)
        complain(0, error.data);
    xz_text_free(&error);
    xz_audit_free(&reader);
    return good;
}

/* Run the self-test; false, with the failures on standard error, if one failed. */
static bool prove_rules(struct xz_audit *audit)
{
    struct xz_text error = {0};
    audit->self_test_cases = xz_selftest(audit->rules, &error);
    audit->self_test_done = error.size == 0;
    if (!audit->self_test_done)
        complain(0, "the self-test failed; no verdict of this program means anything:");
    for (char *line = error.data; line != NULL && *line != '\0';) {
        char *end = strchr(line, '\n');
        *end = '\0';
        complain(0, line);
        line = end + 1;
    }
    xz_text_free(&error);
    return audit->self_test_done;
}

/* A line on the terminal that renews itself. */
static void show_progress(struct xz_audit *audit, const char *object)
{
    fprintf(stderr, "\r\033[K%llu files, %llu ELF, %llu MiB  ",
            (unsigned long long)audit->counts.files,
            (unsigned long long)audit->counts.elf,
            (unsigned long long)(audit->counts.bytes >> 20));
    char *name = xz_store_printf("%.40s", xz_path_name(object));
    xz_put_masked(stderr, name);
    free(name);
    fflush(stderr);
}

static void set_up(struct xz_audit *audit, const struct xz_audit_options *o)
{
    audit->limits.depth = o->max_depth;
    audit->limits.file_size = o->max_size;
    audit->limits.total_size = o->max_total;
    audit->explain = o->explain;
    audit->every_archive = o->every_archive;
    audit->subject = o->subject;
    if (o->progress || (isatty(STDERR_FILENO) && !o->quiet))
        audit->progress = show_progress;
}

/* Enter the sandbox. False: it was required and is not there. */
static bool lock_up(struct xz_audit *audit, const struct xz_audit_options *o)
{
    if (o->sandbox == XZ_NO_SANDBOX)
        return true;
    struct xz_words root = {0};
    xz_words_add(&root, o->root);
    bool host = o->command == XZ_COMMAND_HOST;
    enum xz_sandbox got = xz_sandbox_enter(host ? &root : &o->operands, o->max_memory);
    xz_words_free(&root);
    audit->sandbox = xz_sandbox_name(got);
    return got == XZ_SANDBOX_BOTH || o->sandbox != XZ_REQUIRE_SANDBOX;
}

/* A folder given to "file": all that is below it. False: it is none. */
static bool scan_folder(struct xz_audit *audit, const char *path)
{
    struct xz_root root;
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return false;
    if (xz_root_open(&root, audit, path)) {
        xz_host_walk(&root);
        xz_root_close(&root);
    }
    return true;
}

static void scan_paths(struct xz_audit *audit, const struct xz_audit_options *o)
{
    audit->mode = o->command == XZ_COMMAND_ELF ? "elf" : "file";
    audit->hash_all = true;
    audit->every_archive = o->command == XZ_COMMAND_FILE;
    if (o->baseline && o->format == XZ_OUT_PEOPLE)
        xz_elf_compare(audit, o->operands.at[0], o->operands.at[1], stdout);
    for (size_t i = 0; i < o->operands.count; i++) {
        const char *path = o->operands.at[i];
        size_t size = 0;
        if (xz_audit_late(audit, path))
            return;
        if (o->explain && !o->baseline && o->format == XZ_OUT_PEOPLE)
            xz_elf_explain(audit, path, stdout);
        if (o->command == XZ_COMMAND_FILE && scan_folder(audit, path))
            continue;
        uint8_t *data = xz_scan_read_file(audit, path, &size);
        if (data == NULL)
            continue;
        if (o->command == XZ_COMMAND_ELF && !xz_elf_is(data, size))
            xz_audit_gap(audit, path, "not an ELF file");
        else
            xz_scan_object(audit, path, data, size, 0);
        free(data);
    }
}

/* What has to be seen before the sandbox: other processes. */
static void look_at_processes(struct xz_audit *audit, const struct xz_audit_options *o,
                              struct xz_mapped_files *ret)
{
    const char *proc = o->proc;
    if (proc == NULL && strcmp(o->root, "/") == 0)
        proc = "/proc";
    if (o->command == XZ_COMMAND_HOST && proc != NULL && strcmp(proc, "none") != 0)
        xz_host_processes(audit, proc, o->root, ret);
}

/* What was got hold of before the sandbox. */
struct outside {
    struct xz_mapped_files mapped;
    struct xz_git_tree git;
    bool has_git;
};

static void look_outside(struct xz_audit *audit, const struct xz_audit_options *o,
                         struct outside *ret)
{
    look_at_processes(audit, o, &ret->mapped);
    if (o->command == XZ_COMMAND_SOURCE && o->git != NULL)
        ret->has_git = xz_git_tree_read(audit, o->git, o->tag, &ret->git);
}

static void look(struct xz_audit *audit, const struct xz_audit_options *o,
                 struct outside *outside)
{
    if (o->command == XZ_COMMAND_SOURCE) {
        audit->mode = "source";
        xz_source_audit(audit, o->operands.at[0],
                        outside->has_git ? &outside->git : NULL);
        xz_git_tree_free(&outside->git);
        return;
    }
    if (o->command == XZ_COMMAND_HOST) {
        audit->mode = "host";
        xz_host_audit(audit, o->root, &outside->mapped);
    } else {
        scan_paths(audit, o);
    }
}

static void print_report(struct xz_audit *audit, const struct xz_audit_options *o)
{
    struct xz_text text = {0};
    char name[256] = "";
    const char *host = o->host != NULL ? o->host : name;
    if (o->command == XZ_COMMAND_HOST && strcmp(o->root, "/") == 0)
        (void)gethostname(name, sizeof(name) - 1);
    if (audit->progress != NULL)
        fputs("\r\033[K", stderr);
    xz_audit_sort(audit);
    if (o->quiet && o->format == XZ_OUT_PEOPLE)
        printf("%s\n", xz_verdict_name(xz_audit_verdict(audit)));
    else if (o->format == XZ_OUT_PEOPLE)
        xz_report_people(audit, stdout, o->verbose);
    else if (o->format == XZ_OUT_SARIF)
        xz_report_sarif(audit, &text);
    else if (o->format == XZ_OUT_VEX)
        xz_report_vex(audit, host, &text);
    else
        xz_report_json(audit, host, &text);
    if (text.size > 0)
        fwrite(text.data, 1, text.size, stdout);
    xz_text_free(&text);
}

/* Reports of others become one; they are read in the sandbox too. */
static int summarize(struct xz_audit *audit, const struct xz_audit_options *o)
{
    struct xz_summary summary = {0};
    struct xz_text page = {0};
    if (!lock_up(audit, o))
        return complain(XZ_STATUS_GAP, "this system has no sandbox as required");
    xz_summary_read(&summary, audit, &o->operands);
    if (o->format == XZ_OUT_HTML)
        xz_summary_html(&summary, &page);
    else
        xz_summary_table(&summary, stdout);
    if (page.size > 0)
        fwrite(page.data, 1, page.size, stdout);
    int status = xz_summary_exit_status(&summary);
    xz_text_free(&page);
    xz_summary_free(&summary);
    return status;
}

static int run(struct xz_audit *audit, const struct xz_audit_options *o)
{
    set_up(audit, o);
    if (o->command == XZ_COMMAND_SUMMARY)
        return summarize(audit, o);
    if (!prove_rules(audit))
        return XZ_STATUS_GAP;
    if (o->command == XZ_COMMAND_SELF_TEST) {
        printf("%zu rules, %zu cases: every rule fires, and only where it should\n",
               audit->rules->count, audit->self_test_cases);
        return 0;
    }
    struct outside outside = {0};
    xz_audit_start(audit, o->max_time);
    look_outside(audit, o, &outside);
    if (!lock_up(audit, o))
        return complain(XZ_STATUS_GAP, "this system has no sandbox as required");
    look(audit, o, &outside);
    print_report(audit, o);
    return xz_audit_exit_status(audit);
}

/* With the optional readers that this program has. */
static void print_version(void)
{
    printf("xz-audit %s\nimages of file systems that it reads: %s%s%s\n",
           XZ_AUDIT_VERSION, xz_ext4_is_built ? "ext4" : "",
           xz_ext4_is_built && xz_squashfs_is_built ? ", " : "",
           xz_squashfs_is_built ? "squashfs"
           : xz_ext4_is_built   ? ""
                                : "none");
}

/* Commands that look at nothing. -1: it is none of them. */
static int simple_command(const struct xz_audit_options *o,
                          const struct xz_rule_set *rules)
{
    if (o->command == XZ_COMMAND_HELP)
        fputs(xz_audit_help, stdout);
    else if (o->command == XZ_COMMAND_VERSION)
        print_version();
    else if (o->command == XZ_COMMAND_LIST_RULES)
        fwrite(rules->all.data, 1, rules->all.size, stdout);
    else
        return -1;
    return 0;
}

int main(int argc, char **argv)
{
    struct xz_audit_options options;
    struct xz_text error = {0};
    struct xz_rule_set rules = {0};
    struct xz_audit audit;
    setlocale(LC_CTYPE, "C.UTF-8"); // names in archives are bytes, UTF-8 where they can
    int status = STATUS_USAGE;
    if (!xz_audit_options_parse(&options, argc, argv, &error)) {
        complain(0, error.data);
    } else if (load_rules(&options, &rules)) {
        status = simple_command(&options, &rules);
        if (status < 0) {
            xz_audit_init(&audit, &rules);
            status = run(&audit, &options);
            xz_audit_free(&audit);
        }
    }
    xz_text_free(&error);
    xz_rules_free(&rules);
    xz_audit_options_free(&options);
    if (fflush(stdout) != 0 || ferror(stdout))
        status = complain(XZ_STATUS_GAP, "the report could not be written");
    return status;
}
