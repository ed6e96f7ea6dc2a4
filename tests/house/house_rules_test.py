# SPDX-License-Identifier: 0BSD
"""Each rule of the house sees a small project that breaks it, and one that does not.

usage: house_rules_test.py [LIBRARY]

A rule that lets its bad example pass proves nothing about the real project.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import house_test  # noqa: E402
import rules_code  # noqa: E402
from cases import Cases  # noqa: E402
from house_tree import Tree  # noqa: E402

HEAD = "// SPDX-License-Identifier: 0BSD\n// An example of C code.\n"
LONG_BODY = "    x();\n" * 95
DEEP = ("static void f(int a)\n{\n    if (a)\n        for (;;)\n            while (a) {\n"
        "                if (a) {\n                    do\n                        a--;\n"
        "                    while (a);\n                }\n            }\n}\n")
ROOM_README = "# base\n\nWhat.\n\nMay include: `check`.\n\nStart here.\n"

# rule: files that break it. A list holds several ways to break it.
BAD = {
    "room_arrows": [
        {"lib/base/a.c": '#include "check/b.h"\n', "lib/check/b.h": ""},
        {"lib/match/a.c": '#include "lzma/b.h"\n', "lib/lzma/b.h": ""},
        {"lib/base/a.c": '#include "b.h"\n', "lib/base/b.h": ""},
        {"lib/base/a.c": "#include <lzma/vli.h>\n"},
        {"lib/format/a.c": '#include "format/none.h"\n'},
        {"lib/attic/a.c": ""},
    ],
    "tool_includes": [
        {"tools/xz/a.c": '#include "base/io.h"\n', "lib/base/io.h": ""},
        {"tools/xz/a.c": '#include "../../lib/base/io.h"\n', "lib/base/io.h": ""},
        {"tools/xz/a.c": "#include <lzma/vli.h>\n"},
        {"tools/xz/a.c": '#include "../mpi/b.h"\n', "tools/mpi/b.h": ""},
    ],
    "public_includes": {"include/a.h": '#include "base/io.h"\n'},
    "depth": [{"lib/a.c": ""}, {"lib/base/x86/a.c": ""}],
    "room_readme": [
        {"lib/base/a.c": ""},
        {"lib/base/README.md": ROOM_README},
        {"lib/base/README.md": ROOM_README.replace("`check`", "nothing") + "\n" * 20},
        {"lib/base/README.md": "# base\n\nMay include: nothing.\n"},
    ],
    "source_list": [
        {"lib/base/a.c": "", "sources.mk": "LIB_FILES =\n"},
        {"lib/base/a.c": "", "sources.mk": "LIB_FILES = base/a.c base/b.c\n"},
        {"lib/base/a.c": "", "sources.mk": "LIB_FILES = base/a.c \\\n base/a.c\n"},
        {"lib/base/a.c": "", "sources.mk": "# base/a.c\n"},
        {"lib/base/a.c": ""},
    ],
    "file_length": {"docs/a.md": "line\n" * 701},
    "line_length": [{"lib/base/a.c": "x" * 89}, {"tests/a.py": "x" * 101}],
    "ascii_only": [{"lib/base/a.c": "// caf\u00e9\n"}, {"Makefile": "# \u2192\n"}],
    "no_tabs": {"lib/base/a.c": "\tint a;\n"},
    "clean_ends": [{"lib/base/a.c": "int a; \n"}, {"lib/base/a.c": "int a;"},
                   {"lib/base/a.c": "int a;\n\n"}],
    "license_line": [
        {"lib/base/a.c": "// An example.\n"},
        {"include/lzma.h": HEAD}, {"man/xz.1": ".TH XZ 1\n"},
        {"scripts/a": "#!/bin/sh\necho\n"},
    ],
    "purpose_line": [
        {"lib/base/a.c": "// SPDX-License-Identifier: 0BSD\n\nint a;\n"},
        {"lib/base/a.c": "// SPDX-License-Identifier: 0BSD\n// stuff\nint a;\n"},
        {"scripts/a": "#!/bin/sh\n# SPDX-License-Identifier: 0BSD\necho\n"},
    ],
    "unique_names": {"lib/base/a.c": "", "lib/check/a.c": ""},
    "no_binary": [{"tests/vectors/a.xz": b"\xfd7zXZ\0"}, {"docs/a": b"abc\0def"},
                  {"docs/a": b"\x80abc"}],
    "no_leftovers": {"lib/base/a.c": "// TODO: all of it\n"},
    "named_files": [
        {"docs/architecture.md": "See `base/none.c`.\n"},
        {"lib/base/README.md": "none.h, then this.\n"},
        {"lib/base/a.c": "/* As in none.c. */\n"},
    ],
    "accepted_lines": [
        {"lib/base/a.c": "int a;\n", "scripts/a-accepted.txt": "lib/base/a.c | int b; | 0 -> 1\n"},
        {"scripts/a-accepted.txt": "clang-tidy some-check lib/base/a.c a reason\n"},
    ],
    "clang_format": {"lib/base/a.c": "int  a;\n"},
    "shellcheck": [
        {"scripts/a": "#!/bin/sh\nrm $1\n"},
        {"tests/a.sh": "if [ $1 == x ]; then\n  echo\n"},
        {"scripts/a": "#!/bin/sh\nrm $1\n", ".shellcheckrc": "disable=all\n"},
        {"a/b": "#!/usr/bin/env bash\nrm $1\n", "a/.shellcheckrc": "disable=SC2086\n"},
    ],
    "function_length": [
        {"lib/base/a.c": "void f(void)\n{\n" + LONG_BODY + "}\n"},
        {"tests/a.py": "def f():\n" + LONG_BODY.replace(";", "")},
    ],
    "nesting": {"lib/base/a.c": DEEP},
    "if_places": [
        {"lib/base/a.c": "int a;\n#ifdef X\nint b;\n#endif\n"},
        {"lib/base/a.h": "#ifndef A\n#define A\nint a;\n#if X\nint b;\n#endif\n#endif\n"},
        {"tools/xz/a.c": "#if X\n#endif\n#if Y\n#endif\n"},
    ],
    "hidden_return": [
        {"lib/base/a.c": "#define TRY(x) \\\n do { \\\n  if (x) return; } while (0)\n"},
        {"tools/xz/a.c": "#define FAIL goto out\n"},
    ],
    "pasted_names": {"lib/base/a.c": "#define F(x) xz_##x\n"},
    "forbidden_calls": [
        {"lib/base/a.c": 'void f(void)\n{\n    getenv("X");\n}\n'},
        {"lib/base/a.c": "void f(void)\n{\n    alloca(3);\n}\n"},
        {"lib/base/a.c": "void f(void)\n{\n    free(malloc(3));\n}\n"},
    ],
    "system_headers": [{"lib/base/a.c": "#include <stdio.h>\n"},
                       {"lib/lzma/a.c": "# include <stdlib.h>\n"}],
    "exported_in_api": {"lib/base/a.c": "int lzma_f(int a)\n{\n    return a;\n}\n"},
    "no_typedef": {"lib/base/a.h": "typedef int number;\n"},
    "one_meaning": [
        {"lib/base/a.h": "#define XZ_SIZE 1\n", "lib/lzma/b.h": "#define XZ_SIZE 2\n"},
        {"lib/base/a.h": "static inline int xz_f(void)\n{\n    return 1;\n}\n",
         "lib/base/b.h": "static inline int xz_f(void)\n{\n    return 2;\n}\n"},
        {"lib/base/a.h": "struct xz_a {\n    int b;\n};\n",
         "lib/base/b.h": "struct xz_a {\n    int c;\n};\n"},
    ],
    "no_recursion": [
        {"lib/base/a.c": "static int f(int n)\n{\n    return n ? f(n - 1) : 0;\n}\n"},
        {"lib/base/a.c": "int f(void)\n{\n    return g();\n}\n\n"
                         "int g(void)\n{\n    return f();\n}\n"},
    ],
    "writable_statics": [{"lib/base/a.c": "static int count;\n"},
                         {"lib/base/a.c": "static unsigned table[3] = {1, 2, 3};\n"},
                         {"lib/base/a.c": "_Thread_local int count;\n"}],
    "vla_warning": [{"Makefile": "WARN = -Wall -Werror\n"},
                    {"Makefile": "WARN = -Wvla $(WERROR)\n"},
                    {"Makefile": "WERROR ?=\nWARN = -Wvla $(WERROR)\n"}],
    "any_line_length": {"docs/a.md": "word " * 41},
    "unseen_characters": [{"docs/a.md": "a\u202eb\n"}, {"README.md": "a\u200bb\n"},
                          {"docs/a.md": "a\x1b[2Jb\n"}, {"docs/a.md": "a\rb\n"}],
    "opaque_text": [{"docs/a.md": "QUJD" * 30 + "\n"}, {"tests/a.py": "A = '" + "0f" * 60}],
    "no_eval": [{"scripts/a": "#!/bin/sh\neval \"$1\"\n"},
                {"scripts/a": "#!/bin/sh\nif true; then eval x; fi\n"},
                {"Makefile": "$(eval A = b)\n"},
                {"scripts/a": "#!/bin/sh\nxz -dc tests/a.xz | sh\n"},
                {"scripts/a": "#!/bin/sh\nsed rpath <a | head -c 9 | bash\n"},
                {"tests/a.py": f"{'exec'}(open('a').read())\n"},
                {"scripts/a": "#!/usr/bin/env python3\nprint({0}(input()))\n".format("ev" "al")},
                {"tests/a.py": "import os, {}\n".format("pick" "le")},
                {"tests/a.py": "from {} import loads\n".format("pick" "le")}],
    "no_generators": [{"m4/a.m4": ""}, {"configure": "#!/bin/sh\n"}, {"CMakeLists.txt": ""},
                      {"tests/.gitattributes": "a export-ignore\n"}],
    "generated_files": [
        {"lib/base/a.c": "/* {} by a script */\n".format("Generated")},
        {"docs/a.svg": "<svg>\n<desc>Produced {} GNUPLOT</desc></svg>\n".format("by")},
        {"Makefile.x": "# do not {}\n".format("edit")},
    ],
    "plain_pictures": [
        {"docs/a.svg": "<svg><script>a()</script></svg>\n"},
        {"docs/a.svg": "<svg onload='a()'/>\n"},
        {"docs/a.svg": "<image xlink:href='https://example.org/a.png'/>\n"},
        {"docs/a.svg": "<rect style='fill: url(https://example.org/a.svg)'/>\n"},
    ],
    "no_long_tables": {"lib/base/a.c": "static const unsigned char t[101] = {"
                       + "1, " * 101 + "};\n"},
    "described_vectors": [{"tests/vectors/a.txt": "vector name=a\n  run stream\n"},
                          {"tests/vectors/a.txt": "vector name=a\n  why \"\"\n"}],
}

# A project that keeps every rule for sources.
GOOD = {
    "lib/base/README.md": ROOM_README.replace("`check`", "nothing"),
    "lib/base/good.h": HEAD + "\n#ifndef XZ_BASE_GOOD_H\n#define XZ_BASE_GOOD_H\n\n"
                       "int xz_good(int a);\n\n#endif\n",
    "lib/base/good.c": HEAD + '\n#include "base/good.h"\n#include <string.h>\n\n'
                       "static const int table[2] = {1, 2};\n\n"
                       "/* Written in the comment: getenv(), malloc(), TLS. */\n"
                       "static int twice(int a)\n{\n    return table[1] * a;\n}\n\n"
                       "int xz_good(int a)\n{\n    for (int i = 0; i < a; ++i) {\n"
                       "        if (twice(i) == a)\n            return i;\n"
                       "        else if (i > 7)\n            break;\n    }\n"
                       "    return 0;\n}\n",
    "lib/base/guarded.c": HEAD + '\n#include "base/good.h"\n#if XZ_LINUX\n\n'
                          "static const int a = 1;\n\n#endif\n",
    "tools/xz/tool.c": HEAD + "\n#include <lzma.h>\n",
    "include/lzma.h": "/* SPDX-License-Identifier: 0BSD */\n/* A public header. */\n",
    "sources.mk": "# SPDX-License-Identifier: 0BSD\nLIB_FILES = base/good.c \\\n"
                  "    base/guarded.c\n\nXZ_FILES = xz/tool.c\n",
    "Makefile": "# SPDX-License-Identifier: 0BSD\nWERROR  ?= -Werror\n"
                "WARN = -Wall \\\n    -Wvla $(WERROR)\n",
    "scripts/run": "#!/bin/sh\n# SPDX-License-Identifier: 0BSD\n# Says a word.\n\necho a\n",
    "man/xz.1": '.\\" SPDX-License-Identifier: 0BSD\n.TH XZ 1\n',
    "README.md": "# Good \u00b7 prose\n",
    ".clang-format": (pathlib.Path(__file__).resolve().parents[2] / ".clang-format")
                     .read_text(encoding="ascii"),
}

# rule: C text of a library that breaks it.
BAD_BINARY = {
    "symbol_prefix": "int helper(int a) { return a; }",
    "exported_members": "int lzma_f(void) { return 1; }",
    "writable_data": "static int n; int xz_f(void) { return n++; }",
}
GOOD_BINARY = ("#include <stdlib.h>\nstatic unsigned cpu_word;\n"
               "extern const char *const lzma_names[]; \n"
               "static int one(int n) { return n; }\n"
               "static int (*const table[])(int) = {one};\n"
               "void *lzma_f(int n) { cpu_word = 1; return malloc(table[n](n)); }\n")


def plant(folder, files):
    """Writes the files of a small project."""
    for name, content in files.items():
        path = pathlib.Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(data)


def violations(rule, files):
    with tempfile.TemporaryDirectory() as folder:
        plant(folder, files)
        return list(rule(Tree(folder)))


def build_library(folder, text):
    """Compiles text to the archive of a project in folder."""
    folder = pathlib.Path(folder)
    (folder / "lib" / "api").mkdir(parents=True)
    (folder / "build" / "lib").mkdir(parents=True)
    source = folder / "part.c"
    source.write_text(text, encoding="ascii")
    flags = ["-O1", "-fPIC", "-Wno-cpp"]
    subprocess.run(["cc", *flags, "-c", source, "-o", folder / "part.o"], check=True)
    subprocess.run(["ar", "rcs", folder / "build/lib/liblzma.a", folder / "part.o"],
                   check=True)


def binary_violations(rule, text, in_api=False):
    with tempfile.TemporaryDirectory() as folder:
        build_library(folder, text)
        if in_api:
            plant(folder, {"lib/api/part.c": text})
        return list(rule(Tree(folder)))


def check_sources(cases):
    for rule in house_test.SOURCE_RULES:
        name = rule.__name__
        examples = BAD.get(name, [])
        examples = examples if isinstance(examples, list) else [examples]
        cases.check(examples, f"{name} has no bad example")
        for number, files in enumerate(examples):
            cases.check(violations(rule, files), f"{name} passes bad example {number}")
        found = violations(rule, GOOD)
        cases.check(not found, f"{name} finds {found} in the good example")


def check_binaries(cases):
    for rule in house_test.BINARY_RULES:
        name = rule.__name__
        cases.check(name in BAD_BINARY, f"{name} has no bad example")
        cases.check(binary_violations(rule, BAD_BINARY[name]), f"{name} passes its example")
        found = binary_violations(rule, GOOD_BINARY, in_api=True)
        cases.check(not found, f"{name} finds {found} in the good library")


def check_exceptions(cases):
    """An exception covers its file alone, needs a reason, and may not be stale."""
    files = {"lib/base/a.c": "\tint a;\n", "lib/base/b.c": "\tint b;\n"}
    rule = house_test.rules_text.no_tabs
    lists = {
        "": 2, "no_tabs lib/base/a.c tables\n": 1,
        "no_tabs lib/base/a.c tables\nno_tabs lib/base/b.c tables\n": 0,
        "no_tabs lib/base/a.c\n": 3, "no_tabs lib/base/c.c gone\n": 3,
        "no_such_rule lib/base/a.c x\n": 3,
    }
    for text, expected in lists.items():
        with tempfile.TemporaryDirectory() as folder:
            plant(folder, {"exceptions.txt": text, **files})
            exceptions = house_test.Exceptions(pathlib.Path(folder, "exceptions.txt"))
            left = [v for v in rule(Tree(folder)) if not exceptions.allow(rule, v)]
            left += exceptions.violations([rule])
        cases.check(len(left) == expected, f"exceptions {text!r}: {left}")


def check_nesting(cases):
    """The depth of some function bodies."""
    bodies = {
        "{ a; }": 0, "{ if (a) b; }": 1, "{ if (a) { b; } else if (c) d; else e; }": 1,
        "{ switch (a) { case 1: if (b) c; break; default: d; } }": 2,
        "{ do { if (a) b; } while (c); }": 2, "{ struct x y = {1, {2}}; { a; } }": 1,
        "{ for (;;) if (a) while (b) c; }": 3,
    }
    for body, depth in bodies.items():
        found = rules_code.deepest(body)
        cases.check(found == depth, f"{body} is {depth} deep, not {found}")


def main():
    cases = Cases()
    os.environ["LC_ALL"] = "C.UTF-8"
    os.environ.pop("LD_PRELOAD", None)  # compilers need no sanitizer
    check_sources(cases)
    check_binaries(cases)
    check_exceptions(cases)
    check_nesting(cases)
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
