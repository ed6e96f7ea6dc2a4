# SPDX-License-Identifier: 0BSD
"""Writes ELF files from a description; they hold what rules look at and cannot be run.

Independent of the maker in the program's self-test: what both agree on is in the ELF
specification. 64 and 32 bits, both byte orders, with and without sections.
"""

import dataclasses
import struct

ET_REL, ET_DYN = 1, 3
EM_386, EM_ARM64, EM_X86_64, EM_S390 = 3, 183, 62, 22
PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_TLS = 1, 2, 3, 7
DT_NEEDED, DT_SONAME, DT_RUNPATH, DT_AUDIT = 1, 14, 29, 0x6FFFFEFC
STT_FUNC, STT_IFUNC = 2, 10
PAGE = 0x1000


@dataclasses.dataclass
class Symbol:
    """A symbol; offset is that in the code, None means undefined."""
    name: str
    offset: int | None = None
    size: int = 0
    kind: int = STT_FUNC


@dataclasses.dataclass
class Elf:  # pylint: disable=too-many-instance-attributes
    """A library (or program without SONAME), or an object."""
    soname: str = ""
    needed: tuple = ()
    symbols: tuple = ()
    code: bytes = b""
    rodata: bytes = b""
    data: bytes = b""  # writable
    trailer: bytes = b""  # outside of all segments
    tls: bool = False
    relocs: tuple = ()  # numbers of types
    dynamic: tuple = ()  # (tag, number or text)
    gnu_hash: bool = False  # instead of DT_HASH
    machine: int = EM_X86_64
    bits: int = 64
    big: bool = False
    code_flags: int = 5
    interpreter: str = ""
    sections: bool = False

    def number(self, value, size):
        return (value % (1 << 8 * size)).to_bytes(size, "big" if self.big else "little")

    def word(self, value):
        return self.number(value, self.bits // 8)

    def numbers(self, *pairs):
        return b"".join(self.number(value, size) for value, size in pairs)

    def header(self, kind, segments, section_pos=0, sections=0, names=0):
        wide = self.bits == 64
        ident = b"\x7fELF" + bytes([2 if wide else 1, 2 if self.big else 1, 1]) + bytes(9)
        start = 64 if wide else 52
        return (ident + self.numbers((kind, 2), (self.machine, 2), (1, 4)) + self.word(0)
                + self.word(start if segments else 0) + self.word(section_pos)
                + self.numbers((0, 4), (start, 2), (56 if wide else 32, 2), (segments, 2),
                               (64 if wide else 40, 2), (sections, 2), (names, 2)))

    def segment(self, kind, flags, start, size):
        w = self.word
        place = w(start) + w(start) + w(start) + w(size) + w(size)
        if self.bits == 64:
            return self.numbers((kind, 4), (flags, 4)) + place + w(PAGE)
        return self.number(kind, 4) + place + self.number(flags, 4) + w(PAGE)

    def symbol(self, name, symbol, code_start):
        info = (1 << 4) | symbol.kind
        value = 0 if symbol.offset is None else code_start + symbol.offset
        place = 0 if symbol.offset is None else 1
        if self.bits == 64:
            return (self.numbers((name, 4), (info, 1), (0, 1), (place, 2))
                    + self.word(value) + self.word(symbol.size))
        return (self.number(name, 4) + self.word(value) + self.word(symbol.size)
                + self.numbers((info, 1), (0, 1), (place, 2)))

    def tables(self, code_start):
        """(symbol table, strings, how to find a string)"""
        strings = b"\0"
        places = {"": 0}
        texts = [s.name for s in self.symbols] + list(self.needed) + [self.soname]
        texts += [value for _, value in self.dynamic if isinstance(value, str)]
        for text in texts:
            if text not in places:
                places[text] = len(strings)
                strings += text.encode() + b"\0"
        null = Symbol("", None, 0, 0)
        table = self.symbol(0, dataclasses.replace(null), 0)
        table = bytes(len(table))
        for symbol in self.symbols:
            table += self.symbol(places[symbol.name], symbol, code_start)
        return table, strings, places

    def hash(self):
        count = len(self.symbols) + 1
        if not self.gnu_hash:
            return self.numbers((1, 4), (count, 4), (1, 4)) + bytes(4 * count)
        # One bucket with a chain over all symbols.
        chain = [(2, 4)] * (count - 2) + [(3, 4)] * (count > 1)
        return (self.numbers((1, 4), (1, 4), (1, 4), (0, 4)) + self.word(0)
                + self.numbers((1 if count > 1 else 0, 4), *chain))

    def build(self):
        """The file. Offsets and addresses are the same."""
        head_size = PAGE
        code_start = head_size
        code = self.code or b"\x0f\x0b"
        table, strings, places = self.tables(code_start)
        parts, at = {}, code_start
        relocs = b"".join(self.word(code_start) + self.word(kind if self.bits == 64 else kind)
                          + self.word(0) for kind in self.relocs)
        for name, content in (("code", code), ("rodata", self.rodata), ("table", table),
                              ("strings", strings), ("hash", self.hash()),
                              ("relocs", relocs), ("data", self.data)):
            at = -(-at // 16) * 16
            if name in ("rodata", "data"):
                at = -(-at // PAGE) * PAGE
            parts[name] = (at, content)
            at += len(content)
        dynamic = [(DT_NEEDED, places[name]) for name in self.needed]
        dynamic += [(DT_SONAME, places[self.soname])] if self.soname else []
        dynamic += [(tag, places[v] if isinstance(v, str) else v) for tag, v in self.dynamic]
        dynamic += [(6, parts["table"][0]), (5, parts["strings"][0]), (10, len(strings)),
                    (0x6FFFFEF5 if self.gnu_hash else 4, parts["hash"][0]),
                    (7, parts["relocs"][0]), (8, len(relocs)), (0, 0)]
        entries = b"".join(self.word(tag) + self.word(value) for tag, value in dynamic)
        at = -(-at // 16) * 16
        parts["dynamic"] = (at, entries)
        end = at + len(entries)
        segments = self.program_headers(parts, end)
        body = bytearray(self.header(ET_DYN, len(segments)) + b"".join(segments))
        for start, content in parts.values():
            body += bytes(start - len(body)) + content
        return bytes(body) + self.trailer

    def program_headers(self, parts, end):
        code, rodata, data = parts["code"], parts["rodata"], parts["data"]
        segments = [self.segment(PT_LOAD, 4, 0, PAGE),
                    self.segment(PT_LOAD, self.code_flags, code[0], len(code[1])),
                    self.segment(PT_LOAD, 4, rodata[0], data[0] - rodata[0]),
                    self.segment(PT_LOAD, 6, data[0], end - data[0]),
                    self.segment(PT_DYNAMIC, 6, parts["dynamic"][0],
                                 len(parts["dynamic"][1]))]
        if self.interpreter:
            segments.append(self.segment(PT_INTERP, 4, rodata[0], 0))
        if self.tls:
            segments.append(self.segment(PT_TLS, 4, rodata[0], 0))
        return segments


def make_object(symbols=(), section_names=(), sections=0, code=b"", machine=EM_X86_64):
    """A relocatable object: code, symbol table, strings, sections by name, dummies."""
    elf = Elf(symbols=tuple(symbols), machine=machine)
    table, strings, _ = elf.tables(0)
    names, places = strings, []
    for name in section_names:
        places.append(len(names))
        names += name.encode() + b"\0"
    code = code or b"\x0f\x0b"
    start = 64

    def section(name, kind, flags, offset, size, link=0):
        return struct.pack("<IIQQQQIIQQ", name, kind, flags, 0, offset, size, link, 0, 1,
                           24 if kind == 2 else 0)
    table_pos, names_pos = start + len(code), start + len(code) + len(table)
    entries = [section(0, 0, 0, 0, 0), section(0, 1, 6, start, len(code)),
               section(0, 2, 0, table_pos, len(table), 3),
               section(0, 3, 0, names_pos, len(names))]
    entries += [section(place, 1, 6, start, 0) for place in places]
    while len(entries) < sections:
        entries.append(section(0, 1, 0, start, 0))
    section_pos = names_pos + len(names)
    return (elf.header(ET_REL, 0, section_pos, len(entries), 3) + code + table + names
            + b"".join(entries))
