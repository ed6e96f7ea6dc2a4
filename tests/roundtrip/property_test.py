# SPDX-License-Identifier: 0BSD
"""Properties of the coders and the xz command, for data and options that hypothesis makes up.

usage: property_test.py [LIBRARY]

The same examples come in every run; EXPLORE=N in the environment tries new ones, N times
as many, and ONLY=TEXT runs the properties whose name holds TEXT. Each property is a case.
"""

import ctypes
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cases
import lzma_ctypes as xz
from lzma_ctypes import FINISH, OK, STREAM_END, NO_LIMIT, chain, decode, encode
from strategies import CHECK, CONTRACT, DATA, OURS, STEPS, THEIRS, damage, examples, knows, \
    lzma_options, run_all, xz_chain

from hypothesis import given
from hypothesis import strategies as st

# ---- Round trips ------------------------------------------------------------------

@examples(250)
@given(DATA, xz_chain(), CHECK, STEPS, STEPS, STEPS, STEPS)
def stream_round_trip(data, array, check, a, b, c, d):
    ret, packed = encode(OURS, OURS.lzma_stream_encoder, array, check, data=data,
                         in_step=a, out_step=b)
    assert ret == STREAM_END
    assert xz.decode_xz(OURS, packed, in_step=c, out_step=d) == (STREAM_END, data)
    if knows(THEIRS, array):
        assert xz.decode_xz(THEIRS, packed) == (STREAM_END, data)


@examples(100)
@given(DATA, xz_chain((xz.DELTA,)), st.data(), STEPS, STEPS)
def flush_points(data, array, draws, in_step, out_step):
    """Whatever was given before a flush comes out of a decoder right then."""
    with xz.Coder(OURS, OURS.lzma_stream_encoder, array, xz.CHECK_CRC32) as encoder, \
            xz.Coder(OURS, OURS.lzma_stream_decoder, NO_LIMIT, 0) as decoder:
        restored, pos = b"", 0
        for _ in range(draws.draw(st.integers(1, 6))):
            size = draws.draw(st.integers(0, len(data) - pos))
            action = draws.draw(st.sampled_from([xz.RUN, xz.SYNC_FLUSH, xz.FULL_FLUSH,
                                                 xz.FULL_BARRIER]))
            ret, packed = encoder.feed(data[pos:pos + size], action, in_step, out_step)
            pos += size
            restored += decoder.feed(packed, in_step=out_step)[1]
            assert restored == data[:len(restored)]
            if action != xz.RUN:
                assert ret == STREAM_END and len(restored) == pos
        ret, packed = encoder.feed(data[pos:], FINISH)
        assert ret == STREAM_END
        ret, out = decoder.feed(packed, FINISH)
        assert (ret, restored + out) == (STREAM_END, data)


@examples(150)
@given(DATA, lzma_options(), st.sampled_from([xz.LZMA1, xz.LZMA2]), st.binary(max_size=5000),
       STEPS, STEPS)
def raw_round_trip(data, options, number, words, in_step, out_step):
    if words:
        start = ctypes.create_string_buffer(words, len(words))
        options.preset_dict = ctypes.addressof(start)
        options.preset_dict_size = len(words)
    array = chain((number, options))
    ret, packed = encode(OURS, OURS.lzma_raw_encoder, array, data=words[-99:] + data)
    assert ret == STREAM_END
    for lib in filter(None, (OURS, THEIRS)):
        got = decode(lib, lib.lzma_raw_decoder, array, data=packed, in_step=in_step,
                     out_step=out_step)
        assert got == (STREAM_END, words[-99:] + data)


@examples(100)
@given(DATA, lzma_options(), STEPS, STEPS)
def alone_round_trip(data, options, in_step, out_step):
    ret, packed = encode(OURS, OURS.lzma_alone_encoder, options, data=data, in_step=in_step)
    assert ret == STREAM_END
    for lib in filter(None, (OURS, THEIRS)):
        got = decode(lib, lib.lzma_alone_decoder, NO_LIMIT, data=packed, in_step=in_step,
                     out_step=out_step)
        assert got == (STREAM_END, data)


