#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# The sandbox is active: what a decoder that was taken over tries, the kernel refuses.
# shellcheck source=tests/cli/lib.sh
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
case ${BUILD:=build} in
/*) ;;
*) BUILD=$PWD/$BUILD ;;
esac
. "$here/lib.sh"

text 200000 >plain
xz -k plain
status "-vv tells" 0 xz -vvk -o copy plain
contains "-vv tells which" err "Sandbox: "
cat err >told

# The version of Landlock that the kernel has; what xz says must agree.
version=$(python3 -c 'import ctypes
print(max(0, ctypes.CDLL(None).syscall(444, None, 0, 1)))')
if [ "$version" -gt 0 ]; then
    contains "Landlock is used where the kernel has it" told "Landlock version [1-9]"
else
    contains "no Landlock: xz says so" told "Sandbox:.*Landlock"
fi
if [ -n "${SANITIZED:-}" ]; then
    skip "misbehaving" "a sanitized program keeps rights that the sanitizer needs"
    finish
fi

# The same programs, but for lzma_code().
for name in xz xzdec; do
    cc -Wl,--wrap=lzma_code -I"$root/include" -o "mis$name" "$here/misbehave.c" \
        "$BUILD/static/tools/$name"/*.o "$BUILD"/static/tools/common/*.o \
        "$BUILD/lib/liblzma.a" -pthread || not_ok "linked $name"
done
misbehaving=./misxz

# tries OPTIONS   into "tried", in a directory with something to lose
tries() {
    rm -rf planted* secret victim target
    echo "secret" >secret
    echo "victim" >victim
    "$misbehaving" "$@" >out 2>tried
    grep '^misbehave' tried >attempts
    equal "$*: data all the same" "$(tail -c 20 out)" "$(tail -c 20 plain)"
}

# refused NAME...   each attempt ended with an error
refused() {
    for _attempt in "$@"; do
        contains "$_attempt is refused" attempts \
            "^misbehave: $_attempt: \(Permission denied\|Operation not permitted\)"
    done
}

if [ "$version" -gt 0 ]; then
    # One file to standard output: nothing is left.
    tries -T1 -dc plain.xz
    refused read overwrite truncate create remove link fifo
    tries -dcvv plain.xz
    contains "strict: told" tried "no file can be opened"
    refused read overwrite truncate create remove link fifo
    # Several, which have still to be opened.
    tries -dc plain.xz plain.xz
    refused overwrite truncate create remove link fifo
    equal "nothing was lost" "$(cat secret victim | tr '\n' ' ')" "secret victim "
    misbehaving=./misxzdec
    tries plain.xz
    refused read overwrite truncate create remove link fifo
    tries plain.xz plain.xz
    refused overwrite truncate create remove link fifo
    misbehaving=./misxz
    # Into a file: what xz itself has to do is possible, the rest is not.
    cat plain >out
    rm -rf planted*
    "$misbehaving" -dk -o target plain.xz 2>tried
    grep '^misbehave' tried >attempts
    refused truncate link fifo
    same "into a file: data" target plain
else
    skip "refused by Landlock" "this kernel has no Landlock"
fi
if grep -q "seccomp (no programs" told; then
    refused socket execute
else
    skip "refused by seccomp" "this kernel or machine has no seccomp filter"
fi

finish
