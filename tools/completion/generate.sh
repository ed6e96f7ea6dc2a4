#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Makes the completion of a command for one shell: generate.sh bash|zsh|fish NAME.list
#
# Standard output gets the file that the shell reads. The texts of the list have no
# quotes, brackets or colons, so they can stand in quotes in all three languages.
# shellcheck disable=SC2016 # what stands in single quotes is text

set -eu
shell=$1
list=$2

# each FUNCTION: calls it with the names, the argument and the text of every option. Two
# kinds of lines set variables: $commands and $suffixes (none: any file will do), and
# $first, words for the first operand.
first=
each() {
    while IFS='|' read -r names argument text; do
        case $names in
        '#'*) ;;
        commands) commands=$argument suffixes=$text ;;
        first) first=$argument ;;
        *) "$1" "$names" "$argument" "$text" ;;
        esac
    done <"$list"
}

# kind ARGUMENT: sets $kind to none, optional or required, and $choices to the words to
# choose from, FILE, DIR, or nothing.
kind() {
    kind=required
    choices=$1
    case $1 in
    '') kind=none ;;
    '['*) kind=optional choices=${1#?} && choices=${choices%?} ;;
    esac
    case $choices in
    FILE | DIR) ;;
    [A-Z]*) choices= ;;
    esac
}

# ---- bash --------------------------------------------------------------------------
# Options as words; those that need an argument end with "=".
bash_words() {
    kind "$2"
    for word in $1; do
        case $kind$word in
        required--*) printf ' %s=' "$word" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
}

# bash_patterns NAMES: the option before the word, in $patterns; "=" stands before those
# that the word is joined to.
bash_patterns() {
    patterns=
    for word in $1; do
        patterns="$patterns | =$word"
        [ "$kind" = optional ] || patterns="$patterns | $word"
    done
}

# A case for an option with an argument to choose.
bash_case() {
    kind "$2"
    [ -n "$choices" ] || return 0
    bash_patterns "$1"
    case $choices in
    FILE) words=-f ;;
    DIR) words=-d ;;
    *) words="-W '$choices'" ;;
    esac
    printf '    %s)\n        mapfile -t COMPREPLY < <(compgen %s -- "$word")\n' \
        "${patterns# | }" "$words"
    printf '        return\n        ;;\n'
}

# The patterns of options with other arguments.
bash_free() {
    kind "$2"
    [ "$kind" != none ] && [ -z "$choices" ] || return 0
    bash_patterns "$1"
    printf '%s' "$patterns"
}

ignore() {
    :
}

make_bash() {
    each ignore
    function=_clearxz_$(printf %s "${commands%% *}" | tr - _)
    decompresses='\ (-[A-Za-z0-9]*[dlt][A-Za-z0-9]*|--(dec|unc|tes|lis)[a-z]*)\ '
    cat <<END
# Completion of $commands in bash. Made by tools/completion of ClearXZ.

$function() {
    local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    # bash cuts --name=value into three words.
    if [[ \$word == = ]]; then
        before="=\$before" word=
    elif [[ \$before == = ]] && ((COMP_CWORD > 1)); then
        before="=\${COMP_WORDS[COMP_CWORD - 2]}"
    fi
    case \$before in
END
    each bash_case
    free=$(each bash_free)
    [ -z "$free" ] || printf '    %s)\n        compopt +o default\n        return\n        ;;\n' \
        "${free# | }"
    printf '    esac\n    if [[ $word == -* ]]; then\n'
    printf '        mapfile -t COMPREPLY < <(compgen -W "%s" -- "$word")\n' "$(each bash_words)"
    cat <<END
        [[ \${COMPREPLY[0]-} != *= ]] || compopt -o nospace
        return
    fi
END
    [ -z "$first" ] || cat <<END
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W '$first' -- "\$word")
        return
    fi
END
    [ -z "$suffixes" ] || cat <<END
    # Where files are decompressed, directories and files with a suffix.
    case \${COMP_WORDS[0]##*/} in
    un* | *cat | xzdec | lzmadec | lzmainfo) ;;
    *) [[ " \${COMP_WORDS[*]:1:COMP_CWORD - 1} " =~ $decompresses ]] || return 0 ;;
    esac
    local suffix
    mapfile -t COMPREPLY < <(
        compgen -d -- "\$word"
        for suffix in $suffixes; do compgen -f -X "!*.\$suffix" -- "\$word"; done
    )
    compopt -o filenames
