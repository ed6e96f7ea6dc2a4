#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# A signal ends the work without half a file; others show progress.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

noise 3000000 >plain
# A source that takes long enough: the pipe stays open.
mkfifo pipe

cat plain plain plain plain plain plain plain plain >big
for signal in INT TERM HUP XCPU; do
    # Python, as jobs of a shell without job control ignore SIGINT.
    cp big work
    python3 - "$XZ" "$signal" >result 2>&1 <<'PYTHON'
import os, signal, subprocess, sys, time
number = getattr(signal, "SIG" + sys.argv[2])
signal.signal(signal.SIGINT, signal.default_int_handler)
p = subprocess.Popen([sys.argv[1], "-T1", "-9", "work"], stderr=subprocess.PIPE)
deadline = time.time() + 120
while not os.path.exists("work.xz") and time.time() < deadline:
    time.sleep(0.01)
time.sleep(0.1)
running = p.poll() is None
p.send_signal(number)
try:
    _, err = p.communicate(timeout=120)
except subprocess.TimeoutExpired:
    p.kill()
    err = b"did not end"
print("running" if running else "was too fast", -p.returncode == number, err)
PYTHON
    equal "SIG$signal ends it" "$(cat result)" "running True b''"
    gone "SIG$signal: no target" work.xz
    same "SIG$signal: source untouched" work big
done

# While it waits for input, and while it waits for its output to be read.
for direction in compress decompress; do
    if [ $direction = compress ]; then option=-zc; else option=-dc; fi
    python3 - "$XZ" $option >result 2>&1 <<'PYTHON'
import signal, subprocess, sys, time
p = subprocess.Popen([sys.argv[1], sys.argv[2]], stdin=subprocess.PIPE,
                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
time.sleep(0.3)
p.send_signal(signal.SIGTERM)
try:
    print(p.wait(timeout=120) == -signal.SIGTERM)
except subprocess.TimeoutExpired:
    p.kill()
    print("did not end")
PYTHON
    equal "$direction: ended while waiting for input" "$(cat result)" True
done
xz -0 -c plain >plain.xz
python3 - "$XZ" >result 2>&1 <<'PYTHON'
import signal, subprocess, sys, time
p = subprocess.Popen([sys.argv[1], "-dc", "plain.xz"], stdout=subprocess.PIPE)
time.sleep(0.3)
p.send_signal(signal.SIGTERM)
try:
    print(p.wait(timeout=120) == -signal.SIGTERM)
except subprocess.TimeoutExpired:
    p.kill()
    print("did not end")
PYTHON
equal "ended while waiting for the reader" "$(cat result)" True

# A reader that goes away.
python3 - "$XZ" >result 2>&1 <<'PYTHON'
import signal, subprocess, sys
for ignored in (False, True):
    def prepare():
        signal.signal(signal.SIGPIPE, signal.SIG_IGN if ignored else signal.SIG_DFL)
    p = subprocess.Popen([sys.argv[1], "-dc", "plain.xz"], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, preexec_fn=prepare, restore_signals=False)
    p.stdout.read(10)
    p.stdout.close()
    err = p.stderr.read()
    print(p.wait(), bool(err))
PYTHON
equal "reader goes away" "$(sed -n 1p result)" "-13 False"
equal "reader goes away, SIGPIPE ignored" "$(sed -n 2p result)" "0 False"

# Ignored signals stay ignored.
text 2000000 >small
(
    trap '' TERM HUP
    "$XZ" -0 -k small &
    kill -TERM $! 2>/dev/null
    kill -HUP $! 2>/dev/null
    wait $!
)
equal "ignored signals" $? 0
status "ignored signals: target good" 0 xz -t small.xz

# Signals that ask for news do not disturb. The second waits for the first's line, as
# two that come at once may be answered by one line.
has_lines() {
    [ "$(grep -c 'MiB\|KiB' news)" -ge "$1" ]
}
"$XZ" -0c <pipe >news.xz 2>news &
job=$!
{
    cat plain
    kill -USR1 $job
    wait_for 120 has_lines 1
    kill -ALRM $job
    wait_for 120 has_lines 2
    cat plain
} >pipe
wait $job
equal "SIGUSR1 and SIGALRM" $? 0
cat plain plain >want
xz -dc news.xz >got
same "SIGUSR1 and SIGALRM: data" want got
if has_lines 2; then
    ok "SIGUSR1 and SIGALRM: progress shown"
else
    not_ok "SIGUSR1 and SIGALRM: progress shown" "$(cat news)"
fi

# What waits in the encoder is no progress: at -9 that is all there is until the end.
told_while_waiting() { # told_while_waiting OPTION...: into news
    rm -f waits.xz
    "$XZ" -T1 -9 -o waits.xz "$@" <pipe 2>news &
    job=$!
    {
        cat plain
        kill -USR1 $job
        wait_for 120 test -s news
    } >pipe
    wait $job
}
told_while_waiting
contains "SIGUSR1: only what is coded counts" news '(stdin): [0-9]* B / 0 B'
told_while_waiting --json
contains "SIGUSR1: the same with --json" news '"in": *0,'

# Decompressing into a file, hit in the middle. A signal that comes when the file is
# complete still ends the program, and leaves all of it.
python3 - "$XZ" >result 2>&1 <<'PYTHON'
import os, signal, subprocess, sys, time
with open("part.xz", "wb") as f:
    f.write(open("big", "rb").read()[:1000])
subprocess.run([sys.argv[1], "-0", "-c", "big"], stdout=open("part.xz", "wb"), check=True)
results = []
for delay in (0.0, 0.005, 0.01, 0.02, 0.03, 0.05):
    if os.path.exists("part"):
        os.unlink("part")
    p = subprocess.Popen([sys.argv[1], "-dk", "part.xz"])
    time.sleep(delay)
    p.send_signal(signal.SIGTERM)
    p.wait(timeout=120)
    complete = os.path.exists("part") and os.path.getsize("part") == os.path.getsize("big")
    nothing = p.returncode != 0 and not os.path.exists("part")
    results.append(complete or nothing)
print(all(results))
PYTHON
equal "killed at several moments: all or nothing" "$(cat result)" True

finish
