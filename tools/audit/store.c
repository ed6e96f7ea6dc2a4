// SPDX-License-Identifier: 0BSD
// Memory that ends the program when there is none, growing arrays, growing text.

/*
 * An audit that runs out of memory has not looked everywhere, and says so with its exit
 * status. Nothing is left half done by that: the program only reads.
 */

#include "../common/system.h"

#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *memory)
{
    if (memory == NULL) {
        fputs("xz-audit: out of memory: could not look everywhere\n", stderr);
        exit(XZ_STATUS_GAP);
    }
    return memory;
}

void *xz_store_new(size_t size)
{
    return must(calloc(1, size == 0 ? 1 : size));
}

char *xz_store_bytes(const void *data, size_t size)
{
    if (size == SIZE_MAX)
        must(NULL);
    char *copy = must(malloc(size + 1));
    if (size > 0)
        memcpy(copy, data, size);
    copy[size] = '\0';
    return copy;
}

char *xz_store_copy(const char *text)
{
    return xz_store_bytes(text, strlen(text));
}

void *xz_store_grow(void *array, size_t count, size_t *room, size_t item_size)
{
    if (count < *room)
        return array;
    size_t more = *room == 0 ? 8 : *room * 2;
    if (more > SIZE_MAX / 2 / item_size)
        must(NULL);
    *room = more;
    return must(realloc(array, more * item_size));
}

void xz_text_add(struct xz_text *text, const void *data, size_t size)
{
    if (size >= SIZE_MAX / 4 - text->size)
        must(NULL);
    if (text->size + size + 1 > text->room) {
        text->room = (text->size + size + 1) * 2;
        text->data = must(realloc(text->data, text->room));
    }
    if (size > 0)
        memcpy(text->data + text->size, data, size);
    text->size += size;
    text->data[text->size] = '\0';
}

void xz_text_puts(struct xz_text *text, const char *more)
{
    xz_text_add(text, more, strlen(more));
}

static char *format_new(const char *format, va_list args)
    __attribute__((format(printf, 1, 0)));

static char *format_new(const char *format, va_list args)
{
    char *made = NULL;
    va_list again;
    va_copy(again, args);
    char probe[1];
    int size = vsnprintf(probe, sizeof(probe), format, again);
    va_end(again);
    if (size < 0)
        must(NULL);
    made = must(malloc((size_t)size + 1));
    vsnprintf(made, (size_t)size + 1, format, args);
    return made;
}

void xz_text_printf(struct xz_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *made = format_new(format, args);
    va_end(args);
    xz_text_puts(text, made);
    free(made);
}

char *xz_store_printf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *made = format_new(format, args);
    va_end(args);
    return made;
}

void xz_text_free(struct xz_text *text)
{
    free(text->data);
    *text = (struct xz_text){0};
}

char *xz_text_take(struct xz_text *text)
{
    char *data = text->data != NULL ? text->data : xz_store_copy("");
    *text = (struct xz_text){0};
    return data;
}

void xz_words_add_bytes(struct xz_words *words, const char *word, size_t size)
{
    words->at = xz_store_grow(words->at, words->count, &words->room, sizeof(char *));
    words->at[words->count++] = xz_store_bytes(word, size);
}

void xz_words_add(struct xz_words *words, const char *word)
{
    xz_words_add_bytes(words, word, strlen(word));
}

bool xz_words_has(const struct xz_words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++) {
        if (strcmp(words->at[i], word) == 0)
            return true;
    }
    return false;
}

void xz_words_split(struct xz_words *words, const char *text)
{
    for (;;) {
        text += strspn(text, " \t\n");
        size_t size = strcspn(text, " \t\n");
        if (size == 0)
            return;
        xz_words_add_bytes(words, text, size);
        text += size;
    }
}

void xz_words_free(struct xz_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->at[i]);
    free(words->at);
    *words = (struct xz_words){0};
}

/* The last star is the only one that needs to be tried again: linear in practice. */
bool xz_glob_match(const char *pattern, const char *name)
{
    const char *star = NULL;
    const char *retry = NULL;
    while (*name != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            retry = name;
        } else if (*pattern == '?' || *pattern == *name) {
            pattern++;
            name++;
        } else if (star != NULL) {
            pattern = star + 1;
            name = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

const char *xz_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

bool xz_ends_with(const char *text, const char *end)
{
    size_t size = strlen(text);
    size_t end_size = strlen(end);
    return size >= end_size && memcmp(text + size - end_size, end, end_size) == 0;
}
