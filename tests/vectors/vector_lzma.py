# SPDX-License-Identifier: 0BSD
"""LZMA symbols to bytes: the range encoder and the model, as plain as can be.

LZMA describes data by symbols. Each is a run of binary decisions, each decision has a
probability of its own that is learned, and a range encoder turns decisions into bytes.

    0 + byte                   literal (plain, or "matched": see literal())
    1 0 + length + distance    match: copy length bytes from distance back
    1 1 0 0                    shortrep: one byte from rep0 back
    1 1 0 1 + length           rep0: copy from the distance used last
    1 1 1 0 + length           rep1: ... the distance before it
    1 1 1 1 0/1 + length       rep2, rep3

Nothing here chooses: the vector says which symbols it wants, valid or not. pack() is
a greedy chooser for those who do not care. It is a second implementation on purpose
and shares nothing with the library that it tests.
"""

PROB_BITS = 11
PROB_INIT = 1 << (PROB_BITS - 1)
MOVE_BITS = 5
TOP = 1 << 24

LEN_MIN = 2
LEN_MAX = 273
END_MARKER_DISTANCE = 1 << 32  # distance - 1 is stored, as 32 one bits


class RangeEncoder:
    """Narrows [low, low + range) by each decision; bytes fall out at the top.

    A carry runs back into the bytes that are out already. The first byte is there
    to take the last possible carry: none ever reaches it, so it is zero.
    """

    def __init__(self):
        self.out = bytearray([0])
        self.low = 0
        self.range = 0xFFFFFFFF

    def _normalize(self):
        while self.range < TOP:
            self.range = (self.range << 8) & 0xFFFFFFFF
            self._shift()

    def _shift(self):
        if self.low >> 32:
            index = len(self.out) - 1
            while self.out[index] == 0xFF:
                self.out[index] = 0
                index -= 1
            self.out[index] += 1
        self.out.append((self.low >> 24) & 0xFF)
        self.low = (self.low << 8) & 0xFFFFFFFF

    def bit(self, probs, index, value):
        """One decision with a learned probability (that the bit is zero)."""
        prob = probs[index]
        bound = (self.range >> PROB_BITS) * prob
        if value:
            self.low += bound
            self.range -= bound
            probs[index] = prob - (prob >> MOVE_BITS)
        else:
            self.range = bound
            probs[index] = prob + (((1 << PROB_BITS) - prob) >> MOVE_BITS)
        self._normalize()

    def tree(self, probs, base, bits, value):
        """bits decisions from the highest on; each node has its own probability."""
        node = 1
        for shift in reversed(range(bits)):
            bit = (value >> shift) & 1
            self.bit(probs, base + node, bit)
            node = node * 2 + bit

    def reverse_tree(self, probs, base, bits, value):
        """The same from the lowest bit on."""
        node = 1
        for shift in range(bits):
            bit = (value >> shift) & 1
            self.bit(probs, base + node, bit)
            node = node * 2 + bit

    def direct(self, bits, value):
        """Bits that are as likely one as zero."""
        for shift in reversed(range(bits)):
            self.range >>= 1
            if (value >> shift) & 1:
                self.low += self.range
            self._normalize()

    def finish(self):
        """All bytes: four more, so that low is there in full and code ends as 0."""
        for _ in range(4):
            self._shift()
        if self.low >> 32:
            raise AssertionError("a carry after the end")
        return bytes(self.out)


class LengthModel:
    """Lengths 2..9 in 3 bits and 10..17 in 3 bits by position, 18..273 in 8 bits."""

    def __init__(self):
        self.choice = [PROB_INIT] * 2
        self.low = [PROB_INIT] * (16 << 3)
        self.mid = [PROB_INIT] * (16 << 3)
        self.high = [PROB_INIT] * 256

    def encode(self, rc, length, pos_state):
        value = length - LEN_MIN
        if value < 8:
            rc.bit(self.choice, 0, 0)
            rc.tree(self.low, pos_state << 3, 3, value)
        elif value < 16:
            rc.bit(self.choice, 0, 1)
            rc.bit(self.choice, 1, 0)
            rc.tree(self.mid, pos_state << 3, 3, value - 8)
        else:
            rc.bit(self.choice, 0, 1)
            rc.bit(self.choice, 1, 1)
            rc.tree(self.high, 0, 8, value - 16)


