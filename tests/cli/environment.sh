#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# XZ_DEFAULTS, XZ_OPT, names of the program, abbreviations.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 20000 >plain
dict() {
    xz --robot -lvv "$1" | awk -F'\t' '$1 == "block" { print $16 }'
}

XZ_OPT=-0 xz -c plain >a.xz
equal "XZ_OPT" "$(dict a.xz)" --lzma2=dict=256KiB
XZ_DEFAULTS=-1 xz -c plain >a.xz
equal "XZ_DEFAULTS" "$(dict a.xz)" --lzma2=dict=1MiB
XZ_DEFAULTS=-1 XZ_OPT=-2 xz -c plain >a.xz
equal "XZ_OPT after XZ_DEFAULTS" "$(dict a.xz)" --lzma2=dict=2MiB
XZ_DEFAULTS=-1 XZ_OPT=-2 xz -3 -c plain >a.xz
equal "command line last" "$(dict a.xz)" --lzma2=dict=4MiB
XZ_OPT=" 	-0  -Ccrc32
-v " xz -c plain >a.xz 2>err
equal "white space" "$(xz --robot -l a.xz | awk -F'\t' '$1 == "file" { print $7 }')" CRC32
XZ_OPT='foo -0 bar' xz -c plain >a.xz
equal "names in XZ_OPT are ignored" "$(dict a.xz)" --lzma2=dict=256KiB
XZ_OPT=--wrong status "wrong option in XZ_OPT" 1 xz -c plain
XZ_OPT='--suffix=.abc' xz -k plain
exists "text of XZ_OPT stays valid" plain.abc
printf 'plain\n' >list
XZ_DEFAULTS=--files=list XZ_OPT=-k xz
exists "--files in XZ_DEFAULTS" plain.xz
rm plain.xz
XZ_OPT=-Q status "-Q in XZ_OPT" 0 xz a.xz
POSIXLY_CORRECT=1 status "POSIXLY_CORRECT" 1 xz -k plain -0
rm -f plain.xz

# Names.
mkdir bin
for name in xz unxz xzcat lzma unlzma lzcat my-unxz-5 xzcat.exe; do
    ln -s "$XZ" bin/$name
done
cp plain p
bin/xz p && exists "xz" p.xz
bin/xzcat p.xz >got && same "xzcat" plain got && exists "xzcat keeps" p.xz
bin/xzcat.exe p.xz >got && same "xzcat.exe" plain got
bin/unxz p.xz && same "unxz" plain p && gone "unxz removes" p.xz
bin/lzma p && exists "lzma" p.lzma
bin/lzcat p.lzma >got && same "lzcat" plain got
bin/unlzma p.lzma && same "unlzma" plain p
xz -k p
status "lzcat reads .lzma only" 1 bin/lzcat p.xz
bin/my-unxz-5 -f p.xz && same "a name that contains unxz" plain p
status "program name in messages" 1 bin/unxz missing.xz
contains "program name in messages: as called" err '^bin/unxz: '
bin/unxz -z p && exists "unxz -z compresses" p.xz

# Abbreviations.
for option in --decomp --dec --decompress --uncomp --unc; do
    status "$option" 0 xz $option -c p.xz
done
status "--tes" 0 xz --tes p.xz
status "--lis" 0 xz --lis p.xz
status "--form=xz" 0 xz --form=xz -dc p.xz
status "--form xz" 0 xz --form xz -dc p.xz
status "--thr=2" 0 xz --thr=2 -dc p.xz
status "--memo=1GiB" 0 xz --memo=1GiB -dc p.xz
status "--filters is not --filters1" 0 xz --filters=lzma2 -c plain
for option in --l --f --mem=1 --b=1 --c --no --no-s --file=x; do
    status "$option is ambiguous" 1 xz $option p.xz
    contains "$option is ambiguous: message" err "ambiguous"
done
status "argument not allowed" 1 xz --keep=1 plain
status "cluster" 0 xz -kdc p.xz
status "cluster with an argument" 0 xz -kcT1 plain
status "cluster with a separate argument" 0 xz -kcT 1 plain
status "options behind names" 0 xz plain -k -c -0
status "names behind --" 1 xz -c -- -0 plain
status "unknown letter in a cluster" 1 xz -kcn plain

finish
