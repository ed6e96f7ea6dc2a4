#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# Names with dashes, spaces, newlines and without any sense.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 3000 >plain
newline=$(printf 'a\nb')
tab=$(printf 'tab\there')
bytes=$(printf 'x\001\377\033y')
for name in -dash --help -z -- 'with space' "$newline" "$tab" "$bytes" '*' '?' '[a]' \
    '\back' "\$(x)" '%s%n' .hidden ..dots 'quote"' "quote'"; do
    cp -- plain "./$name"
    xz -- "$name" && [ -f "./$name.xz" ] && [ ! -e "./$name" ]
    equal "compress $(printf %s "$name" | tr -c '[:alnum:]' _)" $? 0
    xz -d -- "$name.xz" && cmp -s plain "./$name"
    equal "decompress $(printf %s "$name" | tr -c '[:alnum:]' _)" $? 0
    rm -f -- "./$name"
done

long=$(printf '%0250d' 0)
cp plain "$long"
status "name of 250 bytes" 0 xz "$long"
long=$(printf '%0253d' 0)
cp plain "$long"
status "no room for the suffix" 1 xz "$long"
exists "no room for the suffix: source there" "$long"

mkdir -p d/e/f
cp plain d/e/f/g
status "path" 0 xz d/e/f/g
exists "path: target beside the source" d/e/f/g.xz
status "path with //" 0 xz -d d/e//f/./g.xz
cp plain "$work/abs"
status "absolute path" 0 xz "$work/abs"

# A dash alone is standard input.
cp plain ./-
xz - <plain >out.xz && xz -dc out.xz >got
same "dash is standard input" plain got
exists "file named dash untouched" ./-
status "file named dash by path" 0 xz ./-
exists "file named dash: target" ./-.xz

finish
