# SPDX-License-Identifier: 0BSD
"""Rules for the text of files: length, characters, first lines, names, formatting."""

import collections
import os
import re
import shutil
import subprocess

from house_tree import Violation

FILE_LINES = 700
C_COLUMNS = 88
PYTHON_COLUMNS = 100
SPDX = "SPDX-License-Identifier: 0BSD"

# Plain prose may have other than ASCII characters and needs no license line.
PROSE = (".md",)
NO_LICENSE_LINE = (".md", ".svg", ".json", ".expected", ".clang-format", "LICENSE",
                   ".gitignore", ".in")
# Where prose leads a reader to a file.
MAPS = re.compile(r"(README|docs/architecture|CONTRIBUTING|SECURITY)\.md$|(^|/)README\.md$")
FILE_NAME = re.compile(r"(?<![\w*.<>-])(?:[\w-]+/)*([a-z0-9_-]+\.(?:c|h|py|sh|mk|map))\b(?!\*)")
OLD_WORDS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def file_length(tree):
    """No file is longer than 700 lines."""
    for name in tree.files:
        count = tree.text(name).count("\n")
        if count > FILE_LINES:
            yield Violation(name, count, f"{count} lines, {FILE_LINES} at most")


def line_length(tree):
    """Lines of C have 88 columns at most, of Python 100."""
    limits = [(name, C_COLUMNS) for name in tree.c_files()]
    limits += [(name, PYTHON_COLUMNS) for name in tree.python_files()]
    for name, limit in limits:
        for number, line in tree.lines(name):
            if len(line) > limit:
                yield Violation(name, number, f"{len(line)} columns, {limit} at most")


def ascii_only(tree):
    """Everything but prose is ASCII."""
    for name in tree.files:
        if name.endswith(PROSE):
            continue
        for number, line in tree.lines(name):
            odd = [c for c in line if ord(c) > 126 or ord(c) < 32 and c != "\t"]
            if odd:
                yield Violation(name, number, f"character U+{ord(odd[0]):04X}")


def no_tabs(tree):
    """C and Python have no tabs."""
    for name in tree.c_files() + tree.python_files():
        for number, line in tree.lines(name):
            if "\t" in line:
                yield Violation(name, number, "a tab")


def clean_ends(tree):
    """No blanks at line ends; a file ends with one newline."""
    for name in tree.files:
        if name.endswith((".expected", ".md")):
            continue
        text = tree.text(name)
        for number, line in tree.lines(name):
            if line != line.rstrip():
                yield Violation(name, number, "blanks at the end of the line")
        if text and (not text.endswith("\n") or text.endswith("\n\n")):
            yield Violation(name, text.count("\n"), "must end with one newline")


def license_line(tree):
    """Line 1 (behind #! line 2) is the SPDX line."""
    for name in tree.files:
        if name.endswith(NO_LICENSE_LINE):
            continue
        lines = tree.text(name).splitlines() or [""]
        first = lines[1] if lines[0].startswith("#!") and len(lines) > 1 else lines[0]
        if name.startswith("include/"):
            wanted = f"/* {SPDX} */"
        elif name.endswith((".c", ".h")):
            wanted = f"// {SPDX}"
        elif name.startswith("man/"):
            wanted = f'.\\" {SPDX}'
        else:
            wanted = f"# {SPDX}"
        if first != wanted:
            yield Violation(name, 1, f"must be `{wanted}`")


def purpose_sentence(text):
    """The comment behind the SPDX line up to its first empty line, or None."""
    lines = text.splitlines()
    start = 2 if lines and lines[0].startswith("#!") else 1
    words = []
    for line in lines[start:]:
        found = re.match(r'\s*(//|/\*|#|"""|\*)?\s*(.*?)\s*(\*/|""")?$', line)
        if not (found[1] or words and lines[start].startswith('"""')) or not found[2]:
            break
        words.append(found[2])
        if found[3]:
            break
    return " ".join(words) or None


def purpose_line(tree):
    """Line 2 says in a sentence what the file is for."""
    for name in tree.c_files() + tree.python_files() + tree.shell_files:
        sentence = purpose_sentence(tree.text(name))
        if sentence is None:
            yield Violation(name, 2, "must be a comment that says what the file is for")
        elif len(sentence.split()) < 2 or not re.search(r"[.:?](\s|$)", sentence):
            yield Violation(name, 2, "must be a sentence, with a full stop")


