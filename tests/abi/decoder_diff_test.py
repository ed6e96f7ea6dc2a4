# SPDX-License-Identifier: 0BSD
"""Two liblzmas decode the same files and must do the same.

usage: decoder_diff_test.py LIBRARY [PEER [ROUNDS [SEED]]]

LIBRARY is the one under test, PEER another one, by default the system's. Files are made
by the peer's relatives, then given to both: whole, in random pieces, cut off, damaged.
Compared are the codes that lzma_code() returns, the output, and the positions.
"""

import ctypes as C
import lzma
import os
import random
import sys

from decoder_files import (damage, fix_checksums, index_field, lzip_files, lzma_files,
                           plain_texts, xz_files)
from decoder_lib import (ARM, CONCATENATED, DATA_ERROR, BUF_ERROR, DELTA, FINISH,
                         IGNORE_CHECK, LZMA1, LZMA1EXT, LZMA2, RISCV,
                         STREAM_END, TELL_ANY_CHECK, TELL_NO_CHECK,
                         TELL_UNSUPPORTED_CHECK, UNKNOWN, X86, Block, Library,
                         OptionsBcj, OptionsDelta, Stream, chain, lzma_options)

LIMIT = 100 << 20
TELL = TELL_NO_CHECK | TELL_UNSUPPORTED_CHECK | TELL_ANY_CHECK

# Rules that are newer than the peer (liblzma 5.4): what it says, what is right.
NEWER_RULES = {
    "stream_buffer_decode": (BUF_ERROR, DATA_ERROR),  # cut off: all input was used
}


class Comparer:
    def __init__(self, ours, peer):
        self.ours, self.peer = ours, peer
        self.passed, self.undecided, self.failures = 0, 0, []

    def note(self, ok, text):
        if ok:
            self.passed += 1
            return
        self.failures.append(text)
        if len(self.failures) <= 40:
            print("FAILED:", text)

    def equal(self, name, ask):
        """ask(library) must give the same with both."""
        ours, peer = ask(self.ours), ask(self.peer)
        self.note(ours == peer, f"{name}: {ours!r}, peer {peer!r}")

    def decode(self, name, ask, has_filter=False, is_damaged=False):
        """ask(library) decodes. Sound data: everything is equal. Damaged data: the codes
        are equal, and the outputs agree as far as both go; of a file that is cut off
        everything must come that the peer gives. (The peer leaves what stands right
        before damage unconverted by Delta and branch filters, so that is not compared.
        And it reads past the end of LZMA2 chunks whose size is damaged.) Where damaged
        data ends within a symbol, one may call it damaged and the other incomplete."""
        ours, peer = ask(self.ours), ask(self.peer)
        same = ours.codes == peer.codes
        if is_damaged and not same:
            same = (ours.codes[:-1] == peer.codes[:-1]
                    and {ours.codes[-1], peer.codes[-1]} == {DATA_ERROR, BUF_ERROR})
            self.undecided += same
        if not same and ours.codes[-1] == STREAM_END and peer.codes[-1] == DATA_ERROR:
            # The peer fails where LZMA1 data of known size comes in small pieces.
            self.peer.takes_pieces = False
            peer = ask(self.peer)
            self.peer.takes_pieces = True
            same = ours.codes == peer.codes
            self.undecided += same
        if ours.codes[-1] == STREAM_END:
            same = same and ours.out == peer.out and ours.total_in == peer.total_in
        else:
            size = min(len(ours.out), len(peer.out))
            same = same and (has_filter or ours.out[:size] == peer.out[:size])
            if ours.codes[-1] == BUF_ERROR:
                same = same and len(ours.out) >= len(peer.out)
        self.note(same, f"{name}: {ours!r}, peer {peer!r}"
                        f"{'' if ours.out == peer.out else ' (output differs)'}")

    def one_shot(self, name, function, ask):
        ours, peer = ask(self.ours), ask(self.peer)
        same = (ours.codes == peer.codes or
                NEWER_RULES.get(function) == (peer.codes[0], ours.codes[0]))
        same = same and ours.out == peer.out and ours.total_in == peer.total_in
        self.note(same, f"{name} {function}: {ours!r}, peer {peer!r}")


