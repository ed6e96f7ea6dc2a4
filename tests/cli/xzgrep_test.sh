#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# xzgrep and its sisters: what is found, how it is labelled, exit status, evil names.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/cli/script_lib.sh
. "$here/script_lib.sh"

make_kinds
mkdir -p d/sub 'd/-s' e
cp p.xz d/
cp q d/sub/
echo apple | gzip >"d/-s/n${newline}l.gz"
printf 'nothing here\n' >d/none
head -c 24 p.xz >cut.xz
printf 'apple\nx\n' >patterns
: >empty

# greps NAME STATUS OUTPUT ARGUMENT...
greps() {
    _name=$1 _status=$2 _output=$3
    shift 3
    status "$_name" "$_status" "${command:-xzgrep}" "$@"
    equal "$_name: output" "$(cat out)" "$_output"
}

exec </dev/null
for GREP in grep 'busybox grep'; do
    export GREP
    # ---- Files and labels ------------------------------------------------------------
    greps "one file" 0 apple apple p.xz
    greps "uncompressed" 0 apple apple p
    greps "no match" 1 '' zzz p.xz q.xz
    greps "two files" 0 "p.xz:apple${newline}q.xz:apple pie" apple p.xz q.xz
    greps "-h" 0 "apple${newline}apple pie" -h apple p.xz q.xz
    greps "-H" 0 p.xz:apple -H apple p.xz
    greps "all kinds of files" 0 "p.xz:1
p.lzma:1
p.gz:1
p.bz2:1
p.zst:1
p.lzo:1
p.lz:1
p:1" -c apple p.xz p.lzma p.gz p.bz2 p.zst p.lzo p.lz p
    greps "-l" 2 "p.xz${newline}q" -l apple p.xz q cut.xz d/none -s
    greps "--files-with-matches" 0 q.xz --files-with-matches cherry p.xz q.xz
    greps "-L" 0 q.xz -L banana p.xz q.xz
    greps "-L without a match" 1 "p.xz${newline}q.xz" -L zzz p.xz q.xz
    greps "-c" 0 "p.xz:2${newline}q.xz:1" -c -e a p.xz q.xz
    greps "-lc" 0 p.xz -lc banana p.xz q.xz
    greps "-q" 0 '' -q apple p.xz
    greps "-q ends at the first match" 0 '' -q apple p.xz missing
    greps "-v" 0 banana -v apple p.xz
    greps "-n" 0 q.xz:2:apple\ pie -Hn apple q.xz
done
unset GREP
xzgrep -c apple p.xz q.xz <&- >out 2>err
equal "closed standard input" "$? $(tr '\n' ' ' <out)$(cat err)" "0 p.xz:1 q.xz:1 "
xzgrep apple <&- >out 2>err
equal "closed standard input, searched" "$?$(cat out)" 2

# ---- Directories -------------------------------------------------------------------
sorted() {
    xzgrep "$@" >unsorted
    _status=$?
    LC_ALL=C sort unsorted
    return "$_status"
}
command=sorted
tree="d/-s/n${newline}l.gz:apple${newline}d/p.xz:apple${newline}d/sub/q:apple pie"
tree=$(printf '%s\n' "$tree" | LC_ALL=C sort)
greps "-r" 0 "$tree" -r apple d
greps "-r, slash" 0 "$tree" -r apple d/
greps "--recursive, file" 0 "d/p.xz:banana${newline}p.xz:banana" --recursive banana d p.xz
greps "-r -h" 0 "apple${newline}apple${newline}apple pie" -rh apple d
greps "-r -l" 0 d/p.xz -rl banana d
greps "-r -q" 0 '' -rq banana d
greps "-r, no match" 1 '' -r zzz d
greps "-r, empty" 1 '' -r apple e
ln -s ../d e/link
greps "-r does not follow" 1 '' -r apple e
greps "-r follows operands" 0 "e/link/p.xz:banana" -r banana e/link --max-count 1 -s d/none
greps "-R follows" 0 "$(printf '%s\n' "$tree" | sed 's|^d/|e/link/|' | LC_ALL=C sort)" -R apple e
cp cut.xz d/
greps "-r, damaged file" 2 "$tree" -r apple d
rm d/cut.xz
command=''
(cd d && xzgrep -rl cherry) >out
equal "-r without a directory" "$(cat out)" sub/q
greps "pattern {} for -r" 1 '' -r '{}' d
status "directory without -r" 1 xzgrep apple d
contains "directory without -r: message" err 'd: is a directory'

# A part of a name that looks like the beginning of one in the list of find.
mkdir -p "f/a$newline." "f/a${newline}b"
cp p.xz "f/a$newline./p"
cp p.xz "f/a${newline}b/0"
xzgrep -rl apple f >unsorted
greps "-r, names with newlines" 0 "f/a$newline./p${newline}f/a${newline}b/0" -rl apple \
    "f/a$newline." "f/a${newline}b"
