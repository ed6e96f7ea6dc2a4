# SPDX-License-Identifier: 0BSD
"""Delta and the branch converters on a whole buffer, in both directions.

Each converter looks for the instructions of one processor that hold a branch target
relative to their own address, and adds that address (encoding) or subtracts it
(decoding). What counts is the pattern of bits, described at each function; the bytes
at the end that are too few for an instruction stay as they are.
"""

MASK32 = 0xFFFFFFFF


def delta(data, distance, encoding):
    """Each byte minus (decoding: plus) the plain byte distance before it."""
    if distance < 1:
        raise ValueError(f"{distance} is no distance")
    out = bytearray(data)
    for index in range(distance, len(data)):
        if encoding:
            out[index] = (data[index] - data[index - distance]) & 0xFF
        else:
            out[index] = (data[index] + out[index - distance]) & 0xFF
    return bytes(out)


def _load(buf, at, order="little"):
    return int.from_bytes(buf[at : at + 4], order)


def _store(buf, at, value, order="little"):
    buf[at : at + 4] = (value & MASK32).to_bytes(4, order)


def _moved(value, address, encoding):
    return (value + address if encoding else value - address) & MASK32


# ---------------------------------------------------------------------------------


def x86(buf, start, encoding):
    """E8 (call) or E9 (jmp) with 32 bits relative to the next instruction, if their
    top byte is 00 or FF: then it becomes the sign of a 25-bit number.

    Opcodes that were passed over may be data that looks like one. With one at most 3
    bytes back the operands overlap: it is converted only if that is the only one and
    its own top byte is neither 00 nor FF; and so that the decoder comes to the same
    verdict, that byte must not become 00 or FF either: if it does, the bits below
    are flipped and the address is applied once more.
    """
    passed = []  # (position, top byte is 00 or FF) of opcodes not converted
    at = 0
    while at + 5 <= len(buf):
        if buf[at] not in (0xE8, 0xE9):
            at += 1
            continue
        passed = [item for item in passed if at - item[0] <= 3]
        plausible = buf[at + 4] in (0x00, 0xFF)
        if not plausible or len(passed) > 1 or (passed and passed[0][1]):
            passed.append((at, plausible))
            at += 1
            continue
        value = _load(buf, at + 1)
        while True:
            value = _moved(value, start + at + 5, encoding)
            if not passed:
                break
            shift = 8 * (at - passed[0][0])
            if (value >> (24 - shift)) & 0xFF not in (0x00, 0xFF):
                break
            value ^= (1 << (32 - shift)) - 1
        top = 0xFF000000 if value & 0x01000000 else 0
        _store(buf, at + 1, (value & 0x00FFFFFF) | top)
        passed = []
        at += 5


def powerpc(buf, start, encoding):
    """bl: opcode 18 in the top six bits, AA = 0, LK = 1; 26-bit target; big endian."""
    for at in range(0, len(buf) - 3, 4):
        word = _load(buf, at, "big")
        if word & 0xFC000003 == 0x48000001:
            target = _moved(word & 0x03FFFFFC, start + at, encoding)
            _store(buf, at, 0x48000001 | (target & 0x03FFFFFC), "big")


def arm(buf, start, encoding):
    """BL, always executed: top byte EB; 24 bits count words from 8 bytes ahead."""
    for at in range(0, len(buf) - 3, 4):
        word = _load(buf, at)
        if word >> 24 == 0xEB:
            target = _moved((word & 0x00FFFFFF) << 2, start + at + 8, encoding)
            _store(buf, at, 0xEB000000 | ((target >> 2) & 0x00FFFFFF))


def armthumb(buf, start, encoding):
    """BL as two half words F0..F7, F8..FF with 11 bits of target each."""
    at = 0
    while at + 4 <= len(buf):
        high, low = _load(buf, at) & 0xFFFF, _load(buf, at) >> 16
        if high & 0xF800 == 0xF000 and low & 0xF800 == 0xF800:
            target = ((high & 0x7FF) << 11 | (low & 0x7FF)) << 1
            target = _moved(target, start + at + 4, encoding) >> 1
            high = 0xF000 | ((target >> 11) & 0x7FF)
            _store(buf, at, (0xF800 | (target & 0x7FF)) << 16 | high)
            at += 2
        at += 2


def sparc(buf, start, encoding):
    """call with a displacement of 23 bits and sign: the bits above agree; big endian.
    The result is brought back into that form."""
    for at in range(0, len(buf) - 3, 4):
        word = _load(buf, at, "big")
        if word >> 22 not in (0x100, 0x1FF):
            continue
        target = _moved((word << 2) & MASK32, start + at, encoding) >> 2
        sign = 0x3FC00000 if target & 0x00400000 else 0
        _store(buf, at, 0x40000000 | sign | (target & 0x003FFFFF), "big")


# Which of the three slots of a bundle hold branches, by the bundle's template.
_IA64_BRANCH_SLOTS = {
    0x10: (2,), 0x11: (2,), 0x12: (1, 2), 0x13: (1, 2), 0x16: (0, 1, 2),
    0x17: (0, 1, 2), 0x18: (2,), 0x19: (2,), 0x1C: (2,), 0x1D: (2,),
}  # fmt: skip


