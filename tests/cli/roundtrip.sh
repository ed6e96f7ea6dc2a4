#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# Data survives compression and decompression, whichever way it takes.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

: >empty
printf x >one
text 300000 >words
noise 100000 >chaos
head -c 500000 /dev/zero >zeros

for file in empty one words chaos zeros; do
    cp "$file" copy
    xz copy && exists "$file: target made" copy.xz && gone "$file: source gone" copy
    xz -t copy.xz && xz -d copy.xz
    same "$file: by files" "$file" copy
    rm -f copy

    xz <"$file" | xz -d >copy
    same "$file: by pipes" "$file" copy
    xz -c "$file" >c.xz && xz -dc c.xz >copy
    same "$file: by -c" "$file" copy
    xz -c - <"$file" | xz -dc - >copy
    same "$file: by -" "$file" copy
    xz -Flzma -c "$file" | xz -dc >copy
    same "$file: .lzma" "$file" copy
    xz -Fraw --lzma2=dict=1MiB -c "$file" | xz -dc -Fraw --lzma2=dict=1MiB >copy
    same "$file: raw" "$file" copy
    for options in -T1 -T+1 -T4 '-T2 --block-size=10000' '-T1 --block-size=70000' \
        -0 -3 -e --check=none --check=crc32 --check=sha256 '--x86 --lzma2' \
        '--delta=dist=4 --arm64 --lzma2=dict=64KiB' '--lzma2=mf=hc4,mode=fast,pb=0'; do
        xz $options -c "$file" | xz -dc >copy
        same "$file: $options" "$file" copy
        xz $options -c "$file" | xz -dc -T1 >copy
        same "$file: $options, one thread" "$file" copy
    done
done

# Several files at once, and all of them on standard output.
rm c.xz
cp words a && cp chaos b && cp one c
xz a b c && xz -d a.xz b.xz c.xz
cat words chaos one >want
cat a b c >got
same "three files at once" want got
xz -k a b c
xz -dc a.xz b.xz c.xz >got
same "three files on standard output" want got

finish
