#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2046,SC2086,SC2317 # words are split on purpose; functions by name
# Errors tell the Block, its place, the cause, and what is intact.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 400000 >a
xz -T2 -0 --block-size=20000 -k a
cp a.xz good.xz
blocks=20

# place N   where Block N begins, and where it ends
place() {
    xz --robot -lv good.xz |
        awk -v n="$1" '$1 == "block" && $4 == n { print $5, $5 + $7 }'
}

# hit OFFSET   a.xz with two bytes changed there
hit() {
    cp good.xz a.xz
    printf '\125\252' | dd of=a.xz bs=1 seek="$1" conv=notrunc 2>/dev/null
}

# says NAME REGEX   with one thread and with several, as a file
says() {
    for threads in 1 3; do
        status "$1, -T$threads" 1 xz -t -T$threads a.xz
        contains "$1, -T$threads: message" err "a.xz: Compressed data is corrupt: $2\$"
        equal "$1, -T$threads: one line" "$(wc -l <err)" 1
    done
}

for n in 1 2 17 $blocks; do
    set -- $(place $n)
    at=$(echo "$1" | sed 's/\([0-9]\)\([0-9][0-9][0-9]\)$/\1,\2/')
    case $n in
    1) before='no Block is before it' ;;
    2) before='1 Block before it is intact' ;;
    *) before="$((n - 1)) Blocks before it are intact" ;;
    esac
    block="Block $n of $blocks at byte $at: "
    hit $(($2 - 8))
    says "Check of Block $n" "${block}CRC64 does not match; $before"
    hit $(($1 + 3))
    says "header of Block $n" "${block}its header is damaged; $before"
    hit $((($1 + $2) / 2))
    says "data of Block $n" "${block}\(its data is damaged behind output byte [0-9,]*\|CRC64 does not match\); $before"
done

# Without an end there is no Index; headers with sizes tell as well.
set -- $(place 17)
head -c $(($2 - 100)) good.xz >a.xz
for threads in 1 3; do
    status "cut off, -T$threads" 1 xz -t -T$threads a.xz
    contains "cut off, -T$threads: message" err \
        'a.xz: Unexpected end of input: after [0-9,]* bytes of input and [0-9,]* bytes of output; Block 17 at byte [0-9,]* is cut off; 16 Blocks before it are whole$'
done

# Where nothing can be looked at twice, the amounts are told.
hit $(($2 - 8))
status "from a pipe" 1 sh -c "cat a.xz | '$XZ' -t"
contains "from a pipe: message" err \
    '(stdin): Compressed data is corrupt: after [0-9]*,[0-9]* bytes of input and 3[0-9,]* bytes of output$'

# An old file without sizes, and one of several Streams.
xz -T1 -0 <a >a.xz
size=$(wc -c <a.xz)
cp a.xz good.xz
hit $((size / 2))
says "one Block" "Block 1 of 1 at byte 12: its data is damaged behind output byte [0-9,]*; no Block is before it"
cat good.xz good.xz >two.xz
cp two.xz good.xz
hit $((size * 3 / 2))
says "second Stream" "Block 2 of 2 at byte [0-9,]*: its data is damaged behind output byte [0-9,]*; 1 Block before it is intact"

finish
