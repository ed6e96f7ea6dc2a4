#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Decompresses a file of any kind, for xzdiff, xzgrep, xzless and xzmore.
#
# The Makefile puts this before each of them.

set -f # what $GREP and others contain is split into words, and no more
name=${0##*/}

# say TEXT: a message on standard error. It may have file names in it, which should not
# steer the terminal.
say() {
    printf '%s: %s' "$name" "$1" | LC_ALL=C tr '[:cntrl:]' '?' >&2
    echo >&2
}

die() {
    say "$1"
    exit 2
}

show_version() {
    printf '%s %s\n' "$name" "$(xz --version | sed -n '1s/^xz //p')"
}

# operand NAME: sets $operand to a name for the same file that is no option.
operand() {
    case $1 in
    -*) operand=./$1 ;;
    *) operand=$1 ;;
    esac
}

# decoder NAME: sets $decoder to the program for files with such a name; empty if the
# name does not look like that of a compressed file. xz copies what it does not know.
decoder() {
    case $1 in
    *.xz | *.txz | *.lzma | *.tlz | *.lz | *[-_]xz | *-lzma) decoder=xz ;;
    *[-.]gz | *.t[ag]z | *[-._][zZ]) decoder=gzip ;;
    *[-.]bz2 | *.bz | *.tbz | *.tbz2) decoder=bzip2 ;;
    *[-.]zst | *.tzst) decoder=zstd ;;
    *[-.]lzo | *.tzo) decoder=lzop ;;
    *[-.]lz4) decoder=lz4 ;;
    *) decoder= ;;
    esac
}

# decode NAME: writes the contents of a file, compressed or not, to standard output. "-"
# is what the script has as file 6. Returns 0 unless there was an error.
decode() {
    if [ "$1" = - ]; then
        xz --format=auto -dcfqQ <&6
        return
    fi
    decoder "$1"
    operand "$1"
    if [ -n "$decoder" ] && ! command -v "$decoder" >/dev/null 2>&1; then
        say "$1: $decoder is not installed"
        return 1
    fi
    case $decoder in
    gzip)
        gzip -dcfq -- "$operand"
        set -- $?
        [ "$1" -ne 2 ] || set -- 0 # a warning
        return "$1"
        ;;
    bzip2) bzip2 -dcfq -- "$operand" ;;
    zstd) zstd -dcfq -- "$operand" ;;
    lzop) lzop -dcfq -- "$operand" ;;
    lz4) lz4 -dcfq -- "$operand" ;;
    *) xz --format=auto -dcfqQ -- "$operand" ;;
    esac
}

# keep_stdin: makes standard input file 6, for decode(). Where it is closed there is none;
# what is never read may be missing.
keep_stdin() {
    if { true 6<&0; } 2>/dev/null; then
        exec 6<&0
    else
        exec </dev/null 6<&-
    fi
}

# is_good STATUS: a decoder's exit status is no error. One that nobody listens to any
# more ends by SIGPIPE.
is_good() {
    [ "$1" -eq 0 ] ||
        { [ "$1" -gt 128 ] && [ "$(kill -l "$1" 2>/dev/null)" = PIPE ]; }
}
