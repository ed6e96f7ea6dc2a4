#!/bin/sh
# SPDX-License-Identifier: 0BSD
# xzgrep: looks for patterns in files that may be compressed. See xzgrep(1).
#
# The command line is gone through once; every argument of it becomes one that begins
# with "o" (an option for grep) or "f" (a file or the pattern). Then "$@" is put in
# order: files, options. POSIX shells have no other lists, and text that is never
# code again needs no quoting.
#
# grep reads standard input; GNU's and BSD's --label tells it what to call it. Where
# there is no --label, awk puts the names before the lines; it gets them from its
# environment.
# shellcheck disable=SC2154 # $name and others come from common.sh

usage() {
    cat <<END
Usage: $name [OPTION]... PATTERN [FILE]...
Look for PATTERN in FILEs, which are decompressed if they are compressed.

OPTIONs are those of grep. -r looks into all files below directories; --include,
--exclude, --exclude-from and --exclude-dir choose among them.
Not supported: -d, -z, -Z, --directories, --null, --null-data.

Without FILE, or when FILE is -, read standard input (with -r: the directory .).
END
}

case $name in
*egrep*) default='grep -E' ;;
*fgrep*) default='grep -F' ;;
*) default='grep' ;;
esac
grep=${GREP:-$default}

newline='
'
has_pattern=no
files=0         # how many operands
names=auto      # are lines labelled? -h, -H
list=           # l or L, for -l or -L
quiet=no        # -q
silent=no       # -s
recursive=no    # -r, -R
find_option=-P  # -L with -R
name_rules=     # lines: "+" of --include, "-" of --exclude, each with its glob
dir_rules=      # lines: "-" and a glob of --exclude-dir
stdin_label='(standard input)'
expected=       # what the next argument is for
value=          # where take_flags() and long options leave an argument

unsupported() {
    die "$1: option not supported"
}

# read_patterns: standard input as a list of patterns, in $value.
read_patterns() {
    value=$(cat; echo .)
    value=${value%.}
    value=${value%"$newline"}
}

# make_rule SIGN GLOB: a line for $name_rules or $dir_rules, in $rule. Some shells know
# [^x] only as [!x].
make_rule() {
    case $2 in
    *"$newline"*) die "$2: a pattern for names cannot have a newline" ;;
    *'[^'*) rule=$(printf '%s\n' "$2" | sed 's/^\[^/[!/; s/\([^\\]\)\[^/\1[!/g') ;;
    *) rule=$2 ;;
    esac
    rule=$1$rule$newline
}

# exclude_from FILE: each of its lines is a glob of --exclude.
exclude_from() {
    if [ "$1" = - ]; then
        read_patterns
    else
        [ -r "$1" ] || die "$1: cannot be read"
        read_patterns <"$1" || exit 2
    fi
    while IFS= read -r line; do
        [ -n "$line" ] || continue
        make_rule - "$line"
        name_rules=$name_rules$rule
    done <<END
$value
END
}

# simple NAME: an option that has the letter NAME and no argument, if it means something
# here; false: it is for grep alone.
simple() {
    case $1 in
    l | L) list=$1 ;;
    h) names=no ;;
    H) names=yes ;;
    q) quiet=yes ;;
    s) silent=yes ;;
    r) recursive=yes ;;
    R) recursive=yes find_option=-L ;;
    d) unsupported -d ;;
    z) unsupported -z ;;
    Z) unsupported -Z ;;
    V) show_version && exit ;;
    *) return 1 ;;
    esac
}

# take_flags LETTERS: a group of short options. Those for grep are left in $flags; one
# that takes an argument ends the group, is left in $expected, and what follows it in
# $value.
take_flags() {
    flags='' rest=$1
    while [ -n "$rest" ]; do
        letter=${rest%"${rest#?}"}
        rest=${rest#?}
        case $letter in
        [ABCDefm])
            expected=-$letter value=$rest
            return
            ;;
        esac
        simple "$letter" || flags=$flags$letter
    done
}

# long_name OPTION: what a long option, maybe abbreviated, is here: a letter for
# simple(), -X for an option with an argument, "=" for one with an argument that only grep
# looks at, nothing for others.
long_name() {
    case $1 in
    --reg*) long=-e ;;
    --file) long=-f ;;
    --lab*) long=label ;;
    --af* | --be* | --cont* | --max* | --dev* | --binary-f* | --group*) long='=' ;;
    --files-with-m*) long=l ;;
    --files-witho*) long=L ;;
    --no-f*) long=h ;;
    --wi*) long=H ;;
    --q* | --si*) long=q ;;
    --no-m*) long=s ;;
    --rec*) long=r ;;
    --der*) long=R ;;
    --inc*) long=include ;;
    --exclude) long=exclude ;;
    --exclude-f*) long=exclude-from ;;
    --exclude-d*) long=exclude-dir ;;
    --dir* | --nul*) unsupported "$1" ;;
    --vers*) long=V ;;
    --he*) usage && exit ;;
    *) long= ;;
    esac
}

