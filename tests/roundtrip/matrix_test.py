# SPDX-License-Identifier: 0BSD
"""Presets, filters, checks, sizes of pieces, flushes and threads: all of them round trip.

usage: matrix_test.py [LIBRARY]

Everything goes through the shared library, and back through it and through the machine's
own liblzma, which need not agree with it about anything but the format.
"""

import ctypes
import itertools
import pathlib
import random
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cases
import lzma_ctypes as xz
from lzma_ctypes import FINISH, OK, STREAM_END, NO_LIMIT, chain, decode, encode

THEIRS = xz.system_library()  # before ours, which has the same soname
OURS = xz.Lzma(cases.library_path())
CASES = cases.Cases()
RANDOM = random.Random(2024)

SCALE = 4 if cases.SANITIZED else 1  # data is that much smaller

STEPS = [(0, 0), (1, 1), (1, 0), (0, 1), (7, 13), ([1, 2, 300], [4096, 5])]


def text(size):
    """Words in random order: compressible, with matches of all distances."""
    words = [bytes(RANDOM.choices(b"abcdefghijklmnop", k=RANDOM.randint(2, 9)))
             for _ in range(400)]
    out = bytearray()
    while len(out) < size:
        out += RANDOM.choice(words) + b" "
    return bytes(out[:size])


def machine_code(size):
    """Code of this program, so that branch converters have something to convert."""
    with open(OURS.path, "rb") as library:
        data = library.read()
    return (data[0x8000:] + data)[:size]


