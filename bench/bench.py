#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""The benchmark: tables of our commands and library beside Debian's xz and 7-Zip.

    bench.py                           all tables: 3 hours, most of them for table "one"
    bench.py --quick                   all tables, one run each, fewer levels: 25 minutes
    bench.py --tables one --levels 1 6 --inputs elf80 --runs 3
    bench.py --tables one --write      the table also goes into docs/performance.md
    bench.py --tables awkward --levels 6 --runs 1

Runs of all engines take turns; a ratio is the median of the quotients of runs that were
made one after the other, unless the benchmark went on in between; 7-Zip, of which no ratio is
made, runs once. CPU is user and system time. For figures that mean something the machine must
have nothing else to do; --prefix puts words before each command, such as `taskset -c 1`. With
--record FILE runs of tables one, threads and awkward are kept there, those of ours for the same
program only, and what it has is not run again: so a benchmark that was broken off goes on, and
parts may have different --runs.
"""

import argparse
import datetime
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import engines
import inputs
import measure
import report

ROOT = pathlib.Path(__file__).resolve().parent.parent
MIB = 1 << 20


def weigh(args, command, target, stdout):
    """One run of a command."""
    return measure.run(args.build / "bench" / "weigh", command, target, stdout, args.prefix)


class Record:
    """Runs that were made, in memory and in a file of JSON lines, if there is one."""

    def __init__(self, path=None):
        self.path = path
        self.runs = {}
        if path is not None and path.exists():
            text = path.read_text()
            text = text[:text.rfind("\n") + 1]  # the last line may not be whole
            path.write_text(text)
            for line in text.splitlines():
                key, run = json.loads(line)
                self.runs.setdefault(tuple(key), []).append(measure.Run(*run))

    def of(self, key):
        """The runs of a key, oldest first."""
        return self.runs.setdefault(key, [])

    def add(self, key, run):
        self.of(key).append(run)
        if self.path is not None:
            with self.path.open("a") as file:
                file.write(json.dumps([key, run]) + "\n")


def identity(args, engine):
    """What an engine's runs are kept under."""
    if engine.name != "ours":
        return engine.name
    return hashlib.sha256((args.build / "bin" / "xz").read_bytes()).hexdigest()[:16]


def compare(args, engine_list, source, level, threads, extra=(), name=None):
    """{engine name: [runs]} of one input at one level, engines in turn. name: what the
    input is called in the record, if not as its file."""
    target = args.temp / "result.xz"
    what = (measure.machine(), *args.prefix, args.table, name or source.name,
            source.stat().st_size, level, threads, *extra)
    keys = {e.name: (*what, identity(args, e)) for e in engine_list if level in e.levels}
    for turn in range(args.runs):
        for engine in engine_list:
            last = turn if engine.has_ratio else 0
            if engine.name in keys and len(args.record.of(keys[engine.name])) <= last:
                command = engine.compress(level, threads, extra, str(source), str(target))
                args.record.add(keys[engine.name],
                                weigh(args, command, target, engine.stdout))
    return {engine: args.record.of(key) for engine, key in keys.items()}


def table_one(args):
    """One thread: every level on every real input, and the points of the plot."""
    points = []
    for name in args.inputs:
        source = inputs.real_input(name, args.data, args.corpus)
        rows = []
        for level in args.levels:
            runs = compare(args, args.engines, source, level, 1)
            rows.append(report.one_thread_row(level, runs))
            points += [(source.name, engine, level, measure.median_run(found))
                       for engine, found in runs.items()]
            report.progress(f"{source.name} -{level}", rows[-1])
        yield report.table(f"{source.name}, one thread", report.ONE_THREAD, rows)
    if args.write:
        report.plot(points, ROOT / "docs")