def ia64(buf, start, encoding):
    """br.call (opcode 5, btype 0) in a branch slot of 41 bits: 20 bits and a sign,
    counted in bundles of 16 bytes."""
    for at in range(0, len(buf) - 15, 16):
        bundle = int.from_bytes(buf[at : at + 16], "little")
        for slot in _IA64_BRANCH_SLOTS.get(bundle & 0x1F, ()):
            shift = 5 + 41 * slot
            instruction = (bundle >> shift) & ((1 << 41) - 1)
            if instruction >> 37 != 5 or (instruction >> 9) & 7:
                continue
            target = (instruction >> 13) & 0xFFFFF | ((instruction >> 36) & 1) << 20
            target = _moved(target << 4, start + at, encoding) >> 4
            new = instruction & ~(1 << 36 | 0xFFFFF << 13)
            new |= (target & 0xFFFFF) << 13 | ((target >> 20) & 1) << 36
            bundle ^= (instruction ^ new) << shift
        buf[at : at + 16] = bundle.to_bytes(16, "little")


def arm64(buf, start, encoding):
    """BL: 26 bits of words. ADRP: 21 bits of 4 KiB pages, converted only within
    +-512 MiB, so that addresses in other data seldom match; the sign is kept in the
    three bits above the 18 that are used."""
    for at in range(0, len(buf) - 3, 4):
        word = _load(buf, at)
        address = start + at
        if word >> 26 == 0x25:
            target = _moved(word, (address & MASK32) >> 2, encoding)
            _store(buf, at, 0x94000000 | (target & 0x03FFFFFF))
        elif word & 0x9F000000 == 0x90000000:
            page = (word >> 29) & 3 | ((word >> 5) & 0x7FFFF) << 2
            if (page + 0x20000) & 0x1C0000:
                continue
            page = _moved(page, (address & MASK32) >> 12, encoding)
            sign = 0x00E00000 if page & 0x20000 else 0
            word = word & 0x9000001F | (page & 3) << 29
            _store(buf, at, word | ((page >> 2) & 0xFFFF) << 5 | sign)


# -- RISC-V -----------------------------------------------------------------------
# JAL with rd = x1 or x5: the 20 scattered bits of its target are put in order, most
# significant first.
# AUIPC rd with an instruction behind it that uses rd as base: both halves of the
# address become one number, big endian, in the second word; the first becomes an
# AUIPC x2 (which does not occur in code) and keeps what is left of the second.
# What looks like such a result already is turned into a pair, which the decoder turns
# back, so that every input survives.


def _jal_target(word):
    return ((word >> 31) << 20 | ((word >> 12) & 0xFF) << 12
            | ((word >> 20) & 1) << 11 | ((word >> 21) & 0x3FF) << 1)  # fmt: skip


def _riscv_jal(buf, at, address, encoding):
    low = _load(buf, at)
    if encoding:
        target = _moved(_jal_target(low), address, True)
        buf[at + 1] = (buf[at + 1] & 0x0F) | (target >> 13) & 0xF0
        buf[at + 2] = (target >> 9) & 0xFF
        buf[at + 3] = (target >> 1) & 0xFF
    else:
        target = (buf[at + 1] >> 4) << 17 | buf[at + 2] << 9 | buf[at + 3] << 1
        target = _moved(target, address, False)
        word = (low & 0xFFF) | ((target >> 20) & 1) << 31
        word |= ((target >> 12) & 0xFF) << 12
        word |= ((target >> 11) & 1) << 20 | ((target >> 1) & 0x3FF) << 21
        _store(buf, at, word)


def _is_converted_auipc(word):
    """AUIPC x2 whose upper bits hold the low bits of an instruction of 32 bits (two
    ones) and whose base register, the top five, is neither x0 nor x2."""
    if word & 0xF80 != 0x100 or (word >> 12) & 3 != 3:
        return False
    return (word >> 27) & 0x1D != 0


def _riscv_auipc(buf, at, address, encoding):
    """Returns how many bytes are dealt with."""
    first, second = _load(buf, at), _load(buf, at + 4)
    rd = (first >> 7) & 31
    if rd not in (0, 2):
        if second & 3 != 3 or (second >> 15) & 31 != rd:
            return 6
        low = second >> 20
        if encoding:
            low -= (low & 0x800) << 1
        target = (first & 0xFFFFF000) + low
        if encoding:
            _store(buf, at + 4, target + address, "big")
        else:
            _store(buf, at + 4, target)
        _store(buf, at, 0x17 | 2 << 7 | second << 12)
        return 8
    if not _is_converted_auipc(first):
        return 4
    base = first >> 27
    if encoding:
        target = second
        upper = target & 0xFFFFF000
    else:
        target = _moved(_load(buf, at + 4, "big"), address, False)
        upper = (target + 0x800) & 0xFFFFF000
    _store(buf, at, 0x17 | base << 7 | upper)
    _store(buf, at + 4, first >> 12 | target << 20)
    return 8


def riscv(buf, start, encoding):
    at = 0
    while at + 8 <= len(buf):
        if buf[at] == 0xEF and buf[at + 1] & 0x0D == 0:
            _riscv_jal(buf, at, start + at, encoding)
            at += 4
        elif buf[at] & 0x7F == 0x17:
            at += _riscv_auipc(buf, at, start + at, encoding)
        else:
            at += 2


CONVERTERS = {
    "x86": x86,
    "powerpc": powerpc,
    "ia64": ia64,
    "arm": arm,
    "armthumb": armthumb,
    "sparc": sparc,
    "arm64": arm64,
    "riscv": riscv,
}


def convert(name, data, option, encoding):
    """data through one filter; option is its distance or start offset."""
    if name == "delta":
        return delta(data, option, encoding)
    buf = bytearray(data)
    CONVERTERS[name](buf, option, encoding)
    return bytes(buf)
