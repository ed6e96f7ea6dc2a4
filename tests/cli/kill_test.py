# SPDX-License-Identifier: 0BSD
"""kill -9 at 200 moments of compressing and decompressing a directory loses nothing.

At every moment each file's source or a complete target exists. Moments are chosen at random,
always the same ones, over the time that an undisturbed run takes; what is killed when all is
done counts too.
"""

import lzma
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

XZ = os.environ.get("XZ", "build/bin/xz")
MOMENTS = 200
SIZES = (0, 5, 4096, 70000, 150000, 300000, 20000, 1)


def contents(rand):
    """Texts of half random digits, so that compressing takes a moment."""
    return {f"file{i}": rand.randbytes(size // 2).hex().encode() for i, size in enumerate(SIZES)}


def command(decompress):
    options = ["-d"] if decompress else ["-0", "--block-size=64KiB"]
    return [XZ, "-q", "-T2", "-r", *options, "dir"]


def fill(directory, files, compressed):
    """A fresh directory with the sources."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    for name, data in (compressed or files).items():
        (directory / name).write_bytes(data)


def is_safe(directory, name, data):
    """The plain file with all its data, or the compressed one that gives it back."""
    plain, packed = directory / name, directory / (name + ".xz")
    if plain.exists() and plain.read_bytes() == data:
        return True
    try:
        return packed.exists() and lzma.decompress(packed.read_bytes()) == data
    except lzma.LZMAError:
        return False


def main():
    rand = random.Random(20251125)
    files = contents(rand)
    packed = {name + ".xz": lzma.compress(data) for name, data in files.items()}
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    failures = finished = 0
    with tempfile.TemporaryDirectory(prefix="xzkill.", dir=base) as work:
        directory = pathlib.Path(work) / "dir"
        for decompress in (False, True):
            sources = packed if decompress else None
            fill(directory, files, sources)
            start = time.monotonic()
            subprocess.run(command(decompress), cwd=work, check=True)
            whole = time.monotonic() - start
            for _ in range(MOMENTS // 2):
                fill(directory, files, sources)
                with subprocess.Popen(command(decompress), cwd=work) as run:
                    time.sleep(rand.random() * whole)
                    run.send_signal(signal.SIGKILL)
                    finished += run.wait() == 0
                lost = [n for n, data in files.items() if not is_safe(directory, n, data)]
                if lost:
                    failures += 1
                    print("lost:", lost, sorted(os.listdir(directory)))
    print(f"{finished} of {MOMENTS} runs had ended before the signal")
    print(f"{MOMENTS - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    XZ = os.path.abspath(XZ)
    sys.exit(main())
