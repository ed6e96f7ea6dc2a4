#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""Compressing with what other CPUs have: our xz with instructions left out, beside Debian's.

    bench_paths.py                            all levels, 24 MiB of silesia7.tar
    bench_paths.py --levels 6 9e --runs 3
    bench_paths.py --write                    the table also goes into docs/performance.md

The programs are build/bench/xz_PATH, which differ from build/bin/xz by bench/limit_cpu.c
alone: their CPU has no more than these features. All of them run `-T1` by turns and must
write the same bytes; figures are medians of CPU seconds (user and system). --prefix puts
words before each command, such as `quiet-run`.
"""

import argparse
import pathlib
import sys
import tempfile

import engines
import inputs
import measure
import report

ROOT = pathlib.Path(__file__).resolve().parent.parent
MIB = 1 << 20
PATHS = {"whole": "all it has", "avx2": "no AVX-512", "sse4": "SSE4.1", "plain": "portable C"}
HEAD = ["preset", "xz", *PATHS.values(), "portable C / xz", "size: ours", "xz"]


def piece(args, target):
    """The first part of the input."""
    source = inputs.real_input(args.input, args.data, args.corpus)
    with open(source, "rb") as file:
        target.write_bytes(file.read(args.size * MIB))


def row(args, level, source, target):
    """Measures one level."""
    programs = {"xz": args.xz}
    programs.update({path: args.build / "bench" / f"xz_{path}" for path in PATHS})
    runs = {name: [] for name in programs}
    same_bytes = set()
    for _ in range(args.runs):
        for name, program in programs.items():
            command = [str(program), "-T1", f"-{level}", "-c", str(source)]
            runs[name].append(measure.run(args.build / "bench" / "weigh", command, target,
                                          True, args.prefix))
            if name != "xz":
                same_bytes.add(target.read_bytes())
    if len(same_bytes) != 1:
        raise SystemExit(f"bench_paths: -{level} writes other bytes on other paths")
    return [f"-{level}", *(report.figure(runs, name, "cpu", report.seconds) for name in programs),
            f"{measure.median_ratio(runs['plain'], runs['xz'], 'cpu'):.2f}",
            report.figure(runs, "plain", "size", report.count),
            report.figure(runs, "xz", "size", report.count)]


def parse(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--build", type=lambda path: pathlib.Path(path).absolute(), default=ROOT / "build")
    add("--xz", default="/usr/bin/xz", help="the program to compare with")
    add("--input", default="silesia7.tar", help="a name of the list, or a file")
    add("--size", type=int, default=24, help="MiB of it")
    add("--levels", nargs="+", default=engines.LEVELS)
    add("--runs", type=int, default=1)
    add("--data", type=pathlib.Path, default=ROOT / "build" / "bench-data",
        help="where the input is made and kept")
    add("--corpus", default=ROOT.parent / "shared" / "corpus" / "silesia7.tar.xz")
    add("--temp", default="/dev/shm", help="where files go")
    add("--prefix", type=str.split, default=[], help="words before each command")
    add("--write", action="store_true", help="put the table into docs/performance.md")
    return parser.parse_args(argv)


def main(argv):
    args = parse(argv)
    rows = []
    with tempfile.TemporaryDirectory(dir=args.temp) as folder:
        source = pathlib.Path(folder) / "source"
        piece(args, source)
        for level in args.levels:
            rows.append(row(args, level, source, pathlib.Path(folder) / "target"))
            report.progress("paths", rows[-1])
    title = f"{pathlib.Path(args.input).name}, {args.size} MiB, one thread, CPU seconds"
    text = report.table(title, HEAD, rows)
    print(measure.machine())
    print(text)
    if args.write:
        page = ROOT / "docs" / "performance.md"
        runs = "one run" if args.runs == 1 else f"medians of {args.runs} runs"
        report.put(page, "paths", f"{measure.machine()}; {runs} of each.", text)


if __name__ == "__main__":
    main(sys.argv[1:])
