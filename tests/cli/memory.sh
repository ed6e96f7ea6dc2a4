#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# Memory limits: threads, then dictionaries, then refusal.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

text 100000 >plain
dict() {
    xz --robot -lvv "$1" | awk -F'\t' '$1 == "block" { print $16; exit }'
}

status "enough" 0 xz -T1 --memlimit-compress=200MiB -c plain
equal "enough: silent" "$(cat err)" ""
status "smaller dictionary" 0 xz -T1 --memlimit-compress=50MiB -c plain
contains "smaller dictionary: message" err "dictionary size from 8 MiB to [0-9]* MiB"
cp out a.xz
if [ "$(dict a.xz)" = --lzma2=dict=8MiB ]; then
    not_ok "smaller dictionary: in the file"
else
    ok "smaller dictionary: in the file"
fi
status "smaller dictionary, -q" 0 xz -q -T1 --memlimit-compress=50MiB -c plain
equal "smaller dictionary, -q: silent" "$(cat err)" ""
status "--no-adjust" 1 xz -T1 --no-adjust --memlimit-compress=50MiB -c plain
contains "--no-adjust: message" err "limit"
# What XZ Utils needs for these presets is enough, without a smaller dictionary.
for pair in 4:48 6:94 7:186 8:370 9:674; do
    status "limit of XZ Utils, -$pair" 0 \
        xz -T1 --no-adjust --memlimit-compress="${pair#*:}MiB" -"${pair%:*}" -c plain
    status "limit of XZ Utils, -$pair, may adjust" 0 \
        xz -T1 --memlimit-compress="${pair#*:}MiB" -"${pair%:*}" -c plain
    equal "limit of XZ Utils, -$pair: dictionary stays" "$(cat err)" ""
done
status "raw is never adjusted" 1 xz -Fraw --lzma2 --memlimit-compress=50MiB -c plain
status ".lzma is adjusted" 0 xz -Flzma --memlimit-compress=50MiB -c plain
contains ".lzma is adjusted: message" err "LZMA1"
status "far too low" 1 xz -T1 -9 --memlimit-compress=1MiB -c plain
# What is told as required is enough.
need=$(sed -n 's/.*: \([0-9]*\) MiB is required.*/\1/p' err)
status "far too low: $need MiB" 0 xz -T1 -9 --memlimit-compress="${need:-0}MiB" -c plain
contains "far too low: smallest dictionary" err "to 1 MiB to not exceed"
status "fewer threads" 0 xz -vv -T4 --memlimit-compress=400MiB -c plain
contains "fewer threads: message" err "threads from 4 to [123] "
status "fewer threads, silent without -vv" 0 xz -T4 --memlimit-compress=400MiB -c plain
equal "fewer threads: silent" "$(cat err)" ""
status "leaner finder before one thread" 0 \
    xz -vv -T4 --memlimit-compress=300MiB -c plain
contains "leaner finder before one thread: two threads" err "threads from 4 to 2 "
contains "leaner finder before one thread: finder" err "match finder bt3"
status "no threads" 0 xz -T4 --memlimit-compress=120MiB -c plain
contains "no threads: message" err "single-threaded"
equal "no threads: one line" "$(wc -l <err)" 1
status "no threads, smaller dictionary" 0 xz -T2 --memlimit-compress=20MiB -c plain
contains "no threads, smaller dictionary: message" err \
    "single-threaded mode and adjusted LZMA2 dictionary size from 8 MiB to 1 MiB"
