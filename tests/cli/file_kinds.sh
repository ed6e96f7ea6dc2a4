#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# Directories, devices, FIFOs, unreadable files and directories.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 5000 >plain
mkdir dir dir.xz
for options in '' -k -f -c -d -dc -t -l; do
    status "directory $options" 2 xz $options dir.xz
    contains "directory $options: message" err "directory"
done
mkfifo fifo
status "FIFO" 2 xz fifo
status "FIFO, -f" 2 xz -f fifo
status "FIFO, -d" 2 xz -d fifo
status "device" 2 xz /dev/null
cat plain >fifo &
xz -c fifo | xz -dc >got
same "FIFO with -c" plain got
wait
{
    sleep 0.3
    cat plain
} >fifo &
xz -c fifo | xz -dc >got
same "FIFO with -c, writer comes late" plain got
wait
xz -c plain >p.xz
cat p.xz >fifo &
xz -dc fifo >got
same "FIFO with -dc" plain got
wait
cat p.xz >fifo &
status "FIFO with -t" 0 xz -t fifo
wait
status "device with -c" 0 xz -c /dev/null
status "list of a device" 2 xz -l /dev/null # as XZ Utils 5.4
status "empty name" 1 xz ''
status "name below a file" 1 xz plain/x

if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    as_nobody() {
        setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    }
elif [ "$(id -u)" -ne 0 ]; then
    as_nobody() {
        "$@"
    }
else
    skip "unreadable files" "root without setpriv"
    finish
fi
chmod 755 .
cp plain secret
chmod 000 secret
status "unreadable file" 1 as_nobody "$XZ" secret
contains "unreadable file: message" err "secret: Permission denied"
mkdir locked
cp plain locked/a
chmod 755 locked
if [ "$(id -u)" -ne 0 ]; then chmod 555 locked; fi
chmod 644 locked/a
status "directory that cannot be written to" 1 as_nobody "$XZ" locked/a
contains "directory that cannot be written to: message" err "locked/a.xz: Permission denied"
exists "directory that cannot be written to: source there" locked/a
chmod 755 locked

# A directory that may be written to and entered, yet not read: no reason to fail.
mkdir blind
cp plain blind/a
chmod 666 blind/a
chmod 333 blind
if [ "$(id -u)" -eq 0 ]; then chown 65534:65534 blind blind/a; fi
status "directory that cannot be read" 0 as_nobody "$XZ" blind/a
chmod 755 blind
exists "directory that cannot be read: target there" blind/a.xz
gone "directory that cannot be read: source gone" blind/a

# A source that cannot be removed: the target stays, with a warning.
if [ "$(id -u)" -eq 0 ]; then
    mkdir sticky
    chmod 1777 sticky
    cp plain sticky/a
    chmod 644 sticky/a
    status "source that cannot be removed" 2 as_nobody "$XZ" sticky/a
    contains "source that cannot be removed: message" err "Cannot remove"
    exists "source that cannot be removed: both there" sticky/a sticky/a.xz
fi

finish
