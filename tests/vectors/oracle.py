#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""Asks a liblzma what it makes of the vectors, and reports where it disagrees.

    oracle.py [--lib PATH] [NAME ...]

The library is --lib, or $VECTOR_LIB, or the system's liblzma.so.5. Each vector is fed
whole, byte by byte and in random pieces. Vectors marked "since" a version newer than
the library's are skipped. Ends with "N passed, N failed, N skipped".
"""

import ctypes
import os
import random
import re
import struct
import sys

from assemble import load
from vector_build import RESULTS
from vector_lang import VectorError
from vector_payload import parse_chain

SYSTEM_LIBRARY = "/lib/x86_64-linux-gnu/liblzma.so.5"
RUN, FINISH = 0, 3
UNKNOWN = (1 << 64) - 1
FLAG_BITS = {
    "tell-no-check": 0x01,
    "tell-unsupported-check": 0x02,
    "tell-any-check": 0x04,
    "concatenated": 0x08,
    "ignore-check": 0x10,
    "fail-fast": 0x20,
}
NOT_FATAL = ("NO_CHECK", "UNSUPPORTED_CHECK", "GET_CHECK")


class Stream(ctypes.Structure):
    _fields_ = [
        ("next_in", ctypes.c_void_p),
        ("avail_in", ctypes.c_size_t),
        ("total_in", ctypes.c_uint64),
        ("next_out", ctypes.c_void_p),
        ("avail_out", ctypes.c_size_t),
        ("total_out", ctypes.c_uint64),
        ("allocator", ctypes.c_void_p),
        ("internal", ctypes.c_void_p),
        ("reserved_ptr", ctypes.c_void_p * 4),
        ("seek_pos", ctypes.c_uint64),
        ("reserved_int2", ctypes.c_uint64),
        ("reserved_int3", ctypes.c_size_t),
        ("reserved_int4", ctypes.c_size_t),
        ("reserved_enum", ctypes.c_uint32 * 2),
    ]


class FilterStruct(ctypes.Structure):
    _fields_ = [("id", ctypes.c_uint64), ("options", ctypes.c_void_p)]


class Chain:
    """A filter chain as liblzma takes it; keeps what it points to."""

    def __init__(self, vector):
        self.keep = []
        filters = parse_chain(None, vector.chain)
        self.array = (FilterStruct * (len(filters) + 1))()
        for place, item in enumerate(filters):
            self.array[place].id = item.id
            self.array[place].options = self._options(item, vector)
        self.array[len(filters)].id = UNKNOWN

    def _hold(self, data):
        buffer = ctypes.create_string_buffer(data, max(len(data), 1))
        self.keep.append(buffer)
        return ctypes.addressof(buffer)

    def _options(self, item, vector):
        """The options struct, laid out as on x86-64."""
        if item.name == "delta":
            return self._hold(struct.pack("<II32x", 0, item.value("dist", 1)))
        if item.name not in ("lzma1", "lzma1ext", "lzma2"):
            return self._hold(struct.pack("<I", item.value("start", 0)))
        ext_size = int(vector.options.get("ext-size", UNKNOWN))
        preset = self._hold(vector.preset) if vector.preset else 0
        return self._hold(struct.pack(
            "<IxxxxQIIIIIIIIIII52x", item.value("dict", 1 << 23), preset,
            len(vector.preset), item.value("lc", 3), item.value("lp", 0),
            item.value("pb", 2), 2, 64, 0x14, 0,
            int(vector.options.get("ext-eopm", 0)),
            ext_size & 0xFFFFFFFF, ext_size >> 32,
        ))  # fmt: skip


class Oracle:
    def __init__(self, path):
        self.lib = ctypes.CDLL(path)
        self.lib.lzma_version_string.restype = ctypes.c_char_p
        self.lib.lzma_memusage.restype = ctypes.c_uint64
        self.version = self.lib.lzma_version_string().decode()

    def knows(self, since):
        numbers = [int(part) for part in re.findall(r"\d+", self.version)]
        return [int(part) for part in since.split(".")] <= numbers

    def _open(self, strm, vector, index):
        lib, reference = self.lib, ctypes.byref(strm)
        limit = UNKNOWN if vector.memlimit is None else vector.memlimit
        limit = ctypes.c_uint64(limit)
        flags = 0
        for flag in vector.flags:
            flags |= FLAG_BITS[flag] if flag in FLAG_BITS else int(flag, 16)
        flags = ctypes.c_uint32(flags)
        size = ctypes.c_uint64(len(vector.data))
        if vector.entry == "stream":
            return lib.lzma_stream_decoder(reference, limit, flags)
        if vector.entry == "auto":
            return lib.lzma_auto_decoder(reference, limit, flags)
        if vector.entry == "lzip":
            return lib.lzma_lzip_decoder(reference, limit, flags)
        if vector.entry == "alone":
            return lib.lzma_alone_decoder(reference, limit)
        if vector.entry == "index":
            return lib.lzma_index_decoder(reference, ctypes.byref(index), limit)
        if vector.entry == "fileinfo":
            place = ctypes.byref(index)
            return lib.lzma_file_info_decoder(reference, place, limit, size)
        if vector.entry == "micro":
            get = vector.options.get
            return lib.lzma_microlzma_decoder(
                reference,
                ctypes.c_uint64(int(get("comp", len(vector.data)))),
                ctypes.c_uint64(int(get("uncomp", len(vector.output)))),
                ctypes.c_uint8(int(get("exact", 1))),
                ctypes.c_uint32(int(get("dict", 4096))),
            )
        chain = Chain(vector)
        return lib.lzma_raw_decoder(reference, chain.array)

    def decode(self, vector, step):
        """(result, events, output, bytes used); step() gives the size of a piece."""
        strm, index = Stream(), ctypes.c_void_p()
        ret = RESULTS[self._open(strm, vector, index)]
        if ret != "OK":
            return ret, [], b"", 0
        size = len(vector.data)
        source = ctypes.create_string_buffer(vector.data, max(size, 1))
        given, out, events = 0, bytearray(), []
        room = ctypes.create_string_buffer(1)
        strm.avail_out = 0
        while True:
            if strm.avail_in == 0 and given < size:
                strm.next_in = ctypes.addressof(source) + given
                strm.avail_in = min(step(), size - given)
                given += strm.avail_in
            if strm.avail_out == 0:
                length = min(step(), 1 << 16)
                room = ctypes.create_string_buffer(length)
                strm.next_out = ctypes.addressof(room)
                strm.avail_out = length
            before = strm.total_out
            start = strm.next_out - ctypes.addressof(room)
            action = FINISH if given == size else RUN
            ret = self.lib.lzma_code(ctypes.byref(strm), action)
            out += room.raw[start : start + strm.total_out - before]
            ret = RESULTS[ret]
            if ret == "SEEK_NEEDED":
                given, strm.avail_in = strm.seek_pos, 0
            elif ret == "MEMLIMIT_ERROR" and ret in vector.events:
                events.append(ret)
                need = ctypes.c_uint64(self.lib.lzma_memusage(ctypes.byref(strm)))
                self.lib.lzma_memlimit_set(ctypes.byref(strm), need)
            elif ret in NOT_FATAL and ret != vector.ret:
                events.append(ret)
            elif ret != "OK":
                break
        used = strm.total_in
        if index.value and ret == "STREAM_END":
            out += self._listing(index)
        self.lib.lzma_end(ctypes.byref(strm))
        return ret, events, bytes(out), used

    def _listing(self, index):
        """The text that vector_xz.listing() makes, from an lzma_index."""
        out = ""
        for mode in (1, 2):
            places = ctypes.create_string_buffer(304)
            self.lib.lzma_index_iter_init(places, index)
            while not self.lib.lzma_index_iter_next(places, mode) & 0xFF:
                raw = places.raw
                flags, number, blocks = struct.unpack_from("<Q24xQQ", raw, 0)
                size, output, padding = struct.unpack_from("<QQQ", raw, 64)
                if mode == 2:
                    number, = struct.unpack_from("<Q", raw, 120)
                    output, unpadded = struct.unpack_from("<QQ", raw, 168)
                    out += f"block {number} unpadded {unpadded} uncompressed {output}\n"
                    continue
                check = "-"
                if flags:
                    check = struct.unpack("<I", ctypes.string_at(flags + 16, 4))[0]
                out += (f"stream {number} check {check} blocks {blocks} "
                        f"size {size} uncompressed {output} padding {padding}\n")
        self.lib.lzma_index_end(index, None)
        return out.encode()

    def differences(self, vector):
        noise = random.Random(vector.name)
        ways = [("whole", lambda: 1 << 30), ("bytes", lambda: 1),
                ("pieces", lambda: noise.randrange(1, 40))]
        if len(vector.output) + len(vector.data) > 300000:
            ways[1:] = [("pieces", lambda: noise.randrange(1, 5000))]
        if vector.quirk == "split":
            del ways[1:]
        for way, step in ways:
            ret, events, output, used = self.decode(vector, step)
            if ret != vector.ret or events != vector.events:
                yield f"{way}: {' '.join(events + [ret])} ({len(output)} bytes)"
            if vector.mode == "prefix" and not vector.output.startswith(output):
                yield f"{way}: output is no prefix"
            elif vector.mode == "exact" and output != vector.output:
                yield f"{way}: {len(output)} bytes of output, not {len(vector.output)}"
            if ret == "STREAM_END" == vector.ret and vector.entry != "fileinfo":
                if vector.used not in (used, "any"):
                    yield f"{way}: used {used} bytes, not {vector.used}"


def main(argv):
    path = os.environ.get("VECTOR_LIB", SYSTEM_LIBRARY)
    names = argv[1:]
    if names and names[0] == "--lib":
        path, names = names[1], names[2:]
    try:
        vectors = load()
    except VectorError as error:
        print(error, file=sys.stderr)
        return 1
    oracle = Oracle(path)
    passed = failed = skipped = 0
    for vector in vectors:
        if names and vector.name not in names:
            continue
        if vector.since and not oracle.knows(vector.since):
            skipped += 1
            continue
        found = list(oracle.differences(vector))
        for text in found:
            print(f"{vector.where[0]}:{vector.where[1]}: {vector.name}: "
                  f"expected {' '.join(vector.events + [vector.ret])}; {text}")
        failed += bool(found)
        passed += not found
    print(f"liblzma {oracle.version}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
