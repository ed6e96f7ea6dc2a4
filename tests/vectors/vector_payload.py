# SPDX-License-Identifier: 0BSD
"""Compressed data: filter chains, LZMA2 chunks, bare LZMA; and the symbol statements.

    lzma reset=dict lc=3 lp=0 pb=2    opens an LZMA chunk of LZMA2
    stored "text"                     a stored chunk of LZMA2
    end                               the end of LZMA2 (one byte 00)
    lit DATA; match DISTANCE LENGTH; rep0..rep3 LENGTH; shortrep; eopm
    pack DATA                         symbols of the assembler's choice for DATA
    code DATA                         the same, but DATA goes through the filters first
"""

import re

import vector_data
from vector_fields import Field, encoded, fixed, number, vli
from vector_filters import CONVERTERS, convert
from vector_lang import evaluate
from vector_lzma import END_MARKER_DISTANCE, SymbolEncoder

FILTER_IDS = {
    "delta": 0x03,
    "x86": 0x04,
    "powerpc": 0x05,
    "ia64": 0x06,
    "arm": 0x07,
    "armthumb": 0x08,
    "sparc": 0x09,
    "arm64": 0x0A,
    "riscv": 0x0B,
    "lzma2": 0x21,
    "lzma1": 0x4000000000000001,
    "lzma1ext": 0x4000000000000002,
}


class Filter:
    """One filter of a chain: name, ID, options as text."""

    def __init__(self, text):
        name, _, rest = text.partition(":")
        self.name = name
        self.options = dict(item.split("=", 1) for item in rest.split(",") if item)
        if name in FILTER_IDS:
            self.id = FILTER_IDS[name]
        elif re.fullmatch(r"id(0x[0-9a-f]+|[0-9]+)", name):
            self.id = evaluate(name[2:])
        else:
            raise ValueError(f"there is no filter '{name}'")

    def value(self, key, default):
        return evaluate(self.options[key]) if key in self.options else default

    def properties(self):
        """Filter Properties (.xz format 5.3)."""
        if "props" in self.options:
            return bytes.fromhex(self.options["props"])
        if self.name == "lzma2":
            size = self.value("dict", 4096)
            for bits in range(41):
                if size <= dict_size(bits):
                    return bytes([bits])
        if self.name == "delta":
            return bytes([self.value("dist", 1) - 1])
        if self.name in CONVERTERS and "start" in self.options:
            return fixed(4)(self.value("start", 0))
        return b""

    def flags(self):
        """Filter Flags (.xz format 3.1.5); size= and id= take other bytes in hex."""
        properties = self.properties()
        out = vli(self.id)
        if "id" in self.options:
            out = bytes.fromhex(self.options["id"])
        size = vli(len(properties))
        if "size" in self.options:
            size = bytes.fromhex(self.options["size"])
        return out + size + properties

    def convert(self, data, encoding):
        if self.name == "delta":
            return convert("delta", data, self.value("dist", 1), encoding)
        if self.name in CONVERTERS:
            return convert(self.name, data, self.value("start", 0), encoding)
        return data


