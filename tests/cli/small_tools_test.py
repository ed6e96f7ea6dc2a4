#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""Runs xzdec, lzmadec and lzmainfo of a reference and ours, and compares.

XZ names our xz; the other programs lie beside it. REFERENCE_BIN (default /usr/bin) has
those of XZ Utils. Compared are exit status, standard output, and whether there are
messages. What differs on purpose stands in KNOWN.

    XZ=build/bin/xz /usr/bin/python3 tests/cli/small_tools_test.py [-v]
"""

import os
import random
import subprocess
import sys
import tempfile

BIN = os.path.dirname(os.path.abspath(os.environ.get("XZ", "build/bin/xz")))
REFERENCE = os.environ.get("REFERENCE_BIN", "/usr/bin")

# Command line -> what ours prints instead, given what the reference printed.
# xzdec goes on after a file that cannot be decoded, as xz does.
KNOWN = {
    "xzdec missing a.xz": lambda theirs, a: a,
    "xzdec cut.xz a.xz": lambda theirs, a: theirs + a,
    "lzmadec a.xz a.lzma": lambda theirs, a: a,
    "xzdec a.lz a.xz": lambda theirs, a: a,
    # The sum for rounding does not overflow.
    "lzmainfo h3": lambda theirs, a: theirs.replace(b"0 MB (2^31", b"4096 MB (2^31"),
    "lzmainfo h9": lambda theirs, a: theirs.replace(b"0 MB (1", b"17592186044416 MB (1"),
}
# The limit of memory went with 5.6.3; before, the reference refused it without a word.
OWN_MESSAGES = ("xzdec -M 5 a.xz", "xzdec -M5 a.xz")
OWN_WORDS = ("-V", "--version", "-h", "--help")


def make_files(reference_xz):
    """Writes the files and returns the contents of `a`."""
    rng = random.Random(1)
    a = b" ".join(rng.choices([rng.randbytes(rng.randint(1, 9)) for _ in range(99)], k=20000))

    def pack(*options):
        return subprocess.run([reference_xz, *options], input=a, capture_output=True,
                              check=True).stdout

    xz, alone = pack(), pack("-Flzma")
    files = {
        "a": a, "a.xz": xz, "a.lzma": alone, "empty": b"", "-dash.xz": xz,
        "two.xz": xz + bytes(8) + pack("-0", "-Csha256"), "cut.xz": xz[:9000],
        "garbage.xz": xz + b"garbage", "none.xz": pack("-Cnone"),
        "x86.xz": pack("--x86", "--lzma2"), "bad.xz": xz[:4000] + b"bad" + xz[4003:],
        "unknown-check.xz": xz[:7] + b"\x02" + xz[8:], "garbage.lzma": alone + b"x",
        "cut.lzma": alone[:9000], "a.lz": b"LZIP\x01\x0c" + xz,
        "known.lzma": alone[:5] + len(a).to_bytes(8, "little") + alone[13:],
        "short.lzma": alone[:12], "header.lzma": alone[:13],
    }
    for number, (props, dictionary, size) in enumerate((
            (0x5D, 0, 0), (0, 4096, 1), (224, 1 << 24, 524287), (0x5D, 0xFFFFFFFF, 524288),
            (225, 4096, 1), (8, 3 << 20, 1572864), (44, 8192, 1), (13, 8193, 1 << 63),
            (255, 1, 1), (0x5D, 1572863, (1 << 64) - 2), (17, 1 << 31, (1 << 64) - 1))):
        files[f"h{number}"] = (bytes([props]) + dictionary.to_bytes(4, "little")
                               + size.to_bytes(8, "little"))
    for name, data in files.items():
        with open(name, "wb") as f:
            f.write(data)
    os.mkdir("dir")
    return a


def command_lines():
    """All of them, as text; words do not contain blanks."""
    names = sorted(name for name in os.listdir(".") if not name.startswith("-"))
    lines = [f"{tool} {name}" for tool in ("xzdec", "lzmadec", "lzmainfo")
             for name in names + ["missing", "dir"]]
    lines += [f"xzdec {o}" for o in
              ("a.xz two.xz", "-dkcQq a.xz", "-d -k -c a.xz", "--decompress a.xz", "--keep a.xz",
               "--stdout a.xz", "--to-stdout a.xz", "--uncompress a.xz", "--quiet a.xz",
               "--no-warn a.xz", "-q missing", "-qq missing", "-qqq missing", "-q -q cut.xz",
               "--foo", "-x", "-M 5 a.xz", "-M5 a.xz", "--memlimit=5 a.xz", "-z a", "-t a.xz",
               "-l a.xz", "-- -dash.xz", "-- a.xz", "-", "", "- a.xz", "a.xz -q", "-h", "--help",
               "-V", "--version", "--ver", "missing a.xz", "cut.xz a.xz", "a.lz a.xz",
               "-f a.xz", "-T1 a.xz", "--dec a.xz")]
    lines += [f"lzmadec {o}" for o in ("a.lzma known.lzma", "a.xz a.lzma", "-dc a.lzma", "-", "",
                                       "-V", "--help", "-qq a.xz")]
    lines += [f"lzmainfo {o}" for o in
              ("", "-", "- -", "a.lzma h1 h2", "a.lzma missing h1", "h4 h1", "a.lzma - h1",
               "short.lzma h1", "--version", "--help", "--ver", "--foo", "-x", "-- h1",
               "h1 --version", "dir h1", "empty")]
    return [line.strip() for line in dict.fromkeys(lines)]


def run(directory, line, stdin):
    tool, *words = line.split()
    with open(stdin, "rb") as source:
        return subprocess.run([f"{directory}/{tool}", *words], stdin=source, check=False,
                              capture_output=True, timeout=60,
                              env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                                   "XZ_OPT": "--nonsense", "XZ_DEFAULTS": "--nonsense"})


def difference(line, a):
    """None, or what differs."""
    stdin = "a.xz" if line.startswith("xzdec") else "a.lzma"
    ours, theirs = run(BIN, line, stdin), run(REFERENCE, line, stdin)
    if ours.returncode != theirs.returncode:
        return (f"exit status {ours.returncode}, reference {theirs.returncode}: "
                f"{ours.stderr!r} {theirs.stderr!r}")
    expected = KNOWN[line](theirs.stdout, a) if line in KNOWN else theirs.stdout
    if any(word in OWN_WORDS or word == "--ver" for word in line.split()):
        return None if ours.stdout else "prints nothing"
    if ours.stdout != expected:
        # How much comes out before damage may differ by a few bytes.
        shorter = min(len(ours.stdout), len(expected))
        if (ours.returncode == 0 or ours.stdout[:shorter] != expected[:shorter]
                or abs(len(ours.stdout) - len(expected)) > 300):
            return f"standard output {ours.stdout[:300]!r}, expected {expected[:300]!r}"
    if line not in OWN_MESSAGES and bool(ours.stderr) != bool(theirs.stderr):
        return f"messages {ours.stderr!r}, reference {theirs.stderr!r}"
    return None


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="xzsmall") as work:
        os.chdir(work)
        a = make_files(f"{REFERENCE}/xz")
        for line in command_lines():
            why = difference(line, a)
            passed += why is None
            failed += why is not None
            if why is not None:
                print(f"not ok {line}\n    {why}")
            elif "-v" in sys.argv:
                print(f"ok {line}")
        os.chdir("/")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
