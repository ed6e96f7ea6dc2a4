# SPDX-License-Identifier: 0BSD
"""What differential_test.py compares: files of all kinds, and command lines.

A case is (command line, standard input or None, environment). In a command line words
are separated by single blanks; %20, %0A and %07 stand for blank, newline and bell.
Environment variables whose names begin with @ are for the harness:
    @user   nobody runs the program
    @tty    "in" or "out": what is a terminal
"""

import itertools
import os
import random
import shutil
import subprocess
import zlib

REFERENCE = os.environ.get("XZ_REFERENCE", "/usr/bin/xz")

MTIME_NS = 1_000_000_000_123_456_789


def text(seed, size):
    """Bytes that compress about as well as prose."""
    rng = random.Random(seed)
    words = [bytes(rng.choices(b"etaoinshrdlu", k=rng.randint(2, 9))) for _ in range(300)]
    out = b" ".join(rng.choices(words, k=size // 4))
    return out[:size]


def reference(args, data):
    return subprocess.run([REFERENCE, *args], input=data, capture_output=True, check=True,
                          env={"PATH": os.environ["PATH"]}).stdout


def lzip(data):
    """A .lz file, made from the LZMA data of a .lzma file with the same settings."""
    alone = reference(["-Flzma", "--lzma1=dict=64KiB"], data)
    body = alone[13:]
    header = b"LZIP\x01" + bytes([16])
    return (header + body + zlib.crc32(data).to_bytes(4, "little")
            + len(data).to_bytes(8, "little")
            + (6 + len(body) + 20).to_bytes(8, "little"))


def changed(data, pos, count=4):
    return data[:pos] + bytes(b ^ 0x55 for b in data[pos:pos + count]) + data[pos + count:]


def vli(number):
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


CHECK_SIZES = (0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64)
LZMA2, X86, ARM64, UNKNOWN = b"!\x01\x16", b"\4\0", b"\n\0", b"U\0"


def fabricate(blocks, check=1):
    """A Stream for --list: (filters, uncompressed size) of Blocks that hold no data."""
    flags = bytes([0, check])
    body = records = b""
    for filters, size in blocks:
        header = bytes([len(filters) - 1]) + b"".join(filters)
        length = (len(header) + 8) // 4 * 4
        header = bytes([length // 4 - 1]) + header
        header += bytes(length - 4 - len(header))
        header += zlib.crc32(header).to_bytes(4, "little")
        data = header + b"\0"
        records += vli(len(data) + CHECK_SIZES[check]) + vli(size)
        body += data + bytes(-len(data) % 4) + bytes(range(CHECK_SIZES[check]))
    index = b"\0" + vli(len(blocks)) + records
    index += bytes(-len(index) % 4)
    index += zlib.crc32(index).to_bytes(4, "little")
    footer = (len(index) // 4 - 1).to_bytes(4, "little") + flags
    return (b"\xfd7zXZ\0" + flags + zlib.crc32(flags).to_bytes(4, "little") + body + index
            + zlib.crc32(footer).to_bytes(4, "little") + footer + b"YZ")


def fabricated():
    """Files that no encoder makes, for --list."""
    made = {f"size{size}.xz": fabricate([([LZMA2], size)]) for size in
            (0, 3, 4, 9999, 10000, 10239897, 10239898, 10485759999, 10485760000, 1 << 62)}
    made.update({f"check{check}.xz": fabricate([([LZMA2], 100)], check)
                 for check in range(16)})
    made["chain1.xz"] = fabricate([([X86, LZMA2], 9), ([ARM64, LZMA2], 0)])
    made["chain2.xz"] = fabricate([([UNKNOWN, LZMA2], 9)])
    made["chain3.xz"] = fabricate([([X86], 9)])
    made["many.xz"] = fabricate([([LZMA2], 3)] * 700) + fabricate([], 15)
    made["mixed.xz"] = b"".join(fabricate([([LZMA2], 10)], c) for c in (2, 3, 10, 0))
    made["overflow.xz"] = (fabricate([([LZMA2], (1 << 63) - 1)])
                           + fabricate([([LZMA2], 5)]))
    return made


def make_contents():
    """Name -> bytes of all regular files."""
    a = text(1, 9000)
    big = text(2, 150000)
    zeros = bytes(200000) + b"end" + bytes(70000)
    axz = reference(["-T1"], a)
    bigxz = reference(["-T2", "--block-size=40000"], big)
    alz = lzip(a)
    alzma = reference(["-Flzma"], a)
    c = {
        "a": a, "b": text(3, 500), "empty": b"", "big": big, "zeros": zeros,
        "noise": random.Random(4).randbytes(5000),
        "a.xz": axz, "big.xz": bigxz, "a.lzma": alzma, "a.lz": alz,
        "zeros.xz": reference(["-T1"], zeros),
        "empty.xz": reference([], b""), "empty.lzma": reference(["-Flzma"], b""),
        "a.raw": reference(["-Fraw", "--lzma2=dict=64KiB"], a),
        "a.txz": axz, "a.tlz": alzma, "a.tar.xz": axz, "wrong.lzma": axz,
        "unknown.suffix": axz, ".xz": axz, "multi.xz": axz + bigxz + axz,
        "pad.xz": axz + bytes(8) + axz + bytes(4), "badpad.xz": axz + bytes(6),
        "garbage.xz": axz + b"garbage", "garbage2.xz": axz + axz[:20],
        "garbage.lzma": alzma + b"x", "garbage.lz": alz + b"garbage",
        "two.lz": alz + alz, "half2.lz": alz + b"LZI",
        "sha.xz": reference(["-Csha256"], a), "none.xz": reference(["-Cnone"], a),
        "crc32.xz": reference(["-Ccrc32"], a),
        "x86.xz": reference(["--x86", "--delta=dist=3", "--lzma2=dict=64KiB"], a),
        "delta.xz": reference(["-T2", "--delta=dist=256", "--lzma2=preset=1"], big),
        "notxz.xz": b"this is not compressed\n" * 3, "short.xz": axz[:5],
        "magic.xz": axz[:6], "plain": b"plain text, long enough for detection\n",
        "-dash": a, "-dash2.xz": axz, "with space": a, "new\nline": a,
        "bell\a.xz": axz, "uml\u00e4ut": a, "names": b"a\nbig\n", "names0": b"a\0big\0",
        "namesbad": b"a\nbig", "namesnull": b"a\0big\n", "namesempty": b"\n\na\n\n",
        "namesmiss": b"missing\na\n", "exists": a, "exists.xz": b"old",
        "oddsize.lzma": alzma[:1] + (100001).to_bytes(4, "little") + alzma[5:],
        "huge.lzma": alzma[:5] + (1 << 38).to_bytes(8, "little") + alzma[13:],
        "huge2.lzma": alzma[:5] + ((1 << 38) + 1).to_bytes(8, "little") + alzma[13:],
        "known.lzma": alzma[:5] + len(a).to_bytes(8, "little") + alzma[13:],
        "known2.lzma": alzma[:5] + (len(a) - 1).to_bytes(8, "little") + alzma[13:],
    }
    for pos in (6, 8, 13, 20, 100, 900, len(axz) - 30, len(axz) - 20, len(axz) - 8,
                len(axz) - 3):
        c[f"bad{pos % 10000}.xz"] = changed(axz, pos)
    for pos in (12, 30, len(bigxz) // 2, len(bigxz) - 50, len(bigxz) - 10):
        c[f"badbig{pos}.xz"] = changed(bigxz, pos)
    for size in (0, 3, 7, 12, 13, 40, 500, len(axz) - 40, len(axz) - 12, len(axz) - 1):
        c[f"cut{size}.xz"] = axz[:size]
    for size in (12, 13, 14, 500, len(alzma) - 1):
        c[f"cut{size}.lzma"] = alzma[:size]
    for size in (3, 6, 500, len(alz) - 1):
        c[f"cut{size}.lz"] = alz[:size]
    c["cutbig.xz"] = bigxz[:len(bigxz) * 2 // 3]
    return c | fabricated()


def populate(directory, contents, words):
    """Make the directory with the files of `contents` and the special ones in words."""
    os.mkdir(directory, 0o755)
    os.chdir(directory)
    for name, data in contents.items():
        with open(name, "wb") as f:
            f.write(data)
        os.chmod(name, 0o640 if name == "b" else 0o644)
    for name, mode in (("suid", 0o4755), ("sgid", 0o2755), ("sticky", 0o1644),
                       ("mode600", 0o600), ("mode777", 0o777), ("mode444", 0o444)):
        if name in words:
            shutil.copyfile("b", name)
            os.chmod(name, mode)
    if os.geteuid() == 0:
        for name, owner, mode in (("owned", (1234, 4321), 0o640), ("group", (0, 4321), 0o674),
                                  ("mine", (65534, 4321), 0o664), ("mine.xz", (65534, 4321), 0o604),
                                  ("secret", (0, 0), 0o600)):
            if name in words:
                shutil.copyfile("a.xz" if name.endswith(".xz") else "b", name)
                os.chown(name, *owner)
                os.chmod(name, mode)
    for name, target in (("link", "a"), ("link.xz", "a.xz"), ("dangling", "missing")):
        if name in words:
            os.symlink(target, name)
    if "hard1" in words:
        shutil.copyfile("b", "hard1")
        os.link("hard1", "hard2")
    if "fifo" in words:
        os.mkfifo("fifo")
    for d in ("dir", "dir.xz"):
        os.mkdir(d)
        shutil.copyfile("b", d + "/b")
    for name in os.listdir("."):
        if name != "fifo":
            os.utime(name, ns=(MTIME_NS, MTIME_NS), follow_symlinks=False)


def encode(name):
    """A file name as a word of a command line."""
    return name.replace(" ", "%20").replace("\n", "%0A").replace("\a", "%07")


def operands(contents):
    """(all files, those with a suffix, special files) as words."""
    files = [encode(f) for f in sorted(set(contents) - set(fabricated()))
             if not f.startswith("-")]
    special = ["link", "link.xz", "dangling", "hard1", "suid", "sgid", "sticky", "fifo",
               "dir", "dir.xz", "missing", "missing.xz", "mode600", "mode777", "mode444",
               "./a", "dir/b", "dir/missing", "a/b"]
    return files, [f for f in files if "." in f], special


def file_lines(contents):
    """Files of all kinds with the plain modes."""
    lines = []
    encodable, compressed, special = operands(contents)
    lines += [f"xz -d {f}" for f in compressed]
    lines += [f"xz -t {f}" for f in compressed]
    lines += [f"xz -dc {f}" for f in compressed]
    lines += [f"xz -dcf {f}" for f in encodable]
    lines += [f"xz -T1 -dc {f}" for f in compressed if "bad" in f or "cut" in f]
    lines += [f"xz {f}" for f in encodable]
    lines += [f"{name} {f}" for name in ("unxz", "xzcat", "unlzma", "lzcat", "lzma")
              for f in ("a", "a.xz", "a.lzma", "a.lz", "exists", "empty.lzma", "plain")]
    lines += [f"/somewhere/my{name}5 {f}" for name in ("unxz", "xzcat", "lzma")
              for f in ("a", "a.xz")]
    for options in ("", "-k ", "-f ", "-c ", "-d ", "-dk ", "-dc ", "-t ", "-l ", "-T1 "):
        lines += [f"xz {options}{f}" for f in special
                  if not (f == "fifo" and ("c" in options or "t" in options))
                  and not (f == "fifo" and options == "-l ")]
    return lines


def list_lines(_contents):
    """--list in all layouts."""
    lines = []
    for options in ("-l", "-lv", "-lvv", "--robot -l", "--robot -lv", "--robot -lvv",
                    "-lq", "-lqq"):
        lines += [f"xz {options} {f}" for f in
                  ("a.xz", "big.xz", "multi.xz", "pad.xz", "empty.xz", "sha.xz", "x86.xz",
                   "delta.xz", "none.xz", "crc32.xz", "a.xz multi.xz", "empty.xz",
                   "a.xz empty.xz pad.xz sha.xz x86.xz", "missing a.xz", "a.lzma a.xz",
                   "notxz.xz", "a", "empty", "cut12.xz", "cut40.xz", "bad8.xz", "badpad.xz",
                   "bad13.xz", "badbig12.xz", "garbage.xz", "zeros.xz")]
    for options in ("-l", "-lvv", "--robot -lvv"):
        lines += [f"xz {options} {f}" for f in fabricated()]
        lines.append(f"xz {options} {' '.join(fabricated())}")
    return lines


def format_lines(_contents):
    """Formats, checks, presets."""
    lines = []
    for fmt in ("auto", "xz", "lzma", "alone", "raw", "lzip"):
        for f in ("a", "a.xz", "a.lzma", "a.lz", "a.raw", "oddsize.lzma", "wrong.lzma",
                  "plain", "empty"):
            lines += [f"xz -F{fmt} -dc {f}", f"xz -kF{fmt} {f}", f"xz --format={fmt} -dkf {f}",
                      f"xz -dcf --format {fmt} {f}"]
        lines.append(f"xz -l -F{fmt} a.xz")
    for check in ("none", "crc32", "crc64", "sha256", "bogus", ""):
        lines += [f"xz -C{check} -k a", f"xz -k --check={check} b"]
    lines += [f"xz {p} -kc a" for p in
              ("-0", "-1", "-3", "-6", "-9", "-9e", "-e", "-0e", "--fast", "--best",
               "--extreme", "-T1", "-T2", "-T+1", "-T0", "-T4", "-T16384", "-T16385",
               "-T-1", "-Tx", "-T", "-T1k", "-Tmax", "-T+0", "-T++1", "-T3 -T1")]
    return lines


def number_lines(_contents):
    """Numbers, memory limits, Blocks."""
    lines = []
    sizes = ("1", "100", "4KiB", "1MiB", "max", "1k", "1K", "1Ki", "1kB", "1KB", "1kiB",
             "0", "-1", "x", "1x", "1kk", "99999999999999999999", "9223372036854775807",
             "9223372036854775808", "1.5k", "")
    lines += [f"xz -T1 -kc --block-size={s} a" for s in sizes if s not in ("1",)]
    lines += [f"xz -kc --memlimit-compress={s} -T1 a" for s in sizes]
    lines += [f"xz -dc --memlimit-decompress={s} a.xz" for s in sizes]
    lines += [f"xz -dc -M {s} a.xz" for s in sizes if s]
    lines += [f"xz -dc --memlimit-mt-decompress={s} big.xz" for s in sizes]
    lines += [f"xz -M{s} -T1 -k a" for s in ("1%", "50%", "100%", "0%", "101%", "x%", "%")]
    lines += [f"xz --robot -M{s} --info-memory" for s in
              ("1", "1MiB", "1%", "33%", "50%", "100%", "0", "max", "7GiB")]
    lines += ["xz --robot --info-memory", "xz --info-memory", "xz -T3 --info-memory",
              "xz --robot --memlimit-mt-decompress=1GiB --info-memory",
              "xz --robot --memlimit-decompress=1GiB --info-memory",
              "xz --robot --memlimit-decompress=1GiB --memlimit-mt-decompress=2GiB "
              "--info-memory",
              "xz --robot --info-memory -M 1"]
    for limit in ("1MiB", "3MiB", "20MiB", "50MiB", "200MiB"):
        for more in ("", " -T2", " --no-adjust", " -Fraw --lzma2", " -Flzma", " -9",
                     " --lzma2=dict=5MiB", " -q", " -Q", " -T2 --no-adjust"):
            lines.append(f"xz -kc --memlimit-compress={limit}{more} a")
    for blocks in ("100", "100,200", "100,,300", "100,200,0", "0", "0,1", ",1", "", "1,",
                   "1000,,", "1k", "x", "5,x", "100,0,", "max", "20000", "1:100", "0:100",
                   "9001,1", "9000", "4500,4500", "4500,4500,1"):
        for more in ("-T1", "-T2", "-T1 --block-size=1KiB", "-T2 --block-size=1KiB"):
            if blocks == "1,":
                more += " -0"
            lines.append(f"xz -kc {more} --block-list={blocks} {'a' if blocks != '1,' else 'b'}")
    return lines


def filter_lines(_contents):
    """Filters and their options, raw files."""
    lines = []
    for options in ("preset=9", "preset=9e", "preset=10", "preset=x", "dict=4KiB", "dict=1",
                    "dict=2GiB", "dict=max", "dict=4096", "dict=5000", "lc=4", "lc=5",
                    "lc=4,lp=1", "lp=4,lc=0", "pb=0", "pb=5", "mode=fast", "mode=normal",
                    "mode=x", "nice=2", "nice=1", "nice=273", "nice=274", "nice=max",
                    "mf=hc3", "mf=hc4", "mf=bt2", "mf=bt3", "mf=bt4", "mf=x", "depth=0",
                    "depth=1000", "depth=1k", "depth=99999999999", "x=1", "dict", "=", "=1",
                    "dict=", ",,", "", "dict=1MiB,,lc=0,", "preset=1,dict=1MiB",
                    "dict=1MiB,preset=1", "preset=", "nice=0x10"):
        lines += [f"xz --lzma2={options} -kc a", f"xz -Flzma --lzma1={options} -kc a"]
    for filters in ("--x86 --lzma2", "--arm --lzma2", "--armthumb --lzma2",
                    "--arm64 --lzma2", "--powerpc --lzma2", "--ia64 --lzma2",
                    "--sparc --lzma2", "--riscv --lzma2", "--delta --lzma2",
                    "--delta=dist=256 --lzma2", "--delta=dist=0 --lzma2",
                    "--delta=dist=257 --lzma2", "--delta=x --lzma2", "--x86=start=16 --lzma2",
                    "--arm=start=1 --lzma2", "--arm=start=4 --lzma2",
                    "--x86=start=4GiB --lzma2", "--x86=start=max --lzma2", "--x86",
                    "--lzma2 --x86", "--lzma2 --lzma2", "--lzma1", "--lzma1 --lzma2",
                    "--x86 --x86 --x86 --lzma2", "--x86 --x86 --x86 --x86 --lzma2",
                    "--x86 --x86 --x86 --x86 --x86 --lzma2", "--delta --delta", "--lzma2 -1",
                    "-1 --lzma2", "--x86 -1", "--lzma2 -e"):
        lines += [f"xz {filters} -kc a", f"xz -Fraw {filters} -kc a",
                  f"xz -d {filters} -c a.xz"]
    lines += [f"xz -Fraw {o}" for o in
              ("-kc a", "-k a", "-k -S.raw a", "-dc a.raw", "-dk a.raw", "-dkS.raw a.raw",
               "-dkS.raw --lzma2=dict=64KiB a.raw", "-dc --lzma2=dict=64KiB a.raw",
               "-dcf --lzma2 plain", "-t --lzma2 a.raw", "-dc --lzma2 empty",
               "-dk -S.xz --lzma2 a.xz", "-k -S.raw a.raw", "-dc --lzma2 --single-stream a.raw")]
    return lines


def name_lines(_contents):
    """Suffixes and lists of names."""
    lines = []
    for suffix in (".s", "s", ".xz", ".lzma", "", "/", "a/b", "a", "..", "z"):
        lines += [f"xz -k -S{suffix} a" if suffix else "xz -k -S  a",
                  f"xz -k --suffix={suffix} a.xz", f"xz -dk --suffix={suffix} unknown.suffix",
                  f"xz -dk --suffix={suffix} a.xz"]
    lines += ["xz -dk -S.suffix unknown.suffix", "xz -dk -Ssuffix unknown.suffix",
              "xz -dk -Sunknown.suffix unknown.suffix", "xz -k -Flzma -S.x a"]
    for f in ("names", "names0", "namesbad", "namesnull", "namesempty", "namesmiss",
              "missing", "empty"):
        lines += [f"xz -k --files={f}", f"xz -k --files0={f}", f"xz -k --files={f} b"]
    lines += ["xz --files=names --files0=names0 -k", "xz --files=names --files=names -k",
              "xz -l --files=names", "xz -t --files=names", "xz --files= -k a"]
    return lines


def damage_lines(contents):
    """Damage and what follows the data."""
    lines = []
    _, compressed, _ = operands(contents)
    for f in ("garbage.xz", "garbage2.xz", "multi.xz", "garbage.lzma", "garbage.lz", "two.lz",
              "a.xz", "a.lz", "a.lzma", "pad.xz", "badpad.xz", "cut40.xz"):
        lines += [f"xz -dc --single-stream {f}", f"xz -t --single-stream {f}",
                  f"xz -dk --single-stream {f}"]
    lines += [f"xz -d --single-stream {f}" for f in
              ("a.xz", "garbage.xz", "multi.xz", "a.lz", "a.lzma")]
    lines += [f"xz -dc --ignore-check {f}" for f in compressed if "bad" in f]
    return lines


def other_lines(_contents):
    """Everything else."""
    lines = []
    lines += [f"xz {o}" for o in
              ("--foo", "-n a", "-x", "--l a", "--f a", "--mem=1 a", "-r a", "--com -k a",
               "--comp -k a", "--dec -k a.xz", "--unc -k a.xz", "--tes a.xz", "--lis a.xz",
               "--kee a", "--forc -k a", "--std a", "--to a", "--sing -k a", "--no-sp -k a",
               "--no-s -k a", "--no-a -k a", "--no-w a.xz", "--suf=.x -k a", "--form=xz -k a",
               "--form xz -k a", "--chec=none -k a", "--ig -k a", "--block-s=1k -k a",
               "--block-l=1k -k a", "--fl=1 -k a", "--thr=2 -k a", "--ext -k a",
               "--fas -k a", "--be -k a", "--qui a.xz", "--verb -k a", "--rob -l a.xz",
               "--info", "--he", "--lon", "--vers", "--lzma -k a", "--arm -k a",
               "--memo=1GiB -k a", "--fo a", "--b a", "--no a", "--fi=names -k",
               "--files=names -k", "--filess=names -k", "--keep=1 a", "--format", "-F",
               "-kF", "-k -- a", "-k -- -dash", "-k -dash", "-dk -- -dash2.xz", "-kk a",
               "-k a b", "-k a missing b", "-k missing a", "-k dir a", "-k a.xz a", "-k a a",
               "a -k", "a -k -- b", "-z -d -k a.xz", "-d -z -k a", "-t -d -k a.xz",
               "-d -t a.xz", "-l -d -k a.xz", "-c -k a", "-ck a", "-kcd a.xz b", "-q a.xz",
               "-qq missing", "-qq a.xz", "-Q a.xz", "-Q missing", "-qQ a.xz", "-q -v a.xz",
               "-k -0 -0 -0 a", "-V", "--version", "--robot -V", "-h", "--help", "-H",
               "--long-help", "--robot -k a", "--robot -d a.xz", "--robot -t a.xz",
               "-V --foo", "--foo -V", "-h --foo", "--robot -l missing", "-lq missing",
               "-v -k a", "-vv -T1 -k a", "-v -t a.xz", "-vv -t a.xz", "-v -t bad900.xz",
               "-vq -k a", "-dkv a.xz", "-dkvv a.xz", "-tv a.xz big.xz missing",
               "--filters=lzma2 -k a", "--filters-help", "--no-sync -k a",
               "-k --flush-timeout=0 a", "-k --flush-timeout=100 a",
               "-k --flush-timeout=x a", "-k --flush-timeout=100 -T2 a",
               "-kc --flush-timeout=100 --x86 --lzma2 a", "-kc --flush-timeout=9 -Flzma a",
               "-kc --flush-timeout=100 --delta --lzma2 a", "-dc --flush-timeout=1 a.xz",
               "--no-sparse -dk zeros.xz", "-dk zeros.xz", "-dk zeros.xz big.xz",
               "-k exists", "-kf exists", "-dk exists.xz", "-d exists.xz", "-f exists",
               "-kf exists a", "-df a.xz", "-df plain", "-dkf bad900.xz", "-df cut500.xz",
               "-d a.xz a.lzma", "-df a.xz a.lzma", "-k with%20space new%0Aline uml\u00e4ut",
               "-t bell%07.xz", "-l a", "-l", "-l -", "-t", "-d", "-dc -", "-zc a.xz -",
               "-kT2 --block-size=4KiB a big zeros", "-kT2 zeros big noise empty")]
    return lines


def input_cases(contents):
    """Data on standard input."""
    axz, big = contents["a.xz"], contents["big"]
    for line in ("xz", "xz -c", "xz -k", "xz -", "xz -T2 --block-size=10000", "xz -Flzma",
                 "lzma", "xz -0v", "xz -Fraw", "xz - -", "xz a -", "xz -l -", "xz -l",
                 "xz --files -", "xz -t"):
        yield line, big, {}
    for line in ("xz -d", "xz -dc", "xz -dv", "xz -t", "xzcat", "unxz", "xz -dc - a.xz",
                 "xz -dc a.xz -", "xz -dT1", "xz -dFlzma", "lzcat", "xz --single-stream -d"):
        for data in (axz, contents["multi.xz"], contents["a.lzma"], contents["a.lz"],
                     contents["plain"], contents["cut500.xz"], b"", contents["garbage.xz"],
                     contents["bad900.xz"], contents["garbage.lz"], contents["cutbig.xz"]):
            yield line, data, {}
    for line in ("xz --files -k", "xz --files -k b", "xz --files0 -k"):
        for data in (b"a\nbig\n", b"a\0big\0", b"-\na\n", b"", b"a", b"\na\n\nmissing\n"):
            yield line, data, {}


def environment_cases():
    """XZ_DEFAULTS, XZ_OPT and POSIXLY_CORRECT."""
    environments = [{"XZ_OPT": v} for v in
                    ("-9", "-q", " -q\t-1 ", "-l", "--foo", "-k", "-c", "a b -k", "-h", "-F",
                     "--files=names", "-k --", "--suffix=.x", "-d", "", "-Q", "--block-list=5k",
                     "-kF lzma")]
    environments += [{"XZ_DEFAULTS": "-k", "XZ_OPT": "-0"}, {"XZ_DEFAULTS": "-T2 -M1GiB"},
                     {"XZ_DEFAULTS": "-Flzma", "XZ_OPT": "-Fxz"}, {"POSIXLY_CORRECT": "1"},
                     {"XZ_DEFAULTS": "--no-warn", "XZ_OPT": "-qq"}]
    for env, line in itertools.product(environments, ("xz a", "xz -d a.xz", "xz -kc a b -0",
                                                      "xz a.xz", "xz -l a.xz", "unxz a.xz")):
        yield line, None, env


def special_cases():
    """Other users, and terminals."""
    for line in ("xz -k owned", "xz -kT1 owned group", "xz owned"):
        yield line, None, {}
    for line in ("xz a", "xz -k owned", "xz -k group", "xz mine", "xz -k mine",
                 "xz -d mine.xz a.xz", "xz secret a", "xz -c secret", "xz -l secret",
                 "xz --files=secret", "xz dir/b", "xz -kf exists", "xz -f dir/b a",
                 "xz -d a.xz", "xz -tv a.xz secret"):
        if os.geteuid() == 0:
            yield line, None, {"@user": 65534}
    for line in ("xz -kc a", "xz -dc a.xz", "xz -kcf a", "xz", "xz -Flzma",
                 "xz -Fraw -kc a", "lzma", "xz -k a", "xz -d", "xzcat plain -f",
                 "xz -t a.xz", "xz -l a.xz", "xz -z -"):
        yield line, None, {"@tty": "out"}
    for line in ("xz -d", "xz -dc", "unxz", "xzcat", "xz -t", "xz -c", "xz", "xz -dc -", "xz -df",
                 "xz -dcf", "xz -l", "lzcat", "xz a -k", "xz -dk a.xz -", "xz -Fraw -d --lzma2",
                 "xz --files -k"):
        yield line, None, {"@tty": "in"}


def more_lines(_contents):
    """Names of the program against options; formats against suffixes; lists."""
    lines = [f"{name} {options} {f}" for name in ("unxz", "xzcat", "lzma", "unlzma", "lzcat")
             for options in ("-z", "-k", "-t", "-dk", "-Fxz -k", "-kFauto")
             for f in ("a", "a.xz", "a.lzma")]
    lines += [f"xz -k -F{fmt} {f}" for fmt in ("xz", "lzma") for f in
              ("a.txz", "a.tlz", "a.lz", "a.tar.xz", ".xz", "dir/b", "a.raw")]
    lines += [f"xz -dk -F{fmt} {f}" for fmt in ("xz", "lzma", "lzip") for f in
              ("a.txz", "a.tlz", "wrong.lzma", "a.raw", ".xz", "unknown.suffix")]
    lines += [f"xz {o} --files=names" for o in ("-lv", "-c -0", "-k -T2", "-dkf", "-kqq missing")]
    lines += [f"xz -kc -T{t} {o} big" for t in ("1", "2", "+1") for o in
              ("--block-size=40000", "--block-list=10000,50000", "--block-list=1,2,0", "-Csha256",
               "--block-list=30000 --block-size=20000", "--x86 --lzma2=dict=64KiB", "-Cnone -9")]
    return lines


def cases(contents):
    """(command line, standard input, environment)"""
    lines = []
    for part in (file_lines, list_lines, format_lines, number_lines, filter_lines,
                 name_lines, damage_lines, other_lines, more_lines):
        lines += part(contents)
    for line in dict.fromkeys(lines):
        yield line, None, {}
    yield from input_cases(contents)
    yield from environment_cases()
    yield from special_cases()
