#!/bin/sh
# SPDX-License-Identifier: 0BSD
# shellcheck disable=SC2016,SC2317 # text for other shells; functions by name
# Completion: the lists have all options of the commands, and three shells offer them.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
lists=$here/../../tools/completion
made=$(dirname "$XZ")/../completion

# ---- The lists against the commands ------------------------------------------------
# Names of options in a help.
help_options() {
    sed 's/[],=[]/ /g; s/$/ /; s/ -/  -/g' |
        grep -o ' -\(-[a-z0-9-]*[a-z0-9]\|[A-Za-z0-9]\) ' | tr -d ' ' | sort -u
}

list_options() {
    sed -n '/^-/s/|.*//p' "$1" | tr ' ' '\n' | sort
}

# Not in the help: names for those who know them already, and parts of ranges.
xz --long-help | help_options >in_help
list_options "$lists/xz.list" >listed
grep -v -x -e '--uncompress' -e '--to-stdout' -e '--memory' -e '-[1-8]' \
    -e '--filters[2-8]' listed >named
same "xz.list: options of --long-help" in_help named
equal "xz.list: no option twice" "$(uniq -d listed)" ''
"$(dirname "$XZ")/xzdec" --help | help_options >in_help
list_options "$lists/xzdec.list" >listed
grep -v -x -e '--uncompress' -e '--to-stdout' listed >named
same "xzdec.list: options of --help" in_help named
"$(dirname "$XZ")/lzmainfo" --help | help_options >in_help
list_options "$lists/lzmainfo.list" >listed
same "lzmainfo.list: options of --help" in_help listed
if [ -x "$(dirname "$XZ")/xz-audit" ]; then
    "$(dirname "$XZ")/xz-audit" --help | help_options >in_help
    list_options "$lists/xz-audit.list" >listed
    same "xz-audit.list: options of --help" in_help listed
    "$(dirname "$XZ")/xz-audit" --help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' >in_help
    sed -n 's/^first|\(.*\)|$/\1/p' "$lists/xz-audit.list" | tr ' ' '\n' >listed
    same "xz-audit.list: its commands" in_help listed
fi

# The scripts have options of other programs: each of the list is accepted, what the
# manual page tells of is in the list, and what it says is refused is not.
page_options() { # NAME   options that its page has as items
    sed -n 's/^\.It //p' "$here/../../man/$1.1" | grep '^Fl' |
        grep -o 'Fl \(Fl \)\{0,1\}[A-Za-z-]*' | sed 's/Fl Fl /--/; s/Fl /-/' | sort -u
}
echo "a line" >a
cp a b
PATH=$(dirname "$XZ"):$PATH
export PATH
for name in xzgrep xzdiff xzless xzmore; do
    list_options "$lists/$name.list" >listed
    equal "$name.list: no option twice" "$(uniq -d listed)" ''
    page_options "$name" >in_page
    equal "$name.list: options of the page" "$(comm -13 listed in_page)" ''
done
tried() { # SCRIPT OPTION ARGUMENT   one option of it, over files
    case $1$2$3 in
    *-A* | *-B[A-Z]* | *-C* | *-m* | *-context* | *-W* | *-U* | *-unified*) value=3 ;;
    *-binary-files*) value=text ;;
    *FILE) value=a ;;
    *) value=x ;;
    esac
    case $2$3 in
    --*[A-Za-z]\|) set -- "$1" "$2" ;;
    *\| | *\|\[*) set -- "$1" "${2}" ;;
    --*) set -- "$1" "$2=$value" ;;
    *) set -- "$1" "$2$value" ;;
    esac
    case $1 in
    xzgrep) xzgrep "$2" -e line a b ;;
    xzdiff) xzdiff "$2" a b ;;
    xzless) xzless "$2" a ;;
    esac
}
for name in xzgrep xzdiff xzless; do
    command -v "${name#xz}" >/dev/null 2>&1 || continue
    sed -n '/^-/p' "$lists/$name.list" >lines
    refused=
    while IFS='|' read -r names argument _; do
        for option in $names; do
            tried "$name" "$option" "|$argument" >said 2>err </dev/null
            grep -q 'nvalid option\|nrecognized option\|is no \|not supported\|no [a-z-]* option' said err &&
                refused="$refused $option"
        done
    done <lines
    equal "$name.list: nothing that is refused" "$refused" ''
done
for option in -d -z -Z --directories --null --null-data; do
    equal "xzgrep.list: not $option" "$(list_options "$lists/xzgrep.list" | grep -x -e $option)" ''
done

