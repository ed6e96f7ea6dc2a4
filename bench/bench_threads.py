#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""Decoding with one and two threads, for each way in which a file can be cut.

    bench_threads.py                        the first 40 MB of silesia7.tar
    bench_threads.py --runs 9 --write       the table also goes into docs/performance.md

Our xz runs `-dc FILE` with -T1 and -T2 by turns, to a file in memory; times are medians
of the wall clock, and the ratio is the median of the quotients of neighbours. Needs two
processors that nobody else uses. Files are made with Python's lzma at preset 6.
"""

import argparse
import lzma
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

import inputs
import measure
import report

ROOT = pathlib.Path(__file__).resolve().parent.parent
PART = 4 << 20
SIZE = 40_000_000


def vli(value):
    """A number as the .xz format writes it."""
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def padded(data):
    return data + bytes(-len(data) % 4)


def resets(data):
    """A Stream of one Block in which the dictionary is reset after each part."""
    chain = [{"id": lzma.FILTER_LZMA2, "preset": 6}]
    raw = b"".join(lzma.compress(data[i:i + PART], lzma.FORMAT_RAW, filters=chain)[:-1]
                   for i in range(0, len(data), PART)) + b"\0"
    header = bytes([2, 0, 0x21, 1, 22, 0, 0, 0])
    block = header + struct.pack("<I", zlib.crc32(header)) + raw
    index = padded(b"\0" + vli(1) + vli(len(block) + 4) + vli(len(data)))
    index += struct.pack("<I", zlib.crc32(index))
    flags = b"\0\1"
    footer = struct.pack("<I", len(index) // 4 - 1) + flags
    return (b"\xfd7zXZ\0" + flags + struct.pack("<I", zlib.crc32(flags)) + padded(block)
            + struct.pack("<I", zlib.crc32(data)) + index
            + struct.pack("<I", zlib.crc32(footer)) + footer + b"YZ")


def by_xz(*options):
    """A maker of files with Debian's xz."""
    return lambda data: subprocess.run(["/usr/bin/xz", "-6c", *options], input=data,
                                       stdout=subprocess.PIPE, check=True).stdout


SHAPES = {
    "Blocks of 4 MiB, sizes in headers": by_xz("-T2", "--block-size=4MiB"),
    "Blocks of 4 MiB, sizes in the Index": by_xz("-T1", "--block-size=4MiB"),
    "Streams of 4 MiB": lambda data: b"".join(lzma.compress(data[i:i + PART])
                                              for i in range(0, len(data), PART)),
    "one Block, resets each 4 MiB": resets,
    "one Block": by_xz("-T1"),
}


def row(args, name, packed, target):
    runs = {"1": [], "2": []}
    for _ in range(args.runs):
        for threads, done in runs.items():
            command = [str(args.build / "bin" / "xz"), f"-T{threads}", "-dc", str(packed)]
            done.append(measure.run(args.build / "bench" / "weigh", command, target, True,
                                    args.prefix))
    quotients = sorted(b.wall / a.wall for a, b in zip(runs["1"], runs["2"]))
    return [name, report.figure(runs, "1", "wall", "{:.3f}".format),
            report.figure(runs, "2", "wall", "{:.3f}".format),
            f"{quotients[len(quotients) // 2]:.2f}"]


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--build", type=lambda path: pathlib.Path(path).absolute(), default=ROOT / "build")
    add("--runs", type=int, default=7)
    add("--data", type=pathlib.Path, default=ROOT / "build" / "bench-data")
    add("--corpus", default=ROOT.parent / "shared" / "corpus" / "silesia7.tar.xz")
    add("--temp", default="/dev/shm", help="where files are made")
    add("--prefix", type=str.split, default=[], help="words before each command")
    add("--write", action="store_true", help="put the table into docs/performance.md")
    args = parser.parse_args(argv)
    args.data.mkdir(parents=True, exist_ok=True)
    source = inputs.real_input("silesia7.tar", args.data, args.corpus)
    data = pathlib.Path(source).read_bytes()[:SIZE]
    rows = []
    with tempfile.TemporaryDirectory(dir=args.temp) as folder:
        for name, make in SHAPES.items():
            packed = pathlib.Path(folder) / "packed.xz"
            packed.write_bytes(make(data))
            rows.append(row(args, name, packed, pathlib.Path(folder) / "restored"))
            report.progress(name, rows[-1])
    text = report.table("decoding with threads",
                        ["shape", "wall s: -T1", "-T2", "-T2 / -T1"], rows)
    print(measure.machine())
    print(text)
    if args.write:
        page = ROOT / "docs" / "performance.md"
        report.put(page, "decode threads", f"{measure.machine()}.", text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
