# SPDX-License-Identifier: 0BSD
"""Rules for what was built: where names come from, and writable data.

They read the archive with nm and objdump. A build with sanitizers is full of the
compiler's own helpers and is not looked at. What finished files may be is the matter of
scripts/check-binary.
"""

import re

from house_tree import Violation

GLOBAL_DEFINED = set("TDBRVWCGSi")
CPU_WORD = ("cpu_word", 8)  # the one writable variable, and its greatest size


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


RULES = [symbol_prefix, exported_members, writable_data]
