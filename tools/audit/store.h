// SPDX-License-Identifier: 0BSD
// Memory that ends the program when there is none, growing arrays, growing text.

#ifndef XZ_AUDIT_STORE_H
#define XZ_AUDIT_STORE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit status of a run that could not look at everything. */
#define XZ_STATUS_GAP 3

/* `size` zeroed bytes. Ends the program with status 3 if there is no memory. */
void *xz_store_new(size_t size);

/* A copy of a text or of some bytes; a NUL follows the bytes. The caller frees it. */
char *xz_store_copy(const char *text);
char *xz_store_bytes(const void *data, size_t size);

/*
 * Make room for one more item behind `count` items of `item_size` bytes. Returns the
 * array, which may have moved; *room is the number of items that fit.
 */
void *xz_store_grow(void *array, size_t count, size_t *room, size_t item_size);

/* Text that grows. data is NUL-terminated or NULL; {0} is an empty one. */
struct xz_text {
    char *data;
    size_t size; // without the NUL
    size_t room; // bytes allocated
};

void xz_text_add(struct xz_text *text, const void *data, size_t size);
void xz_text_puts(struct xz_text *text, const char *more);
void xz_text_printf(struct xz_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void xz_text_free(struct xz_text *text);

/* The content as a text of its own, which the caller frees; never NULL. */
char *xz_text_take(struct xz_text *text);

/* A new text from a format; the caller frees it. */
char *xz_store_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A list of texts, all of them owned. */
struct xz_words {
    char **at;
    size_t count;
    size_t room;
};

/* Append a copy. */
void xz_words_add(struct xz_words *words, const char *word);
void xz_words_add_bytes(struct xz_words *words, const char *word, size_t size);
bool xz_words_has(const struct xz_words *words, const char *word);
/* Append the words of a text that blanks separate. */
void xz_words_split(struct xz_words *words, const char *text);
void xz_words_free(struct xz_words *words);

/* True if name fits a pattern in which '*' stands for any bytes and '?' for one. */
bool xz_glob_match(const char *pattern, const char *name);

/* The part of a path behind its last slash. */
const char *xz_path_name(const char *path);

/* True if `text` ends with `end`. */
bool xz_ends_with(const char *text, const char *end);

#endif
