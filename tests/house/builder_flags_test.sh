#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Flags that distributions and people who debug give to make do not stop the build.
#
# usage: builder_flags_test.sh [LIBRARY]
#
# Warnings are errors here, so a macro of _FORTIFY_SOURCE that the builder defines too, or
# intrinsics that are macros without optimization, would be. One file is built with each
# set of flags; those with intrinsics without optimization. A compiler that warns of more
# than those that are tried here is for WERROR=.

set -u
cd "$(dirname "$0")/../.." || exit 1
if [ -n "${SANITIZED:-}" ]; then
    echo "skipped: the same text as in the ordinary build"
    echo "1 passed, 0 failed"
    exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset LD_PRELOAD CFLAGS CPPFLAGS MAKEFLAGS MFLAGS WERROR

passed=0
failed=0
builds() { # NAME WHAT... : object files are made, by make with these arguments
    name=$1
    shift
    if said=$(make -j2 B="$scratch/b" "$@" 2>&1); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'not ok %s\n%s\n' "$name" "$said" | head -n 20
    fi
}
again() { # the same with nothing left of the one before
    rm -rf "$scratch/b"
    builds "$@"
}

one=$scratch/b/static/lib/base/alloc.o
for compiler in gcc clang; do
    again "$compiler, as Arch" CC=$compiler CFLAGS="-O2 -Wp,-D_FORTIFY_SOURCE=3" "$one"
    again "$compiler, as Fedora" CC=$compiler "$one" \
        CFLAGS="-O2 -Wp,-U_FORTIFY_SOURCE,-D_FORTIFY_SOURCE=3"
    again "$compiler, as Debian" CC=$compiler "$one" CFLAGS="-g -O2 -Wformat" \
        CPPFLAGS="-Wdate-time -D_FORTIFY_SOURCE=2"
    again "$compiler, defined by the compiler" "$one" \
        CC="$compiler -D_FORTIFY_SOURCE=3" CFLAGS=-O2
    again "$compiler, link-time optimization" CC=$compiler "$one" CFLAGS="-O1 -flto"
done

echo '#warning "what another compiler warns of"' >"$scratch/warn.h"
for compiler in gcc clang; do
    set -- CC=$compiler CFLAGS="-O2 -include $scratch/warn.h" "$one"
    rm -rf "$scratch/b"
    if make B="$scratch/b" "$@" >/dev/null 2>&1; then
        failed=$((failed + 1))
        echo "not ok $compiler: a warning is an error"
    else
        again "$compiler, WERROR=" WERROR= "$@"
    fi
done

objects=
for file in lib/*/*_x86.c lib/*/*_arm64.c; do
    objects="$objects $scratch/b/static/${file%.c}.o"
done
for flags in "gcc -O0" "gcc -Og" "clang -O0"; do
    # shellcheck disable=SC2086 # one word an object
    again "$flags" CC="${flags% *}" CFLAGS="-g ${flags#* }" $objects
done

# Link-time optimization must leave the second names of functions where they are.
versioned=$(grep -l XZ_DEFAULT_5_2 lib/api/*.c)
objects=
for file in $versioned; do
    objects="$objects $scratch/b/shared/${file%.c}.o"
done
for compiler in gcc clang; do
    # shellcheck disable=SC2086
    again "$compiler -flto" CC="$compiler" CFLAGS="-O1 -flto" $objects
    # shellcheck disable=SC2086
    said=$(gcc -shared -nostdlib -flto -flto-partition=max -Wl,--version-script=lib/api/liblzma.map \
        -o "$scratch/some.so" $objects 2>&1 && nm -D "$scratch/some.so")
    count=$(printf '%s\n' "$said" | grep -cE ' lzma_[a-z_]*(@@XZ_5\.2|@XZ_5\.2\.2)$')
    if [ "$count" -eq 10 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'not ok %s -flto: %s versions\n%s\n' "$compiler" "$count" "$said" | head -n 20
    fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
