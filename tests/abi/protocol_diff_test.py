#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""Calls in every order: lzma_code() of our library and of Debian's give the same codes.

usage: protocol_diff_test.py OUR_LIBLZMA

Every coder gets every sequence of actions, with and without room, with input that changes
between calls, and on a stream that another coder had before. The decoder of a file's
information is led through whole, short, long, damaged and limited files with all its seeks.
Without Debian's liblzma nothing is tested.
"""

import ctypes
import itertools
import pathlib
import sys
from ctypes import POINTER, byref

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import lzma_ctypes as xz
from lzma_ctypes import Block, Coder, Filter, FINISH, MEMLIMIT_ERROR, NO_LIMIT, OK, RUN, \
    SEEK_NEEDED, STREAM_END, UNKNOWN, chain, mt_options

ACTIONS = range(5)
TEXT = b" ".join(b"word%d" % (i * i % 97) for i in range(600))
MOST_CALLS = 60


def name(ret):
    return xz.RET_NAMES[ret]


# ---- Coders -------------------------------------------------------------------------

def lzma2(lib):
    return chain((xz.LZMA2, lib.options(0, dict_size=1 << 16)))


def block(lib):
    filters = lzma2(lib)
    made = Block(check=4, header_size=12, filters=ctypes.cast(filters, POINTER(Filter)),
                 compressed_size=UNKNOWN, uncompressed_size=UNKNOWN)
    made.kept = filters
    return made


def opener(function, *arguments):
    """Opens with lib.lzma_<function>; arguments that are functions are given lib."""
    def run(lib, strm):
        made = [a(lib) if callable(a) else a for a in arguments]
        strm.kept = [*getattr(strm, "kept", []), made]
        return getattr(lib, "lzma_" + function)(byref(strm), *made)
    return run


def index(lib):
    made = lib.lzma_index_init(None)
    lib.lzma_index_append(made, None, 50, 60)
    return made


def place(_):
    return byref(ctypes.c_void_p())


ENCODERS = {
    "easy": opener("easy_encoder", 0, 4),
    "stream": opener("stream_encoder", lzma2, 1),
    "mt": opener("stream_encoder_mt", lambda _: mt_options(2, check=4, block_size=100000)),
    "alone": opener("alone_encoder", lambda lib: lib.options(0, dict_size=1 << 16)),
    "raw": opener("raw_encoder", lzma2),
    "block": opener("block_encoder", block),
    "index": opener("index_encoder", index),
}
DECODERS = {
    "stream": opener("stream_decoder", NO_LIMIT, 0),
    "mt": opener("stream_decoder_mt", lambda _: mt_options(2)),
    "auto": opener("auto_decoder", NO_LIMIT, xz.CONCATENATED),
    "alone": opener("alone_decoder", NO_LIMIT),
    "lzip": opener("lzip_decoder", NO_LIMIT, 0),
    "micro": opener("microlzma_decoder", 40, 1000, 1, 1 << 16),
    "raw": opener("raw_decoder", lzma2),
    "block": opener("block_decoder", block),
    "index": opener("index_decoder", place, NO_LIMIT),
    "file info": opener("file_info_decoder", place, NO_LIMIT, 1000),
}
CODERS = {f"{which} encoder": run for which, run in ENCODERS.items()} | \
    {f"{which} decoder": run for which, run in DECODERS.items()}


def give(strm, data, size, room):
    """Shows strm `size` bytes of data and so much room; returns what must live on."""
    source = ctypes.create_string_buffer(data, len(data) + 1)
    target = ctypes.create_string_buffer(room + 1)
    strm.next_in, strm.avail_in = ctypes.addressof(source), size
    strm.next_out, strm.avail_out = ctypes.addressof(target), room
    return source, target


def is_file(which):
    return which in ("stream decoder", "mt decoder", "auto decoder")


def actions_in_turn(lib, which, actions, is_more, data):
    """Ten bytes, five of room, then more of both; one action after the other."""
    strm = xz.Stream()
    results = [name(CODERS[which](lib, strm))]
    kept = give(strm, data, 10, 5000)
    strm.avail_out = 5 if which.endswith("encoder") else 1000
    for number, action in enumerate(actions):
        results.append(name(lib.lzma_code(byref(strm), action)))
        strm.avail_in += number == 0 and is_more
        strm.avail_out += 500 * (number == 1)
    lib.lzma_end(byref(strm))
    del kept
    return results


def idle(lib, which, action):
    """No input and no room, again and again, then all other actions."""
    strm = xz.Stream(total_in=5, total_out=6, seek_pos=7)
    results = [name(CODERS[which](lib, strm)), strm.total_in, strm.total_out]
    for following in [action] * 3 + list(range(-1, 7)):
        results.append(name(lib.lzma_code(byref(strm), following)))
    lib.lzma_end(byref(strm))
    return results, strm.internal


def told(lib, which):
    """What a coder that has done nothing says of itself, and of wrong calls."""
    strm = xz.Stream()
    results = [name(CODERS[which](lib, strm)), lib.lzma_memusage(byref(strm)) > 0,
               lib.lzma_memlimit_get(byref(strm))]
    results += [name(lib.lzma_memlimit_set(byref(strm), limit)) for limit in (0, 1)]
    results.append(lib.lzma_memlimit_get(byref(strm)))
    strm.avail_in = 1
    results.append(name(lib.lzma_code(byref(strm), RUN)))
    strm.avail_in, strm.avail_out = 0, 1
    results.append(name(lib.lzma_code(byref(strm), RUN)))
    lib.lzma_end(byref(strm))
    return results


def used_again(lib, first, second, data):
    """A coder on the stream of one that was left in the middle, up to its end."""
    strm = xz.Stream()
    results = [name(CODERS[first](lib, strm))]
    kept = [give(strm, TEXT, 5, 0)]
    lib.lzma_code(byref(strm), RUN)
    results.append(name(CODERS[second](lib, strm)))
    results += [strm.total_in, strm.total_out]
    kept.append(give(strm, data, len(data) if is_file(second) else 10, 20000))
    ret, calls = OK, 0
    while ret == OK and calls < MOST_CALLS:
        ret, calls = lib.lzma_code(byref(strm), FINISH), calls + 1
    lib.lzma_end(byref(strm))
    return results, name(ret), strm.avail_in if is_file(second) else 0


def order_cases(packed):
    for which in CODERS:
        data = packed if is_file(which) else TEXT
        for actions in itertools.product(ACTIONS, repeat=3):
            for is_more in (False, True):
                if which != "file info decoder":  # its input is a place in the file
                    yield f"{which} {actions} {is_more}", lambda lib: actions_in_turn(
                        lib, which, actions, is_more, data)
        for action in ACTIONS:
            # Where there is nothing to write, ours ends a flush without room.
            if which not in ("raw encoder", "block encoder", "mt encoder"):
                yield f"{which} idle {action}", lambda lib: idle(lib, which, action)
        yield f"{which} told", lambda lib: told(lib, which)
        for second in CODERS:
            yield f"{which}, then {second}", lambda lib: used_again(
                lib, which, second, packed if is_file(second) else TEXT)


def given_at_once(lib, data, flags, again):
    """What one call of the threaded decoder takes and gives, with LZMA_RUN."""
    with Coder(lib, lib.lzma_stream_decoder_mt, mt_options(2, flags=flags)) as coder:
        kept = give(coder.strm, data, len(data), 20000)
        results = [name(lib.lzma_code(byref(coder.strm), RUN)) for _ in range(1 + again)]
        del kept
        return results, coder.strm.total_in, coder.strm.total_out


def end_cases(one):
    # From the Index on: its data comes before what follows.
    for which, data in (("one", one), ("two", one + bytes(4) + one)):
        for cut in range(19):
            for flags in (0, xz.CONCATENATED):
                yield f"{which} without {cut} bytes, {flags:#x}", lambda lib: given_at_once(
                    lib, data[:len(data) - cut], flags, 0)
    for more in (b"", bytes(8), one[:11]):
        yield f"one and {len(more)} bytes", lambda lib: given_at_once(
            lib, one + more, xz.CONCATENATED, 1)


# ---- File information ---------------------------------------------------------------

def told_of(lib, found):
    """What is in an index."""
    told = [getattr(lib, "lzma_index_" + what)(found) for what in
            ("stream_count", "block_count", "file_size", "uncompressed_size")]
    it = xz.IndexIter()
    lib.lzma_index_iter_init(byref(it), found)
    while not lib.lzma_index_iter_next(byref(it), xz.ITER_STREAM):
        flags = it.stream.flags.contents
        told.append((it.stream.compressed_offset, it.stream.padding, flags.check,
                     flags.version, flags.backward_size))
    lib.lzma_index_end(found, None)
    return told


def file_info(lib, data, size, piece, limit=NO_LIMIT, action=RUN):
    """Codes up to the end, and every place that was asked for."""
    found = ctypes.c_void_p()
    events, pos, idle_calls = [], 0, 0
    with Coder(lib, lib.lzma_file_info_decoder, byref(found), limit, size) as coder:
        strm, source = coder.strm, ctypes.create_string_buffer(data, len(data) + 1)
        while idle_calls < 3 and len(events) < 100:
            count = max(min(piece, len(data) - pos), 0)
            strm.next_in, strm.avail_in = ctypes.addressof(source) + pos, count
            ret = lib.lzma_code(byref(strm), action if pos + count >= len(data) else RUN)
            pos += count - strm.avail_in
            idle_calls += count == strm.avail_in
            if ret == SEEK_NEEDED:
                pos = strm.seek_pos
                events.append(pos)
            elif ret == MEMLIMIT_ERROR:
                need = lib.lzma_memusage(byref(strm))
                events.append(name(lib.lzma_memlimit_set(byref(strm), need - 1)))
                events.append(name(lib.lzma_memlimit_set(byref(strm), need)))
            elif ret != OK:
                break
        events.append(name(ret))
        events.append(name(lib.lzma_code(byref(strm), FINISH)))
    return events, told_of(lib, found) if ret == STREAM_END else bool(found.value)


def info_cases(files):
    for which, data in files.items():
        sizes = [len(data) + more for more in range(-36, 37)] + [0, 1, 11, 12, 31, 32]
        sizes += [1 << 62, xz.VLI_MAX - 3, xz.VLI_MAX, NO_LIMIT]
        for size in sizes:
            for piece in (1, 100, 1 << 20):
                yield f"{which} of {size}, by {piece}", lambda lib: file_info(
                    lib, data, size, piece)
            yield f"{which} of {size} at its end", lambda lib: file_info(
                lib, data, size, 1 << 20, action=FINISH)
        # With these limits both libraries refuse, whatever their estimates are.
        for limit in (0, 1, 100):
            yield f"{which} within {limit}", lambda lib: file_info(
                lib, data, len(data), 100, limit)[0][-2:]
        for pos in range(len(data)):
            broken = bytearray(data)
            broken[pos] ^= 1 << pos % 8
            yield f"{which} damaged at {pos}", lambda lib: file_info(
                lib, bytes(broken), len(data), 1 << 20)
            yield f"{which} cut off at {pos}", lambda lib: file_info(
                lib, data[:pos], pos, 7, action=FINISH)


def stream_of(lib, text, check, padding=0):
    ret, packed = xz.encode(lib, lib.lzma_stream_encoder, lzma2(lib), check, data=text)
    if ret != STREAM_END:
        raise AssertionError("no file to test with")
    return packed + bytes(padding)


def main():
    peer = xz.system_library()
    if peer is None:
        print("no other liblzma here: nothing tested")
        return 0
    ours = xz.Lzma(sys.argv[1])
    one = stream_of(peer, TEXT[:60], 4)
    sized = xz.encode(peer, peer.lzma_stream_encoder_mt, mt_options(1, check=4, block_size=999),
                      data=TEXT)[1]
    files = {
        "one": one,
        "empty": stream_of(peer, b"", 0),
        "padded": one + bytes(8),
        "three": stream_of(peer, TEXT[:9], 1, 4) + stream_of(peer, b"", 10) + one,
        "odd padding": one + bytes(3),
        "tail": one + b"tail",
        "text": TEXT[:100],
    }
    cases = itertools.chain(order_cases(one), end_cases(sized), info_cases(files))
    return xz.compare(cases, ours, peer)


if __name__ == "__main__":
    sys.exit(main())
