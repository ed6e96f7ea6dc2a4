#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Every fuzzing harness over every fourth conformance vector, without a fuzzer. Harnesses of
# encoders' calls have a test of their own, roundtrip/enc_calls_test.sh.
#
# Environment: BUILD, the build directory.

set -u
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
/usr/bin/python3 "$here/assemble.py" "$folder" >/dev/null || exit 1
seeds=$(find "$folder" -name '*.in' | sort | awk 'NR % 4 == 1')
passed=0
failed=0
for program in "$BUILD"/replay/fuzz_*; do
    case $program in *_enc_calls | *_enc_texts) continue ;; esac
    [ -x "$program" ] || continue
    # shellcheck disable=SC2086  # names of vectors have no blanks
    if "$program" $seeds >"$folder/said" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'not ok %s\n' "$program"
        tail -n 30 "$folder/said"
    fi
done
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
