#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317,SC2154 # split on purpose; functions by name; g is
# Limits of control groups and of CPU affinity, where this test can set some.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

group=
trap 'cd /; for g in $group; do rmdir "$g"; done 2>/dev/null; rm -rf "$work"' EXIT

# make CONTROLLER   a group of our own in $made; 2 or 1 is the version in $kind
make() {
    made=
    for kind in 2 1; do
        if [ $kind = 2 ]; then type='cgroup2 '; else type="cgroup .*[, ]$1"; fi
        mount=$(grep "^[^ ]* [^ ]* $type" /proc/mounts | head -n 1 | cut -d' ' -f2)
        [ -n "$mount" ] || continue
        [ $kind = 1 ] || grep -qw "$1" "$mount/cgroup.subtree_control" || continue
        if mkdir "$mount/xz-test-$$" 2>/dev/null; then
            made="$mount/xz-test-$$"
            group="$group $made"
            return 0
        fi
    done
    return 1
}

# inside GROUP COMMAND...   in the group
inside() {
    sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' sh "$@"
}

if make memory; then
    if [ $kind = 2 ]; then file=memory.max; else file=memory.limit_in_bytes; fi
    echo 200M >"$made/$file"
    status "memory: limit seen" 0 inside "$made" "$XZ" --robot --info-memory
    equal "memory: a quarter of the group's limit" "$(cut -f5 out)" 52428800
    equal "memory: the RAM is still told" "$(cut -f1 out)" \
        "$(xz --robot --info-memory | cut -f1)"
    text 3000000 >a
    status "memory: fewer threads, silently" 0 inside "$made" "$XZ" -k -6 a
    equal "memory: nothing said" "$(cat err)" ""
    status "memory: -vv tells" 0 inside "$made" "$XZ" -kvvf -6 a
    mv a.xz limited.xz
    xz -k -6 a
    same "memory: the same bytes" a.xz limited.xz
    status "memory: decompressing" 0 inside "$made" "$XZ" -t a.xz
else
    skip "memory" "no memory controller that this user may set"
fi

if make cpu; then
    if [ $kind = 2 ]; then
        echo "50000 100000" >"$made/cpu.max"
    else
        echo 100000 >"$made/cpu.cfs_period_us"
        echo 50000 >"$made/cpu.cfs_quota_us"
    fi
    status "CPU: quota seen" 0 inside "$made" "$XZ" --robot --info-memory
    equal "CPU: half a processor is one thread" "$(cut -f6 out)" 1
else
    skip "CPU" "no CPU controller that this user may set"
fi

if command -v taskset >/dev/null; then
    status "affinity" 0 taskset -c 0 "$XZ" --robot --info-memory
    equal "affinity: one processor is one thread" "$(cut -f6 out)" 1
fi

# Resource limits: work that fits with one thread is done.
text 500000 >b
if [ -z "${SANITIZED:-}" ]; then
    status "ulimit -v" 0 sh -c "ulimit -v 400000 && '$XZ' -k -6 -T0 b"
    equal "ulimit -v: nothing said" "$(cat err)" ""
    status "ulimit -d" 0 sh -c "ulimit -d 300000 && '$XZ' -kf -6 -T0 b"
    status "ulimit -v, decompressing" 0 sh -c "ulimit -v 200000 && '$XZ' -tT0 b.xz"
else
    skip "ulimit" "sanitizers need all addresses"
fi

finish
