#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# Exit status 0, 1 and 2, and how -q and -Q go along with it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 3000 >a
xz -k a
cp a b.xz
status "good" 0 xz -t a.xz
status "missing file" 1 xz missing
status "missing file, -qq" 1 xz -qq missing
equal "missing file, -qq: silent" "$(cat err)" ""
status "missing file, -Q" 1 xz -Q missing
status "not compressed" 1 xz -t b.xz
status "already compressed" 2 xz a.xz
contains "already compressed: message" err "a.xz"
status "already compressed, -q" 2 xz -q a.xz
equal "already compressed, -q: silent" "$(cat err)" ""
status "already compressed, -Q" 0 xz -Q a.xz
contains "already compressed, -Q: message" err "a.xz"
status "already compressed, -qQ" 0 xz -qQ a.xz
equal "already compressed, -qQ: silent" "$(cat err)" ""
status "warning and error" 1 xz a.xz missing
status "error and warning" 1 xz missing a.xz
status "error among good files" 1 xz -t a.xz missing a.xz
status "unknown option" 1 xz --no-such-option
contains "unknown option: hint" err "help"
status "missing argument" 1 xz --format
status "bad format" 1 xz -F foo a
status "bad check" 1 xz -C foo a
status "bad number" 1 xz -T x a
status "number too big" 1 xz -T 16385 a
status "negative number" 1 xz -T -1 a
status "bad suffix of a number" 1 xz --block-size=1x a
status "lzip cannot be written" 1 xz -Flzip a
status "list of lzma" 1 xz -l -Flzma a
status "list of standard input" 1 xz -l
status "robot without list" 1 xz --robot -t a.xz
status "help" 0 xz --help
status "long help" 0 xz -H
status "version" 0 xz -V
status "info" 0 xz --info-memory
status "filters help" 0 xz --filters-help
status "quiet list of a missing file" 1 xz -lqq missing
exists "no test removed its file" a a.xz b.xz

finish
