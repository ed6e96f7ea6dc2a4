#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# --benchmark: a line for each level and number of threads, sizes that are true.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 20000 >a
status "one level" 0 xz --benchmark -0 -T2 a
contains "one level: heading" out '^a: 20000 bytes$'
size=$(xz -0 -T2 -c a | wc -c)
equal "one level: true size" "$(awk 'NR == 3 { print $1, $2, $3 }' out)" "0 2 $size"
equal "one level: one line" "$(wc -l <out)" 3
equal "nothing is written" "$(echo a*)" "a"
status "filters" 0 xz --benchmark -T1 --filters=delta--lzma2:preset=1 a
contains "filters: named so" out '^filters  *1 '
status "standard input" 0 xz --benchmark -1 -T1 <a
contains "standard input: name" out '^(stdin): 20000 bytes$'
: >empty
status "empty file" 2 xz --benchmark -T1 empty
contains "empty file: says so" err 'empty: Is empty, nothing to measure$'
equal "empty file: no more" "$(cat out err | wc -l)" 1
status "several files, one missing" 1 xz --benchmark -0 -T1 a missing empty
contains "missing: says so" err 'missing: No such file'
equal "the others are done" "$(grep -c bytes out)" 1
status "a limit of memory" 2 xz --benchmark -1 -T1 -M 2MiB a
contains "a limit of memory: says so" err 'needs .* the limit is 2 MiB'
for wrong in --effort=max --block-list=1KiB; do
    status "with $wrong, which it would not measure" 1 xz --benchmark -0 $wrong a
    contains "with $wrong: says so" err "${wrong%=1KiB}.* cannot be used with it"
done
if [ -z "${SANITIZED:-}" ]; then # memory of -9
    head -c 200 a >small
    status "all levels" 0 xz --benchmark -T1 small
    equal "all levels: lines" "$(awk 'NR > 2 { print $1 }' out | tr '\n' ' ')" \
        "0 1 2 3 4 5 6 7 8 9 "
else
    skip "all levels" "too slow with sanitizers"
fi

finish
