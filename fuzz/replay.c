// SPDX-License-Identifier: 0BSD
// Runs a harness without a fuzzer, over files or over chance:
//
//     replay FILE...
//     replay --seeds FIRST COUNT
//
// Each file is given whole, and in all of its prefixes up to 600 bytes, since what a
// fuzzer finds first is a file that ends early. A seed makes an input of random bytes;
// if it ends the program, its number is told.

#include "feed.h"
#include "support/data.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PREFIX_MAX 600
#define RANDOM_MAX 2048

/* In memory of exactly size bytes, so that sanitizers see every byte too many. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL)
        abort();
    if (size > 0)
        memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static int run_file(const char *path)
{
    static uint8_t data[1 << 20];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    const size_t size = fread(data, 1, sizeof(data), file);
    fclose(file);
    run(data, size);
    for (size_t prefix = 0; prefix < size && prefix < PREFIX_MAX; prefix += 7)
        run(data, prefix);
    return 0;
}

static void run_seed(unsigned long seed)
{
    uint8_t data[2 + RANDOM_MAX];
    fill_random(data, sizeof(data), seed);
    run(data + 2, 1 + (data[0] << 8 | data[1]) % RANDOM_MAX);
}

/* In a child, so that the seed at which it ended is known. Returns an exit status. */
static int run_seeds(unsigned long first, unsigned long count)
{
    unsigned long *const seed = mmap(NULL, sizeof(*seed), PROT_READ | PROT_WRITE,
                                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (seed == MAP_FAILED)
        abort();
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        for (*seed = first; *seed < first + count; ++*seed)
            run_seed(*seed);
        exit(0);
    }
    int status = 1;
    if (child < 0 || waitpid(child, &status, 0) != child)
        abort();
    if (status != 0)
        printf("not ok, status %#x; again with: --seeds %lu 1\n", (unsigned)status,
               *seed);
    printf("%lu passed, %d failed\n", *seed - first, status != 0);
    return status != 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--seeds") == 0)
        return run_seeds(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
    int failed = 0;
    for (int i = 1; i < argc; ++i)
        failed += run_file(argv[i]);
    printf("%d passed, %d failed\n", argc - 1 - failed, failed);
    return failed > 0;
}