@examples(60)
@given(DATA, lzma_options(), st.integers(6, 20_000), STEPS)
def microlzma_round_trip(data, options, room, in_step):
    """What fits is encoded, and the decoder knows the end by the sizes alone."""
    with xz.Coder(OURS, OURS.lzma_microlzma_encoder, options) as coder:
        ret, packed = coder.feed(data, FINISH, out_step=room)
        taken = coder.strm.total_in
    assert ret == STREAM_END and len(packed) <= room
    for lib in filter(None, (OURS, THEIRS)):
        got = decode(lib, lib.lzma_microlzma_decoder, len(packed), taken, True,
                     options.dict_size, data=packed, in_step=in_step)
        assert got == (STREAM_END, data[:taken])


@examples(80)
@given(DATA, xz_chain(), CHECK, st.integers(1, 6), st.integers(100, 20_000), STEPS, STEPS)
def threads_round_trip(data, array, check, threads, block_size, in_step, out_step):
    """Threads never change bytes, and both decoders restore them."""
    made = [encode(OURS, OURS.lzma_stream_encoder_mt,
                   xz.mt_options(count, block_size=block_size, filters=array, check=check),
                   data=data, in_step=in_step) for count in (1, threads)]
    assert made[0] == made[1]
    ret, packed = made[0]
    assert ret == STREAM_END
    got = decode(OURS, OURS.lzma_stream_decoder_mt, xz.mt_options(threads), data=packed,
                 in_step=in_step, out_step=out_step)
    assert got == (STREAM_END, data)
    if knows(THEIRS, array):
        assert xz.decode_xz(THEIRS, packed) == (STREAM_END, data)


@examples(100)
@given(DATA, xz_chain(), CHECK)
def single_call_round_trip(data, array, check):
    room = OURS.lzma_stream_buffer_bound(len(data))
    ret, packed = xz.buffer_call(OURS.lzma_stream_buffer_encode, array, check, None,
                                 data=data, room=room)
    assert ret == OK
    limit = ctypes.byref(ctypes.c_uint64(NO_LIMIT))
    got = xz.buffer_call(OURS.lzma_stream_buffer_decode, limit, 0, None, data=packed,
                         room=len(data), decoder=True)
    assert got == (OK, data)
    if data:
        got = xz.buffer_call(OURS.lzma_stream_buffer_decode, limit, 0, None, data=packed,
                             room=len(data) - 1, decoder=True)
        assert got == (xz.BUF_ERROR, b"")


# ---- Damaged and made-up input ----------------------------------------------------

def all_decoders(lib):
    """(name, start, arguments) of each decoder that reads a file."""
    limit, options = 1 << 26, lib.options(0)
    yield "stream", lib.lzma_stream_decoder, (limit, xz.CONCATENATED)
    yield "auto", lib.lzma_auto_decoder, (limit, 0)
    yield "alone", lib.lzma_alone_decoder, (limit,)
    yield "lzip", lib.lzma_lzip_decoder, (limit, xz.CONCATENATED)
    yield "raw LZMA2", lib.lzma_raw_decoder, (chain((xz.LZMA2, options)),)
    yield "raw LZMA1", lib.lzma_raw_decoder, (chain((xz.LZMA1, options)),)
    yield "x86 and LZMA2", lib.lzma_raw_decoder, (chain(xz.bcj(xz.X86), (xz.LZMA2, options)),)
    yield "MicroLZMA", lib.lzma_microlzma_decoder, (100, 1000, False, 4096)


STARTS = st.sampled_from([
    b"", b"\xFD7zXZ\0", b"\xFD7zXZ\0\0\1\x69\x22\xDE\x36", b"LZIP\1\x0C", b"LZIP\0\x10",
    b"\x5D\0\0\1\0" + b"\xFF" * 8 + b"\0", b"\1\0\0a", b"\xE0\0\0\0\7\x5D\0",
])


@examples(300)
@given(STARTS, st.binary(max_size=300), STEPS, STEPS)
def made_up_input(start, rest, in_step, out_step):
    """Any bytes give a result of the contract, the same however they come."""
    for name, function, arguments in all_decoders(OURS):
        whole = decode(OURS, function, *arguments, data=start + rest, most=1 << 20)
        assert whole[0] in CONTRACT, name
        parts = decode(OURS, function, *arguments, data=start + rest, in_step=in_step,
                       out_step=out_step, most=1 << 20)
        assert parts[0] == whole[0] or len(whole[1]) >= 1 << 20, name
        if whole[0] == STREAM_END:
            assert parts == whole, name


