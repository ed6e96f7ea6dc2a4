#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2086,SC2317 # options are split on purpose; functions by name
# Links and special mode bits: refused, unless -k, -f or -c says otherwise.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

text 5000 >plain
fresh() {
    rm -rf box
    mkdir box
    cp plain box/a
    cd box || exit 1
}
leave() {
    cd "$work" || exit 1
}

fresh
ln -s a link
status "symbolic link" 2 xz link
contains "symbolic link: message" err "symbolic link"
exists "symbolic link: all there" a link
gone "symbolic link: no target" link.xz
for option in -k -c; do
    rm -f link.xz
    status "symbolic link, $option" 0 xz $option link
    exists "symbolic link, $option: all there" a link
done
rm -f link.xz
status "symbolic link, -f" 0 xz -f link
gone "symbolic link, -f: link gone" link
exists "symbolic link, -f: file and target there" a link.xz
ln -s missing dangling
status "dangling link" 2 xz dangling
status "dangling link, -f" 1 xz -f dangling
leave

fresh
ln a other
status "hard link" 2 xz a
contains "hard link: message" err "hard link"
status "hard link, -k" 0 xz -k a
rm a.xz
status "hard link, -f" 0 xz -f a
gone "hard link, -f: name gone" a
exists "hard link, -f: other name there" other
leave

for bits in 4755 2755 6755 1755; do
    fresh
    chmod $bits a
    if [ "$(mode a)" != $bits ]; then
        skip "mode $bits" "cannot be set"
        leave
        continue
    fi
    status "mode $bits" 2 xz a
    exists "mode $bits: still there" a
    status "mode $bits, -k" 0 xz -k a
    rm a.xz
    status "mode $bits, -f" 0 xz -f a
    leave
done

fresh
xz -k a
ln -s a.xz link.xz
status "decompress a link" 2 xz -d link.xz
status "decompress a link to standard output" 0 xz -dc link.xz
status "test a link" 0 xz -t link.xz
status "list a link" 0 xz -l link.xz
leave

finish
