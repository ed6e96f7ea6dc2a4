#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# -o, --output-dir and -r: where targets go, which files are found, what is refused.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 20000 >a
chmod 640 a

status "-o" 0 xz -o b.xz a
exists "-o: source kept" a b.xz
gone "-o: no other target" a.xz
equal "-o: mode of the source" "$(mode b.xz)" 640
status "-o, decompressing" 0 xz -d -o c b.xz
same "-o: round trip" a c
cp b.xz no-suffix
status "-o needs no suffix" 0 xz -d --output=d no-suffix
same "-o needs no suffix: data" a d
status "-o does not overwrite" 1 xz -d -o d b.xz
contains "-o does not overwrite: says so" err "d: File exists"
mkdir in_the_way
status "-o does not overwrite a directory" 1 xz -k -o in_the_way a
contains "-o does not overwrite a directory: says what it is" err "in_the_way: Is a directory$"
status "-o -f" 0 xz -df -o d b.xz
status "-o of standard input" 0 xz -o e.xz <a
xz -dc e.xz >got
same "-o of standard input: data" a got
status "-o -" 0 xz -o - a
xz -dc out >got
same "-o - is standard output" a got
status "-o, raw" 0 xz -F raw --lzma2=preset=1 -o raw a
status "-o, raw back" 0 xz -d -F raw --lzma2=preset=1 -o raw.out raw
same "-o, raw: data" a raw.out
status "-o into a missing directory" 1 xz -o none/x a
contains "-o into a missing directory: says so" err "none/x: No such file"
exists "-o into a missing directory: source kept" a
for line in "-o x a b.xz" "-o x -r a" "-c -o x a" "-t -o x b.xz" "-l --output-dir=. b.xz" \
    "--output-dir . -o x a" "-o x --files=a" "-c --output-dir=. a"; do
    status "refused: $line" 1 xz $line
    equal "refused: $line: says why" "$(grep -c output err)" 1
done

# What is no regular file is written to; removing it would be the end of /dev/null.
status "-o DEVICE" 0 xz -o /dev/null a
mkfifo pipe
status "-o FIFO without -f" 1 xz -o pipe a
timeout 10 cat pipe >got.xz &
status "-o FIFO -f" 0 xz -f -o pipe a
wait
xz -dc got.xz >got
same "-o FIFO -f: data" a got
if [ -p pipe ]; then ok "-o FIFO -f: still there"; else not_ok "-o FIFO -f: gone"; fi
timeout 10 cat pipe >got &
status "-o FIFO -df" 0 xz -df -o pipe b.xz
wait
same "-o FIFO -df: data" a got
# Nobody reads: it waits, and can be told to stop waiting.
for signal in INT TERM; do
    python3 - "$XZ" SIG$signal <<'PYTHON'
import signal, subprocess, sys, time
number = getattr(signal, sys.argv[2])
p = subprocess.Popen([sys.argv[1], "-f", "-o", "pipe", "a"],
                     preexec_fn=lambda: signal.signal(number, signal.SIG_DFL))
time.sleep(0.3)
p.send_signal(number)
sys.exit(p.wait(60) != -number)
PYTHON
    equal "-o FIFO -f, nobody reads: SIG$signal ends it" $? 0
done
if [ -w /dev/full ]; then
    status "-o DEVICE that is full" 1 xz -o /dev/full a
    contains "-o DEVICE that is full: its name" err ' /dev/full: Write error: '
else
    skip "-o DEVICE that is full" "no /dev/full"
fi
timeout 10 cat pipe >got &
status "-o FIFO -df copies no unknown format" 1 xz -df -o pipe a
wait
equal "-o FIFO -df copies no unknown format: nothing" "$(wc -c <got)" 0
ln -s /dev/fd/1 link
status "-o link to standard output" 0 xz -df -o link b.xz
same "-o link to standard output: data" a out
if [ -L link ]; then ok "-o link: still there"; else not_ok "-o link: gone"; fi
status "-o directory" 1 xz -f -o . a

# --output-dir keeps the last part of names.
mkdir out.d in in/deep 'in/with space'
cp a in/one
cp a in/deep/two
cp a 'in/with space/three'
ln -s one in/link
mkfifo in/fifo
chmod 750 in/deep
status "--output-dir" 0 xz --output-dir=out.d a in/one
exists "--output-dir: targets" out.d/a.xz out.d/one.xz a in/one
status "--output-dir that is not there" 1 xz --output-dir=nowhere a
gone "--output-dir that is not there: not made" nowhere
status "--output-dir that is not there, several files" 1 xz --output-dir=nowhere/x a in/one
equal "--output-dir that is not there: told once" "$(cat err)" \
    "$XZ: nowhere/x: No such file or directory"
