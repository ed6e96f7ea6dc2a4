#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# Damaged files: what can be decoded is given out, nothing else is touched.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 200000 >plain
noise 50000 >>plain
xz -T2 --block-size=50000 -c plain >blocks.xz
xz -T1 -c plain >one.xz
xz -Flzma -c plain >old.lzma

# prefix NAME FILE: out is the beginning of plain, and not empty if FILE says so
prefix() {
    if head -c "$(wc -c <out)" plain | cmp -s - out; then ok "$1"; else not_ok "$1"; fi
}

for file in blocks.xz one.xz old.lzma; do
    suffix=${file##*.}
    for threads in -T1 -T2; do
        for percent in 99 75 50 20; do
            size=$(wc -c <$file)
            head -c $((size * percent / 100)) $file >cut.$suffix
            status "$file cut to $percent %, $threads" 1 xz $threads -dc cut.$suffix
            prefix "$file cut to $percent %, $threads: beginning"
            if [ $percent -ge 50 ] && [ "$(wc -c <out)" -lt 40000 ]; then
                not_ok "$file cut to $percent %, $threads: enough" "$(wc -c <out) bytes"
            fi
            status "$file cut to $percent %, $threads: no file" 1 xz $threads -d cut.$suffix
            gone "$file cut to $percent %, $threads: no target" cut
            exists "$file cut to $percent %, $threads: source there" cut.$suffix
        done
    done
done

# The uncompressed offset of the third Block is 100000: it all comes out with -T1.
cp blocks.xz bad.xz
offset=$(xz --robot -lv bad.xz | awk '$1 == "block" && $3 == 3 { print $5 }')
damage bad.xz $((offset + 200))
for threads in -T1 -T2; do
    status "third Block damaged, $threads" 1 xz $threads -dc bad.xz
    contains "third Block damaged, $threads: message" err "Block 3 of"
    if [ "$(wc -c <out)" -ge 100000 ] && head -c 100000 out | cmp -s - "$work/first" ||
        { head -c 100000 plain >first && head -c 100000 out | cmp -s - first; }; then
        ok "third Block damaged, $threads: first two are given out"
    else
        not_ok "third Block damaged, $threads: first two are given out"
    fi
done

# Checks.
cp one.xz bad.xz
damage bad.xz $(($(xz --robot -lv bad.xz | awk '$1 == "block" { print $5 + $7 }') - 8))
status "wrong check" 1 xz -dc bad.xz
same "wrong check: all data is given out" plain out
status "wrong check ignored" 0 xz -dc --ignore-check bad.xz
status "wrong check, no file" 1 xz -d bad.xz
gone "wrong check, no file: no target" bad
exists "wrong check, no file: source there" bad.xz

# A Check that nobody knows, as long as CRC64, is told of unless it would be ignored.
python3 - <<'PYTHON'
import struct, zlib
d = bytearray(open("one.xz", "rb").read())
d[7] = d[-3] = 5
d[8:12] = struct.pack("<I", zlib.crc32(d[6:8]))
d[-12:-8] = struct.pack("<I", zlib.crc32(d[-8:-2]))
open("unknown.xz", "wb").write(d)
PYTHON
for threads in -T1 -T2; do
    status "unknown check, $threads" 2 xz $threads -dc unknown.xz
    same "unknown check, $threads: data" plain out
    contains "unknown check, $threads: told" err "unknown.xz: Unsupported type"
    status "unknown check ignored, $threads" 0 xz $threads -dc --ignore-check unknown.xz
    same "unknown check ignored, $threads: data" plain out
    equal "unknown check ignored, $threads: not told" "$(cat err)" ""
done

# One bad file does not keep the others from being done.
cp plain x && xz x && cp plain y && xz y
status "bad among good" 1 xz -d x.xz bad.xz y.xz missing.xz
exists "bad among good: others done" x y bad.xz
gone "bad among good: their sources gone" x.xz y.xz

# Trailing garbage, padding, concatenation.
for n in 1 2 3 4 5 8; do
    { cat one.xz && head -c $n /dev/zero; } >pad.xz
    if [ $((n % 4)) -eq 0 ]; then want=0; else want=1; fi
    status "$n bytes of padding" $want xz -dc pad.xz
    same "$n bytes of padding: data" plain out
done
{ cat one.xz && echo garbage; } >garbage.xz
status "garbage behind .xz" 1 xz -dc garbage.xz
same "garbage behind .xz: data" plain out
status "garbage behind .xz, --single-stream" 0 xz -dc --single-stream garbage.xz
{ cat old.lzma && printf x; } >garbage.lzma
status "garbage behind .lzma" 1 xz -dc garbage.lzma
status "garbage behind .lzma, --single-stream" 0 xz -dc --single-stream garbage.lzma
cat one.xz blocks.xz >both.xz
cat plain plain >both
for threads in -T1 -T2; do
    status "concatenated, $threads" 0 xz $threads -dc both.xz
    same "concatenated, $threads: data" both out
done
status "concatenated, --single-stream" 0 xz -dc --single-stream both.xz
same "concatenated, --single-stream: data" plain out

# What follows the first Stream on standard input is left for others.
{
    xz -d --single-stream >out
    cat >rest
} <both.xz
same "standard input is put back" rest blocks.xz

: >empty.xz
status "empty file" 1 xz -t empty.xz
for size in 1 5 6 11 12 13 30; do
    head -c $size one.xz >tiny.xz
    status "$size bytes" 1 xz -t tiny.xz
done

finish
