#!/bin/sh
# SPDX-License-Identifier: 0BSD
# The programs in examples/ are built as a user of the installed library would, and run.
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

same_after() { # same_after PACK UNPACK: a round trip through two shell commands
    sh -c "$1" <"$work/data" >"$work/packed" && sh -c "$2" <"$work/packed" \
        >"$work/back" && cmp "$work/data" "$work/back"
}

sanitize=
[ -z "${SANITIZED:-}" ] || sanitize=-fsanitize=address,undefined

build() {
    # shellcheck disable=SC2086  # flags are words
    ${CC:-cc} -std=gnu11 -O2 -Wall -Wextra -Werror $sanitize \
        -I"$root/include" "$root/examples/$1.c" "$BUILD/lib/liblzma.a" -pthread \
        -o "$work/$1"
}

for example in compress_easy decompress filter_chain threads read_at; do
    check "build $example" build "$example"
done

cat "$root"/lib/*/*.[ch] "$root"/docs/*.md >"$work/data"
check "easy" same_after "$work/compress_easy 3" "$work/decompress"
check "filters" same_after "$work/filter_chain" "$work/decompress"
check "threads" same_after "$work/threads" "$work/threads -d"
check "no input" sh -c "! '$work/decompress' </dev/null"
check "bad filter string" sh -c "! '$work/filter_chain' x87 <'$work/data'"

"$XZ" -T2 --block-size=20KiB -k -c "$work/data" >"$work/blocks.xz"
check "read_at" sh -c "'$work/read_at' '$work/blocks.xz' 50000 >'$work/part' &&
    tail -c +50001 '$work/data' | cmp -n 11440 - '$work/part'"
check "read_at behind the end" sh -c "! '$work/read_at' '$work/blocks.xz' 999999999"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
