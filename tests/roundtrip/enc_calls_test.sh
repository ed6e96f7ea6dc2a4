#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Random sequences of calls on encoders, from fixed seeds: fuzz/fuzz_enc_calls.c.
#
# usage: enc_calls_test.sh LIBRARY [FIRST COUNT]
# Environment: BUILD, the build directory; SANITIZED, which chooses other seeds.

set -u
first=${2:-1}
[ -z "${SANITIZED-}" ] || first=${2:-100001}
"$BUILD/replay/fuzz_enc_calls" --seeds "$first" "${3:-1500}"
