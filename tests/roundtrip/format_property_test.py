# SPDX-License-Identifier: 0BSD
"""Properties of headers, the Index and filter strings, for values that hypothesis makes up.

usage: format_property_test.py [LIBRARY]

The same examples come in every run; EXPLORE=N in the environment tries new ones, N times
as many, and ONLY=TEXT runs the properties whose name holds TEXT. Each property is a case.
"""

import ctypes
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import lzma_ctypes as xz
from filter_words import newer_preset, newer_words
from lzma_ctypes import OK, STREAM_END, NO_LIMIT, chain, decode, encode
from strategies import CHECK, CONTRACT, DATA, OURS, STEPS, THEIRS, damage, examples, knows, \
    run_all, xz_chain

from hypothesis import given
from hypothesis import strategies as st

# ---- Small parts of the format ----------------------------------------------------

@examples(500)
@given(st.one_of(st.integers(0, xz.VLI_MAX), st.integers(0, 62).map(lambda n: 1 << n)))
def vli_round_trip(number):
    ret, packed = vli_encode(number)
    assert ret == OK and len(packed) == OURS.lzma_vli_size(number)
    value, pos = ctypes.c_uint64(), ctypes.c_size_t(0)
    ret = OURS.lzma_vli_decode(ctypes.byref(value), None, packed, ctypes.byref(pos),
                               len(packed))
    assert (ret, value.value, pos.value) == (OK, number, len(packed))


def vli_encode(number):
    out, pos = ctypes.create_string_buffer(9), ctypes.c_size_t(0)
    ret = OURS.lzma_vli_encode(number, None, out, ctypes.byref(pos), 9)
    return ret, out.raw[:pos.value]


@examples(200)
@given(xz_chain(), CHECK, st.one_of(st.just(xz.UNKNOWN), st.integers(1, 1 << 40)),
       st.one_of(st.just(xz.UNKNOWN), st.integers(0, 1 << 62)))
def block_header_round_trip(array, check, compressed, uncompressed):
    block = xz.Block(version=1, check=check, compressed_size=compressed,
                     uncompressed_size=uncompressed,
                     filters=ctypes.cast(array, xz.POINTER(xz.Filter)))
    assert OURS.lzma_block_header_size(ctypes.byref(block)) == OK
    header = ctypes.create_string_buffer(block.header_size)
    assert OURS.lzma_block_header_encode(ctypes.byref(block), header) == OK
    for lib in (OURS, THEIRS):
        if not knows(lib, array):
            continue
        filters = chain(*[(0, None)] * 4)
        back = xz.Block(version=1, check=check, header_size=(header.raw[0] + 1) * 4,
                        filters=ctypes.cast(filters, xz.POINTER(xz.Filter)))
        assert lib.lzma_block_header_decode(ctypes.byref(back), None, header.raw) == OK
        assert (back.compressed_size, back.uncompressed_size) == (compressed, uncompressed)
        ids = [f.id for f in filters]
        assert ids[:len(array)] == [f.id for f in array]
        lib.lzma_filters_free(filters, None)


# ---- The Index --------------------------------------------------------------------

RECORDS = st.lists(st.tuples(st.integers(5, 1 << 30), st.one_of(st.just(0),
                                                                 st.integers(0, 1 << 40))),
                   max_size=30)
STREAMS = st.lists(st.tuples(RECORDS, st.integers(0, 5).map(lambda n: n * 4), CHECK),
                   min_size=1, max_size=5)


