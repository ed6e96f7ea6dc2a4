# SPDX-License-Identifier: 0BSD
"""Fields: named bytes, and how a vector says that a field is to be wrong.

Every derived field has a value that the assembler works out. An option named after the
field replaces it:

    +3  -1      the right value changed by that much
    0x40        another value, in the field's usual encoding
    hex:8000    these bytes instead of the encoded value
    none        no bytes at all
"""

import binascii
import hashlib


class Field:
    """A run of bytes of the assembled input, for --show.

    log is a list of (offset within data, text) for what lies within.
    """

    def __init__(self, name, data, log=()):
        self.name = name
        self.data = bytes(data)
        self.log = list(log)


def number(statement, key, auto):
    """The number that a field is to hold, for fields that share bytes with others."""
    text = statement.option(key)
    if text is None or text == "auto":
        return auto
    if text.startswith(("+", "-")):
        return auto + statement.evaluate(text.lstrip("+"))
    return statement.evaluate(text)


def encoded(statement, key, auto, encode):
    """The bytes of a field: encode(auto) unless the option says otherwise."""
    text = statement.option(key)
    if text == "none":
        return b""
    if text is not None and text.startswith("hex:"):
        try:
            return bytes.fromhex(text[4:])
        except ValueError:
            raise statement.error(f"'{text}' is not hexadecimal") from None
    return encode(number(statement, key, auto))


def fixed(size, order="little"):
    """An encoder for integers of size bytes; what is too large wraps around."""
    return lambda value: (value % (1 << 8 * size)).to_bytes(size, order)


def vli(value):
    """Variable-length integer (.xz format 1.2): 7 bits a byte, lowest first."""
    if value < 0:
        raise ValueError("a variable-length integer cannot be negative")
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def pad4(size):
    return -size % 4


def crc32(data):
    return binascii.crc32(data)


def _crc64_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xC96C5795D7870F42 if value & 1 else 0)
        table.append(value)
    return table


_CRC64 = _crc64_table()


def crc64(data):
    value = (1 << 64) - 1
    for byte in data:
        value = value >> 8 ^ _CRC64[(value ^ byte) & 0xFF]
    return value ^ (1 << 64) - 1


CHECK_IDS = {"none": 0, "crc32": 1, "crc64": 4, "sha256": 10}
CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64]


def check_value(check_id, data):
    """The Check field as a little endian number; zero for IDs without a meaning."""
    if check_id == 1:
        return crc32(data)
    if check_id == 4:
        return crc64(data)
    if check_id == 10:
        return int.from_bytes(hashlib.sha256(data).digest(), "little")
    return 0
