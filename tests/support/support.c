// SPDX-License-Identifier: 0BSD
// Guarded buffers, the failing allocator, files and hexadecimal text for C tests.

#define _DEFAULT_SOURCE // MAP_ANONYMOUS

#include "support/support.h"
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- Buffers that end at a page that must not be touched ---- */

struct guard guard_make(const void *data, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t room = (size + page - 1) / page * page;
    struct guard guard = {.size = size, .map_size = room + page};
    guard.map = mmap(NULL, guard.map_size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(guard.map != MAP_FAILED);
    assert_int_equal(mprotect(guard.map + room, page, PROT_NONE), 0);
    guard.start = guard.map + room - size;
    if (data != NULL && size > 0)
        memcpy(guard.start, data, size);
    return guard;
}

void guard_free(struct guard *guard)
{
    munmap(guard->map, guard->map_size);
    guard->start = NULL;
}

/* ---- The allocator ---- */

/* In front of each allocation; live ones are linked. */
struct counter_block {
    struct counter_block *next;
    size_t size;
    _Alignas(16) uint8_t bytes[];
};

static void *counter_alloc(void *opaque, size_t nmemb, size_t size)
{
    struct counter *counter = opaque;
    struct counter_block *block = NULL;
    pthread_mutex_lock(&counter->mutex);
    ++counter->count;
    const bool fails = counter->left == 0 || nmemb != 1;
    if (counter->left > 0 || (fails && counter->fails_once))
        --counter->left;
    if (!fails)
        block = malloc(sizeof(*block) + size);
    if (block != NULL) {
        block->next = counter->blocks;
        block->size = size;
        counter->blocks = block;
        ++counter->live;
        counter->bytes += size;
        if (counter->bytes > counter->peak)
            counter->peak = counter->bytes;
    }
    pthread_mutex_unlock(&counter->mutex);
    if (block == NULL)
        return NULL;
    memset(block->bytes, 0xAA, size);
    return block->bytes;
}

/* Takes the block with these bytes out of the list, or returns NULL. */
static struct counter_block *unlink_block(struct counter *counter, const void *bytes)
{
    struct counter_block **link = &counter->blocks;
    while (*link != NULL && (*link)->bytes != bytes)
        link = &(*link)->next;
    struct counter_block *block = *link;
    if (block != NULL)
        *link = block->next;
    return block;
}

static void counter_free(void *opaque, void *ptr)
{
    struct counter *counter = opaque;
    if (ptr == NULL)
        return;
    pthread_mutex_lock(&counter->mutex);
    struct counter_block *block = unlink_block(counter, ptr);
    if (block == NULL) {
        ++counter->wrong_frees;
    } else {
        counter->bytes -= block->size;
        --counter->live;
    }
    pthread_mutex_unlock(&counter->mutex);
    if (block != NULL) {
        memset(block->bytes, 0xDD, block->size);
        free(block);
    }
}

void counter_init(struct counter *counter, long left)
{
    *counter = (struct counter){
        .allocator = {counter_alloc, counter_free, counter},
        .left = left,
    };
    pthread_mutex_init(&counter->mutex, NULL);
}

void counter_check(struct counter *counter)
{
    const long live = counter->live;
    while (counter->blocks != NULL)
        free(unlink_block(counter, counter->blocks->bytes));
    pthread_mutex_destroy(&counter->mutex);
    assert_int_equal(live, 0);
    assert_int_equal(counter->wrong_frees, 0);
}

/* ---- Bytes from elsewhere ---- */

uint8_t *file_read(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    size_t capacity = 65536;
    size_t size = 0;
    uint8_t *bytes = malloc(capacity);
    while (bytes != NULL) {
        size += fread(bytes + size, 1, capacity - size, file);
        if (size < capacity)
            break;
        capacity *= 2;
        uint8_t *larger = realloc(bytes, capacity);
        if (larger == NULL)
            free(bytes);
        bytes = larger;
    }
    if (bytes != NULL && ferror(file)) {
        free(bytes);
        bytes = NULL;
    }
    fclose(file);
    if (bytes != NULL)
        *ret_size = size;
    return bytes;
}

size_t hex_parse(const char *text, uint8_t *out, size_t capacity)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t nibbles = 0;
    for (; *text != '\0'; ++text) {
        if (*text == ' ')
            continue;
        const char *digit = strchr(digits, *text);
        assert_non_null(digit);
        assert_true(nibbles / 2 < capacity);
        const uint8_t value = (uint8_t)(digit - digits);
        const uint8_t high = nibbles % 2 == 0 ? 0 : out[nibbles / 2];
        out[nibbles / 2] = (uint8_t)(high << 4 | value);
        ++nibbles;
    }
    assert_int_equal(nibbles % 2, 0);
    return nibbles / 2;
}