# ---- One argument after the other --------------------------------------------------
left=$#
only_files=no
for arg in "$@"; do
    flags='' value=
    if [ -n "$expected" ]; then
        value=$arg
    elif [ "$only_files" = yes ] || [ "$arg" = - ]; then
        set -- "$@" "f$arg"
        files=$((files + 1))
        continue
    else
        case $arg in
        --)
            only_files=yes
            continue
            ;;
        --*)
            long_name "${arg%%=*}"
            case $long in
            '') set -- "$@" "o$arg" ;;
            ?) simple "$long" ;;
            esac
            case $long in
            '=') expected=$arg ;;
            -? | label | include | exclude*) expected=$long ;;
            *) continue ;;
            esac
            case $arg in
            *=*) value=${arg#*=} ;;
            *) continue ;;
            esac
            ;;
        -*)
            take_flags "${arg#-}"
            [ -z "$flags" ] || set -- "$@" "o-$flags"
            if [ -z "$expected" ] || [ -z "$value" ]; then continue; fi
            ;;
        *)
            [ -z "${POSIXLY_CORRECT+set}" ] || only_files=yes
            set -- "$@" "f$arg"
            files=$((files + 1))
            continue
            ;;
        esac
    fi
    # An option and its argument.
    case $expected in
    -e) set -- "$@" o-e "o$value" ;;
    -f)
        if [ -f "$value" ]; then
            set -- "$@" o-f "o$value" # grep reads it once for each file
        else
            if [ "$value" = - ]; then
                read_patterns
            else
                [ -r "$value" ] || die "$value: cannot be read"
                read_patterns <"$value" || exit 2
            fi
            # No pattern matches nothing, unlike an empty one.
            if [ -n "$value" ]; then
                set -- "$@" o-e "o$value"
            else
                set -- "$@" o-f o/dev/null
            fi
        fi
        ;;
    label) stdin_label=$value ;;
    include)
        make_rule + "$value"
        name_rules=$name_rules$rule
        ;;
    exclude)
        make_rule - "$value"
        name_rules=$name_rules$rule
        ;;
    exclude-from) exclude_from "$value" ;;
    exclude-dir)
        while [ "$value" != "${value%/}" ]; do value=${value%/}; done
        make_rule - "$value"
        dir_rules=$dir_rules$rule
        ;;
    --*=*) set -- "$@" "o$expected" ;;
    *) set -- "$@" "o$expected" "o$value" ;;
    esac
    case $expected in
    -[ef]) has_pattern=yes ;;
    esac
    expected=
done
case $expected in
'') ;;
-*) die "option $expected requires an argument" ;;
*) die "option --$expected requires an argument" ;;
esac
shift "$left"

# ---- "$@" becomes: files, options --------------------------------------------------
if [ "$has_pattern" = no ]; then
    [ "$files" -gt 0 ] || die "missing pattern; try '$name --help'"
    files=$((files - 1))
fi
left=$#
pattern=
for arg in "$@"; do
    case $arg in
    f*)
        if [ "$has_pattern" = no ]; then
            has_pattern=operand pattern=${arg#f}
        else
            set -- "$@" "${arg#f}"
        fi
        ;;
    esac
done
seen=0
for arg in "$@"; do
    [ "$seen" -lt "$left" ] || break
    seen=$((seen + 1))
    case $arg in
    o*) set -- "$@" "${arg#o}" ;;
    esac
done
shift "$left"
[ "$has_pattern" = yes ] || set -- "$@" -e "$pattern"

if [ "$names" = auto ]; then
    names=no
    if [ "$files" -gt 1 ] || [ "$recursive" = yes ]; then names=yes; fi
fi
[ "$quiet" = no ] || set -- "$@" -q
[ "$silent" = no ] || set -- "$@" -s

# Who names the files?
labels='grep'
if [ "$names" = yes ] || [ -n "$list" ]; then
    # shellcheck disable=SC2086  # a command with its options
    if [ "$(echo x | $grep -H --label=y -e x 2>/dev/null)" != y:x ]; then labels='awk'; fi
fi

# ---- Searching ---------------------------------------------------------------------
# filter LABEL OPTION...: standard input through grep, with names; its exit status. What
# it finds goes to file 4. One pattern a line of the case is one way to call grep.
# shellcheck disable=SC2086  # a command with its options
filter() {
    label=$1
    shift
    case $labels$list$names in
    greplno | greplyes) $grep --label="$label" -l "$@" ;;
    grepLno | grepLyes) $grep --label="$label" -L "$@" ;;
    grepyes) $grep --label="$label" -H "$@" ;;
    grepno) $grep -h "$@" ;;
    awkl* | awkL*)
        $grep -q "$@" >/dev/null # with -c there may be a number
        set -- $?
        case $quiet$list$1 in
        nol0 | noL1) printf '%s\n' "$label" ;;
        esac
        return "$1"
        ;;
    awkyes)
        exec 5>&1
        set -- "$(
            exec 3>&1
            { $grep -h "$@" 3>&-; echo $? >&3; } |
                LABEL=$label awk '{ print ENVIRON["LABEL"] ":" $0 }' >&5 3>&-
        )"
        return "$1"
        ;;
    esac
}

