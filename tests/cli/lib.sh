# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# Helpers for the tests of the commands; sourced by each of them, not run itself.
#
# XZ names the program under test. A test works in a directory of its own, which is
# removed at the end. Each check prints "ok NAME" or "not ok NAME"; finish prints the
# sum and exits with 1 if anything failed. Names that begin with _ belong to this file.

set -u
XZ=${XZ:-build/bin/xz}
case $XZ in
/*) ;;
*) XZ=$PWD/$XZ ;;
esac
unset XZ_OPT XZ_DEFAULTS POSIXLY_CORRECT
umask 022

passed=0
failed=0
work=$(mktemp -d "${TMPDIR:-/tmp}/xzcli.XXXXXX") || exit 1
trap 'cd /; chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
cd "$work" || exit 1

xz() {
    "$XZ" "$@"
}

ok() {
    passed=$((passed + 1))
    echo "ok $1"
}

not_ok() {
    failed=$((failed + 1))
    echo "not ok $1${2:+: $2}"
}

skip() {
    echo "ok $1 # SKIP $2"
}

# succeeds NAME COMMAND...   the command's exit status is 0
succeeds() {
    _name=$1
    shift
    if "$@"; then ok "$_name"; else not_ok "$_name" "exit status $?"; fi
}

# status NAME N COMMAND...   the command's exit status is N; output goes to out and err
status() {
    _name=$1
    _want=$2
    shift 2
    "$@" >out 2>err
    _got=$?
    if [ "$_got" -eq "$_want" ]; then
        ok "$_name"
    else
        not_ok "$_name" "exit status $_got instead of $_want: $(head -c 300 err)"
    fi
}

# same NAME FILE FILE
same() {
    if cmp -s "$2" "$3"; then ok "$1"; else not_ok "$1" "$2 and $3 differ"; fi
}

# equal NAME TEXT TEXT
equal() {
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "'$2' instead of '$3'"; fi
}

# contains NAME FILE REGEX
contains() {
    if grep -q -e "$3" "$2"; then
        ok "$1"
    else
        not_ok "$1" "no '$3' in: $(head -c 300 "$2")"
    fi
}

# exists NAME FILE...   and gone NAME FILE...
exists() {
    _name=$1
    shift
    for _file in "$@"; do
        if [ ! -e "$_file" ]; then
            not_ok "$_name" "$_file is missing"
            return
        fi
    done
    ok "$_name"
}

gone() {
    _name=$1
    shift
    for _file in "$@"; do
        if [ -e "$_file" ] || [ -h "$_file" ]; then
            not_ok "$_name" "$_file is there"
            return
        fi
    done
    ok "$_name"
}

# text SIZE   that many bytes that compress well but not extremely, always the same
text() {
    awk -v size="$1" 'BEGIN {
        for (n = 0; n < size; n += length(line) + 1) {
            line = ""
            for (i = 0; i < 9; i++) {
                x = (x * 69069 + 12345) % 4294967296
                line = line int(x / 65536) % 1000 " "
            }
            print line
        }
    }' | head -c "$1"
}

# noise SIZE   that many bytes that do not compress
noise() {
    head -c "$1" /dev/urandom
}

# mode FILE, inode FILE, mtime FILE
mode() {
    stat -c %a "$1"
}

mtime() {
    stat -c %.9Y "$1"
}

# damage FILE OFFSET   overwrite four bytes
damage() {
    printf '\125\252\125\252' | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# wait_for SECONDS COMMAND...   until the command succeeds
wait_for() {
    _tries=$(($1 * 20))
    shift
    while [ "$_tries" -gt 0 ]; do
        if "$@"; then return 0; fi
        sleep 0.05
        _tries=$((_tries - 1))
    done
    return 1
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}
