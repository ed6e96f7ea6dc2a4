#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# -T, --block-size and --block-list: Blocks are where they should be.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 400000 >plain
# sizes FILE: uncompressed sizes of its Blocks; flags FILE: what headers contain
sizes() {
    xz --robot -lv "$1" | awk '$1 == "block" { printf "%s%s", sep, $8; sep = "," }'
}
flags() {
    xz --robot -lvv "$1" | awk '$1 == "block" { print $13 }' | sort -u | tr -d '\n'
}
# blocks NAME SIZES OPTIONS...
blocks() {
    name=$1
    want=$2
    shift 2
    xz -c "$@" plain >b.xz
    equal "$name" "$(sizes b.xz)" "$want"
    xz -dc b.xz | cmp -s - plain
    equal "$name: data" $? 0
}

blocks "one thread" 400000 -T1
equal "one thread: no sizes in headers" "$(flags b.xz)" --
blocks "one thread, threaded" 400000 -T+1
equal "one thread, threaded: sizes in headers" "$(flags b.xz)" cu
blocks "default" 400000
equal "default: sizes in headers" "$(flags b.xz)" cu
blocks "-T2 --block-size" 150000,150000,100000 -T2 --block-size=150000
equal "-T2 --block-size: sizes in headers" "$(flags b.xz)" cu
blocks "-T1 --block-size" 150000,150000,100000 -T1 --block-size=150000
equal "-T1 --block-size: no sizes in headers" "$(flags b.xz)" --
blocks "exact multiple" 200000,200000 -T1 --block-size=200000
blocks "exact multiple, threads" 200000,200000 -T2 --block-size=200000
for t in -T1 -T2; do
    blocks "list $t" 100000,200000,100000 $t --block-list=100000,200000,0
    blocks "list with repetition $t" 100000,100000,100000,100000 $t --block-list=100000
    blocks "list, last is repeated $t" 250000,75000,75000 $t --block-list=250000,75000
    blocks "list with empty items $t" 90000,90000,90000,130000 $t --block-list=90000,,,0
    blocks "list to the end $t" 400000 $t --block-list=0
    blocks "list and size $t" 50000,80000,20000,80000,80000,80000,10000 $t \
        --block-size=80000 --block-list=50000,100000,0
    blocks "list with chains $t" 100000,100000,200000 $t --filters1='delta lzma2' \
        --filters2='lzma2:preset=0' --block-list=1:100000,2:100000,0:0
    equal "list with chains $t: chains" "$(xz --robot -lvv b.xz |
        awk '$1 == "block" { printf "%s;", $16 $17 }')" \
        "--delta=dist=1--lzma2=dict=8MiB;--lzma2=dict=256KiB;--lzma2=dict=8MiB;"
done
status "chain that is not there" 1 xz -c --block-list=3:100,0 plain
status "0 in the middle" 1 xz -c --block-list=100,0,100 plain
status "empty list" 1 xz -c --block-list= plain
status "word in a list" 1 xz -c --block-list=100,2:x1 plain
contains "word in a list: names the item" err "block-list: item 2, '2:x1': not a "
status "list that begins with nothing" 1 xz -c --block-list=,100 plain

# The number of threads does not change the bytes, but for -T1.
for options in '--block-size=60000' '--block-list=50000,70000' '-9 --block-size=1MiB'; do
    xz -T+1 $options -c plain >t1.xz
    for threads in 0 2 3 8; do
        xz -T$threads $options -c plain >t.xz
        same "$options: -T+1 and -T$threads" t1.xz t.xz
    done
done

for threads in 1 +1 2 0 8; do
    xz -T2 --block-size=30000 -c plain | xz -dc -T$threads | cmp -s - plain
    equal "decompress with -T$threads" $? 0
    xz -T1 -c plain | xz -dc -T$threads | cmp -s - plain
    equal "decompress one Block with -T$threads" $? 0
done
status "-T max" 0 xz -t -Tmax t.xz

finish
