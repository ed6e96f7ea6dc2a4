#!/bin/sh
# SPDX-License-Identifier: 0BSD
# xzdiff and xzcmp: compare files that may be compressed. See xzdiff(1).
#
# diff and cmp read one file from standard input, and a second from /dev/fd/5; where there
# is no /dev/fd, from a temporary file.
# shellcheck disable=SC2154 # $name and others come from common.sh

case $name in
*cmp*) program=cmp compare=${CMP:-cmp} ;;
*) program=diff compare=${DIFF:-diff} ;;
esac

usage() {
    cat <<END
Usage: $name [OPTION]... FILE1 [FILE2]
Compare two files, which are decompressed if they are compressed.

OPTIONs are those of $program. Without FILE2, FILE1 is compared with the file that has
its name without the suffix of compressed files.
END
}

# takes_value OPTION: its argument is the next one.
takes_value() {
    case $program$1 in
    diff-[CUWIxXSLFD] | cmp-[in]) return 0 ;;
    diff--lab* | diff--ignore-m* | diff--exc* | diff--sta* | diff--show-f*) ;;
    diff--if* | diff--w* | diff--hor* | diff--ta* | diff--*-format) ;;
    cmp--ig* | cmp--by*) ;;
    *) return 1 ;;
    esac
    case $1 in
    *=*) return 1 ;;
    esac
}

# stem NAME: the name without its suffix, in $stem.
stem() {
    case $1 in
    *.txz | *.tlz | *.tgz | *.taz | *.tbz | *.tzo) stem=${1%.*}.tar ;;
    *.tbz2 | *.tzst) stem=${1%.*}.tar ;;
    *) stem=${1%[-._]*} ;;
    esac
}

# ---- "$@" becomes: options; the files are $file1 and $file2 -------------------------
left=$#
files=0
file1='' file2=''
only_files=no expects_value=no has_labels=no
for arg in "$@"; do
    if [ "$expects_value" = yes ]; then
        expects_value=no
        set -- "$@" "$arg"
    elif [ "$only_files" = yes ] || [ "$arg" = - ] || [ "${arg#-}" = "$arg" ]; then
        files=$((files + 1))
        [ "$files" -ne 1 ] || file1=$arg
        [ "$files" -ne 2 ] || file2=$arg
    else
        case $arg in
        --)
            only_files=yes
            continue
            ;;
        --he*) usage && exit ;;
        --vers*) show_version && exit ;;
        -L* | --lab*) has_labels=yes ;;
        esac
        if takes_value "$arg"; then expects_value=yes; fi
        set -- "$@" "$arg"
    fi
done
shift "$left"

case $files in
1)
    decoder "$file1"
    [ -n "$decoder" ] || die "$file1: unknown suffix of a compressed file"
    stem "$file1"
    operand "$stem" # not standard input, if it is "-"
    file2=$operand
    ;;
2) ;;
*) die "one or two files are needed; try '$name --help'" ;;
esac
for file in "$file1" "$file2"; do
    if [ "$file" = - ]; then
        if [ "$file1" = "$file2" ]; then
            exec $compare "$@" - - # as diff and cmp answer it: no difference
        fi
        keep_stdin
    elif ! [ -e "$file" ]; then
        die "$file: no such file"
    fi
done

# Names instead of "-" and "/dev/fd/5", where diff has --label.
if [ "$program" = diff ] && [ "$has_labels" = no ] &&
    $compare --label=x --label=x /dev/null /dev/null >/dev/null 2>&1; then
    set -- "$@" --label="$file1" --label="$file2"
fi

# kind FILE: p for plain, c for compressed, in $kind.
kind() {
    decoder "$1"
    kind=c
    [ "$1" = - ] || [ -n "$decoder" ] || kind=p
}

# both OPTION...: compares the file on 5 with standard input.
both() {
    if [ -r /dev/fd/5 ]; then
        $compare "$@" /dev/fd/5 -
        return
    fi
    copy=$(mktemp "${TMPDIR:-/tmp}/xzdiff.XXXXXX") || return 2
    trap 'rm -f "$copy"' EXIT
    trap 'exit 2' HUP INT PIPE TERM
    # The other file waits in its pipe.
    cat <&5 >"$copy" && $compare "$@" "$copy" -
}

kind "$file1"
kinds=$kind
kind "$file2"
kinds=$kinds$kind
exec 4>&1
decoded=$(
    exec 3>&1
    case $kinds in
    pp)
        operand "$file1"
        file1=$operand
        operand "$file2"
        $compare "$@" "$file1" "$operand" 3>&- >&4 4>&-
        ;;
    cp)
        operand "$file2"
        { decode "$file1" 3>&- 4>&-; echo $? >&3; } |
            $compare "$@" - "$operand" 3>&- >&4 4>&-
        ;;
    pc)
        operand "$file1"
        { decode "$file2" 3>&- 4>&-; echo $? >&3; } |
            $compare "$@" "$operand" - 3>&- >&4 4>&-
        ;;
    cc)
        { decode "$file1" 3>&- 4>&-; echo $? >&3; } | {
            { decode "$file2" 3>&- 4>&- 5<&-; echo $? >&3; } </dev/null |
                both "$@" 3>&- >&4 4>&-
        } 5<&0
        ;;
    esac
)
status=$?
[ "$status" -lt 2 ] || exit 2
for result in $decoded; do
    is_good "$result" || exit 2
done
exit "$status"
