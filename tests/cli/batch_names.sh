#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2016,SC2317 # text for another shell; functions by name
# One file under several names: several threads do what one does, in the same order.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

size=1000000
[ -z "${SANITIZED:-}" ] || size=250000 # takes as long as the other without
text $size >first
echo second >second

# in_turn NAME PREPARE ARGUMENTS   PREPARE makes the directory t; the command works in it.
in_turn() {
    for threads in +1 4; do
        rm -rf t
        mkdir t
        (cd t && sh -c "$2")
        # shellcheck disable=SC2086 # options and names
        (cd t && "$XZ" -T$threads --no-sync $3 >../"out.$threads" 2>../"err.$threads")
        echo $? >>"err.$threads"
        (cd t && find . -printf '%p %y %l\n' | sort &&
            find . -type f ! -name '*.xz' -exec md5sum {} + | sort &&
            find . -name '*.xz' -type f | sort | while read -r name; do
                echo "$name $("$XZ" -dcT1 "$name" 2>&1 | md5sum)"
            done) >"tree.$threads"
    done
    same "$1: messages and status" err.+1 err.4
    same "$1: standard output" out.+1 out.4
    same "$1: files" tree.+1 tree.4
}

one='cp ../first a'
in_turn "a ./a" "$one" "-6 a ./a"
in_turn "a .//a" "$one" "-6 a .//a"
in_turn "a d/../a" "$one; mkdir d" "-6 a d/../a"
in_turn "a and a by a link to the directory" "$one; ln -s . d" "-6 a d/a"
in_turn "the same, kept" "$one; ln -s . d" "-6k a d/a d/d/a"
in_turn "the same, replaced" "$one; ln -s . d" "-6kf a d/a d/d/a"
in_turn "a and its whole name" "$one; ln -s . d" "-6k a $work/t/a"
in_turn "hard links, replaced" "$one; ln a b; ln a c" "-6f a b c"
in_turn "a link to a, replaced" "$one; ln -s a b" "-6f a b"
in_turn "a link to a, first" "$one; ln -s a b" "-6f b a"
in_turn "one target for two" "mkdir d e; cp ../first d/a; cp ../second e/a" \
    "-6k --output-dir=. d/a e/a"
in_turn "one target for two, replaced" "mkdir d e; cp ../first d/a; cp ../second e/a" \
    "-6kf --output-dir=. d/a e/a"
in_turn "one target for two, by another name" \
    "mkdir d; ln -s d e; '$XZ' -0c ../first >d/a.xz; '$XZ' -0c -Flzma ../second >d/a.lzma" \
    "-dkf d/a.xz e/a.lzma"
in_turn "a target that is a source" \
    "ln -s . d; '$XZ' -0c ../first | '$XZ' -0c >b.xz.xz; '$XZ' -0c ../second >b.xz" \
    "-dkf b.xz.xz d/b.xz"
in_turn "a target that a link leads to" \
    "'$XZ' -0c ../first | '$XZ' -0c >b.xz.xz; '$XZ' -0c ../second >b.xz; ln -s b.xz c.xz" \
    "-dkf b.xz.xz c.xz"
in_turn "a link that becomes a target" \
    "'$XZ' -0c ../first >b.xz; '$XZ' -0c ../second >e.xz; ln -s b c.xz" "-df b.xz c.xz e.xz"
in_turn "a source that a target replaces" \
    "ln -s . d; cp ../first a; cp ../second a.xz" "-6kf -S .y a.xz d/a"
in_turn "-r over two names of a directory" "mkdir d; cp ../first d/a; ln -s d e" "-6kr d e/"
in_turn "-r, one target directory" "mkdir d d/d o; cp ../first d/a; cp ../second d/d/a" \
    "-6kr --output-dir=o d d/d ./d"

finish