def unique_names(tree):
    """No two files share a name; public headers, whose names are fixed, do not count."""
    seen = collections.defaultdict(list)
    for name in tree.files:
        if name.endswith((".c", ".h", ".py", ".sh")) and not name.startswith("include/"):
            seen[os.path.basename(name)].append(name)
    for names in seen.values():
        for name in names[1:]:
            yield Violation(name, 1, f"has the name of {names[0]}")


def no_binary(tree):
    """Every file is text."""
    for name in tree.files:
        data = (tree.root / name).read_bytes()
        try:
            data.decode("utf-8")
            bad = b"\0" in data
        except UnicodeDecodeError:
            bad = True
        if bad:
            yield Violation(name, 1, "is not text")
    if not shutil.which("file") or not tree.files:
        return
    found = subprocess.run(["file", "--mime-encoding", "-f", "-"], cwd=tree.root,
                           input="\n".join(tree.files), text=True, check=True,
                           stdout=subprocess.PIPE)
    for line in found.stdout.splitlines():
        name, _, encoding = line.rpartition(":")
        if encoding.strip() == "binary" and (tree.root / name).stat().st_size > 0:
            yield Violation(name, 1, "`file` calls it binary")


def no_leftovers(tree):
    """No TODO, FIXME, XXX, HACK in code."""
    for name in tree.c_files() + tree.python_files() + tree.shell_files:
        if name.startswith("tests/house/"):
            continue
        for number, line in tree.lines(name):
            if OLD_WORDS.search(line):
                yield Violation(name, number, "do it, or leave it out")


def named_files(tree):
    """The map, the READMEs and comments in lib/ name no file that is not there."""
    there = {os.path.basename(name) for name in tree.files}
    texts = [(n, tree.text(n)) for n in tree.files if MAPS.search(n)]
    for name in tree.c_files("lib/"):
        comments = re.findall(r"//[^\n]*|/\*.*?\*/", tree.text(name), re.S)
        texts.append((name, "\n".join(comments)))
    for name, text in texts:
        for found in FILE_NAME.finditer(text):
            if found[1] not in there:
                yield Violation(name, 1, f"there is no {found[0]}")


def accepted_lines(tree):
    """What scripts/*-accepted.txt accept is in the code as it is there."""
    for name in tree.files:
        if not re.match(r"scripts/[\w-]+-accepted\.txt$", name):
            continue
        for number, line in tree.lines(name):
            file = re.search(r"\b(?:lib|tools)/\S+", line)
            if line.startswith("#") or not file:
                continue
            source = line.split(" | ")[1] if " | " in line else ""
            lines = tree.text(file[0]).splitlines() if file[0] in tree.files else []
            if not any(source == other.strip() or not source for other in lines):
                yield Violation(name, number, "nothing there is so any more")


def clang_format(tree):
    """C in lib, tools and tests is as clang-format 14 would have it."""
    names = tree.c_files("lib/", "tools/", "tests/", "fuzz/", "bench/", "examples/")
    if not names:
        return
    tool = shutil.which("clang-format-14") or "clang-format"
    done = subprocess.run([tool, "--dry-run", "-Werror", *names], cwd=tree.root,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          check=False)
    seen = set()
    for line in done.stderr.splitlines():
        found = re.match(r"(.*?):(\d+):\d+: error: ", line)
        if found and found[1] not in seen:
            seen.add(found[1])
            yield Violation(found[1], int(found[2]), "run clang-format -i on it")
    if done.returncode != 0 and not seen:
        yield Violation(".clang-format", 1, done.stderr.strip()[:200])


def shellcheck(tree):
    """Shell scripts are clean for shellcheck, whatever a .shellcheckrc says."""
    if not tree.shell_files:
        return
    done = subprocess.run(["shellcheck", "--norc", "-f", "gcc", *tree.shell_files],
                          cwd=tree.root, stdout=subprocess.PIPE, text=True, check=False)
    for line in done.stdout.splitlines():
        name, number, _, text = line.split(":", 3)
        yield Violation(name, int(number), text.strip())


RULES = [file_length, line_length, ascii_only, no_tabs, clean_ends, license_line,
         purpose_line, unique_names, no_binary, no_leftovers, named_files,
         accepted_lines, clang_format, shellcheck]
