// SPDX-License-Identifier: 0BSD
// Package databases of a system: which xz is installed, and what is known of it.

/*
 * The databases are read as files; no package manager of the system is run. Each reader
 * hands every package it finds to xz_package_seen().
 */

#ifndef XZ_AUDIT_PACKAGES_H
#define XZ_AUDIT_PACKAGES_H

#include "root_files.h"

/* Where a package was found. */
struct xz_package_source {
    struct xz_audit *audit;
    const char *system; // "dpkg", "rpm", ...
    const char *object; // the database
    const struct xz_words *distros;
};

/* Judge a package by the rules; those that no rule names are only counted. */
void xz_package_seen(const struct xz_package_source *source, const char *name,
                     const char *version);

/* Read all databases of a system. */
void xz_packages_read(const struct xz_root *root);

/*
 * A member of an archive, by its name there: a database of an image is read, os-release
 * is kept for those that follow. Without one before it the distribution is not known.
 */
void xz_packages_member(struct xz_audit *audit, const char *object, const char *name,
                        const uint8_t *data, size_t size);

/* After the members of an archive: a database that waited for its log is read. */
void xz_packages_finish(struct xz_audit *audit);

/* The words of ID and ID_LIKE in the text of an os-release file. */
void xz_packages_distros(const char *text, struct xz_words *ret);

/* Readers of one kind each. What is damaged leaves a gap. */
void xz_pkg_dpkg_read(const struct xz_package_source *source, const char *text);
void xz_pkg_apk_read(const struct xz_package_source *source, const char *text);
void xz_pkg_pacman_read(const struct xz_package_source *source, const char *text);
void xz_pkg_xbps_read(const struct xz_package_source *source, const char *text);
void xz_pkg_rpm_sqlite(const struct xz_package_source *source, const uint8_t *data,
                       size_t size);
void xz_pkg_rpm_bdb(const struct xz_package_source *source, const uint8_t *data,
                    size_t size);

/* An SQLite database with its write-ahead log. */
void xz_pkg_rpm_sqlite_log(const struct xz_package_source *source, const uint8_t *data,
                           size_t size, const uint8_t *log_data, size_t log_size);
void xz_pkg_rpm_ndb(const struct xz_package_source *source, const uint8_t *data,
                    size_t size);

/* One header of an rpm database. False if it is damaged. */
bool xz_pkg_rpm_header(const struct xz_package_source *source, const uint8_t *data,
                       size_t size);

#endif
