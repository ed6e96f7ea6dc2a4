# SPDX-License-Identifier: 0BSD
"""liblzma's decoders through ctypes, for any shared library with that interface."""

import ctypes as C

UNKNOWN = 2**64 - 1

OK, STREAM_END, NO_CHECK, UNSUPPORTED_CHECK, GET_CHECK, MEM_ERROR, MEMLIMIT_ERROR = range(7)
FORMAT_ERROR, OPTIONS_ERROR, DATA_ERROR, BUF_ERROR, PROG_ERROR, SEEK_NEEDED = range(7, 13)
RUN, FINISH = 0, 3

TELL_NO_CHECK, TELL_UNSUPPORTED_CHECK, TELL_ANY_CHECK = 1, 2, 4
CONCATENATED, IGNORE_CHECK, FAIL_FAST = 8, 16, 32

LZMA1, LZMA1EXT, LZMA2, DELTA = 0x4000000000000001, 0x4000000000000002, 0x21, 3
X86, POWERPC, IA64, ARM, ARMTHUMB, SPARC, ARM64, RISCV = range(4, 12)


class Stream(C.Structure):
    _fields_ = [("next_in", C.c_void_p), ("avail_in", C.c_size_t), ("total_in", C.c_uint64),
                ("next_out", C.c_void_p), ("avail_out", C.c_size_t),
                ("total_out", C.c_uint64), ("allocator", C.c_void_p),
                ("internal", C.c_void_p), ("reserved_ptr", C.c_void_p * 4),
                ("seek_pos", C.c_uint64), ("reserved_int2", C.c_uint64),
                ("reserved_int3", C.c_size_t), ("reserved_int4", C.c_size_t),
                ("reserved_enum", C.c_int * 2)]


class Filter(C.Structure):
    _fields_ = [("id", C.c_uint64), ("options", C.c_void_p)]


class OptionsLzma(C.Structure):
    _fields_ = [("dict_size", C.c_uint32), ("preset_dict", C.c_char_p),
                ("preset_dict_size", C.c_uint32), ("lc", C.c_uint32), ("lp", C.c_uint32),
                ("pb", C.c_uint32), ("mode", C.c_int), ("nice_len", C.c_uint32),
                ("mf", C.c_int), ("depth", C.c_uint32), ("ext_flags", C.c_uint32),
                ("ext_size_low", C.c_uint32), ("ext_size_high", C.c_uint32),
                ("reserved", C.c_uint32 * 9), ("reserved_ptr", C.c_void_p * 2)]


class OptionsDelta(C.Structure):
    _fields_ = [("type", C.c_int), ("dist", C.c_uint32), ("reserved", C.c_uint32 * 4),
                ("reserved_ptr", C.c_void_p * 2)]


class OptionsBcj(C.Structure):
    _fields_ = [("start_offset", C.c_uint32)]


class Block(C.Structure):
    _fields_ = [("version", C.c_uint32), ("header_size", C.c_uint32), ("check", C.c_int),
                ("compressed_size", C.c_uint64), ("uncompressed_size", C.c_uint64),
                ("filters", C.c_void_p), ("raw_check", C.c_ubyte * 64),
                ("reserved_ptr", C.c_void_p * 3), ("reserved_int", C.c_uint32 * 2),
                ("reserved_vli", C.c_uint64 * 6), ("reserved_enum", C.c_int * 4),
                ("ignore_check", C.c_ubyte), ("reserved_bool", C.c_ubyte * 7)]


def lzma_options(dict_size=1 << 16, lc=3, lp=0, pb=2, ext_flags=0, ext_size=0,
                 preset_dict=None):
    options = OptionsLzma(dict_size=dict_size, lc=lc, lp=lp, pb=pb, mode=2, nice_len=64,
                          mf=0x14, ext_flags=ext_flags, ext_size_low=ext_size & 0xFFFFFFFF,
                          ext_size_high=ext_size >> 32)
    if preset_dict is not None:
        options.preset_dict = preset_dict
        options.preset_dict_size = len(preset_dict)
    return options


def chain(*filters):
    """An array of lzma_filter; each argument is (id, options or None)."""
    array = (Filter * (len(filters) + 1))()
    array.kept = filters  # ctypes does not keep what addresses point to
    for entry, (filter_id, options) in zip(array, filters):
        entry.id = filter_id
        entry.options = C.addressof(options) if options is not None else None
    array[len(filters)].id = UNKNOWN
    return array


class Result:
    """What a decoder did: codes other than LZMA_OK in order, output, positions."""

    def __init__(self, codes, out, total_in, total_out):
        self.codes, self.out = codes, out
        self.total_in, self.total_out = total_in, total_out

    def __repr__(self):
        return f"codes={self.codes} in={self.total_in} out={self.total_out}"


