#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Manual pages: mandoc has no warning, every exported function is in a page, and what
# pages of the library refer to exists.
#
# A page names its functions in .Nm lines of its NAME section; make install makes a link
# for each.

set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

verdict() { # verdict NAME STATUS: prints what is in $work/log if STATUS is not 0
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not ok $1"
        cat "$work/log"
    fi
}

cd "$root/man" || exit 1

# ---- Each page: mandoc, and how the NAME section is written ------------------------
for page in *.[137]; do
    mandoc -Tlint -Wwarning "$page" >"$work/log" 2>&1
    verdict "mandoc -Tlint $page" $?
    section=${page##*.}
    sed -n '/^\.Sh NAME/,/^\.Nd/s/^\.Nm \([^ ]*\).*/\1/p' "$page" >"$work/names"
    sed "s/\$/($section)/" "$work/names" >>"$work/documented"
    case $page in
    lzma_*)
        # What is named is shown in the SYNOPSIS, and nothing else is.
        sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/s/^\.F[no] \([^ ]*\).*/\1/p' \
            "$page" >"$work/shown"
        diff "$work/names" "$work/shown" >"$work/log"
        verdict "$page names what it shows" $?
        ;;
    esac
done

# ---- Every exported function -------------------------------------------------------
sort -u "$work/documented" -o "$work/documented"
sed -n 's/^\([a-z][a-z0-9_]*\)@.*/\1(3)/p' "$root/tests/abi/symbols.txt" |
    sort -u >"$work/exported"
[ -s "$work/exported" ] && comm -23 "$work/exported" "$work/documented" >"$work/log"
[ -s "$work/exported" ] && [ ! -s "$work/log" ]
verdict "every exported function is in a page" $?

grep '([37])$' "$work/documented" | grep -v '^liblzma(7)$' |
    grep -v '^clearxz_' | comm -13 "$work/exported" - >"$work/log"
[ ! -s "$work/log" ]
verdict "pages name only what is exported" $?

# ---- References to pages of the library --------------------------------------------
sed -n 's/^\(\.It \)\{0,1\}\.\{0,1\}Xr \([a-z0-9_]*\) \([0-9]\).*/\2(\3)/p' ./*.[37] |
    grep '^\(liblzma\|lzma_\|clearxz_\)' | sort -u |
    comm -23 - "$work/documented" >"$work/log"
[ ! -s "$work/log" ]
verdict "references lead to a page" $?

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