def split_by(seed):
    """Sizes of pieces from a seed; the same sequence for both libraries."""
    rng = random.Random(seed)
    small = rng.choice((1, 2, 7, 50, 3000))

    def split(which):
        if rng.randrange(20) == 0:
            return 0
        return rng.randrange(1, 2 * small) if rng.randrange(3) else rng.randrange(1, 5000)
    return split


def whole_file_openers(name):
    """(description, decoder, arguments) for a file."""
    for flags in (0, CONCATENATED, TELL, TELL_NO_CHECK | CONCATENATED,
                  TELL_UNSUPPORTED_CHECK | IGNORE_CHECK):
        yield f"auto {flags:#x}", "auto_decoder", (LIMIT, flags)
        yield f"stream {flags:#x}", "stream_decoder", (LIMIT, flags)
        if name.startswith(("lz-", "plzip")):
            yield f"lzip {flags:#x}", "lzip_decoder", (LIMIT, flags)
    yield "alone", "alone_decoder", (LIMIT,)


def test_files(compare, files):
    """Sound and nearly sound files, whole, in pieces, with and without LZMA_FINISH."""
    for name, data in files.items():
        for what, decoder, args in whole_file_openers(name):
            label = f"{name} {what}"
            for finish in (True, False):
                compare.decode(f"{label} finish={finish}", lambda lib: lib.decode(
                    lib.opener(decoder, *args), data, finish=finish))
            for seed in range(2):
                compare.decode(f"{label} split {seed}", lambda lib: lib.decode(
                    lib.opener(decoder, *args), data, split_by(seed)))
        compare.decode(f"{name} limit", lambda lib: lib.decode(
            lib.opener("auto_decoder", 1, CONCATENATED), data, raise_limit=True))


def test_cut_off(compare, files, rng):
    """Files that end too early, at every place near both ends and some between."""
    for name, data in files.items():
        size = len(data)
        cuts = set(range(min(size, 40))) | {size - n for n in range(1, min(size, 44))}
        cuts |= {rng.randrange(size) for _ in range(10) if size}
        for cut in sorted(cuts):
            compare.decode(f"{name} cut at {cut}", lambda lib: lib.decode(
                lib.opener("auto_decoder", LIMIT, CONCATENATED), data[:cut]))


def test_damaged(compare, files, rng, rounds):
    names = sorted(files)
    for i in range(rounds):
        name = rng.choice(names)
        data = damage(files[name], rng)
        if name.startswith("xz") and rng.randrange(3) == 0:
            data = fix_checksums(data, rng)
        flags = rng.choice((0, CONCATENATED, CONCATENATED | IGNORE_CHECK, TELL))
        decoder = rng.choice(("auto", "auto", "stream", "lzip"))
        split = rng.choice((None, split_by))
        compare.decode(f"{name} damaged {i} {decoder} {flags:#x}", lambda lib: lib.decode(
            lib.opener(f"{decoder}_decoder", LIMIT, flags), data,
            split and split(i)), "-filter" in name or "-short" in name, True)
        if not name.startswith("xz"):
            compare.decode(f"{name} damaged {i} alone", lambda lib: lib.decode(
                lib.opener("alone_decoder", LIMIT), data, split and split(i)), False, True)


