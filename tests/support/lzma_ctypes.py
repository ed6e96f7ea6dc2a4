# SPDX-License-Identifier: 0BSD
"""The public interface of a liblzma for Python tests, through ctypes.

    lib = Lzma(path)                       functions under their names: lib.lzma_crc32(...)
    with Coder(lib, lib.lzma_easy_encoder, 6, CHECK_CRC64) as coder:
        ret, packed = coder.feed(data, FINISH)

Types and values are those of include/lzma/*.h. Any liblzma of version 5.4 or later may be
loaded, and more than one at a time; system_library() is the machine's own, to compare with.
"""

import ctypes
import importlib
import itertools
from ctypes import POINTER, byref, c_char_p, c_int, c_size_t, c_ubyte, c_uint32, c_uint64, \
    c_void_p

UNKNOWN = 2**64 - 1
VLI_MAX = 2**63 - 1
NO_LIMIT = 2**64 - 1

OK, STREAM_END, NO_CHECK, UNSUPPORTED_CHECK, GET_CHECK, MEM_ERROR, MEMLIMIT_ERROR, \
    FORMAT_ERROR, OPTIONS_ERROR, DATA_ERROR, BUF_ERROR, PROG_ERROR, SEEK_NEEDED = range(13)
RET_NAMES = ("OK STREAM_END NO_CHECK UNSUPPORTED_CHECK GET_CHECK MEM_ERROR MEMLIMIT_ERROR "
             "FORMAT_ERROR OPTIONS_ERROR DATA_ERROR BUF_ERROR PROG_ERROR "
             "SEEK_NEEDED").split()

RUN, SYNC_FLUSH, FULL_FLUSH, FINISH, FULL_BARRIER = range(5)

CHECK_NONE, CHECK_CRC32, CHECK_CRC64, CHECK_SHA256 = 0, 1, 4, 10
CHECKS = (CHECK_NONE, CHECK_CRC32, CHECK_CRC64, CHECK_SHA256)

DELTA, X86, POWERPC, IA64, ARM, ARMTHUMB, SPARC, ARM64, RISCV = range(3, 12)
BCJ = (X86, POWERPC, IA64, ARM, ARMTHUMB, SPARC, ARM64, RISCV)
BCJ_ALIGNMENT = dict(zip(BCJ, (1, 4, 16, 4, 2, 4, 4, 2)))
LZMA2, LZMA1, LZMA1EXT = 0x21, 0x4000000000000001, 0x4000000000000002
HC3, HC4, BT2, BT3, BT4 = 3, 4, 0x12, 0x13, 0x14
FAST, NORMAL = 1, 2
EXTREME = 1 << 31

TELL_NO_CHECK, TELL_UNSUPPORTED_CHECK, TELL_ANY_CHECK, CONCATENATED, IGNORE_CHECK, \
    FAIL_FAST = 1, 2, 4, 8, 16, 32
STR_ALL_FILTERS, STR_NO_VALIDATION, STR_ENCODER, STR_DECODER = 1, 2, 0x10, 0x20
ITER_ANY, ITER_STREAM, ITER_BLOCK, ITER_NONEMPTY = range(4)


class Stream(ctypes.Structure):
    """lzma_stream"""
    _fields_ = [("next_in", c_void_p), ("avail_in", c_size_t), ("total_in", c_uint64),
                ("next_out", c_void_p), ("avail_out", c_size_t), ("total_out", c_uint64),
                ("allocator", c_void_p), ("internal", c_void_p),
                ("reserved_ptr", c_void_p * 4), ("seek_pos", c_uint64),
                ("reserved_int2", c_uint64), ("reserved_int3", c_size_t),
                ("reserved_int4", c_size_t), ("reserved_enum", c_int * 2)]


class Filter(ctypes.Structure):
    """lzma_filter"""
    _fields_ = [("id", c_uint64), ("options", c_void_p)]


class OptionsBcj(ctypes.Structure):
    """lzma_options_bcj"""
    _fields_ = [("start_offset", c_uint32)]

    def __repr__(self):
        return f"start={self.start_offset}"


class OptionsDelta(ctypes.Structure):
    """lzma_options_delta"""
    _fields_ = [("type", c_int), ("dist", c_uint32), ("reserved_int", c_uint32 * 4),
                ("reserved_ptr", c_void_p * 2)]

    def __repr__(self):
        return f"dist={self.dist}"


