#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""Encoders: our library and Debian's give the same verdicts, and data that both can read.

usage: encoder_diff_test.py OUR_LIBLZMA [ROUNDS [SEED]]

Not the bytes are compared but results, what is encoded, the Blocks that come out and
their filters. Where we differ by intent, `excused` says so. Without Debian's liblzma
nothing is tested.
"""

import ctypes
import itertools
import os
import pathlib
import random
import sys
from ctypes import POINTER, byref

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import lzma_ctypes as xz
from lzma_ctypes import Block, Coder, Filter, FINISH, FULL_BARRIER, FULL_FLUSH, LZMA1, \
    LZMA1EXT, LZMA2, OK, RUN, STREAM_END, SYNC_FLUSH, UNKNOWN, X86, bcj, buffer_call, \
    chain, delta, mt_options

CHECKS = [0, 1, 2, 4, 5, 10, 11, 15, 16, 17, -1]
PREFIX = 70000  # what is encoded before filters change
BLOCK = 50000
SLOW = "SANITIZED" in os.environ
END = 110000 if SLOW else 200000  # of what is encoded where filters change

rng = random.Random(1)
TEXT = b" ".join(b"word%d" % rng.randrange(900) for _ in range(40000))[:200000]
NOISE = rng.randbytes(200000)


def lzma2(lib, preset=1, **changes):
    return (LZMA2, lib.options(preset, **changes))


# Chains by name; each is made for a library, whose presets it takes.
CHAINS = {
    "lzma2": lambda lib: chain(lzma2(lib)),
    "lzma2 lc=0": lambda lib: chain(lzma2(lib, lc=0, lp=2)),
    "lzma2 dict": lambda lib: chain(lzma2(lib, dict_size=1 << 16)),
    "lzma2 nice": lambda lib: chain(lzma2(lib, nice_len=5, mf=xz.BT4, mode=xz.NORMAL)),
    "x86 lzma2": lambda lib: chain(bcj(X86), lzma2(lib)),
    "delta lzma2": lambda lib: chain(delta(1), lzma2(lib)),
    "delta=2 lzma2": lambda lib: chain(delta(2), lzma2(lib, lc=0)),
    "delta x86 lzma2": lambda lib: chain(delta(1), bcj(X86), lzma2(lib)),
    "4 filters": lambda lib: chain(bcj(X86), bcj(X86), bcj(X86), lzma2(lib)),
    "5 filters": lambda lib: chain(delta(1), delta(1), delta(1), delta(1), lzma2(lib)),
    "lzma1": lambda lib: chain((LZMA1, lib.options(1))),
    "lzma1ext": lambda lib: chain((LZMA1EXT, lib.options(1))),
    "nothing": lambda lib: chain(),
    "x86": lambda lib: chain(bcj(X86)),
    "lzma2 x86": lambda lib: chain(lzma2(lib), bcj(X86)),
    "lzma2 lzma2": lambda lib: chain(lzma2(lib), lzma2(lib)),
    "unknown": lambda lib: chain((0x77, None), lzma2(lib)),
    "delta=0": lambda lib: chain(delta(0), lzma2(lib)),
    "odd start": lambda lib: chain(bcj(xz.ARM, 1), lzma2(lib)),
    "lc=5": lambda lib: chain(lzma2(lib, lc=5)),
    "nice=1": lambda lib: chain(lzma2(lib, nice_len=1)),
    "nice=2": lambda lib: chain(lzma2(lib, nice_len=2)),
    "mode=3": lambda lib: chain(lzma2(lib, mode=3)),
    "mf=7": lambda lib: chain(lzma2(lib, mf=7)),
    "small dict": lambda lib: chain(lzma2(lib, dict_size=4095)),
    "huge dict": lambda lib: chain(lzma2(lib, dict_size=(3 << 29) + 1)),
}
GOOD = ["lzma2", "x86 lzma2", "delta lzma2"]


def name(ret):
    return xz.RET_NAMES[ret]


def opened(lib, start, *arguments):
    """Result of opening a coder."""
    with Coder(lib, start, *arguments) as coder:
        return name(coder.ret)


def block_of(array, **members):
    block = Block(check=1, filters=ctypes.cast(array, POINTER(Filter)),
                  compressed_size=UNKNOWN, uncompressed_size=UNKNOWN)
    for member, value in members.items():
        setattr(block, member, value)
    block.kept = array
    return block


def read_blocks(packed):
    """(uncompressed size, filter IDs, dictionary) of each Block of a whole file."""
    lib, found, pos = OURS, [], 12
    while packed[pos] != 0:
        filters = (Filter * 5)()
        block = Block(version=1, check=1, header_size=(packed[pos] + 1) * 4,
                      filters=ctypes.cast(filters, POINTER(Filter)))
        header = packed[pos:pos + block.header_size]
        if lib.lzma_block_header_decode(byref(block), None, header) != OK:
            raise AssertionError("bad Block Header")
        ids = [f.id for f in filters if f.id != UNKNOWN]
        last = ctypes.cast(filters[len(ids) - 1].options, POINTER(xz.OptionsLzma))
        size = last.contents.dict_size
        data = packed[pos + block.header_size:]
        out = ctypes.create_string_buffer(len(TEXT) + 1)
        in_pos, out_pos = ctypes.c_size_t(0), ctypes.c_size_t(0)
        ret = lib.lzma_block_buffer_decode(byref(block), None, data, byref(in_pos),
                                           len(data), out, byref(out_pos), len(TEXT) + 1)
        if ret != OK:
            raise AssertionError("bad Block")
        lib.lzma_filters_free(filters, None)
        found.append((out_pos.value, ids, size))
        pos += block.header_size + in_pos.value
    return found


# ---- Opening ----------------------------------------------------------------------

def mt_verdict(lib, options):
    usage = lib.lzma_stream_encoder_mt_memusage(byref(options))
    return opened(lib, lib.lzma_stream_encoder_mt, options), usage == UNKNOWN


def flags_in_room(lib, entry, room):
    """Filter Flags, two bytes into so much room."""
    out, pos = ctypes.create_string_buffer(40), ctypes.c_size_t(2)
    ret = lib.lzma_filter_flags_encode(byref(entry), out, byref(pos), 2 + room)
    return name(ret), out.raw[:pos.value] if ret == OK else None


def options_cases():
    """(name, function of a library) for options of encoders."""
    for check in CHECKS:
        yield f"mt check {check}", lambda lib: mt_verdict(
            lib, mt_options(2, check=check, preset=1))
        yield f"easy check {check}", lambda lib: opened(
            lib, lib.lzma_easy_encoder, 1, check)
        yield f"buffer check {check}", lambda lib: name(buffer_call(
            lib.lzma_easy_buffer_encode, 1, check, None, data=TEXT[:5000], room=9000)[0])
        yield f"block check {check}", lambda lib: name(buffer_call(
            lib.lzma_block_buffer_encode, byref(block_of(CHAINS["lzma2"](lib), check=check)),
            None, data=TEXT[:5000], room=9000)[0])
        yield f"stored check {check}", lambda lib: name(buffer_call(
            lib.lzma_block_uncomp_encode, byref(Block(check=check)), data=TEXT[:5000],
            room=9000)[0])
    for threads in (0, 1, 16384, 16385):
        yield f"mt threads {threads}", lambda lib: mt_verdict(
            lib, mt_options(threads, check=1, preset=0))
    for preset in (9, 10, 31, xz.EXTREME | 9, xz.EXTREME | 10, 38):
        yield f"mt preset {preset}", lambda lib: mt_verdict(
            lib, mt_options(2, check=1, preset=preset))
    for size in (0, 1, 1000, 2**50 - 1, 2**50, 2**50 + 1, 2**63, 2**64 - 1):
        yield f"mt block size {size}", lambda lib: mt_verdict(
            lib, mt_options(2, check=1, preset=0, block_size=size))
    yield "mt flags", lambda lib: mt_verdict(lib, mt_options(2, check=1, flags=1))
    for version in (0, 1, 2):
        yield f"block version {version}", lambda lib: (
            opened(lib, lib.lzma_block_encoder, byref(
                block_of(CHAINS["lzma2"](lib), version=version, header_size=12))),
            name(buffer_call(lib.lzma_block_uncomp_encode, byref(
                Block(check=1, version=version)), data=TEXT[:5000], room=9000)[0]))


def chain_cases():
    """The same for chains."""
    for which, make in CHAINS.items():
        for size in (0, 1 << 20):
            yield f"mt chain {which} {size}", lambda lib: mt_verdict(
                lib, mt_options(2, check=1, filters=make(lib), block_size=size))
        yield f"mt chain {which}, no such Check", lambda lib: mt_verdict(
            lib, mt_options(2, check=2, filters=make(lib), block_size=1 << 20))
        yield f"stream chain {which}", lambda lib: [
            opened(lib, lib.lzma_stream_encoder, make(lib), check) for check in (1, 2, 16)]
        yield f"flags of chain {which}", lambda lib: [
            flags_in_room(lib, entry, room) for entry in make(lib)
            if entry.id != UNKNOWN for room in (0, 1, 2, 3, 4)]
        yield f"raw chain {which}", lambda lib: (
            opened(lib, lib.lzma_raw_encoder, make(lib)),
            lib.lzma_raw_encoder_memusage(make(lib)) == UNKNOWN)
        yield f"stream buffer chain {which}", lambda lib: [name(buffer_call(
            lib.lzma_stream_buffer_encode, make(lib), 1, None, data=data, room=9000)[0])
            for data in (TEXT[:5000], b"")]
        yield f"raw buffer chain {which}", lambda lib: name(buffer_call(
            lib.lzma_raw_buffer_encode, make(lib), None, data=TEXT[:5000], room=9000)[0])
        yield f"block chain {which}", lambda lib: (
            name(lib.lzma_block_header_size(byref(block_of(make(lib))))),
            opened(lib, lib.lzma_block_encoder, byref(block_of(make(lib)))),
            name(buffer_call(lib.lzma_block_buffer_encode, byref(block_of(make(lib))),
                             None, data=TEXT[:5000], room=9000)[0]))
        if isinstance((make(OURS).kept or [None])[0], xz.OptionsLzma):
            yield f"alone chain {which}", lambda lib: [
                opened(lib, start, byref(make(lib).kept[0])) for start in
                (lib.lzma_alone_encoder, lib.lzma_microlzma_encoder)]


# ---- One call ---------------------------------------------------------------------

def exact_room(lib, encode, data):
    """How a call fares with all rooms around what it needs."""
    ret, packed = encode(lib, data, len(data) + 1000)
    size = len(packed)
    verdicts = [name(encode(lib, data, size - less)[0]) for less in (0, 1, 4, size)]
    return name(ret), verdicts


def stored_block(lib, data, room):
    return buffer_call(lib.lzma_block_uncomp_encode, byref(Block(check=4)), data=data,
                       room=room)


def smallest_block(lib, data, room):
    return buffer_call(lib.lzma_block_buffer_encode,
                       byref(block_of(CHAINS["lzma2"](lib), check=4)), None,
                       data=data, room=room)


def whole_stream(lib, data, room):
    return buffer_call(lib.lzma_easy_buffer_encode, 1, 4, None, data=data, room=room)


def room_cases():
    for size in (0, 1, 3, 65535, 65536, 65537, 131073, 200000):
        for encode in (stored_block, smallest_block, whole_stream):
            for data in (TEXT, NOISE):
                yield f"{encode.__name__} {size}", lambda lib: exact_room(
                    lib, encode, data[:size])
        # What is stored has no choices: the bytes are the same.
        yield f"stored bytes {size}", lambda lib: stored_block(lib, NOISE[:size], size + 999)
        yield f"bounds {size}", lambda lib: (lib.lzma_stream_buffer_bound(size),
                                             lib.lzma_block_buffer_bound(size))
    for room in range(36):
        yield f"empty stream, room {room}", lambda lib: whole_stream(lib, b"", room)


# ---- Bare LZMA1 -------------------------------------------------------------------

def ext_options(lib, size, flags, words=b""):
    options = lib.options(1, ext_flags=flags, ext_size_low=size & 0xFFFFFFFF,
                          ext_size_high=size >> 32)
    if words:
        options.kept = ctypes.create_string_buffer(words, len(words))
        options.preset_dict = ctypes.addressof(options.kept)
        options.preset_dict_size = len(words)
    return options


def ext_both_ways(lib, number, data, flags, words):
    """What lib encodes, decoded by both libraries with several ideas of its size."""
    array = chain((number, ext_options(lib, len(data), flags, words)))
    ret, packed = xz.encode(lib, lib.lzma_raw_encoder, array, data=data)
    if ret != STREAM_END:
        return name(ret)
    results = []
    for reader in (OURS, PEER):
        for size in (len(data), UNKNOWN, len(data) + 1, max(len(data) - 1, 0)):
            for mine in (0, 1):
                array = chain((number, ext_options(reader, size, mine, words)))
                ret, out = xz.decode(reader, reader.lzma_raw_decoder, array, data=packed)
                results.append((name(ret), len(out), out == data[:len(out)]))
    return results


def alone_header(lib, dict_size):
    ret, packed = xz.encode(lib, lib.lzma_alone_encoder,
                            byref(lib.options(1, dict_size=dict_size)), data=TEXT[:9])
    good = [xz.decode(reader, reader.lzma_alone_decoder, xz.NO_LIMIT, data=packed) ==
            (STREAM_END, TEXT[:9]) for reader in (OURS, PEER)]
    return name(ret), packed[:13], good


def microlzma(lib, room, data):
    """One call into so much room, and the way back by both libraries."""
    with Coder(lib, lib.lzma_microlzma_encoder, byref(lib.options(1))) as coder:
        refused = [name(lib.lzma_code(byref(coder.strm), action))
                   for action in (RUN, SYNC_FLUSH, FULL_FLUSH, FULL_BARRIER)]
        out = ctypes.create_string_buffer(room + 1)
        source = (ctypes.c_ubyte * (len(data) + 1)).from_buffer_copy(data + b"x")
        strm = coder.strm
        strm.next_in, strm.avail_in = ctypes.addressof(source), len(data)
        strm.next_out, strm.avail_out = ctypes.addressof(out), room
        results = [name(lib.lzma_code(byref(strm), FINISH)) for _ in range(2)]
        packed, taken = out.raw[:strm.total_out], strm.total_in
        results.append(strm.avail_in == len(data) - taken)
    if packed:
        for reader in (OURS, PEER):
            for exact in (0, 1):
                ret, back = xz.decode(reader, reader.lzma_microlzma_decoder, len(packed),
                                      taken, exact, 1 << 20, data=packed)
                results.append((name(ret), back == data[:taken]))
    return refused, results


def lzma1_cases():
    for number in (LZMA1, LZMA1EXT):
        for flags in (0, 1, 2):
            for size in (0, 1, 500, 30000):
                for words in (b"", TEXT[:3000]):
                    yield f"lzma1 {number:#x} {flags} {size}", lambda lib: ext_both_ways(
                        lib, number, TEXT[:size], flags, words)
    for size in (4096, 4097, 6144, 10000, 1 << 16, 3 << 16, (1 << 20) + 1, 0x5FFFFFFF):
        yield f"alone {size}", lambda lib: alone_header(lib, size)
    for room in list(range(20)) + [50, 500, 5000, 100000]:
        for size in (0, 1, 3, 100, 20000):
            yield f"microlzma {room} {size}", lambda lib: microlzma(lib, room, TEXT[:size])


# ---- lzma_filters_update() --------------------------------------------------------

def updated(lib, start, first, second, before, is_file=True):
    """Encodes with a change of filters after a part that ended with action `before`."""
    array = CHAINS[first](lib)
    with Coder(lib, start, *([array, 1] if is_file else [array])) as coder:
        results, packed = [], b""
        if before is not None:
            ret, packed = coder.feed(TEXT[:PREFIX], before)
            results.append(name(ret))
        results.append(name(lib.lzma_filters_update(byref(coder.strm),
                                                    CHAINS[second](lib))))
        pos = 0 if before is None else PREFIX
        for end, action in ((90000, FULL_FLUSH), (END, FINISH))[0 if is_file else 1:]:
            ret, more = coder.feed(TEXT[pos:end], action)
            packed, pos = packed + more, end
            results.append(name(ret))
    if ret != STREAM_END:
        return results
    if is_file:
        return results, xz.decode_xz(lib, packed) == (STREAM_END, TEXT[:END]), \
            read_blocks(packed)
    return results, xz.decode(lib, lib.lzma_raw_decoder, CHAINS[first](lib), data=packed) \
        == (STREAM_END, TEXT[:END])


def mt_start(lib):
    """lzma_stream_encoder_mt() with the arguments of lzma_stream_encoder()."""
    return lambda strm, array, check: lib.lzma_stream_encoder_mt(
        strm, mt_options(2, filters=array, check=check, block_size=BLOCK))


def update_cases():
    for first in GOOD:
        for second in CHAINS if first == "lzma2" else GOOD + ["delta=2 lzma2", "nothing"]:
            for before in (None, RUN, SYNC_FLUSH, FULL_FLUSH, FULL_BARRIER, FINISH):
                what = f"{first} -> {second} after {before}"
                if before != FINISH:
                    yield f"raw update {what}", lambda lib: updated(
                        lib, lib.lzma_raw_encoder, first, second, before, False) \
                        if before in (None, RUN, SYNC_FLUSH) else None
                yield f"stream update {what}", lambda lib: updated(
                    lib, lib.lzma_stream_encoder, first, second, before)
                if before != SYNC_FLUSH:
                    yield f"mt update {what}", lambda lib: updated(
                        lib, mt_start(lib), first, second, before)


# ---- Random sequences -------------------------------------------------------------

def sequence(lib, start, first, steps):
    """Runs steps of (size, action, chain to change to or None)."""
    with Coder(lib, start, CHAINS[first](lib), 1) as coder:
        results, packed, pos = [], b"", 0
        for size, action, second in steps:
            if second is not None:
                results.append("update " + name(lib.lzma_filters_update(
                    byref(coder.strm), CHAINS[second](lib))))
            ret, more = coder.feed(TEXT[pos:pos + size], action)
            results.append(name(ret))
            packed, pos = packed + more, pos + size
            if ret not in (OK, STREAM_END):
                return results
    good = xz.decode_xz(OURS, packed) == (STREAM_END, TEXT[:pos])
    return results, good, read_blocks(packed)


def random_steps(draw, actions):
    steps = []
    for _ in range(draw.randrange(1, 9)):
        second = draw.choice(["lzma2", "lzma2 lc=0", "lzma2 dict", "delta lzma2"]) \
            if draw.randrange(3) == 0 else None
        size = draw.choice([0, 0, 1, 5, 1000, 20000, BLOCK])
        action = draw.choice(actions)
        # A call without input is idle or not depending on what workers have finished.
        if action == RUN and size == 0:
            size = 7
        steps.append((size, action, second))
    return steps + [(draw.choice([0, 1, 3000]), FINISH, None)]


def sequence_cases(rounds, seed):
    for number in range(seed, seed + rounds):
        draw = random.Random(number)
        first = draw.choice(["lzma2", "delta lzma2"])
        steps = random_steps(draw, [RUN, SYNC_FLUSH, FULL_FLUSH, FULL_BARRIER])
        yield f"sequence {number} {first} {steps}", lambda lib: sequence(
            lib, lib.lzma_stream_encoder, first, steps)
        steps = random_steps(draw, [RUN, FULL_FLUSH, FULL_BARRIER])
        yield f"mt sequence {number} {first} {steps}", lambda lib: sequence(
            lib, mt_start(lib), first, steps)


# ---- Deliberate differences -------------------------------------------------------

def excused(case):
    """True for cases in which we differ by intent."""
    if case.startswith("mt ") and "lzma1" in case:
        return True  # refused at once, not when the first Block is written
    if case.startswith("raw update") and "-> lzma1" in case:
        return True  # LZMA1 is no LZMA2
    return case in ("mt chain unknown 0", "mt block size 0")  # the peer crashes; takes long


def main():
    global OURS, PEER
    peer = PEER = xz.system_library()
    if peer is None:
        print("no other liblzma here: nothing tested")
        return 0
    OURS = xz.Lzma(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 25 if SLOW else 60
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 61 if SLOW else 1
    cases = itertools.chain(options_cases(), chain_cases(), room_cases(), lzma1_cases(),
                            update_cases(), sequence_cases(rounds, seed))
    return xz.compare((case for case in cases if not excused(case[0])), OURS, peer)


OURS = PEER = None
if __name__ == "__main__":
    sys.exit(main())
