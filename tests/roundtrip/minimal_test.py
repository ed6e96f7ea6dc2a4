# SPDX-License-Identifier: 0BSD
"""make minimal: its size, what it needs of libc, its memory, and what it decodes.

usage: minimal_test.py LIBRARY (the argument counts for nothing)

Builds the minimal library and its xzdec with gcc into a directory of its own and
compares it with the xz under test on all vectors that are .xz files.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
XZ = os.environ.get("XZ", str(ROOT / "build/bin/xz"))
SIZE_MAX = 24 << 10
LIBC = {"memcpy", "memset"}
DICT_MAX = 64 << 20
LEFT_OUT = re.compile(r"--(powerpc|ia64|arm|armthumb|sparc|riscv)\b")

failed = 0
passed = 0


def case(name, problem):
    """One result; problem is "" for a good one."""
    global failed, passed
    if problem:
        failed += 1
        print(f"not ok {name}: {problem}")
    else:
        passed += 1


def output(*command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, **options).stdout


def build(where, dict_max):
    subprocess.run(["make", "-s", "-C", str(ROOT), "CC=gcc", "CFLAGS=", "HARDEN=",
                    f"MINIMAL={where}", f"XZDEC_DICT_MAX={dict_max}", "minimal"],
                   check=True, stdout=subprocess.DEVNULL)
    return str(pathlib.Path(where) / "xzdec")


def check_size(program):
    sections = {row.split()[0]: int(row.split()[1]) for row in
                output("size", "-A", program, text=True).splitlines()[2:] if row.split()}
    size = sections[".text"] + sections[".rodata"]
    case("size", "" if size <= SIZE_MAX else f"{size} bytes of .text and .rodata")
    print(f"ok size: {size} of {SIZE_MAX} bytes")


def check_symbols(where):
    """What the library does not define itself, all objects linked together."""
    whole = f"{where}/whole.o"
    subprocess.run(["ld", "-r", "-o", whole, "--whole-archive", f"{where}/liblzma.a"],
                   check=True)
    undefined = set(output("nm", "-u", whole, text=True).split()) - {"U", "w"}
    case("libc", " ".join(sorted(undefined - LIBC)))
    defined = output("nm", "--defined-only", whole, text=True)
    for word in ("encode", "pthread", "malloc"):
        found = [row for row in defined.splitlines() if word in row and "lzma_" in row]
        case(f"no {word}", found and str(found))


def check_refusals(program):
    """An unknown filter when it is made, an argument when it runs."""
    made = subprocess.run(["make", "-s", "-C", str(ROOT), f"MINIMAL={program}.no",
                           "MINIMAL_FILTERS=x86 nonsense", "minimal"], check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    named = made.returncode != 0 and b"no such filter: nonsense" in made.stderr
    case("unknown filter", "" if named else made.stderr.decode())
    run = subprocess.run([program, "--help"], check=False, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    told = run.returncode == 1 and b"no arguments" in run.stderr and run.stdout == b""
    case("argument", "" if told else run.stderr.decode())


def decode(command, data):
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    return done.returncode == 1, done.stdout, done.stderr  # 2: a warning


def may_refuse(path, message):
    """True if the file has a filter, or a dictionary, that this build does not take."""
    listing = subprocess.run([XZ, "--robot", "-lvv", str(path)], check=False, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    if b"Unsupported options" in message:
        return LEFT_OUT.search(listing) is not None
    needs = [int(row.split("\t")[14]) for row in listing.splitlines()
             if row.startswith("block\t")]
    return b"needs more memory" in message and bool(needs) and max(needs) > DICT_MAX


def check_vectors(program, folder):
    """The same verdict and bytes as xz; how much of a damaged file comes may differ."""
    output("/usr/bin/python3", str(ROOT / "tests/vectors/assemble.py"), folder)
    count = 0
    for path in sorted(pathlib.Path(folder).glob("*.in")):
        data = path.read_bytes()
        if data[:4] != b"\xfd7zX":
            continue
        count += 1
        bad, out, message = decode([program], data)
        expected_bad, expected, _ = decode([XZ, "-dcq", "-T1"], data)
        if bad and not expected_bad and may_refuse(path, message):
            continue
        same = bad == expected_bad and (bad or out == expected)
        case(f"vector {path.stem}", "" if same and expected.startswith(out)
             else f"failed {bad}, should have {expected_bad}; {message!r}")
    case("enough vectors", "" if count > 100 else str(count))


def check_memory(where):
    """Just as much memory as was promised is enough, with all filters a chain can have;
    a larger dictionary is refused."""
    data = bytes(range(256)) * 2000
    for size, good in ((65536, True), (1 << 20, False)):
        packed = output(XZ, "-c", "--x86", "--arm64", "--delta",
                        f"--lzma2=preset=1,dict={size},lc=0,lp=4", input=data)
        bad, out, message = decode([build(where, 65536)], packed + packed)
        problem = f"{message!r}, {len(out)} bytes"
        case(f"dictionary of {size}",
             "" if bad != good and out == (data + data if good else b"") else problem)


def main():
    with tempfile.TemporaryDirectory(prefix="clearxz-test-") as work:
        program = build(f"{work}/small", DICT_MAX)
        check_size(program)
        check_symbols(f"{work}/small")
        check_refusals(program)
        check_vectors(program, f"{work}/vectors")
        os.unlink(program)
        check_memory(f"{work}/small")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