def samples(size):
    """{name: bytes} of many kinds, around size bytes."""
    noise = RANDOM.randbytes(size)
    return {
        "empty": b"", "one byte": b"x", "two bytes": b"xy", "zeros": bytes(size),
        "text": text(size), "code": machine_code(size), "noise": noise,
        "noise then zeros": noise[:size // 2] + bytes(size // 2),
        "distance 1 to 5": b"".join(bytes([i]) * 300 + b"ab" * i for i in range(250))[:size],
        "counter": b"".join(i.to_bytes(4, "little") for i in range(size // 4)),
    }


def decoders(lib, filters):
    """True if lib has all filters of a chain."""
    newer = any(number == xz.RISCV for number, _ in filters)
    return lib is not None and (not newer or hasattr(lib, "lzma_bcj_riscv_decode"))


def check_stream(packed, data, what, filters=()):
    """One case: .xz data restores, here and with the machine's library."""
    for name, lib in (("ours", OURS), ("machine's", THEIRS)):
        if decoders(lib, filters):
            ret, out = xz.decode_xz(lib, packed)
            if ret != STREAM_END or out != data:
                CASES.check(False, f"{what}, {name} decoder: {xz.RET_NAMES[ret]}, "
                                   f"{len(out)} of {len(data)} bytes")
                return
    CASES.check(True, what)


def presets():
    data = text(150_000 // SCALE)
    levels = range(10) if not cases.SANITIZED else (0, 3, 6)
    for level, extreme in itertools.product(levels, (0, xz.EXTREME)):
        ret, packed = encode(OURS, OURS.lzma_easy_encoder, level | extreme, xz.CHECK_CRC64,
                             data=data)
        if CASES.equal(ret, STREAM_END, f"preset {level:#x}"):
            check_stream(packed, data, f"preset {level | extreme:#x}")


def chains():
    """(name, filters): many chains that the .xz format allows."""
    def lzma2(preset=1, **changes):
        return (xz.LZMA2, OURS.options(preset, **changes))

    for lc, lp, pb in ((0, 0, 0), (4, 0, 0), (0, 4, 4), (2, 2, 1), (3, 1, 2), (1, 3, 3)):
        yield f"lc={lc} lp={lp} pb={pb}", [lzma2(lc=lc, lp=lp, pb=pb)]
    finders = (xz.HC3, xz.HC4, xz.BT2, xz.BT3, xz.BT4)
    for mf, mode, nice in itertools.product(finders, (xz.FAST, xz.NORMAL), (2, 5, 64, 273)):
        yield f"mf={mf:#x} mode={mode} nice={nice}", [lzma2(mf=mf, mode=mode, nice_len=nice)]
    for dict_size in (4096, 4097, 5000, 65536, 65537, 3 << 20):
        for preset in (0, 5):
            yield f"dict={dict_size} preset={preset}", [lzma2(preset, dict_size=dict_size)]
    for depth in (1, 2, 1000):
        yield f"depth={depth}", [lzma2(5, depth=depth)]
    for distance in (1, 2, 3, 4, 255, 256):
        yield f"delta={distance}", [xz.delta(distance), lzma2()]
    for number in xz.BCJ:
        step = xz.BCJ_ALIGNMENT[number]
        for start in (None, 0, step, 0xFFFF_FFF0, 4096):
            yield f"bcj {number} start={start}", [xz.bcj(number, start), lzma2()]
    yield "four filters", [xz.bcj(xz.X86), xz.delta(4), xz.bcj(xz.ARM), lzma2()]
    yield "four filters again", [xz.delta(1), xz.delta(2), xz.delta(256), lzma2(6)]
    yield "x86 twice", [xz.bcj(xz.X86), xz.bcj(xz.X86, 100), lzma2()]


def filters_and_steps():
    data = samples(20_000 // SCALE)
    every = itertools.cycle(itertools.product(STEPS, xz.CHECKS))
    for name, filters in chains():
        array = chain(*filters)
        for kind in ("text", "code", "noise then zeros"):
            steps, check = next(every)
            what = f"{name}, check {check}, {kind}, pieces {steps}"
            ret, packed = encode(OURS, OURS.lzma_stream_encoder, array, check,
                                 data=data[kind], in_step=steps[0], out_step=steps[1])
            if CASES.equal(ret, STREAM_END, what):
                check_stream(packed, data[kind], what, filters)


def kinds_of_data():
    """Each kind of data with a fast and a normal encoder, all checks, all piece sizes."""
    for kind, data in samples(70_000 // SCALE).items():
        for preset, check in itertools.product((0, 2, 5), xz.CHECKS):
            what = f"{kind}, preset {preset}, check {check}"
            ret, packed = encode(OURS, OURS.lzma_easy_encoder, preset, check, data=data)
            if CASES.equal(ret, STREAM_END, what):
                check_stream(packed, data, what)
        reference = encode(OURS, OURS.lzma_easy_encoder, 2, xz.CHECK_CRC64, data=data)[1]
        for in_step, out_step in STEPS:
            what = f"{kind}, pieces {in_step}, {out_step}"
            got = encode(OURS, OURS.lzma_easy_encoder, 2, xz.CHECK_CRC64, data=data,
                         in_step=in_step, out_step=out_step)
            CASES.equal(got, (STREAM_END, reference), f"encoder makes the same of {what}")
            got = xz.decode_xz(OURS, reference, in_step=in_step, out_step=out_step)
            CASES.equal(got, (STREAM_END, data), f"decoder makes the same of {what}")


def big_data():
    """More than a chunk, a dictionary and a window of the encoder can hold."""
    size = (9 << 20) // SCALE
    parts = {"zeros": bytes(size), "text": text(size // 8) * 8,
             "noise": RANDOM.randbytes(size // 3), "code": machine_code(1 << 20) * 4}
    for (kind, data), preset in itertools.product(parts.items(), (0, 1, 4)):
        options = OURS.options(preset, dict_size=1 << 18)
        for array in (chain((xz.LZMA2, OURS.options(preset))), chain((xz.LZMA2, options))):
            ret, packed = encode(OURS, OURS.lzma_stream_encoder, array, xz.CHECK_CRC32,
                                 data=data, in_step=100_003)
            what = f"{len(data)} bytes of {kind}, preset {preset}"
            if CASES.equal(ret, STREAM_END, what):
                check_stream(packed, data, what)


def legacy_formats():
    """.lzma, MicroLZMA, and raw LZMA1 with and without end marker."""
    for (kind, data), preset in itertools.product(samples(30_000 // SCALE).items(), (0, 4)):
        options = OURS.options(preset, dict_size=1 << 16, lc=0, lp=2)
        ret, packed = encode(OURS, OURS.lzma_alone_encoder, options, data=data, in_step=999)
        what = f"{kind}, preset {preset}"
        CASES.equal(ret, STREAM_END, f".lzma of {what}")
        for lib, step in ((OURS, 0), (OURS, 1), (THEIRS, 0)):
            if lib:
                got = decode(lib, lib.lzma_alone_decoder, NO_LIMIT, data=packed,
                             in_step=step, out_step=step)
                CASES.equal(got, (STREAM_END, data), f".lzma of {what}, pieces {step}")
        array = chain((xz.LZMA1, options))
        ret, packed = encode(OURS, OURS.lzma_raw_encoder, array, data=data, in_step=77)
        CASES.equal(ret, STREAM_END, f"raw LZMA1 of {what}")
        for lib in filter(None, (OURS, THEIRS)):
            got = decode(lib, lib.lzma_raw_decoder, array, data=packed, out_step=50)
            CASES.equal(got, (STREAM_END, data), f"raw LZMA1 of {what}")
        lzma1_with_size(options, data, what)
        microlzma(options, data, what)


def lzma1_with_size(options, data, what):
    """LZMA1EXT: the size is known from elsewhere, the end marker is optional."""
    options.ext_size_low, options.ext_size_high = len(data), 0
    for flags in (0, 1):
        options.ext_flags = flags
        array = chain((xz.LZMA1EXT, options))
        ret, packed = encode(OURS, OURS.lzma_raw_encoder, array, data=data)
        CASES.equal(ret, STREAM_END, f"LZMA1EXT {flags} of {what}")
        for lib, step in ((OURS, 0), (OURS, 1), (THEIRS, 0)):
            if lib:
                got = decode(lib, lib.lzma_raw_decoder, array, data=packed, in_step=step)
                CASES.equal(got, (STREAM_END, data), f"LZMA1EXT {flags} of {what}")


def microlzma(options, data, what):
    """As much input as fits into a given room."""
    for room in (6, 100, 4096, 1 << 17):
        with xz.Coder(OURS, OURS.lzma_microlzma_encoder, options) as coder:
            ret, packed = coder.feed(data, FINISH, out_step=room)
            taken = coder.strm.total_in
        CASES.check(ret == STREAM_END and len(packed) <= room,
                    f"MicroLZMA in {room} bytes of {what}: {xz.RET_NAMES[ret]}, "
                    f"{len(packed)} bytes")
        for lib in filter(None, (OURS, THEIRS)):
            got = decode(lib, lib.lzma_microlzma_decoder, len(packed), taken, True,
                         options.dict_size, data=packed)
            CASES.equal(got, (STREAM_END, data[:taken]), f"MicroLZMA {room} of {what}")


def single_calls():
    """The functions from memory to memory, with the room that they promise to need."""
    for kind, data in samples(100_000).items():
        array = chain(xz.delta(2), (xz.LZMA2, OURS.options(1)))
        room = OURS.lzma_stream_buffer_bound(len(data))
        ret, packed = xz.buffer_call(OURS.lzma_stream_buffer_encode, array, xz.CHECK_SHA256,
                                     None, data=data, room=room)
        if CASES.equal(ret, OK, f"stream_buffer_encode of {kind}"):
            check_stream(packed, data, f"stream_buffer_encode of {kind}")
        ret, packed = xz.buffer_call(OURS.lzma_easy_buffer_encode, 0, xz.CHECK_CRC64, None,
                                     data=data, room=room)
        if CASES.equal(ret, OK, f"easy_buffer_encode of {kind}"):
            check_stream(packed, data, f"easy_buffer_encode of {kind}")
            got = xz.buffer_call(OURS.lzma_stream_buffer_decode,
                                 ctypes.byref(ctypes.c_uint64(NO_LIMIT)), 0, None,
                                 data=packed, room=len(data), decoder=True)
            CASES.equal(got, (OK, data), f"stream_buffer_decode of {kind}")
        ret, packed = xz.buffer_call(OURS.lzma_raw_buffer_encode, array, None, data=data,
                                     room=room)
        got = xz.buffer_call(OURS.lzma_raw_buffer_decode, array, None, data=packed,
                             room=len(data), decoder=True)
        CASES.equal(got, (OK, data), f"raw_buffer_* of {kind}")
        blocks(kind, data)


def blocks(kind, data):
    """Blocks by themselves, compressed and stored."""
    room = OURS.lzma_block_buffer_bound(len(data))
    for check, stored in itertools.product(xz.CHECKS, (False, True)):
        what = f"Block of {kind}, check {check}, stored {stored}"
        array = chain((xz.LZMA2, OURS.options(1, dict_size=1 << 17)))
        block = xz.Block(check=check, filters=ctypes.cast(array, xz.POINTER(xz.Filter)))
        if stored:
            ret, packed = xz.buffer_call(OURS.lzma_block_uncomp_encode, ctypes.byref(block),
                                         data=data, room=room)
        else:
            ret, packed = xz.buffer_call(OURS.lzma_block_buffer_encode, ctypes.byref(block),
                                         None, data=data, room=room)
        if not CASES.equal(ret, OK, what):
            continue
        CASES.equal(OURS.lzma_block_total_size(ctypes.byref(block)), len(packed),
                    f"total size, {what}")
        for lib in filter(None, (OURS, THEIRS)):
            CASES.equal(decode_block(lib, check, packed), (STREAM_END, data), what)


def decode_block(lib, check, packed):
    """Block Header, then lzma_block_decoder() on the rest: (result, output)."""
    array = chain(*[(0, None)] * 4)
    block = xz.Block(version=1, check=check,
                     filters=ctypes.cast(array, xz.POINTER(xz.Filter)),
                     header_size=(packed[0] + 1) * 4)
    ret = lib.lzma_block_header_decode(ctypes.byref(block), None, packed)
    if ret != OK:
        return ret, b""
    got = decode(lib, lib.lzma_block_decoder, ctypes.byref(block),
                 data=packed[block.header_size:], in_step=100)
    lib.lzma_filters_free(array, None)
    return got


def flushes():
    """All that was given before a flush can be decoded from what came out of it."""
    data = samples(40_000)  # the pieces below fit to it
    for kind, action, filters in itertools.product(
            ("text", "noise", "zeros"), (xz.SYNC_FLUSH, xz.FULL_FLUSH, xz.FULL_BARRIER),
            ([(xz.LZMA2, OURS.options(0))], [(xz.LZMA2, OURS.options(6))],
             [xz.delta(3), (xz.LZMA2, OURS.options(1))])):
        for sizes in ([0, 1, 2, 0, 300, 70, 20_000], [4096] * 5, [39_999, 1]):
            what = f"flush {action}, {kind}, {sizes[:4]}, {len(filters)} filters"
            flush_points(what, data[kind], sizes, action, chain(*filters))


def flush_points(what, data, sizes, action, array):
    """Gives data in pieces of sizes with a flush behind each, then the rest."""
    with xz.Coder(OURS, OURS.lzma_stream_encoder, array, xz.CHECK_CRC32) as encoder, \
            xz.Coder(OURS, OURS.lzma_stream_decoder, NO_LIMIT, 0) as decoder:
        packed, restored, pos = b"", b"", 0
        for size in sizes:
            ret, out = encoder.feed(data[pos:pos + size], action, in_step=700, out_step=90)
            pos += size
            packed += out
            ret_decoder, out = decoder.feed(out, xz.RUN, out_step=1000)
            restored += out
            if (ret, ret_decoder, restored) != (STREAM_END, OK, data[:pos]):
                CASES.check(False, f"{what} at {pos}: encoder {xz.RET_NAMES[ret]}, decoder "
                                   f"{xz.RET_NAMES[ret_decoder]}, {len(restored)} bytes")
                return
        ret, out = encoder.feed(data[pos:], FINISH)
    CASES.equal(ret, STREAM_END, what)
    check_stream(packed + out, data, what)


def raw_flushes():
    """LZMA_SYNC_FLUSH in raw and Block encoders; branch converters and LZMA1 cannot."""
    data = text(30_000)
    array = chain(xz.delta(1), (xz.LZMA2, OURS.options(1)))
    with xz.Coder(OURS, OURS.lzma_raw_encoder, array) as encoder, \
            xz.Coder(OURS, OURS.lzma_raw_decoder, array) as decoder:
        restored = b""
        for pos in range(0, len(data), 3000):
            ret, out = encoder.feed(data[pos:pos + 3000], xz.SYNC_FLUSH)
            restored += decoder.feed(out)[1]
            CASES.check(ret == STREAM_END and restored == data[:pos + 3000],
                        f"raw flush at {pos}: {xz.RET_NAMES[ret]}, {len(restored)} bytes")
        restored += decoder.feed(encoder.feed(b"", FINISH)[1])[1]
        CASES.equal(restored, data, "raw flush, the end")
    for number in xz.BCJ:
        array = chain(xz.bcj(number), (xz.LZMA2, OURS.options(1)))
        with xz.Coder(OURS, OURS.lzma_raw_encoder, array) as encoder:
            ret, _ = encoder.feed(data, xz.SYNC_FLUSH)
            CASES.equal(ret, xz.OPTIONS_ERROR, f"flush with branch converter {number}")
    with xz.Coder(OURS, OURS.lzma_raw_encoder, chain((xz.LZMA1, OURS.options(1)))) as coder:
        CASES.equal(coder.feed(data, xz.SYNC_FLUSH)[0], xz.OPTIONS_ERROR, "flush with LZMA1")
    with xz.Coder(OURS, OURS.lzma_alone_encoder, OURS.options(1)) as coder:
        CASES.equal(coder.feed(data, xz.SYNC_FLUSH)[0], xz.PROG_ERROR, "flush of .lzma")


def new_filters():
    """lzma_filters_update() between Blocks, and lc/lp/pb after LZMA_SYNC_FLUSH."""
    data = text(60_000)
    changes = [(xz.FULL_FLUSH, [xz.delta(2), (xz.LZMA2, OURS.options(0))]),
               (xz.FULL_FLUSH, [xz.bcj(xz.X86), (xz.LZMA2, OURS.options(4))]),
               (xz.FULL_FLUSH, [(xz.LZMA2, OURS.options(1, lc=0, lp=0, pb=0))]),
               (xz.SYNC_FLUSH, [(xz.LZMA2, OURS.options(1, lc=1, lp=3, pb=4))]),
               (xz.SYNC_FLUSH, [(xz.LZMA2, OURS.options(1, lc=4, lp=0, pb=1))])]
    array = chain((xz.LZMA2, OURS.options(0)))
    with xz.Coder(OURS, OURS.lzma_stream_encoder, array, xz.CHECK_CRC64) as coder:
        packed, pos = b"", 0
        for action, filters in changes:
            ret, out = coder.feed(data[pos:pos + 10_000], action)
            packed, pos = packed + out, pos + 10_000
            CASES.equal(ret, STREAM_END, f"flush before new filters at {pos}")
            array = chain(*filters)
            ret = OURS.lzma_filters_update(ctypes.byref(coder.strm), array)
            CASES.equal(ret, OK, f"new filters at {pos}")
        packed += coder.feed(data[pos:], FINISH)[1]
    check_stream(packed, data, "Blocks with filters of their own")


def threads():
    """Threaded coders: the same bytes for any number of threads, all restored."""
    for kind, size in (("text", 200_000), ("noise", 70_000), ("zeros", 500_000),
                       ("empty", 0), ("one byte", 0)):
        data = samples(size)[kind]
        for block_size, preset in itertools.product((10_000, 65_536, 0), (0, 4)):
            made = {}
            for count, timeout in itertools.product((1, 2, 5), (0, 1)):
                options = xz.mt_options(count, block_size=block_size, timeout=timeout,
                                        preset=preset, check=xz.CHECK_CRC32)
                made[count, timeout] = encode(OURS, OURS.lzma_stream_encoder_mt, options,
                                              data=data, in_step=9000, out_step=3333)
            what = f"threads, {kind}, blocks of {block_size}, preset {preset}"
            CASES.equal(len(set(made.values())), 1, f"{what}: different results")
            ret, packed = made[1, 0]
            if CASES.equal(ret, STREAM_END, what):
                check_stream(packed, data, what)
                threaded_decoding(what, packed, data, preset == 0)


def threaded_decoding(what, packed, data, by_bytes):
    """by_bytes: also in single bytes, if there are not too many."""
    both = packed + bytes(8) + packed
    for count, (in_step, out_step) in itertools.product((1, 2, 5), STEPS[:2] + STEPS[4:]):
        if in_step == 1 and (not by_bytes or len(data) > 100_000):
            continue
        options = xz.mt_options(count, flags=xz.CONCATENATED)
        got = decode(OURS, OURS.lzma_stream_decoder_mt, options, data=both,
                     in_step=in_step, out_step=out_step)
        CASES.equal(got, (STREAM_END, data * 2), f"{what}, decoded by {count}, {in_step}")
    options = xz.mt_options(4, flags=xz.CONCATENATED, memlimit_threading=1, timeout=1)
    got = decode(OURS, OURS.lzma_stream_decoder_mt, options, data=both)
    CASES.equal(got, (STREAM_END, data * 2), f"{what}, decoded with little memory")


def threaded_flushes():
    data = text(90_000)
    for action in (xz.FULL_FLUSH, xz.FULL_BARRIER):
        options = xz.mt_options(3, block_size=7000, preset=1, check=xz.CHECK_CRC64)
        with xz.Coder(OURS, OURS.lzma_stream_encoder_mt, options) as encoder, \
                xz.Coder(OURS, OURS.lzma_stream_decoder, NO_LIMIT, 0) as decoder:
            packed, restored, pos = b"", b"", 0
            for size in (0, 1, 6999, 7000, 7001, 30_000, 0):
                ret, out = encoder.feed(data[pos:pos + size], action, out_step=500)
                packed, pos = packed + out, pos + size
                restored += decoder.feed(out)[1]
                CASES.equal(ret, STREAM_END, f"threads, flush {action} at {pos}")
                if action == xz.FULL_FLUSH:
                    CASES.equal(restored, data[:pos], f"threads, flush at {pos}")
            packed += encoder.feed(data[pos:], FINISH)[1]
        check_stream(packed, data, f"threads, flush {action}")
        with xz.Coder(OURS, OURS.lzma_stream_encoder_mt, options) as encoder:
            CASES.equal(encoder.feed(data, xz.SYNC_FLUSH)[0], xz.PROG_ERROR,
                        "threads, LZMA_SYNC_FLUSH")


def preset_dictionaries():
    words = text(20_000)
    for preset, number, size in itertools.product((0, 5), (xz.LZMA1, xz.LZMA2),
                                                  (1, 100, 4096, 5000, 20_000)):
        start = ctypes.create_string_buffer(words[:size], size)
        options = OURS.options(preset, dict_size=4096, preset_dict_size=size,
                               preset_dict=ctypes.addressof(start))
        array = chain((number, options))
        data = words[max(size - 3000, 0):size] + words
        ret, packed = encode(OURS, OURS.lzma_raw_encoder, array, data=data)
        what = f"preset dictionary of {size} bytes, preset {preset}, filter {number:#x}"
        CASES.equal(ret, STREAM_END, what)
        for lib, step in ((OURS, 0), (OURS, 1), (THEIRS, 0)):
            if lib:
                got = decode(lib, lib.lzma_raw_decoder, array, data=packed, in_step=step,
                             out_step=step)
                CASES.equal(got, (STREAM_END, data), what)


def streams_and_padding():
    parts = [text(5000), b"", RANDOM.randbytes(3000)]
    packed = [encode(OURS, OURS.lzma_easy_encoder, 1, check, data=part)[1]
              for part, check in zip(parts, xz.CHECKS)]
    joined, whole = bytes(8).join(packed) + bytes(4), b"".join(parts)
    for step in (0, 1, 5):
        got = xz.decode_xz(OURS, joined, in_step=step, out_step=step)
        CASES.equal(got, (STREAM_END, whole), f"Streams with padding, pieces {step}")
        got = decode(OURS, OURS.lzma_auto_decoder, NO_LIMIT, xz.CONCATENATED, data=joined,
                     in_step=step)
        CASES.equal(got, (STREAM_END, whole), f"the same, auto decoder, pieces {step}")
    for cut in (1, 2, 3):
        got = xz.decode_xz(OURS, joined + bytes(cut))
        CASES.equal(got[0], xz.DATA_ERROR, f"{cut} bytes of padding too many")
    with xz.Coder(OURS, OURS.lzma_stream_decoder, NO_LIMIT, 0) as coder:
        got = coder.feed(joined, FINISH)
        CASES.equal((got, coder.strm.total_in), ((STREAM_END, parts[0]), len(packed[0])),
                    "stops behind the first Stream")


def checksums():
    data = RANDOM.randbytes(5000)
    for start, end in ((0, 0), (0, 1), (1, 17), (3, 67), (0, 5000), (13, 4999)):
        part = data[start:end]
        CASES.equal(OURS.lzma_crc32(part, len(part), 0), zlib.crc32(part), "CRC32")
        middle = len(part) // 3
        first = OURS.lzma_crc64(part, middle, 0)
        CASES.equal(OURS.lzma_crc64(part[middle:], len(part) - middle, first),
                    OURS.lzma_crc64(part, len(part), 0), "CRC64 in two pieces")
    CASES.equal(OURS.lzma_crc64(b"123456789", 9, 0), 0x995DC9BBDF1939FA, "CRC64's value")


def main():
    if THEIRS is None:
        CASES.skip("what the machine's liblzma says; Python has no lzma module here")
    for group in (checksums, presets, kinds_of_data, filters_and_steps, big_data,
                  legacy_formats, single_calls, flushes, raw_flushes, new_filters, threads,
                  threaded_flushes, preset_dictionaries, streams_and_padding):
        before = CASES.passed + CASES.failed
        CASES.run(group)
        print(f"{group.__name__}: {CASES.passed + CASES.failed - before} cases", flush=True)
    return CASES.finish()


if __name__ == "__main__":
    sys.exit(main())
