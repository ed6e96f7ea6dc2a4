#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# Data is passed on in time: --flush-timeout, and decoding as it comes.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

python3 - "$XZ" >result 2>&1 <<'PYTHON'
"""Two programs in a pipe; what goes in must come out before more goes in."""
import os
import select
import subprocess
import sys
xz = sys.argv[1]
a = subprocess.Popen([xz, "-c", "--flush-timeout=50"], stdin=subprocess.PIPE,
                     stdout=subprocess.PIPE)
b = subprocess.Popen([xz, "-dc", "-T1"], stdin=a.stdout, stdout=subprocess.PIPE)
a.stdout.close()
good = True
for i in range(5):
    text = b"line %d of a log\n" % i
    a.stdin.write(text)
    a.stdin.flush()
    got = b""
    while len(got) < len(text):
        ready, _, _ = select.select([b.stdout], [], [], 10)
        if not ready:
            break
        got += os.read(b.stdout.fileno(), 1000)
    good = good and got == text
a.stdin.close()
rest = b.stdout.read()
print(good and rest == b"" and a.wait() == 0 and b.wait() == 0)
PYTHON
equal "lines come out one by one" "$(cat result)" True
text 3000 >plain
status "filters that cannot flush" 1 xz -c --flush-timeout=10 --x86 --lzma2 plain
status ".lzma cannot flush" 1 xz -c --flush-timeout=10 -Flzma plain
status "delta can" 0 xz -c --flush-timeout=10 --delta --lzma2 plain
status "0 is off" 0 xz -c --flush-timeout=0 --x86 --lzma2 plain
{
    cat plain
    sleep 0.4
    cat plain
    sleep 0.4
} | xz --flush-timeout=100 >f.xz
cat plain plain >want
xz -dc f.xz >got
same "flushes in the middle" want got
sleep 0.3 | xz --flush-timeout=50 | xz -t
equal "nothing to flush" $? 0

# A producer that pauses: what can be had of the data so far comes out, with and without
# workers, though it is less than a buffer and nobody asked for a flush.
cat >pause.py <<'PYTHON'
"""usage: pause.py XZ   Feeds xz and stops; counts what comes out before any more."""
import os
import subprocess
import sys
import threading

xz = sys.argv[1]
noise = os.urandom(3 << 20)


def comes_out(name, data, cut, wanted, *options):
    """Give the data up to the cut; what is wanted has to come; then the rest."""
    process = subprocess.Popen([xz, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    feeder = threading.Thread(target=lambda: (process.stdin.write(data[:cut]),
                                              process.stdin.flush()))
    feeder.start()
    out = b""
    piece = b"-"
    while len(out) < wanted and piece:
        piece = os.read(process.stdout.fileno(), 65536)
        out += piece
    feeder.join()
    rest, _ = process.communicate(data[cut:]) if piece else (b"", None)
    watchdog.cancel()
    print(f"{name}: {bool(piece) and process.wait() == 0}")
    return out + rest


for threads in ("-T1", "-T2", "-T4"):
    comes_out(f"compress {threads}", noise, 100000, 65536, "-0c", threads, "--block-size=64KiB")
    blocks = comes_out(f"compress Blocks {threads}", noise, len(noise) - 10, len(noise) * 5 // 6,
                       "-0c", threads, "--block-size=512KiB")
    plain = comes_out(f"decompress {threads}", blocks, len(blocks) - 64, len(noise) - 8, "-dc",
                      threads)
    print(f"the same {threads}: {plain == noise}")
PYTHON
python3 pause.py "$XZ" >paused 2>&1
equal "pause: all was tried" "$(wc -l <paused)" 12
while read -r line; do
    equal "pause: ${line%:*}" "${line##*: }" True
done <paused

finish
