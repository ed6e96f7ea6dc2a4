#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""The assembler with texts that nobody would write, and the decoders with what it makes.

    vector_fuzz_test.py [LIBRARY] [--seconds N] [--seed N] [--harnesses DIR] [--keep DIR]

A vector of the collection is changed in a few places: a line less, twice or from another
vector, another number, another word. The assembler must make bytes of it or say what is
wrong, in bounded time and memory; every other exception fails. What it makes has right
CRCs and sizes around wrong ones, which bytes changed at random never have, and goes
through the harnesses of fuzz/ in DIR, $BUILD/replay if none is given. Without --seconds
150 texts are tried.
"""

import argparse
import os
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import traceback

from assemble import HERE
from vector_build import build_all
from vector_lang import VectorError

TEXTS = 150
BATCH = 50
NUMBERS = ("0", "1", "2", "3", "4", "5", "255", "256", "65535", "65536", "2**21", "2**32-1",
           "2**32", "2**63-1", "2**64-1", "2**64", "-1", "+1", "1KiB", "hex:80", "none", "$x",
           "", "\"\"", "1/0", "x", "9**9**9", "0x", "--", "\"\\", "all")
HARNESSES = ("stream_dec", "stream_dec_mt", "legacy_dec", "raw_dec", "index", "index_hash",
             "file_info", "microlzma", "block_header")


def collect():
    """The vectors' texts, with the macros of their file before each; and all tokens."""
    vectors, tokens = [], set()
    for path in sorted(HERE.glob("*.txt")):
        text = path.read_text(encoding="ascii")
        macros = "\n".join(re.findall(r"^macro .*?^endmacro$", text, re.S | re.M))
        rest = re.sub(r"^macro .*?^endmacro$", "", text, flags=re.S | re.M)
        parts = re.split(r"^(?=vector )", rest, flags=re.M)[1:]
        vectors += [(macros, part.splitlines()) for part in parts if len(part) < 3000]
        tokens.update(re.findall(r'[^\s;"$]+(?=[\s;])', rest))
    return vectors, sorted(tokens)


def change_line(rng, line, tokens):
    """A line with one of its words, numbers or characters changed."""
    words = re.split(r"(\s+|=|;|:|,)", line)
    at = rng.randrange(len(words))
    kind = rng.randrange(9)
    if kind == 0:
        words[at] = rng.choice(tokens)
    elif kind == 1:
        words[at] = rng.choice(NUMBERS)
    elif kind == 2:
        words.insert(at, rng.choice(tokens) + " ")
    elif kind == 3:
        del words[at]
    else:
        numbers = [i for i, word in enumerate(words) if re.fullmatch(r"[0-9a-fx]+", word)]
        words[rng.choice(numbers) if numbers else at] = str(rng.choice((
            rng.randrange(300), 1 << rng.randrange(20), "+1", "-1")))
    return "".join(words)


def change(rng, vectors, tokens):
    """The text of a vector that is not quite right."""
    macros, lines = rng.choice(vectors)
    lines = list(lines)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randrange(1, len(lines)) if len(lines) > 1 else 0
        kind = rng.randrange(8)
        if kind == 0:
            lines.insert(at, rng.choice(rng.choice(vectors)[1][1:] or ["end"]))
        elif kind == 1:
            lines.insert(at, lines[at])
        elif kind == 2 and len(lines) > 2:
            del lines[at]
        else:
            lines[at] = change_line(rng, lines[at], tokens)
    return macros + "\n" + "\n".join(lines) + "\n"


def limit_memory():
    """The assembler gets 4 GiB; what it starts is not limited."""
    if "LD_PRELOAD" not in os.environ:  # sanitizers map much more than they use
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, resource.RLIM_INFINITY))


def unlimit():
    unlimited = resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_AS, (unlimited, unlimited))


class Session:
    """What has been tried so far."""

    def __init__(self, folder, harnesses):
        self.folder = pathlib.Path(folder)
        self.harnesses = harnesses
        self.made = []
        self.texts = self.refused = self.failed = 0

    def fail(self, what, text):
        self.failed += 1
        print(f"FAILED: {what}\n{text}", flush=True)

    def assemble(self, text):
        path = self.folder / "text.txt"
        path.write_text(text, encoding="ascii")
        self.texts += 1
        start = time.process_time()
        try:
            for vector in build_all(path, "text"):
                target = self.folder / f"{self.texts}-{len(self.made)}.in"
                target.write_bytes(vector.data)
                self.made.append(target)
        except VectorError:
            self.refused += 1
        except Exception:  # whatever it is, it was not foreseen
            self.fail(traceback.format_exc(limit=-3), text[-1500:])
        if time.process_time() - start > 20:
            self.fail("took more than 20 seconds", text[-1500:])

    def decode(self, keep):
        """Runs what was made through the harnesses and forgets it."""
        for name in HARNESSES:
            program = self.harnesses / f"fuzz_{name}"
            if not self.made or not program.exists():
                continue
            done = subprocess.run([program, *self.made], stdout=subprocess.PIPE, text=True,
                                  stderr=subprocess.STDOUT, check=False, errors="replace",
                                  preexec_fn=unlimit)
            if done.returncode != 0:
                keep = keep or tempfile.mkdtemp(prefix="vector-fuzz-")
                self.fail(f"{program.name}: {done.stdout[-2000:]}", f"kept in {keep}")
        for path in self.made:
            if keep:
                path.rename(pathlib.Path(keep) / path.name)
            else:
                path.unlink()
        self.made = []


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("library", nargs="?")
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--harnesses", type=pathlib.Path,
                        default=pathlib.Path(os.environ.get("BUILD", "build")) / "replay")
    parser.add_argument("--keep", help="a folder for what is made")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    vectors, tokens = collect()
    limit_memory()
    end = time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory() as folder:
        session = Session(folder, options.harnesses.resolve())
        while session.texts < TEXTS if options.seconds == 0 else time.monotonic() < end:
            session.assemble(change(rng, vectors, tokens))
            if len(session.made) >= BATCH:
                session.decode(options.keep)
        session.decode(options.keep)
    print(f"{session.texts} texts, {session.refused} refused", flush=True)
    print(f"{session.texts - session.failed} passed, {session.failed} failed")
    return 1 if session.failed else 0


if __name__ == "__main__":
    sys.exit(main())