equal "-r, names with newlines, from above" "$(wc -l <unsorted)" 4

# ---- Choosing among files -----------------------------------------------------------
# As grep does with the same files, which are not compressed.
mkdir -p t/sub/sub t/.hid
for file in a.c a.h sub/b.c sub/b.h sub/sub/c.c .hid/e.c 'sub/[x].c'; do
    echo apple >"t/$file"
done
echo 'b*' >globs
printf '*.h\n\nc.c' >globs2
cd t || exit
chooses() {
    LC_ALL=C grep "$@" apple 2>/dev/null | LC_ALL=C sort >../want
    xzgrep "$@" apple >../unsorted 2>../err
    LC_ALL=C sort ../unsorted >../got
    same "chooses: $*" ../want ../got
    equal "chooses: $*: no message" "$(cat ../err)" ''
}
operands() {
    LC_ALL=C grep apple "$@" >../want 2>/dev/null
    xzgrep apple "$@" >../got 2>../err
    same "chooses: $*" ../want ../got
    equal "chooses: $*: no message" "$(cat ../err)" ''
}
chooses -r --include='*.c'
chooses -r --include '*.c' --exclude 'b*'
chooses -r --exclude='b*' --include='*.c'
chooses -r --include='*.[ch]' --include='e*' --exclude='*.h'
chooses -r --exclude='[^b].c'
chooses -r --exclude='[!b].c'
chooses -r --exclude='\b.c'
chooses -r --exclude='\[x].c'
chooses -r --exclude='[[]x*'
chooses -r --exclude='.*' --exclude-d=.hid
chooses -r --exclude=sub
chooses -r --exclude=b.c/
chooses -r --include=none
chooses -rl --exclude-dir=sub
chooses -rl --exclude-dir=sub/// --exclude-dir='.h?d'
chooses -rl --exclude-dir='*'
chooses -rL --exclude-dir=. --include=a.c
chooses -rc --exclude-from=../globs
chooses -r --exclude-from ../globs2 --exclude-from=../globs
chooses -r --exclude-from=/dev/null
operands --exclude-dir=sub -r sub
operands --exclude-dir=sub -r ./sub a.c
operands --exclude-dir=sub sub a.c
operands --exclude-dir='*' -r .
operands --include='*.c' a.c a.h sub/b.h sub/b.c
operands --include='sub/*' a.c sub/b.c
operands --exclude=b.c a.c sub/b.c
operands --exclude=sub -r sub/sub
operands --exclude='*.c' a.c a.h
cd .. || exit
rm -r t
greps "standard input is always included" 0 '(standard input):apple' --include=x -H apple - <p
greps "--exclude-from standard input" 0 'd/sub/q:apple pie' --exclude-from=- -r apple d <<END
*.?z
END
greps "--exclude-from, missing" 2 '' --exclude-from=missing -r apple d
greps "--include without a pattern" 2 '' apple p.xz --include
contains "--include without a pattern: message" err 'option --include requires'
greps "--include, newline" 2 '' --include="a${newline}b" -r apple d

# ---- Exit status -------------------------------------------------------------------
greps "missing file" 2 p.xz:apple apple missing p.xz
greps "missing file, -s" 2 p.xz:apple -s apple missing p.xz
equal "missing file, -s: no message" "$(cat err)" ''
greps "damaged file" 2 '' zzz cut.xz
contains "damaged file: message" err 'cut.xz: Unexpected end'
greps "damaged file, with match" 2 p.xz:apple apple p.xz cut.xz
greps "bad pattern" 2 '' '[' p.xz q.xz
equal "bad pattern: told once" "$(grep -c . err)" 1
greps "bad option" 2 '' --foo apple p.xz
greps "no pattern" 2 ''
greps "no argument for -e" 2 '' -e
for option in -d -z -Z --directories=skip --null --null-data -nZ; do
    greps "$option" 2 '' $option apple p.xz
    contains "$option: message" err 'not supported'
done
status "--help" 0 xzgrep --help
contains "--help: words" out '^Usage: xzgrep'
status "--version" 0 xzgrep --version
contains "--version: words" out '^xzgrep (ClearXZ'
text 3000000 | xz -0 >big.xz
greps "xz gets SIGPIPE" 0 big.xz -l 1 big.xz
equal "xz gets SIGPIPE: no message" "$(cat err)" ''
xzgrep . big.xz big.xz | head -n 1 >out
equal "output to head" "$(wc -l <out)" 1