def raw_chains(size):
    delta, bcj = OptionsDelta(dist=4), OptionsBcj(start_offset=16)
    yield "lzma2", chain((LZMA2, lzma_options()))
    yield "lzma1", chain((LZMA1, lzma_options(lc=1, lp=2)))
    yield "preset dict", chain((LZMA2, lzma_options(preset_dict=b"hello, old world" * 40)))
    yield "preset dict 1", chain((LZMA1, lzma_options(preset_dict=b"hello, world" * 900,
                                                      dict_size=4096)))
    yield "ext", chain((LZMA1EXT, lzma_options(ext_size=size)))
    yield "ext marker", chain((LZMA1EXT, lzma_options(ext_size=size, ext_flags=1)))
    yield "delta", chain((DELTA, delta), (LZMA2, lzma_options()))
    yield "x86 lzma1", chain((X86, None), (LZMA1, lzma_options()))
    yield "arm", chain((ARM, bcj), (DELTA, delta), (LZMA2, lzma_options()))


def encode_raw(peer, filters, plain):
    out, out_pos = C.create_string_buffer(2 * len(plain) + 1000), C.c_size_t(0)
    ret = peer.call("raw_buffer_encode", filters, None, plain, len(plain), out,
                    C.byref(out_pos), len(out))
    assert ret == 0, ret
    return out.raw[:out_pos.value]


