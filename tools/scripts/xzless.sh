#!/bin/sh
# SPDX-License-Identifier: 0BSD
# xzless: views files that may be compressed, with less. See xzless(1).
#
# less runs the command in LESSOPEN by the shell, with the name of the file in place of
# %s. It puts a backslash before each of the characters in LESSMETACHARS: all that mean
# something to a shell must be there, the newline too.
# shellcheck disable=SC2154,SC2089,SC2090 # $name is in common.sh; quotes are meant

usage() {
    cat <<END
Usage: $name [OPTION]... [FILE]...
View FILEs with less; they are decompressed if they are compressed by xz.

OPTIONs are those of less.
END
}

case ${1-} in
--help) usage && exit ;;
--version) show_version && exit ;;
esac

# "less 590 (...)"; the number is missing in those that are not the original.
version=$(less -V 2>/dev/null | sed -n '1s/^less \([0-9]*\).*/\1/p')
command -v less >/dev/null 2>&1 || die "less is not installed"

if [ -z "${LESSMETACHARS+set}" ]; then
    LESSMETACHARS="$(printf ' \t\r')
*?()<>[]{}|&;^\`#\\\$%=~!'\""
fi
LESSOPEN='|-xz --format=auto -dcfqQ -- %s'
# From 451 on a second bar makes less look at the exit status, so that an empty file
# is shown as that.
[ "${version:-0}" -lt 451 ] || LESSOPEN="|$LESSOPEN"
export LESSMETACHARS LESSOPEN

# From 632 on less can tell when the command has failed.
[ "${version:-0}" -lt 632 ] || set -- --show-preproc-errors "$@"
exec less "$@"