# fits NAME GLOB: the name, or what is behind one of its slashes.
fits() {
    tail=$1
    while :; do
        # shellcheck disable=SC2254  # a glob
        case $tail in
        $2) return 0 ;;
        */*) tail=${tail#*/} ;;
        *) return 1 ;;
        esac
    done
}

# passes NAME RULES: the last rule with a glob that fits decides. Names that none fits
# pass, unless the first rule tells what to include.
passes() {
    verdict=- rules=$2
    case $rules in
    '' | -*) verdict=+ ;;
    esac
    while [ -n "$rules" ]; do
        rule=${rules%%"$newline"*}
        rules=${rules#*"$newline"}
        if fits "$1" "${rule#?}"; then verdict=${rule%"${rule#?}"}; fi
    done
    [ "$verdict" = + ]
}

# wanted FILE: an operand that the rules let pass.
wanted() {
    if [ "$1" = - ]; then
        return
    elif [ -d "$1" ]; then
        passes "$1" "$dir_rules"
    else
        passes "$1" "$name_rules"
    fi
}

# list_tree: the files below the current directory, but below excluded ones.
list_tree() {
    set --
    rules=$dir_rules
    while [ -n "$rules" ]; do
        rule=${rules%%"$newline"*}
        rules=${rules#*"$newline"}
        set -- "$@" ${1:+-o} -name "${rule#?}"
    done
    if [ "$#" -eq 0 ]; then
        find "$find_option" .//. -type f
    else
        find "$find_option" .//. ! -path .//. -type d '(' "$@" ')' -prune -o \
            -type f -print
    fi
}

matched=no
trouble=no

# give_up: ends the script with the status so far.
give_up() {
    [ "$trouble" = no ] || exit 2
    [ "$matched" = yes ]
    exit
}

# search FILE LABEL OPTION...
search() {
    file=$1
    shift
    decoded=$(
        exec 3>&1
        { decode "$file" 3>&- 4>&-; echo $? >&3; } | filter "$@" 3>&- >&4 4>&-
    )
    found=$?
    is_good "${decoded:-0}" || trouble=yes
    case $found in
    0)
        matched=yes
        [ "$quiet" = no ] || give_up
        ;;
    1) ;;
    *) # a bad pattern or option, or nobody reads what is printed
        trouble=yes
        [ "$found" -le 128 ] || exit "$found"
        give_up
        ;;
    esac
}

# search_file FILE OPTION...: an operand that is no directory, or skipped.
search_file() {
    file=$1
    shift
    if [ "$file" = - ]; then
        # -l has always shown the operand.
        [ -z "$list" ] || [ "$stdin_label" != '(standard input)' ] || stdin_label=-
        search - "$stdin_label" "$@"
    elif [ -d "$file" ]; then
        [ "$silent" = yes ] || say "$file: is a directory; -r looks into it"
    elif [ -r "$file" ]; then
        search "$file" "$file" "$@"
    elif [ "$silent" = yes ]; then
        trouble=yes
    else
        search "$file" "$file" "$@" # xz tells what is wrong
    fi
}

# search_tree DIRECTORY PREFIX OPTION...: all regular files below it. find's lines begin
# with ".//." and have no other "//", so others are parts of names with newlines.
search_tree() {
    operand "$1"
    {
        (CDPATH='' cd "$operand" && list_tree)
        echo "//$?"
    } | {
        prefix=$2 below=
        shift 2
        while IFS= read -r line; do
            case $line in
            .//./* | //*)
                if [ -n "$below" ] && passes "${below##*/}" "$name_rules"; then
                    search "$prefix$below" "$prefix$below" "$@"
                fi
                below=${line#.//./}
                ;;
            *) below="$below
$line" ;;
            esac
        done
        [ "$below" = //0 ] || trouble=yes
        give_up
    }
    case $? in
    0)
        matched=yes
        [ "$quiet" = no ] || give_up
        ;;
    1) ;;
    *) trouble=yes ;;
    esac
}

exec 4>&1
keep_stdin
if [ "$files" -eq 0 ]; then
    if [ "$recursive" = yes ]; then
        search_tree . '' "$@"
    else
        search_file - "$@"
    fi
    give_up
fi
left=$files
for file in "$@"; do
    [ "$left" -gt 0 ] || break
    [ "$left" -lt "$files" ] || shift "$files"
    left=$((left - 1))
    wanted "$file" || continue
    if [ "$recursive" = yes ] && [ "$file" != - ] && [ -d "$file" ]; then
        search_tree "$file" "${file%/}/" "$@"
    else
        search_file "$file" "$@"
    fi
done
give_up
