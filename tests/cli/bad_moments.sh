#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# A disk that gets full, files that change or vanish, signals all the time.
here=$(cd "$(dirname "$0")" && pwd)
case ${BUILD:=build} in
/*) ;;
*) BUILD=$PWD/$BUILD ;;
esac
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

# A small disk: one file does not fit, the others are done all the same.
text 3000 >one
text 4000 >two
noise 400000 >big
cat >small-disk <<'SCRIPT'
mkdir disk && mount -t tmpfs -o size=256k none disk || exit 77
"$XZ" -0 "$@" --output-dir=disk one big two 2>err
echo $? >status
ls disk | tr '\n' ' ' >names
for name in one two; do "$XZ" -dc disk/$name.xz | cmp -s - $name || echo $name >>bad; done
SCRIPT
for threads in -T1 -T3; do
    rm -rf disk bad
    XZ=$XZ unshare -rm sh small-disk $threads >log 2>&1
    if [ $? -eq 77 ]; then
        skip "full disk, $threads" "no tmpfs can be mounted: $(head -n 1 log)"
        continue
    fi
    equal "full disk, $threads: exit status" "$(cat status)" 1
    equal "full disk, $threads: the others are done" "$(cat names)" "one.xz two.xz "
    gone "full disk, $threads: others good" bad
    contains "full disk, $threads: message" err 'disk/big.xz: Write error: No space left on device'
    equal "full disk, $threads: one line" "$(wc -l <err)" 1
    exists "full disk, $threads: source kept" big
done

# A file that grows, and one that is cut, while it is read.
text 2000000 >grows
python3 - "$XZ" >result 2>&1 <<'PYTHON'
import lzma, os, subprocess, sys
results = []
for change in ("grow", "shrink"):
    open("moving", "wb").write(open("grows", "rb").read())
    p = subprocess.Popen([sys.argv[1], "-T1", "-c", "moving"], stdout=subprocess.PIPE)
    begin = p.stdout.read(1)  # it has begun
    if change == "grow":
        with open("moving", "ab") as f:
            f.write(b"more" * 100000)
    else:
        os.truncate("moving", 100000)
    data = begin + p.stdout.read()
    plain = lzma.decompress(data)
    whole = open("grows", "rb").read() + b"more" * 100000
    results.append(p.wait() == 0 and whole.startswith(plain) and len(plain) >= 100000)
print(results)
PYTHON
equal "changing while read: a sound file of what was read" "$(cat result)" "[True, True]"

# Vanished, unreadable, special: a line each, and the rest is done.
printf 'one\nvanished\ntwo\n' >list
mkdir directory
status "some of a list" 1 xz -k --files=list directory
equal "some of a list: a line each" "$(wc -l <err)" 2
contains "vanished" err 'vanished: No such file or directory'
contains "directory" err 'directory: Is a directory, skipping'
exists "some of a list: done" one.xz two.xz

# Replaced between reading and removing: the new file is not ours to remove.
cp grows replaced
python3 - "$XZ" >result 2>&1 <<'PYTHON'
import os, subprocess, sys, time
p = subprocess.Popen([sys.argv[1], "-T1", "-9", "replaced"], stderr=subprocess.PIPE)
deadline = time.time() + 60
while not os.path.exists("replaced.xz") and time.time() < deadline:
    time.sleep(0.001)
os.rename("replaced", "elsewhere")
open("replaced", "w").write("new")
err = p.communicate()[1]
print(open("replaced").read(), p.returncode, b"moved, not removing" in err)
PYTHON
equal "replaced source: kept, and a warning" "$(cat result)" "new 2 True"

# Signals that ask for news, all the time: nothing is lost, nothing is doubled.
xz -0 -T2 --block-size=100KiB -k grows
python3 - "$XZ" >result 2>&1 <<'PYTHON'
import signal, subprocess, sys, threading
for command in (["-dc", "grows.xz"], ["-0c", "grows"]):
    p = subprocess.Popen([sys.argv[1], *command], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
    data = p.stdout.read(1)  # its handlers are there
    done = threading.Event()
    def pester():
        while not done.wait(0.0005) and p.poll() is None:
            p.send_signal(signal.SIGUSR1)
    thread = threading.Thread(target=pester)
    thread.start()
    while piece := p.stdout.read(5000):
        data += piece
    done.set()
    thread.join()
    print(p.wait())
    open("got" + command[0], "wb").write(data)
PYTHON
equal "pestered: exit status" "$(tr '\n' ' ' <result)" "0 0 "
same "pestered, decompressing: data" got-dc grows
xz -dc <got-0c >got
same "pestered, compressing: data" got grows

# What is appended to a source when its end has been read is not removed with it.
if [ -n "${SANITIZED:-}" ]; then
    skip "a late writer" "the parts of a sanitized program are linked otherwise"
    finish
fi
cc -Wl,--wrap=lzma_code -I"$here/../../include" -o late "$here/late_writer.c" \
    "$BUILD"/static/tools/xz/*.o "$BUILD"/static/tools/common/*.o \
    "$BUILD/lib/liblzma.a" -pthread || not_ok "linked"
late() { # NAME STATUS FILE OPTION...   the file is written to
    exec 9>>"$3"
    _late=$1 _ends=$2
    shift 3
    status "$_late" "$_ends" ./late "$@" -0 log
    exec 9>&-
}
for threads in 1 4; do
    cp grows log
    late "a late writer, -T$threads" 2 log -T$threads
    contains "a late writer, -T$threads: told" err 'log: Has grown since its end was read, not removing$'
    equal "a late writer, -T$threads: kept" "$(tail -c 5 log)" more
    xz -dc log.xz >got
    same "a late writer, -T$threads: what was read" got grows
    rm log.xz
    late "a late writer, kept anyway, -T$threads" 0 log -kT$threads
    rm log.xz
    # Nothing is told where nothing is lost.
    late "an early writer, -T$threads" 0 other -T$threads
    gone "an early writer, -T$threads: removed" log
    rm log.xz
done

finish
