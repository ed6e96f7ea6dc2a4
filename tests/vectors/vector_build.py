# SPDX-License-Identifier: 0BSD
"""From statements to vectors: the words that describe a vector as a whole.

    vector name=NAME      begins a vector
    why "..."             what it shows, with the section of the format
    run ENTRY ...         which decoder gets it, with which flags
    since 5.8             older liblzma give something else
    quirk split "..."     liblzma fails if its input comes in pieces
    bytes DATA as="..."   bytes of no kind known here
    stop                  from here on the decoder takes nothing and gives nothing
    trailing DATA         bytes that the decoder must leave alone
    flip OFFSET MASK      afterwards: changes one byte; OFFSET < 0 counts from the end
    cut N                 afterwards: takes N bytes from the end
    expect RET ...        what must come out
"""

import re

import vector_legacy
import vector_payload
import vector_xz
from vector_fields import Field
from vector_lang import VectorError, statements
from vector_payload import data_of, parse_chain

ENTRIES = ("stream", "alone", "lzip", "auto", "raw", "index", "fileinfo", "micro")

FLAGS = ("tell-no-check", "tell-unsupported-check", "tell-any-check", "concatenated",
         "ignore-check", "fail-fast")  # fmt: skip

# In the order of their numbers.
RESULTS = ("OK", "STREAM_END", "NO_CHECK", "UNSUPPORTED_CHECK", "GET_CHECK",
           "MEM_ERROR", "MEMLIMIT_ERROR", "FORMAT_ERROR", "OPTIONS_ERROR",
           "DATA_ERROR", "BUF_ERROR", "PROG_ERROR", "SEEK_NEEDED")  # fmt: skip

RUN_OPTIONS = ("ext-size", "ext-eopm", "comp", "uncomp", "exact", "dict")


class Vector:
    """A finished vector: the rows of the manifest are made of these."""

    def __init__(self, name, where):
        self.name = name
        self.where = where
        self.why = ""
        self.entry = None
        self.flags = []
        self.memlimit = None
        self.chain = None
        self.options = {}
        self.preset = b""
        self.since = None
        self.quirk = None
        self.ret = None
        self.events = []
        self.mode = "exact"
        self.used = None
        self.truncation = "strict"
        self.fields = []
        self.data = b""
        self.output = b""


class Builder:
    """Works through the statements of one vector."""

    def __init__(self, statement):
        name = statement.option("name", "")
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
            raise statement.error("name= must be of a-z, 0-9 and -")
        self.vector = Vector(name, statement.where)
        self.fields = self.vector.fields
        self.container = None
        self.xz = None
        self.streams = []
        self.chain = []
        self.preset = b""
        self.output = b""
        self.limit = None
        self.changes = []

    # -- for the other modules -----------------------------------------------------

    def add(self, field):
        if field.data:
            self.fields.append(field)

    def emit(self, name, data):
        self.add(Field(name, data))

    def size(self):
        return sum(len(field.data) for field in self.fields)

    def open(self, container):
        self.close()
        self.container = container

    def close(self):
        container, self.container = self.container, None
        if container is not None:
            container.close()

    def payload(self, statement):
        payload = self.container and self.container.payload
        if not payload:
            raise statement.error("nothing is open that takes compressed data")
        return payload

    def produce(self, payload):
        """Takes the output of a finished payload."""
        if self.limit is None and payload.limit() is not None:
            self.limit = len(self.output) + payload.limit()
        self.output += payload.output()

    def run_number(self, key, default):
        return int(self.vector.options.get(key, default))

    # -- the end -------------------------------------------------------------------

    def finish(self):
        vector = self.vector
        try:
            self.close()
        except ValueError as error:
            raise VectorError(vector.where, f"{vector.name}: {error}") from error
        for change in self.changes:
            change()
        if vector.entry is None or vector.ret is None:
            raise VectorError(vector.where, f"{vector.name} lacks run or expect")
        vector.fields = [field for field in self.fields if field.data]
        vector.data = b"".join(field.data for field in vector.fields)
        output = self.output
        if vector.entry in ("index", "fileinfo"):
            output = b""
            if vector.ret == "STREAM_END":
                output = vector_xz.listing(self.streams, vector.entry == "fileinfo")
        elif self.limit is not None:
            output = output[: self.limit]
        if isinstance(vector.output, tuple):
            kind, value = vector.output
            output = value if kind == "data" else output[:value]
        vector.output = output
        if vector.ret == "STREAM_END" and vector.used is None:
            vector.used = len(vector.data)
        return vector


# ---------------------------------------------------------------------------------
# Statements


def do_why(build, statement):
    build.vector.why = statement.arg(0)
    return 1


def do_since(build, statement):
    build.vector.since = statement.arg(0)
    return 1