class Model:
    """All probabilities, the state, and the four distances used last."""

    def __init__(self, lc, lp, pb):
        if not (0 <= lc <= 8 and 0 <= lp <= 4 and 0 <= pb <= 4):
            raise ValueError(f"there is no model of lc={lc} lp={lp} pb={pb}")
        self.lc, self.lp, self.pb = lc, lp, pb
        self.literal = [PROB_INIT] * (0x300 << (lc + lp))
        self.is_match = [PROB_INIT] * (12 << 4)
        self.is_rep = [PROB_INIT] * 12
        self.is_rep0 = [PROB_INIT] * 12
        self.is_rep1 = [PROB_INIT] * 12
        self.is_rep2 = [PROB_INIT] * 12
        self.is_long = [PROB_INIT] * (12 << 4)
        self.slot = [PROB_INIT] * (4 << 6)
        self.special = [[PROB_INIT] * (1 << 5) for _ in range(14)]
        self.align = [PROB_INIT] * 16
        self.match_len = LengthModel()
        self.rep_len = LengthModel()
        self.state = 0
        self.reps = [1, 1, 1, 1]

    # The state says which symbols came last: 0..6 end with a literal, 7..11 do not.

    def after_literal(self):
        if self.state < 4:
            self.state = 0
        else:
            self.state -= 3 if self.state < 10 else 6

    def after(self, behind_literal, behind_other):
        self.state = behind_literal if self.state < 7 else behind_other