status "--output-dir that is a file" 1 xz --output-dir=a a
contains "--output-dir that is a file: message" err ': a: Not a directory$'
status "--output-dir with a slash" 0 xz -f --output-dir=out.d/ a
exists "--output-dir with a slash: target" out.d/a.xz
status "-r --output-dir with a slash" 0 xz -r --output-dir=out.d/ in
exists "-r --output-dir with a slash: target" out.d/in/deep/two.xz
rm -r out.d/in

# Directories.
status "a directory without -r" 2 xz in
contains "a directory without -r: says so" err "in: Is a directory, skipping"
status "-r" 0 xz -rk in
equal "-r: nothing said" "$(cat err)" ""
exists "-r: targets" in/one.xz in/deep/two.xz 'in/with space/three.xz'
gone "-r: no links" in/link.xz in/fifo.xz
status "-r again passes over what is done" 1 xz -rk in
equal "-r again: a line for each target in the way" "$(grep -c 'File exists' err)" 3
equal "-r again: no others" "$(grep -vc 'File exists' err)" 0
rm in/one in/deep/two 'in/with space/three'
status "-r -t" 0 xz -rt in
status "-r -l" 0 xz -rl in
contains "-r -l: three files" out "3 files"
equal "-r -l: order of names" "$(awk '/in\// { print $NF }' out | tr '\n' ' ')" \
    "in/deep/two.xz in/one.xz space/three.xz "
status "-r -d" 0 xz -dr in/
same "-r -d: data" in/deep/two a
gone "-r -d: sources" in/one.xz in/deep/two.xz
status "-r -c" 0 xz -rc in/deep in/one
xz -dc out >got
cat a a >want
same "-r -c: data in order" want got
status "-r --output-dir" 0 xz -r --output-dir=out.d in
exists "-r --output-dir: below the last part" out.d/in/one.xz out.d/in/deep/two.xz \
    'out.d/in/with space/three.xz' in/one
equal "-r --output-dir: private directories stay private" "$(mode out.d/in/deep)" 750
rm out.d/one.xz
status "-r --output-dir, ." 0 sh -c "cd in && '$XZ' -r --output-dir=../out.d ."
exists "-r --output-dir, .: below it" out.d/deep/two.xz
status "-r ../in" 0 sh -c "cd out.d && '$XZ' -rf --output-dir=. ../in/deep/.."
gone "-r does not lead out of --output-dir" one.xz two.xz deep
rm in/one in/deep/two 'in/with space/three'
status "-r in an empty tree" 0 xz -r in
status "-r missing" 1 xz -r nothing
status "-r with a file" 0 xz -rk c
exists "-r with a file: done" c.xz

# What is named is not passed over in silence; what is found is.
mkdir mixed
cp a mixed/plain
cp b.xz mixed/done.xz
status "-r passes over compressed files" 0 xz -r mixed
exists "-r: done.xz as it was" mixed/plain.xz mixed/done.xz
status "named: a warning" 2 xz mixed/done.xz

# --files of directories.
printf 'mixed\n' >list
status "-r --files" 0 xz -rd --files=list
exists "-r --files: done" mixed/plain mixed/done

# A target that is the source itself would be removed by -f before it has been read.
cp a self
status "-fo the source" 1 xz -0 -fo self self
same "-fo the source: still there" a self
status "-fo standard input" 1 sh -c "'$XZ' -0 -fo self <self"
same "-fo standard input: still there" a self
ln self other
status "-f over another name of the source" 0 xz -0 -fo other self
same "-f over another name: the source" a self

# The same file named twice: the later one finds it gone, also with several threads.
for threads in 1 4; do
    cp a twice
    status "a file twice, -T$threads" 1 xz -T$threads -0 -f twice ./twice
    xz -dc twice.xz >got
    same "a file twice, -T$threads: data" a got
    rm twice.xz
done

# Out of standard input comes a file with the mode that any new file has.
status "-o from standard input" 0 sh -c "umask 027; '$XZ' -0 -o new.xz <a"
equal "-o from standard input: mode" "$(mode new.xz)" 640

finish
