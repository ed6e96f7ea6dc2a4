#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# -k, -f, -c, -t: what happens to sources and targets.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 5000 >plain
reset() {
    rm -f a a.xz
    cp plain a
}

reset
xz a && gone "source removed" a && exists "target made" a.xz
xz -d a.xz && gone "and back: source removed" a.xz && same "and back" plain a
reset
xz -k a && exists "-k" a a.xz
rm a && xz -dk a.xz && exists "-dk" a a.xz
reset
xz -c a >out.xz && exists "-c keeps the source" a && gone "-c makes no target" a.xz
xz -t out.xz && exists "-t keeps the source" out.xz && gone "-t makes no target" out
xz -t <out.xz >got && equal "-t writes nothing" "$(cat got)" ""

reset
echo precious >a.xz
status "existing target refused" 1 xz a
contains "existing target: message" err "a.xz.*exists"
equal "existing target untouched" "$(cat a.xz)" precious
exists "existing target: source there" a
status "-f replaces it" 0 xz -f a
status "-f: good" 0 xz -t a.xz
gone "-f: source removed" a
echo precious >a
status "existing target refused, -d" 1 xz -d a.xz
equal "existing target untouched, -d" "$(cat a)" precious
status "-f replaces it, -d" 0 xz -df a.xz
same "-f, -d: contents" plain a

# -f replaces nothing if the headers tell that nothing will come of it.
cp plain limit
xz -kf -9 limit
echo old >limit
status "memory limit, -f" 1 xz -df -M 1MiB limit.xz
equal "memory limit, -f: the old target is there" "$(cat limit)" old
# A Block Header with a filter that nobody knows; its CRC32 is right.
printf '\3757zXZ\0\0\1\151\42\336\66\2\0\125\0\0\0\0\0\120\101\104\173' >odd.xz
echo old >odd
status "unknown filter, -f" 1 xz -df odd.xz
equal "unknown filter, -f: the old target is there" "$(cat odd)" old
# Nor if the filters cannot be as they were asked for.
for options in "--arm=start=2 --lzma2" "-T1 --arm=start=2 --lzma2" \
    --filters=x86--ia64:start=8--lzma2 "--filters1=riscv:start=1--lzma2 --block-list=1:1000,0" \
    "-Fraw -S.xz --sparc=start=6 --lzma2"; do
    cp plain a
    echo old >a.xz
    status "start offset, $options" 1 xz -f $options a
    equal "start offset, $options: the old target is there" "$(cat a.xz)" old
done
status "start offset that is right" 0 xz -f --arm=start=4 --lzma2 a
status "start offset when decompressing" 0 xz -t --arm=start=2 --lzma2 a.xz

# -f replaces a link, not what it points to.
reset
echo precious >other
ln -s other a.xz
status "link as target refused" 1 xz a
status "link as target replaced" 0 xz -kf a
equal "what the link pointed to" "$(cat other)" precious
if [ -h a.xz ]; then not_ok "link replaced by a file"; else ok "link replaced by a file"; fi

# Unknown formats are copied by -dcf and by nothing else.
status "-dc of plain text" 1 xz -dc plain
status "-d of plain text" 1 xz -d plain
status "-df of plain text" 1 xz -df plain
xz -dcf plain >got
same "-dcf of plain text" plain got
xz -c plain >p.xz
xz -dcf plain p.xz plain >got
cat plain plain plain >want
same "-dcf of a mixture" want got
xz -dcf <plain >got
same "-dcf from standard input" plain got
: >empty
status "-dcf of an empty file" 0 xz -dcf empty

# --single-stream keeps the source.
cat p.xz p.xz >two.xz
status "--single-stream" 0 xz -d --single-stream two.xz
exists "--single-stream keeps the source" two.xz
same "--single-stream: first Stream only" plain two

# Options that contradict each other: the last one counts.
reset
xz -d -z a && exists "-d -z compresses" a.xz
xz -z -d a.xz && exists "-z -d decompresses" a
for pair in '-9 -0' '-t -z' '-l -z' '-Fraw -Fxz'; do
    reset
    status "$pair" 0 xz $pair a
    status "$pair: good" 0 xz -t a.xz
done

# --no-sync only leaves out waiting.
reset
status "--no-sync" 0 xz --no-sync a
gone "--no-sync: source removed" a

finish
