#!/bin/sh
# SPDX-License-Identifier: 0BSD
# While the encoder is at work for long, signals and the display get their turn: here in
# a program whose sort never ends, so that whatever happens, happens meanwhile.
# shellcheck source=tests/cli/lib.sh
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
case ${BUILD:=build} in
/*) ;;
*) BUILD=$PWD/$BUILD ;;
esac
. "$here/lib.sh"

if [ -n "${SANITIZED:-}" ]; then
    skip "long work" "the parts of a sanitized program are linked otherwise"
    finish
fi
cc -Wl,--wrap=xz_suffix_sort -I"$root/include" -o endless "$here/endless_sort.c" \
    "$BUILD"/static/tools/xz/*.o "$BUILD"/static/tools/common/*.o \
    "$BUILD/lib/liblzma.a" -pthread || not_ok "linked"

text 3000000 >plain
cat >run.py <<'PYTHON'
"""usage: run.py SIGNAL NEWS OPTION...   ./endless in its sort is sent SIGNAL.

With NEWS, which is "news" or "-", SIGUSR1 is sent before, and its line waited for.
Prints "ended by SIGNAL" and what stands in the directory then.
"""
import os
import signal
import subprocess
import sys
import threading

name, news, *options = sys.argv[1:]
signal.signal(signal.SIGINT, signal.default_int_handler)
process = subprocess.Popen(["./endless"] + options, stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
watchdog = threading.Timer(120, process.kill)
watchdog.start()
for line in process.stderr:
    if line == b"sorting\n":
        break
if news == "news":
    process.send_signal(signal.SIGUSR1)
    for line in process.stderr:
        if b"text" in line:
            print("news")
            break
process.send_signal(getattr(signal, name))
rest = process.stderr.read()
status = process.wait()
watchdog.cancel()
ended = status == -getattr(signal, name)
print(f"ended by {name}" if ended else f"status {status}: {rest}")
print(sorted(n for n in os.listdir("dir")))
PYTHON

# ended NAME SIGNAL NEWS WANT OPTION...
ended() {
    _name=$1
    _want=$4
    _signal=$2
    _news=$3
    shift 4
    rm -rf dir
    mkdir dir
    for file in a.text b.text c.text; do cp plain dir/$file; done
    equal "$_name" "$(python3 run.py "$_signal" "$_news" "$@" 2>&1 | tr '\n' ' ')" "$_want"
}

all="['a.text', 'b.text', 'c.text']"
for signal in INT TERM HUP; do
    ended "one thread, SIG$signal" SIG$signal - "ended by SIG$signal $all " -T1 dir/a.text
done
ended "one thread, .lzma" SIGINT - "ended by SIGINT $all " -T1 -Flzma dir/a.text
ended "one thread, -9" SIGINT - "ended by SIGINT $all " -T1 -9 dir/a.text
ended "one thread, news" SIGINT news "news ended by SIGINT $all " -T1 dir/a.text
ended "one thread, --json" SIGINT news "news ended by SIGINT $all " -T1 --json dir/a.text
ended "several threads" SIGINT - "ended by SIGINT $all " -T3 dir/a.text
ended "several threads, news" SIGINT news "news ended by SIGINT $all " -T3 dir/a.text
ended "several files" SIGTERM - "ended by SIGTERM $all " -T3 dir/a.text dir/b.text dir/c.text
ended "benchmark" SIGINT - "ended by SIGINT $all " --benchmark -6 dir/a.text

# The encoder puts its output into a ring that another thread writes from. It may do so
# until the process has ended. (The variable: glibc gives such memory back at once.)
cc -Wl,--wrap=lzma_code -I"$root/include" -o interrupted "$here/endless_output.c" \
    "$BUILD"/static/tools/xz/*.o "$BUILD"/static/tools/common/*.o \
    "$BUILD/lib/liblzma.a" -pthread || not_ok "linked, output"
rm -rf dir
mkdir dir
head -c 3000000 /dev/urandom >dir/noise
status "output meanwhile" 143 env MALLOC_MMAP_THRESHOLD_=1000000 timeout 120 \
    ./interrupted -T4 -0 -Flzma dir/noise
gone "output meanwhile: no target" dir/noise.lzma

# The display at a terminal is renewed meanwhile, and Control-Z stops the work.
cat >terminal.py <<'PYTHON'
"""Runs ./endless at a terminal; what it shows has to change while it sorts.

The terminal's first process does as a shell does, since nobody could stop a process
that has no such parent: it tells on a pipe when ./endless has stopped or ended.
"""
import os
import pty
import re
import select
import signal
import sys
import threading

told_here, tell = os.pipe()
pid, fd = pty.fork()
if pid == 0:
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execv("./endless", ["./endless", "-v", "-T1", "-k", "dir/a.text"])
    while True:
        _, status = os.waitpid(job, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            os.write(tell, b"ended %d\n" % (os.WIFSIGNALED(status) and os.WTERMSIG(status)))
            os._exit(0)
        os.write(tell, b"stopped\n")
        os.kill(job, signal.SIGCONT)
os.close(tell)
threading.Timer(120, os.kill, [pid, signal.SIGKILL]).start()
shown = b""


def wait_for(what, source=fd):
    """Read until it is there; the end is what happens after two minutes."""
    global shown
    shown = b""
    while not re.search(what, shown):
        if source != fd and select.select([fd], [], [], 0.05)[0]:
            os.read(fd, 4096)
        if source == fd or select.select([source], [], [], 0.05)[0]:
            got = os.read(source, 4096)
            if not got:
                return False
            shown += got
    return True


print("sorts", wait_for(rb"sorting"))
print("renewed", wait_for(rb"([0-9]:[0-9][0-9])(.|\n)*(?!\1)[0-9]:[0-9][0-9]"))
os.write(fd, b"\x1a")
print("stopped", wait_for(rb"stopped\n", told_here))
print("goes on", wait_for(rb"[0-9]:[0-9][0-9]"))
os.write(fd, b"\x03")
print("ended", wait_for(rb"ended 2\n", told_here))
sys.stdout.flush()
os._exit(0)
PYTHON
rm -rf dir
mkdir dir
cp plain dir/a.text
equal "at a terminal" "$(python3 terminal.py 2>&1 | tr '\n' ' ')" \
    "sorts True renewed True stopped True goes on True ended True "
gone "at a terminal: no target" dir/a.text.xz

finish