class SymbolEncoder:
    """Encodes symbols into bytes and keeps the bytes that they stand for.

    history holds everything since the last dictionary reset. A distance is invalid
    when it reaches behind it or is above dict_size; then invalid_at is the number of
    bytes in output so far, and what follows in output has no meaning.
    """

    def __init__(self, dict_size, preset=b""):
        self.dict_size = dict_size
        self.history = bytearray(preset[-dict_size:] if preset else b"")
        self.output = bytearray()
        self.invalid_at = None
        self.model = None
        self.rc = None
        self.log = []

    def reset_dict(self):
        self.history = bytearray()

    def reset_props(self, lc, lp, pb):
        self.model = Model(lc, lp, pb)

    def reset_state(self):
        self.model = Model(self.model.lc, self.model.lp, self.model.pb)

    def start(self):
        self.rc = RangeEncoder()
        self.log = []

    # -- bytes ---------------------------------------------------------------------

    def put(self, data):
        self.history += data
        self.output += data

    def _back(self, distance):
        return self.history[-distance] if distance <= len(self.history) else 0

    def _copy(self, distance, length):
        if distance > min(len(self.history), self.dict_size):
            if self.invalid_at is None:
                self.invalid_at = len(self.output)
        if distance > len(self.history):
            self.put(bytes(length))
        else:
            piece = self.history[len(self.history) - distance :]
            self.put((piece * (length // distance + 1))[:length])

    def _note(self, text):
        self.log.append((len(self.rc.out), text))

    # -- symbols -------------------------------------------------------------------

    def _pos_state(self):
        return len(self.history) & ((1 << self.model.pb) - 1)

    def literal(self, byte):
        """A byte. Its probabilities depend on lc high bits of the byte before it and
        lp low bits of the position. Behind a match it is "matched": as long as its
        bits agree with those of the byte at rep0, these choose among two more sets."""
        m, rc = self.model, self.rc
        rc.bit(m.is_match, (m.state << 4) + self._pos_state(), 0)
        position = len(self.history) & ((1 << m.lp) - 1)
        context = (position << m.lc) + (self._back(1) >> (8 - m.lc))
        base = 0x300 * context
        node = 1
        agree = m.state >= 7
        other = self._back(m.reps[0])
        for shift in range(7, -1, -1):
            bit = (byte >> shift) & 1
            expected = (other >> shift) & 1
            offset = 0x100 * (1 + expected) if agree else 0
            rc.bit(m.literal, base + offset + node, bit)
            agree = agree and bit == expected
            node = node * 2 + bit
        shown = f" '{chr(byte)}'" if 32 <= byte < 127 else ""
        kind = "matched literal" if m.state >= 7 else "literal"
        self._note(f"{kind} 0x{byte:02x}{shown}")
        m.after_literal()
        self.put(bytes([byte]))

    def _distance(self, distance, length):
        """distance - 1 as slot (the top two bits and their place), then the rest: up
        to 5 bits learned for each slot, or 26 plain bits and 4 learned ones."""
        m, rc = self.model, self.rc
        value = distance - 1
        len_state = min(length - LEN_MIN, 3)
        if value < 4:
            rc.tree(m.slot, len_state << 6, 6, value)
            return
        bits = value.bit_length() - 2
        slot = (bits + 1) * 2 + ((value >> bits) & 1)
        rc.tree(m.slot, len_state << 6, 6, slot)
        rest = value & ((1 << bits) - 1)
        if slot < 14:
            rc.reverse_tree(m.special[slot], 0, bits, rest)
        else:
            rc.direct(bits - 4, rest >> 4)
            rc.reverse_tree(m.align, 0, 4, rest & 15)

    def match(self, distance, length):
        m, rc = self.model, self.rc
        pos_state = self._pos_state()
        rc.bit(m.is_match, (m.state << 4) + pos_state, 1)
        rc.bit(m.is_rep, m.state, 0)
        m.match_len.encode(rc, length, pos_state)
        self._distance(distance, length)
        m.reps = [distance] + m.reps[:3]
        m.after(7, 10)
        if distance == END_MARKER_DISTANCE:
            self._note("end marker" if length == 2 else f"end marker, length {length}")
        else:
            self._note(f"match distance {distance} length {length}")
            self._copy(distance, length)

    def rep(self, index, length):
        m, rc = self.model, self.rc
        pos_state = self._pos_state()
        rc.bit(m.is_match, (m.state << 4) + pos_state, 1)
        rc.bit(m.is_rep, m.state, 1)
        rc.bit(m.is_rep0, m.state, int(index > 0))
        if index == 0:
            rc.bit(m.is_long, (m.state << 4) + pos_state, 1)
        else:
            rc.bit(m.is_rep1, m.state, int(index > 1))
            if index > 1:
                rc.bit(m.is_rep2, m.state, index - 2)
        m.rep_len.encode(rc, length, pos_state)
        m.reps.insert(0, m.reps.pop(index))
        m.after(8, 11)
        self._note(f"rep{index} (distance {m.reps[0]}) length {length}")
        self._copy(m.reps[0], length)

    def shortrep(self):
        m, rc = self.model, self.rc
        pos_state = self._pos_state()
        rc.bit(m.is_match, (m.state << 4) + pos_state, 1)
        rc.bit(m.is_rep, m.state, 1)
        rc.bit(m.is_rep0, m.state, 0)
        rc.bit(m.is_long, (m.state << 4) + pos_state, 0)
        m.after(9, 11)
        self._note(f"shortrep (distance {m.reps[0]})")
        self._copy(m.reps[0], 1)

    # -- choosing ------------------------------------------------------------------

    def _match_length(self, data, at, distance):
        if distance > min(len(self.history), self.dict_size):
            return 0
        length = 0
        start = len(self.history) - distance
        while length < min(LEN_MAX, len(data) - at):
            source = start + length
            if source < len(self.history):
                byte = self.history[source]
            else:
                byte = data[at + source - len(self.history)]
            if byte != data[at + length]:
                break
            length += 1
        return length

    def pack(self, data):
        """Encodes data: the longest of four reps and of the last match with the same
        three bytes, else a literal."""
        seen = {}
        for index in range(max(0, len(self.history) - 2)):
            seen[bytes(self.history[index : index + 3])] = index
        at = 0
        while at < len(data):
            best, how = 1, None
            for index in range(4):
                length = self._match_length(data, at, self.model.reps[index])
                if length > best:
                    best, how = length, ("rep", index)
            index = seen.get(bytes(data[at : at + 3]))
            if index is not None:
                distance = len(self.history) - index
                length = self._match_length(data, at, distance)
                if length > best + 1:
                    best, how = length, ("match", distance)
            before = len(self.history)
            if how is None:
                self.literal(data[at])
            elif how[0] == "rep":
                self.rep(how[1], best)
            else:
                self.match(how[1], best)
            for index in range(max(0, before - 2), len(self.history) - 2):
                seen[bytes(self.history[index : index + 3])] = index
            at += best
