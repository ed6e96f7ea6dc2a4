#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Two builds under different circumstances are the same; one that tells its path is not.
#
# usage: reproduce_test.sh [LIBRARY]

set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
if [ -n "${SANITIZED:-}" ]; then
    echo "skipped: this build has sanitizers"
    echo "1 passed, 0 failed"
    exit 0
fi
passed=0
failed=0
check() { # NAME EXPECTED-STATUS
    if [ "$status" -eq "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'not ok %s\n%s\n' "$1" "$said"
    fi
}

unset MAKEFLAGS MFLAGS MAKELEVEL
object=build/static/lib/base/cpu.o
said=$("$root/scripts/reproduce" $object $object 2>&1)
status=$?
check "an object" 0
said=$(MAKEFLAGS=" NO_PATHS=" "$root/scripts/reproduce" $object $object 2>&1)
status=$?
check "an object that tells its path is caught" 1
for folder in tests docs; do
    said=$(MAKEFLAGS=" -- CFLAGS=-O\$\$(words\\ \$\$(wildcard\\ $folder))" \
        "$root/scripts/reproduce" $object $object 2>&1)
    status=$?
    check "an object that depends on $folder/ is caught" 1
    case $said in
    *"DIFFERS"*) status=0 ;;
    *) status=1 ;;
    esac
    check "by its bytes, since $folder/ is gone" 0
done
# Without git, as in what a release unpacks to, they are left out too.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$scratch/tree"
(cd "$root" && cp -r Makefile sources.mk include lib tools scripts "$scratch/tree") || exit 1
mkdir "$scratch/tree/tests" "$scratch/tree/docs"
for folder in tests docs; do
    : >"$scratch/tree/$folder/file"
    said=$(MAKEFLAGS=" -- CFLAGS=-O\$\$(words\\ \$\$(wildcard\\ $folder))" \
        "$scratch/tree/scripts/reproduce" $object $object 2>&1)
    case $said in
    *"DIFFERS"*) status=0 ;;
    *) status=1 ;;
    esac
    check "without git, what depends on $folder/ is caught" 0
done

# Objects that each depend on one circumstance of the build; scripts/reproduce varies it,
# so each must differ.
chmod 755 "$scratch"
cat >"$scratch/depends.mk" <<'MAKE'
override CFLAGS = -g3 -O$(strip $(depends_$(notdir $(basename $@))))
depends_alloc = 1 -DNOW=$(shell date +%s%N)
depends_bounds = $(words $(filter C,$(LC_ALL)))
depends_check = $(words $(filter UTC,$(TZ)))
depends_coder = $(words $(filter /nonexistent,$(HOME)))
depends_filters = $(words $(filter 0022,$(shell umask)))
depends_index_cat = $(words $(shell find sources.mk -newermt 2005-01-01))
depends_index_sizes = $(words $(filter -j1 --jobs=1 -j1%,$(MAKEFLAGS)))
depends_index_parse = $(words $(filter 0,$(shell id -u)))
depends_stream_flags = 1 -DORDER=$(shell ls -U lib/lzma | cksum | tr ' ' _)
depends_vli = 1
MAKE
objects=
wanted=8
for name in base/alloc format/bounds check/check base/coder format/filters \
    format/index_cat format/index_sizes format/index_parse format/stream_flags format/vli; do
    objects="$objects build/static/lib/$name.o"
done
printf 'circumstances: %s\n' "$objects" >>"$scratch/depends.mk"
# Another user builds only where root runs this.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null 2>&1; then
    wanted=$((wanted + 1))
fi
# shellcheck disable=SC2086  # a list of names
said=$(MAKEFILES="$scratch/depends.mk" "$root/scripts/reproduce" circumstances $objects 2>&1)
status=$?
check "objects that depend on circumstances are caught" 1
# Where no file system at hand lists files in the order of their making, it says so.
case $said in
*"NOT VARIED: the order of files"*)
    echo "skipped: the order of files"
    wanted=$((wanted - 1))
    said=$(printf '%s\n' "$said" | grep -v '/stream_flags\.o')
    ;;
esac
[ "$(printf '%s\n' "$said" | grep -c '^DIFFERS')" -eq $wanted ]
status=$?
check "each of them" 0
case $said in
*"same "*/vli.o*) status=0 ;;
*) status=1 ;;
esac
check "and not one that depends on nothing" 0
# Where make check has just made build/, with this compiler, that is one of both builds.
if [ -n "${BUILT_BY:-}" ]; then
    said=$(CC=$BUILT_BY "$root/scripts/reproduce" --built 2>&1)
else
    said=$("$root/scripts/reproduce" 2>&1)
fi
status=$?
check "the library, the archive and the commands" 0

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
