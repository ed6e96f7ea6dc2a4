#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2317 # functions by name
# xzless and xzmore: what the pager gets, evil names.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/cli/script_lib.sh
. "$here/script_lib.sh"

printf 'apple\nbanana\n' >p
printf 'cherry\n' >q
xz -k p q
gzip -k p
head -c 24 p.xz >cut.xz
: | xz >empty.xz
exec </dev/null

# ---- xzmore ------------------------------------------------------------------------
PAGER='cat'
export PAGER
for command in xzmore lzmore; do
    PAGER=false status "$command -V" 0 "$command" -V
    contains "$command -V: the version" out "^$command "
    status "$command" 0 "$command" p.xz
    same "$command: output" p out
    status "$command, several" 0 "$command" p.xz q p.gz
    { echo '------> p.xz <------' && cat p && echo '------> q <------' && cat q &&
        echo '------> p.gz <------' && cat p; } >want
    same "$command, several: output" want out
    status "$command --help" 0 "$command" --help
    contains "$command --help: words" out "^Usage: $command"
    status "$command --version" 0 "$command" --version
done
xzmore <p.xz >out
same "standard input" p out
xzmore - <p.xz >out
same "standard input, -" p out
status "options for the pager" 0 xzmore -n -s p.xz
contains "options for the pager: output" out '1.apple'
status "--" 0 xzmore -- p.xz
xzmore p.xz <&- >out
same "xzmore, standard input closed" p out
PAGER='sed -n 1p' status "PAGER with arguments" 0 xzmore p.xz
equal "PAGER with arguments: output" "$(cat out)" apple
status "damaged" 1 xzmore cut.xz p.xz
contains "damaged: message" err 'cut.xz: Unexpected end'
contains "damaged: the other is shown" out apple
status "missing" 1 xzmore missing
PAGER=no-such-pager status "no pager" 127 xzmore p.xz
text 3000000 | xz -0 >big.xz
PAGER='head -n 1' status "pager ends early" 0 xzmore big.xz p.xz
equal "pager ends early: no message" "$(cat err)" ''

# ---- xzless: with a pipe instead of a terminal, less writes like cat -----------------
xzless p.xz | cat >out
same "xzless" p out
lzless p.xz p | cat >out
cat p p >want
same "xzless, two files" want out
xzless <p.xz | cat >out
same "xzless, standard input" p out
xzless empty.xz | cat >out
same "xzless, empty" /dev/null out
xzless q | cat >out
same "xzless, not compressed" q out
status "xzless --help" 0 xzless --help
contains "xzless --help: words" out '^Usage: xzless'
status "xzless --version" 0 xzless --version

# How old and new ones are called: a less that only tells.
mkdir stub
cat >stub/less <<'END'
#!/bin/sh
[ "$1" != -V ] || { echo "less $LESS_VERSION (POSIX regular expressions)" && exit; }
printf '%s\n' "$LESSOPEN" "$@"
END
chmod +x stub/less
told() { # told VERSION: LESSOPEN up to its command, and arguments
    LESS_VERSION=$1 PATH=$work/stub:$PATH xzless -x 'a b' | sed 's/-xz.*/-xz/' | tr '\n' ' '
}
equal "less 450" "$(told 450)" '|-xz -x a b '
equal "less 451" "$(told 451)" '||-xz -x a b '
equal "less 632" "$(told 632)" '||-xz --show-preproc-errors -x a b '
equal "less 661.x" "$(told 661.2)" '||-xz --show-preproc-errors -x a b '
equal "another less" "$(told x)" '|-xz -x a b '

# In a terminal.
if command -v tmux >/dev/null 2>&1; then
    tmux -S "$work/socket" -f /dev/null new-session -d -x 60 -y 8 \
        "cd '$work'; TERM=screen xzless p.xz; echo status \$?; sleep 60"
    sees() {
        tmux -S "$work/socket" capture-pane -p >screen 2>/dev/null && grep -q "$1" screen
    }
    succeeds "xzless in a terminal" wait_for 20 sees banana
    succeeds "xzless in a terminal: name" wait_for 20 sees 'p.xz'
    tmux -S "$work/socket" send-keys q
    succeeds "xzless in a terminal: left" wait_for 20 sees 'status 0'
    tmux -S "$work/socket" kill-server
else
    skip "xzless in a terminal" "no tmux"
fi

# ---- Evil names --------------------------------------------------------------------
try_name() {
    mkdir evil
    cp p.xz "evil/$1.xz"
    status "xzmore of it" 0 xzmore "evil/$1.xz"
    same "xzmore of it: output" p out
    (cd evil && xzmore -- "$1.xz") >out
    same "xzmore, no slash" p out
    xzless -- "evil/$1.xz" | cat >out
    # less takes a newline or a % out of the name for its command, and then shows the
    # file as it is.
    if ! cmp -s p out; then same "xzless of it: nothing else" p.xz out; fi
    (cd evil && xzless -- "$1.xz" | cat) >/dev/null 2>&1
    gone "nothing was run" pwned evil/pwned
    rm -r evil
}
each_evil try_name

finish
