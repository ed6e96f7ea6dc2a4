#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317,SC3045 # options are split on purpose; functions by name; ulimit -n
# Many files at once on several threads: the same files, data and messages, in order.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# Files of all sizes from nothing to beyond a Block, with troublemakers among them.
mkdir src
unit=100
[ -z "${SANITIZED:-}" ] || unit=40 # less of each
: >src/00
text 1500000 >big
for i in $(seq 1 60); do
    head -c $((i * i * unit)) big >"src/$(printf %02d "$i")"
done
cp big src/61
cp src/20 src/done.xz
ln -s 20 src/link
mkdir src/dir
mkfifo src/fifo
set -- src/0* src/missing src/1* src/done.xz src/link src/2* src/dir src/3* src/fifo src/[456]*

# untimed   the words of -v without speed and time, which a slow moment adds
untimed() {
    sed 's|, [0-9.]* [KMGT]iB/s||; s|, [0-9:]*:[0-9][0-9]$||' "$1"
}

# twice NAME OPTIONS   with one thread more than one, and with several: all is equal
twice() {
    _what=$1
    _options=$2
    shift 2
    for threads in +1 4; do
        rm -rf tree
        cp -a src tree
        mv src src.saved
        mv tree src
        "$XZ" -T$threads --no-sync $_options "$@" >"out.$threads" 2>"err.$threads" </dev/null
        echo $? >"status.$threads"
        rm -rf "after.$threads"
        mv src "after.$threads"
        mv src.saved src
    done
    same "$_what: standard output" out.+1 out.4
    untimed err.+1 >words.+1
    untimed err.4 >words.4
    same "$_what: messages" words.+1 words.4
    same "$_what: exit status" status.+1 status.4
    if diff -r --no-dereference -x fifo after.+1 after.4 >/dev/null; then
        ok "$_what: files"
    else
        not_ok "$_what: files" "$(diff -rq -x fifo after.+1 after.4 | head -n 3)"
    fi
}

twice "compress" "-0 --block-size=100KiB" "$@"
equal "compress: exit status" "$(cat status.4)" 1
equal "compress: messages" "$(wc -l <err.4)" 5
twice "compress, -v" "-0vk" "$@"
rm src/fifo # which would be waited for
twice "compress, -c" "-0c --block-size=200KiB" "$@"
xz -dc <out.4 >got 2>/dev/null
cat src/0* src/1* src/done.xz src/20 src/2* src/3* src/[456]* >want
same "compress, -c: data" got want

