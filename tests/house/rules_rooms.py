# SPDX-License-Identifier: 0BSD
"""Rules for the plan of the house: which room includes which, READMEs, lists of sources."""

import posixpath
import re

from house_tree import Violation

# What each room of lib/ may include besides itself: the arrows of docs/architecture.md.
ARROWS = {
    "base": set(),
    "check": {"base"},
    "match": {"base"},
    "filter": {"base"},
    "format": {"check", "base"},
    "lzma": {"match", "base"},
    "stream": {"check", "format", "filter", "lzma", "base"},
    "thread": {"stream", "check", "format", "filter", "lzma", "base"},
    "api": {"thread", "stream", "check", "format", "filter", "lzma", "match", "base"},
}
README_LINES = 25
INCLUDE = re.compile(r'\s*#\s*include\s*(["<])([^">]+)[">]')


def includes(tree, name):
    """(line, quote, path) of each include in a C file."""
    for number, line in tree.code_lines(name):
        found = INCLUDE.match(line)
        if found:
            yield number, found[1], found[2]


def room_arrows(tree):
    """A room of lib/ includes itself, the rooms its arrows reach, and include/."""
    for name in tree.c_files("lib/"):
        room = name.split("/")[1]
        if room not in ARROWS:
            yield Violation(name, 1, f"room {room} is not in the plan of the house")
            continue
        for number, quote, path in includes(tree, name):
            if quote == "<":
                if path.startswith("lzma/") or path.split("/")[0] in ARROWS:
                    yield Violation(name, number, f"<{path}>: include <lzma.h>")
                continue
            target = path.split("/")[0]
            if "/" not in path or target not in ARROWS:
                yield Violation(name, number, f'"{path}": an include carries the room')
            elif target != room and target not in ARROWS[room]:
                yield Violation(name, number, f"{room} may not include {target}")
            elif f"lib/{path}" not in tree.files:
                yield Violation(name, number, f'"{path}" does not exist')


def tool_includes(tree):
    """tools/ includes <lzma.h>, <clearxz.h>, libc, its own folder and tools/common."""
    for name in tree.c_files("tools/"):
        folder = posixpath.dirname(name)
        for number, quote, path in includes(tree, name):
            if quote == "<":
                if path.startswith("lzma/") or path.split("/")[0] in ARROWS:
                    yield Violation(name, number, f"<{path}>: tools see only <lzma.h>")
                continue
            places = [posixpath.normpath(f"{folder}/{path}"), f"tools/{path}"]
            target = next((place for place in places if place in tree.files), None)
            if target is None:
                yield Violation(name, number, f'"{path}" is not a file of tools/')
            elif not target.startswith((folder + "/", "tools/common/")):
                yield Violation(name, number, f'"{path}" belongs to another tool')


def public_includes(tree):
    """Public headers include each other and the C library, nothing of lib/."""
    for name in tree.c_files("include/"):
        for number, quote, path in includes(tree, name):
            if quote == '"' and f"include/{path}" not in tree.files:
                yield Violation(name, number, f'"{path}" is not a public header')


def depth(tree):
    """lib/ and tools/ have one level of folders."""
    for name in tree.files:
        if name.startswith(("lib/", "tools/")) and name.count("/") != 2:
            if not re.fullmatch(r"(lib|tools)/README\.md", name):
                yield Violation(name, 1, "must lie in a room: lib/ROOM/FILE")


def room_readme(tree):
    """Each room has a README.md of at most 25 lines: purpose, may include, start here."""
    for room in tree.rooms():
        name = f"lib/{room}/README.md"
        if name not in tree.files:
            yield Violation(name, 1, "is missing")
            continue
        text = tree.text(name)
        if text.count("\n") > README_LINES:
            yield Violation(name, 1, f"more than {README_LINES} lines")
        if not text.startswith(f"# {room}\n"):
            yield Violation(name, 1, f"must begin with `# {room}`")
        for words in ("May include:", "Start "):
            if not re.search(rf"^{words}", text, re.M):
                yield Violation(name, 1, f"has no paragraph that begins with `{words}`")
        allowed = re.search(r"^May include:((?:.+\n?)+)", text, re.M)
        for other in re.findall(r"`(\w+)`", allowed[1] if allowed else ""):
            if other in ARROWS and other not in ARROWS.get(room, ()):
                yield Violation(name, 1, f"promises `{other}`, which has no arrow")


def listed_sources(text):
    """{variable: [files]} of a makefile that only sets variables."""
    text = re.sub(r"#.*", "", text).replace("\\\n", " ")
    return {variable: words.split() for variable, words
            in re.findall(r"^(\w+)\s*:?[+]?=\s*(.*)$", text, re.M)}


def source_list(tree):
    """sources.mk names every C file of lib/ and tools/ once, and nothing else."""
    if "sources.mk" not in tree.files:
        yield Violation("sources.mk", 1, "is missing")
        return
    listed = []
    for variable, words in listed_sources(tree.text("sources.mk")).items():
        wing = "lib" if variable.endswith("LIB_FILES") else "tools"
        listed += [f"{wing}/{word}" for word in words if word.endswith(".c")]
    present = {name for name in tree.c_files("lib/", "tools/") if name.endswith(".c")}
    for name in sorted(set(listed) - present):
        yield Violation("sources.mk", 1, f"lists {name}, which does not exist")
    for name in sorted(present - set(listed)):
        yield Violation(name, 1, "is not listed in sources.mk")
    for name in sorted({name for name in listed if listed.count(name) > 1}):
        yield Violation("sources.mk", 1, f"lists {name} twice")


RULES = [room_arrows, tool_includes, public_includes, depth, room_readme, source_list]
