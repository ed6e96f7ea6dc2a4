#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# Targets get mode, owner, group and times of their sources.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 5000 >plain
for bits in 600 640 644 660 664 755 777 444 400 604; do
    cp plain a
    chmod $bits a
    touch -d '2001-02-03 04:05:06.123456789' a
    xz a
    equal "mode $bits" "$(mode a.xz)" $bits
    equal "mode $bits: time" "$(mtime a.xz)" \
        "$(date -d '2001-02-03 04:05:06' +%s).123456789"
    xz -d a.xz
    equal "mode $bits and back" "$(mode a)" $bits
    equal "mode $bits and back: time" "$(mtime a)" \
        "$(date -d '2001-02-03 04:05:06' +%s).123456789"
    rm -f a
done

cp plain a
touch -a -d '2002-01-01' a
before=$(stat -c %X a)
xz -k a
equal "access time" "$(stat -c %X a.xz)" "$before"
rm a.xz

for bits in 4755 2755 1644; do
    cp plain a
    chmod $bits a
    xz -kf a
    equal "special bits of $bits are dropped" "$(mode a.xz)" "${bits#?}"
    rm -f a a.xz
done

# While it is being written, a target is nobody else's business.
noise 5000000 >a
chmod 666 a
python3 - "$XZ" >result 2>&1 <<'PYTHON'
import os, subprocess, sys, time
p = subprocess.Popen([sys.argv[1], "-k", "-T1", "a"])
seen = set()
while p.poll() is None:
    if os.path.exists("a.xz") and p.poll() is None:
        seen.add(oct(os.stat("a.xz").st_mode & 0o777))
    time.sleep(0.01)
print("0o600" in seen, seen <= {"0o600", "0o666"})
PYTHON
equal "mode while it is written" "$(cat result)" "True True"
equal "mode afterwards" "$(mode a.xz)" 666
rm a a.xz

if [ "$(id -u)" -eq 0 ]; then
    cp plain a
    chown 12345:23456 a
    xz a
    equal "owner and group" "$(stat -c %u:%g a.xz)" 12345:23456
    xz -d a.xz
    equal "owner and group, back" "$(stat -c %u:%g a)" 12345:23456

    # Somebody who may not set the group: rights of group and others get narrowed.
    if command -v setpriv >/dev/null; then
        chmod 755 .
        mkdir open && chmod 777 open
        for pair in 664:644 675:655 646:644 660:600 604:600 640:600; do
            cp plain open/a
            chown 0:0 open/a
            chmod o+r "$XZ" 2>/dev/null
            chmod "${pair%:*}" open/a
            setpriv --reuid=65534 --regid=65534 --clear-groups test -r open/a || continue
            rm -f open/a.xz
            setpriv --reuid=65534 --regid=65534 --clear-groups "$XZ" -k open/a 2>err
            equal "group not set, ${pair%:*}: status" $? 2
            contains "group not set, ${pair%:*}: message" err "group"
            equal "group not set, ${pair%:*}: mode" "$(mode open/a.xz)" "${pair#*:}"
        done
    else
        skip "group not set" "no setpriv"
    fi
else
    skip "owner and group" "not root"
fi

finish
