#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Manual pages: mandoc has no warning, every exported function and every command with its
# options is in a page, and what pages refer to exists.
#
# Environment: BUILD, the build directory.
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
for page in *.[1357]; do
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

# ---- Every command, and its options ------------------------------------------------
bin=${BUILD:-$root/build}/bin
# xz-audit may have been built or not.
(cd "$bin" && printf '%s(1)\n' *) | grep -v audit | sort >"$work/commands"
grep '(1)$' "$work/documented" | grep -v audit | diff "$work/commands" - >"$work/log"
[ -s "$work/commands" ] && [ ! -s "$work/log" ]
verdict "every command is in a page, and nothing else" $?

# A page has its options in .It lines. -9 is there as part of a list.
page_options() {
    sed -n 's/^\.It Fl/Fl/p' "$1" | grep -o 'Fl \(Fl [a-z0-9-]*\|[A-Za-z0-9]\)' |
        sed 's/Fl Fl /--/; s/Fl /-/' | sort -u
}

# Words of a help that look like options: at a line's beginning or behind blanks or commas.
help_options() {
    sed 's/[],=[]/ /g; s/$/ /; s/ -/  -/g' | grep -o ' -\(-[a-z0-9-]*[a-z0-9]\|[A-Za-z0-9]\) ' |
        tr -d ' ' | grep -v '^-9$' | sort -u
}

# The table that the command line is compared with, other names included.
sed -n 's/^ *{"\([a-z0-9-]*\)", .*XZ_ARG.*/--\1/p' "$root"/tools/xz/options*.c | sort -u \
    >"$work/table"
page_options xz.1 | grep '^--' | grep -v '^--filters[2-8]$' >"$work/page"
sed '/^--filters[2-8]$/d' "$work/table" | diff - "$work/page" >"$work/log"
[ -s "$work/table" ] && [ ! -s "$work/log" ]
verdict "xz.1 has the long options of xz" $?

# Names that are only there for those who know them already are not in the help.
"$bin/xz" --long-help | help_options >"$work/help"
page_options xz.1 | grep -v -x -e '--uncompress' -e '--to-stdout' -e '--memory' |
    diff "$work/help" - >"$work/log"
verdict "xz.1 has the options of xz --long-help" $?
"$bin/xzdec" --help | help_options >"$work/help"
page_options xzdec.1 | grep -v -x -e '--uncompress' -e '--to-stdout' |
    diff "$work/help" - >"$work/log"
verdict "xzdec.1 has the options of xzdec --help" $?
"$bin/lzmainfo" --help | help_options >"$work/help"
page_options lzmainfo.1 | diff "$work/help" - >"$work/log"
verdict "lzmainfo.1 has the options of lzmainfo --help" $?
if [ -x "$bin/xz-audit" ]; then
    "$bin/xz-audit" --help | help_options >"$work/help"
    page_options xz-audit.1 | diff "$work/help" - >"$work/log"
    verdict "xz-audit.1 has the options of xz-audit --help" $?
fi
"$bin/xz" --help >"$work/log"
awk 'length > 80 { exit 1 } END { if (NR > 24) exit 1 }' "$work/log"
verdict "xz --help fits a screen" $?

# ---- References to our pages -------------------------------------------------------
sed -n 's/^\(\.It \)\{0,1\}\.\{0,1\}Xr \([a-z0-9_-]*\) \([0-9]\).*/\2(\3)/p' ./*.[1357] |
    grep '^\(liblzma\|lzma_\|clearxz_\|xz\|lzmainfo\)' | sort -u |
    comm -23 - "$work/documented" >"$work/log"
[ ! -s "$work/log" ]
verdict "references lead to a page" $?

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
