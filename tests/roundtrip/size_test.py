# SPDX-License-Identifier: 0BSD
"""Sizes per preset are pinned: ours are at most XZ Utils' on real data.

usage: size_test.py [LIBRARY] [--all] [--presets LIST] [--measure XZ]

The data is ../shared/corpus/silesia7.tar.xz; without it the test says so and passes. As
part of `make check` all 20 presets run on a slice of it: 12 MiB, an equal part from each
of the seven members, beginning at a third of each. --all takes the whole 82 MB (half an
hour). sizes.txt holds XZ Utils' sizes for both; --measure prints them anew with the xz
command it is given.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CORPUS = HERE.parents[2] / "shared" / "corpus" / "silesia7.tar.xz"
TABLE = HERE / "sizes.txt"
SLICE_SIZE = 12 << 20
LIMIT = 1.0
PRESETS = [f"{level}{extreme}" for level in range(10) for extreme in ("", "e")]
TIME_LIMIT = 700  # seconds; on a very slow machine the last presets are left out
SANITIZED_PRESETS = ["1", "5"]  # of the fast and of the normal encoder; the rest is slow


def write_whole(target):
    """The corpus, unpacked by the machine's xz."""
    with open(target, "wb") as out:
        subprocess.run(["xz", "-dc", str(CORPUS)], stdout=out, check=True)


def write_slice(target):
    """An equal part of each member of the corpus, in their order."""
    with tempfile.TemporaryDirectory() as scratch:
        whole = pathlib.Path(scratch) / "whole.tar"
        write_whole(whole)
        with tarfile.open(whole) as tar, open(target, "wb") as out:
            members = tar.getmembers()
            part = SLICE_SIZE // len(members)
            for member in members:
                content = tar.extractfile(member)
                content.seek(member.size // 3)
                out.write(content.read(part))


def packed_size(xz, preset, source, packed):
    """Compresses source to packed as a single Block; returns the size."""
    with open(packed, "wb") as out:
        subprocess.run([xz, "-T1", f"-{preset}", "-c", str(source)], stdout=out,
                       stdin=subprocess.DEVNULL, check=True)
    return os.path.getsize(packed)


def restores(packed, source):
    """True if the machine's xz makes source of packed."""
    with subprocess.Popen(["xz", "-dc", str(packed)], stdout=subprocess.PIPE) as unpack:
        same = subprocess.run(["cmp", "-s", "-", str(source)], stdin=unpack.stdout,
                              check=False)
        unpack.stdout.close()
    return same.returncode == 0 and unpack.returncode == 0


def read_table():
    """{preset: {"slice": size, "whole": size}} from sizes.txt."""
    table = {}
    for line in TABLE.read_text(encoding="ascii").splitlines():
        fields = line.split("#")[0].split()
        if fields and fields[0] != "preset":
            table[fields[0]] = {"slice": int(fields[1]), "whole": int(fields[2])}
    return table


def measure(xz, scratch):
    """Prints the lines of sizes.txt with the sizes that the command xz reaches."""
    write_slice(scratch / "slice")
    write_whole(scratch / "whole")
    print(f"{'preset':8}{'slice':>10}{'whole':>10}")
    for preset in PRESETS:
        sizes = [packed_size(xz, preset, scratch / name, scratch / "packed")
                 for name in ("slice", "whole")]
        print(f"{preset:8}{sizes[0]:10}{sizes[1]:10}", flush=True)


def compare(xz, name, presets, scratch):
    """Compares each preset with the table. Returns (passed, failed)."""
    begin = time.monotonic()
    source, packed = scratch / name, scratch / "packed.xz"
    (write_slice if name == "slice" else write_whole)(source)
    table = read_table()
    passed = failed = 0
    print(f"{'preset':8}{'XZ Utils':>10}{'ours':>10}{'ratio':>9}{'seconds':>9}")
    for preset in presets:
        start = time.monotonic()
        if name == "slice" and start - begin > TIME_LIMIT:
            print(f"skipped: {preset} and what follows, this machine is too slow")
            break
        ours = packed_size(xz, preset, source, packed)
        seconds = time.monotonic() - start
        theirs = table[preset][name]
        verdict = "" if ours <= theirs * LIMIT else "  TOO BIG"
        if not restores(packed, source):
            verdict += "  WRONG CONTENT"
        passed += not verdict
        failed += bool(verdict)
        print(f"{preset:8}{theirs:10}{ours:10}{ours / theirs:9.4f}{seconds:9.1f}{verdict}",
              flush=True)
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("library", nargs="?", help="not used: the command is tested")
    parser.add_argument("--all", action="store_true", help="the whole corpus")
    parser.add_argument("--presets", metavar="LIST", help="only these, as in 0,6,9e")
    parser.add_argument("--measure", metavar="XZ", help="print sizes.txt for this xz")
    options = parser.parse_args()
    if not CORPUS.exists():
        print(f"skipped: {CORPUS} is not there")
        print("0 passed, 0 failed")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        if options.measure:
            measure(options.measure, scratch)
            return 0
        presets = SANITIZED_PRESETS if os.environ.get("SANITIZED") else PRESETS
        if options.presets:
            presets = options.presets.split(",")
        xz = os.environ.get("XZ", str(HERE.parents[1] / "build" / "bin" / "xz"))
        name = "whole" if options.all else "slice"
        passed, failed = compare(xz, name, presets, scratch)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
