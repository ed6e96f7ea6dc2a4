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

# What is behind the Blocks: as a whole from -l, and behind the amounts from others.
size=$(wc -c <good.xz)
group() {
    echo "$1" | sed 's/\([0-9]\)\([0-9][0-9][0-9]\)$/\1,\2/'
}
index=$(group "$(place $blocks | cut -d' ' -f2)")
footer=$(group $((size - 12)))
# behind NAME REGEX
behind() {
    status "$1, -l" 1 xz -l a.xz
    contains "$1, -l: message" err "a.xz: Compressed data is corrupt: $2\$"
    for threads in 1 3; do
        status "$1, -T$threads" 1 xz -t -T$threads a.xz
        contains "$1, -T$threads: message" err \
            "a.xz: Compressed data is corrupt: after [0-9,]* bytes of input and 400,000 bytes of output; $2\$"
        equal "$1, -T$threads: one line" "$(wc -l <err)" 1
    done
}
hit $(($(place $blocks | cut -d' ' -f2) + 6))
behind "damaged Index" "Index at byte $index: its CRC32 does not match"
for byte in '\01' '\0377'; do # a Block Header that ends in the file, or does not
    cp good.xz a.xz
    printf '%b' "$byte" | dd of=a.xz bs=1 seek="$(place $blocks | cut -d' ' -f2)" \
        conv=notrunc 2>/dev/null
    status "Index Indicator $byte, -l" 1 xz -l a.xz
    for threads in 1 3; do
        status "Index Indicator $byte, -T$threads" 1 xz -t -T$threads a.xz
        contains "Index Indicator $byte, -T$threads: message" err \
            "400,000 bytes of output; Index at byte $index: its first byte is not zero\$"
    done
done
hit $((size - 14))
behind "CRC32 of the Index" "Index at byte $index: its CRC32 does not match"
hit $((size - 6))
behind "damaged Stream Footer" "Stream Footer at byte $footer: its CRC32 does not match"
hit $((size - 2))
behind "end of the Stream Footer" "Stream Footer at byte $footer: its magic bytes are wrong"
cp good.xz a.xz
head -c 400 a >>a.xz
rest="what follows the Stream that ends at byte $(group $size) is no Stream and no Stream Padding"
behind "bytes behind the Stream" "$rest"
cp good.xz a.xz
printf 'x' >>a.xz
status "one byte behind the Stream, -l" 1 xz -l a.xz
contains "one byte behind the Stream, -l: message" err "corrupt: $rest\$"
for threads in 1 3; do
    status "one byte behind the Stream, -T$threads" 1 xz -t -T$threads a.xz
    contains "one byte behind the Stream, -T$threads: message" err \
        "Unexpected end of input: after [0-9,]* bytes of input and 400,000 bytes of output; $rest\$"
done
head -c $((size - 10)) good.xz >a.xz
status "a size that is no multiple of four, -l" 1 xz -l a.xz
contains "a size that is no multiple of four, -l: message" err \
    "the file's size is no multiple of four, so its end is damaged\$"
# cut_behind NAME
cut_behind() {
    for threads in 1 3; do
        status "$1, -T$threads" 1 xz -t -T$threads a.xz
        contains "$1, -T$threads: message" err \
            "a.xz: Unexpected end of input: .*; the Index at byte $index or what follows it is cut off; 20 Blocks before it are whole\$"
    done
}
head -c $((size - 3)) good.xz >a.xz
cut_behind "Stream Footer cut off"
head -c $((size - 15)) good.xz >a.xz
cut_behind "Index cut off"

# An Index whose sizes are not those of the Blocks.
python3 - "$XZ" <<'PYTHON'
"""Files of one Stream whose Index is sound and tells other sizes than the Blocks have."""
import struct, subprocess, sys, zlib
xz = sys.argv[1]
def vli(n):
    out = b""
    while n >= 128:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])
