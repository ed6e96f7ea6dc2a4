# SPDX-License-Identifier: 0BSD
"""Command lines by chance, for `differential_test.py --random COUNT SEED`.

Options that XZ Utils 5.4 does not have, or that 5.8 changed on purpose, are left out, so that
every difference is worth a look.
"""

import random

NAMES = ["xz"] * 12 + ["unxz", "xzcat", "lzma", "unlzma", "lzcat"] * 2 + ["./my-xzcat.old"]

SIZES = ["1", "100", "4KiB", "1MiB", "max", "0", "1x", "", "-1", "1 k".replace(" ", "%20"), "+5",
         "0x10", "010", "5e3", "99999999999999999999", "20000", "1KB", "1G"]

# Long options with arguments to choose from; None: takes no argument.
LONG = {
    "compress": None, "decompress": None, "uncompress": None, "test": None, "list": None,
    "keep": None, "force": None, "stdout": None, "to-stdout": None, "no-sparse": None,
    "suffix": [".x", "", ".xz", "x", "/", ".a/b", ".tar.xz", ".lzma", "%20"],
    "format": ["xz", "lzma", "alone", "auto", "raw", "lzip", "", "x", "XZ"],
    "check": ["none", "crc32", "crc64", "sha256", "", "CRC32", "sha"],
    "ignore-check": None, "block-size": SIZES,
    "block-list": ["100", "100,200", "5k,,0", ",5", "1000,", "0", "x", "max,1", "1,%202", "3,0,3"],
    "flush-timeout": ["0", "5", "1000", "x", "", "18446744073709551615"],
    "memlimit-compress": SIZES + ["1%", "100%", "101%", "%", "50 %".replace(" ", "%20")],
    "memlimit-decompress": SIZES + ["1%", "100%", "101%"],
    "memlimit-mt-decompress": SIZES, "memlimit": SIZES, "memory": SIZES, "no-adjust": None,
    "threads": ["0", "1", "2", "+1", "+0", "3", "x", "", "16385", "-1", "%202"], "extreme": None,
    "fast": None, "best": None,
    "lzma1": ["", "preset=1", "dict=64KiB", "lc=4,pb=0", "mf=hc3,nice=8", "mode=fast,depth=5"],
    "lzma2": ["", "preset=0", "dict=4KiB", "lp=2,lc=2", "mf=bt2", "dict=1", "nice=300",
              "preset=2e"],
    "x86": ["", "start=0", "start=4096", "start=1", "x=1"], "powerpc": ["", "start=4", "start=3"],
    "ia64": ["", "start=16", "start=8"], "arm": ["", "start=4"], "armthumb": ["", "start=2"],
    "arm64": ["", "start=4"], "sparc": ["", "start=4"],
    "delta": ["", "dist=1", "dist=256", "dist=257", "dist=0", "dist=x"],
    "quiet": None, "verbose": None, "no-warn": None, "robot": None,
    "files": ["names", "namesbad", "namesempty", "namesmiss", "missing", ""],
    "files0": ["names0", "names", "namesnull"],
}
OPTIONAL = {"lzma1", "lzma2", "x86", "powerpc", "ia64", "arm", "armthumb", "arm64", "sparc",
            "delta", "files", "files0"}
SHORT = "zdtlkfc0123456789eqvQ"
SHORT_ARGUMENT = {"S": "suffix", "F": "format", "C": "check", "M": "memlimit", "T": "threads"}

# Filters that make up a chain for --format=raw.
CHAINS = ["--lzma2", "--lzma2=dict=64KiB", "--lzma1=dict=64KiB", "--x86 --lzma2=dict=64KiB",
          "--delta=dist=2 --lzma1=preset=0", "--arm64 --delta --lzma2", "--lzma1 --x86",
          "--ia64 --sparc --powerpc --lzma2", "--delta", "--arm --armthumb --lzma2=lc=0"]


def abbreviated(rng, name):
    """Sometimes the beginning of a name, which may be ambiguous."""
    if rng.random() < 0.75:
        return name
    return name[:rng.randint(min(3, len(name)), len(name))]


def option(rng):
    """One option, as words."""
    kind = rng.random()
    if kind < 0.45:
        letters = "".join(rng.choices(SHORT, k=rng.choice((1, 1, 2, 3))))
        return "-" + letters
    if kind < 0.6:
        letter = rng.choice(list(SHORT_ARGUMENT))
        value = rng.choice(LONG[SHORT_ARGUMENT[letter]])
        return f"-{letter}{value}" if value and rng.random() < 0.7 else f"-{letter} {value}"
    name = rng.choice(list(LONG))
    values = LONG[name]
    word = "--" + abbreviated(rng, name)
    if values is None:
        return word if rng.random() < 0.95 else word + "=1"
    if name in OPTIONAL and rng.random() < 0.3:
        return word
    glue = "=" if rng.random() < 0.8 or name in OPTIONAL else " "
    return word + glue + rng.choice(values)


def variable(rng):
    words = [option(rng) for _ in range(rng.randint(0, 3))]
    return rng.choice([" ", "  ", "\t"]).join(words)


def line_by_chance(rng, names):
    words = [rng.choice(NAMES)]
    options = [option(rng) for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4)))]
    if rng.random() < 0.12:
        options.append("-Fraw " + rng.choice(CHAINS) + rng.choice((" -S.raw", " -c", "")))
    operands = [rng.choice(names) for _ in range(rng.choice((0, 1, 1, 1, 2, 3)))]
    if rng.random() < 0.1:
        operands.append(rng.choice(["-", "--", "missing", "dir", "link", "hard1", "suid", ""]))
    parts = options + operands
    if rng.random() < 0.3:
        rng.shuffle(parts)
    return " ".join(words + parts).strip()


def cases_by_chance(contents, encode, count, seed):
    """(command line, standard input, environment), the same for the same seed."""
    rng = random.Random(seed)
    names = [encode(name) for name in sorted(contents) if not name.startswith("-")
             and not name.startswith(("size", "check"))]
    inputs = [contents[name] for name in ("a", "a.xz", "a.lzma", "a.lz", "multi.xz", "pad.xz",
                                          "garbage.xz", "cut500.xz", "plain", "empty", "a.raw")]
    while count > 0:
        line = line_by_chance(rng, names)
        env = {name: variable(rng) for name in ("XZ_OPT", "XZ_DEFAULTS") if rng.random() < 0.12}
        if rng.random() < 0.02:
            env["POSIXLY_CORRECT"] = "1"
        everything = " ".join([line, *env.values()])
        words = everything.split()[1:]
        several = sum(not word.startswith("-") or word == "-" for word in words) > 1
        apart = any(name in everything for name in ("raw", "lzma", "lzcat", "-F", "--f"))
        changed = any(word in ("--no", "--no-", "--no-s") for word in words)
        if changed or "--si" in everything or (several and apart):
            continue # what 5.8 changed, and what the comparison cannot take apart again
        count -= 1
        yield line, rng.choice(inputs) if rng.random() < 0.6 else None, env