def do_quirk(build, statement):
    build.vector.quirk = statement.arg(0)
    if build.vector.quirk != "split" or not statement.arg(1):
        raise statement.error("a quirk is 'split' with a reason")
    return 2


def do_run(build, statement):
    vector = build.vector
    vector.entry = statement.arg(0)
    if vector.entry not in ENTRIES:
        raise statement.error(f"there is no entry '{vector.entry}'")
    flags = statement.option("flags", "")
    vector.flags = [flag for flag in flags.split(",") if flag]
    for flag in vector.flags:
        if flag not in FLAGS and not flag.startswith("0x"):
            raise statement.error(f"there is no flag '{flag}'")
    vector.memlimit = statement.number("memlimit")
    vector.chain = statement.option("chain")
    if vector.chain is not None:
        build.chain = parse_chain(statement, vector.chain)
    for key in RUN_OPTIONS:
        value = statement.number(key)
        if value is not None:
            vector.options[key] = str(value)
    if "preset" in statement.options:
        statement.used.add("preset")
        vector.preset = build.preset = data_of(statement, statement.options["preset"])
    return 1


def do_bytes(build, statement):
    statement.arg(0)
    data = data_of(statement, statement.args[0])
    name = statement.option("as", "bytes")
    container = build.container
    if container is not None and container.payload is not None:
        container.payload.raw(statement, name, data)
    else:
        build.close()
        build.emit(name, data)
    return 1


def do_stop(build, statement):
    container = build.container
    here = len(build.output)
    if container is not None and container.payload is not None:
        here += len(container.payload.symbols.output)
    else:
        build.close()
        build.vector.used = build.size()
        here = len(build.output)
    if build.limit is None:
        build.limit = here
    return 0


def do_trailing(build, statement):
    build.close()
    if build.vector.used is None:
        build.vector.used = build.size()
    statement.arg(0)
    build.emit("not used", data_of(statement, statement.args[0]))
    return 1


def _locate(build, statement, offset):
    """The field that holds the byte at offset, and the offset within it."""
    size = build.size()
    place = offset + size if offset < 0 else offset
    for field in build.fields:
        if 0 <= place < len(field.data):
            return field, place
        place -= len(field.data)
    raise statement.error(f"there is no byte {offset} of {size}")


def do_flip(build, statement):
    offset, mask = statement.arg_number(0), statement.arg_number(1)

    def change():
        field, place = _locate(build, statement, offset)
        data = bytearray(field.data)
        data[place] ^= mask
        field.data = bytes(data)

    build.changes.append(change)
    return 2


def do_cut(build, statement):
    count = statement.arg_number(0)

    def change():
        left = count
        for field in reversed(build.fields):
            size = min(left, len(field.data))
            field.data = field.data[: len(field.data) - size]
            left -= size

    build.changes.append(change)
    return 1


def _expect_output(vector, statement):
    text = statement.options.get("output", "all")
    statement.used.add("output")
    if text in ("prefix", "any"):
        vector.mode = text
    elif text == "none":
        vector.output = ("first", 0)
    elif text.startswith("first:"):
        vector.output = ("first", statement.evaluate(text[6:]))
    elif text != "all":
        vector.output = ("data", data_of(statement, text))


def do_expect(build, statement):
    vector = build.vector
    build.close()
    vector.ret = statement.arg(0)
    vector.events = [name for name in statement.option("events", "").split(",") if name]
    for name in [vector.ret] + vector.events:
        if name not in RESULTS:
            raise statement.error(f"there is no result '{name}'")
    _expect_output(vector, statement)
    used = statement.option("used")
    if used is not None:
        vector.used = used if used == "any" else statement.evaluate(used)
    vector.truncation = statement.option("truncation", "strict")
    if "concatenated" in vector.flags:
        vector.truncation = "free"
    return 1


WORDS = {
    "why": do_why,
    "since": do_since,
    "quirk": do_quirk,
    "run": do_run,
    "bytes": do_bytes,
    "stop": do_stop,
    "trailing": do_trailing,
    "flip": do_flip,
    "cut": do_cut,
    "expect": do_expect,
    **vector_payload.WORDS,
    **vector_xz.WORDS,
    **vector_legacy.WORDS,
}


def build_all(path, label=None):
    """Yields the vectors of one file."""
    build = None
    for statement in statements(path, label):
        if statement.word == "vector":
            if build:
                yield build.finish()
            build = Builder(statement)
            statement.finish(0)
            continue
        if build is None:
            raise statement.error("no vector has begun")
        if statement.word not in WORDS:
            raise statement.error("there is no such word")
        try:
            args = WORDS[statement.word](build, statement)
        except ValueError as error:
            raise statement.error(str(error)) from error
        # Words that open something answer None: their options are read at its end.
        if args is not None:
            statement.finish(args)
    if build:
        yield build.finish()
