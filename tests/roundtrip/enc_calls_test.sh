#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Random sequences of calls on encoders, from fixed seeds: fuzz/fuzz_enc_calls.c.
#
# usage: enc_calls_test.sh LIBRARY [FIRST COUNT]
# Environment: BUILD, the build directory; SANITIZED, which chooses other seeds, and fewer.

set -u
first=1
count=1500
if [ -n "${SANITIZED-}" ]; then
    first=100001
    count=300
fi
"$BUILD/replay/fuzz_enc_calls" --seeds "${2:-$first}" "${3:-$count}"
