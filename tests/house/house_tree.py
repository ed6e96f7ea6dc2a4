# SPDX-License-Identifier: 0BSD
"""The project as the rules see it: its files, C without comments, functions, built files.

A rule is a function that takes a Tree and yields Violation tuples. Everything that more
than one rule needs is worked out here, once.
"""

import collections
import functools
import os
import pathlib
import re
import subprocess

Violation = collections.namedtuple("Violation", "file line text")
Function = collections.namedtuple("Function", "name first last body")

C_ROOTS = ("lib/", "tools/", "include/", "tests/", "fuzz/", "bench/", "examples/")
SKIPPED_FOLDERS = {".git", "build", "__pycache__", ".hypothesis"}

TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*.*?\*/', re.S)
NAME_BEFORE_PAREN = re.compile(r"([A-Za-z_]\w*)\s*\(")


def blank(text):
    """As many lines as text has, with nothing on them."""
    return "\n" * text.count("\n")


def strip_comments(text):
    """C text without comments; lines keep their numbers, strings stay."""
    return TOKEN.sub(lambda m: m[0] if m[0][0] in "\"'" else " " + blank(m[0]), text)


def strip_strings(text):
    """C text in which strings and character constants are empty."""
    return TOKEN.sub(lambda m: m[0][0] * 2 if m[0][0] in "\"'" else m[0], text)


def strip_directives(text):
    """C text without preprocessor lines and what continues them."""
    out, continued = [], False
    for line in text.split("\n"):
        gone = continued or line.lstrip().startswith("#")
        continued = gone and line.endswith("\\")
        out.append("" if gone else line)
    return "\n".join(out)


def find_functions(code):
    """Functions in C text without comments: `{` alone in column 0 to `}` in column 0."""
    lines = strip_directives(strip_strings(code)).split("\n")
    functions, head = [], 0
    for number, line in enumerate(lines):
        if line.startswith("}") or line.rstrip().endswith(";") and line[:1].strip():
            head = number + 1
        if line.rstrip() != "{":
            continue
        end = number
        while end + 1 < len(lines) and not lines[end].startswith("}"):
            end += 1
        before = " ".join(lines[head:number])
        names = NAME_BEFORE_PAREN.findall(before.split("=")[-1])
        names = [name for name in names if not name.startswith(("__", "XZ_", "LZMA_API"))]
        if names:
            functions.append(Function(names[0], number + 1, end + 1,
                                      "\n".join(lines[number:end + 1])))
    return functions


class Tree:
    """All files of the project that git knows or would add, and what was built."""

    def __init__(self, root, build=None, library=None, binaries=True):
        self.root = pathlib.Path(root)
        self.build = pathlib.Path(build) if build else self.root / "build"
        self.library = pathlib.Path(library or self.build / "lib" / "liblzma.so.5")
        self.archive = self.build / "lib" / "liblzma.a"
        self.binaries = binaries  # False: the build is not the product (sanitizers)

    @functools.cached_property
    def files(self):
        """Paths relative to the root, sorted; from git, or from a walk without it."""
        if (self.root / ".git").exists():
            done = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"],
                                  cwd=self.root, stdout=subprocess.PIPE, check=True)
            names = done.stdout.decode().split("\0")
        else:
            names = self._walk()
        return sorted({n for n in names if n and (self.root / n).is_file()})

    def _walk(self):
        for folder, below, names in os.walk(self.root):
            below[:] = [name for name in below if name not in SKIPPED_FOLDERS]
            for name in names:
                path = pathlib.Path(folder, name)
                if path.suffix != ".pyc":
                    yield path.relative_to(self.root).as_posix()

    @functools.lru_cache(maxsize=None)
    def text(self, name):
        """The file's text; bytes that are not UTF-8 become U+FFFD."""
        return (self.root / name).read_bytes().decode("utf-8", "replace")

    def lines(self, name):
        """(number, line) of a file."""
        return enumerate(self.text(name).splitlines(), 1)

    @functools.lru_cache(maxsize=None)
    def code(self, name):
        """A C file's text without comments."""
        return strip_comments(self.text(name))

    def code_lines(self, name):
        """(number, line) of a C file without comments."""
        return enumerate(self.code(name).split("\n"), 1)

    @functools.lru_cache(maxsize=None)
    def functions(self, name):
        """The functions defined in a C file."""
        return find_functions(self.code(name))

    def c_files(self, *roots):
        """C sources and headers under the roots, e.g. "lib/"; all of them without."""
        return [n for n in self.files
                if n.endswith((".c", ".h")) and n.startswith(roots or C_ROOTS)]

    def python_files(self):
        return [n for n in self.files if n.endswith(".py")]

    @functools.cached_property
    def shell_files(self):
        """Files that begin with a #! line of a shell, or end in .sh."""
        return [n for n in self.files if n.endswith(".sh")
                or re.match(r"#!.*\b(sh|bash)\b", self.text(n)[:80])]

    def rooms(self):
        """Names of the directories in lib/."""
        return sorted({n.split("/")[1] for n in self.files
                       if n.startswith("lib/") and n.count("/") >= 2})

    def output_of(self, *command):
        """What a program prints, as lines; it must succeed."""
        done = subprocess.run([str(word) for word in command], cwd=self.root, check=True,
                              env=dict(os.environ, LC_ALL="C"), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return done.stdout.splitlines()