# Every option is accepted with an argument if the list says that it has one.
sed -n '/^-/p' "$lists/xz.list" >lines
while IFS='|' read -r names argument _; do
    for name in $names; do
        case $name in
        --*) ;;
        *) continue ;;
        esac
        xz "$name=" -l 2>err </dev/null
        if grep -q "doesn't allow an argument" err; then
            equal "$name has no argument" "$argument" ''
        elif [ -z "$argument" ]; then
            not_ok "$name has an argument"
        fi
        xz "$name" 2>err </dev/null >/dev/null
        case $argument in
        '' | '['*) grep -q 'requires an argument' err && not_ok "$name needs an argument" ;;
        *) contains "$name needs an argument" err 'requires an argument' ;;
        esac
    done
done <lines

# ---- Files to complete -------------------------------------------------------------
all='xz xzdec lzmainfo xzdiff xzgrep xzless xzmore'
[ ! -e "$made/xz-audit.bash" ] || all="$all xz-audit"
rm a b
rm -f out err said lines listed in_help in_page named
mkdir d
touch one.xz two.lzma three.txt 'with blank.xz'

# offers SHELL NAME WANT WORD...: the last word is being completed.
offers_bash() { # COMMAND WORD...
    bash --norc -c '
        compopt() { :; }
        source "$1/$2.bash"
        shift 2
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        read -r _ _ _ _ function _ < <(complete -p "${1##*/}")
        "$function" "$1"
        printf "%s\n" "${COMPREPLY[@]}"' bash "$made" "$@" | sort
}

bash_offers() { # NAME WANT LIST WORD...
    _name="bash: $1" _want=$2
    shift 2
    equal "$_name" "$(offers_bash "$@" | tr '\n' ' ')" "$_want"
}

if command -v bash >/dev/null 2>&1; then
    for name in $all; do
        succeeds "bash: $name is a script" bash -n "$made/$name.bash"
        list_options "$lists/$name.list" >want
        offers_bash "$name" "$name" - | sed 's/=$//' | sort >got
        same "bash: $name, all options" want got
    done
    bash_offers "beginning of an option" '--format= ' xz xz --form
    bash_offers "words behind =" 'auto lzip lzma raw xz ' xz xz --format =
    bash_offers "beginning behind =" 'lzip lzma ' xz xz --format = lz
    bash_offers "words behind a letter" 'crc32 crc64 ' xz xz -C crc
    bash_offers "files for --files=" 'one.xz ' xz xz --files = o
    bash_offers "directories" 'd ' xz xz --output-dir = ''
    bash_offers "free argument" ' ' xz xz --suffix = x
    bash_offers "decompressing" 'd one.xz two.lzma with blank.xz ' xz xz -kd ''
    bash_offers "unxz" 'one.xz ' xz /usr/bin/unxz o
    bash_offers "compressing: left to bash" ' ' xz xz t
    bash_offers "lzmadec" 'two.lzma ' xzdec lzmadec t
    bash_offers "xzgrep: files left to bash" ' ' xzgrep xzgrep o
    bash_offers "xzgrep: words" 'binary ' xzgrep xzgrep --binary-files = b
    bash_offers "xzcmp: beginning of an option" '--expand-tabs ' xzdiff xzcmp --ex
    [ ! -e "$made/xz-audit.bash" ] ||
        bash_offers "xz-audit: commands" 'self-test source summary ' xz-audit xz-audit s
fi

# ---- fish: the file takes the name of the command from its own -----------------------
if command -v fish >/dev/null 2>&1; then
    HOME=$work
    export HOME
    for name in $all; do
        succeeds "fish: $name is a script" fish -n "$made/$name.fish"
        cp "$made/$name.fish" "my$name.fish"
        list_options "$lists/$name.list" >want
        fish -c "source my$name.fish; complete -C 'my$name -'; complete -C 'my$name --'" |
            sed 's/[=	].*//' | sort -u >got
        same "fish: $name, all options" want got
    done
    fish -c "source myxz.fish; complete -C 'myxz --format=lz'" | sed 's/	.*//' | sort >got
    equal "fish: words behind =" "$(tr '\n' ' ' <got)" '--format=lzip --format=lzma '
fi

# ---- zsh: what _arguments gets ------------------------------------------------------
if command -v zsh >/dev/null 2>&1; then
    for name in $all; do
        succeeds "zsh: $name is a script" zsh -n "$made/$name.zsh"
        list_options "$lists/$name.list" >want
        zsh -f -c 'setopt extendedglob
            _arguments() { print -l -- "$@"; }
            service='"$name"' words=('"$name"' -d x)
            source "$1"' zsh "$made/$name.zsh" >specs
        sed '1,/^:$/d' specs |
            sed -n 's/^\*\{0,1\}\(([^)]*)\)\{0,1\}\(-[A-Za-z0-9-]*[A-Za-z0-9]\).*/\2/p' |
            sort >got
        same "zsh: $name, all options" want got
        case $name in
        xz | xzdec | lzmainfo) contains "zsh: $name, files" specs '^\*:file:_files -g "\*' ;;
        *) contains "zsh: $name, files" specs '^\*:file:_files$' ;;
        esac
    done
fi

finish
