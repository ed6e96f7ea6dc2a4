# SPDX-License-Identifier: 0BSD
"""Rules for what was built: names, writable data, start-up code, what the library needs.

They read the archive and the shared library with nm, objdump and readelf. A build with
sanitizers is full of the compiler's own helpers and is not looked at.
"""

import re

from house_tree import Violation

GLOBAL_DEFINED = set("TDBRVWCGSi")
CPU_WORD = ("cpu_word", 8)  # the one writable variable, and its greatest size
START_UP = (".init_array", ".preinit_array", ".fini_array", ".ctors", ".dtors")
NEEDED = re.compile(r"(libc|libpthread)\.so\.[0-9.]+|ld-linux[\w-]*\.so\.\d+|ld64\.so\.\d+")
CRT_ENTRY = 8  # one pointer: the C runtime's own frame_dummy

# What the library may ask of libc and of the compiler's start-up code.
IMPORTS = re.compile(
    r"malloc|calloc|free|mem(cpy|move|set|cmp|chr)|__mem(cpy|move|set)_chk|bcmp|"
    r"str(len|cmp|ncmp|chr|spn|cspn)|__str\w+_chk|pthread_\w+|clock_gettime|nanosleep|sched_\w+|"
    r"__sched_cpu\w+|sysconf|getauxval|sigfillset|sigemptyset|__errno_location|"
    r"__stack_chk_fail|__cxa_finalize|_ITM_\w+TMCloneTable|__gmon_start__|"
    r"__assert_fail")


def archive_symbols(tree):
    """(member, type letter, name) of each symbol in the archive."""
    for line in tree.output_of("nm", "-A", tree.archive):
        found = re.match(r".*?\.a:([^:]+):\s*[0-9a-f]*\s+(\w) (\S+)$", line)
        if found:
            yield found[1], found[2], found[3]


def archive_sections(tree):
    """(member, section, size) of each section in the archive."""
    member = ""
    for line in tree.output_of("objdump", "-h", tree.archive):
        head = re.match(r"(\S+):\s+file format", line)
        if head:
            member = head[1]
        found = re.match(r"\s*\d+ (\S+)\s+([0-9a-f]+)\s", line)
        if found:
            yield member, found[1], int(found[2], 16)


def is_writable(section):
    """True for sections that stay writable when the program runs."""
    return re.match(r"\.(s?data|s?bss|tdata|tbss)\b", section) is not None \
        and not section.startswith(".data.rel.ro")


def symbol_prefix(tree):
    """Every name that crosses a file begins with xz_, lzma_ or clearxz_."""
    for member, letter, name in archive_symbols(tree):
        if letter in GLOBAL_DEFINED and not name.startswith(("xz_", "lzma_", "clearxz_")):
            yield Violation("liblzma.a", 0, f"{member}: {name} has no prefix")


def exported_members(tree):
    """lzma_ names come from object files of lib/api."""
    api = {name.split("/")[-1][:-2] + ".o" for name in tree.c_files("lib/api/")}
    for member, letter, name in archive_symbols(tree):
        exported = name.startswith(("lzma_", "clearxz_"))
        if letter in GLOBAL_DEFINED and exported and member not in api:
            yield Violation("liblzma.a", 0, f"{member}: {name} is not from lib/api")


def writable_data(tree):
    """The only writable data is the word with the CPU's features."""
    for line in tree.output_of("objdump", "-t", tree.archive):
        found = re.match(r"[0-9a-f]+ .{7} (\S+)\t([0-9a-f]+)\s+(?:\.\w+ )?(\S+)$", line)
        if not found or not (is_writable(found[1]) or found[1] == "*COM*"):
            continue
        size, name = int(found[2], 16), found[3]
        if size and (name != CPU_WORD[0] or size > CPU_WORD[1]):
            yield Violation("liblzma.a", 0, f"{name}: {size} writable bytes")
    total = sum(size for _, section, size in archive_sections(tree) if is_writable(section))
    if total > CPU_WORD[1]:
        yield Violation("liblzma.a", 0, f"{total} writable bytes in all")


def start_up_code(tree):
    """No code runs before main(): no constructors, no IFUNC, in archive and library."""
    for member, section, size in archive_sections(tree):
        if section.startswith(START_UP) and size:
            yield Violation("liblzma.a", 0, f"{member}: section {section}")
    for line in tree.output_of("readelf", "-SW", tree.library):
        found = re.match(r"\s*\[\s*\d+\] (\S+)\s+\S+\s+[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+)", line)
        if found and found[1].startswith(START_UP) and int(found[2], 16) > CRT_ENTRY:
            yield Violation("liblzma.so", 0, f"section {found[1]}")
    for line in tree.output_of("readelf", "-srW", tree.library):
        if re.search(r"\bIFUNC\b|IRELATIV", line):
            yield Violation("liblzma.so", 0, f"IFUNC: {line.strip()}")
    for member, letter, name in archive_symbols(tree):
        if letter == "i":
            yield Violation("liblzma.a", 0, f"{member}: {name} is an IFUNC")


def thread_local(tree):
    """No thread-local storage."""
    for line in tree.output_of("readelf", "-lsW", tree.library):
        words = line.split()
        if words[:1] == ["TLS"] or len(words) > 7 and words[3] == "TLS":
            yield Violation("liblzma.so", 0, f"TLS: {line.strip()}")


def needed_libraries(tree):
    """The library needs libc alone."""
    for line in tree.output_of("readelf", "-dW", tree.library):
        found = re.search(r"\(NEEDED\).*\[(.*)\]", line)
        if found and not NEEDED.fullmatch(found[1]):
            yield Violation("liblzma.so", 0, f"needs {found[1]}")


def exported_names(tree):
    """The shared library exports lzma_ and clearxz_ functions and nothing else."""
    for line in tree.output_of("readelf", "--dyn-syms", "-W", tree.library):
        words = line.split()
        if len(words) < 8 or not words[0].rstrip(":").isdigit():
            continue
        kind, bind, section, name = words[3], words[4], words[6], words[7].split("@")[0]
        if section == "UND" or bind == "LOCAL":
            continue
        if section == "ABS":
            continue  # the name of a version node
        if kind != "FUNC" or not name.startswith(("lzma_", "clearxz_")):
            yield Violation("liblzma.so", 0, f"exports {kind} {name}")


def imported_names(tree):
    """The shared library asks libc only for what is on a short list."""
    for line in tree.output_of("nm", "-D", "--undefined-only", tree.library):
        name = line.split()[-1].split("@")[0]
        if not IMPORTS.fullmatch(name):
            yield Violation("liblzma.so", 0, f"asks for {name}")


RULES = [symbol_prefix, exported_members, writable_data, start_up_code, thread_local,
         needed_libraries, exported_names, imported_names]
