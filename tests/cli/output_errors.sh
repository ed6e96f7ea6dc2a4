#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# Full disks, closed files and size limits are noticed.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 50000 >plain
xz -k plain
if [ -w /dev/full ]; then
    for command in '-c plain' '-dc plain.xz' '-l plain.xz' '-lvv plain.xz' \
        '--robot -l plain.xz' -V --help -H --info-memory --filters-help; do
        xz $command >/dev/full 2>err
        equal "full disk: $command" $? 1
        if [ -s err ]; then
            ok "full disk: $command: message"
        else
            not_ok "full disk: $command: message"
        fi
    done
else
    skip "full disk" "no /dev/full"
fi
xz -dc plain.xz >&- 2>err
equal "standard output closed" $? 1
xz -t <&- 2>err
equal "standard input closed" $? 1
xz -dc plain.xz 2>&- >got
equal "standard error closed" $? 0
same "standard error closed: data" plain got
xz -k missing 2>&-
equal "standard error closed, with an error" $? 1
same "no message in a file" plain plain

noise 3000000 >noise.bin
mv noise.bin noise
(
    ulimit -f 100
    trap '' XFSZ
    "$XZ" -k -0 noise 2>err
)
equal "file size limit, signal ignored" $? 1
gone "file size limit, signal ignored: no target" noise.xz
(
    ulimit -f 100
    exec "$XZ" -k -0 noise 2>err
)
got=$?
if [ $got -gt 128 ]; then ok "file size limit: signal"; else not_ok "file size limit: signal" $got; fi
gone "file size limit: no target" noise.xz
exists "file size limit: source there" noise

# The source is moved away meanwhile: what took its name is not removed.
python3 - "$XZ" >result 2>&1 <<'PYTHON'
import os, subprocess, sys, time
if os.path.exists("noise.xz"):
    os.unlink("noise.xz")
p = subprocess.Popen([sys.argv[1], "-9", "-T1", "noise"], stderr=subprocess.PIPE)
deadline = time.time() + 20
while not os.path.exists("noise.xz") and time.time() < deadline:
    time.sleep(0.005)
os.rename("noise", "elsewhere")
with open("noise", "w") as f:
    f.write("new")
err = p.communicate(timeout=60)[1]
print(p.returncode, open("noise").read(), os.path.exists("elsewhere"), b"moved" in err)
PYTHON
case $(cat result) in
"2 new True True") ok "source moved away" ;;
*) not_ok "source moved away" "$(cat result)" ;;
esac

finish
