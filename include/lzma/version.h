/* SPDX-License-Identifier: 0BSD */
/* The version of the interface, at compile time and at run time. */
/* clang-format off */

#ifndef LZMA_H_INTERNAL
# error "Include <lzma.h>, not this part of it."
#endif

/* The liblzma version whose interface and behaviour this library has. */
#define LZMA_VERSION_MAJOR     5
#define LZMA_VERSION_MINOR     8
#define LZMA_VERSION_PATCH     3
#define LZMA_VERSION_STABILITY LZMA_VERSION_STABILITY_STABLE

/* Text to append to LZMA_VERSION_STRING; a program may define it before. */
#ifndef LZMA_VERSION_COMMIT
# define LZMA_VERSION_COMMIT ""
#endif

/* Values of LZMA_VERSION_STABILITY */
#define LZMA_VERSION_STABILITY_ALPHA  0
#define LZMA_VERSION_STABILITY_BETA   1
#define LZMA_VERSION_STABILITY_STABLE 2

/*
 * The version as a decimal number that grows with every release, digits
 * xyyyzzzs: major, minor (three digits), patch (three digits), stability.
 * 5.8.3 stable is 50080032.
 */
#define LZMA_VERSION \
    (LZMA_VERSION_MAJOR * UINT32_C(10000000) \
     + LZMA_VERSION_MINOR * UINT32_C(10000) \
     + LZMA_VERSION_PATCH * UINT32_C(10) \
     + LZMA_VERSION_STABILITY)

#if LZMA_VERSION_STABILITY == LZMA_VERSION_STABILITY_STABLE
# define LZMA_VERSION_STABILITY_STRING ""
#elif LZMA_VERSION_STABILITY == LZMA_VERSION_STABILITY_BETA
# define LZMA_VERSION_STABILITY_STRING "beta"
#elif LZMA_VERSION_STABILITY == LZMA_VERSION_STABILITY_ALPHA
# define LZMA_VERSION_STABILITY_STRING "alpha"
#else
# error "LZMA_VERSION_STABILITY must be 0, 1 or 2."
#endif

/* Two steps, so that the arguments are expanded before they become text. */
#define LZMA_VERSION_STRING_C_(major, minor, patch, stability, commit) \
    #major "." #minor "." #patch stability commit

#define LZMA_VERSION_STRING_C(major, minor, patch, stability, commit) \
    LZMA_VERSION_STRING_C_(major, minor, patch, stability, commit)

/* The version as a string literal, "5.8.3" */
#define LZMA_VERSION_STRING \
    LZMA_VERSION_STRING_C(LZMA_VERSION_MAJOR, LZMA_VERSION_MINOR, LZMA_VERSION_PATCH, \
                          LZMA_VERSION_STABILITY_STRING, LZMA_VERSION_COMMIT)

/*
 * The LZMA_VERSION of the library that the program runs with. It may be newer than
 * the headers the program was compiled with.
 * Threads: any.
 */
extern LZMA_API(uint32_t) lzma_version_number(void)
    lzma_nothrow lzma_attr_const;

/*
 * The LZMA_VERSION_STRING of the library that the program runs with.
 * Memory: a constant string; do not free it.
 * Threads: any.
 */
extern LZMA_API(const char *) lzma_version_string(void)
    lzma_nothrow lzma_attr_const;