def table_threads(args):
    """Two threads: wall time against one thread of the same program with equal Blocks."""
    for name in args.inputs:
        source = inputs.real_input(name, args.data, args.corpus)
        whole = (f"--block-size={source.stat().st_size}",)
        rows = []
        for level in args.levels:
            one = compare(args, args.engines[:2], source, level, 1)
            for blocks, extra in (("default", ()), ("one", whole)):
                two = compare(args, args.engines[:2], source, level, 2, extra)
                rows.append(report.threads_row(level, blocks, one, two))
                report.progress(f"{source.name} -{level} {blocks}", rows[-1])
        yield report.table(f"{source.name}, two threads", report.THREADS, rows)


def table_decode(args):
    """One thread: restoring what Debian's xz made."""
    for name in args.inputs:
        source = inputs.real_input(name, args.data, args.corpus)
        packed, target = args.temp / "packed.xz", args.temp / "restored"
        rows = []
        for level in args.levels:
            made_by = args.engines[1].compress(level, 1, (), str(source), str(packed))
            weigh(args, made_by, packed, True)
            runs = {e.name: [] for e in args.engines}
            for _ in range(args.runs):
                for engine in args.engines:
                    command = engine.restore(str(packed))
                    runs[engine.name].append(weigh(args, command, target, True))
            rows.append(report.decode_row(level, runs))
            report.progress(f"{source.name} -{level} decode", rows[-1])
        yield report.table(f"{source.name}, decoding", report.DECODE, rows)


def table_awkward(args):
    """Data that cannot be compressed, or that finders may fear: nanoseconds a byte."""
    text = inputs.real_input("linux200.tar", args.data, args.corpus).read_bytes()
    source = args.temp / "awkward"
    for level in args.levels:
        rows = []
        ordinary = None
        for name, data in inputs.awkward(args.awkward_size * MIB, text).items():
            source.write_bytes(data)
            runs = compare(args, args.engines[:2], source, level, 1, name=name)
            ordinary = ordinary or measure.median_run(runs["ours"]).cpu
            rows.append(report.awkward_row(name, len(data), runs, ordinary))
            report.progress(f"-{level} {name}", rows[-1])
        title = f"awkward data, {args.awkward_size} MiB each, -{level}"
        yield report.table(title, report.AWKWARD, rows)


def calls_per_second(args, library, kind, level, size, source):
    """What small_calls says."""
    command = [*args.prefix, args.build / "bench" / "small_calls", library, kind,
               level, str(size), str(source)]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def table_small(args):
    """Calls a second on small inputs, and flushes a second."""
    source = inputs.real_input("linux200.tar", args.data, args.corpus)
    sizes = [("call", 64), ("call", 4 << 10), ("call", 64 << 10), ("flush", 16), ("flush", 256)]
    rows = []
    for level in (level for level in args.levels if level.isdigit()):
        for kind, size in sizes:
            found = {name: [] for name, _ in engines.libraries(args.build)}
            for _ in range(args.runs):
                for name, library in engines.libraries(args.build):
                    found[name].append(
                        calls_per_second(args, library, kind, level, size, source))
            rows.append(report.small_row(level, kind, size, found))
            report.progress(f"-{level} {kind} {size}", rows[-1])
    yield report.table("calls of the library a second", report.SMALL, rows)


# Small files that are decoded: kind for small_decode, bytes, text or random, what it is.
SMALL_DECODE = [
    ("setup", 1024, "random", "set up, 1 KiB stored, ended"),
    ("again", 1024, "random", "used again, 1 KiB stored"),
    ("oneshot", 1024, "random", "one shot, 1 KiB stored"),
    ("setup", 1024, "text", "set up, 1 KiB of text, ended"),
    ("again", 1024, "text", "used again, 1 KiB of text"),
    ("oneshot", 1024, "text", "one shot, 1 KiB of text"),
    ("oneshot", 64, "text", "one shot, 64 bytes of text"),
    ("alone", 64, "text", ".lzma set up, 64 bytes of text, ended"),
]


