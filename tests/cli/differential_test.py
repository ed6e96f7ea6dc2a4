#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""Runs hundreds of command lines with a reference xz and with ours, and compares.

XZ is the program under test, XZ_REFERENCE (default /usr/bin/xz) what it is compared
with. Every command line runs twice, in twin directories with the same files. Compared
are the exit status, standard output, and the directory afterwards: names, types, owners,
modes, times and contents. Compressed data is compared decompressed, as two encoders need
not make the same bytes, and by its layout: Blocks, Checks, filters, sizes in headers. All
abbreviations of long options are compared too. Messages are not compared, except that
both or none must be there. KNOWN lists what differs on purpose.

    XZ=build/bin/xz /usr/bin/python3 tests/cli/differential_test.py [-v] [--only WORD]
        [--random COUNT SEED]

With --random, COUNT command lines made by chance are run instead; without, a few of them
are run as well.
With WORD, only command lines that contain it are run; -v shows all of them. Other
arguments are ignored: the test runner gives every test the library.
"""

import fnmatch
import itertools
import os
import pty
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import zlib

from differential_cases import MTIME_NS, REFERENCE, cases, encode, make_contents, populate
from differential_random import cases_by_chance

XZ = os.path.abspath(os.environ.get("XZ", "build/bin/xz"))
# With sanitizers about every other case, all with an environment, others by chance, and
# each beginning of an option with one of the arguments.
SLOW = "SANITIZED" in os.environ

# Command line -> (what is not compared, why). "status", "stdout", "tree", "stderr".
KNOWN = {
    "xz -d --single-stream *": ("tree", "5.8 keeps the source then"),
    "xz --no-s -k a": ("status tree stderr", "--no-sync makes it ambiguous, as in 5.8"),
    "xz *V*": ("stdout", "another version"),
    "xz --vers*": ("stdout", "another version"),
    "xz -r a": ("status tree stderr", "-r came with ours"),
    "xz -h*": ("stdout", "own words"),
    "xz -H*": ("stdout", "own words"),
    "xz --he*": ("stdout", "own words"),
    "xz --lon*": ("stdout", "own words"),
    "XZ_OPT=-h *": ("stdout", "own words"),
    "xz --filters*": ("status stdout tree stderr", "came with 5.6"),
    "xz *--riscv --lzma2 *": ("status stdout stderr", "came with 5.6"),
    "xz *--block-list=[01]:100 *": ("status stdout stderr", "came with 5.6"),
    "XZ_OPT=-kF lzma xz -kc a b -0": ("stdout", "two .lzma files cannot be decoded"),
    "xz --no-sync *": ("status tree stderr", "came with 5.8"),
    "xz -kc --memlimit-compress=200MiB -T2*": ("stderr", "5.6 tells it at -vv only"),
    "xz -kc --memlimit-compress=200MiB -9 a": ("stdout", "a leaner finder, a larger dictionary"),
}


def snapshot():
    """Name -> ((type and mode, owners), mtime, data, has the old atime) of all here."""
    found = {}
    for base, dirs, files in os.walk("."):
        for name in dirs + files:
            path = os.path.join(base, name)
            st = os.lstat(path)
            data = b""
            if stat.S_ISREG(st.st_mode):
                with open(path, "rb") as f:
                    data = f.read()
            elif stat.S_ISLNK(st.st_mode):
                data = os.readlink(path).encode()
            mtime = 0 if stat.S_ISDIR(st.st_mode) else st.st_mtime_ns
            found[path] = ((st.st_mode, st.st_uid, st.st_gid), mtime, data,
                           st.st_atime_ns == MTIME_NS)
    return found


DECODERS = (["-dc"], ["-dc", "-Fraw", "--lzma2"], ["-dc", "-Fraw", "--lzma1"])


# Columns of --robot -lvv with the memory needed, which each library estimates for itself.
MEMORY_COLUMNS = {b"block": 14, b"summary": 1, b"totals": 9}


def without_memory(data):
    lines = [line.split(b"\t") for line in data.split(b"\n")]
    for columns in lines:
        index = MEMORY_COLUMNS.get(columns[0], len(columns))
        if index < len(columns):
            columns[index] = b"*"
    return lines


# Columns of --robot -lvv that say how a Block was made: its Stream, uncompressed size,
# Check and its value, filters; and its flags, which depend on threads.
LAYOUT_COLUMNS = (1, 7, 9, 10, 15)
FLAGS_COLUMN = 12


def layouts(datas, with_flags):
    """For each of the .xz files what their Blocks are like, as the reference lists it."""
    found = []
    for data in datas:
        with tempfile.NamedTemporaryFile(dir=".", suffix=".xz") as f:
            f.write(data)
            f.flush()
            listed = subprocess.run([REFERENCE, "--robot", "-lvv", f.name], check=False,
                                    capture_output=True).stdout
        rows = [line.split(b"\t") for line in listed.split(b"\n")]
        found.append([[row[column] for column in LAYOUT_COLUMNS + (FLAGS_COLUMN,) * with_flags]
                      for row in rows if row[0] == b"block"])
    return found


def same_data(ours, theirs, with_flags=False):
    """Equal, or both compressed from the same bytes, or both cut off by damage.

    How much is decoded beyond the damage, garbage that is, differs by a few bytes.
    """
    if ours == theirs or (theirs and ours.startswith(theirs)):
        return True
    if theirs.startswith(ours) and len(theirs) - len(ours) <= 300 < len(ours):
        return True
    if ours.startswith(b"name\t") and without_memory(ours) == without_memory(theirs):
        return True
    for decoder in DECODERS:
        results = [subprocess.run([REFERENCE, *decoder], input=d, capture_output=True,
                                  check=False) for d in (ours, theirs)]
        if all(r.returncode == 0 for r in results):
            if results[0].stdout != results[1].stdout:
                return False
            if not ours.startswith(b"\xfd7zXZ"):
                return True
            our_layout, their_layout = layouts((ours, theirs), with_flags)
            return our_layout == their_layout
    return False


def compare_trees(ours, theirs, made_of, with_flags):
    """What differs in the directories; made_of is what was in them at first."""
    for name in sorted(set(ours) | set(theirs)):
        if name not in theirs:
            return f"{name!r} exists only with ours"
        if name not in ours:
            return f"{name!r} exists only with the reference"
        mode, mtime, data, old_atime = ours[name]
        ref_mode, ref_mtime, ref_data, ref_old_atime = theirs[name]
        if mode != ref_mode:
            return f"{name!r}: mode and owners {mode}, reference {ref_mode}"
        if old_atime != ref_old_atime and name[2:] not in made_of:
            return f"{name!r}: access time was {'' if old_atime else 'not '}copied"
        if mtime != ref_mtime and (MTIME_NS in (mtime, ref_mtime)):
            return f"{name!r}: modification time {mtime}, reference {ref_mtime}"
        if not same_data(data, ref_data, with_flags):
            return f"{name!r}: other contents"
    return None


def run_on_terminal(command, side, **options):
    """Runs it with a terminal as standard input or output; stdout is what came there."""
    ours, its = pty.openpty()
    streams = {"stdin": its, "stdout": subprocess.PIPE}
    if side == "out":
        streams = {"stdin": subprocess.DEVNULL, "stdout": its}
    os.write(ours, b"\4") # the end of a file, if it is read
    result = subprocess.run(command, stderr=subprocess.PIPE, check=False, timeout=60,
                            **streams, **options)
    os.close(its)
    written = b""
    try:
        while side == "out" and (part := os.read(ours, 65536)):
            written += part
    except OSError: # nobody has the other side any more
        pass
    os.close(ours)
    if side == "out":
        result.stdout = written.replace(b"\r\n", b"\n").replace(b"^D\b\b", b"")
    return result


def run_one(program, line, stdin, env):
    words = line.split(" ")
    words = [w.replace("%20", " ").replace("%0A", "\n").replace("%07", "\a") for w in words]
    name = words[0]
    variables = {n: value for n, value in env.items() if not n.startswith("@")}
    options = {"executable": program,
               "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables}}
    if "@user" in env:
        os.chmod(".", 0o777)
        options.update(user=env["@user"], group=env["@user"], extra_groups=[])
    if "@tty" in env:
        result = run_on_terminal([name, *words[1:]], env["@tty"], **options)
    else:
        result = subprocess.run([name, *words[1:]], input=stdin, capture_output=True,
                                check=False, timeout=60, **options)
    return result, snapshot()


def what_is_known(name):
    """What is not compared for a case."""
    return " ".join(ignored for pattern, (ignored, _) in KNOWN.items()
                    if fnmatch.fnmatchcase(name, pattern)).split()


def suffixed(words):
    """Names at the ends of words: -S.x and --files=names."""
    return {word.partition("=")[2] for word in words}


def compare(name, line, stdin, env, contents, work):
    """None, or what differs."""
    words = set(line.replace("%20", " ").replace("%0A", "\n").replace("%07", "\a").split(" "))
    words |= {"b"} | ({"a", "big", "names", "names0"} if "files" in name else set())
    if any("exists" in word for word in words):
        words |= {"exists", "exists.xz"} # elsewhere no target is in the way
    contents = {n: data for n, data in contents.items()
                if n in words or n in suffixed(words) or "new" in line}
    results = []
    for label, program in (("ours", XZ), ("reference", REFERENCE)):
        directory = os.path.join(work, label)
        populate(directory, contents, words)
        results.append(run_one(program, line, stdin, env))
        os.chdir(work)
        shutil.rmtree(directory)
    (ours, our_tree), (theirs, their_tree) = results
    ignored = what_is_known(name)
    if "status" not in ignored and ours.returncode != theirs.returncode:
        return (f"exit status {ours.returncode}, reference {theirs.returncode}; "
                f"{ours.stderr.decode(errors='replace').strip()!r} "
                f"{theirs.stderr.decode(errors='replace').strip()!r}")
    with_flags = "-T" in name # the reference's default is one thread
    if "stdout" not in ignored and not same_data(ours.stdout, theirs.stdout, with_flags):
        return (f"standard output differs: {ours.stdout[-300:]!r}, "
                f"reference {theirs.stdout[-300:]!r}")
    if "stderr" not in ignored and bool(ours.stderr) != bool(theirs.stderr):
        return f"messages {ours.stderr!r}, reference {theirs.stderr!r}"
    if "tree" in ignored:
        return None
    return compare_trees(our_tree, their_tree, contents, with_flags)


# Long options of 5.4 with a good argument, or without one.
LONG_OPTIONS = """compress decompress uncompress test list keep force stdout to-stdout
single-stream no-sparse suffix=.x format=xz check=none ignore-check block-size=1
block-list=1 flush-timeout=1 memlimit-compress=0 memlimit-decompress=0
memlimit-mt-decompress=0 memlimit=0 memory=0 no-adjust threads=1 extreme fast best lzma1
lzma2 x86 powerpc ia64 arm armthumb arm64 sparc delta quiet verbose no-warn robot
info-memory help long-help version files=names files0=names""".split()
# Options of 5.6 and 5.8 make these ambiguous.
NEWLY_AMBIGUOUS = re.compile("no-s|r$|fi(l(e(s0?)?)?)?$")


def abbreviation_differs(option):
    """The beginnings of an option that only one of the programs understands."""
    name, equals, value = option.partition("=")
    wrong = []
    for length in range(1, len(name) + 1):
        arguments = sorted({equals + value, "", "=1"})
        for argument in [arguments[length % len(arguments)]] if SLOW else arguments:
            word = f"--{name[:length]}{argument}"
            results = [subprocess.run([program, word, "--version"], capture_output=True,
                                      stdin=subprocess.DEVNULL, check=False).returncode
                       for program in (XZ, REFERENCE)]
            if results[0] != results[1] and not NEWLY_AMBIGUOUS.match(name[:length]):
                wrong.append(word)
    return wrong


def main():
    arguments = sys.argv[1:]
    verbose = "-v" in arguments
    wanted = ""
    if "--only" in arguments[:-1]:
        wanted = arguments[arguments.index("--only") + 1]
    if not os.path.exists(REFERENCE):
        print("ok differential # SKIP no reference program")
        print("0 passed, 0 failed")
        return 0
    contents = make_contents()
    lines = itertools.chain(cases(contents),
                            cases_by_chance(contents, encode, 100, 1 + 2 * SLOW))
    if SLOW:
        lines = (case for case in lines
                 if case[2] or zlib.crc32(case[0].encode() + (case[1] or b"")) % 2)
    if "--random" in arguments[:-2]:
        count, seed = map(int, arguments[arguments.index("--random") + 1:][:2])
        lines = cases_by_chance(contents, encode, count, seed)
        wanted = wanted or " "
    passed, failed = 0, 0
    shm = "/dev/shm" if os.path.isdir("/dev/shm") else None # syncing costs nothing there
    with tempfile.TemporaryDirectory(prefix="xzdiff", dir=shm) as work:
        for line, stdin, env in lines:
            if wanted not in line + " ":
                continue
            name = " ".join([f"{k}={v}" for k, v in env.items()] + [line])
            if stdin is not None:
                name += f" < {len(stdin)} bytes"
            try:
                why = compare(name, line, stdin if stdin is not None else b"", env, contents, work)
            except subprocess.TimeoutExpired:
                why = "did not end"
                os.chdir(work)
                shutil.rmtree(work, ignore_errors=True)
                os.makedirs(work, exist_ok=True)
            if why is None:
                passed += 1
            else:
                failed += 1
                print(f"not ok {name}\n    {why}")
            if why is None and verbose:
                print(f"ok {name}")
    for option in [] if wanted else LONG_OPTIONS:
        wrong = abbreviation_differs(option)
        passed, failed = passed + (not wrong), failed + bool(wrong)
        if wrong:
            print(f"not ok beginnings of --{option}\n    {wrong}")
    print(f"{'not ok' if failed else 'ok'} differential")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
