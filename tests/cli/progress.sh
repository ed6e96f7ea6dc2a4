#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317,SC2033 # split on purpose; functions by name; no xargs here
# The progress display as a person at a terminal sees it, in tmux.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# A server of our own, with no configuration; its sockets go with the work directory.
export TMUX_TMPDIR="$work"
unset TMUX
number=0
feeder=
terminal() {
    tmux -L "xz$number" -f /dev/null "$@"
}
stop() {
    [ -n "$feeder" ] && kill "$feeder" 2>/dev/null
    feeder=
    terminal kill-server 2>/dev/null
}
trap 'stop; cd /; chmod -R u+rwx "$work"; rm -rf "$work"' EXIT

# The source is a pipe that we fill: the work lasts as long as we like. A little of what
# has come waits in the encoder and does not count.
mkfifo pipe
text 3000000 >part
columns=80

# session COMMAND   runs it in a new terminal of $columns columns; $? goes to "status"
session() {
    stop
    rm -f status target
    number=$((number + 1))
    terminal new-session -d -s s -x "$columns" -y 24 \
        "cd '$work'; PS1='\$ '; export TERM=screen; $1; echo \$? >status; sleep 100"
}

# seen REGEX   the screen shows it
seen() {
    terminal capture-pane -p -t s >screen 2>/dev/null && grep -q -e "$1" screen
}

# shows NAME REGEX   the screen will show it
shows() {
    if wait_for 20 seen "$2"; then ok "$1"; else not_ok "$1" "no '$2' in: $(cat screen)"; fi
}

done_with() {
    wait_for 20 test -s status
    equal "$1" "$(cat status)" 0
}

# feed PIECES   gives that many, then waits for "go"
feed() {
    rm -f go
    (
        exec >pipe
        for _ in $(seq "$1"); do cat part; done
        wait_for 20 test -e go
    ) >/dev/null 2>&1 &
    feeder=$!
}

session "'$XZ' -T1 -1 --size-hint=12000000 -o target <pipe"
feed 1
shows "by itself after a second: name" '(stdin) (1/1)'
shows "by itself: percentage and sizes" '^\(24\.9\|25\.0\) %  *[0-9.]* MiB / 2\.[89] MiB = 0\.[0-9]*'
shows "by itself: clock" '  0:[0-9][1-9]'
shows "by itself: speed" 'iB/s'
shows "by itself: remaining time" ' 0:[0-9][0-9]   [0-9]* \(s\|min\)'
equal "by itself: nothing wraps" "$(grep -c . screen)" 2
touch go
done_with "by itself: exit status"
shows "by itself: the end" '^ 100 %  *[0-9.]* [KM]iB / 2\.*[0-9.]* [KM]iB = 0\.'
xz -dc target >got
same "by itself: data" part got

columns=130
session "'$XZ' -T1 -1 --size-hint=6000000 -o target <pipe"
feed 1
shows "wide: a bar" '\(49\.9\|50\.0\) % \[=*>  *\] '
touch go
done_with "wide: exit status"
shows "wide: a full bar" '100 % \[=*\] '

columns=50
session "'$XZ' -T1 -1v --size-hint=6000000 -o target <pipe"
feed 1
shows "narrow" '^\(49\.9\|50\.0\) % .* MiB / 2\.[89] MiB'
equal "narrow: nothing wraps" "$(grep -c . screen)" 2
touch go
done_with "narrow: exit status"
columns=80

# Those who asked for silence, and pagers, are left alone.
for command in "'$XZ' -T1 -q -1 -o target <pipe" "'$XZ' -T1 -1c <pipe | cat >target"; do
    session "$command"
    feed 1
    sleep 2.5
    touch go
    done_with "no display: $command"
    terminal capture-pane -p -t s >screen
    equal "no display: $command: screen empty" "$(grep -c . screen)" 0
    done

# Work that takes no second, and -v, which shows that too.
# On a busy machine anything may take one.
session "date +%s%N >begin; '$XZ' -0k part; date +%s%N >end; test -s part.xz"
done_with "short: exit status"
if [ $(($(cat end) - $(cat begin))) -lt 900000000 ]; then
    terminal capture-pane -p -t s >screen
    equal "short: screen empty" "$(grep -c . screen)" 0
else
    skip "short: screen empty" "it took a second"
fi
session "'$XZ' -0kfv part"
done_with "short, -v: exit status"
shows "short, -v" '^ 100 %'

# Several files at once do not get around the rule about terminals. Wide: the messages
# begin with the path of xz, and a line that the terminal folds is not found.
columns=500
session "'$XZ' -T2 -c part part"
wait_for 20 test -s status
equal "several files: exit status" "$(cat status)" 1
shows "several files: no compressed data on a terminal" 'cannot be written to a terminal'
equal "several files: nothing else" "$(grep -vc 'written to a terminal\|^ *$' screen)" 0

# Of several files that are done side by side, all together are shown.
columns=80
mkdir many made
for n in $(seq 20); do ln part many/$n; done
session "'$XZ' -T2 -r -k --output-dir=made many"
shows "several files: part of all, speed, time left" \
    '^ *[0-9][0-9]*\.[0-9] % .* [0-9.]* MiB / [0-9.]* MiB = [0-9.]* .* [0-9]* s *$'
shows "several files: heading" '^(several files)'
percent=$(sed -n 's/^ *\([0-9]*\)\.[0-9] % .*/\1/p' screen | tail -n 1)
if [ "${percent:-100}" -lt 100 ]; then
    ok "several files: less than all"
else
    not_ok "several files: less than all" "$(cat screen)"
fi
terminal send-keys -t s C-c
wait_for 20 test -s status

# An error keeps off the line.
columns=500
head -c 3000 part.xz >cut.xz
session "'$XZ' -tv cut.xz missing"
wait_for 20 test -s status
shows "an error has a line of its own" 'cut.xz: Unexpected end of input'
equal "an error: exit status" "$(cat status)" 1

finish