def vli_size(number):
    return max((number.bit_length() + 6) // 7, 1)


def index_size(records):
    """Size of the Index field for these records."""
    size = 1 + vli_size(len(records)) + 4
    size += sum(vli_size(a) + vli_size(b) for a, b in records)
    return (size + 3) & ~3


def build_index(lib, records, padding=0, check=None):
    index = lib.lzma_index_init(None)
    for unpadded, uncompressed in records:
        assert lib.lzma_index_append(index, None, unpadded, uncompressed) == OK
    if check is not None:
        flags = xz.StreamFlags(version=0, backward_size=index_size(records), check=check)
        assert lib.lzma_index_stream_flags(index, ctypes.byref(flags)) == OK
    assert lib.lzma_index_stream_padding(index, padding) == OK
    return index


def joined_index(lib, streams):
    whole = None
    for records, padding, check in streams:
        index = build_index(lib, records, padding, check)
        if whole is None:
            whole = index
        else:
            assert lib.lzma_index_cat(whole, index, None) == OK
    return whole


def blocks_of(streams):
    """(stream, file offset, uncompressed offset, unpadded, uncompressed) of each Block."""
    compressed = uncompressed = 0
    for number, (records, padding, _) in enumerate(streams, 1):
        compressed += 12
        for unpadded, size in records:
            yield number, compressed, uncompressed, unpadded, size
            compressed += (unpadded + 3) & ~3
            uncompressed += size
        compressed += index_size(records) + 12 + padding


def iterate(lib, index, mode):
    iterator = xz.IndexIter()
    lib.lzma_index_iter_init(ctypes.byref(iterator), index)
    while not lib.lzma_index_iter_next(ctypes.byref(iterator), mode):
        yield iterator


@examples(150)
@given(STREAMS)
def index_totals(streams):
    """Counts and sizes of an index of several Streams."""
    index = joined_index(OURS, streams)
    try:
        total = sum(sum((u + 3) & ~3 for u, _ in records) for records, _, _ in streams)
        sizes = sum(index_size(records) for records, _, _ in streams)
        padding = sum(p for _, p, _ in streams)
        assert OURS.lzma_index_stream_count(index) == len(streams)
        assert OURS.lzma_index_block_count(index) == sum(len(r) for r, _, _ in streams)
        assert OURS.lzma_index_uncompressed_size(index) == sum(
            size for records, _, _ in streams for _, size in records)
        assert OURS.lzma_index_total_size(index) == total
        assert OURS.lzma_index_file_size(index) == total + sizes + padding + 24 * len(streams)
        assert OURS.lzma_index_checks(index) == sum({1 << c for _, _, c in streams})
        assert OURS.lzma_index_size(index) == index_size(
            [r for records, _, _ in streams for r in records])
    finally:
        OURS.lzma_index_end(index, None)


@examples(150)
@given(STREAMS, st.booleans())
def index_iteration(streams, duplicate):
    """The iterator visits Blocks and Streams in order, with the right offsets."""
    index = joined_index(OURS, streams)
    if duplicate:
        original, index = index, OURS.lzma_index_dup(index, None)
        OURS.lzma_index_end(original, None)
    try:
        expected = list(blocks_of(streams))
        found = [(i.stream.number, i.block.compressed_file_offset,
                  i.block.uncompressed_file_offset, i.block.unpadded_size,
                  i.block.uncompressed_size) for i in iterate(OURS, index, xz.ITER_BLOCK)]
        assert found == expected
        numbers = [i.block.number_in_file for i in iterate(OURS, index, xz.ITER_BLOCK)]
        assert numbers == list(range(1, len(expected) + 1))
        filled = [i.block.uncompressed_size for i in iterate(OURS, index, xz.ITER_NONEMPTY)]
        assert filled == [block[4] for block in expected if block[4]]
        found = [(i.stream.number, i.stream.block_count, i.stream.padding,
                  i.stream.flags.contents.check)
                 for i in iterate(OURS, index, xz.ITER_STREAM)]
        assert found == [(n, len(r), p, c) for n, (r, p, c) in enumerate(streams, 1)]
        steps = sum(max(len(records), 1) for records, _, _ in streams)
        assert len(list(iterate(OURS, index, xz.ITER_ANY))) == steps
    finally:
        OURS.lzma_index_end(index, None)


@examples(150)
@given(STREAMS, st.lists(st.integers(0, 1 << 42), max_size=8))
def index_locate(streams, targets):
    """Locating finds the Block that holds the byte, never an empty one."""
    index = joined_index(OURS, streams)
    blocks = [block for block in blocks_of(streams) if block[4]]
    targets += [block[2] for block in blocks] + [b[2] + b[4] - 1 for b in blocks]
    try:
        for target in targets:
            iterator = xz.IndexIter()
            OURS.lzma_index_iter_init(ctypes.byref(iterator), index)
            failed = OURS.lzma_index_iter_locate(ctypes.byref(iterator), target)
            holding = [b for b in blocks if b[2] <= target < b[2] + b[4]]
            assert bool(failed) == (not holding)
            if holding:
                assert iterator.block.compressed_file_offset == holding[0][1]
                assert iterator.block.uncompressed_file_offset == holding[0][2]
    finally:
        OURS.lzma_index_end(index, None)


@examples(150)
@given(RECORDS, STEPS, STEPS)
def index_round_trip(records, in_step, out_step):
    """Encoded in one call and in pieces, decoded in both ways."""
    index = build_index(OURS, records)
    size = OURS.lzma_index_size(index)
    out, pos = ctypes.create_string_buffer(size), ctypes.c_size_t(0)
    assert OURS.lzma_index_buffer_encode(index, out, ctypes.byref(pos), size) == OK
    assert pos.value == size == index_size(records)
    got = encode(OURS, OURS.lzma_index_encoder, index, out_step=out_step)
    assert got == (STREAM_END, out.raw)
    OURS.lzma_index_end(index, None)
    for lib in filter(None, (OURS, THEIRS)):
        back, limit = ctypes.c_void_p(), ctypes.c_uint64(NO_LIMIT)
        pos = ctypes.c_size_t(0)
        ret = lib.lzma_index_buffer_decode(ctypes.byref(back), ctypes.byref(limit), None,
                                           out.raw, ctypes.byref(pos), size)
        assert (ret, pos.value) == (OK, size)
        found = [(i.block.unpadded_size, i.block.uncompressed_size)
                 for i in iterate(lib, back, xz.ITER_BLOCK)]
        lib.lzma_index_end(back, None)
        assert found == records
    back = ctypes.c_void_p()
    got = decode(OURS, OURS.lzma_index_decoder, ctypes.byref(back), NO_LIMIT, data=out.raw,
                 in_step=in_step)
    assert got[0] == STREAM_END and OURS.lzma_index_block_count(back) == len(records)
    OURS.lzma_index_end(back, None)


@examples(200)
@given(RECORDS, st.data())
def damaged_index(records, draws):
    """Damaged Indexes are refused as the machine's library does."""
    index = build_index(OURS, records)
    size = OURS.lzma_index_size(index)
    out, pos = ctypes.create_string_buffer(size), ctypes.c_size_t(0)
    assert OURS.lzma_index_buffer_encode(index, out, ctypes.byref(pos), size) == OK
    OURS.lzma_index_end(index, None)
    broken = draws.draw(damage(out.raw))
    results = []
    for lib in filter(None, (OURS, THEIRS)):
        back, limit = ctypes.c_void_p(), ctypes.c_uint64(1 << 26)
        pos = ctypes.c_size_t(0)
        ret = lib.lzma_index_buffer_decode(ctypes.byref(back), ctypes.byref(limit), None,
                                           broken, ctypes.byref(pos), len(broken))
        assert ret in CONTRACT
        if ret == OK:
            lib.lzma_index_end(back, None)
        else:
            assert pos.value == 0
        results.append(ret)
    # A count of Records too big for its input is damage in later versions.
    assert len(set(results)) == 1 or xz.MEMLIMIT_ERROR in results


@examples(60)
@given(st.lists(st.tuples(DATA, st.integers(0, 3)), min_size=1, max_size=3), CHECK, STEPS,
       st.integers(200, 3000))
def file_info(files, check, steps, block_size):
    """The file info decoder finds all Streams of a file, seeking or not."""
    file, sizes = b"", []
    for data, padding in files:
        options = xz.mt_options(1, block_size=block_size, preset=0, check=check)
        file += encode(OURS, OURS.lzma_stream_encoder_mt, options, data=data)[1]
        file += bytes(4 * padding)
        sizes += [min(block_size, len(data) - i) for i in range(0, len(data), block_size)]
    index = ctypes.c_void_p()
    with xz.Coder(OURS, OURS.lzma_file_info_decoder, ctypes.byref(index), NO_LIMIT,
                  len(file)) as coder:
        pos, ret = 0, xz.SEEK_NEEDED
        step = steps[0] if steps else len(file)
        for _ in range(len(file) + 100):
            ret, _ = coder.feed(file[pos:pos + step], xz.RUN)
            pos += step - coder.strm.avail_in
            if ret == xz.SEEK_NEEDED:
                pos = coder.strm.seek_pos
            elif ret != OK:
                break
    assert ret == STREAM_END
    found = [i.block.uncompressed_size for i in iterate(OURS, index, xz.ITER_BLOCK)]
    count, size = OURS.lzma_index_stream_count(index), OURS.lzma_index_file_size(index)
    OURS.lzma_index_end(index, None)
    assert (found, count, size) == (sizes, len(files), len(file))


# ---- Filter strings ---------------------------------------------------------------

def to_string(lib, array, flags):
    text = ctypes.c_void_p()
    ret = lib.lzma_str_from_filters(ctypes.byref(text), array, flags, None)
    if ret != OK:
        return ret, None
    value = ctypes.string_at(text)
    ctypes.CDLL(None).free(text)
    return ret, value


def from_string(lib, text, flags=0):
    """(message or None, error position, array)"""
    array, pos = chain(*[(0, None)] * 4), ctypes.c_int(-1)
    message = lib.lzma_str_to_filters(text, ctypes.byref(pos), array, flags, None)
    return message, pos.value, array


def described(array):
    """A chain as plain values."""
    out = []
    for entry in array:
        if entry.id == xz.UNKNOWN:
            break
        if entry.id in (xz.LZMA1, xz.LZMA2):
            o = ctypes.cast(entry.options, xz.POINTER(xz.OptionsLzma)).contents
            out.append((entry.id, o.dict_size, o.lc, o.lp, o.pb, o.mode, o.nice_len, o.mf,
                        o.depth))
        elif entry.id == xz.DELTA:
            o = ctypes.cast(entry.options, xz.POINTER(xz.OptionsDelta)).contents
            out.append((entry.id, o.dist))
        else:
            o = ctypes.cast(entry.options, xz.POINTER(xz.OptionsBcj))
            out.append((entry.id, o.contents.start_offset if entry.options else 0))
    return out


@examples(200)
@given(xz_chain(), st.sampled_from([0x10, 0x10 | 0x80, 0x10 | 0x40]))
def filter_string_round_trip(array, flags):
    """A chain becomes text and the same chain again, and the text is the machine's."""
    ret, text = to_string(OURS, array, flags)
    assert ret == OK
    message, _, back = from_string(OURS, text)
    assert message is None
    assert described(back) == described(array)
    OURS.lzma_filters_free(back, None)
    if knows(THEIRS, array):
        assert to_string(THEIRS, array, flags) == (ret, text)


WORDS = st.sampled_from(
    "lzma2 lzma1 x86 delta arm64 sparc - -- : = , 6 9e preset= dict= 4KiB 1MiB 4GiB lc=4 lp=1 "
    "pb=0 nice=2 nice=300 mode=fast mode=slow mf=bt4 mf= depth=1 dist=1 dist=0 start=16 start=3 "
    "k Ki 1 0x1 max \t x".split(" ") + [" ", " ", "  "])


@examples(500)
@given(st.lists(WORDS, max_size=9).map("".join), st.sampled_from([0, 1, 2, 3]))
def filter_string_errors(text, flags):
    """Any text is understood, or refused with the message and position that XZ gives."""
    message, pos, array = from_string(OURS, text.encode(), flags)
    assert 0 <= pos <= len(text)
    values = described(array) if message is None else None
    if message is None:
        OURS.lzma_filters_free(array, None)
    if THEIRS is None:
        return
    theirs = from_string(THEIRS, text.encode(), flags)
    their_values = described(theirs[2]) if theirs[0] is None else None
    if theirs[0] is None:
        THEIRS.lzma_filters_free(theirs[2], None)
    mine, other = (message, pos, values), (newer_words(theirs[0]), theirs[1], their_values)
    assert mine == other or newer_preset(text.encode(), mine, other)


PROPERTIES = [
    vli_round_trip, block_header_round_trip, index_totals, index_iteration, index_locate,
    index_round_trip, damaged_index, file_info, filter_string_round_trip,
    filter_string_errors,
]

if __name__ == "__main__":
    sys.exit(run_all(PROPERTIES))