END
    cat <<END
}
complete -o default -F $function $commands
END
}

# ---- zsh ---------------------------------------------------------------------------
zsh_option() {
    kind "$2"
    case $choices in
    '') action='' ;;
    FILE) action=_files ;;
    DIR) action='_files -/' ;;
    *) action="($choices)" ;;
    esac
    for word in $1; do
        case $kind$word in
        none*) spec="${word}[$3]" ;;
        required--*) spec="${word}=[$3]:argument:$action" ;;
        required*) spec="${word}+[$3]:argument:$action" ;;
        *) spec="${word}=-[$3]::argument:$action" ;;
        esac
        case $kind$word in
        none-[0-9]) spec="*$spec" ;; # they replace each other
        required-[efI] | *--regexp | *--file | *--include | *--exclude* | *--label) spec="*$spec" ;;
        *-q | *-v | *--quiet | *--verbose | *--lzma* | *--x86 | *--arm* | *--powerpc) spec="*$spec" ;;
        *--ia64 | *--sparc | *--riscv | *--delta) spec="*$spec" ;;
        *) spec="($1)$spec" ;;
        esac
        printf "    '%s'\n" "$spec"
    done
}

make_zsh() {
    each ignore
    zsh_files="_files -g \"*.($(printf %s "$suffixes" | tr ' ' '|'))(-.)\""
    cat <<END
#compdef $commands
# Completion of $commands in zsh. Made by tools/completion of ClearXZ.

local -a specs
specs=(
END
    each zsh_option
    echo ')'
    [ -n "$suffixes" ] || {
        echo "_arguments -s -S :${first:+ '1:command:($first)'} \$specs '*:file:_files'"
        return
    }
    cat <<END
local files=_files
case \$service in
un*|*cat|xzdec|lzmadec|lzmainfo) files='$zsh_files' ;;
*)
    if (( \${words[(I)(-[A-Za-z0-9]#[dlt]*|--(dec|unc|tes|lis)*)]} )); then
        files='$zsh_files'
    fi
    ;;
esac
_arguments -s -S : \$specs "*:file:\$files"
END
}

# ---- fish --------------------------------------------------------------------------
fish_option() {
    kind "$2"
    short='' long=''
    for word in $1; do
        case $word in
        --*) long="$long -l ${word#--}" ;;
        *) short=" -s ${word#-}" ;;
        esac
    done
    case $kind$choices in
    none*) argument='' ;;
    optionalFILE | optional) argument='' ;; # fish has no optional arguments
    requiredFILE) argument=' -r -F' ;;
    requiredDIR) argument=" -x -a '(__fish_complete_directories)'" ;;
    *) argument=" -x${choices:+ -a '$choices'}" ;;
    esac
    echo "complete -c \$command$short$long$argument -d '$3'"
}

make_fish() {
    each ignore
    cat <<END
# Completion of $commands in fish. Made by tools/completion of ClearXZ.

# The file has a link for each command, and is read for each under its name.
set -l command (string replace -r '(.*/)?(.*)\\.fish\$' '\$2' (status filename))

END
    each fish_option
    [ -z "$first" ] || echo \
        "complete -c \$command -n __fish_use_subcommand -x -a '$first'"
}

case $shell in
bash) make_bash ;;
zsh) make_zsh ;;
fish) make_fish ;;
*) exit 1 ;;
esac
