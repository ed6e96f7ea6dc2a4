# SPDX-License-Identifier: 0BSD
"""What is compressed: a corpus, two real inputs of this machine, and awkward data."""

import glob
import itertools
import lzma
import pathlib
import random

MIB = 1 << 20


def silesia7(path, corpus):
    """The tar file of seven members of the Silesia corpus."""
    path.write_bytes(lzma.open(corpus).read())


def linux200(path, _):
    """The first 200 MiB of the kernel's source, as a tar file."""
    source = sorted(glob.glob("/usr/src/linux-source-*.tar.xz"))[-1]
    with lzma.open(source) as file:
        path.write_bytes(file.read(200 * MIB))


def elf80(path, _):
    """80 MiB of x86-64 programs: the compiler, then LLVM's library."""
    parts = glob.glob("/usr/lib/gcc/*/*/cc1") + glob.glob("/usr/lib/llvm-*/lib/libLLVM*.so*")
    files = sorted({pathlib.Path(part).resolve() for part in parts})
    data = b"".join(file.read_bytes() for file in files)[:80 * MIB]
    path.write_bytes(data)


REAL = {"silesia7.tar": silesia7, "linux200.tar": linux200, "elf80": elf80}


def real_input(name, folder, corpus):
    """Path of a real input, made in folder unless it is there; name may be any file."""
    if name not in REAL:
        return pathlib.Path(name)
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        REAL[name](path, corpus)
    return path


def repeated(period, size):
    """A text of random bytes again and again."""
    text = random.Random(period).randbytes(period)
    return (text * (size // period + 1))[:size]


def fibonacci(size):
    """The Fibonacci word over two bytes: no cube-free stretch is longer."""
    before, word = b"b", b"a"
    while len(word) < size:
        before, word = word, word + before
    return word[:size]


def thue_morse(size):
    """The Thue-Morse word over two bytes: never the same text three times in a row."""
    word, flip = b"a", bytes.maketrans(b"ab", b"ba")
    while len(word) < size:
        word += word.translate(flip)
    return word[:size]


def de_bruijn(size):
    """All texts of 20 bits over two bytes, once each (a linear shift register)."""
    def bits():
        register = 1
        while True:
            yield 97 + (register & 1)
            register = register >> 1 | ((register ^ register >> 3) & 1) << 19
    return bytes(itertools.islice(bits(), size))


def archive_of_noise(size, text):
    """Text and data that cannot be compressed, in turns of 700 KiB."""
    noise = random.Random(1)
    out = bytearray()
    for at in itertools.count(0, 700 << 10):
        if len(out) >= size:
            return bytes(out[:size])
        out += text[at:at + (700 << 10)] + noise.randbytes(700 << 10)


def awkward(size, text):
    """{name: bytes} of data that finders may fear; text is ordinary text to compare with."""
    line = b"GET /index.html HTTP/1.1 200 0 - example.org Mozilla/5.0 (X11; Linux)\n"
    data = {
        "ordinary text": text[:size],
        "zeros": bytes(size),
        "one line repeated": (line * (size // len(line) + 1))[:size],
        "Fibonacci word": fibonacci(size),
        "Thue-Morse word": thue_morse(size),
        "de Bruijn sequence": de_bruijn(size),
        "random bytes": random.Random(0).randbytes(size),
        "text and random bytes": archive_of_noise(size, text),
    }
    for period in (2, 3, 7, 31, 128, 300):
        data[f"period {period}"] = repeated(period, size)
    return data
