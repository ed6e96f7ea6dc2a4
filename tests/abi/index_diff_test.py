#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""lzma_index: random programs have the same visible results here and in another liblzma.

Usage: index_diff_test.py OUR_LIBLZMA [PROGRAMS [SEED]]

A program makes indexes and iterators, and appends, joins, copies, iterates, locates,
encodes and decodes; after each step every value that the interface shows is compared.
The peer is Debian's liblzma; without it nothing is tested.

Not compared: memory use; the block part of an iterator at a Stream without Blocks, which
has no meaning; lzma_index_checks() of a copy of more than one Stream, which releases up to
5.8.3 get wrong. Not done: going on from a Stream that was empty when it was visited and has
Blocks now (the peer skips the first one); appending so that the data of several Streams
becomes 2^63 bytes or more (the peer looks at each Stream alone); appending to a decoded
Index without Records (CVE-2026-34743: the peer may write out of bounds; ours is tested in
tests/roundtrip/known_faults_test.c).
"""

import ctypes
import random
import sys

PEER = "/usr/lib/x86_64-linux-gnu/liblzma.so.5"
VLI_MAX = 2**63 - 1
U32, U64, PTR, SIZE = (ctypes.c_uint32, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_size_t)


class StreamFlags(ctypes.Structure):
    _fields_ = [("version", U32), ("backward_size", U64), ("check", ctypes.c_int),
                ("reserved", ctypes.c_uint8 * 36)]


class IterStream(ctypes.Structure):
    _fields_ = [("flags", ctypes.POINTER(StreamFlags)), ("reserved", PTR * 3)] + [
        (name, U64) for name in (
            "number", "block_count", "compressed_offset", "uncompressed_offset",
            "compressed_size", "uncompressed_size", "padding")] + [("more", U64 * 4)]


class IterBlock(ctypes.Structure):
    _fields_ = [(name, U64) for name in (
        "number_in_file", "compressed_file_offset", "uncompressed_file_offset",
        "number_in_stream", "compressed_stream_offset", "uncompressed_stream_offset",
        "uncompressed_size", "unpadded_size", "total_size")] + [
            ("reserved", U64 * 4), ("pointers", PTR * 4)]


class Iter(ctypes.Structure):
    _fields_ = [("stream", IterStream), ("block", IterBlock), ("internal", U64 * 6)]


assert ctypes.sizeof(Iter) == 304

SIGNATURES = {
    "lzma_index_init": (PTR, [PTR]),
    "lzma_index_end": (None, [PTR, PTR]),
    "lzma_index_append": (ctypes.c_int, [PTR, PTR, U64, U64]),
    "lzma_index_stream_flags": (ctypes.c_int, [PTR, ctypes.POINTER(StreamFlags)]),
    "lzma_index_stream_padding": (ctypes.c_int, [PTR, U64]),
    "lzma_index_checks": (U32, [PTR]),
    "lzma_index_cat": (ctypes.c_int, [PTR, PTR, PTR]),
    "lzma_index_dup": (PTR, [PTR, PTR]),
    "lzma_index_iter_init": (None, [ctypes.POINTER(Iter), PTR]),
    "lzma_index_iter_rewind": (None, [ctypes.POINTER(Iter)]),
    "lzma_index_iter_next": (ctypes.c_ubyte, [ctypes.POINTER(Iter), ctypes.c_int]),
    "lzma_index_iter_locate": (ctypes.c_ubyte, [ctypes.POINTER(Iter), U64]),
    "lzma_index_buffer_encode": (ctypes.c_int, [PTR, PTR, ctypes.POINTER(SIZE), SIZE]),
    "lzma_index_buffer_decode": (ctypes.c_int, [
        ctypes.POINTER(PTR), ctypes.POINTER(U64), PTR, ctypes.c_char_p,
        ctypes.POINTER(SIZE), SIZE]),
}
TOTALS = ["stream_count", "block_count", "size", "stream_size", "total_size",
          "file_size", "uncompressed_size"]


def load(path):
    lib = ctypes.CDLL(path, mode=ctypes.RTLD_LOCAL)
    for name, (result, arguments) in SIGNATURES.items():
        getattr(lib, name).restype = result
        getattr(lib, name).argtypes = arguments
    for name in TOTALS:
        getattr(lib, "lzma_index_" + name).restype = U64
        getattr(lib, "lzma_index_" + name).argtypes = [PTR]
    return lib


def plain(value):
    """What an iterator shows, as a tuple."""
    stream, block = value.stream, value.block
    flags = None
    if stream.flags:
        f = stream.flags.contents
        flags = (f.version, f.backward_size, f.check)
    shown = [flags] + [getattr(stream, name) for name, _ in IterStream._fields_[2:-1]]
    if stream.block_count > 0:
        shown += [getattr(block, name) for name, _ in IterBlock._fields_[:-2]]
    return tuple(shown)


class Machine:
    """Runs steps in one library. Indexes and iterators are named by small numbers."""

    def __init__(self, lib):
        self.lib = lib
        self.index = {}
        self.iters = {}
        self.checks_lost = set()
        self.decoded_empty = set()

    def make(self, name):
        self.index[name] = self.lib.lzma_index_init(None)

    def end(self, name):
        self.lib.lzma_index_end(self.index.pop(name), None)
        self.iters = {k: v for k, v in self.iters.items() if v[0] != name}
        self.checks_lost.discard(name)
        self.decoded_empty.discard(name)

    def append(self, name, unpadded, uncompressed, times):
        for _ in range(times):
            ret = self.lib.lzma_index_append(self.index[name], None, unpadded, uncompressed)
        return ret

    def flags(self, name, version, backward_size, check):
        value = StreamFlags(version, backward_size, check)
        return self.lib.lzma_index_stream_flags(self.index[name], value)

    def padding(self, name, size):
        return self.lib.lzma_index_stream_padding(self.index[name], size)

    def cat(self, dest, src):
        ret = self.lib.lzma_index_cat(self.index[dest], self.index[src], None)
        if ret == 0:
            if src in self.checks_lost:
                self.checks_lost.add(dest)
            del self.index[src]
            self.checks_lost.discard(src)
            self.decoded_empty.discard(src)
            self.iters = {k: v for k, v in self.iters.items() if v[0] != src}
        return ret

    def dup(self, name, new):
        self.index[new] = self.lib.lzma_index_dup(self.index[name], None)
        if self.lib.lzma_index_stream_count(self.index[name]) > 1:
            self.checks_lost.add(new)

    def iter_init(self, name, it):
        value = Iter()
        self.lib.lzma_index_iter_init(value, self.index[name])
        self.iters[it] = (name, value)

    def iter_copy(self, it, new):
        name, value = self.iters[it]
        self.iters[new] = (name, Iter.from_buffer_copy(value))

    def rewind(self, it):
        self.lib.lzma_index_iter_rewind(self.iters[it][1])

    def next(self, it, mode):
        value = self.iters[it][1]
        before = plain(value) if value.stream.number else None
        failed = self.lib.lzma_index_iter_next(value, mode)
        if failed and before is not None:
            # A peer's flags pointer may be from before; the numbers must not move.
            assert plain(value)[1:] == before[1:], "iterator moved on failure"
        return bool(failed), None if failed else plain(value)

    def locate(self, it, target):
        value = self.iters[it][1]
        failed = self.lib.lzma_index_iter_locate(value, target)
        return bool(failed), None if failed else plain(value)

    def walk(self, name, mode, limit=400):
        value = Iter()
        self.lib.lzma_index_iter_init(value, self.index[name])
        shown = []
        while not self.lib.lzma_index_iter_next(value, mode) and len(shown) < limit:
            shown.append(plain(value))
        return shown

    def encode(self, name, room):
        out = ctypes.create_string_buffer(b"\xAA" * (1 << 16))
        pos = SIZE(3)
        ret = self.lib.lzma_index_buffer_encode(self.index[name], out, pos, 3 + room)
        return ret, pos.value, out.raw[:pos.value]

    def decode(self, data, new):
        out, limit, pos = PTR(77), U64(2**64 - 1), SIZE(0)
        ret = self.lib.lzma_index_buffer_decode(out, limit, None, data, pos, len(data))
        if ret == 0:
            self.index[new] = out.value
            if self.lib.lzma_index_block_count(out.value) == 0:
                self.decoded_empty.add(new)
        # The peer may try to allocate for a number of Records that cannot be true.
        return 9 if ret == 5 else ret, pos.value, limit.value, out.value is None

    def was_filled(self, it):
        """Whether the iterator is at a Stream that was empty and no longer is."""
        name, value = self.iters[it]
        if value.stream.number == 0 or value.stream.block_count > 0:
            return False
        return self.walk(name, 1, value.stream.number)[-1][2] > 0

    def totals(self):
        shown = []
        for name, index in sorted(self.index.items()):
            shown.append([getattr(self.lib, "lzma_index_" + t)(index) for t in TOTALS])
            if name not in self.checks_lost:
                shown.append(self.lib.lzma_index_checks(index))
        return shown


class Program:
    """Chooses steps; the state it needs is only which names exist."""

    def __init__(self, rng):
        self.rng = rng
        self.names = 0
        self.big = rng.random() < 0.3

    def new_name(self):
        self.names += 1
        return self.names

    def size(self, low):
        rng = self.rng
        kind = rng.random()
        if kind < 0.02:
            return rng.choice([0, 4, 5, VLI_MAX - 4, VLI_MAX - 3, VLI_MAX - 2, VLI_MAX,
                               VLI_MAX + 1, 2**64 - 1])
        if self.big and kind < 0.5:
            return rng.randrange(2 ** rng.randrange(40, 63)) + low
        return rng.choice([low, low, rng.randrange(low, 50), rng.randrange(low, 1 << 20)])

    def step(self, machine):
        rng = self.rng
        index = sorted(machine.index)
        iters = sorted(machine.iters)
        kind = rng.random()
        if not index or (kind < 0.06 and len(index) < 6):
            return "make", self.new_name()
        name = rng.choice(index)
        if kind < 0.30 and name not in machine.decoded_empty:
            times = rng.choice([1, 1, 1, 2, 3, 5, 6, rng.randrange(1, 700)])
            size = self.size(0)
            held = machine.lib.lzma_index_uncompressed_size(machine.index[name])
            if (machine.lib.lzma_index_stream_count(machine.index[name]) > 1
                    and size <= VLI_MAX < held + size * times):
                size = 0
            return "append", name, self.size(5), size, times
        if kind < 0.35:
            return ("flags", name, rng.choice([0, 0, 0, 0, 1]),
                    rng.choice([2**64 - 1, 4, 2**34, 2**34 + 4, 3, 0]),
                    rng.choice([0, 1, 4, 10, 15, 16, -1]))
        if kind < 0.40:
            return "padding", name, rng.choice([0, 4, 8, 2, 4096, 2**62, VLI_MAX - 3,
                                                 VLI_MAX, 2**63])
        if kind < 0.55 and len(index) > 1:
            src = rng.choice([n for n in index if n != name])
            return "cat", name, src
        if kind < 0.60 and len(index) < 6:
            return "dup", name, self.new_name()
        if kind < 0.62:
            return "end", name
        if kind < 0.68 or not iters:
            return "iter_init", name, self.new_name()
        it = rng.choice(iters)
        if kind < 0.70:
            return "iter_copy", it, self.new_name()
        if kind < 0.72:
            return "rewind", it
        if kind < 0.84:
            if machine.was_filled(it):
                return "next", it, rng.choice([1, 4])
            return "next", it, rng.choice([0, 1, 2, 3, 0, 2, 3, 4, -1])
        if kind < 0.94:
            lib = machine.lib
            end = lib.lzma_index_uncompressed_size(machine.index[machine.iters[it][0]])
            return "locate", it, rng.choice([0, end, max(end, 1) - 1, VLI_MAX, 2**64 - 1]
                                            + [rng.randrange(end + 1)] * 6)
        if kind < 0.97:
            return "walk", name, rng.randrange(4)
        return "encode", name, rng.choice([20000, 20000, 8, 0])


def run(libraries, seed):
    """Returns None, or what differed."""
    rng = random.Random(seed)
    program = Program(rng)
    machines = [Machine(lib) for lib in libraries]
    log = []
    for _ in range(rng.randrange(10, 120)):
        step = program.step(machines[0])
        log.append(step)
        results = [getattr(m, step[0])(*step[1:]) for m in machines]
        if step[0] == "encode" and results[0] == results[1] and results[0][0] == 0:
            data = bytearray(results[0][2][3:])
            if rng.random() < 0.5:
                data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
            if rng.random() < 0.2:
                del data[rng.randrange(len(data)):]
            step = ("decode", bytes(data), program.new_name())
            log.append(step)
            results = [m.decode(*step[1:]) for m in machines]
        results = [(r, m.totals()) for r, m in zip(results, machines)]
        if results[0] != results[1]:
            return f"{log}\n  ours {results[0]}\n  peer {results[1]}"
    for machine in machines:
        for name in list(machine.index):
            machine.end(name)
    return None


def main():
    try:
        peer = load(PEER)
    except (OSError, AttributeError):
        print("SKIP: no liblzma at", PEER)
        return 0
    libraries = load(sys.argv[1]), peer
    programs = int(sys.argv[2]) if len(sys.argv) > 2 else 1500
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    failed = 0
    for i in range(programs):
        difference = run(libraries, seed * 1000003 + i)
        if difference is not None:
            failed += 1
            print(f"program {i}: {difference}")
            if failed == 3:
                break
    print(f"{programs - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
