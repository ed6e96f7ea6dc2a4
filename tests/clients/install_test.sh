#!/bin/sh
# SPDX-License-Identifier: 0BSD
# make install puts everything where a distribution and pkg-config expect it, and a
# program builds against the result, shared and static.
#
# Environment: BUILD, the build directory.

set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

check() { # check NAME COMMAND...
    name=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not ok $name"
        cat "$work/log"
    fi
}

if [ -n "${SANITIZED:-}" ]; then
    echo "skipped: a sanitized library is not installed"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi

check "install" make -C "$root" install B="$BUILD" DESTDIR="$work/root" PREFIX=/usr
usr=$work/root/usr
for path in bin/xz bin/unxz bin/xzcat bin/lzma bin/unlzma bin/lzcat \
    bin/xzdec bin/lzmadec bin/lzmainfo bin/xzdiff bin/xzcmp bin/xzgrep \
    bin/xzegrep bin/xzfgrep bin/xzless bin/xzmore bin/lzdiff bin/lzcmp bin/lzgrep bin/lzegrep \
    bin/lzfgrep bin/lzless bin/lzmore lib/liblzma.a \
    lib/liblzma.so lib/liblzma.so.5 lib/liblzma.so.5.8.3 lib/pkgconfig/liblzma.pc \
    lib/cmake/liblzma/liblzma-config.cmake lib/cmake/liblzma/liblzma-config-version.cmake \
    include/lzma.h include/lzma/container.h include/clearxz.h share/man/man1/xz.1 \
    share/man/man1/unxz.1 share/man/man1/xzgrep.1 share/man/man1/lzfgrep.1 share/man/man5/xz-output.5 \
    share/bash-completion/completions/xz share/bash-completion/completions/unlzma \
    share/zsh/site-functions/_xz share/fish/vendor_completions.d/lzmadec.fish; do
    check "$path" test -e "$usr/$path"
done
check "xz runs" sh -c "echo text | '$usr/bin/xz' | '$usr/bin/xzcat' | grep -q text"
check "version" grep -q '^Version: 5\.8\.3$' "$usr/lib/pkgconfig/liblzma.pc"

# Blanks and quotes in the path of the sources, and in that of the result.
odd="$work/it's a folder"
mkdir "$odd"
for part in Makefile sources.mk include lib tools; do
    cp -R "$root/$part" "$odd/$part"
done
check "sources in an odd folder" make -C "$odd" build/static/lib/base/alloc.o
object=$odd/build/static/lib/base/alloc.o
no_path() {
    test -f "$object" && ! grep -q "a folder" "$object"
}
names() { # of what was installed, but for files with the path in them, below folder $1
    (cd "$1" && find . ! -name "*.pc" ! -name "*.cmake" | sort)
}
same_names() {
    names "$usr" >"$work/names" && names "$work/my root/my usr" | cmp "$work/names" -
}
check "no path in what is built" no_path
check "install into an odd folder" make -C "$root" install B="$BUILD" DESTDIR="$work/my root" \
    PREFIX="/my usr"
check "the same files" same_names

program=$work/program.c
cat >"$program" <<'END'
#include <lzma.h>
#include <string.h>
int main(void) { return strcmp(lzma_version_string(), LZMA_VERSION_STRING); }
END
check "shared" cc -I"$usr/include" "$program" -L"$usr/lib" -llzma -o "$work/shared"
check "shared runs" env LD_LIBRARY_PATH="$usr/lib" "$work/shared"
check "static" cc -I"$usr/include" -DLZMA_API_STATIC "$program" "$usr/lib/liblzma.a" \
    -pthread -o "$work/static"
check "static runs" "$work/static"

# CMake, where it is installed: configure a project that asks for the package.
if command -v cmake >/dev/null 2>&1; then
    check "install to a real prefix" make -C "$root" install B="$BUILD" PREFIX="$work/real"
    mkdir "$work/project"
    cat >"$work/project/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.10)
project(client C)
find_package(liblzma 5.2 REQUIRED CONFIG)
add_executable(client ../program.c)
target_link_libraries(client liblzma::liblzma LibLZMA::LibLZMA)
END
    check "cmake finds it" cmake -S "$work/project" -B "$work/out" \
        -DCMAKE_PREFIX_PATH="$work/real"
    check "cmake builds" cmake --build "$work/out"
    check "cmake's program runs" "$work/out/client"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
