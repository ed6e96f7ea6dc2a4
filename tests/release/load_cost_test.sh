#!/bin/sh
# SPDX-License-Identifier: 0BSD
# What it costs a program to be linked with the library, in instructions until it ends.
#
# usage: load_cost_test.sh LIBRARY
#
# Counted by callgrind, against a program linked with an empty library, and against one
# with a bare library: no code, but the same names exported and asked of libc. Between
# these two lies what the names cost, some 800 instructions each; between the bare one
# and ours what we could save without losing a name. docs/assurance.md has the figures.
# Programs run without an environment: the loader looks at each variable. What is held
# are differences, which the rest of a program's start does not change.

set -u
if [ -n "${SANITIZED:-}" ]; then
    echo "skipped: this build has sanitizers"
    echo "1 passed, 0 failed"
    exit 0
fi
library=$(realpath "${1:-build/lib/liblzma.so.5}")
map=$(cd "$(dirname "$0")/../.." && pwd)/lib/api/liblzma.map
MOST_EMPTY=27500 # instructions more than with the empty library
MOST_BARE=3300   # more than with the bare one

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cd "$scratch" || exit 1
mkdir empty bare ours
echo 'int main(void) { return 0; }' >main.c
echo 'int empty(void); int empty(void) { return 0; }' >empty.c

# Names as they are in the symbol table become C, numbered, so that no header minds.
names() {
    nm -D "$@" "$library" | awk '{ print $NF }' | sed 's/@.*//' | sort -u
}
{
    names --undefined-only | awk '
        { print "extern void in" NR "(void) __asm__(\"" $0 "\");" }
        END { print "__attribute__((used)) static void (*const in[])(void) = {"
              for (i = 1; i <= NR; ++i) print "in" i ","
              print "};" }'
    names --defined-only | awk '$0 !~ /^(XZ|CLEARXZ)_/ {
        print "void out" NR "(void) __asm__(\"" $0 "\");"
        print "void out" NR "(void) {}" }'
} >bare.c

link() { # link TARGET C-FILE FLAGS...
    target=$1
    file=$2
    shift 2
    cc -O2 -shared -fPIC -pthread "$file" -o "$target/liblzma.so.5" \
        -Wl,-soname,liblzma.so.5,-z,relro,-z,now "$@" || exit 1
}
link empty empty.c
link bare bare.c -nostartfiles "-Wl,--version-script=$map"
cp "$library" ours/liblzma.so.5
cc -O2 main.c -o main -Wl,--no-as-needed "$scratch/empty/liblzma.so.5" || exit 1

valgrind=$(command -v valgrind) || exit 1
count() {
    env -i LD_LIBRARY_PATH="$scratch/$1" "$valgrind" --tool=callgrind \
        --callgrind-out-file=/dev/null ./main 2>&1 |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
passed=0
failed=0
ours=$(count ours)
judge() { # judge NAME MOST
    other=$(count "$1")
    more=$((ours - other))
    tenths=$((ours * 1000 / other))
    echo "ours $ours instructions, the $1 library $other: $more more," \
        "$((tenths / 10)).$((tenths % 10)) %, at most $2 more"
    if [ "$more" -le "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
}
judge empty "$MOST_EMPTY"
judge bare "$MOST_BARE"
# A library that does something when it is loaded is caught.
cat bare.c - >early.c <<'END'
static volatile int n;
__attribute__((constructor)) static void early(void) { while (n < 20000) n++; }
END
link bare early.c -nostartfiles "-Wl,--version-script=$map"
early=$(count bare)
if [ "$((early - ours))" -gt "$MOST_BARE" ]; then
    passed=$((passed + 1))
else
    echo "work at load goes unseen: $early instructions"
    failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
