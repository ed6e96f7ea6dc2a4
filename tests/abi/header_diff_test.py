#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""Headers: mutated bytes decode to the same here and in another liblzma.

Usage: header_diff_test.py OUR_LIBLZMA [ROUNDS [SEED]]

Stream Headers and Footers, Block Headers (with a right CRC32), Filter Flags, integers and
Index fields for the index hash are made at random and damaged; results, values and sizes
must agree. The peer is Debian's liblzma; without it nothing is tested.
"""

import ctypes
import random
import struct
import sys
import zlib

PEER = "/usr/lib/x86_64-linux-gnu/liblzma.so.5"
UNKNOWN = 2**64 - 1
RISCV = 0x0B  # Debian 12 does not have this filter yet
U32, U64, SIZE, PTR = ctypes.c_uint32, ctypes.c_uint64, ctypes.c_size_t, ctypes.c_void_p
OPTIONS_SHOWN = {3: "<II", 0x21: "<I"}  # members that decoding sets; BCJ has one


class Filter(ctypes.Structure):
    _fields_ = [("id", U64), ("options", PTR)]


class StreamFlags(ctypes.Structure):
    _fields_ = [("version", U32), ("backward_size", U64), ("check", ctypes.c_int),
                ("reserved", ctypes.c_uint8 * 36)]


class Block(ctypes.Structure):
    _fields_ = [("version", U32), ("header_size", U32), ("check", ctypes.c_int),
                ("compressed_size", U64), ("uncompressed_size", U64),
                ("filters", ctypes.POINTER(Filter)), ("raw_check", ctypes.c_uint8 * 64),
                ("reserved", ctypes.c_uint8 * 104)]


def vli(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def shown(entry):
    """A filter with what decoding set."""
    if not entry.options:
        return entry.id, None
    form = OPTIONS_SHOWN.get(entry.id, "<I")
    return entry.id, struct.unpack(form, ctypes.string_at(entry.options,
                                                          struct.calcsize(form)))


class Library:
    def __init__(self, path):
        self.lib = ctypes.CDLL(path, mode=ctypes.RTLD_LOCAL)
        self.lib.lzma_filters_free  # 5.4 or later
        for name in ("lzma_block_unpadded_size", "lzma_block_total_size"):
            getattr(self.lib, name).restype = U64
        self.lib.lzma_index_hash_init.restype = PTR
        self.lib.lzma_index_hash_size.restype = U64
        for name in ("append", "decode", "size", "end"):
            getattr(self.lib, "lzma_index_hash_" + name).argtypes = None

    def integer(self, data):
        value, pos, vli_pos = U64(), SIZE(), SIZE()
        one = self.lib.lzma_vli_decode(ctypes.byref(value), None, data, ctypes.byref(pos),
                                       SIZE(len(data)))
        results = [one, value.value if one == 0 else None]
        pos.value = 0
        many = self.lib.lzma_vli_decode(ctypes.byref(value), ctypes.byref(vli_pos), data,
                                        ctypes.byref(pos), SIZE(len(data)))
        return results + [many, value.value, pos.value, vli_pos.value]

    def stream(self, data):
        results = []
        for part in ("header", "footer"):
            flags = StreamFlags()
            ret = getattr(self.lib, f"lzma_stream_{part}_decode")(ctypes.byref(flags), data)
            results.append((ret, flags.backward_size, flags.check) if ret == 0 else ret)
        return results

    def filter_flags(self, data):
        entry, pos = Filter(), SIZE()
        ret = self.lib.lzma_filter_flags_decode(ctypes.byref(entry), None, data,
                                                ctypes.byref(pos), SIZE(len(data)))
        if ret != 0:
            return ret, entry.options
        size, out = U32(), ctypes.create_string_buffer(64)
        results = [shown(entry), pos.value]
        results.append(self.lib.lzma_filter_flags_size(ctypes.byref(size),
                                                       ctypes.byref(entry)))
        pos.value = 0
        results.append(self.lib.lzma_filter_flags_encode(ctypes.byref(entry), out,
                                                         ctypes.byref(pos), SIZE(64)))
        ended = (Filter * 2)(entry, Filter(UNKNOWN))
        self.lib.lzma_filters_free(ended, None)
        return results, size.value, out.raw[:pos.value]

    def block(self, data, check, unpadded):
        filters = (Filter * 5)()
        block = Block(1, len(data), check, 1, 1, filters)
        ret = self.lib.lzma_block_header_decode(ctypes.byref(block), None, data)
        if ret != 0:
            return ret, [(f.id, f.options) for f in filters]
        results = [shown(f) for f in filters]
        results += [block.version, block.compressed_size, block.uncompressed_size,
                    self.lib.lzma_block_unpadded_size(ctypes.byref(block)),
                    self.lib.lzma_block_total_size(ctypes.byref(block))]
        out = ctypes.create_string_buffer(1024)
        results.append(self.lib.lzma_block_header_encode(ctypes.byref(block), out))
        results.append(self.lib.lzma_block_header_size(ctypes.byref(block)))
        results.append(block.header_size)
        results.append(self.lib.lzma_block_compressed_size(ctypes.byref(block),
                                                           U64(unpadded)))
        results.append(block.compressed_size)
        self.lib.lzma_filters_free(filters, None)
        return ret, results, out.raw

    def index_hash(self, records, data, piece):
        index_hash = PTR(self.lib.lzma_index_hash_init(None, None))
        results, pos, ret = [], SIZE(), 0
        for sizes in records:
            results.append(self.lib.lzma_index_hash_append(index_hash, *map(U64, sizes)))
            if results[-1] == 9:  # the peer's sums are wrong from here on
                ret = None
                break
        else:
            results.append(self.lib.lzma_index_hash_size(index_hash))
        while ret == 0:
            end = min(pos.value + piece, len(data))
            ret = self.lib.lzma_index_hash_decode(index_hash, data, ctypes.byref(pos),
                                                  SIZE(end))
        self.lib.lzma_index_hash_end(index_hash, None)
        return results, ret, pos.value if ret == 1 else None


def random_size(rng):
    return rng.choice([0, 1, 5, 127, 128, rng.randrange(1 << 16), 2**63 - 1,
                       rng.randrange(2**63), 2**63 - 4 - rng.randrange(2000)])


def random_filter(rng):
    filter_id = rng.choice([3, 4, 5, 6, 7, 8, 9, 10, 0x21, 0x21, 0x21, 12, 2**62 + 1])
    size = rng.choice([0, 1, 1, 4, 4, 5, 2])
    props = bytes(rng.choice([0, 1, 16, 40, 41, 64, 255]) for _ in range(size))
    if filter_id == 0x21 and rng.random() < 0.8:
        props = bytes([rng.randrange(43)])
    if filter_id == 3 and rng.random() < 0.8:
        props = bytes([rng.randrange(256)])
    return vli(filter_id) + vli(len(props)) + props


def damage(rng, data, chance):
    data = bytearray(data)
    while data and rng.random() < chance:
        data[rng.randrange(len(data))] = rng.choice([0, 1, 0x80, 0xFF, rng.randrange(256)])
    return bytes(data)


def random_block(rng):
    count = rng.randrange(1, 5)
    flags = count - 1 | rng.choice([0, 0x40, 0x80, 0xC0])
    body = b"".join(vli(random_size(rng)) for _ in range(bin(flags & 0xC0).count("1")))
    body += b"".join(random_filter(rng) for _ in range(count))
    body = damage(rng, bytes([flags]) + body, 0.2)
    size = (1 + len(body) + 4 + 3) // 4 * 4 + rng.choice([0, 0, 0, 4, 100])
    if rng.random() < 0.1:
        size = max(8, size - 4)
    data = (bytes([size // 4 - 1]) + body).ljust(size - 4, b"\0")[:size - 4]
    return data + struct.pack("<I", zlib.crc32(data))


def random_index(rng):
    records = [(rng.choice([5, 4, 77, rng.randrange(5, 1 << 20), random_size(rng)]),
                random_size(rng) if rng.random() < 0.1 else rng.randrange(1 << 20))
               for _ in range(rng.choice([0, 1, 1, 2, 3, 200]))]
    stored = list(records)
    if rng.random() < 0.2:
        rng.shuffle(stored)
    data = b"\0" + vli(len(stored)) + b"".join(vli(a) + vli(b) for a, b in stored)
    data = damage(rng, data + b"\0" * (-len(data) % 4), 0.1)
    data += struct.pack("<I", zlib.crc32(data))
    return records, damage(rng, data, 0.05) + b"\0" * rng.randrange(3)


def cases(rng):
    """One round: method, arguments."""
    yield "integer", (damage(rng, vli(random_size(rng)), 0.3)[:rng.randrange(1, 11)],)
    flags = bytes([0, rng.randrange(16)]) if rng.random() < 0.7 else rng.randbytes(2)
    crc = struct.pack("<I", zlib.crc32(flags))
    yield "stream", (damage(rng, b"\xfd7zXZ\0" + flags + crc, 0.1),)
    tail = rng.randbytes(4) + flags
    crc = struct.pack("<I", zlib.crc32(tail))
    yield "stream", (damage(rng, crc + tail + b"YZ", 0.1),)
    data = damage(rng, random_filter(rng), 0.2)
    yield "filter_flags", (data[:rng.randrange(len(data) + 1)] if rng.random() < 0.3
                           else data,)
    yield "block", (random_block(rng), rng.choice([0, 1, 4, 10, 15, 16]),
                    min(random_size(rng), 2**63 - 4))
    records, data = random_index(rng)
    yield "index_hash", (records, data, rng.choice([1, 3, len(data)]))


def main():
    ours = Library(sys.argv[1])
    try:
        peer = Library(PEER)
    except (OSError, AttributeError):
        print("SKIP: no liblzma at", PEER)
        return 0
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    failed = 0
    for _ in range(rounds):
        for name, arguments in cases(rng):
            if name in ("filter_flags", "block") and RISCV in arguments[0]:
                continue
            mine, other = getattr(ours, name)(*arguments), getattr(peer, name)(*arguments)
            if mine != other:
                failed += 1
                print(f"{name} {arguments}\n  ours {mine}\n  peer {other}"[:4000])
        if failed >= 10:
            break
    print(f"{rounds - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