class OptionsLzma(ctypes.Structure):
    """lzma_options_lzma"""
    _fields_ = [("dict_size", c_uint32), ("preset_dict", c_void_p),
                ("preset_dict_size", c_uint32), ("lc", c_uint32), ("lp", c_uint32),
                ("pb", c_uint32), ("mode", c_int), ("nice_len", c_uint32), ("mf", c_int),
                ("depth", c_uint32), ("ext_flags", c_uint32), ("ext_size_low", c_uint32),
                ("ext_size_high", c_uint32), ("reserved_int", c_uint32 * 5),
                ("reserved_enum", c_int * 4), ("reserved_ptr", c_void_p * 2)]

    def __repr__(self):
        shown = "dict_size lc lp pb mode nice_len mf depth".split()
        return " ".join(f"{name}={getattr(self, name)}" for name in shown)


class Mt(ctypes.Structure):
    """lzma_mt"""
    _fields_ = [("flags", c_uint32), ("threads", c_uint32), ("block_size", c_uint64),
                ("timeout", c_uint32), ("preset", c_uint32), ("filters", POINTER(Filter)),
                ("check", c_int), ("reserved_enum", c_int * 3),
                ("reserved_int", c_uint32 * 4), ("memlimit_threading", c_uint64),
                ("memlimit_stop", c_uint64), ("reserved_int78", c_uint64 * 2),
                ("reserved_ptr", c_void_p * 4)]


class Block(ctypes.Structure):
    """lzma_block"""
    _fields_ = [("version", c_uint32), ("header_size", c_uint32), ("check", c_int),
                ("compressed_size", c_uint64), ("uncompressed_size", c_uint64),
                ("filters", POINTER(Filter)), ("raw_check", c_ubyte * 64),
                ("reserved_ptr", c_void_p * 3), ("reserved_int12", c_uint32 * 2),
                ("reserved_int", c_uint64 * 6), ("reserved_enum", c_int * 4),
                ("ignore_check", c_ubyte), ("reserved_bool", c_ubyte * 7)]


class StreamFlags(ctypes.Structure):
    """lzma_stream_flags"""
    _fields_ = [("version", c_uint32), ("backward_size", c_uint64), ("check", c_int),
                ("reserved_enum", c_int * 4), ("reserved_bool", c_ubyte * 8),
                ("reserved_int", c_uint32 * 2)]


class IterStream(ctypes.Structure):
    """lzma_index_iter.stream"""
    _fields_ = [("flags", POINTER(StreamFlags)), ("reserved_ptr", c_void_p * 3)] + [
        (name, c_uint64) for name in
        ("number", "block_count", "compressed_offset", "uncompressed_offset",
         "compressed_size", "uncompressed_size", "padding")] + [
        ("reserved_vli", c_uint64 * 4)]


class IterBlock(ctypes.Structure):
    """lzma_index_iter.block"""
    _fields_ = [(name, c_uint64) for name in
                ("number_in_file", "compressed_file_offset", "uncompressed_file_offset",
                 "number_in_stream", "compressed_stream_offset",
                 "uncompressed_stream_offset", "uncompressed_size", "unpadded_size",
                 "total_size")] + [
        ("reserved_vli", c_uint64 * 4), ("reserved_ptr", c_void_p * 4)]


class IndexIter(ctypes.Structure):
    """lzma_index_iter"""
    _fields_ = [("stream", IterStream), ("block", IterBlock), ("internal", c_uint64 * 6)]


_S, _F, _B, _SIZE = POINTER(Stream), c_void_p, POINTER(Block), POINTER(c_size_t)
_FLAGS, _ITER, _MT, _U64 = POINTER(StreamFlags), POINTER(IndexIter), POINTER(Mt), \
    POINTER(c_uint64)
_OPT = POINTER(OptionsLzma)
_P, _N, _U32, _V, _BOOL = c_void_p, c_size_t, c_uint32, c_uint64, c_ubyte
_OUT = [_P, _SIZE, _N]  # out, out_pos, out_size