equal "no threads, smaller dictionary: one line" "$(wc -l <err)" 1
status "far too low, with threads" 1 xz -T2 --memlimit-compress=1MiB -c plain
equal "far too low, with threads: one line" "$(wc -l <err)" 1
status "bt2 only where it takes less" 1 xz -9 -T1 -M590MiB --no-adjust -vv -c plain
equal "bt2 only where it takes less: message" "$(grep -c bt2 err)" 0
status "finders with threads: bt3 where two fit" 0 xz -4 -T2 -M150MiB -vv -c plain
contains "finders with threads: bt3 where two fit: told" err "match finder bt3"
equal "finders with threads: no message" "$(grep -c single err)" 0
status "finders with threads: bt2 takes more" 1 xz -6 -T2 -M100MiB --no-adjust -vv -c plain
equal "finders with threads: bt2 takes more: message" "$(grep -c bt2 err)" 0
status "finders with threads: bt3 for one thread" 0 xz --lzma2=preset=9 -T2 -M600MiB -vv -c plain
contains "finders with threads: bt3 for one thread: told" err "match finder bt3"
equal "finders with threads: dictionary kept" "$(grep -c "dictionary size" err)" 0
status "several chains" 0 xz --effort=max -6 -M60MiB -T1 -c plain
equal "several chains: equal lines once" "$(wc -l <err)" 1
status "-M for both" 0 xz -M 200MiB -T1 -c plain
status "percentage" 0 xz -M 50% -c plain
for wrong in 0% 101% % x% 1x -1 ''; do
    status "-M '$wrong'" 1 xz -M "$wrong" -c plain
done

# The table in the manual page.
amounts() { # amounts PRESET: what -vv tells, "COMPRESSION DECOMPRESSION" in MiB
    xz -T1 -vv "-$1" -c plain 2>&1 >/dev/null |
        sed -n 's/.* \([0-9]*\) MiB of memory.*/\1/p;s/.*will need \([0-9]*\) .*/\1/p' |
        tr '\n' ' '
}
manual=$here/../../man/xz.1
for preset in 0 1 2 3 4 5 6 7 8 9; do
    equal "manual page: preset $preset" "$(amounts $preset)" \
        "$(sed -n "s/^\.It $preset Ta .*Ta \(.*\) MiB Ta \(.*\) MiB/\1 \2 /p" "$manual")"
done

xz -T1 -c plain >a.xz
status "decompression refused" 1 xz --memlimit-decompress=1MiB -dc a.xz
contains "decompression refused: message" err "imit"
contains "decompression refused: amount" err "9 MiB\|8 MiB\|1 MiB"
status "test refused" 1 xz -M 100KiB -t a.xz
status "list refused" 1 xz -M 1 -l a.xz
status "enough to decompress" 0 xz -M 20MiB -dc a.xz
status "0 is the default" 0 xz -M 0 -dc a.xz
status "max" 0 xz -M max -dc a.xz
xz -T2 --block-size=10000 -c plain >b.xz
status "threads limited" 0 xz -T4 --memlimit-mt-decompress=1 -dc b.xz
same "threads limited: data" plain out
status "compress limit does not bother decompression" 0 xz --memlimit-compress=1 -dc a.xz
status "decompress limit does not bother compression" 0 xz --memlimit-decompress=1 -c plain

xz --robot --info-memory >out
equal "robot: six columns" "$(awk -F'\t' '{ print NF }' out)" 6
equal "robot: no limits" "$(cut -f2,3 out)" "0	0"
equal "robot: limits" "$(xz --robot -M 1GiB --info-memory | cut -f2-4)" \
    "1073741824	1073741824	1073741824"
equal "robot: threads limited by decompression" \
    "$(xz --robot --memlimit-decompress=1MiB --info-memory | cut -f4)" 1048576
equal "robot: max" "$(xz --robot --memlimit-compress=max --info-memory | cut -f2)" \
    18446744073709551615
ram=$(cut -f1 out)
equal "robot: percentage" "$(xz --robot --memlimit-compress=10% --info-memory | cut -f2)" \
    "$((ram / 10))"
xz --info-memory >out
contains "for people: RAM" out "^  Amount of physical memory (RAM):  *[0-9]* MiB ([0-9]* B)$"
equal "for people: no limit" "$(grep -c '^  [CD][a-z]*:  *Disabled$' out)" 2
# shellcheck disable=SC3045 # a shell without it gets no such test
if [ -z "${SANITIZED:-}" ] && (ulimit -v 2000000) 2>/dev/null; then
    limit=$(ulimit -v 2000000 && "$XZ" --robot --info-memory | cut -f5)
    if [ "$limit" -lt $((2000000 * 1024)) ]; then
        ok "resource limit respected"
    else
        not_ok "resource limit respected" "$limit"
    fi
fi

finish
