// SPDX-License-Identifier: 0BSD
// Package databases of any bytes, and lines of /proc/PID/maps, are read within
// themselves.

#include "../tools/audit/host.h"
#include "../tools/audit/packages.h"
#include "audit_feed.h"
#include "feed.h"
#include <stdlib.h>

static void read_text(const struct xz_package_source *source, const char *text)
{
    struct xz_words distros = {0};
    struct xz_mapping mapping;
    xz_pkg_dpkg_read(source, text);
    xz_pkg_apk_read(source, text);
    xz_pkg_pacman_read(source, text);
    xz_pkg_xbps_read(source, text);
    xz_packages_distros(text, &distros);
    xz_words_free(&distros);
    if (xz_mapping_read(text, &mapping))
        xz_mapping_judge(source->audit, "fuzz", "sshd", &mapping);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xz_audit audit;
    struct xz_words distros = {0};
    audit_feed_begin(&audit);
    xz_words_split(&distros, "debian fedora");
    struct xz_package_source source = {&audit, "dpkg", "fuzz", &distros};
    char *text = xz_store_bytes(data, size);
    read_text(&source, text);
    source.system = "rpm";
    xz_pkg_rpm_sqlite(&source, data, size);
    xz_pkg_rpm_ndb(&source, data, size);
    xz_pkg_rpm_bdb(&source, data, size);
    for (size_t main = 0; main <= size; main += 512 + size / 4)
        xz_pkg_rpm_sqlite_log(&source, data, main, data + main, size - main);
    free(text);
    xz_words_free(&distros);
    xz_audit_free(&audit);
    return 0;
}
