# SPDX-License-Identifier: 0BSD
"""Counting cases, and real data of this machine, for Python tests."""

import functools
import glob
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "silesia7.tar.xz"
SANITIZED = bool(os.environ.get("SANITIZED"))


def library_path():
    """The shared library under test: the argument, $LZMA_LIB, or build/."""
    arguments = [word for word in sys.argv[1:] if not word.startswith("-")]
    named = arguments[0] if arguments else os.environ.get("LZMA_LIB")
    return named or str(ROOT / "build" / "lib" / "liblzma.so.5")


def xz_path():
    """The xz command under test."""
    return os.environ.get("XZ") or str(ROOT / "build" / "bin" / "xz")


def clean_environment():
    """The environment for other programs: no preloaded sanitizer, no xz defaults."""
    environment = dict(os.environ)
    for name in ("LD_PRELOAD", "XZ_OPT", "XZ_DEFAULTS", "ASAN_OPTIONS"):
        environment.pop(name, None)
    return environment


class Cases:
    """Counts cases, tells of those that failed, prints the closing line."""

    def __init__(self):
        self.passed = self.failed = 0
        self.start = time.monotonic()

    def check(self, good, what):
        """One case; what says what was tried."""
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print(f"FAILED: {what}", flush=True)
        return bool(good)

    def equal(self, found, expected, what):
        """One case: found is expected."""
        if found != expected:
            what = f"{what}: {brief(found)}, expected {brief(expected)}"
        return self.check(found == expected, what)

    def run(self, function, *arguments):
        """One case: the function raises nothing."""
        try:
            function(*arguments)
        except Exception as error:  # whatever it is, the next case shall run
            where = traceback.extract_tb(error.__traceback__)[-1]
            notes = "\n".join(getattr(error, "__notes__", []))
            return self.check(False, f"{function.__name__}: {type(error).__name__}: {error}\n"
                                     f"in line {where.lineno}: {where.line}\n"
                                     f"{notes[:3000]}")
        return self.check(True, function.__name__)

    def skip(self, why):
        print(f"skipped: {why}", flush=True)

    def finish(self):
        """Prints the closing line and returns the exit status."""
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


def brief(value):
    """A value as text, long bytes cut."""
    if isinstance(value, tuple):
        return "(" + ", ".join(map(brief, value)) + ")"
    if isinstance(value, (bytes, bytearray)) and len(value) > 40:
        return f"{bytes(value[:32])!r}... ({len(value)} bytes)"
    text = repr(value)
    return text if len(text) < 300 else text[:300] + "..."


# ---- Data -------------------------------------------------------------------------

def read_part(path, offset, size):
    """Part of a file, or what there is of it."""
    with open(path, "rb") as file:
        file.seek(offset)
        return file.read(size)


def unpacked_prefix(path, size, offset=0):
    """Bytes of a .xz file's content, unpacked by the machine's xz."""
    with subprocess.Popen(["xz", "-dc", str(path)], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, env=clean_environment()) as unpack:
        left = offset
        while left > 0:
            left -= len(unpack.stdout.read(min(left, 1 << 20))) or left
        data = unpack.stdout.read(size)
        unpack.stdout.close()
        unpack.wait()
    return data


def compiler_path():
    """The C compiler proper, some 30 MB of machine code, or None."""
    try:
        found = subprocess.run(["cc", "-print-prog-name=cc1"], stdout=subprocess.PIPE,
                               text=True, check=True, env=clean_environment())
    except (OSError, subprocess.CalledProcessError):
        return None
    path = found.stdout.strip()
    return path if os.path.isfile(path) else None


@functools.lru_cache(maxsize=None)
def real_samples(size):
    """{name: bytes}: samples of real data, about size bytes each, that this machine has."""
    samples = {}
    compiler = compiler_path()
    if compiler:
        samples["compiler"] = read_part(compiler, 1 << 20, size)
        samples["compiler tables"] = read_part(compiler, os.path.getsize(compiler) - size,
                                               size)
    for path in glob.glob("/lib/*-linux-gnu/libc.so.6")[:1]:
        samples["libc"] = read_part(path, 0x28000, size)
    for path in glob.glob("/usr/src/linux-source-*.tar.xz")[:1]:
        samples["kernel source"] = unpacked_prefix(path, size, 8 << 20)
    for path in glob.glob("/usr/share/dict/words"):
        samples["dictionary"] = read_part(path, 0, size)
    for path in glob.glob("/usr/share/perl/*/unicore/Name.pl")[:1]:
        samples["names of characters"] = read_part(path, 0, size)
    docs = sorted(glob.glob("/usr/share/doc/*/copyright"))[:400]
    samples["copyright files"] = b"".join(read_part(p, 0, 1 << 16) for p in docs)[:size]
    if CORPUS.exists():
        for name, offset in (("dickens", 1 << 20), ("mr", 11 << 20), ("nci", 25 << 20)):
            samples[f"silesia {name}"] = unpacked_prefix(CORPUS, size, offset)
    return {name: data for name, data in samples.items() if data}


def scratch_folder():
    """A temporary directory, as a context manager."""
    return tempfile.TemporaryDirectory(prefix="clearxz-test-")
