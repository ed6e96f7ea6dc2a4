#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# --list: all layouts, compared with what they must be.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# Compressed sizes vary between encoders, so that they are made equal first.
text 9000 >a
text 100000 >big
xz -T1 -k a
xz -T2 --block-size=40000 -Cnone -k big
xz -T1 -Csha256 -c a >sha.xz
: | xz >empty.xz
cat a.xz big.xz sha.xz >multi.xz
head -c 4096 /dev/zero >>multi.xz

status "one file" 0 xz -l a.xz
contains "one file: heading" out \
    '^Strms  Blocks   Compressed Uncompressed  Ratio  Check   Filename$'
contains "one file: line" out \
    '^    1       1 *[0-9]* B       9000 B  0\.[0-9][0-9][0-9]  CRC64   a\.xz$'
equal "one file: two lines" "$(wc -l <out)" 2
status "two files" 0 xz -l a.xz multi.xz
contains "two files: several checks" out 'None,CRC64,SHA-256 multi.xz$'
contains "two files: line of dashes" out '^-\{79\}$'
contains "two files: totals" out '^    4       6 .*  None,CRC64,SHA-256 2 files$'
status "empty file" 0 xz -l empty.xz
contains "empty file: line" out '^    1       0         32 B          0 B    ---  CRC64   empty.xz$'
xz -l big.xz >out
contains "big sizes: unit" out ' 97\.7 KiB '

status "-v" 0 xz -lv multi.xz
for line in 'multi.xz (1/1)' '  Streams:           3' '  Blocks:            5' \
    '  Uncompressed size: 115.2 KiB (118000 B)' '  Check:             None, CRC64, SHA-256' \
    '  Stream Padding:    4096 B' '  Streams:' '  Blocks:' \
    '    Stream    Blocks      CompOffset    UncompOffset        CompSize      UncompSize  Ratio  Check      Padding' \
    '    Stream     Block      CompOffset    UncompOffset       TotalSize      UncompSize  Ratio  Check'; do
    if grep -qxF -e "$line" out; then ok "-v: $line"; else not_ok "-v: $line"; fi
done
contains "-v: a Stream" out \
    '^         1         1               0               0 .* 9000  0\.[0-9]*  CRC64            0$'
contains "-v: last Stream" out 'SHA-256       4096$'
contains "-v: a Block" out '^         2         3 .* 89000 .* 20000  0\.[0-9]*  None$'
status "-v of two" 0 xz -lv a.xz empty.xz
contains "-v of two: totals" out '^Totals:$'
contains "-v of two: number" out '^  Number of files:   2$'
contains "-v of two: second" out '^empty.xz (2/2)$'

status "-vv" 0 xz -lvv multi.xz
contains "-vv: heading" out '  CheckVal  *Header  Flags        CompSize    MemUsage  Filters$'
contains "-vv: sizes in headers" out '^  Sizes in headers:  No$'
contains "-vv: version" out '^  Minimum XZ Utils version: 5\.0\.0$'
contains "-vv: memory" out '^  Memory needed:     [89] MiB$'
contains "-vv: CRC64" out '  CRC64      [0-9a-f]\{16\}  '
contains "-vv: SHA-256" out "  SHA-256    $(sha256sum <a | cut -c1-64)      12  --  "
contains "-vv: no check" out '  None       ---  .*  cu .* --lzma2=dict=8MiB$'
xz --arm64 --lzma2 -c a >arm.xz
xz -lvv arm.xz >out
contains "-vv: version for ARM64" out '^  Minimum XZ Utils version: 5\.4\.0$'

# For programs.
xz --robot -lvv multi.xz empty.xz >out
equal "robot: types of lines" "$(cut -f1 out | tr '\n' ' ')" \
    "name file stream stream stream block block block block block summary name file stream summary totals "
equal "robot: columns" "$(awk -F'\t' '{ printf "%s%d ", $1, NF }' out)" \
    "name2 file8 stream10 stream10 stream10 block16 block16 block16 block16 block16 summary4 name2 file8 stream10 summary4 totals12 "
equal "robot: file" "$(awk -F'\t' '$1 == "file" { print $2, $3, $5, $7, $8; exit }' out)" \
    "3 5 118000 None,CRC64,SHA-256 4096"
equal "robot: blocks" "$(awk -F'\t' '$1 == "block" { print $2, $3, $4, $6, $8, $10, $13 }' out)" \
    "1 1 1 0 9000 CRC64 --
2 1 2 9000 40000 None cu
2 2 3 49000 40000 None cu
2 3 4 89000 20000 None cu
3 1 5 109000 9000 SHA-256 --"
equal "robot: totals" "$(awk -F'\t' '$1 == "totals" { print $2, $3, $5, $7, $8, $9, $11, $12 }' out)" \
    "4 5 118000 None,CRC64,SHA-256 4096 2 no 50000002"
equal "robot: file size" "$(awk -F'\t' '$1 == "file" { print $4; exit }' out)" "$(wc -c <multi.xz)"
xz --robot -l missing >out 2>/dev/null
equal "robot: nothing" "$(cat out)" "totals	0	0	0	0	---	None	0	0"
equal "robot: columns without -v" "$(xz --robot -l a.xz | awk -F'\t' '{ printf "%d ", NF }')" "2 8 9 "

status "missing file" 1 xz -l missing a.xz
contains "missing file: the other one" out 'a.xz$'
status "not a .xz file" 1 xz -l a
: >nothing
status "empty" 1 xz -l nothing
head -c 20 a.xz >short
status "short" 1 xz -l short
head -c 1000 a.xz >cut.xz
status "truncated" 1 xz -l cut.xz
cp a.xz bad.xz
damage bad.xz 13
status "damaged Block Header" 0 xz -lv bad.xz
status "damaged Block Header, -vv" 1 xz -lvv bad.xz
status "standard input" 1 xz -l <a.xz
mkfifo pipe
status "not a regular file: a warning" 2 xz -l pipe a.xz
contains "not a regular file: message" err 'pipe: Not a regular file, skipping$'
contains "not a regular file: the other one" out 'a.xz$'
xz -Flzma -k a
status ".lzma" 1 xz -l a.lzma
exists "list removes nothing" a.xz big.xz multi.xz

finish
