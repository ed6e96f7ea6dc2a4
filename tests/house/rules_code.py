# SPDX-License-Identifier: 0BSD
"""Rules for C code: functions, nesting, preprocessor, forbidden calls, names."""

import ast
import re

from house_tree import Violation, strip_directives, strip_strings

FUNCTION_LINES = 90
NESTING = 4

# Where conditional compilation is at home. Elsewhere only a guard around a whole file.
IF_FILES = ("lib/base/platform.h", "lib/base/cpu.c", "lib/thread/sync.h",
            "tools/common/system.h")
IF_ENDINGS = ("_tmpl.h", "_loop.h", "_x86.c", "_x86.h", "_arm64.c", "_arm64.h")

LIB_SYSTEM_HEADERS = {
    "stdint.h", "stddef.h", "stdbool.h", "string.h", "limits.h", "stdatomic.h", "time.h",
    "pthread.h", "signal.h", "errno.h", "unistd.h", "sched.h", "immintrin.h", "cpuid.h",
    "sys/mman.h", "arm_neon.h", "arm_acle.h", "sys/auxv.h", "sys/types.h", "lzma.h", "clearxz.h",
}
# Headers that one file alone may include.
LIB_HEADER_OWNERS = {"stdlib.h": {"lib/base/alloc.c"}}

FORBIDDEN_CALLS = re.compile(
    r"\b(alloca|__builtin_alloca\w*|getenv|secure_getenv|setenv|printf|fprintf|sprintf|"
    r"snprintf|vsnprintf|vfprintf|puts|fputs|fopen|fwrite|fread|perror|exit|_exit|abort|"
    r"setlocale|system|dlopen|longjmp|setjmp)\s*\(")
ALLOCATION_CALLS = re.compile(r"\b(malloc|calloc|realloc|reallocarray|free|strdup)\s*\(")
CONDITIONAL = re.compile(r"^\s*#\s*(if|ifdef|ifndef|elif|else|endif)\b")

WORD = re.compile(r"[A-Za-z_]\w*|[{}();:]|\S")


