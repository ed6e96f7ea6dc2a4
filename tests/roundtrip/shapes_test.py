# SPDX-License-Identifier: 0BSD
"""Files of other programs come out the same with 1, 2, 4 and 16 threads.

usage: shapes_test.py LIBRARY (the argument counts for nothing)

Each file is decoded from a name, where its Index is read first, and from a pipe.
"""

import hashlib
import lzma
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
XZ = os.environ.get("XZ", str(ROOT / "build/bin/xz"))
PEER = "/usr/bin/xz"
SLOW = "SANITIZED" in os.environ
THREADS = ("4",) if SLOW else ("1", "2", "4", "16")


def sample():
    """Text and machine code of this machine, and noise; 1.2 MB."""
    text = b"".join(path.read_bytes() for path in sorted(ROOT.glob("lib/*/*.c")))
    code = pathlib.Path("/bin/sh").resolve().read_bytes()
    noise = b"".join(hashlib.sha256(str(i).encode()).digest() for i in range(4000))
    return (text[:300000] + code[:100000] + noise) * 2


def run(*command, data=b""):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def packers(data, work):
    """(name, packed bytes) of all that other programs make of data."""
    for preset in [f"-{i}{e}" for i in range(10) for e in ("", "e")]:
        for threads in ("-T1", "-T2"):
            yield f"xz {preset} {threads}", run(PEER, "-c", preset, threads, data=data)
    for threads in ("-T1", "-T2"):
        for size in ("100KiB", "1MiB"):
            for check in ("crc32", "sha256", "none"):
                yield (f"xz {threads} {size} {check}",
                       run(PEER, "-c1", threads, f"--block-size={size}", f"-C{check}",
                           data=data))
    yield "xz --x86", run(PEER, "-c", "-T1", "--block-size=300KiB", "--x86",
                          "--lzma2=preset=1", data=data)
    parts = [data[i:i + 200000] for i in range(0, len(data), 200000)]
    packed = [run(PEER, "-c1", "-T1", data=part) for part in parts]
    yield "small Streams", b"".join(packed)
    yield "Streams and padding", b"".join(part + bytes(8) for part in packed)
    yield "python", lzma.compress(data, preset=1)
    yield "python Streams", b"".join(lzma.compress(part, preset=0) for part in parts)
    yield "python .lzma", lzma.compress(data, format=lzma.FORMAT_ALONE, preset=1)
    plain = pathlib.Path(work) / "plain"
    plain.write_bytes(data)
    for level in ("1", "5"):
        packed = plain.with_name(f"{level}.xz")
        run("7zz", "a", "-txz", f"-mx={level}", "-mmt=2", "-bso0", "-bsp0", str(packed),
            str(plain))
        yield f"7zz -mx={level}", packed.read_bytes()
    run("pixz", "-1", "-t", "-k", "-p2", str(plain), f"{plain}.pixz")
    yield "pixz", pathlib.Path(f"{plain}.pixz").read_bytes()
    yield "plzip", run("plzip", "-c1", "-B200KiB", "-n2", str(plain))


def main():
    data = sample()
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="clearxz-test-") as work:
        for name, packed in packers(data, work):
            file = pathlib.Path(work) / "file"
            file.write_bytes(packed)
            problems = []
            for threads in THREADS:
                if run(XZ, "-dc", f"-T{threads}", str(file)) != data:
                    problems.append(f"-T{threads}")
                if not SLOW and run(XZ, "-dc", f"-T{threads}", data=packed) != data:
                    problems.append(f"-T{threads} from a pipe")
            passed += not problems
            failed += bool(problems)
            if problems:
                print(f"not ok {name}: {', '.join(problems)}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
