#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# Names of targets follow from names of sources.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 5000 >plain

# decompresses NAME TARGET [OPTIONS]: decompressing the file makes TARGET
decompresses() {
    source=$1
    target=$2
    shift 2
    if xz -dk "$@" "$source" && [ -f "$target" ] && cmp -s plain "$target"; then
        ok "$source $*"
    else
        not_ok "$source $*"
    fi
    rm -f "$target"
}

xz -c plain >x.xz
xz -Flzma -c plain >x.lzma
cp x.xz x.txz
cp x.lzma x.tlz
cp x.xz x.tar.xz
cp x.xz x.foo
cp x.xz xfoo
cp x.xz odd.lzma
decompresses x.xz x
decompresses x.lzma x
decompresses x.txz x.tar
decompresses x.tlz x.tar
decompresses x.tar.xz x.tar
decompresses odd.lzma odd
decompresses x.foo x -S.foo
decompresses x.foo x. -Sfoo
decompresses xfoo x -S foo
decompresses x.xz x --suffix=.foo

status "unknown suffix" 2 xz -dk x.foo
contains "unknown suffix: message" err "x.foo.*suffix"
cp x.xz .xz
status "nothing before the suffix" 2 xz -dk .xz
mkdir dir
cp x.xz dir/.xz
status "nothing before the suffix in a directory" 2 xz -dk dir/.xz

for options in '' -T1 -Fxz; do
    for name in y.xz y.txz; do
        cp plain $name
        status "already $name $options" 2 xz $options $name
        exists "already $name $options: still there" $name
        rm $name
    done
done
cp plain y.lzma
status ".lzma into .xz" 0 xz y.lzma
exists ".lzma into .xz: target" y.lzma.xz
cp plain y.lzma
status "already .lzma" 2 xz -Flzma y.lzma
cp plain y
status "-S.bar" 0 xz -S.bar y
exists "-S.bar: target" y.bar
cp plain z.bar
status "already -S.bar" 2 xz -S.bar z.bar

for suffix in '' / a/b; do
    status "suffix '$suffix' refused" 1 xz -k -S "$suffix" plain
done
status "raw needs a suffix" 1 xz -k -Fraw --lzma2 plain
status "raw with a suffix" 0 xz -k -Fraw --lzma2 -S.raw plain
mv plain.raw p.raw
status "raw back" 0 xz -dk -Fraw --lzma2 -S.raw p.raw
same "raw back: contents" plain p

finish
