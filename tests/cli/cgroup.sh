#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317,SC2154 # split on purpose; functions by name; g is
# Limits of control groups and of CPU affinity, where this test can set some.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

group=
mounted=
trap 'cd /; for g in $group; do rmdir "$g"; done 2>/dev/null
    [ -z "$mounted" ] || umount "$mounted"; rm -rf "$work"' EXIT

# hierarchy KIND CONTROLLER   $mount is where its groups are; if nowhere, $reason
hierarchy() {
    if [ "$1" = 1 ]; then type="cgroup .*[, ]$2"; else type='cgroup2 '; fi
    mount=$(grep "^[^ ]* [^ ]* $type" /proc/mounts | head -n 1 | cut -d' ' -f2)
    reason="no hierarchy of version $1 with this controller is mounted"
    if [ -z "$mount" ] && [ "$1" = 2 ] && [ -z "$mounted" ]; then
        mkdir v2
        mount -t cgroup2 none v2 2>/dev/null && mounted=$work/v2 && mount=$mounted
    fi
    [ -n "$mount" ] || return 1
    [ "$1" = 2 ] || return 0
    reason="version 2 has no $2 controller: it belongs to version 1, or to nobody"
    grep -qw "$2" "$mount/cgroup.controllers" || return 1
    reason="the $2 controller may not be given to groups"
    grep -qw "$2" "$mount/cgroup.subtree_control" ||
        echo "+$2" 2>/dev/null >"$mount/cgroup.subtree_control"
}

# make KIND CONTROLLER   a group of our own in $made
make() {
    hierarchy "$1" "$2" || return 1
    made="$mount/xz-test-$$-$1$2"
    reason="this user may make no group"
    mkdir "$made" 2>/dev/null || return 1
    group="$group $made"
}

# inside GROUP COMMAND...   in the group
inside() {
    sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' sh "$@"
}

# limited NAME FILE   the group has 200 MiB, by this file
limited() {
    echo 200M >"$made/$2"
    status "$1: limit seen" 0 inside "$made" "$XZ" --robot --info-memory
    equal "$1: a quarter of the group's limit" "$(cut -f5 out)" 52428800
    equal "$1: the RAM is still told" "$(cut -f1 out)" \
        "$(xz --robot --info-memory | cut -f1)"
    status "$1: fewer threads, silently" 0 inside "$made" "$XZ" -kf -6 a
    equal "$1: nothing said" "$(cat err)" ""
    status "$1: -vv tells" 0 inside "$made" "$XZ" -kvvf -6 a
    contains "$1: a finder that fits" err "Using the match finder bt3"
    status "$1: decompressing" 0 inside "$made" "$XZ" -dc a.xz
    same "$1: the same again" a out
    echo 1G >"$made/$2"
    status "$1: enough" 0 inside "$made" "$XZ" -kf -6 a
    mv a.xz limited.xz
    xz -k -6 a
    same "$1: enough: the same bytes" a.xz limited.xz
}

text 700000 >a
if make 1 memory; then
    limited "memory, version 1" memory.limit_in_bytes
else
    skip "memory, version 1" "$reason"
fi
if make 2 memory; then
    limited "memory.max, version 2" memory.max
    echo max >"$made/memory.max"
    limited "memory.high, version 2" memory.high
else
    skip "memory, version 2" "$reason"
fi
for kind in 1 2; do
    if ! make $kind cpu; then
        skip "CPU, version $kind" "$reason"
        continue
    fi
    if [ $kind = 2 ]; then
        echo "50000 100000" >"$made/cpu.max"
    else
        echo 100000 >"$made/cpu.cfs_period_us"
        echo 50000 >"$made/cpu.cfs_quota_us"
    fi
    status "CPU, version $kind: quota seen" 0 inside "$made" "$XZ" --robot --info-memory
    equal "CPU, version $kind: half a processor is one thread" "$(cut -f6 out)" 1
done

# The whole way with files that look like those of version 2, with the limits on a group
# around ours; a namespace of our own shows them to xz alone.
mkdir -p fake/outer/inner
echo max >fake/outer/inner/memory.max
echo 209715200 >fake/outer/memory.high
echo 'max 100000' >fake/outer/inner/cpu.max
echo '150000 100000' >fake/cpu.max
echo '0::/outer/inner' >groups
echo "30 23 0:26 / $(echo "$work/fake" | sed 's/ /\\040/g') rw - cgroup2 none rw" >mounts
faked() {
    # shellcheck disable=SC2016 # for the shell inside
    unshare -rm sh -c 'mount --bind groups /proc/$$/cgroup &&
        mount --bind mounts /proc/$$/mountinfo && exec "$@"' sh "$@"
}
if faked true 2>/dev/null; then
    status "version 2, faked: limits seen" 0 faked "$XZ" --robot --info-memory
    equal "version 2, faked: a quarter of it" "$(cut -f5 out)" 52428800
    cpus=$(xz --robot --info-memory | cut -f6)
    [ "$cpus" -lt 2 ] || cpus=2
    equal "version 2, faked: processors" "$(cut -f6 out)" "$cpus"
    status "version 2, faked: fewer threads, silently" 0 faked "$XZ" -kf -6 -T0 a
    equal "version 2, faked: nothing said" "$(cat err)" ""
    # XZ Utils takes 674 MiB, bt3 598, bt4 1281.
    for pair in 1073741824:1 4294967296:0; do
        echo "${pair%:*}" >fake/outer/memory.high
        status "version 2, faked: -9 in ${pair%:*}" 0 faked "$XZ" -vvc -T1 -9 a
        equal "version 2, faked: finder in ${pair%:*}" \
            "$(grep -c 'Using the match finder bt3' err)" "${pair#*:}"
    done
    for limit in 0 1 4096 garbage; do
        echo "$limit" >fake/outer/memory.high
        status "version 2, faked, $limit: work is done" 0 faked "$XZ" -kf -6 -T0 a
        status "version 2, faked, $limit: and undone" 0 faked "$XZ" -tT0 a.xz
    done
else
    skip "version 2, faked" "no namespace for it"
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
    # 94 MiB are enough for XZ Utils.
    text 6000000 >c
    for options in -T1 "-T1 -6e" "-T1 -Flzma"; do
        status "ulimit -v, $options" 0 sh -c "ulimit -v 120000 && '$XZ' $options -c c"
        equal "ulimit -v, $options: nothing said" "$(cat err)" ""
        xz -dc out >got
        same "ulimit -v, $options: the same again" c got
    done
    status "ulimit -v, threads given up" 0 sh -c "ulimit -v 180000 && '$XZ' -vvc -T0 c"
    contains "ulimit -v, threads given up: finder" err "Using the match finder bt3"
    for threads in 2 8; do
        status "ulimit -v, -T$threads" 0 sh -c "ulimit -v 1100000 && '$XZ' -vvc -T$threads -6 c"
        equal "ulimit -v, -T$threads: finder" "$(grep -c 'match finder' err)" 0
    done
    status "ulimit -v, enough" 0 sh -c "ulimit -v 900000 && '$XZ' -vvc -T1 b"
    equal "ulimit -v, enough: finder" "$(grep -c 'match finder' err)" 0
    xz -T1 -c b >want
    same "ulimit -v, enough: the same bytes" want out
else
    skip "ulimit" "sanitizers need all addresses"
fi

finish
