#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# Messages name the file and the cause, on standard error, and are harmless.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 30000 >a
xz -k a
status "missing" 1 xz missing
contains "missing: file and cause" err "missing: No such file"
contains "missing: program" err "^.*xz: "
equal "missing: one line" "$(grep -c . err)" 1

head -c 500 a.xz >cut.xz
status "truncated" 1 xz -t cut.xz
contains "truncated: cause" err "cut.xz: Unexpected end of input"
contains "truncated: place" err "500 bytes"
cp a.xz bad.xz
damage bad.xz 3000
status "damaged" 1 xz -t bad.xz
contains "damaged: cause" err "bad.xz: Compressed data is corrupt"
contains "damaged: Block" err "Block 1 of 1"
status "unknown" 1 xz -t a
contains "unknown: cause" err "a: File format not recognized"

# Names with control characters cannot steer the terminal.
evil=$(printf 'e\033[31mvil\n\a')
cp a.xz "$evil.xz"
status "control characters" 2 xz "$evil.xz"
if LC_ALL=C tr -d '\n' <err | LC_ALL=C grep -q '[[:cntrl:]]'; then
    not_ok "control characters masked"
else
    ok "control characters masked"
fi
contains "control characters shown as ?" err 'e?\[31mvil'
equal "control characters: one line" "$(grep -c . err)" 1
status "control characters, list" 0 xz -l "$evil.xz"
contains "control characters, list: masked" out 'e?\[31mvil'
status "control characters, robot" 0 xz --robot -l "$evil.xz"
contains "control characters, robot: masked" out 'name	e?\[31mvil'
name=$(printf 'gr\303\274n')
status "UTF-8" 1 xz "$name"
contains "UTF-8 stays" err "$name"
status "not UTF-8" 1 xz "$(printf 'x\377y')"
contains "not UTF-8 is masked" err 'x?y'

# Verbosity.
status "-v" 0 xz -v -kf a
contains "-v: line" err '^a: .* / .* = 0\.[0-9]*'
status "-vv" 0 xz -vv -kf a
contains "-vv: filters" err 'lzma2=dict=8MiB'
contains "-vv: memory" err 'MiB of memory'
status "quiet" 0 xz -kf a
equal "quiet: nothing" "$(cat err)" ""
status "-v of a failure" 1 xz -tv cut.xz
contains "-v of a failure: percentage" err '%, 500 B'

# Standard output carries data only.
xz -vv -c a 2>err | xz -dc >got
same "-vv does not disturb the data" a got

# Help and version.
xz --help >out
if [ "$(wc -l <out)" -le 24 ]; then ok "help fits a screen"; else not_ok "help fits a screen"; fi
xz --long-help >out
for option in z d t l k f c S F C e T M q v Q h H V; do
    contains "long help has -$option" out "-${option}[, ]"
done
for option in single-stream no-sparse no-sync files files0 ignore-check fast best \
    block-size block-list flush-timeout memlimit-compress memlimit-decompress \
    memlimit-mt-decompress no-adjust filters filters1 filters-help lzma1 lzma2 x86 arm \
    armthumb arm64 powerpc ia64 sparc riscv delta robot info-memory; do
    contains "long help has --$option" out "--$option"
done
if [ "$(awk 'length > 80' out | wc -l)" -eq 0 ]; then
    ok "long help fits 80 columns"
else
    not_ok "long help fits 80 columns"
fi
xz -V >out
contains "version" out '^xz .* [0-9]*\.[0-9]*\.[0-9]*$'
contains "version of the library" out '^liblzma [0-9]'
xz --robot -V >out
contains "version for programs" out '^XZ_VERSION=[0-9]*2$'
contains "version of the library for programs" out '^LIBLZMA_VERSION=[0-9]*2$'

finish
