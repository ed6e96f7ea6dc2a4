#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Assembles the conformance vectors and runs them, threaded decoder included.
#
# Environment: BUILD, the build directory.

set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$BUILD/vectors"
/usr/bin/python3 "$here/assemble.py" "$BUILD/vectors" >/dev/null
exec "$BUILD/tests/vectors/vector_runner" --mt "$BUILD/vectors/manifest.txt"
