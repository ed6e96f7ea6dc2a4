# SPDX-License-Identifier: 0BSD
"""The exported symbols are exactly those of liblzma 5.8, and abidiff finds no change.

usage: symbols_test.py LIBRARY

The 121 versioned names are in symbols.txt. What ClearXZ adds is in the node CLEARXZ_1.
"""

import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PEER = pathlib.Path("/usr/lib/x86_64-linux-gnu/liblzma.so.5")


def exported(library):
    """Defined dynamic symbols with their versions; node names themselves left out."""
    listing = subprocess.run(["nm", "-D", "--defined-only", "--with-symbol-versions",
                              str(library)], check=True, stdout=subprocess.PIPE, text=True)
    rows = [line.split() for line in listing.stdout.splitlines()]
    return {row[2]: row[1] for row in rows if row[1] != "A"}


def report(name, problems):
    """Prints one case; returns 1 if it failed."""
    print(("not ok " if problems else "ok ") + name)
    for problem in problems:
        print("    " + problem)
    return 1 if problems else 0


def compare_names(symbols):
    lines = (HERE / "symbols.txt").read_text(encoding="ascii").splitlines()
    expected = {line for line in lines if line and not line.startswith("#")}
    found = {name for name in symbols if not name.endswith("@@CLEARXZ_1")}
    return ([f"missing: {name}" for name in sorted(expected - found)]
            + [f"not in symbols.txt: {name}" for name in sorted(found - expected)])


def check_kinds(symbols):
    return [f"{name} is of type {kind}, not a plain function"
            for name, kind in symbols.items() if kind != "T"]


def check_soname(library):
    headers = subprocess.run(["readelf", "-d", str(library)], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
    found = [line for line in headers.splitlines() if "SONAME" in line]
    return [] if found and "[liblzma.so.5]" in found[0] else [f"soname: {found}"]


def run_abidiff(library):
    """Removed or changed functions against the system's library, without debug types of
    the peer: names and versions."""
    done = subprocess.run(["abidiff", "--no-added-syms", str(PEER), str(library)],
                          check=False, stdout=subprocess.PIPE, text=True)
    incompatible = done.returncode & 8
    return done.stdout.splitlines() if incompatible or done.returncode & 3 else []


def main():
    library = pathlib.Path(sys.argv[1]).resolve()
    symbols = exported(library)
    failed = report("the names and versions of liblzma 5.8", compare_names(symbols))
    failed += report("all are functions, none an IFUNC or data", check_kinds(symbols))
    failed += report("soname liblzma.so.5", check_soname(library))
    cases = 3
    if shutil.which("abidiff") and PEER.exists():
        failed += report("abidiff against the system's liblzma", run_abidiff(library))
        cases += 1
    print(f"{cases - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
