# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh disable=SC1003,SC2016
# For the tests of scripts: finds them beside xz, and has names and texts that try to
# get out of their quotes. Sourced after lib.sh.

if [ -n "${SANITIZED:-}" ]; then
    echo "skipped: scripts have nothing that could be sanitized"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
PATH=$(dirname "$XZ"):$PATH
export PATH
unset GREP DIFF CMP PAGER LESS LESSOPEN LESSMETACHARS LESSMETAESCAPE CDPATH
newline='
'

# make_kinds   files p and q, p compressed in every way, and q.xz
make_kinds() {
    printf 'apple\nbanana\n' >p
    printf 'cherry\napple pie\n' >q
    xz -k p q
    xz -k -Flzma p
    gzip -k p
    bzip2 -k p
    zstd -qk p
    lzop -qk p
    lzip -k p
}

# each_evil FUNCTION: calls it with one text after the other. Each would make a file named
# pwned if it were run, or is something else than a file if it is mistaken for an option.
# Those with newlines are aimed at sed (CVE-2022-1271) and at the shell that less starts.
each_evil() {
    _function=$1
    set -- "|$newline;e touch pwned$newline#" "a${newline}touch pwned${newline}b" \
        'x;touch pwned;' '$(touch pwned)' '`touch pwned`' "'\$(touch pwned)'" \
        '"$(touch pwned)"' '&\1|e touch pwned' 'back\slash\' "it's" 'say "hi"' \
        'two  blanks' '*' '?[a]' '%s%n' '-' '-e' '-r' '--help' '--file=plain' '-fplain' \
        '--regexp=x' '|touch pwned' '>pwned' '{}' '~' '#' '=' 'a:b' 'tab	tab' \
        "${newline}2$newline" ".${newline}." "a${newline}>pwned${newline}b"
    for _evil in "$@"; do
        "$_function" "$_evil"
    done
}