def table_small_decode(args):
    """Small files decoded a second: 1,000 different ones, made by the other library."""
    text = inputs.real_input("silesia7.tar", args.data, args.corpus)
    rows = []
    for kind, size, source, what in SMALL_DECODE:
        found = {name: [] for name, _ in engines.libraries(args.build)}
        for _ in range(args.runs):
            for name, library in engines.libraries(args.build):
                command = [*args.prefix, args.build / "bench" / "small_decode", library,
                           "liblzma.so.5", kind, str(size),
                           str(text) if source == "text" else source]
                done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
                found[name].append(float(done.stdout))
        rows.append(report.small_decode_row(what, found))
        report.progress(what, rows[-1])
    yield report.table("small files decoded", report.SMALL_DECODE, rows)


# --quick: what each table is made of, in one or more goes.
QUICK = {
    "one": [{"inputs": ["silesia7.tar"]},
            {"inputs": ["linux200.tar", "elf80"], "levels": ["1", "3", "6", "6e"]}],
    "threads": [{"inputs": ["silesia7.tar"], "levels": ["1", "3", "6"]}],
    "decode": [{"levels": ["1", "6"]}],
    "awkward": [{"levels": ["1", "6"], "awkward_size": 8}],
    "small": [{"levels": ["0", "1", "6", "9"]}],
    "small-decode": [{}],
}

ALL = {"levels": engines.LEVELS, "inputs": list(inputs.REAL)}

TABLES = {"one": table_one, "threads": table_threads, "decode": table_decode,
          "awkward": table_awkward, "small": table_small,
          "small-decode": table_small_decode}


def parse(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--build", type=lambda path: pathlib.Path(path).absolute(), default=ROOT / "build")
    add("--tables", nargs="+", choices=TABLES, default=list(TABLES))
    add("--levels", nargs="+")
    add("--inputs", nargs="+", help="names of the list, or files")
    add("--runs", type=int, default=5)
    add("--data", type=pathlib.Path, default=ROOT / "build" / "bench-data",
        help="where inputs are made and kept")
    add("--corpus", default=ROOT.parent / "shared" / "corpus" / "silesia7.tar.xz")
    add("--awkward-size", type=int, default=16, help="MiB of each kind of awkward data")
    add("--quick", action="store_true",
        help="one run of everything, with those of the levels and inputs that bench.py lists")
    add("--prefix", type=str.split, default=[], help="words before each command")
    add("--write", action="store_true", help="put tables and plot into docs/")
    add("--record", type=lambda path: Record(pathlib.Path(path)), default=Record(),
        help="a file that runs are kept in, and taken from")
    args = parser.parse_args(argv)
    if args.quick:
        args.runs = 1
    args.engines = [e for e in engines.engines(args.build)
                    if shutil.which(e.restore("")[0]) is not None]
    return args


def narrow(go, args):
    """The arguments of one go: what it lists, of that what the command line names."""
    found = {**vars(args), **go}
    for key, whole in ALL.items():
        given = getattr(args, key)
        if given is None:
            found[key] = go.get(key, whole)
        elif key in go:
            found[key] = [each for each in given if each in go[key]]
    return argparse.Namespace(**found)


def main(argv):
    args = parse(argv)
    print(measure.machine())
    with tempfile.TemporaryDirectory() as temp:
        args.temp = pathlib.Path(temp)
        for name in args.tables:
            args.table = name
            goes = QUICK[name] if args.quick else [{}]
            text = "\n".join(part for go in goes for part in TABLES[name](narrow(go, args)))
            print(text)
            if args.write:
                runs = "one run each" if args.runs == 1 else (
                    f"medians of {args.runs} runs, 7-Zip one")
                if args.record.path is not None:
                    runs += " or of those on record"
                about = f"{measure.machine()}; {datetime.date.today()}, {runs}."
                report.put(ROOT / "docs" / "performance.md", name, about, text)


if __name__ == "__main__":
    main(sys.argv[1:])
