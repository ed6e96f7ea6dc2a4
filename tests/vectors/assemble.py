#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""Assembles the vectors: text in, files for the runner out. See README.md.

    assemble.py OUTDIR [FILE.txt ...]    writes NAME.in, NAME.out, manifest.txt
    assemble.py --list                   names and reasons
    assemble.py --show NAME              the bytes of a vector beside their fields
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))

from vector_build import build_all  # noqa: E402
from vector_lang import VectorError  # noqa: E402

COLUMNS = ("name", "entry", "flags", "memlimit", "chain", "options", "ret", "events",
           "mode", "used", "truncation", "since", "quirk", "input",
           "output")  # fmt: skip


def load(paths=()):
    """All vectors, in the order of the files and lines."""
    vectors, seen = [], {}
    for path in paths or sorted(HERE.glob("*.txt")):
        label = pathlib.Path(path).name
        for vector in build_all(path, label):
            if vector.name in seen:
                first = seen[vector.name]
                raise VectorError(vector.where, f"{vector.name} is in {first} as well")
            seen[vector.name] = f"{vector.where[0]}:{vector.where[1]}"
            vectors.append(vector)
    return vectors


def row(vector):
    """The line of the manifest for a vector: its columns, "-" for what is empty."""
    options = [f"{key}={value}" for key, value in vector.options.items()]
    if vector.preset:
        options.append(f"preset={vector.name}.dict")
    values = (
        vector.name,
        vector.entry,
        ",".join(vector.flags),
        "max" if vector.memlimit is None else str(vector.memlimit),
        vector.chain or "",
        ",".join(options),
        vector.ret,
        ",".join(vector.events),
        vector.mode,
        "" if vector.used in (None, "any") else str(vector.used),
        vector.truncation,
        vector.since or "",
        vector.quirk or "",
        f"{vector.name}.in",
        f"{vector.name}.out",
    )
    return "\t".join(value or "-" for value in values)


def write(vectors, directory):
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    for vector in vectors:
        (directory / f"{vector.name}.in").write_bytes(vector.data)
        (directory / f"{vector.name}.out").write_bytes(vector.output)
        if vector.preset:
            (directory / f"{vector.name}.dict").write_bytes(vector.preset)
    lines = ["# " + "\t".join(COLUMNS)] + [row(vector) for vector in vectors]
    (directory / "manifest.txt").write_text("\n".join(lines) + "\n", encoding="ascii")


def _hex_lines(data, limit=256):
    for at in range(0, min(len(data), limit), 16):
        yield at, " ".join(f"{byte:02x}" for byte in data[at : at + 16])
    if len(data) > limit:
        yield limit, f"... {len(data) - limit} bytes more"


def show(vector):
    """A hex dump with the name of each field; symbols follow their LZMA data. A symbol
    has no bytes of its own: its number tells how far the encoder was after it."""
    print(f"{vector.name}: {vector.why}")
    print(f"({vector.where[0]}:{vector.where[1]}; expect {vector.ret}, "
          f"{len(vector.output)} bytes of output)")
    offset = 0
    for field in vector.fields:
        name = field.name
        for at, text in _hex_lines(field.data):
            print(f"{offset + at:06x}  {text:<47}  {name}".rstrip())
            name = ""
        for at, text in field.log[:200]:
            print(f"{'':8}{offset + at:06x}  {text}")
        offset += len(field.data)


def main(argv):
    if len(argv) < 2 or argv[1] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if len(argv) > 1 else 2
    try:
        if argv[1] == "--list":
            for vector in load(argv[2:]):
                print(f"{vector.name:<40} {vector.ret:<15} {vector.why}")
            return 0
        if argv[1] == "--show" and len(argv) > 2:
            found = [v for v in load() if v.name == argv[2]]
            if not found:
                print(f"there is no vector '{argv[2]}'", file=sys.stderr)
                return 1
            show(found[0])
            return 0
        vectors = load(argv[2:])
    except VectorError as error:
        print(error, file=sys.stderr)
        return 1
    write(vectors, argv[1])
    print(f"{len(vectors)} vectors")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv))
    except BrokenPipeError:
        sys.exit(1)
