# SPDX-License-Identifier: 0BSD
"""Data expressions: bytes written as text.

    "text"   hex:00ff   count(300)   lcg(7,100)   x86(7,4096)   "ab"*3+hex:00*2

count(N) counts 0, 1, ... 255, 0 and so on. lcg(SEED,N) is noise from a linear
congruential generator. words(SEED,N) is noise over few words, so that it compresses.
The processors' names give N bytes that look like code to their branch converter:
branches with every kind of target, near misses, and noise between them.
"""

import re

from vector_lang import evaluate, unescape


class Noise:
    """x' = 6364136223846793005 x + 1442695040888963407 mod 2**64 (Knuth's MMIX)."""

    def __init__(self, seed):
        self.value = seed
        for _ in range(4):
            self.below(2)

    def below(self, limit):
        self.value *= 6364136223846793005
        self.value = (self.value + 1442695040888963407) & ((1 << 64) - 1)
        return (self.value >> 33) % limit

    def byte(self):
        return self.below(256)

    def word(self):
        return self.below(1 << 16) << 16 | self.below(1 << 16)

    def pick(self, items):
        return items[self.below(len(items))]


def count(size):
    return bytes(index & 0xFF for index in range(size))


def lcg(seed, size):
    noise = Noise(seed)
    return bytes(noise.byte() for _ in range(size))


_WORDS = "the of block index stream padding check size filter footer byte xz".split()


def words(seed, size):
    noise = Noise(seed)
    text = ""
    while len(text) < size:
        text += noise.pick(_WORDS) + noise.pick([" ", " ", ", ", "\n"])
    return text[:size].encode()


# -- code -------------------------------------------------------------------------


def _x86(noise):
    """Opcodes close to each other and top bytes 00 and FF make the rare cases."""
    kind = noise.below(4)
    if kind == 0:
        return bytes([noise.pick([0xE8, 0xE9])]) + noise.word().to_bytes(4, "little")
    if kind == 1:
        operand = [noise.byte() for _ in range(3)] + [noise.pick([0x00, 0xFF])]
        return bytes([noise.pick([0xE8, 0xE9])] + operand)
    pool = [0xE8, 0xE9, 0x00, 0xFF, 0x01, 0xFE, noise.byte()]
    return bytes(noise.pick(pool) for _ in range(1 + noise.below(6)))


def _of_words(order, patterns):
    """Words with some bits fixed: each pattern is (fixed bits, mask of these)."""

    def make(noise):
        fixed, mask = noise.pick(patterns)
        return ((noise.word() & ~mask) | fixed).to_bytes(4, order)

    return make


def _armthumb(noise):
    high = noise.pick([0xF000, 0xF000, 0xE800, 0xF800]) | noise.below(0x800)
    low = noise.pick([0xF800, 0xF800, 0xF000]) | noise.below(0x800)
    pair = high.to_bytes(2, "little") + low.to_bytes(2, "little")
    return pair if noise.below(4) else pair[:2]


def _ia64(noise):
    templates = [0x10, 0x11, 0x12, 0x13, 0x16, 0x17, 0x18, 0x1D, noise.below(32)]
    bundle = noise.pick(templates)
    for slot in range(3):
        instruction = noise.word() << 9 | noise.below(512)
        if noise.below(4):
            instruction &= ~(0xF << 37 | 7 << 9)
            instruction |= noise.pick([5, 5, 5, 4]) << 37
        bundle |= (instruction & ((1 << 41) - 1)) << (5 + 41 * slot)
    return bundle.to_bytes(16, "little")


def _riscv(noise):
    kind = noise.below(6)
    if kind == 0:
        word = 0xEF | noise.pick([0, 4, 1, noise.below(16)]) << 8 | noise.word() << 12
        return (word & 0xFFFFFFFF).to_bytes(4, "little")
    if kind == 1:
        return noise.below(1 << 16).to_bytes(2, "little")
    rd = noise.pick([0, 1, 2, 2, 5, 10, noise.below(32)])
    first = 0x17 | rd << 7 | noise.word() & 0xFFFFF000
    if rd in (0, 2) and noise.below(2):
        first |= 0x3000
    base = rd if noise.below(4) else noise.below(32)
    second = noise.word() & ~(0x1F << 15 | 3) | base << 15 | noise.pick([3, 3, 3, 1])
    return first.to_bytes(4, "little") + second.to_bytes(4, "little")


_CODE = {
    "x86": _x86,
    "powerpc": _of_words("big", [(0x48000001, 0xFC000003), (0x48000000, 0xFC000000),
                                 (0, 0)]),
    "arm": _of_words("little", [(0xEB000000, 0xFF000000), (0xEA000000, 0xFF000000),
                                (0, 0)]),
    "armthumb": _armthumb,
    "sparc": _of_words("big", [(0x40000000, 0xFFC00000), (0x7FC00000, 0xFFC00000),
                               (0x40000000, 0xC0000000), (0, 0)]),
    "ia64": _ia64,
    "arm64": _of_words("little", [(0x94000000, 0xFC000000), (0x90000000, 0x9FE00000),
                                  (0x90E00000, 0x9FE00000), (0x90000000, 0x9F000000),
                                  (0, 0)]),
    "riscv": _riscv,
}  # fmt: skip


def code(name, seed, size):
    noise = Noise(seed)
    out = b""
    while len(out) < size:
        out += _CODE[name](noise)
    return out[:size]


# -- expressions ------------------------------------------------------------------

_ITEM = re.compile(
    r'(?:"(?P<text>(?:\\.|[^"\\])*)"|hex:(?P<hex>(?:[0-9a-fA-F]{2})*)'
    r"|(?P<name>[a-z0-9]+)\((?P<args>[^()]*)\))(?:\*(?P<times>[0-9A-Za-z]+))?",
    re.DOTALL,
)


def _call(name, args):
    numbers = [evaluate(text) for text in args.split(",") if text]
    functions = {"count": (count, 1), "lcg": (lcg, 2), "words": (words, 2)}
    if name in functions and len(numbers) == functions[name][1]:
        return functions[name][0](*numbers)
    if name in _CODE and len(numbers) == 2:
        return code(name, *numbers)
    raise ValueError(f"there is no data {name}({args})")


def parse(text):
    """The bytes of a data expression (quotes still in place)."""
    out, at = b"", 0
    while True:
        found = _ITEM.match(text, at)
        if not found:
            raise ValueError(f"'{text[at:]}' is not data")
        if found.group("text") is not None:
            item = unescape(found.group("text")).encode("latin-1")
        elif found.group("hex") is not None:
            item = bytes.fromhex(found.group("hex"))
        else:
            item = _call(found.group("name"), found.group("args"))
        out += item * evaluate(found.group("times") or "1")
        at = found.end()
        if at == len(text):
            return out
        if text[at] != "+":
            raise ValueError(f"'{text[at:]}' is not data")
        at += 1