def dict_size(bits):
    """LZMA2's one byte of properties (.xz format 5.3.1)."""
    return (1 << 32) - 1 if bits == 40 else (2 | bits & 1) << (bits // 2 + 11)


def parse_chain(statement, text):
    try:
        return [Filter(item) for item in re.split(r"--|\s+", text) if item]
    except ValueError as error:
        raise statement.error(str(error)) from error


class Payload:
    """What the payloads have in common: a chain of filters before a SymbolEncoder."""

    def __init__(self, size, chain=(), preset=b""):
        self.chain = list(chain)
        self.symbols = SymbolEncoder(size, preset)
        self.fields = []

    def encoder(self, statement):
        """The SymbolEncoder, when symbols are possible now."""
        raise statement.error("no LZMA data is open here")

    def filtered(self, data):
        for item in self.chain[:-1]:
            data = item.convert(data, True)
        return data

    def output(self):
        """What a decoder makes of it."""
        data = bytes(self.symbols.output)
        for item in reversed(self.chain[:-1]):
            data = item.convert(data, False)
        return data

    def limit(self):
        """Bytes of output before the first symbol that is an error, or None."""
        return self.symbols.invalid_at

    def raw(self, statement, name, data):
        del statement
        self.fields.append(Field(name, data))

    def close(self):
        """Finishes what is open."""


def range_coded(statement, symbols):
    """The bytes of finished LZMA data, with the mistakes that options ask for: first=
    the first byte, tail= added to the last, extra= behind it, drop= bytes less."""
    data = bytearray(symbols.rc.finish())
    data[0] = number(statement, "first", 0)
    data[-1] = (data[-1] + number(statement, "tail", 0)) & 0xFF
    drop = number(statement, "drop", 0)
    if drop:
        del data[-drop:]
    extra = statement.options.get("extra")
    statement.used.add("extra")
    if extra:
        data += data_of(statement, extra)
    return bytes(data)


class Lzma1Payload(Payload):
    """Bare LZMA: one range coded run of symbols."""

    def __init__(self, statement, props, size, chain=(), preset=b""):
        super().__init__(size, chain, preset)
        self.statement = statement
        self.symbols.reset_props(*props)
        self.symbols.start()
        self.closed = False

    def encoder(self, statement):
        if self.closed:
            raise statement.error("the LZMA data is finished")
        return self.symbols

    def raw(self, statement, name, data):
        self.close()
        super().raw(statement, name, data)

    def close(self):
        if not self.closed:
            data = range_coded(self.statement, self.symbols)
            self.fields.append(Field("LZMA data", data, self.symbols.log))
        self.closed = True


RESETS = {"none": 0, "state": 1, "props": 2, "dict": 3}


class Lzma2Payload(Payload):
    """LZMA2: chunks, each with a control byte, up to a byte 00.

    control   01 stored, resets the dictionary; 02 stored
              80..FF LZMA: bit 5-6 resets (none, state, + new props, + dictionary);
              bit 0-4 are bits 16-20 of the uncompressed size - 1
    """

    def __init__(self, size, chain=()):
        super().__init__(size, chain)
        self.chunk = None
        self.chunk_start = 0
        self.is_first = True
        self.must_reset_props = True

    def encoder(self, statement):
        if self.chunk is None:
            return super().encoder(statement)
        return self.symbols

    def raw(self, statement, name, data):
        self.close()
        super().raw(statement, name, data)

    def open_lzma(self, statement):
        self.close()
        auto = "dict" if self.is_first else "props" if self.must_reset_props else "none"
        name = statement.option("reset", auto)
        if name not in RESETS:
            raise statement.error(f"there is no reset '{name}'")
        reset = RESETS[name]
        self.is_first = False
        if reset == 3:
            self.symbols.reset_dict()
        if reset >= 2 or self.symbols.model is None:
            self.must_reset_props = False
            defaults = (("lc", 3), ("lp", 0), ("pb", 2))
            self.symbols.reset_props(*(statement.number(*item) for item in defaults))
        elif reset == 1:
            self.symbols.reset_state()
        self.symbols.start()
        self.chunk = (statement, reset)
        self.chunk_start = len(self.symbols.output)

    def close(self):
        if self.chunk is None:
            return
        statement, reset = self.chunk
        self.chunk = None
        data = range_coded(statement, self.symbols)
        size = len(self.symbols.output) - self.chunk_start
        size = number(statement, "unpacked", size)
        packed = number(statement, "packed", len(data))
        if size < 1 or packed < 1:
            raise statement.error("an LZMA chunk cannot be empty (use unpacked=)")
        control = 0x80 | reset << 5 | (size - 1) >> 16
        head = encoded(statement, "control", control, fixed(1))
        model = self.symbols.model
        self.fields.append(Field("LZMA2 control", head))
        self.fields.append(Field("uncompressed size - 1", fixed(2, "big")(size - 1)))
        self.fields.append(Field("compressed size - 1", fixed(2, "big")(packed - 1)))
        if reset >= 2 or "props" in statement.options:
            props = (model.pb * 5 + model.lp) * 9 + model.lc
            props = encoded(statement, "props", props, fixed(1))
            self.fields.append(Field("lc/lp/pb", props))
        self.fields.append(Field("LZMA data", data, self.symbols.log))
        statement.finish(0)

    def stored(self, statement):
        self.close()
        name = statement.option("reset", "dict" if self.is_first else "none")
        if name not in ("none", "dict"):
            raise statement.error("a stored chunk resets dict or none")
        self.is_first = False
        data = data_of(statement, statement.args[0] if statement.args else '""')
        if name == "dict":
            self.symbols.reset_dict()
        self.symbols.put(data)
        size = number(statement, "size", len(data))
        control = encoded(statement, "control", 1 if name == "dict" else 2, fixed(1))
        self.fields.append(Field("LZMA2 control", control))
        self.fields.append(Field("chunk size - 1", fixed(2, "big")(size - 1)))
        self.fields.append(Field("stored data", data))

    def end(self):
        self.close()
        self.fields.append(Field("LZMA2 end", b"\0"))


def data_of(statement, text):
    try:
        return vector_data.parse(text)
    except ValueError as error:
        raise statement.error(str(error)) from error


# ---------------------------------------------------------------------------------
# Statements


def _data_argument(statement):
    statement.arg(0)
    return data_of(statement, statement.args[0])


def do_lit(build, statement):
    encoder = build.payload(statement).encoder(statement)
    for byte in _data_argument(statement):
        encoder.literal(byte)
    return 1


def do_match(build, statement):
    length = statement.arg_number(1)
    encoder = build.payload(statement).encoder(statement)
    if not 2 <= length <= 273:
        raise statement.error("lengths are 2 to 273")
    distance = statement.arg_number(0)
    if not 1 <= distance < END_MARKER_DISTANCE:
        raise statement.error("distances are 1 to 2**32-1")
    encoder.match(distance, length)
    return 2


def do_rep(build, statement):
    encoder = build.payload(statement).encoder(statement)
    encoder.rep(int(statement.word[3]), statement.arg_number(0))
    return 1


def do_shortrep(build, statement):
    build.payload(statement).encoder(statement).shortrep()
    return 0


def do_eopm(build, statement):
    length = statement.number("len", 2)
    build.payload(statement).encoder(statement).match(END_MARKER_DISTANCE, length)
    return 0


def do_pack(build, statement):
    encoder = build.payload(statement).encoder(statement)
    encoder.pack(_data_argument(statement))
    return 1


def do_code(build, statement):
    payload = build.payload(statement)
    encoder = payload.encoder(statement)
    data = _data_argument(statement)
    if encoder.output:
        raise statement.error("must come first, as filters work from the start")
    encoder.pack(payload.filtered(data))
    if payload.output() != data:
        raise AssertionError("a filter does not undo what it did")
    return 1


def _lzma2(build, statement):
    payload = build.payload(statement)
    if not isinstance(payload, Lzma2Payload):
        raise statement.error("no LZMA2 data is open here")
    return payload


def do_lzma(build, statement):
    _lzma2(build, statement).open_lzma(statement)
    return None  # options are looked at when the chunk closes


def do_stored(build, statement):
    _lzma2(build, statement).stored(statement)
    return 1


def do_end(build, statement):
    _lzma2(build, statement).end()
    return 0


WORDS = {
    "lit": do_lit,
    "match": do_match,
    "rep0": do_rep,
    "rep1": do_rep,
    "rep2": do_rep,
    "rep3": do_rep,
    "shortrep": do_shortrep,
    "eopm": do_eopm,
    "pack": do_pack,
    "code": do_code,
    "lzma": do_lzma,
    "stored": do_stored,
    "end": do_end,
}
