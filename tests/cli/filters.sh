#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# Filter chains from options and from strings.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 50000 >plain
chain() {
    xz --robot -lvv "$1" | awk -F'\t' '$1 == "block" { print $16; exit }'
}
# makes NAME CHAIN OPTIONS...
makes() {
    name=$1
    want=$2
    shift 2
    xz -c "$@" plain >f.xz 2>err
    equal "$name" "$(chain f.xz)" "$want"
    xz -dc f.xz | cmp -s - plain
    equal "$name: data" $? 0
}

makes "preset" --lzma2=dict=4MiB -4
makes "lzma2" --lzma2=dict=8MiB --lzma2
makes "dict" --lzma2=dict=64KiB --lzma2=dict=64KiB
makes "dict rounded up" --lzma2=dict=96KiB --lzma2=dict=70000
makes "preset in lzma2" --lzma2=dict=1MiB --lzma2=preset=1e
makes "later preset clears" --lzma2=dict=1MiB --x86 --lzma2=dict=4KiB -1
makes "later filter clears the preset" --lzma2=dict=8MiB -1 --lzma2
makes "extra commas" --lzma2=dict=64KiB --lzma2=,,dict=64KiB,,lc=0,
for name in x86 arm armthumb arm64 powerpc ia64 sparc; do
    makes "$name" "--$name --lzma2=dict=8MiB" --$name --lzma2
    makes "$name by string" "--$name --lzma2=dict=8MiB" --filters="$name lzma2"
done
makes "start" "--x86=start=16 --lzma2=dict=8MiB" --x86=start=16 --lzma2
makes "delta" "--delta=dist=7 --lzma2=dict=8MiB" --delta=dist=7 --lzma2
makes "four filters" "--delta=dist=1 --x86 --arm --lzma2=dict=1MiB" \
    --delta --x86 --arm --lzma2=preset=1
makes "string with preset" --lzma2=dict=64MiB --filters=9e
makes "string with dashes" "--delta=dist=2 --lzma2=dict=1MiB" \
    --filters='--delta=dist=2--lzma2=preset=1'
makes "string with colons" "--delta=dist=2 --lzma2=dict=1MiB" \
    --filters='delta:dist=2 lzma2:preset=1'
makes "string clears options" --lzma2=dict=1MiB --x86 --lzma2 --filters=lzma2:dict=1MiB

for wrong in --x86 '--lzma2 --lzma2' --lzma1 '--lzma2 --x86' \
    '--x86 --x86 --x86 --x86 --lzma2' --lzma2=dict=1 --lzma2=dict=2GiB --lzma2=lc=5 \
    --lzma2=lc=4,lp=1 --lzma2=foo=1 --lzma2=dict --lzma2=dict= --lzma2=mf=x --lzma2=mode=1 \
    --lzma2=nice=1 --lzma2=nice=274 --lzma2=preset=10 --lzma2=preset=x --delta=dist=0 \
    --delta=dist=257 --x86=start=x --x86=foo --filters=foo --filters= \
    --filters=lzma2:dict=1 --filters1=x '-Flzma --lzma2' '-Flzma --x86 --lzma1'; do
    status "refused: $wrong" 1 xz -c $wrong plain
    if [ -s err ]; then ok "refused: $wrong: message"; else not_ok "refused: $wrong: message"; fi
done
status "filters are ignored when decompressing" 0 xz -dc --x86 f.xz
xz --filters-help >out
contains "--filters-help" out lzma2
xz -Flzma --lzma1=preset=2,lc=1,lp=2,pb=0 -c plain | xz -dc >got
same "lzma1" plain got
xz -Fraw --filters='x86 lzma1:dict=1MiB' -c plain | xz -dc -Fraw --filters='x86 lzma1:dict=1MiB' >got
same "raw by string" plain got
xz -Fraw --x86 --lzma2=dict=1MiB,lc=1 -c plain >plain.raw
status "raw, decoded with -vv" 0 xz -Fraw -dvvc --x86 --lzma2=dict=1MiB,lc=1 plain.raw
contains "raw, decoded with -vv: filters" err 'Filter chain: --x86 --lzma2=dict=1MiB'

finish
