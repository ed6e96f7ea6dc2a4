# SPDX-License-Identifier: 0BSD
"""Data, options and damage that hypothesis makes up, for tests of properties.

The library under test and the machine's own are loaded here: OURS and THEIRS, the latter
None where Python has no lzma module.
"""

import os
import random

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

import cases
import lzma_ctypes as xz
from lzma_ctypes import chain

THEIRS = xz.system_library()  # before ours, which has the same soname
OURS = xz.Lzma(cases.library_path())
CONTRACT = set(range(13))  # what functions may return


def examples(count):
    """Settings for a property with count examples; a tenth of them with sanitizers,
    $EXPLORE times as many if that is set."""
    explore = int(os.environ.get("EXPLORE", "0"))
    count = max(count // 10, 5) if cases.SANITIZED else count * max(explore, 1)
    return settings(max_examples=count, deadline=None, database=None,
                    derandomize=not explore, print_blob=False,
                    suppress_health_check=HealthCheck.all(),
                    phases=(Phase.explicit, Phase.generate, Phase.shrink))


def grow(parts):
    """Data from small parts: bytes, runs, copies of what is there, noise from a seed."""
    out = bytearray()
    for kind, number, piece in parts:
        if kind == "copy" and out:
            start = number % len(out)
            out += (out[start:start + len(piece) * 9] or b"")
        elif kind == "noise":
            out += random.Random(number).randbytes(len(piece) * 50)
        elif kind == "run":
            out += piece * (number % 200)
        else:
            out += piece
    return bytes(out)


DATA = st.lists(st.tuples(st.sampled_from(["plain", "copy", "run", "noise"]),
                          st.integers(0, 1 << 16), st.binary(max_size=40)),
                max_size=25).map(grow)
STEPS = st.one_of(st.just(0), st.lists(st.integers(1, 5000), min_size=1, max_size=4),
                  st.lists(st.integers(1, 20), min_size=1, max_size=3))
CHECK = st.sampled_from(xz.CHECKS)


@st.composite
def lzma_options(draw):
    lc = draw(st.integers(0, 4))
    return OURS.options(draw(st.sampled_from([0, 1, 4])), lc=lc,
                        lp=draw(st.integers(0, 4 - lc)), pb=draw(st.integers(0, 4)),
                        dict_size=draw(st.integers(4096, 1 << 20)),
                        mode=draw(st.sampled_from([xz.FAST, xz.NORMAL])),
                        mf=draw(st.sampled_from([xz.HC3, xz.HC4, xz.BT2, xz.BT3, xz.BT4])),
                        nice_len=draw(st.integers(2, 273)), depth=draw(st.integers(0, 300)))


@st.composite
def other_filter(draw, numbers=(xz.DELTA,) + xz.BCJ):
    number = draw(st.sampled_from(numbers))
    if number == xz.DELTA:
        return xz.delta(draw(st.integers(1, 256)))
    start = draw(st.one_of(st.none(), st.integers(0, (1 << 32) // 16 - 1)))
    return xz.bcj(number, start if start is None else start * 16)


@st.composite
def xz_chain(draw, numbers=(xz.DELTA,) + xz.BCJ):
    before = draw(st.lists(other_filter(numbers), max_size=3))
    return chain(*before, (xz.LZMA2, draw(lzma_options())))


def knows(lib, array):
    """True if lib is there and has all filters of the chain."""
    newer = any(f.id == xz.RISCV for f in array)
    return lib is not None and (not newer or hasattr(lib, "lzma_bcj_riscv_decode"))


@st.composite
def damage(draw, packed):
    """packed with some bytes changed, put in, or taken out."""
    out = bytearray(packed)
    for _ in range(draw(st.integers(1, 4))):
        pos = draw(st.integers(0, len(out)))
        kind = draw(st.sampled_from(["change", "insert", "remove", "cut", "repeat"]))
        if kind == "change" and pos < len(out):
            out[pos] ^= 1 << draw(st.integers(0, 7))
        elif kind == "insert":
            out[pos:pos] = draw(st.binary(min_size=1, max_size=9))
        elif kind == "remove":
            del out[pos:pos + draw(st.integers(1, 9))]
        elif kind == "cut":
            del out[pos:]
        elif kind == "repeat":
            out += out[pos:]
    return bytes(out)


def run_all(properties):
    """Each property is a case; $ONLY picks by a part of the name. Returns exit status."""
    tally = cases.Cases()
    if THEIRS is None:
        tally.skip("what the machine's liblzma says; Python has no lzma module here")
    for property_ in properties:
        if os.environ.get("ONLY", "") in property_.__name__:
            tally.run(property_)
    return tally.finish()