# name: (result, arguments)
PROTOTYPES = {
    "lzma_version_number": (_U32, []),
    "lzma_version_string": (c_char_p, []),
    "lzma_code": (c_int, [_S, c_int]),
    "lzma_end": (None, [_S]),
    "lzma_get_progress": (None, [_S, _U64, _U64]),
    "lzma_memusage": (_V, [_S]),
    "lzma_memlimit_get": (_V, [_S]),
    "lzma_memlimit_set": (c_int, [_S, _V]),
    "lzma_vli_encode": (c_int, [_V, _SIZE] + _OUT),
    "lzma_vli_decode": (c_int, [_U64, _SIZE, _P, _SIZE, _N]),
    "lzma_vli_size": (_U32, [_V]),
    "lzma_check_is_supported": (_BOOL, [c_int]),
    "lzma_check_size": (_U32, [c_int]),
    "lzma_crc32": (_U32, [_P, _N, _U32]),
    "lzma_crc64": (_V, [_P, _N, _V]),
    "lzma_get_check": (c_int, [_S]),
    "lzma_filters_copy": (c_int, [_F, _F, _P]),
    "lzma_filters_free": (None, [_F, _P]),
    "lzma_raw_encoder_memusage": (_V, [_F]),
    "lzma_raw_decoder_memusage": (_V, [_F]),
    "lzma_raw_encoder": (c_int, [_S, _F]),
    "lzma_raw_decoder": (c_int, [_S, _F]),
    "lzma_filters_update": (c_int, [_S, _F]),
    "lzma_raw_buffer_encode": (c_int, [_F, _P, _P, _N] + _OUT),
    "lzma_raw_buffer_decode": (c_int, [_F, _P, _P, _SIZE, _N] + _OUT),
    "lzma_properties_size": (c_int, [POINTER(_U32), _F]),
    "lzma_filter_flags_size": (c_int, [POINTER(_U32), _F]),
    "lzma_filter_flags_encode": (c_int, [_F] + _OUT),
    "lzma_filter_flags_decode": (c_int, [_F, _P, _P, _SIZE, _N]),
    "lzma_str_to_filters": (c_char_p, [c_char_p, POINTER(c_int), _F, _U32, _P]),
    "lzma_str_from_filters": (c_int, [POINTER(_P), _F, _U32, _P]),
    "lzma_str_list_filters": (c_int, [POINTER(_P), _V, _U32, _P]),
    "lzma_bcj_arm64_encode": (_N, [_U32, _P, _N]),
    "lzma_bcj_arm64_decode": (_N, [_U32, _P, _N]),
    "lzma_bcj_riscv_encode": (_N, [_U32, _P, _N]),
    "lzma_bcj_riscv_decode": (_N, [_U32, _P, _N]),
    "lzma_bcj_x86_encode": (_N, [_U32, _P, _N]),
    "lzma_bcj_x86_decode": (_N, [_U32, _P, _N]),
    "lzma_lzma_preset": (_BOOL, [_OPT, _U32]),
    "lzma_easy_encoder_memusage": (_V, [_U32]),
    "lzma_easy_decoder_memusage": (_V, [_U32]),
    "lzma_easy_encoder": (c_int, [_S, _U32, c_int]),
    "lzma_easy_buffer_encode": (c_int, [_U32, c_int, _P, _P, _N] + _OUT),
    "lzma_stream_encoder": (c_int, [_S, _F, c_int]),
    "lzma_stream_encoder_mt_memusage": (_V, [_MT]),
    "lzma_stream_encoder_mt": (c_int, [_S, _MT]),
    "lzma_mt_block_size": (_V, [_F]),
    "lzma_alone_encoder": (c_int, [_S, _OPT]),
    "lzma_stream_buffer_bound": (_N, [_N]),
    "lzma_stream_buffer_encode": (c_int, [_F, c_int, _P, _P, _N] + _OUT),
    "lzma_microlzma_encoder": (c_int, [_S, _OPT]),
    "lzma_stream_decoder": (c_int, [_S, _V, _U32]),
    "lzma_stream_decoder_mt": (c_int, [_S, _MT]),
    "lzma_auto_decoder": (c_int, [_S, _V, _U32]),
    "lzma_alone_decoder": (c_int, [_S, _V]),
    "lzma_lzip_decoder": (c_int, [_S, _V, _U32]),
    "lzma_stream_buffer_decode": (c_int, [_U64, _U32, _P, _P, _SIZE, _N] + _OUT),
    "lzma_microlzma_decoder": (c_int, [_S, _V, _V, _BOOL, _U32]),
    "lzma_stream_header_encode": (c_int, [_FLAGS, _P]),
    "lzma_stream_footer_encode": (c_int, [_FLAGS, _P]),
    "lzma_stream_header_decode": (c_int, [_FLAGS, _P]),
    "lzma_stream_footer_decode": (c_int, [_FLAGS, _P]),
    "lzma_stream_flags_compare": (c_int, [_FLAGS, _FLAGS]),
    "lzma_block_header_size": (c_int, [_B]),
    "lzma_block_header_encode": (c_int, [_B, _P]),
    "lzma_block_header_decode": (c_int, [_B, _P, _P]),
    "lzma_block_compressed_size": (c_int, [_B, _V]),
    "lzma_block_unpadded_size": (_V, [_B]),
    "lzma_block_total_size": (_V, [_B]),
    "lzma_block_encoder": (c_int, [_S, _B]),
    "lzma_block_decoder": (c_int, [_S, _B]),
    "lzma_block_buffer_bound": (_N, [_N]),
    "lzma_block_buffer_encode": (c_int, [_B, _P, _P, _N] + _OUT),
    "lzma_block_uncomp_encode": (c_int, [_B, _P, _N] + _OUT),
    "lzma_block_buffer_decode": (c_int, [_B, _P, _P, _SIZE, _N] + _OUT),
    "lzma_index_memusage": (_V, [_V, _V]),
    "lzma_index_memused": (_V, [_P]),
    "lzma_index_init": (_P, [_P]),
    "lzma_index_end": (None, [_P, _P]),
    "lzma_index_append": (c_int, [_P, _P, _V, _V]),
    "lzma_index_stream_flags": (c_int, [_P, _FLAGS]),
    "lzma_index_checks": (_U32, [_P]),
    "lzma_index_stream_padding": (c_int, [_P, _V]),
    "lzma_index_iter_init": (None, [_ITER, _P]),
    "lzma_index_iter_rewind": (None, [_ITER]),
    "lzma_index_iter_next": (_BOOL, [_ITER, c_int]),
    "lzma_index_iter_locate": (_BOOL, [_ITER, _V]),
    "lzma_index_cat": (c_int, [_P, _P, _P]),
    "lzma_index_dup": (_P, [_P, _P]),
    "lzma_index_encoder": (c_int, [_S, _P]),
    "lzma_index_decoder": (c_int, [_S, POINTER(_P), _V]),
    "lzma_index_buffer_encode": (c_int, [_P] + _OUT),
    "lzma_index_buffer_decode": (c_int, [POINTER(_P), _U64, _P, _P, _SIZE, _N]),
    "lzma_file_info_decoder": (c_int, [_S, POINTER(_P), _V, _V]),
    "lzma_index_hash_init": (_P, [_P, _P]),
    "lzma_index_hash_end": (None, [_P, _P]),
    "lzma_index_hash_append": (c_int, [_P, _V, _V]),
    "lzma_index_hash_decode": (c_int, [_P, _P, _SIZE, _N]),
    "lzma_index_hash_size": (_V, [_P]),
}
PROTOTYPES.update({f"lzma_index_{what}": (_V, [_P]) for what in
                   ("stream_count", "block_count", "size", "stream_size", "total_size",
                    "file_size", "uncompressed_size")})