@examples(300)
@given(DATA, xz_chain((xz.DELTA, xz.X86, xz.ARM)), CHECK, st.data(), STEPS, STEPS)
def damaged_xz(data, array, check, draws, in_step, out_step):
    """A damaged file never decodes to other data, unless the damage is a valid change."""
    packed = encode(OURS, OURS.lzma_stream_encoder, array, check, data=data)[1]
    broken = draws.draw(damage(packed))
    ret, out = xz.decode_xz(OURS, broken, in_step=in_step, out_step=out_step)
    assert ret in CONTRACT
    if ret == STREAM_END and check != xz.CHECK_NONE:
        assert out == data[:len(out)] or out[:len(data)] == data or not data
    threaded = decode(OURS, OURS.lzma_stream_decoder_mt,
                      xz.mt_options(3, flags=xz.CONCATENATED), data=broken, in_step=in_step)
    assert (threaded[0] == STREAM_END) == (ret == STREAM_END)
    if THEIRS:
        theirs = xz.decode_xz(THEIRS, broken)
        assert theirs[0] == ret, (xz.RET_NAMES[theirs[0]], xz.RET_NAMES[ret])
        if ret == STREAM_END:
            assert theirs == (ret, out) and threaded == theirs


@examples(200)
@given(DATA, lzma_options(), st.data(), STEPS)
def damaged_alone(data, options, draws, in_step):
    packed = encode(OURS, OURS.lzma_alone_encoder, options, data=data)[1]
    broken = draws.draw(damage(packed))
    ret, out = decode(OURS, OURS.lzma_alone_decoder, 1 << 28, data=broken, in_step=in_step,
                      most=1 << 20)
    assert ret in CONTRACT
    if THEIRS:
        theirs = decode(THEIRS, THEIRS.lzma_alone_decoder, 1 << 28, data=broken, most=1 << 20)
        both_cut = len(out) >= 1 << 20 and len(theirs[1]) >= 1 << 20
        limits = xz.MEMLIMIT_ERROR in (ret, theirs[0])
        assert theirs[0] == ret or both_cut or limits
        if ret == STREAM_END == theirs[0]:
            assert theirs[1] == out


@examples(150)
@given(DATA, st.integers(0, 400), STEPS)
def truncated_xz(data, missing, out_step):
    """A file that ends early is no end of the stream, and all that is there comes out."""
    packed = encode(OURS, OURS.lzma_easy_encoder, 1, xz.CHECK_CRC32, data=data)[1]
    cut = packed[:max(len(packed) - missing - 1, 0)]
    ret, out = xz.decode_xz(OURS, cut, out_step=out_step)
    assert ret == xz.BUF_ERROR
    assert out == data[:len(out)]
    if THEIRS:
        assert len(out) >= len(xz.decode_xz(THEIRS, cut)[1])


# ---- The command ------------------------------------------------------------------

@st.composite
def command_options(draw):
    words = [f"-{draw(st.integers(0, 6))}", f"-T{draw(st.integers(0, 3))}",
             f"--check={draw(st.sampled_from(['none', 'crc32', 'crc64', 'sha256']))}"]
    if draw(st.booleans()):
        words += [f"--block-size={draw(st.integers(500, 50_000))}"]
    if draw(st.booleans()):
        words += [f"--delta=dist={draw(st.integers(1, 256))}", "--lzma2=preset=1,lc=2,lp=2"]
    elif draw(st.booleans()):
        words += ["--x86", f"--lzma2=dict={draw(st.integers(4096, 100_000))}"]
    return words


def run_xz(words, data):
    done = subprocess.run([cases.xz_path(), *words], input=data, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=cases.clean_environment())
    return done.returncode, done.stdout, done.stderr


@examples(40)
@given(DATA, command_options())
def command_round_trip(data, words):
    status, packed, messages = run_xz(words + ["-c"], data)
    assert (status, messages) == (0, b"")
    assert run_xz(["-dc", "-T2"], packed) == (0, data, b"")
    assert run_xz(["-t"], packed) == (0, b"", b"")


PROPERTIES = [
    stream_round_trip, flush_points, raw_round_trip, alone_round_trip, microlzma_round_trip,
    threads_round_trip, single_call_round_trip, made_up_input, damaged_xz, damaged_alone,
    truncated_xz, command_round_trip,
]

if __name__ == "__main__":
    sys.exit(run_all(PROPERTIES))