def test_raw(compare, rng, rounds):
    texts = plain_texts()
    samples = [("code", texts["code"][:3001]), ("zeros", texts["zeros"][:3000]),
               ("empty", b""), ("mixed", texts["mixed"])]
    for text_name, plain in samples:
        for name, filters in raw_chains(len(plain)):
            data = encode_raw(compare.peer, filters, plain)
            label = f"raw {name} {text_name}"
            size = len(plain)

            def decode(lib, what, split=None):
                return lib.decode(lib.opener("raw_decoder", filters), what, split)

            for seed in range(6):
                compare.decode(f"{label} split {seed}",
                               lambda lib: decode(lib, data, split_by(seed)))
            for what, room in ((data, size), (data + b"behind", size), (data, size + 1),
                               (data, max(0, size - 1)), (data[:-1], size),
                               (data[:-1], size + 1),
                               (data[:len(data) // 2], size), (b"", size), (b"", 0)):
                compare.one_shot(f"{label} {len(what)} {room}", "raw_buffer_decode",
                                 lambda lib: lib.buffer_decode(
                                     "raw_buffer_decode", (filters, None), what, room))
            for i in range(rounds // 40):
                bad = damage(data, rng)
                compare.decode(f"{label} damaged {i}", lambda lib: decode(lib, bad),
                               len(filters) > 2, True)
                compare.decode(f"{label} damaged {i} split",
                               lambda lib: decode(lib, bad, split_by(i)), len(filters) > 2,
                               True)


def test_chains(compare):
    """Validity of chains and options."""
    lzma2, bad_delta = lzma_options(), OptionsDelta(dist=257)
    chains = [(), ((X86, None),), ((LZMA2, lzma2), (LZMA2, lzma2)), ((99, None),),
              ((X86, None),) * 4 + ((LZMA2, lzma2),), ((X86, None),) * 3 + ((LZMA2, lzma2),),
              ((DELTA, bad_delta), (LZMA2, lzma2)), ((DELTA, None), (LZMA2, lzma2)),
              ((DELTA, OptionsDelta(dist=0)), (LZMA2, lzma2)), ((LZMA1, lzma_options(lc=5)),),
              ((DELTA, OptionsDelta(type=1, dist=1)), (LZMA2, lzma2)),
              ((LZMA1, lzma_options(lc=3, lp=2)),), ((LZMA1, lzma_options(pb=5)),),
              ((LZMA2, lzma_options(lc=5)),), ((LZMA1EXT, lzma_options(ext_flags=2)),),
              ((LZMA1EXT, lzma_options(ext_size=2**63)),), ((LZMA1, lzma2), (X86, None)),
              ((LZMA2, lzma_options(dict_size=0)),)]
    for offset in (1, 2, 4, 8, 16):
        chains += [((bcj, OptionsBcj(start_offset=offset)), (LZMA2, lzma2))
                   for bcj in range(X86, RISCV)]
    for filters in map(lambda c: chain(*c), chains):
        ids = [(f.id, f.options) for f in filters]
        compare.equal(f"valid {ids}", lambda lib: (
            lib.call("raw_decoder_memusage", filters) == UNKNOWN,
            lib.decode(lib.opener("raw_decoder", filters), b"").codes))
    for filter_id in list(range(RISCV)) + [LZMA2, LZMA1, LZMA1EXT, LZMA1EXT + 1, UNKNOWN]:
        compare.equal(f"supported {filter_id:#x}", lambda lib: lib.call(
            "filter_decoder_is_supported", filter_id) & 0xFF)


def test_flags(compare):
    for name in ("stream_decoder", "auto_decoder", "lzip_decoder"):
        for flags in list(range(0x40)) + [0x40, 0x80, 1 << 31]:
            compare.equal(f"{name} flags {flags:#x}", lambda lib: lib.decode(
                lib.opener(name, LIMIT, flags), b"").codes)


def test_limits(compare):
    """lzma_memusage() and the limit before anything is read."""
    openers = [("stream_decoder", (0, 0)), ("auto_decoder", (0, 0)), ("lzip_decoder", (0, 0)),
               ("alone_decoder", (0,)), ("raw_decoder", (chain((LZMA2, lzma_options())),)),
               ("microlzma_decoder", (10, 10, 1, 4096))]

    def ask(lib, name, args):
        strm = Stream()
        codes = [lib.call(name, C.byref(strm), *args), lib.call("memusage", C.byref(strm)),
                 lib.call("memlimit_get", C.byref(strm))]
        for limit in (0, 1, 32767, 32768, UNKNOWN):
            codes.append(lib.call("memlimit_set", C.byref(strm), limit))
            codes.append(lib.call("memlimit_get", C.byref(strm)))
        lib.call("end", C.byref(strm))
        return codes

    for name, args in openers:
        compare.equal(f"limit {name}", lambda lib: ask(lib, name, args))


def test_stream_buffer(compare, files):
    for name in ("xz-check-crc64", "xz-check-none", "xz-blocks", "xz-x86-filter", "xz-two",
                 "xz-padding", "xz-padding-5", "xz-garbage", "xz-check-unknown", "xz-empty",
                 "lzma-text"):
        data = files[name]
        size = 0
        if name.startswith("xz"):
            size = compare.peer.decode(compare.peer.opener(
                "stream_decoder", UNKNOWN, CONCATENATED), data).total_out
        for flags in (0, CONCATENATED, IGNORE_CHECK, TELL_NO_CHECK, TELL_UNSUPPORTED_CHECK,
                      TELL_ANY_CHECK, 0x40):
            for what in (data, data[:-1], data[:30], data[:len(data) // 2], b""):
                for room in {size, size + 9, max(0, size - 1), 0}:
                    for limit in (UNKNOWN, 1, 0):
                        compare.one_shot(
                            f"{name} {flags:#x} {len(what)} {room} {limit}",
                            "stream_buffer_decode", lambda lib: lib.buffer_decode(
                                "stream_buffer_decode",
                                (C.byref(C.c_uint64(limit)), flags, None), what, room))


def test_block(compare, rng):
    """A Block alone, with true and false sizes."""
    plain = plain_texts()["code"][:5001]
    for check in (0, 1, 4, 10, 2):
        known = 1 if check == 2 else check
        file = lzma.compress(plain, check=known, filters=[
            {"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "dict_size": 65536}])
        header_size = (file[12] + 1) * 4
        body = file[12 + header_size:]
        filters = chain((X86, None), (LZMA2, lzma_options()))

        def ask(lib, data, split, one_shot, members):
            block = Block(header_size=header_size, check=check, compressed_size=UNKNOWN,
                          uncompressed_size=UNKNOWN, filters=C.addressof(filters))
            for key, value in members.items():
                setattr(block, key, value)
            if one_shot is not None:
                result = lib.buffer_decode("block_buffer_decode", (C.byref(block), None),
                                           data, one_shot)
            else:
                result = lib.decode(lib.opener("block_decoder", C.byref(block)), data, split)
            if result.codes[-1] in (0, STREAM_END):
                result.codes += [block.compressed_size, block.uncompressed_size,
                                 bytes(block.raw_check)]
            return result

        unpadded = compare.peer.index(bytes(file[slice(*index_field(file))]))[1]
        compressed = unpadded[5][0][14] - header_size - (0, 4, 4, 4, 8, 8, 8, 16, 16, 16,
                                                         32)[check]
        size = len(plain)
        members = [{}]
        members += [{"compressed_size": s} for s in (
            compressed, compressed - 1, compressed + 1, 0, 1, 2**63 - 1, 2**63, 2**63 - 1200)]
        members += [{"uncompressed_size": s} for s in (
            size, size - 1, size + 1, 0, 1, 2**63 - 1, 2**63)]
        members += [{"compressed_size": compressed, "uncompressed_size": size}]
        members += [{"header_size": s} for s in (0, 4, 8, 10, 1024, 1028)]
        members += [{"version": 1, "ignore_check": 1}, {"version": 0, "ignore_check": 1},
                    {"version": 1}, {"version": 2}, {"check": 16}, {"check": 5},
                    {"filters": None}]
        for member in members:
            for data in (body, body[:-40], body[:compressed], body[:compressed - 1]):
                label = f"block {check} {member} {len(data)}"
                # Cut off, and more data than the size says: either may be named.
                is_damaged = len(data) <= compressed and (
                    member.get("uncompressed_size", size) < size)
                compare.decode(label, lambda lib: ask(lib, data, None, None, member),
                               True, is_damaged)
                compare.decode(f"{label} split", lambda lib: ask(
                    lib, data, split_by(1), None, member), True, is_damaged)
                is_sound = data == body and member in (members[0], members[-10])
                for room in (size, size - 1, size + 1, 0) if is_sound else (size,):
                    compare.one_shot(f"{label} {room}", "block_buffer_decode",
                                     lambda lib: ask(lib, data, None, room, member))
        for i in range(200):
            bad = damage(body, rng)
            member = rng.choice(members)
            compare.decode(f"block {check} damaged {i} {member}",
                           lambda lib: ask(lib, bad, None, None, member), True, True)


def test_index(compare, files, rng, rounds):
    for name in ("xz-blocks", "xz-one", "xz-empty", "xz-sized"):
        field = files[name][slice(*index_field(files[name]))]
        for cut in list(range(len(field))) + [len(field)]:
            compare.equal(f"index {name} {cut}", lambda lib: repr(lib.index(field[:cut])))
        compare.equal(f"index {name} tail", lambda lib: repr(lib.index(field + b"abc")))
        for i in range(rounds // 20):
            bad = damage(field, rng)
            if rng.randrange(2) and len(bad) > 8:
                bad = fix_checksums(bytes(12) + bad + files[name][-12:], rng)[12:-12]
            compare.equal(f"index {name} damaged {i}",
                          lambda lib: repr(lib.index(bad, split_by(i), 10**6)))


def test_file_info(compare, files, rng, rounds):
    big = lzma.compress(random.Random(1).randbytes(100000))
    blocks = files["xz-blocks"]
    many = dict(files)
    many.update({
        "big": big, "big-padded": big + bytes(20000), "big-two": big + blocks + bytes(4),
        "big-gap": blocks + bytes(8192) + big + bytes(8180) + blocks + bytes(8204),
        "many": files["xz-one"] * 300, "padding-first": bytes(4) + blocks,
        "only-padding": blocks[:12] + bytes(100), "only-padding-8K": blocks[:12] + bytes(9000),
        "short": blocks[:11], "header": blocks[:12], "magic": blocks[:3],
        "header-footer": blocks[:12] + blocks[-12:], "inner": blocks[:12] + b"abcd" + blocks,
    })
    for name, data in many.items():
        for piece in (UNKNOWN >> 1, 4096, 777, 13):
            compare.equal(f"file info {name} {piece}", lambda lib: lib.file_info(data, piece))
        compare.equal(f"file info {name} limit", lambda lib: lib.file_info(
            data, 5000, memlimit=1, raise_limit=True)[1])
        for size in (0, 11, 12, 16, 20, 24, 28, 32, len(data) + 4, len(data) - 4,
                     2**63 - 1, 2**63, UNKNOWN):
            if size >= 0:
                compare.equal(f"file info {name} as {size}",
                              lambda lib: lib.file_info(data, 5000, file_size=size))
    names = sorted(n for n in many if n.startswith("xz") or n.startswith("big"))
    for i in range(rounds // 2):
        name = rng.choice(names)
        data = fix_checksums(damage(many[name], rng), rng)
        compare.equal(f"file info {name} damaged {i}",
                      lambda lib: lib.file_info(data, rng.choice((13, 5000, 10**6))))


def test_microlzma(compare, rng):
    plain = plain_texts()["code"][:2000]
    strm, options = Stream(), lzma_options(lc=2, lp=1, pb=0)
    peer = compare.peer
    assert peer.call("microlzma_encoder", C.byref(strm), C.byref(options)) == 0
    out, source = C.create_string_buffer(9000), C.create_string_buffer(plain, len(plain))
    strm.next_in, strm.avail_in = C.addressof(source), len(plain)
    strm.next_out, strm.avail_out = C.addressof(out), len(out)
    assert peer.call("code", C.byref(strm), FINISH) == STREAM_END
    data = out.raw[:strm.total_out]
    peer.call("end", C.byref(strm))

    size = len(plain)
    for packed in (len(data), len(data) - 1, len(data) + 3, 0, 1, 5, 6, UNKNOWN):
        for unpacked in (size, size - 1, size + 1, 0, 1, 2**63 - 1, 2**63, UNKNOWN):
            for exact in (0, 1, 2):
                for what in (data, data + b"abc", data[:-1], b"\0" + data[1:],
                             data[:1] + b"\x99" + data[2:], data[:1], b""):
                    for split in (None, split_by(1)):
                        def ask(lib):
                            result = lib.decode(lib.opener(
                                "microlzma_decoder", packed, unpacked, exact, 65536), what,
                                split)
                            result.total_in = 0  # how far it reads ahead is its own affair
                            return result
                        compare.decode(f"microlzma {packed} {unpacked} {exact} {what[:2]}",
                                       ask)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    peer_path = sys.argv[2] if len(sys.argv) > 2 else "liblzma.so.5"
    is_slow = bool(os.environ.get("SANITIZED"))  # then fewer rounds, and other ones
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 700 if is_slow else 2000
    rng = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1 + is_slow)
    compare = Comparer(Library(sys.argv[1]), Library(peer_path))
    files = {**xz_files(), **lzma_files(), **lzip_files()}
    small = {name: data for name, data in files.items() if len(data) < 9000}

    test_flags(compare)
    test_chains(compare)
    test_limits(compare)
    test_files(compare, files)
    test_stream_buffer(compare, files)
    test_block(compare, rng)
    test_raw(compare, rng, rounds)
    test_microlzma(compare, rng)
    test_index(compare, files, rng, rounds)
    test_file_info(compare, files, rng, rounds)
    test_cut_off(compare, small, rng)
    test_damaged(compare, small, rng, rounds)
    compare.note(compare.undecided * 100 <= compare.passed,
                 f"{compare.undecided} results that only nearly agree")
    print(f"{compare.passed} passed, {len(compare.failures)} failed")
    sys.exit(1 if compare.failures else 0)


if __name__ == "__main__":
    main()