# Compressed files, some of them damaged, some of them no such files.
rm src/link src/done.xz
rmdir src/dir
xz --no-sync -0T1 src/*
damage src/30.xz 2000
damage src/45.xz 9000
head -c 5000 src/50.xz >short
mv short src/50.xz
echo "not compressed" >src/55.xz
set -- src/*
twice "decompress" "-d" "$@"
equal "decompress: messages" "$(wc -l <err.4)" 4
twice "decompress, -c" "-dc" "$@"
twice "decompress, -c, sparse" "-dcf" "$@"
twice "test" "-t" "$@"
twice "test, -v" "-tv" "$@"
twice "test, quiet" "-tqq" "$@"
twice "list" "-l" "$@"
twice "directory" "-dr --output-dir=." src

# A reader that goes away, and a full disk behind standard output.
status "reader goes away" 0 sh -c "'$XZ' -T4 -dc src/2* src/4* src/61.xz 2>/dev/null | head -c 10 >got"
if [ -c /dev/full ]; then
    "$XZ" -T4 -dc src/0* src/1* >/dev/full 2>err
    equal "full disk: exit status" $? 1
    contains "full disk: message" err "(stdout): Write error: No space left"
fi

# Small files cost few system calls, and no thread each.
if [ -z "${SANITIZED:-}" ] && strace -o /dev/null true 2>/dev/null; then
    mkdir small
    for i in $(seq 1 100); do head -c 4096 big >"small/$i"; done
    strace -f -c -o calls "$XZ" -T4 -0k --no-sync small/*
    equal "small files: no thread each" \
        "$(awk '/ clone/ { n += $4 } END { print (n <= 4) }' calls)" 1
    # open, stat, read, write, owner, mode, times and close: 14 for each file.
    awk '$NF !~ /total|futex|madvise|munmap|mmap|mprotect/ { n += $4 } END { print n }' \
        calls >count
    if [ "$(cat count)" -lt 1700 ]; then
        ok "small files: few system calls"
    else
        not_ok "small files: few system calls" "$(cat count) for 100"
    fi
else
    skip "system calls for small files" "a sanitizer makes its own, or no strace"
fi

# A signal ends all of it, and leaves no part of a file.
mkdir many
for i in $(seq 1 40); do cp big "many/$i"; done
python3 - "$XZ" >result 2>&1 <<'PYTHON'
import glob, os, signal, subprocess, sys, time
p = subprocess.Popen([sys.argv[1], "-T4", "--no-sync", "-r", "-6", "many"])
deadline = time.time() + 60
while len(glob.glob("many/*.xz")) < 3 and time.time() < deadline:
    time.sleep(0.01)
p.send_signal(signal.SIGTERM)
print(p.wait(timeout=60) == -signal.SIGTERM)
for target in glob.glob("many/*.xz"):
    if subprocess.run([sys.argv[1], "-tq", target], check=False).returncode != 0:
        print("part of a file:", target)
print(len({os.path.splitext(os.path.basename(n))[0] for n in glob.glob("many/*")}))
PYTHON
equal "a signal ends all" "$(tr '\n' ' ' <result)" "True 40 "

# No more files are open at once than the process may have.
mkdir few
for i in $(seq 30); do head -c 300000 big >few/$i; done
few() { (ulimit -n 32 && exec "$XZ" -0 -T30 --no-sync "$@"); }
status "few open files" 0 few few/*
status "few open files, -t" 0 few -t few/*
status "few open files, -d" 0 few -d few/*
equal "few open files: all done" "$(find few -size 300000c | wc -l)" 30
one() { (ulimit -n 12 && exec "$XZ" -0 -T30 --no-sync "$@"); }
status "hardly any open files" 0 one few/*

# Files that have to do with each other are done in turn, as with one thread.
mkdir turn
size=900000
[ -z "${SANITIZED:-}" ] || size=250000 # takes as long as the other without
text $size >first
echo second >second
for threads in 1 4; do
    for round in 1 2 3; do
        case="-T$threads, $round"
        rm -rf turn/*
        xz -0c first >turn/a.xz
        xz -0c -Flzma second >turn/a.lzma
        status "one target for two, $case" 0 xz -df -T$threads turn/a.xz ./turn/a.lzma
        same "one target for two, $case: the later one" second turn/a
        equal "one target for two, $case: nothing else" "$(ls turn)" a
        xz -0c first | xz -0c >turn/b.xz.xz
        xz -0c second >turn/b.xz
        status "a source that is a target, $case" 0 \
            xz -df -T$threads turn/b.xz.xz turn/b.xz
        same "a source that is a target, $case: what was in it" first turn/b
        cp first turn/c
        status "the same source, -k, $case" 1 xz -0k -T$threads turn/c turn/c turn/c
        equal "the same source, -k, $case: told twice" "$(grep -c 'File exists' err)" 2
        xz -dc turn/c.xz >got
        same "the same source, -k, $case: whole" first got
    done
done

# A target gets the access time that its source had before anybody read it.
rm -rf turn/*
for i in $(seq 40); do
    head -c 3000 first >turn/$i.a
    touch -d '2001-01-01 UTC' turn/$i.a
    ln turn/$i.a turn/$i.b
done
xz -0kfT4 turn/*.[ab]
equal "names of one file: access times" \
    "$(stat -c '%X' turn/*.a.xz | sort | uniq -c | tr -s ' ')" " 40 978307200"

finish
