#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# --files and --files0 read names.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 3000 >plain
fresh() {
    for name in a b 'c d' -; do
        rm -f "./$name" "./$name.xz"
        cp plain "./$name"
    done
}

fresh
printf 'a\nc d\n' >list
status "--files=FILE" 0 xz --files=list
exists "--files=FILE: done" a.xz 'c d.xz' b
fresh
printf 'a\0c d\0' >list0
status "--files0=FILE" 0 xz --files0=list0
exists "--files0=FILE: done" a.xz 'c d.xz' b
fresh
printf 'a\nb\n' | xz --files
equal "--files" $? 0
exists "--files: done" a.xz b.xz
fresh
printf 'a\0b\0' | xz --files0
equal "--files0" $? 0
exists "--files0: done" a.xz b.xz
fresh
printf -- '-\n' >list
status "dash is a file there" 0 xz --files=list
exists "dash is a file there: done" ./-.xz
fresh
printf 'b\n' >list
status "names before those of the list" 0 xz --files=list a
exists "names before those of the list: done" a.xz b.xz
fresh
printf '\n\na\n\n' >list
status "empty lines" 0 xz --files=list
: >list
status "empty list" 0 xz --files=list
printf 'a' >list
fresh
status "name without end" 1 xz --files=list
contains "name without end: message" err "Unexpected end of input"
exists "name without end: not done" a
printf 'a\0' >list
status "null byte in --files" 1 xz --files=list
contains "null byte in --files: message" err "files0"
status "missing list" 1 xz --files=missing
status "two lists" 1 xz --files=list --files0=list0
printf 'missing\na\n' >list
status "missing name" 1 xz --files=list
exists "missing name: next one done" a.xz
status "standard input twice" 1 xz --files - </dev/null
printf 'a.xz\n' | xz -l --files >out
contains "list by --files" out 'a.xz$'
long=$(printf '%0200d' 0)
{
    i=0
    while [ $i -lt 20 ]; do
        printf '%s/' "$long"
        i=$((i + 1))
    done
    echo
} >list
status "very long name" 1 xz --files=list

finish
