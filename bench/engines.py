# SPDX-License-Identifier: 0BSD
"""The programs that are compared, one line each: how to compress and to restore a file."""

import collections

# compress(level, threads, extra, source, target) and restore(source) give a command line;
# levels: those of LEVELS that the program has; `stdout`: the result comes out there;
# has_ratio: a ratio is made of its runs.
Engine = collections.namedtuple("Engine", "name levels stdout has_ratio compress restore")

LEVELS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "3e", "6e", "9e"]


def xz_like(name, program):
    """An engine with the options of xz."""
    return Engine(
        name, LEVELS, True, True,
        lambda level, threads, extra, source, target:
            [program, f"-{level}", f"-T{threads}", *extra, "-k", "-c", source],
        lambda source: [program, "-d", "-k", "-c", "-T1", source])


def seven_zip(program):
    """7-Zip, writing .xz."""
    return Engine(
        "7zz", ["1", "3", "5", "7", "9"], False, False,
        lambda level, threads, extra, source, target:
            [program, "a", "-txz", f"-mx{level}", f"-mmt{threads}", "-bd", "-y", target, source],
        lambda source: [program, "x", "-mmt1", "-so", source])


def engines(build):
    """Ours first, then the competitors; ratios are to the second."""
    return [xz_like("ours", f"{build}/bin/xz"),
            xz_like("xz", "/usr/bin/xz"),
            seven_zip("7zz")]


def libraries(build):
    """(name, liblzma) for calls of the library."""
    return [("ours", f"{build}/lib/liblzma.so.5"), ("xz", "liblzma.so.5")]
