# SPDX-License-Identifier: 0BSD
"""Raw LZMA1 and LZMA2 decoding against the machine's liblzma.

usage: lzma_dec_diff_test.py LIBRARY

Streams come from the machine's encoder. Whole, cut off, with bytes changed, in pieces of any
size: both libraries must say the same, give the same bytes and end at the same byte of input.

One difference is meant: damaged LZMA2 chunks. Where the older library reads on into the
next chunk and gives bytes made of it, this one stops at the chunk's end.
"""

import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support import cases, lzma_ctypes as lz  # noqa: E402

ROUNDS = 20 if cases.SANITIZED else 60
STEPS = (0, 1, 2, 7, 23, 1000)


def make_data(rng):
    """Up to a few thousand bytes of runs, repeats, text and noise."""
    data = bytearray()
    size = rng.choice((0, 1, 5, 300, 2000, 12000))
    while len(data) < size:
        kind = rng.randrange(5)
        count = rng.randrange(1, 300)
        if kind == 0:
            data += rng.randbytes(count // 8)
        elif kind == 1:
            data += rng.randbytes(1) * count
        elif kind == 2:
            data += bytes(rng.choice(b"etaoin shrdlu\n") for _ in range(count // 4))
        else:
            distance = rng.randrange(1, 24 if kind == 3 else len(data) + 2)
            start = max(len(data) - distance, 0)
            piece = bytes(data[start:]) or b"\0"
            data += (piece * (count // len(piece) + 1))[:count]
    return bytes(data[:size])


def damaged(rng, packed):
    """packed with a few bytes changed, or one lost."""
    bytes_ = bytearray(packed)
    if rng.randrange(4) == 0:
        del bytes_[rng.randrange(len(bytes_))]
    for _ in range(rng.randrange(1, 4)):
        if bytes_:
            bytes_[rng.randrange(len(bytes_))] = rng.choice((0, 255, rng.randrange(256)))
    return bytes(bytes_)


class Stream:
    """A stream, and how to tell a decoder of it."""

    def __init__(self, rng, system):
        self.rng, self.system = rng, system
        self.data = make_data(rng)
        self.kind = rng.choice((lz.LZMA1, lz.LZMA1EXT, lz.LZMA2))
        lc = rng.randrange(5)
        self.preset_dict = make_data(rng) if rng.randrange(3) == 0 else b""
        self.changes = {
            "dict_size": rng.choice((4096, 5000, 65536)), "lc": lc,
            "lp": rng.randrange(5 - lc), "pb": rng.randrange(5),
            "nice_len": rng.randrange(4, 274)}
        self.marker, self.size = rng.randrange(2), len(self.data)
        ret, self.packed = lz.encode(system, system.lzma_raw_encoder, self.chain(system),
                                     data=self.data)
        assert ret == lz.STREAM_END

    def chain(self, lib):
        options = lib.options(1, **self.changes)
        if self.preset_dict:
            options.kept = lz.ctypes.create_string_buffer(self.preset_dict)
            options.preset_dict = lz.ctypes.addressof(options.kept)
            options.preset_dict_size = len(self.preset_dict)
        options.ext_flags = self.marker
        options.ext_size_low = self.size & 0xFFFFFFFF
        options.ext_size_high = self.size >> 32
        return lz.chain((self.kind, options))

    def decode(self, lib, packed, in_step, out_step):
        """(result, output, bytes of input taken)"""
        with lz.Coder(lib, lib.lzma_raw_decoder, self.chain(lib)) as coder:
            ret, out = coder.feed(packed, lz.FINISH, in_step=in_step, out_step=out_step)
            return ret, out, coder.strm.total_in


def compare(tally, ours, stream, packed, what):
    rng = stream.rng
    steps = rng.choice(STEPS), rng.choice(STEPS)
    ret, out, taken = stream.decode(ours, packed, *steps)
    ret2, out2, taken2 = stream.decode(stream.system, packed, 0, 0)
    good = ret == ret2
    if ret == lz.DATA_ERROR and stream.kind == lz.LZMA2:
        good = good and out2.startswith(out)
    else:
        good = good and out == out2
    if ret == lz.STREAM_END:
        good = good and taken == taken2
    tally.check(good, f"{what} kind {stream.kind:#x} {stream.changes} marker {stream.marker} "
                      f"size {stream.size} steps {steps}: "
                      f"{(ret, len(out), taken)}, expected {(ret2, len(out2), taken2)}; "
                      f"{packed[:200].hex()}")


def main():
    system = lz.system_library()
    ours = lz.Lzma(cases.library_path())
    tally = cases.Cases()
    if system is None:
        print("no liblzma on this machine to compare with")
        return tally.finish()
    for number in range(ROUNDS):
        rng = random.Random(number)
        stream = Stream(rng, system)
        packed = stream.packed
        compare(tally, ours, stream, packed, "whole")
        for cut in sorted(rng.sample(range(len(packed)), min(len(packed), 30))):
            compare(tally, ours, stream, packed[:cut], f"cut {cut}")
        for _ in range(30):
            compare(tally, ours, stream, damaged(rng, packed), "damaged")
        if stream.kind == lz.LZMA1EXT:
            for size in (lz.UNKNOWN, 0, len(stream.data) + 1, max(len(stream.data) - 1, 0)):
                stream.size, stream.marker = size, rng.randrange(2)
                compare(tally, ours, stream, packed, "other size")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
