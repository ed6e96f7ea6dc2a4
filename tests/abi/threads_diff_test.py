#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""The threaded decoder: our library and Debian's say the same of files, cuts and flags.

usage: threads_diff_test.py OUR_LIBLZMA

Files are made by Debian's liblzma; without it nothing is tested. With LZMA_FAIL_FAST how
much comes out before an error is a matter of timing, so only the result is compared.
"""

import ctypes
import itertools
import pathlib
import random
import sys
from ctypes import byref

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import lzma_ctypes as xz
from lzma_ctypes import CONCATENATED, Coder, FAIL_FAST, FINISH, FULL_BARRIER, FULL_FLUSH, \
    NO_LIMIT, OK, RUN, SYNC_FLUSH, encode, mt_options

TELLS = (xz.NO_CHECK, xz.UNSUPPORTED_CHECK, xz.GET_CHECK)
TELL_ALL = xz.TELL_NO_CHECK | xz.TELL_UNSUPPORTED_CHECK | xz.TELL_ANY_CHECK

rng = random.Random(1)
TEXT = b" ".join(b"word%d" % rng.randrange(900) for _ in range(40000))[:200000]


def name(ret):
    return xz.RET_NAMES[ret]


class Pieces:
    """A coder that gets what each call is told to give it."""

    def __init__(self, lib, start, data, options):
        self.lib, self.data, self.pos, self.out = lib, data, 0, b""
        self.coder = Coder(lib, start, options)
        self.strm = self.coder.strm
        self.source = (ctypes.c_ubyte * (len(data) + 1)).from_buffer_copy(data + b"\0")

    def call(self, in_size, out_size, action):
        """Adds in_size bytes to the input and calls lzma_code()."""
        if self.strm.avail_in == 0:
            self.strm.next_in = ctypes.addressof(self.source) + self.pos
        self.strm.avail_in += in_size
        self.pos += in_size
        room = ctypes.create_string_buffer(out_size + 1)
        self.strm.next_out = ctypes.addressof(room)
        self.strm.avail_out = out_size
        ret = self.lib.lzma_code(byref(self.strm), action)
        self.out += room.raw[:out_size - self.strm.avail_out]
        return ret

    def close(self):
        self.lib.lzma_end(byref(self.strm))


def decode(lib, data, in_step=0, out_step=65536, **members):
    """(codes with the Check and where they came, bytes out, good so far, bytes taken)."""
    options = mt_options(members.pop("threads", 3), **members)
    pieces = Pieces(lib, lib.lzma_stream_decoder_mt, data, options)
    if pieces.coder.ret != OK:
        return name(pieces.coder.ret)
    codes, ret = [], OK
    while ret == OK or ret in TELLS:
        left = len(data) - pieces.pos
        piece = min(in_step or left, left) if pieces.strm.avail_in == 0 else 0
        ret = pieces.call(piece, out_step, FINISH if piece == left else RUN)
        if ret in TELLS:
            codes.append((name(ret), lib.lzma_get_check(byref(pieces.strm)),
                          len(pieces.out)))
    pieces.close()
    expected = (TEXT * 3)[:len(pieces.out)]
    return codes + [name(ret)], len(pieces.out), pieces.out == expected, \
        pieces.strm.total_in


def verdict(lib, data, **arguments):
    return decode(lib, data, **arguments)[0]


def calls(lib, start, data, steps, **members):
    """What each of some calls returns, and the input that is left."""
    pieces = Pieces(lib, start, data, mt_options(2, **members))
    results = [(name(pieces.call(*step)), pieces.strm.avail_in) for step in steps]
    pieces.close()
    return results


# ---- Cases ------------------------------------------------------------------------

def cut_cases(file):
    sizes = list(range(40)) + [100, 1000, 20000] + list(range(len(file) - 60, len(file)))
    for size in sizes:
        yield f"cut {size}", lambda lib: decode(lib, file[:size])
        yield f"cut fast {size}", lambda lib: verdict(lib, file[:size], flags=FAIL_FAST)
        yield f"cut direct {size}", lambda lib: decode(
            lib, file[:size], memlimit_threading=0)
        yield f"cut fast direct {size}", lambda lib: verdict(
            lib, file[:size], flags=FAIL_FAST, memlimit_threading=0)


def flag_cases(files):
    joined = b"".join(files)
    for flags in (xz.TELL_NO_CHECK, xz.TELL_UNSUPPORTED_CHECK, xz.TELL_ANY_CHECK, TELL_ALL,
                  TELL_ALL | CONCATENATED, TELL_ALL | CONCATENATED | xz.IGNORE_CHECK):
        for in_step, out_step in ((0, 65536), (777, 65536), (777, 1000), (20000, 100)):
            yield f"flags {flags} {in_step} {out_step}", lambda lib: decode(
                lib, joined, in_step, out_step, flags=flags)
    for flags in (0x40, 0x80, 0x3F):
        yield f"flags {flags}", lambda lib: verdict(lib, files[0], flags=flags)
    for threads in (0, 1, 16384, 16385):
        yield f"threads {threads}", lambda lib: verdict(lib, files[0], threads=threads)
    for limit in (0, 1, 32767, 32768, 100000, 1 << 18, 1 << 20, 1 << 24):
        yield f"limit {limit}", lambda lib: verdict(lib, files[0], memlimit_stop=limit)


def end_cases(file):
    for what, tail in (("garbage", b"\1 and more of it"), ("padding", bytes(8)),
                       ("odd padding", bytes(5)), ("half a header", file[:7]),
                       ("bad second", b"\xFD7zXZ\0\0\1abcd"), ("itself", file),
                       ("padding and itself", bytes(4) + file)):
        for flags in (0, CONCATENATED):
            yield f"then {what} {flags}", lambda lib: decode(lib, file + tail, flags=flags)
    for data in (b"", b"abcdefghijklmnop", file[:12] + bytes(20)):
        yield f"file {data[:8]}", lambda lib: decode(lib, data)


def damage_cases(file):
    draw = random.Random(5)
    for _ in range(150):
        pos = draw.randrange(len(file))
        bad = bytearray(file)
        bad[pos] ^= 1 << draw.randrange(8)
        step = draw.choice([0, 700, 5000])
        yield f"damage at {pos}", lambda lib: verdict(lib, bytes(bad), in_step=step)


def call_cases(file):
    encoders = lambda lib: lib.lzma_stream_encoder_mt
    decoders = lambda lib: lib.lzma_stream_decoder_mt
    small = {"preset": 0, "check": 1, "block_size": 30000}
    for steps in ([(0, 0, RUN)] * 3, [(0, 100, RUN)] * 3, [(5, 0, RUN)] + [(0, 0, RUN)] * 2,
                  [(0, 0, FINISH)] * 3,
                  [(0, 12, FINISH), (0, 0, FINISH), (0, 0, FINISH), (0, 19, FINISH),
                   (0, 1, FINISH), (0, 1, FINISH)],
                  [(5, 12, FULL_BARRIER), (0, 0, FULL_BARRIER), (0, 0, FULL_FLUSH),
                   (0, 0, FULL_FLUSH), (0, 900, FULL_FLUSH), (0, 900, FINISH)],
                  [(0, 0, FULL_BARRIER)] * 2,
                  [(0, 12, FULL_BARRIER), (0, 0, FULL_BARRIER), (0, 0, FULL_FLUSH)],
                  [(0, 0, FULL_FLUSH)] * 2, [(0, 12, FULL_FLUSH), (0, 0, FULL_FLUSH)],
                  [(100, 100, SYNC_FLUSH), (0, 1000, RUN)],
                  [(100, 12, FULL_FLUSH), (0, 900, RUN)],
                  [(100, 12, FULL_FLUSH), (1, 900, FULL_FLUSH)]):
        yield f"encoder calls {steps}", lambda lib: calls(
            lib, encoders(lib), TEXT, steps, **small)
    for steps in ([(0, 0, RUN)] * 3, [(0, 10, RUN)] * 3, [(12, 0, RUN)] + [(0, 0, RUN)] * 2,
                  [(100, 0, RUN), (0, 0, RUN), (0, 0, RUN), (0, 10, RUN)],
                  [(100, 100, FINISH), (0, 100, RUN), (0, 100, FINISH)],
                  [(12, 9, SYNC_FLUSH), (0, 9, FULL_FLUSH), (0, 9, RUN)]):
        yield f"decoder calls {steps}", lambda lib: calls(lib, decoders(lib), file, steps)


def progress(lib, check):
    """Of an encoder and a decoder before, between and at the end, less what is out."""
    taken, given = ctypes.c_uint64(), ctypes.c_uint64()
    found = []
    with Coder(lib, lib.lzma_stream_encoder_mt,
               mt_options(3, preset=0, check=check, block_size=30000)) as coder:
        for part, action in ((b"", RUN), (TEXT[:100000], FULL_FLUSH), (TEXT, FINISH)):
            coder.feed(part, action)
            lib.lzma_get_progress(byref(coder.strm), byref(taken), byref(given))
            found.append((taken.value, given.value - coder.strm.total_out))
    return found


def main():
    peer = xz.system_library()
    if peer is None:
        print("no other liblzma here: nothing tested")
        return 0
    ours = xz.Lzma(sys.argv[1])
    files = [encode(peer, peer.lzma_stream_encoder_mt,
                    mt_options(2, preset=0, check=check, block_size=50000), data=TEXT)[1]
             for check in (xz.CHECK_CRC64, xz.CHECK_NONE, xz.CHECK_SHA256)]
    return xz.compare(itertools.chain(
        cut_cases(files[0]), flag_cases(files), end_cases(files[0]), damage_cases(files[0]),
        call_cases(files[0]), [("progress", lambda lib: progress(lib, 4))]), ours, peer)


if __name__ == "__main__":
    sys.exit(main())
