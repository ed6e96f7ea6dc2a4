#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""Filter strings: our library and another liblzma say the same of random strings.

Usage: filter_string_diff_test.py OUR_LIBLZMA [ROUNDS [SEED]]

Compared are the error text and its position, and the chain that comes out, written as
text again. The peer is Debian's liblzma; without it nothing is tested. It does not know
riscv, and sets no position when it is given flags or pointers that are wrong: such cases
are left out.
"""

import ctypes
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from filter_words import newer_preset, newer_words

PEER = "/usr/lib/x86_64-linux-gnu/liblzma.so.5"
UNKNOWN = 2**64 - 1
OPTIONS = ["preset", "dict", "lc", "lp", "pb", "mode", "nice", "mf", "depth", "start",
           "dist", "", "dic", "dictx", "Dict", "verylongoptionname"]
VALUES = ["0", "1", "2", "3", "4", "5", "6e", "9", "9ee", "e", "6x", "64", "273", "274",
          "4095", "4096", "1MiB", "1Mi", "1M", "1m", "1MB", "1miB", "1mib", "4KiB", "2g",
          "1536MiB", "1537MiB", "3GiB", "4GiB", "4194304KiB", "0K", "0x10", "-1", "+1",
          "4294967295", "4294967296", "99999999999999999999", "99999999999999999999K",
          "429496729600000K", "429496729600000T", "fast", "normal", "fas", "fastt",
          "bt2", "bt3", "bt4", "hc3", "hc4", "hc5", "", "max", "03", "1 2", "k", "--"]
NAMES = ["lzma1", "lzma2", "lzma2", "lzma2", "x86", "arm", "armthumb", "arm64",
         "powerpc", "ia64", "sparc", "delta", "lzma1ext", "LZMA2", "foo", "", "lzma",
         "lzma22", "averylongfiltername", "6", "7e"]
JOINS = [" ", " ", "--", "  ", " --", "-- ", "----", "-", ",", "\t", "---"]
PRESETS = ["6", "-6", "0", "9e", "-9ee", "6x", "10", "--6", "6:lc=1", "7=1", "-", "--",
           "-e", "-6e6"]


class Filter(ctypes.Structure):
    _fields_ = [("id", ctypes.c_uint64), ("options", ctypes.c_void_p)]


class Library:
    def __init__(self, path):
        self.lib = ctypes.CDLL(path, mode=ctypes.RTLD_LOCAL)
        self.lib.lzma_str_to_filters.restype = ctypes.c_char_p
        self.lib.lzma_str_list_filters.argtypes = [
            ctypes.POINTER(ctypes.c_void_p), ctypes.c_uint64, ctypes.c_uint32,
            ctypes.c_void_p]
        self.lib.lzma_str_from_filters.argtypes = [
            ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(Filter), ctypes.c_uint32,
            ctypes.c_void_p]
        self.libc = ctypes.CDLL(None)
        self.libc.free.argtypes = [ctypes.c_void_p]

    def take(self, ret, pointer):
        """A result code and a string that was allocated."""
        text = None
        if pointer.value is not None:
            text = ctypes.string_at(pointer.value).decode()
            self.libc.free(pointer)
        return ret, text

    def parse(self, text, flags):
        """(message, position, the chain written in all ways)"""
        filters = (Filter * 5)()
        pos = ctypes.c_int(-1)
        message = self.lib.lzma_str_to_filters(text.encode(), ctypes.byref(pos), filters,
                                               ctypes.c_uint32(flags), None)
        written = []
        if message is None:
            for print_flags in (0, 0x10, 0x20, 0x30, 0x40, 0x80, 0x50, 0x60, 0xC0, 0xD0,
                                0xA0, 0x100, 0x01):
                written.append(self.write(filters, print_flags))
            self.lib.lzma_filters_free(filters, None)
        return newer_words(message), pos.value, written

    def write(self, filters, flags):
        out = ctypes.c_void_p()
        ret = self.lib.lzma_str_from_filters(ctypes.byref(out), filters, flags, None)
        return self.take(ret, out)

    def list(self, filter_id, flags):
        out = ctypes.c_void_p()
        ret = self.lib.lzma_str_list_filters(ctypes.byref(out), filter_id, flags, None)
        return self.take(ret, out)


def random_filter(rng):
    text = rng.choice(["", "", "", "--"]) + rng.choice(NAMES)
    if rng.random() < 0.6:
        pairs = []
        for _ in range(rng.randrange(4)):
            pairs.append(rng.choice(OPTIONS) + rng.choice(["=", "=", "=", "=", "", "=="])
                         + rng.choice(VALUES))
        text += rng.choice([":", ":", "=", "::", ":,", "=,"])
        text += rng.choice([",", ",", ",,"]).join(pairs)
    return text


def random_string(rng):
    kind = rng.random()
    if kind < 0.1:
        text = rng.choice(PRESETS) + rng.choice(["", " ", "  ", " e", " lzma2", "--x86"])
    elif kind < 0.2:
        text = "".join(rng.choice("lzma2x86dict=:, -6e1KiB") for _ in range(rng.randrange(12)))
    else:
        text = random_filter(rng)
        for _ in range(rng.choice([0, 0, 1, 1, 2, 3, 4])):
            text += rng.choice(JOINS) + random_filter(rng)
        if rng.random() < 0.5:
            text += rng.choice([" ", "--"]) + "lzma2"
    if rng.random() < 0.2:
        text = " " * rng.randrange(3) + text + " " * rng.randrange(3)
    if text and rng.random() < 0.1:
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice(":=, -x0\0") + text[at + 1:]
    return text.split("\0")[0]


def main():
    ours = Library(sys.argv[1])
    try:
        peer = Library(PEER)
        peer.lib.lzma_str_to_filters
    except (OSError, AttributeError):
        print("SKIP: no liblzma with filter strings at", PEER)
        return 0
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 30000
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    failed = 0
    for _ in range(rounds):
        text = random_string(rng)
        flags = rng.randrange(4)
        mine, other = ours.parse(text, flags), peer.parse(text, flags)
        if mine != other and not newer_preset(text.encode(), mine, other):
            failed += 1
            print(f"{text!r} flags {flags:#x}\n  ours {mine}\n  peer {other}")
            if failed == 10:
                break
    for filter_id in (0x21, 3, 4, 5, 6, 7, 8, 9, 10, 99, 2**62 + 1, 2**62 + 2):
        for flags in range(0x100):
            mine, other = ours.list(filter_id, flags), peer.list(filter_id, flags)
            if mine != other:
                failed += 1
                print(f"list {filter_id:#x} {flags:#x}\n  ours {mine}\n  peer {other}")
    for flags in range(0x100):
        mine, other = ours.list(UNKNOWN, flags), peer.list(UNKNOWN, flags)
        if mine[1] is not None:
            kept = [s for s in mine[1].replace("\n", "\n\0").replace(" ", " \0").split("\0")
                    if not s.lstrip("-").startswith("riscv")]
            mine = mine[0], "".join(kept)
        if mine != other:
            failed += 1
            print(f"list all {flags:#x}\n  ours {mine}\n  peer {other}")
    print(f"{rounds - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