# ---- Patterns and options ----------------------------------------------------------
greps "-e twice" 0 "cherry${newline}apple pie" -e apple -e cherry q.xz
greps "-e joined" 0 'apple pie' -eapple q.xz
greps "-ie" 0 'apple pie' -ie APPLE q.xz
greps "--regexp=" 0 'apple pie' --regexp=apple q.xz
greps "--regexp" 0 'apple pie' --regexp apple q.xz
greps "--reg" 0 'apple pie' --reg apple q.xz
greps "two lines" 0 "cherry${newline}apple pie" "apple${newline}cherry" q.xz
greps "-f" 0 'apple pie' -f patterns q.xz
greps "--file=" 0 "p.xz:apple${newline}q.xz:apple pie" --file=patterns p.xz q.xz
greps "-f, empty" 1 '' -f empty p.xz
greps "-f, missing" 2 '' -f missing p.xz
mkfifo fifo
cat patterns >fifo &
greps "-f, FIFO" 0 "p.xz:apple${newline}q.xz:apple pie" -f fifo p.xz q.xz
wait
greps "options behind files" 0 2:apple\ pie apple q.xz -n
greps "--" 0 p.xz:apple -H -- apple p.xz
greps "-A1" 0 "p.xz:1:apple${newline}p.xz-2-banana" -Hn -A1 apple p.xz
greps "-A 1" 0 "apple${newline}banana" -A 1 apple p.xz
greps "-1" 0 "apple${newline}banana" -1 apple p.xz
greps "-m 1" 0 apple -m 1 a p.xz
greps "-nm1" 0 1:apple -nm1 a p.xz
greps "-o -w" 0 apple -ow apple q.xz
greps "--color" 0 "$(printf '\033[01;31m\033[Kapple\033[m\033[K')" --color=always apple p.xz
POSIXLY_CORRECT=1 greps "POSIXLY_CORRECT" 2 q.xz:apple\ pie apple q.xz -n

# ---- Standard input ----------------------------------------------------------------
from() { # from FILE COMMAND...
    _file=$1
    shift
    "$@" <"$_file"
}
command=from
greps "standard input" 0 apple p.xz xzgrep apple
greps "standard input, -" 0 "(standard input):apple${newline}q.xz:apple pie" p.xz xzgrep apple - q.xz
greps "standard input, -l" 0 - p.xz xzgrep -l apple
greps "standard input, --label" 0 x:apple p.xz xzgrep --label=x -H apple
greps "patterns from standard input" 0 "p.xz:apple${newline}q.xz:apple pie" patterns \
    xzgrep -f - p.xz q.xz

# ---- Names of the program ----------------------------------------------------------
command=''
for command in xzegrep lzegrep; do
    greps "$command" 0 "apple${newline}banana" 'apple|ban' p.xz
done
for command in xzfgrep lzfgrep; do
    greps "$command" 1 '' 'a.' p.xz
done
command=lzgrep
greps lzgrep 0 apple apple p.lzma
command=''
GREP='grep -i' greps "GREP with an option" 0 apple APPLE p.xz

# ---- Evil names and patterns -------------------------------------------------------
# Labels of names with and without a slash before them, and where awk writes the labels.
try_name() {
    mkdir evil
    cp p.xz "evil/$1.xz"
    printf '%s\n' "evil/$1.xz:apple" p.xz:apple >want
    xzgrep apple "evil/$1.xz" p.xz >out
    same "label" want out
    GREP='busybox grep' xzgrep apple "evil/$1.xz" p.xz >out
    same "label by awk" want out
    printf '%s\n' "evil/$1.xz" >want
    xzgrep -l apple -- "evil/$1.xz" >out
    same "-l" want out
    GREP='busybox grep' xzgrep -rl apple evil >out
    same "-rl without grep" want out
    (cd evil && xzgrep -H -- apple "$1.xz") >out
    printf '%s\n' "$1.xz:apple" >want
    same "no slash" want out
    (cd evil && xzgrep -rc apple) >out
    printf '%s\n' "$1.xz:1" >want
    same "-r from here" want out
    gone "nothing was run" pwned evil/pwned
    rm -r evil
}
each_evil try_name

try_glob() {
    mkdir evil
    cp p.xz "evil/x.xz"
    case $1 in
    *"$newline"*) want=2 ;;
    '*') want=1 ;;
    *) want=0 ;;
    esac
    status "--exclude=$1" $want xzgrep -rq --exclude="$1" --exclude-dir="$1" apple evil
    gone "nothing was run" pwned evil/pwned
    rm -r evil
}
each_evil try_glob

try_pattern() {
    printf '%s\nother\n' "$1" >text
    xz -kf text
    for command in xzgrep xzfgrep; do
        printf '%s\n' "$1" >want
        case $command$1 in
        xzfgrep*) ;;
        *'*'* | *'['* | *.* | *\\* | *'$'* | *'?'*) continue ;; # means something
        esac
        "$command" -e "$1" text.xz >out
        case $1 in
        *"$newline") ;; # the empty line matches everything
        "$newline"*) ;;
        *)
            same "-e pattern" want out
            "$command" "--regexp=$1" text.xz >out
            same "--regexp=pattern" want out
            "$command" -- "$1" text.xz >out
            same "pattern behind --" want out
            "$command" -r -e "$1" text.xz | sed 's/^text.xz://' >out
            same "-r pattern" want out
            ;;
        esac
    done
    gone "nothing was run" pwned
}
each_evil try_pattern

finish
