#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""The table in docs/compatibility.md is true, and what no other test asks is asked here.

usage: compatibility_test.py [LIBRARY]

The table lists exactly the functions in symbols.txt, each with the header that declares
it, its symbol versions, and tests that exist and mention it.

Functions that need no coder (what is supported, how much memory, branch converters on
buffers) are called, and compared with the machine's own liblzma where it has them. Of the
deliberate differences, those that no other test shows are shown here.
"""

import ctypes
import os
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import cases
import lzma_ctypes as xz
from lzma_ctypes import chain

ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "compatibility.md"
ROW = re.compile(r"^\| `(lzma_\w+)` \| (\w+)\.h \| ([^|]+) \| ([^|]*) \| ([^|]*) \|$", re.M)
FILTERS = (xz.DELTA, *xz.BCJ, xz.LZMA1, xz.LZMA1EXT, xz.LZMA2)
FINDERS = (xz.HC3, xz.HC4, xz.BT2, xz.BT3, xz.BT4)
MIB = 1 << 20

THEIRS = xz.system_library()  # before ours, which has the same soname
OURS = xz.Lzma(cases.library_path())
LIBRARIES = [lib for lib in (OURS, THEIRS) if lib is not None]
CASES = cases.Cases()


# ---- The table --------------------------------------------------------------------

def exported():
    """{function: set of versions}"""
    versions = {}
    for line in (HERE / "symbols.txt").read_text(encoding="ascii").splitlines():
        name, _, version = line.partition("@")
        if version and not line.startswith("#"):
            versions.setdefault(name, set()).add(version.lstrip("@"))
    return versions


def mentions(path, function):
    """True if a test has the function's name; those beside this one may call it by the
    part behind lzma_, as a string."""
    text = path.read_text(encoding="utf-8")
    short = function.partition("_")[2]
    return re.search(rf"\b{function}\b", text) or (path.parent == HERE
                                                   and f'"{short}"' in text)


def check_row(function, header, versions, tests):
    declared = (ROOT / "include" / "lzma" / f"{header}.h").read_text(encoding="ascii")
    CASES.check(re.search(rf"LZMA_API\([^)]*\)+ {function}\(", declared),
                f"{function} is declared in lzma/{header}.h")
    CASES.equal(set(versions.split(", ")), exported()[function], f"versions of {function}")
    names = tests.split(", ")
    for name in names:
        path = ROOT / "tests" / name
        CASES.check(path.is_file() and mentions(path, function),
                    f"tests/{name} exists and mentions {function}")


def table():
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    named = [row[0] for row in rows]
    CASES.equal(sorted(named), sorted(exported()), "functions in the table")
    for function, header, versions, tests, _ in rows:
        if function in exported():
            check_row(function, header, versions, tests)


# ---- What is supported -------------------------------------------------------------

def function(lib, name, result, *arguments):
    """A function that lzma_ctypes does not declare."""
    found = ctypes.CDLL(lib.path)[name]
    found.restype, found.argtypes = result, list(arguments)
    return found


def supported(name, kind, known, others):
    """A question with a yes for what is known, a no for anything else."""
    def ask():
        found = function(OURS, name, ctypes.c_ubyte, kind)
        for value in known:
            CASES.check(found(value), f"{name}({value:#x})")
        for value in others:
            CASES.check(not found(value), f"{name}({value:#x}) is false")
    CASES.run(ask)


def all_supported():
    for name in ("lzma_filter_encoder_is_supported", "lzma_filter_decoder_is_supported"):
        supported(name, ctypes.c_uint64, FILTERS, (0, 1, 2, 0x0C, 0x20, 0x22, 1 << 62,
                                                   xz.LZMA1EXT + 1, xz.VLI_MAX, xz.UNKNOWN))
    supported("lzma_mf_is_supported", ctypes.c_int, FINDERS,
              (-1, 0, 1, 2, 5, 0x10, 0x11, 0x15, 0x103, 0x7FFFFFFF))
    supported("lzma_mode_is_supported", ctypes.c_int, (xz.FAST, xz.NORMAL),
              (-1, 0, 3, 0x101, 0x7FFFFFFF))
    supported("lzma_check_is_supported", ctypes.c_int, xz.CHECKS,
              (-1, 2, 3, 5, 9, 11, 15, 16, 17, 0x7FFFFFFF))
    sizes = [0] + [size for size in (4, 8, 16, 32, 64) for _ in range(3)]
    found = [OURS.lzma_check_size(check) for check in range(16)]
    CASES.equal(found, sizes, "lzma_check_size")
    for check in (-1, 16, 0x7FFFFFFF):
        CASES.equal(OURS.lzma_check_size(check), 2**32 - 1, f"lzma_check_size({check})")


# ---- Memory ------------------------------------------------------------------------

def easy_memory():
    """Presets take what their chain takes, and about what they take elsewhere; those
    that find matches in bulk up to 2.5 times that. Programs count on 48 MiB for 4."""
    CASES.check(OURS.lzma_easy_encoder_memusage(4) < 48 << 20, "preset 4 takes 48 MiB")
    for preset in list(range(10)) + [level | xz.EXTREME for level in range(10)]:
        filters = chain((xz.LZMA2, OURS.options(preset)))
        encoder = OURS.lzma_easy_encoder_memusage(preset)
        decoder = OURS.lzma_easy_decoder_memusage(preset)
        CASES.equal(encoder, OURS.lzma_raw_encoder_memusage(filters), f"encode {preset:#x}")
        CASES.equal(decoder, OURS.lzma_raw_decoder_memusage(filters), f"decode {preset:#x}")
        if THEIRS is not None:
            theirs = THEIRS.lzma_easy_encoder_memusage(preset)
            limit = 1.25 if preset <= 4 else 2.5
            lists = 1400 << 10 if preset <= 3 else 0  # of decisions: lzma/range_list.h
            CASES.check(encoder < limit * theirs + lists,
                        f"encode {preset:#x}: {encoder}, {theirs}")
            theirs = THEIRS.lzma_easy_decoder_memusage(preset)
            CASES.check(decoder < 1.05 * theirs, f"decode {preset:#x}: {decoder}, {theirs}")
    for preset in (10, 31, 32, 64, 6 | 1 << 30, 2**32 - 1):
        CASES.equal((OURS.lzma_easy_encoder_memusage(preset),
                     OURS.lzma_easy_decoder_memusage(preset)), (xz.UNKNOWN, xz.UNKNOWN),
                    f"no preset {preset:#x}")


def manual_memory():
    """The table of presets in xz.1 tells what they take, within 5 % or 1 MiB."""
    page = (ROOT / "man" / "xz.1").read_text(encoding="ascii")
    rows = re.findall(r"^\.It (\d) Ta \d+ .iB Ta (\d+) MiB Ta (\d+) MiB$", page, re.M)
    CASES.equal([row[0] for row in rows], list("0123456789"), "presets in xz.1")
    for preset, *said in rows:
        for text, name in zip(said, ("encoder", "decoder")):
            taken = getattr(OURS, f"lzma_easy_{name}_memusage")(int(preset)) / MIB
            CASES.check(abs(int(text) - taken) <= max(1, taken * 0.05),
                        f"xz.1: {name}, preset {preset}: {text} MiB, not {taken:.1f}")


def chains():
    """Good and bad ones."""
    lzma2 = (xz.LZMA2, OURS.options(1))
    lzma1 = (xz.LZMA1, OURS.options(1))
    yield from ([lzma2], [lzma1], [xz.delta(4), lzma2], [xz.bcj(xz.X86), lzma1], [],
                [xz.delta(4)], [lzma2, lzma2], [(99, None), lzma2], [xz.delta(0), lzma2],
                [xz.delta(257), lzma2], [xz.bcj(xz.ARM, 1), lzma2], [xz.bcj(xz.X86)] * 4)
    for change in ({"dict_size": 4095}, {"dict_size": (1536 << 20) + 1}, {"lc": 5},
                   {"lc": 3, "lp": 2}, {"pb": 5}, {"nice_len": 1}, {"nice_len": 274},
                   {"mf": 5}, {"mode": 3}):
        for number in (xz.LZMA1, xz.LZMA2):
            yield [(number, OURS.options(1, **change))]


def raw_memory():
    """Which chains can be used, as elsewhere; an answer holds the dictionary."""
    for filters in chains():
        array = chain(*filters)
        for name in ("lzma_raw_encoder_memusage", "lzma_raw_decoder_memusage"):
            answers = [getattr(lib, name)(array) for lib in LIBRARIES]
            CASES.equal(answers[0] == xz.UNKNOWN, answers[-1] == xz.UNKNOWN,
                        f"{name} {array!r}")
            if answers[0] != xz.UNKNOWN:
                options = filters[-1][1]
                CASES.check(answers[0] >= options.dict_size, f"{name} {array!r} too small")
    for lib_name in ("lzma_raw_encoder_memusage", "lzma_raw_decoder_memusage"):
        CASES.equal(getattr(OURS, lib_name)(None), xz.UNKNOWN, f"{lib_name}(NULL)")


def threaded_memory():
    size = OURS.lzma_mt_block_size
    for dict_size, expected in ((4096, MIB), (100 << 10, MIB), (MIB, 3 * MIB),
                                (64 * MIB, 192 * MIB), (0, xz.UNKNOWN)):
        filters = chain(xz.delta(1), (xz.LZMA2, OURS.options(1, dict_size=dict_size)))
        CASES.equal(size(filters), expected, f"lzma_mt_block_size, dict={dict_size}")
    for filters in ([], [(xz.LZMA1, OURS.options(1))], [xz.bcj(xz.X86)], [(xz.LZMA2, None)],
                    [xz.delta(1)] * 5 + [(xz.LZMA2, OURS.options(1))]):
        CASES.equal(size(chain(*filters)), xz.UNKNOWN, f"lzma_mt_block_size {filters}")
    CASES.equal(size(None), xz.UNKNOWN, "lzma_mt_block_size(NULL)")

    usage = OURS.lzma_stream_encoder_mt_memusage
    one = OURS.lzma_easy_encoder_memusage(1)
    before = 0
    for threads in (1, 2, 16, 16384):
        now = usage(xz.mt_options(threads, preset=1))
        CASES.check(now > before and now > threads * (one - MIB),
                    f"lzma_stream_encoder_mt_memusage with {threads} threads: {now}")
        before = now
    for bad in ({"threads": 0}, {"threads": 16385}, {"flags": 1}, {"preset": 10},
                {"block_size": 2**63}, {"filters": chain((xz.LZMA1, OURS.options(1)))}):
        options = xz.mt_options(**{"threads": 2, "preset": 1, **bad})
        CASES.equal(usage(options), xz.UNKNOWN, f"lzma_stream_encoder_mt_memusage {bad}")
    CASES.equal(usage(None), xz.UNKNOWN, "lzma_stream_encoder_mt_memusage(NULL)")
    if THEIRS is not None:
        memory_with_threads()


def memory_with_threads():
    """With threads no more memory is asked for than XZ Utils takes."""
    for level in [*range(10), *(extreme | xz.EXTREME for extreme in range(10))]:
        options = xz.mt_options(2, preset=level)
        ours, theirs = (lib.lzma_stream_encoder_mt_memusage(options)
                        for lib in (OURS, THEIRS))
        CASES.check(ours <= theirs, f"preset {level:#x}: {ours} bytes, XZ Utils {theirs}")


# ---- Branch converters on buffers --------------------------------------------------

CONVERTERS = {  # encoder, decoder, alignment, most bytes left over
    xz.ARM64: ("lzma_bcj_arm64_encode", "lzma_bcj_arm64_decode", 4, 3),
    xz.RISCV: ("lzma_bcj_riscv_encode", "lzma_bcj_riscv_decode", 2, 7),
    xz.X86: ("lzma_bcj_x86_encode", "lzma_bcj_x86_decode", 1, 4),
}


def code_samples():
    """Bytes in which every converter finds something to convert."""
    x86 = b"".join(b"\xe8" + (i * 5).to_bytes(3, "little") + b"\0" + bytes([i % 250])
                   for i in range(400))
    arm64 = b"".join((0x94000000 | i * 17).to_bytes(4, "little") +
                     (0x90000000 | i * 32).to_bytes(4, "little") for i in range(400))
    riscv = b"".join((0xEF | i << 20).to_bytes(4, "little") +
                     (0x97 | i << 12).to_bytes(4, "little") +
                     (0x8080E7).to_bytes(4, "little") for i in range(400))
    return x86, arm64, riscv, (ROOT / "README.md").read_bytes(), b"", b"\xe8", x86[:9]


def as_filter(number, start, data):
    """What the filter of a chain makes of data: encoded with it, decoded without."""
    lzma2 = (xz.LZMA2, OURS.options(0))
    packed = xz.buffer_call(OURS.lzma_raw_buffer_encode, chain((xz.bcj(number, start)), lzma2),
                            None, data=data, room=len(data) * 2 + 99)[1]
    return xz.buffer_call(OURS.lzma_raw_buffer_decode, chain(lzma2), None, data=packed,
                          room=len(data), decoder=True)[1]


def converters():
    for number, (encoder, decoder, alignment, waiting) in CONVERTERS.items():
        changed = False
        for data in code_samples():
            for start in (0, 4096, 2**32 - 4096):
                buf = ctypes.create_string_buffer(data, len(data) + 1)
                what = f"{encoder}, start {start:#x}, {len(data)} bytes"
                done = getattr(OURS, encoder)(start, buf, len(data))
                CASES.check(len(data) - waiting <= done <= len(data)
                            and (done % alignment == 0), f"{what}: {done} done")
                CASES.equal(buf.raw[:-1], as_filter(number, start, data), what)
                changed = changed or buf.raw[:-1] != data
                CASES.equal(getattr(OURS, decoder)(start, buf, len(data)), done, what)
                CASES.equal(buf.raw[:-1], data, f"{decoder} restores, {what}")
        CASES.check(changed, f"{encoder} has something to convert")


# ---- Deliberate differences that no other test shows -------------------------------

def index_differences():
    """1, 2, 4, 39"""
    first, second = OURS.lzma_index_init(None), OURS.lzma_index_init(None)
    place = xz.IndexIter()
    OURS.lzma_index_iter_init(place, first)
    CASES.check(not OURS.lzma_index_iter_next(place, xz.ITER_ANY), "at the empty Stream")
    for index, check in ((first, xz.CHECK_CRC64), (second, xz.CHECK_CRC32)):
        flags = xz.StreamFlags(check=check, backward_size=xz.UNKNOWN)
        CASES.equal(OURS.lzma_index_stream_flags(index, flags), xz.OK, "flags")
        for size in (2**61, 2**61 - 1):
            CASES.equal(OURS.lzma_index_append(index, None, 100, size), xz.OK, "append")
    CASES.check(not OURS.lzma_index_iter_next(place, xz.ITER_ANY), "at a Block")
    CASES.equal(place.block.number_in_file, 1, "the first Block behind an empty Stream")
    CASES.equal(OURS.lzma_index_cat(first, second, None), xz.OK, "join")
    CASES.equal(OURS.lzma_index_append(first, None, 100, 2), xz.DATA_ERROR, "2^63 bytes")
    CASES.equal(OURS.lzma_index_append(first, None, 100, 1), xz.OK, "2^63 - 1 bytes")
    copy = OURS.lzma_index_dup(first, None)
    CASES.equal(OURS.lzma_index_checks(copy), 1 << xz.CHECK_CRC32 | 1 << xz.CHECK_CRC64,
                "Checks of a copy")
    OURS.lzma_index_end(copy, None)
    OURS.lzma_index_end(first, None)
    records = OURS.lzma_index_hash_init(None, None)
    size = OURS.lzma_index_hash_size(records)
    CASES.equal(OURS.lzma_index_hash_append(records, 2**63 - 4, 1), xz.DATA_ERROR, "too much")
    CASES.equal(OURS.lzma_index_hash_size(records), size, "size after a refused Record")
    CASES.equal(OURS.lzma_index_hash_append(records, 100, 1), xz.OK, "one that fits")
    OURS.lzma_index_hash_end(records, None)


def header_differences():
    """6, 7, 8"""
    for size, expected in ((2**63 - 4, xz.OK), (2**63 - 3, xz.DATA_ERROR)):
        block = xz.Block(header_size=12, check=1, compressed_size=xz.UNKNOWN)
        CASES.equal(OURS.lzma_block_compressed_size(block, size), expected,
                    f"lzma_block_compressed_size, {size:#x}")
    filters = (xz.Filter * 5)()
    for string, flags in ((None, 0), (b"lzma2", 0x400)):
        where = ctypes.c_int(77)
        message = OURS.lzma_str_to_filters(string, where, filters, flags, None)
        CASES.check(message is not None and where.value == 0, f"error_pos, {string}")
    for data in (b"\x21\x01\x99", b"\x21\x01", b"\x63\0", b""):
        pos = ctypes.c_size_t(0)
        ret = OURS.lzma_filter_flags_decode(filters, None, data, pos, len(data))
        CASES.check(ret != xz.OK and pos.value == 0, f"Filter Flags {data}")
    for room in (0, 1, 9):
        pos = ctypes.c_size_t(0)
        ret = OURS.lzma_filter_flags_encode(chain((0x77, None)), ctypes.create_string_buffer(9),
                                            pos, room)
        CASES.check(ret != xz.OK and pos.value == 0, f"Filter Flags into {room} bytes")


def encoder_differences():
    """18, 21"""
    lzma1, lzma2 = chain((xz.LZMA1, OURS.options(0))), chain((xz.LZMA2, OURS.options(0)))
    options = xz.mt_options(1, check=1, filters=lzma2)
    for start, argument in ((OURS.lzma_stream_encoder_mt, options),
                            (OURS.lzma_raw_encoder, lzma2)):
        with xz.Coder(OURS, start, argument) as coder:
            CASES.equal(OURS.lzma_filters_update(coder.strm, lzma1), xz.PROG_ERROR,
                        f"LZMA1 in place of LZMA2, {start.__name__}")
            ret, packed = coder.feed(b"text", xz.FINISH)
            CASES.check(ret == xz.STREAM_END and packed, "the old filters still serve")
    with xz.Coder(OURS, OURS.lzma_raw_encoder, lzma2) as coder:
        CASES.equal(OURS.lzma_code(coder.strm, xz.SYNC_FLUSH), xz.STREAM_END,
                    "nothing to flush, without room")
        text = ctypes.create_string_buffer(b"text")
        coder.strm.next_in, coder.strm.avail_in = ctypes.addressof(text), 4
        CASES.equal(OURS.lzma_code(coder.strm, xz.RUN), xz.OK, "input without room")
        CASES.equal(coder.strm.avail_in, 0, "what is left of it")


def null_pointers():
    """24"""
    for name, arguments, expected in (
            ("lzma_code", (None, xz.RUN), xz.PROG_ERROR), ("lzma_get_check", (None,), 0),
            ("lzma_filters_update", (None, None), xz.PROG_ERROR),
            ("lzma_alone_encoder", (xz.Stream(), None), xz.PROG_ERROR),
            ("lzma_microlzma_encoder", (xz.Stream(), None), xz.PROG_ERROR),
            ("lzma_stream_decoder_mt", (xz.Stream(), None), xz.PROG_ERROR),
            ("lzma_block_header_size", (None,), xz.PROG_ERROR)):
        CASES.equal(getattr(OURS, name)(*arguments), expected, f"{name} with NULL")
    for number in (xz.LZMA1, xz.LZMA2):
        filters = chain((number, None))
        for name in ("lzma_raw_encoder", "lzma_raw_decoder"):
            CASES.equal(getattr(OURS, name)(xz.Stream(), filters), xz.PROG_ERROR,
                        f"{name}, {number:#x} without options")
            CASES.equal(getattr(OURS, name + "_memusage")(filters), xz.UNKNOWN,
                        f"{name}_memusage, {number:#x} without options")


def machine():
    CASES.equal(function(OURS, "lzma_cputhreads", ctypes.c_uint32)(),
                len(os.sched_getaffinity(0)), "lzma_cputhreads")
    CASES.equal(function(OURS, "lzma_physmem", ctypes.c_uint64)(),
                os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), "lzma_physmem")


def main():
    for part in (table, all_supported, easy_memory, manual_memory, raw_memory,
                 threaded_memory, converters, machine, index_differences,
                 header_differences, encoder_differences, null_pointers):
        CASES.run(part)
    return CASES.finish()


if __name__ == "__main__":
    sys.exit(main())
