#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Random sequences of calls on encoders, and long texts, from fixed seeds:
# fuzz/fuzz_enc_calls.c, fuzz/fuzz_enc_texts.c.
#
# usage: enc_calls_test.sh LIBRARY [FIRST COUNT [TEXTS]]
# Environment: BUILD, the build directory; SANITIZED, which chooses other seeds, and fewer.

set -u
first=1
count=1500
texts=30
if [ -n "${SANITIZED-}" ]; then
    first=100001
    count=300
    texts=3
fi
first=${2:-$first}
passed=0
failed=0
run() { # HARNESS COUNT
    said=$("$BUILD/replay/$1" --seeds "$first" "$2" 2>&1)
    case $said in
    *" 0 failed") passed=$((passed + $2)) ;;
    *)
        failed=$((failed + 1))
        printf 'not ok %s\n%s\n' "$1" "$said"
        ;;
    esac
}
run fuzz_enc_calls "${3:-$count}"
run fuzz_enc_texts "${4:-$texts}"
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
