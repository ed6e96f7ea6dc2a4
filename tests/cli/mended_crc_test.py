#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""Damage in headers, Index and footer whose CRC32 has been made right again.

Random changes rarely get past a CRC32; who wants to do harm computes it anew. Each of
these files is listed, tested and decompressed in several ways. None may end by a signal,
all that verify must agree on the verdict, and what they call good must come out the same.

    XZ=build/bin/xz CRC_FILES=150 CRC_SEED=1 /usr/bin/python3 tests/cli/mended_crc_test.py
"""

import os
import random
import subprocess
import sys
import tempfile
import zlib

XZ = os.environ.get("XZ", "build/bin/xz")
FOOTER = 12
VERIFYING = (["-dc", "-T1"], ["-dc", "-T2"], ["-t", "-T1"], ["-t", "-T2"])
TELLING = (["-l"], ["-lvv", "--robot"], ["-t", "--ignore-check"], ["-dc", "--single-stream"])


def crc32(data):
    return zlib.crc32(bytes(data)).to_bytes(4, "little")


def run(options, data=None):
    done = subprocess.run([XZ, *options], input=data, capture_output=True, check=False)
    return done.returncode, done.stdout


def sources():
    """Small files of different shapes: Blocks, filters, Checks, sizes in headers."""
    rand = random.Random(5)
    text = b" ".join(rand.choices([b"the", b"index", b"tells", b"of", b"blocks"], k=60))
    options = (["-Csha256"], ["-Ccrc32", "-T1", "--block-size=70"],
               ["-T2", "--block-size=90", "-Cnone", "--delta", "--lzma2=dict=4KiB"],
               ["--x86", "--arm64", "--lzma2"])
    return [run(["-c", *words], text)[1] for words in options] + [run(["-c"], b"")[1]]


def integer(data, place):
    """A multibyte integer of the format, and the place behind it."""
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 127) << shift
        shift += 7
        place += 1
        if byte < 128:
            return value, place


def parts(data):
    """Places and sizes of the Block Headers, and those of the Index, of one Stream."""
    size = (int.from_bytes(data[-8:-4], "little") + 1) * 4
    index = len(data) - FOOTER - size
    count, place = integer(data, index + 1)
    headers, block = [], FOOTER
    for _ in range(count):
        headers.append((block, (data[block] + 1) * 4))
        unpadded, place = integer(data, place)
        _, place = integer(data, place)
        block += (unpadded + 3) // 4 * 4
    return headers, (index, size)


def changed(rand, source):
    """The source with a change where a CRC32 covers it, and that CRC32 anew."""
    data = bytearray(source)
    headers, index = parts(source)
    kind = rand.choice(("part", "part", "footer", "flags"))
    if kind == "part":
        place, size = rand.choice(headers + [index])
        data[place + rand.randrange(size - 4)] ^= 1 << rand.randrange(8)
        data[place + size - 4:place + size] = crc32(data[place:place + size - 4])
    elif kind == "footer" and rand.random() < 0.5:
        size = rand.choice((0, 1, 2, 5, 1 << 31, (1 << 32) - 1))
        data[-8:-4] = size.to_bytes(4, "little")
    elif kind == "footer":
        data[-8 + rand.randrange(6)] ^= 1 << rand.randrange(8)
    else:
        data[6 + rand.randrange(2)] ^= 1 << rand.randrange(8)
        data[8:12] = crc32(data[6:8])
        if rand.random() < 0.5:
            data[-4:-2] = data[6:8]
    data[-12:-8] = crc32(data[-8:-2])
    return bytes(data) + (source if rand.random() < 0.2 else b"")


def faults(path, data):
    """What is wrong with how the file is treated, as lines."""
    runs = [(options, *run([*options, path])) for options in VERIFYING]
    runs.append((["-dc", "<"], *run(["-dc"], data)))
    told = [(options, *run([*options, path])) for options in TELLING]
    found = [f"{' '.join(options)}: ended with {status}"
             for options, status, _ in runs + told if status not in (0, 1, 2)]
    if len({status for _, status, _ in runs}) != 1:
        found.append("verdicts: " + ", ".join(f"{' '.join(o)} {s}" for o, s, _ in runs))
    if len({output for options, status, output in runs
            if status != 1 and "-dc" in options}) > 1:
        found.append("outputs differ")
    return found


def main():
    count = int(os.environ.get("CRC_FILES", "150"))
    rand = random.Random(int(os.environ.get("CRC_SEED", "1")))
    files, failed = sources(), 0
    with tempfile.TemporaryDirectory(prefix="xzcrc.") as work:
        path = os.path.join(work, "file.xz")
        for number in range(count):
            data = changed(rand, rand.choice(files))
            with open(path, "wb") as f:
                f.write(data)
            found = faults(path, data)
            failed += bool(found)
            for line in found:
                print(f"FAIL: file {number}, {data.hex()}: {line}")
    print(f"{count - failed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