class Lzma:
    """A loaded liblzma; functions that it lacks are not attributes."""

    def __init__(self, path):
        self.path = path
        dll = ctypes.CDLL(path)
        for name, (result, arguments) in PROTOTYPES.items():
            try:
                function = getattr(dll, name)
            except AttributeError:
                continue  # a later version has it
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)

    def options(self, preset=6, **changes):
        """lzma_options_lzma of a preset, some members changed."""
        options = OptionsLzma()
        if self.lzma_lzma_preset(byref(options), preset):
            raise ValueError(f"preset {preset:#x}")
        for name, value in changes.items():
            setattr(options, name, value)
        return options


def system_library():
    """The machine's own liblzma, or None. To be called before another one is loaded."""
    try:
        importlib.import_module("lzma")  # brings the machine's library along
        with open("/proc/self/maps", encoding="ascii") as maps:
            paths = [line.split()[-1] for line in maps if "/liblzma.so" in line]
        return Lzma(paths[0]) if paths else None
    except (ImportError, OSError):
        return None


def compare(cases, ours, peer):
    """Runs each of (name, function of a library) with both, tells of those that give
    different results, and prints the closing line. Returns the exit status."""
    passed = failed = 0
    for case, run in cases:
        mine, other = run(ours), run(peer)
        passed += mine == other
        failed += mine != other
        if mine != other:
            print(f"{case}\n  ours {str(mine)[:400]}\n  peer {str(other)[:400]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def show_chain(array):
    return str([(f"{f.id:#x}", options) for f, options in zip(array, array.kept)])


def chain(*filters):
    """An array of lzma_filter from (id, options or None) pairs; keeps the options alive."""
    kind = type("Chain", (ctypes.Array,), {
        "_type_": Filter, "_length_": len(filters) + 1, "__repr__": show_chain})
    array = kind()
    for slot, (number, options) in zip(array, filters):
        slot.id = number
        slot.options = ctypes.addressof(options) if options is not None else None
    array[len(filters)].id = UNKNOWN
    array.kept = [options for _, options in filters]
    return array


def delta(distance):
    return (DELTA, OptionsDelta(type=0, dist=distance))


def bcj(number, start=None):
    return (number, None if start is None else OptionsBcj(start))


class Coder:
    """An lzma_stream with a coder; `with` frees it."""

    CANARY = b"\xA5" * 32

    def __init__(self, lib, start, *arguments):
        self.lib = lib
        self.strm = Stream()
        self.told = []  # NO_CHECK, UNSUPPORTED_CHECK, GET_CHECK as they came
        self.kept = arguments
        self.buffers = {}  # output buffers by size
        self.ret = start(byref(self.strm), *arguments)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lib.lzma_end(byref(self.strm))

    def feed(self, data, action=RUN, in_step=0, out_step=0, most=1 << 30):
        """Codes data, the last piece with action. Returns (last result, output).

        in_step and out_step are how many bytes a call gets at a time, or lists of such
        sizes to go through again and again; 0 is all at once, and 64 KiB. Goes on until
        the input is used up (RUN), the coder ends, fails, or has given most bytes.
        """
        if self.ret != OK:
            return self.ret, b""
        source = (c_ubyte * len(data)).from_buffer_copy(data) if data else None
        base = ctypes.addressof(source) if data else None
        in_steps = _steps(in_step, len(data))
        out_steps = _steps(out_step, 1 << 16)
        output, pos = bytearray(), 0
        while True:
            piece = min(next(in_steps), len(data) - pos)
            last = pos + piece == len(data)
            self.strm.next_in = base + pos if data else None
            self.strm.avail_in = piece
            ret = self._drain(action if last else RUN, out_steps, output, most)
            pos += piece - self.strm.avail_in
            if ret != OK or last or len(output) >= most:
                return ret, bytes(output)

    def _drain(self, action, out_steps, output, most):
        """Calls lzma_code() until it wants more input, or ends."""
        strm, code = self.strm, self.lib.lzma_code
        where = byref(strm)
        while True:
            size = next(out_steps)
            room, start = self._buffer(size)
            strm.next_out = start
            strm.avail_out = size
            ret = code(where, action)
            left = strm.avail_out
            if left < size:
                output += room[:size - left]
            if not room.endswith(self.CANARY):
                raise AssertionError("wrote behind the end of the output buffer")
            if ret in (NO_CHECK, UNSUPPORTED_CHECK, GET_CHECK):
                self.told.append(ret)
                continue
            if ret != OK or len(output) >= most:
                return ret
            if left > 0 and action == RUN and strm.avail_in == 0:
                return ret

    def _buffer(self, size):
        """An output buffer with a canary behind it, and its address."""
        if size not in self.buffers:
            room = bytearray(size) + self.CANARY
            held = (c_ubyte * len(room)).from_buffer(room)
            self.buffers[size] = room, ctypes.addressof(held)
        return self.buffers[size]


def _steps(sizes, default):
    if isinstance(sizes, int):
        sizes = [sizes or max(default, 1)]
    return itertools.cycle(sizes)


def encode(lib, start, *arguments, data=b"", **steps):
    """All of data through an encoder. Returns (result, output)."""
    with Coder(lib, start, *arguments) as coder:
        return coder.feed(data, FINISH, **steps)


decode = encode  # the same way through a decoder


def decode_xz(lib, packed, flags=CONCATENATED, **steps):
    """Content of .xz data: (result, output)."""
    return decode(lib, lib.lzma_stream_decoder, NO_LIMIT, flags, data=packed, **steps)


def mt_options(threads, **members):
    """lzma_mt for encoder or decoder; filters is an array from chain()."""
    options = Mt(threads=threads, memlimit_threading=NO_LIMIT, memlimit_stop=NO_LIMIT)
    for name, value in members.items():
        if name == "filters":
            options.kept = value
            value = ctypes.cast(value, POINTER(Filter))
        setattr(options, name, value)
    return options


def buffer_call(function, *arguments, data=b"", room=0, decoder=False):
    """A single-call coder whose arguments end with in, [in_pos,] in_size, out, ....

    Returns (result, output).
    """
    out = ctypes.create_string_buffer(max(room, 1))
    out_pos, in_pos = c_size_t(0), c_size_t(0)
    source = (byref(in_pos), len(data)) if decoder else (len(data),)
    ret = function(*arguments, data, *source, out, byref(out_pos), room)
    return ret, out.raw[:out_pos.value]
