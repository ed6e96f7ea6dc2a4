#!/bin/sh
# SPDX-License-Identifier: 0BSD
# xzmore: views files that may be compressed, with more or $PAGER. See xzmore(1).
# shellcheck disable=SC2154 # $name and others come from common.sh

usage() {
    cat <<END
Usage: $name [OPTION]... [FILE]...
View FILEs with \$PAGER, or more; they are decompressed if they are compressed.

OPTIONs before the first FILE are those of the pager.
END
}

case ${1-} in
--help) usage && exit ;;
-V | --version) show_version && exit ;;
esac

# show COUNT ARGUMENT...: the files behind COUNT options, with their names if there are
# several. Returns 1 if one could not be decoded.
show() {
    shift "$(($1 + 1))"
    headings=$(($# - 1))
    result=0
    for file in "$@"; do
        if [ "$headings" -gt 0 ]; then
            printf '%s' "------> $file <------" | LC_ALL=C tr '[:cntrl:]' '?'
            echo
        fi
        decode "$file"
        status=$?
        is_good "$status" || result=1
        [ "$status" -le 128 ] || break # the pager has been left
    done
    return "$result"
}

# page COUNT ARGUMENT...: standard input through the pager with the first COUNT of them.
page() {
    left=$1
    shift
    total=$#
    for arg in "$@"; do
        [ "$left" -gt 0 ] || break
        left=$((left - 1))
        set -- "$@" "$arg"
    done
    shift "$total"
    # shellcheck disable=SC2086  # a command with its options
    $pager "$@"
}

pager=${PAGER:-more}
options=0
for arg in "$@"; do
    [ "$arg" != -- ] || options=$((options + 1))
    case $arg in
    - | --) break ;;
    -* | +*) options=$((options + 1)) ;;
    *) break ;;
    esac
done
if [ "$options" -eq $# ]; then
    [ ! -t 0 ] || { usage >&2 && exit 1; }
    set -- "$@" -
fi

exec 4>&1
keep_stdin
shown=$(
    exec 3>&1
    { show "$options" "$@" 3>&- 4>&-; echo $? >&3; } | page "$options" "$@" 3>&- >&4 4>&-
)
status=$?
[ "$status" -eq 0 ] || exit "$status"
exit "${shown:-1}"
