# SPDX-License-Identifier: 0BSD
"""The .xz container, field by field, in the order and with the words of the format.

    stream check=crc64
    block filters="lzma2:dict=4KiB" compressed=yes uncompressed=yes
      ... LZMA2 chunks ...
    padding hex:01            only to replace what would be there
    check value=+1            the same
    index count=+1
    record 0 unpadded=+4      changes a Record; "record add", "record drop"
    footer backward=+1
    stream-padding 4

A Block is written when the next of these words comes, since its header may need the
size of what follows; Block Padding and Check are written then if not yet there.
"""

from vector_fields import (
    CHECK_IDS,
    CHECK_SIZES,
    Field,
    check_value,
    crc32,
    encoded,
    fixed,
    number,
    pad4,
    vli,
)
from vector_payload import Lzma2Payload, data_of, dict_size, parse_chain

HEADER_SIZE = 12


class XzState:
    """What later fields need to know of the Stream so far."""

    def __init__(self, check_id):
        self.check_id = check_id
        self.records = []  # (Unpadded Size, Uncompressed Size) of each Block
        self.index_size = 0
        self.padding = 0


def _optional_data(statement, key, auto):
    text = statement.options.get(key)
    statement.used.add(key)
    return auto if text is None else data_of(statement, text)


def do_stream(build, statement):
    build.close()
    text = statement.option("check", "crc32")
    check_id = CHECK_IDS[text] if text in CHECK_IDS else statement.evaluate(text)
    state = XzState(check_id & 15)
    build.xz = state
    build.streams.append(state)
    flags = encoded(statement, "flags", check_id << 8, fixed(2))
    magic = _optional_data(statement, "magic", b"\xfd7zXZ\0")
    build.emit("Header Magic Bytes", magic)
    build.emit("Stream Flags", flags)
    value = encoded(statement, "crc32", crc32(flags), fixed(4))
    build.emit("Stream Header CRC32", value)
    return 0


# ---------------------------------------------------------------------------------
# Blocks


