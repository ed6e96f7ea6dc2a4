#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""Decoding in one thread: our xz beside Debian's, for each shape of file.

    bench_decode.py                                all inputs, one Block and Blocks of 8 MiB
    bench_decode.py --inputs silesia7.tar --shapes one --runs 9
    bench_decode.py --write                        the table also goes into docs/performance.md

Both programs run `-T1 -dc FILE` by turns, to a file in memory; a ratio is the median of
the quotients of CPU seconds (user and system) of runs that were made one after the other.
Files are made once with Debian's xz and kept. Decisions and the CPU's frequency come from
bench/decisions.c. --prefix puts words before each command, such as `quiet-run`.
"""

import argparse
import pathlib
import random
import subprocess
import sys
import tempfile

import inputs
import measure
import report

ROOT = pathlib.Path(__file__).resolve().parent.parent
MIB = 1 << 20
HEAD = ["input", "Blocks", "CPU s: ours", "xz", "ours / xz", "MB/s out", "MB/s in",
        "decisions, millions", "cycles a decision"]
SHAPES = {"one": ["-T1"], "8 MiB": ["-T2", "--block-size=8MiB"]}


def noise(path, _):
    """Data that cannot be compressed."""
    path.write_bytes(random.Random(1).randbytes(128 * MIB))


def one_line(path, _):
    """Data that can be compressed extremely well: one line of a log, again and again."""
    line = b"GET /index.html HTTP/1.1 200 0 - example.org Mozilla/5.0 (X11; Linux)\n"
    path.write_bytes((line * (512 * MIB // len(line) + 1))[:512 * MIB])


inputs.REAL.update({"incompressible": noise, "one line repeated": one_line})


def packed_file(args, name, shape):
    """The input's compressed form, made unless it is there."""
    target = args.data / f"{pathlib.Path(name).name}.{shape.replace(' ', '')}.xz"
    if not target.exists():
        source = inputs.real_input(name, args.data, args.corpus)
        part = target.with_suffix(".part")
        with open(part, "wb") as file:
            subprocess.run([args.xz, "-6", *SHAPES[shape], "-c", source], stdout=file, check=True)
        part.rename(target)
    return target


def decisions(args, packed):
    """(decisions, cycles a second) of a file."""
    words = [*args.prefix, args.build / "bench" / "decisions", packed]
    done = subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True)
    _, adaptive, direct, gigahertz = done.stdout.split()
    return int(adaptive) + int(direct), float(gigahertz) * 1e9


def row(args, name, shape, target):
    """Measures one file."""
    packed = packed_file(args, name, shape)
    programs = {"ours": args.build / "bin" / "xz", "xz": args.xz}
    runs = {engine: [] for engine in programs}
    for _ in range(args.runs):
        for engine, program in programs.items():
            command = [str(program), "-T1", "-dc", str(packed)]
            runs[engine].append(measure.run(args.build / "bench" / "weigh", command, target,
                                            True, args.prefix))
    count, hertz = decisions(args, packed)
    cpu = measure.median_run(runs["ours"]).cpu
    return [pathlib.Path(name).name, shape, report.figure(runs, "ours", "cpu", "{:.3f}".format),
            report.figure(runs, "xz", "cpu", "{:.3f}".format), report.ratio(runs, "cpu", 3),
            f"{target.stat().st_size / cpu / 1e6:,.0f}",
            f"{packed.stat().st_size / cpu / 1e6:,.0f}",
            f"{count / 1e6:.1f}", f"{cpu * hertz / count:.1f}" if count >= 1e6 else ""]


def parse(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--build", type=lambda path: pathlib.Path(path).absolute(), default=ROOT / "build")
    add("--xz", default="/usr/bin/xz", help="the program to compare with")
    add("--inputs", nargs="+", default=list(inputs.REAL), help="names of the list, or files")
    add("--shapes", nargs="+", choices=SHAPES, default=list(SHAPES))
    add("--runs", type=int, default=5)
    add("--data", type=pathlib.Path, default=ROOT / "build" / "bench-data",
        help="where inputs and files are made and kept")
    add("--corpus", default=ROOT.parent / "shared" / "corpus" / "silesia7.tar.xz")
    add("--temp", default="/dev/shm", help="where the output goes")
    add("--prefix", type=str.split, default=[], help="words before each command")
    add("--write", action="store_true", help="put the table into docs/performance.md")
    return parser.parse_args(argv)


def main(argv):
    args = parse(argv)
    args.data.mkdir(parents=True, exist_ok=True)
    rows = []
    with tempfile.TemporaryDirectory(dir=args.temp) as folder:
        target = pathlib.Path(folder) / "restored"
        for name in args.inputs:
            for shape in args.shapes:
                rows.append(row(args, name, shape, target))
                report.progress(f"{name}, {shape}", rows[-1])
    text = report.table("one thread, -6, decoding", HEAD, rows)
    print(measure.machine())
    print(text)
    if args.write:
        page = ROOT / "docs" / "performance.md"
        report.put(page, "decode one", f"{measure.machine()}.", text)


if __name__ == "__main__":
    main(sys.argv[1:])
