#!/bin/sh
# SPDX-License-Identifier: 0BSD
# A Block whose first parts are encoded while it fills: its Check is not computed in one
# go at the end, where no signal and no timeout would be heard.
# shellcheck source=tests/cli/lib.sh
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
case ${BUILD:=build} in
/*) ;;
*) BUILD=$PWD/$BUILD ;;
esac
. "$here/../cli/lib.sh"

if [ -n "${SANITIZED:-}" ]; then
    skip "check of an early Block" "the parts of a sanitized program are linked otherwise"
    finish
fi
cc -Wl,--wrap=xz_check_update -I"$root/include" -o counts "$here/early_check.c" \
    "$BUILD/lib/liblzma.a" -pthread || not_ok "linked"
equal "check of an early Block" "$(./counts)" "good, by the caller, in pieces"

finish