class Library:
    def __init__(self, path):
        self.lib = C.CDLL(path)
        self.takes_pieces = True  # False: decode() gives everything at once
        for name in ("memusage", "memlimit_get", "raw_decoder_memusage", "index_block_count",
                     "index_stream_count", "index_uncompressed_size", "index_file_size",
                     "index_total_size"):
            getattr(self.lib, f"lzma_{name}").restype = C.c_uint64

    def call(self, name, *args):
        """Calls lzma_<name>; integers go as uint64, which all callees' registers take."""
        converted = [C.c_uint64(a) if isinstance(a, int) else a for a in args]
        return getattr(self.lib, f"lzma_{name}")(*converted)

    # Ways to open a decoder; each returns a function of a Stream.
    def opener(self, name, *args):
        return lambda strm: self.call(name, C.byref(strm), *args)

    def decode(self, opened, data, split=None, finish=True, raise_limit=False,
               max_out=1 << 22):
        """Decodes to the end or to an error; split(which) gives the sizes of pieces."""
        strm, split = Stream(), split if self.takes_pieces else None
        ret = opened(strm)
        if ret != OK:
            return Result(["open", ret], b"", 0, 0)
        in_buf = C.create_string_buffer(data, len(data) + 1)
        out_buf = C.create_string_buffer(1 << 16)
        base, out, pos, codes, idle = C.addressof(in_buf), [], 0, [], 0
        while True:
            if strm.avail_in == 0:
                size = len(data) - pos if split is None else split("in")
                size = min(size, len(data) - pos)
                strm.next_in, strm.avail_in, pos = base + pos, size, pos + size
            room = len(out_buf) if split is None else min(split("out"), len(out_buf))
            strm.next_out, strm.avail_out = C.addressof(out_buf), room
            action = FINISH if finish and pos == len(data) else RUN
            ret = self.call("code", C.byref(strm), action)
            if room > strm.avail_out:
                out.append(out_buf.raw[:room - strm.avail_out])
            if ret == MEMLIMIT_ERROR and raise_limit:
                codes.append(ret)
                need = self.call("memusage", C.byref(strm))
                codes.append(self.call("memlimit_set", C.byref(strm), need - 1))
                codes.append(self.call("memlimit_set", C.byref(strm), need))
            elif ret in (NO_CHECK, UNSUPPORTED_CHECK, GET_CHECK):
                codes += [ret, self.call("get_check", C.byref(strm))]
            elif ret == BUF_ERROR and (pos < len(data) or room == 0) and idle < 20:
                idle += 1  # perhaps an empty piece, not the end
            elif ret != OK or strm.total_out > max_out:
                codes.append(ret)
                break
        result = Result(codes, b"".join(out), strm.total_in, strm.total_out)
        self.call("end", C.byref(strm))
        return result

    def buffer_decode(self, function, before, data, room):
        """A one-shot decoder: function(*before, in, in_pos, in_size, out, ...)."""
        out = C.create_string_buffer(room + 1)
        in_pos, out_pos = C.c_size_t(0), C.c_size_t(0)
        ret = self.call(function, *before, data, C.byref(in_pos), len(data), out,
                        C.byref(out_pos), room)
        return Result([ret], out.raw[:out_pos.value], in_pos.value, out_pos.value)

    def describe_index(self, index):
        iterator = C.create_string_buffer(304)
        self.call("index_iter_init", iterator, index)
        blocks = []
        while self.call("index_iter_next", iterator, 0) & 0xFF == 0:
            values = (C.c_uint64 * 38).from_buffer(iterator)
            blocks.append(tuple(values[4:10]) + (values[10],) +
                          (tuple(values[15:24]) if values[5] else ()))
        return (self.call("index_stream_count", index), self.call("index_block_count", index),
                self.call("index_uncompressed_size", index),
                self.call("index_file_size", index), self.call("index_checks", index), blocks)

    def file_info(self, data, piece, file_size=None, memlimit=UNKNOWN, raise_limit=False):
        """(codes, description of the index or None) of lzma_file_info_decoder()."""
        strm, index = Stream(), C.c_void_p(None)
        ret = self.call("file_info_decoder", C.byref(strm), C.byref(index), memlimit,
                        len(data) if file_size is None else file_size)
        if ret != OK:
            return ["open", ret], None
        pos, codes = 0, []
        while True:
            if strm.avail_in == 0:
                size = min(piece, len(data) - pos)
                chunk = C.create_string_buffer(data[pos:pos + size], size + 1)
                strm.next_in, strm.avail_in, pos = C.addressof(chunk), size, pos + size
            ret = self.call("code", C.byref(strm), RUN)
            if ret == SEEK_NEEDED:
                assert strm.seek_pos <= (len(data) if file_size is None else file_size)
                pos, strm.avail_in = strm.seek_pos, 0
            elif ret == MEMLIMIT_ERROR and raise_limit:
                codes.append(ret)
                self.call("memlimit_set", C.byref(strm),
                          self.call("memusage", C.byref(strm)))
            elif ret != OK:
                codes.append(ret)
                break
        description = None
        if ret == STREAM_END:
            description = self.describe_index(index)
            self.call("index_end", index, None)
        self.call("end", C.byref(strm))
        return codes, description

    def index(self, data, split=None, memlimit=UNKNOWN):
        """(result, description or None) of lzma_index_decoder()."""
        index = C.c_void_p(None)
        result = self.decode(self.opener("index_decoder", C.byref(index), memlimit), data,
                             split)
        if not index:
            return result, None
        description = self.describe_index(index)
        self.call("index_end", index, None)
        return result, description
