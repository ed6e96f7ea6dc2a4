# SPDX-License-Identifier: 0BSD
"""Rules against what hid the attack of 2024: text nobody can read, code that is made.

Together with the others they are the policy of the source; scripts/check-source runs
them without a build.
"""

import re

from house_tree import Violation

ANY_COLUMNS = 200
# What changes the order or look of text, or cannot be seen: U+200B to U+200F, U+202A to
# U+202E, U+2060 to U+2069, U+FEFF; and control characters but tab and newline.
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
                    "\x00-\x08\x0b-\x1f\x7f-\x9f]")
OPAQUE = re.compile(r"[A-Za-z0-9+/=]{100,}")
# Names of build systems that generate what nobody reads, and of their output.
GENERATORS = re.compile(r"(^|/)(configure(\.ac|\.in)?|aclocal\.m4|CMakeLists\.txt|meson\.build"
                        r"|Makefile\.(am|in)|config\.(guess|sub)|ltmain\.sh)$|\.(m4|am|ac)$")
GENERATED = re.compile(r"\b(produced|generated) (by|with|from)\b|\bdo not edit\b", re.I)
ACTIVE_PICTURE = re.compile(r"<script|<foreignObject|\son\w+\s*=|javascript:|"
                            r"href\s*=\s*[\"'](?!#)|url\(\s*[\"']?(?!#)|@import|<!ENTITY", re.I)
PYTHON_EVAL = re.compile(r"(?<![\w.])(eval|exec)\s*\(|(\bimport|\bfrom)\b.*\b(pickle|marshal)\b")
ARRAY_OPENS = re.compile(r"\bconst\s+\w[\w\s]*?\b(\w+)((?:\[[^\]]*\])+)\s*=\s*\{")
NUMBERS_MOST = 100  # more than a reader checks by eye


def any_line_length(tree):
    """No line of any file has more than 200 characters."""
    for name in tree.files:
        for number, line in tree.lines(name):
            if len(line) > ANY_COLUMNS:
                yield Violation(name, number, f"{len(line)} characters, {ANY_COLUMNS} at most")


def unseen_characters(tree):
    """No control characters and none that turn the direction of text."""
    for name in tree.files:
        for number, line in enumerate(tree.text(name).split("\n"), 1):
            found = UNSEEN.search(line)
            if found:
                yield Violation(name, number, f"character U+{ord(found[0]):04X}")


def opaque_text(tree):
    """No long run of letters and digits that could be data in disguise."""
    for name in tree.files:
        for number, line in tree.lines(name):
            if OPAQUE.search(line):
                yield Violation(name, number, "text that looks like encoded data")


def no_eval(tree):
    """Scripts run what is written in them: no eval, no shell fed by a decoder."""
    for name in tree.shell_files + [n for n in tree.files if n.endswith((".mk", "Makefile"))]:
        for number, line in tree.lines(name):
            code = re.sub(r"(^|\s)#.*", "", line)
            if re.search(r"(^|[;&|({]|\bthen|\bdo|\belse)\s*eval\b|\$\(eval\b", code):
                yield Violation(name, number, "eval")
            if re.search(r"(xz|base64|tr|sed|head|openssl)\b[^|]*\|\s*(ba|da|z|k)?sh\b", code):
                yield Violation(name, number, "decoded text goes to a shell")
    for name in tree.files:
        if name.endswith(".py") or re.match(r"#!.*\bpython", tree.text(name)[:80]):
            for number, line in tree.lines(name):
                if PYTHON_EVAL.search(line.split("#")[0]):
                    yield Violation(name, number, "runs what is data")


def no_generators(tree):
    """No build system that generates, none of its output, no archive attributes."""
    for name in tree.files:
        if GENERATORS.search(name):
            yield Violation(name, 1, "the Makefile is the only build file")
        if name.endswith(".gitattributes"):
            yield Violation(name, 1, "could make a release differ from the tree")


def generated_files(tree):
    """No file that a program wrote: what follows from the source is made when needed."""
    for name in tree.files:
        for number, line in tree.lines(name):
            if GENERATED.search(line):
                yield Violation(name, number, "says that a program wrote it")


def plain_pictures(tree):
    """Pictures show; they run nothing and load nothing."""
    for name in tree.files:
        if name.lower().endswith(".svg"):
            for number, line in tree.lines(name):
                if ACTIVE_PICTURE.search(line):
                    yield Violation(name, number, "a picture that does something")


def no_long_tables(tree):
    """No table of constants too long to be read, so none without a generator."""
    for name in tree.c_files("lib/", "tools/"):
        code = tree.code(name)
        for found in ARRAY_OPENS.finditer(code):
            end = code.find("};", found.end())
            numbers = re.findall(r"\b(0[xX][0-9a-fA-F]+|\d+)\b", code[found.end():end])
            if len(numbers) > NUMBERS_MOST:
                line = code.count("\n", 0, found.start()) + 1
                yield Violation(name, line, f"{found[1]}: {len(numbers)} numbers")


def described_vectors(tree):
    """Every vector says in a sentence which rule of the format it is about."""
    for name in tree.files:
        if not re.match(r"tests/vectors/[\w-]+\.txt$", name):
            continue
        lines = tree.text(name).splitlines()
        for number, line in enumerate(lines):
            words = line.split()
            if words[:1] == ["vector"] and not any(
                    re.match(r'\s*why "\S+ .*"', later) for later in lines[number + 1:number + 2]):
                yield Violation(name, number + 1, "a vector needs a `why` in its next line")


RULES = [any_line_length, unseen_characters, opaque_text, no_eval, no_generators,
         generated_files, plain_pictures, no_long_tables, described_vectors]
