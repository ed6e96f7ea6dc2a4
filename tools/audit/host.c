// SPDX-License-Identifier: 0BSD
// A whole system: packages first, then files, processes, and what sshd reaches.

#include "../common/system.h"

#include "host.h"
#include "packages.h"
#include "scan.h"

#include <stdlib.h>
#include <unistd.h>

static void scan_mapped(struct xz_audit *audit, struct xz_mapped_files *mapped)
{
    for (size_t i = 0; i < mapped->objects.count; i++) {
        const char *object = mapped->objects.at[i];
        size_t size = 0;
        uint8_t *data = xz_scan_read_fd(audit, mapped->fds[i], object, &size);
        if (data != NULL)
            xz_scan_object(audit, object, data, size, 0);
        free(data);
        close(mapped->fds[i]);
    }
    free(mapped->fds);
    xz_words_free(&mapped->objects);
}

void xz_host_audit(struct xz_audit *audit, const char *root_name,
                   struct xz_mapped_files *mapped)
{
    struct xz_root root;
    scan_mapped(audit, mapped);
    if (!xz_root_open(&root, audit, root_name))
        return;
    xz_packages_read(&root);
    xz_host_walk(&root);
    if (!audit->late)
        xz_host_reach(&root);
    xz_root_close(&root);
}
