#!/bin/sh
# SPDX-License-Identifier: 0BSD
# OSS-Fuzz: builds every harness into $OUT, with seeds made of the vectors.

set -eu
make -j"$(nproc)" B=build/ossfuzz HARDEN= CC="$CC" CFLAGS="$CFLAGS" \
    LIB_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" fuzz-programs
python3 tests/vectors/assemble.py build/ossfuzz/vectors
zip -q -j build/ossfuzz/seeds.zip build/ossfuzz/vectors/*.in
for program in build/ossfuzz/fuzz/fuzz_*; do
    cp "$program" "$OUT/"
    cp build/ossfuzz/seeds.zip "$OUT/$(basename "$program")_seed_corpus.zip"
done
