// SPDX-License-Identifier: 0BSD
// Runs a harness over files without a fuzzer: replay FILE...
//
// Each file is given whole, and in all of its prefixes up to 600 bytes, since what a
// fuzzer finds first is a file that ends early.

#include "feed.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX_MAX 600

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

int main(int argc, char **argv)
{
    int failed = 0;
    for (int i = 1; i < argc; ++i)
        failed += run_file(argv[i]);
    printf("%d passed, %d failed\n", argc - 1 - failed, failed);
    return failed > 0;
}