class Block:
    """A Block whose Compressed Data is being described."""

    def __init__(self, build, statement):
        self.build = build
        self.statement = statement
        text = statement.option("filters", "lzma2:dict=4KiB")
        self.chain = parse_chain(statement, text)
        properties = self.chain[-1].properties() if self.chain else b""
        size = 4096
        if len(properties) == 1 and properties[0] <= 40:
            size = dict_size(properties[0])
        self.payload = Lzma2Payload(size, self.chain)
        self.padding = None
        self.check = None

    def _header(self, compressed_size, uncompressed_size):
        """The fields of the Block Header."""
        statement, parts = self.statement, []
        flags = max(len(self.chain), 1) - 1

        def size_field(key, bit, name, value):
            nonlocal flags
            if statement.option(key, "no") == "no":
                return
            flags |= bit
            if statement.option(key) == "yes":
                statement.options[key] = "auto"
            parts.append(Field(name, encoded(statement, key, value, vli)))

        size_field("compressed", 0x40, "Compressed Size", compressed_size)
        size_field("uncompressed", 0x80, "Uncompressed Size", uncompressed_size)
        for item in self.chain:
            parts.append(Field(f"Filter Flags ({item.name})", item.flags()))
        flags = encoded(statement, "flags", flags, fixed(1))
        parts.insert(0, Field("Block Flags", flags))
        size = 1 + sum(len(part.data) for part in parts)
        total = number(statement, "header-size", size + 4 + pad4(size))
        padding = bytes(max(total - 4 - size, 0))
        padding = _optional_data(statement, "header-padding", padding)
        parts.append(Field("Header Padding", padding))
        byte = encoded(statement, "size-byte", total // 4 - 1, fixed(1))
        parts.insert(0, Field("Block Header Size", byte))
        value = crc32(b"".join(part.data for part in parts))
        value = encoded(statement, "crc32", value, fixed(4))
        parts.append(Field("Block Header CRC32", value))
        return parts

    def close(self):
        build = self.build
        self.payload.close()
        data_size = sum(len(field.data) for field in self.payload.fields)
        output = self.payload.output()
        header = self._header(data_size, len(output))
        if self.padding is None:
            self.padding = bytes(pad4(data_size))
        if self.check is None:
            self.check = self.auto_check()
        for field in header + self.payload.fields:
            build.add(field)
        build.emit("Block Padding", self.padding)
        build.emit("Check", self.check)
        header_size = sum(len(field.data) for field in header)
        unpadded = header_size + data_size + CHECK_SIZES[build.xz.check_id]
        build.xz.records.append((unpadded, len(output)))
        build.produce(self.payload)
        self.statement.finish(0)

    def auto_check(self):
        check_id = self.build.xz.check_id
        self.payload.close()
        value = check_value(check_id, self.payload.output())
        return fixed(CHECK_SIZES[check_id])(value)


def _need_stream(build, statement):
    if build.xz is None:
        raise statement.error("there is no stream")
    return build.xz


def do_block(build, statement):
    _need_stream(build, statement)
    build.open(Block(build, statement))
    return None


def _need_block(build, statement):
    if not isinstance(build.container, Block):
        raise statement.error("there is no block")
    return build.container


def do_padding(build, statement):
    block = _need_block(build, statement)
    block.padding = data_of(statement, statement.args[0] if statement.args else "hex:")
    return 1


def do_check(build, statement):
    block = _need_block(build, statement)
    right = block.auto_check()
    value = int.from_bytes(right, "little")
    block.check = encoded(statement, "value", value, fixed(len(right)))
    return 0


# ---------------------------------------------------------------------------------
# Index and Stream Footer


class Index:
    """An Index whose Records may still be changed."""

    payload = None

    def __init__(self, build, statement):
        self.build = build
        self.statement = statement
        self.records = [[vli(a), vli(b)] for a, b in build.xz.records]
        self.auto = [list(record) for record in build.xz.records]

    def change(self, statement):
        which = statement.arg(0)
        if which == "drop" and self.records:
            self.records.pop()
            self.auto.pop()
            return
        if which == "add":
            self.records.append([b"", b""])
            self.auto.append([0, 0])
            index = -1
        else:
            index = statement.evaluate(which)
        if not -1 <= index < len(self.records) or not self.records:
            raise statement.error(f"there is no record {which}")
        for place, key in enumerate(("unpadded", "uncompressed")):
            auto = self.auto[index][place]
            self.records[index][place] = encoded(statement, key, auto, vli)
            if self._is_plain(statement, key):
                self.auto[index][place] = number(statement, key, auto)

    @staticmethod
    def _is_plain(statement, key):
        text = statement.option(key, "auto")
        return text != "none" and not text.startswith("hex:")

    def close(self):
        build, statement = self.build, self.statement
        parts = [Field("Index Indicator", encoded(statement, "indicator", 0, fixed(1)))]
        count = encoded(statement, "count", len(self.records), vli)
        parts.append(Field("Number of Records", count))
        for place, record in enumerate(self.records):
            parts.append(Field(f"Record {place} Unpadded Size", record[0]))
            parts.append(Field(f"Record {place} Uncompressed Size", record[1]))
        size = sum(len(part.data) for part in parts)
        padding = _optional_data(statement, "padding", bytes(pad4(size)))
        parts.append(Field("Index Padding", padding))
        value = crc32(b"".join(part.data for part in parts))
        parts.append(Field("Index CRC32", encoded(statement, "crc32", value, fixed(4))))
        for part in parts:
            build.add(part)
        build.xz.index_size = sum(len(part.data) for part in parts)
        build.xz.records = [tuple(record) for record in self.auto]
        statement.finish(0)


def do_index(build, statement):
    build.close()
    if build.xz is None:  # an Index alone, for the Index decoder
        build.xz = XzState(0)
        build.streams.append(build.xz)
    build.open(Index(build, statement))
    return None


def do_record(build, statement):
    if not isinstance(build.container, Index):
        raise statement.error("there is no index")
    build.container.change(statement)
    return 1


def do_footer(build, statement):
    build.close()
    state = _need_stream(build, statement)
    backward = encoded(statement, "backward", state.index_size // 4 - 1, fixed(4))
    flags = encoded(statement, "flags", state.check_id << 8, fixed(2))
    value = crc32(backward + flags)
    build.emit("Stream Footer CRC32", encoded(statement, "crc32", value, fixed(4)))
    build.emit("Backward Size", backward)
    build.emit("Stream Flags", flags)
    build.emit("Footer Magic Bytes", _optional_data(statement, "magic", b"YZ"))
    build.xz = None
    return 0


def do_stream_padding(build, statement):
    build.close()
    size = statement.arg_number(0)
    build.emit("Stream Padding", bytes(size))
    if build.streams:
        build.streams[-1].padding += size
    return 1


def listing(streams, with_flags):
    """What the runner prints of an lzma_index: a line a Stream, then a line a Block."""
    lines, block = [], 0
    for place, state in enumerate(streams, 1):
        blocks = sum(size + pad4(size) for size, _ in state.records)
        size = 2 * HEADER_SIZE + blocks + state.index_size
        output = sum(record[1] for record in state.records)
        check = state.check_id if with_flags else "-"
        lines.append(f"stream {place} check {check} blocks {len(state.records)} "
                     f"size {size} uncompressed {output} padding {state.padding}\n")
    for state in streams:
        for unpadded, output in state.records:
            block += 1
            lines.append(f"block {block} unpadded {unpadded} uncompressed {output}\n")
    return "".join(lines).encode()


WORDS = {
    "stream": do_stream,
    "block": do_block,
    "padding": do_padding,
    "check": do_check,
    "index": do_index,
    "record": do_record,
    "footer": do_footer,
    "stream-padding": do_stream_padding,
}