def function_length(tree):
    """A function has 90 lines at most, braces included."""
    for name in tree.c_files():
        for function in tree.functions(name):
            count = function.last - function.first + 1
            if count > FUNCTION_LINES:
                yield Violation(name, function.first, f"{function.name}: {count} lines")
    for name in tree.python_files():
        for node in ast.walk(ast.parse(tree.text(name))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                count = node.end_lineno - node.lineno + 1
                if count > FUNCTION_LINES:
                    yield Violation(name, node.lineno, f"{node.name}: {count} lines")


class Nesting:
    """Walks the statements of one function body and finds the deepest."""

    def __init__(self, body):
        self.words = WORD.findall(body)
        self.pos = 0
        self.deepest = 0

    def peek(self):
        return self.words[self.pos] if self.pos < len(self.words) else "}"

    def balanced(self, opening, closing):
        """Skips from an opening bracket to behind the closing one."""
        depth = 0
        while self.pos < len(self.words):
            word = self.words[self.pos]
            self.pos += 1
            depth += (word == opening) - (word == closing)
            if depth == 0:
                return

    def simple(self):
        """Skips a statement without statements in it."""
        while self.peek() not in (";", "}"):
            if self.peek() == "(":
                self.balanced("(", ")")
            elif self.peek() == "{":
                self.balanced("{", "}")
            else:
                self.pos += 1
        if self.peek() == ";":
            self.pos += 1

    def block(self, depth):
        self.pos += 1
        while self.peek() != "}":
            self.statement(depth)
        self.pos += 1

    def inner(self, depth):
        """The body of a control statement: a block or a single statement."""
        if self.peek() == "{":
            self.deepest = max(self.deepest, depth)
            self.block(depth)
        else:
            self.deepest = max(self.deepest, depth)
            self.statement(depth)

    def statement(self, depth):
        word = self.peek()
        if word == "{":
            self.inner(depth + 1)
        elif word in ("if", "for", "while", "switch"):
            self.pos += 1
            self.balanced("(", ")")
            self.inner(depth + 1)
            if word == "if" and self.peek() == "else":
                self.pos += 1
                if self.peek() == "if":
                    self.statement(depth)
                else:
                    self.inner(depth + 1)
        elif word == "do":
            self.pos += 1
            self.inner(depth + 1)
            self.simple()
        elif word in ("case", "default"):
            while self.peek() not in (":", "}"):
                self.pos += 1
            self.pos += self.peek() == ":"
        else:
            self.simple()


def deepest(body):
    """How deep statements are nested in a function body."""
    walk = Nesting(body)
    walk.block(0)
    return walk.deepest


def nesting(tree):
    """Statements are nested four deep at most."""
    for name in tree.c_files():
        for function in tree.functions(name):
            depth = deepest(function.body)
            if depth > NESTING:
                yield Violation(name, function.first, f"{function.name}: {depth} deep")


def directives(tree, name):
    """(line number, word) of the conditionals outside the include guard."""
    found = [(number, match[1]) for number, line in tree.code_lines(name)
             if (match := CONDITIONAL.match(line))]
    text = tree.code(name)
    if name.endswith(".h") and re.match(r"\s*#\s*ifndef\s+(\w+)\s+#\s*define\s+\1\b", text):
        return found[1:-1]
    return found


def guards_whole_file(tree, name, found):
    """True if the conditionals are one pair around everything but includes."""
    words = [word for _, word in found if word != "else"]
    if words not in (["if", "endif"], ["ifdef", "endif"], ["ifndef", "endif"]):
        return False
    first, last = found[0][0], found[-1][0]
    for number, line in tree.code_lines(name):
        outside = number < first or number > last
        if outside and line.strip() and not line.lstrip().startswith("#"):
            return False
    return True


def if_places(tree):
    """#if stands in platform headers, CPU files and templates, or guards a whole file."""
    for name in tree.c_files("lib/", "tools/"):
        if name in IF_FILES or name.endswith(IF_ENDINGS):
            continue
        found = directives(tree, name)
        if found and not guards_whole_file(tree, name, found):
            yield Violation(name, found[0][0], "conditional compilation")


def hidden_return(tree):
    """XZ_TRY is the only macro that returns."""
    define = re.compile(r"^\s*#\s*define\s+(\w+)((?:.*\\\n)*.*)$", re.M)
    for name in tree.c_files("lib/", "tools/", "include/"):
        text = tree.code(name)
        for match in define.finditer(text):
            if match[1] != "XZ_TRY" and re.search(r"\b(return|goto)\b", match[2]):
                yield Violation(name, text.count("\n", 0, match.start()) + 1,
                                f"macro {match[1]} leaves the function")


def pasted_names(tree):
    """Macros paste no names together."""
    for name in tree.c_files("lib/", "tools/"):
        for number, line in tree.code_lines(name):
            if "##" in strip_strings(line):
                yield Violation(name, number, "## makes a name that nobody can search for")


def forbidden_calls(tree):
    """lib/ has no alloca, getenv, stdio, exit; only base/alloc.c calls malloc."""
    for name in tree.c_files("lib/"):
        for number, line in enumerate(strip_strings(tree.code(name)).split("\n"), 1):
            found = FORBIDDEN_CALLS.search(line)
            if found is None and name != "lib/base/alloc.c":
                found = ALLOCATION_CALLS.search(line)
                if found and re.search(r"[>.]\s*$", line[:found.start()]):
                    found = None  # a member of lzma_allocator
            if found:
                yield Violation(name, number, f"{found[1]} in the library")


def system_headers(tree):
    """lib/ includes only what is on a list of the C library's headers."""
    for name in tree.c_files("lib/"):
        for number, line in tree.code_lines(name):
            found = re.match(r"\s*#\s*include\s*<([^>]+)>", line)
            if found and found[1] not in LIB_SYSTEM_HEADERS:
                if name not in LIB_HEADER_OWNERS.get(found[1], ()):
                    yield Violation(name, number, f"<{found[1]}> in the library")


def exported_in_api(tree):
    """lzma_ and clearxz_ functions are defined in lib/api alone."""
    for name in tree.c_files("lib/", "tools/"):
        if name.startswith("lib/api/"):
            continue
        for function in tree.functions(name):
            if function.name.startswith(("lzma_", "clearxz_")):
                yield Violation(name, function.first, f"{function.name} outside lib/api")


def no_typedef(tree):
    """lib/ has no typedef."""
    for name in tree.c_files("lib/"):
        for number, line in tree.code_lines(name):
            if re.search(r"\btypedef\b", line):
                yield Violation(name, number, "typedef")


def one_meaning(tree):
    """A name that rooms share (XZ_, xz_) is defined in one header of lib/, if in any."""
    defined = re.compile(r"^\s*#\s*define\s+(XZ_\w+)|^(?:struct|enum)\s+(xz_\w+)\s*\{", re.M)
    seen = {}
    for name in tree.c_files("lib/"):
        if not name.endswith(".h"):
            continue
        names = {a or "struct " + b for a, b in defined.findall(tree.code(name))}
        names |= {f.name for f in tree.functions(name) if f.name.startswith("xz_")}
        for word in sorted(names):
            if seen.setdefault(word, name) != name:
                yield Violation(name, 1, f"{word} has a meaning in {seen[word]} already")


def no_recursion(tree):
    """No function in lib/ calls itself, directly or through others of its file."""
    for name in tree.c_files("lib/"):
        functions = {f.name: f for f in tree.functions(name)}
        calls = {caller: {word for word in re.findall(r"\b([A-Za-z_]\w*)\s*\(", f.body)
                          if word in functions} for caller, f in functions.items()}
        for start, function in functions.items():
            reached, todo = set(), [start]
            while todo:
                for callee in calls[todo.pop()] - reached:
                    reached.add(callee)
                    todo.append(callee)
            if start in reached:
                yield Violation(name, function.first, f"{start} reaches itself")


def writable_statics(tree):
    """lib/ has no writable static or thread-local variable but the CPU word."""
    for name in tree.c_files("lib/"):
        text = strip_directives(strip_strings(tree.code(name)))
        for number, line in enumerate(text.split("\n"), 1):
            if re.search(r"\b(_Thread_local|__thread)\b", line):
                yield Violation(name, number, "thread-local variable")
            declares = re.match(r"\s*static\b(?!.*\binline\b)(?!.*\bconst\b)[^()]*(;|=|$)",
                                line)
            if declares and re.search(r";\s*$|=", line) and "cpu_word" not in line:
                yield Violation(name, number, "writable static variable")


def vla_warning(tree):
    """The Makefile builds with -Wvla and -Werror, so that no VLA can get in.

    A builder may give another WERROR.
    """
    if "Makefile" not in tree.files:
        return
    text = tree.text("Makefile")
    warn = re.search(r"^WARN\s*=((?:.*\\\n)*.*)$", text, re.M)
    words = warn[1].split() if warn else []
    default = re.search(r"^WERROR\s*\?=\s*(.*)$", text, re.M)
    if default and "$(WERROR)" in words:
        words.append(default[1].strip())
    if not {"-Wvla", "-Werror"} <= set(words):
        yield Violation("Makefile", 1, "WARN must have -Wvla and -Werror")


RULES = [function_length, nesting, if_places, hidden_return, pasted_names,
         forbidden_calls, system_headers, exported_in_api, no_typedef, one_meaning,
         no_recursion, writable_statics, vla_warning]
