#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2317 # functions by name
# xzdiff and xzcmp: what is compared, exit status, evil names.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/cli/script_lib.sh
. "$here/script_lib.sh"

make_kinds
cp p t.tar
xz -kc p >t.txz
gzip -c p >t.tgz
cp p plain
head -c 24 p.xz >cut.xz
exec </dev/null

# ---- Which files -------------------------------------------------------------------
for command in xzdiff xzcmp lzdiff lzcmp; do
    for one in p p.xz p.lzma p.gz p.bz2 p.zst p.lzo p.lz; do
        for two in plain p.xz p.gz; do
            status "$command $one $two" 0 "$command" "$one" "$two"
            equal "$command $one $two: output" "$(cat out err)" ''
        done
        status "$command $one q.xz" 1 "$command" "$one" q.xz
        status "$command q $one" 1 "$command" q "$one"
        [ "$one" = p ] || status "$command $one" 0 "$command" "$one"
    done
    status "$command t.txz" 0 "$command" t.txz
    status "$command t.tgz" 0 "$command" t.tgz
    status "$command damaged" 2 "$command" cut.xz p
    contains "$command damaged: message" err 'cut.xz: Unexpected end'
    status "$command damaged, second" 2 "$command" p.xz cut.xz
    status "$command missing" 2 "$command" missing.xz p
    contains "$command missing: message" err 'missing.xz: no such file'
    mv p moved
    status "$command no file without suffix" 2 "$command" p.xz
    mv moved p
    status "$command no suffix" 2 "$command" plain
    status "$command no file" 2 "$command"
    status "$command three files" 2 "$command" p q plain
    status "$command bad option" 2 "$command" --foo p.xz q.xz
    status "$command --help" 0 "$command" --help
    contains "$command --help: words" out "^Usage: $command"
    status "$command --version" 0 "$command" --version
    contains "$command --version: words" out "^$command (ClearXZ"
    xz -dc p.xz | "$command" - p.gz
    equal "$command standard input" $? 0
    "$command" q.xz - <p.xz >out
    equal "$command standard input, second, compressed" $? 1
    status "$command standard input twice" 0 "$command" - -
done

# ---- Options and output ------------------------------------------------------------
diff p q >want
xzdiff p.xz q.xz >out
same "output" want out
xzdiff p q.gz >out 2>/dev/null
diff -U 0 --label p.xz --label q.xz p q >want
xzdiff -U 0 p.xz q.xz >out
same "-U 0" want out
xzdiff p.xz q.xz -U0 >out
same "options behind files" want out
xzdiff -U0 -L p.xz --label q.xz p.gz q >out
same "own labels" want out
status "-q" 1 xzdiff -q p.xz q.xz
contains "-q: names" out 'p.xz and q.xz differ'
status "-i" 0 xzdiff -I '[a-c]' --ignore-matching-lines x p.xz q.xz
status "cmp -n" 0 xzcmp -n 0 p.xz q.xz
status "cmp -s" 1 xzcmp -s p.xz q.xz
equal "cmp -s: output" "$(cat out err)" ''
DIFF='diff -q' status "DIFF" 1 xzdiff p.xz q.xz
CMP=false status "CMP" 1 xzcmp p.xz p
text 3000000 >big
xz -0k big
{ echo x && cat big; } | xz -0 >big2.xz
status "cmp ends early" 1 xzcmp -s big.xz big2.xz
equal "cmp ends early: no message" "$(cat err)" ''

# ---- Without /dev/fd ---------------------------------------------------------------
hidden() {
    # shellcheck disable=SC2016  # for the inner shell
    unshare -rm sh -c 'mount -t tmpfs none /proc && ! [ -e /dev/fd/0 ] && exec "$@"' sh "$@"
}
if hidden true 2>/dev/null; then
    mkdir tmp
    diff p q >want
    TMPDIR=$work/tmp
    export TMPDIR
    status "no /dev/fd" 1 hidden xzdiff p.xz q.xz
    same "no /dev/fd: output" want out
    status "no /dev/fd, same" 0 hidden xzcmp p.xz p.gz
    equal "no /dev/fd: nothing is left" "$(ls tmp)" ''
    unset TMPDIR
else
    skip "no /dev/fd" "/proc cannot be hidden here"
fi

# ---- Evil names --------------------------------------------------------------------
try_name() {
    mkdir evil
    cp p.xz "evil/$1.xz"
    cp p "evil/$1"
    for one in "evil/$1" "evil/$1.xz"; do
        status "diff of it" 0 xzdiff -- "$one" p.xz
        status "diff with it" 1 xzdiff q "$one"
        status "cmp of it" 0 xzcmp "$one" p.bz2
    done
    status "one operand" 0 xzdiff -- "evil/$1.xz"
    (
        cd evil || exit
        xzdiff -- "$1.xz" && xzcmp -- ../p "$1.xz" && xzcmp -- "$1.xz" ../p.gz
    )
    equal "no slash" $? 0
    gone "nothing was run" pwned evil/pwned
    rm -r evil
}
each_evil try_name

finish
