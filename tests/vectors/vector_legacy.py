# SPDX-License-Identifier: 0BSD
"""What holds LZMA data apart from .xz: .lzma, .lz, MicroLZMA, raw filter chains.

    alone lc=3 lp=0 pb=2 dict=4KiB size=known      then symbols (.lzma)
    member dict=4KiB version=1                     then symbols (.lz)
    trailer crc32=+1 size=+1 member=+1             closes a member
    micro lc=3 lp=0 pb=2                           then symbols (MicroLZMA)
    raw                                            then what the chain of "run" takes

alone, member and micro know the options first=, tail=, extra= and drop=, which spoil
the range coded bytes (see vector_payload.py).
"""

from vector_fields import Field, crc32, encoded, fixed, number
from vector_payload import Lzma1Payload, Lzma2Payload, data_of

UNKNOWN = (1 << 64) - 1


def _props(statement):
    return [statement.number(*item) for item in (("lc", 3), ("lp", 0), ("pb", 2))]


def _props_byte(props):
    lc, lp, pb = props
    return (pb * 5 + lp) * 9 + lc


class Container:
    """LZMA data with fields around it."""

    def __init__(self, build, statement, payload):
        self.build = build
        self.statement = statement
        self.payload = payload

    def head(self):
        """Fields before the data."""
        return []

    def close(self):
        self.payload.close()
        for field in self.head() + self.payload.fields:
            self.build.add(field)
        self.build.produce(self.payload)
        self.statement.finish(0)


class Alone(Container):
    """A .lzma file: properties, dictionary size, uncompressed size, data."""

    def __init__(self, build, statement):
        self.props = _props(statement)
        self.dict_size = statement.number("dict", 4096)
        size = max(self.dict_size, 4096)
        super().__init__(build, statement, Lzma1Payload(statement, self.props, size))

    def head(self):
        statement = self.statement
        size = len(self.payload.output())
        if statement.option("size", "unknown") in ("unknown", "known"):
            if statement.option("size", "unknown") == "unknown":
                size = UNKNOWN
            statement.options["size"] = "auto"
        props = encoded(statement, "props", _props_byte(self.props), fixed(1))
        return [
            Field("Properties", props),
            Field("Dictionary Size", fixed(4)(self.dict_size)),
            Field("Uncompressed Size", encoded(statement, "size", size, fixed(8))),
        ]


def lzip_dict_byte(size):
    """The coded dictionary size: bits 0-4 log2 of a power, less bits 5-7 sixteenths."""
    for power in range(12, 30):
        for fraction in range(8):
            if (1 << power) - (fraction << power >> 4) == size:
                if power > 12 or fraction == 0:
                    return fraction << 5 | power
    raise ValueError(f"{size} is no dictionary size of .lz")


class Member(Container):
    """A member of a .lz file; the fields of its trailer come from "trailer"."""

    def __init__(self, build, statement):
        self.dict_size = statement.number("dict", 4096)
        self.version = number(statement, "version", 1)
        self.trailer = None
        size = max(self.dict_size, 4096)
        super().__init__(build, statement, Lzma1Payload(statement, (3, 0, 2), size))

    def head(self):
        statement = self.statement
        magic = b"LZIP"
        if "magic" in statement.options:
            magic = data_of(statement, statement.options["magic"])
            statement.used.add("magic")
        if "dict-byte" in statement.options:
            byte = 0
        else:
            byte = lzip_dict_byte(self.dict_size)
        return [
            Field("ID string", magic),
            Field("VN", fixed(1)(self.version)),
            Field("DS", encoded(statement, "dict-byte", byte, fixed(1))),
        ]

    def close(self):
        start = self.build.size()
        super().close()
        statement = self.trailer
        if statement is None:
            return
        output = self.payload.output()
        add = self.build.emit
        add("CRC32", encoded(statement, "crc32", crc32(output), fixed(4)))
        add("Data size", encoded(statement, "size", len(output), fixed(8)))
        if self.version == 1:
            size = self.build.size() - start + 8
            add("Member size", encoded(statement, "member", size, fixed(8)))
        statement.used.add("member")
        statement.finish(0)


class Micro(Container):
    """MicroLZMA: LZMA whose first byte, which would be 0, is ~properties."""

    def __init__(self, build, statement):
        self.props = _props(statement)
        size = max(build.run_number("dict", 4096), 4096)
        super().__init__(build, statement, Lzma1Payload(statement, self.props, size))
        props = encoded(statement, "props", _props_byte(self.props), fixed(1))
        statement.options.setdefault("first", str(~props[0] & 0xFF))


class Raw(Container):
    """A bare filter chain. What is wrong with its options is for the decoder."""

    def __init__(self, build, statement):
        chain = build.chain
        if not chain:
            raise statement.error("run has no chain=")
        last = chain[-1]
        size = max(last.value("dict", 1 << 23), 4096)
        if last.name == "lzma2":
            payload = Lzma2Payload(size, chain)
        else:
            props = last.value("lc", 3), last.value("lp", 0), last.value("pb", 2)
            payload = Lzma1Payload(statement, props, size, chain, build.preset)
        super().__init__(build, statement, payload)


def do_alone(build, statement):
    build.open(Alone(build, statement))


def do_member(build, statement):
    build.open(Member(build, statement))


def do_trailer(build, statement):
    if not isinstance(build.container, Member):
        raise statement.error("there is no member")
    build.container.trailer = statement
    build.close()


def do_micro(build, statement):
    build.open(Micro(build, statement))


def do_raw(build, statement):
    build.open(Raw(build, statement))


WORDS = {
    "alone": do_alone,
    "member": do_member,
    "trailer": do_trailer,
    "micro": do_micro,
    "raw": do_raw,
}
