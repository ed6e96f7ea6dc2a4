#!/bin/sh
# SPDX-License-Identifier: 0BSD
# --effort=max: filters chosen by trial for parts of a file.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# Text, 16-bit samples that go up and down a little, and text again.
python3 - >plain <<'END'
import random, struct, sys
random.seed(1)
words = ["the", "of", "block", "stream", "index", "filter", "size", "match", "byte\n"]
text = " ".join(random.choice(words) for _ in range(400000)).encode()
level, wave = 0, bytearray()
for _ in range(1 << 19):
    level = max(-30000, min(30000, level + random.randrange(-40, 41)))
    wave += struct.pack("<h", level)
sys.stdout.buffer.write(text + wave + text)
END

blocks() {
    xz --robot -lvv "$1" | awk -F'\t' '$1 == "block" { printf "%s;", $16 }' |
        sed 's/ --lzma2=[^;]*//g; s/--lzma2=[^;]*/plain/g'
}

xz -T1 -1 -c plain >normal.xz
xz -T1 -1 --effort=normal -c plain >same.xz
same "--effort=normal is the default" normal.xz same.xz
xz -T1 -1 --effort=max -c plain >max.xz
equal "the wave has a Block of its own" "$(blocks max.xz)" "plain;--delta=dist=2;plain;"
if [ "$(wc -c <max.xz)" -lt "$(($(wc -c <normal.xz) * 19 / 20))" ]; then
    ok "a twentieth is saved"
else
    not_ok "a twentieth is saved" "$(wc -c normal.xz max.xz)"
fi
xz -dc max.xz >got
same "data" plain got
xz -T2 -1 --effort=max -c plain >two.xz
xz -T3 -1 --effort=max -c plain >three.xz
same "threads do not change it" two.xz three.xz
xz -dc two.xz >got
same "data of threads" plain got

# What cannot be read twice, and what is not from its beginning.
xz -T1 -1 --effort=max <plain >stdin.xz
same "standard input that is a file" max.xz stdin.xz
# shellcheck disable=SC2002 # a pipe is meant
cat plain | xz -T1 -1 --effort=max >pipe.xz
same "a pipe, as without the option" normal.xz pipe.xz
{
    dd bs=1000000 count=1 of=skipped 2>dd.err
    xz -T1 -1 --effort=max >rest.xz
} <plain
xz -dc rest.xz >rest
cat skipped rest >got
same "the rest of a file" plain got
: >empty
xz -1 --effort=max -c empty | xz -dc >got
same "nothing" empty got

for wrong in --effort=some --effort= '-Flzma --effort=max' '--effort=max --lzma2' \
    '--effort=max --block-list=1,0' '--effort=max --filters1=lzma2' \
    '--effort=max --flush-timeout=5'; do
    # shellcheck disable=SC2086 # options are split on purpose
    status "refused: $wrong" 1 xz -c $wrong plain
    contains "refused: $wrong: message" err effort
done

finish