def with_index(blocks, head, records):
    index = b"\0" + vli(len(records)) + b"".join(vli(a) + vli(b) for a, b in records)
    index += bytes(-len(index) % 4)
    index += struct.pack("<I", zlib.crc32(index))
    tail = struct.pack("<I", len(index) // 4 - 1) + head[6:8]
    return head + blocks + index + struct.pack("<I", zlib.crc32(tail)) + tail + b"YZ"
plain = open("a", "rb").read()
packed = subprocess.run([xz, "-T1", "-0", "--block-size=200000", "-c", "a"],
                        stdout=subprocess.PIPE, check=True).stdout
open("m.xz", "wb").write(packed)
rows = subprocess.run([xz, "--robot", "-lvv", "m.xz"], stdout=subprocess.PIPE,
                      check=True).stdout.decode().split("\n")
rows = [row.split("\t") for row in rows if row.startswith("block")]
sizes = [(int(r[11]) + int(r[13]) + 8, int(r[7])) for r in rows]
end = int(rows[-1][4]) + int(rows[-1][6])
blocks = packed[12:end]
assert with_index(blocks, packed[:12], sizes) == packed
(a, b), (c, d) = sizes
for name, records in (("m1", [(a, b), (c, d + 1)]), ("m2", [(a, b - 5), (c, d + 5)]),
                      ("m3", [(a + 4, b), (c - 4, d)]), ("m4", [(a + 400, b), (c, d)])):
    open(name + ".xz", "wb").write(with_index(blocks, packed[:12], records))
# A wrong Check besides.
spoilt = blocks[:-1] + bytes([blocks[-1] ^ 1])
open("m7.xz", "wb").write(with_index(spoilt, packed[:12], [(a, b), (c, d + 1)]))
# A Stream Footer that tells of an Index with a CRC32 and nothing else.
for name, last in (("m5", b"\0"), ("m6", b"\1")):
    tail = bytes(4) + packed[6:8]
    open(name + ".xz", "wb").write(packed[:-16] + last * 4 + struct.pack("<I", zlib.crc32(tail))
                                   + tail + b"YZ")
PYTHON
for n in 5 6; do
    for mode in -l -lvv -t '-t -T1' '-t -T3'; do
        status "a Backward Size of four $n, $mode" 1 xz $mode m$n.xz
        contains "a Backward Size of four $n, $mode: message" err \
            "Index at byte [0-9,]*: its size is less than any Index has\$"
    done
done
for threads in 1 3; do
    for n in 1 2 3; do
        status "other sizes in the Index $n, -T$threads" 1 xz -t -T$threads m$n.xz
        contains "other sizes in the Index $n, -T$threads: message" err \
            "m$n.xz: Compressed data is corrupt: .*\(the Index does not match it\|Index at byte [0-9,]*: it does not match the Blocks\)"
    done
    status "an Index of more, -T$threads" 1 xz -t -T$threads m4.xz
    contains "an Index of more, -T$threads: message" err \
        "Index at byte [0-9,]*: it does not match the Blocks\$"
done
for threads in 1 3; do
    status "a wrong Check and Index, -T$threads" 1 xz -t -T$threads m7.xz
    contains "a wrong Check and Index, -T$threads: message" err \
        "m7.xz: .*: Block 2 of 2 at byte [0-9,]*: CRC64 does not match; "
    status "the Check ignored, -T$threads" 1 xz -t --ignore-check -T$threads m7.xz
    contains "the Check ignored, -T$threads: message" err \
        "m7.xz: .*: Block 2 of 2 at byte [0-9,]*: the Index does not match it; "
done
status "an Index of more, -l" 1 xz -l m4.xz
contains "an Index of more, -l: message" err \
    "m4.xz: Compressed data is corrupt: Index at byte [0-9,]*: it does not match the Blocks\$"

# Where nothing can be looked at twice, the amounts are told.
hit $(($2 - 8))
status "from a pipe" 1 sh -c "cat a.xz | '$XZ' -t"
contains "from a pipe: message" err \
    '(stdin): Compressed data is corrupt: after [0-9]*,[0-9]* bytes of input and 3[0-9,]* bytes of output$'

# An old file without sizes, and one of several Streams.
xz -T1 -0 <a >a.xz
size=$(wc -c <a.xz)
cp a.xz good.xz
cp good.xz a.xz
printf '\377' | dd of=a.xz bs=1 seek=$((size - 24)) conv=notrunc 2>/dev/null
for threads in 1 3; do
    status "one Block, Index Indicator, -T$threads" 1 xz -t -T$threads a.xz
    contains "one Block, Index Indicator, -T$threads: message" err \
        "; Index at byte [0-9,]*: its first byte is not zero\$"
done
hit $((size / 2))
says "one Block" "Block 1 of 1 at byte 12: its data is damaged behind output byte [0-9,]*; no Block is before it"
cat good.xz good.xz >two.xz
cp two.xz good.xz
hit $((size * 3 / 2))
says "second Stream" "Block 2 of 2 at byte [0-9,]*: its data is damaged behind output byte [0-9,]*; 1 Block before it is intact"

# What is appended is not blamed on what is before it.
end=$(echo $((size * 2)) | sed 's/\([0-9]\)\([0-9][0-9][0-9]\)$/\1,\2/')
behind="; what follows the Stream that ends at byte $end is no Stream and no Stream Padding\$"
for threads in 1 3; do
    for rest in x 'nine byte' '12 bytes abc' "$(text 40000)"; do
        { cat two.xz; printf %s "$rest"; } >a.xz
        status "${#rest} bytes behind, -T$threads" 1 xz -t -T$threads a.xz
        contains "${#rest} bytes behind, -T$threads: message" err "$behind"
        { cat two.xz; head -c 8 /dev/zero; printf %s "$rest"; } >a.xz
        status "padding and ${#rest} bytes behind, -T$threads" 1 xz -t -T$threads a.xz
        contains "padding and ${#rest} bytes behind, -T$threads: message" err "$behind"
    done
    { cat two.xz; head -c 5 /dev/zero; } >a.xz
    status "5 bytes of padding, -T$threads" 1 xz -t -T$threads a.xz
    contains "5 bytes of padding, -T$threads: message" err "$behind"
    # But what begins as a Stream is one.
    { cat two.xz; head -c 9 two.xz; } >a.xz
    status "a Stream that is cut off, -T$threads" 1 xz -t -T$threads a.xz
    equal "a Stream that is cut off, -T$threads: message" "$(grep -c 'no Stream' err)" 0
    { cat two.xz; head -c $((size - 40)) two.xz; } >a.xz
    status "a long one, -T$threads" 1 xz -t -T$threads a.xz
    equal "a long one, -T$threads: message" "$(grep -c 'no Stream' err)" 0
done

finish
