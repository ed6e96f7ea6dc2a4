# SPDX-License-Identifier: 0BSD
"""The xz command against other programs: what one writes, each of the others restores.

usage: cross_check_test.py [LIBRARY]

The others are the machine's xz, 7zz, BusyBox, Python's lzma module, lzip, plzip and pixz;
who is missing is named and left out. The data is real, from this machine.
"""

import glob
import itertools
import lzma
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cases

CASES = cases.Cases()
OURS = cases.xz_path()
SAMPLE_SIZE = 96 << 10 if cases.SANITIZED else 512 << 10
PRESETS = [f"-{level}{extreme}" for level in range(10) for extreme in ("", "e")]

# Whole chains as options of both commands; 5.4 knows all filters in them.
CHAINS = [
    ["--lzma2=preset=1,lc=0,lp=4,pb=4"], ["--lzma2=dict=4KiB,lc=4,pb=0"],
    ["--lzma2=mf=hc3,mode=fast,nice=2,depth=1"], ["--lzma2=mf=bt2,mode=normal,nice=273"],
    ["--lzma2=mf=bt3,dict=65537"], ["--lzma2=preset=9e,dict=100KiB"],
    ["--delta", "--lzma2"], ["--delta=dist=256", "--lzma2=preset=0"],
    ["--x86", "--lzma2=preset=2"], ["--x86=start=4096", "--delta=dist=4", "--lzma2"],
    ["--powerpc", "--lzma2=preset=1"], ["--ia64", "--lzma2=preset=1"],
    ["--arm", "--lzma2=preset=1"], ["--armthumb=start=2", "--lzma2=preset=1"],
    ["--arm64=start=4096", "--lzma2=preset=1"], ["--sparc", "--lzma2=preset=1"],
    ["--x86", "--arm", "--delta=dist=1", "--lzma2=preset=3,pb=0"],
]


def run(command, data=b""):
    """(exit status, output) of a program that reads data."""
    done = subprocess.run([str(word) for word in command], input=data, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=cases.clean_environment())
    return done.returncode, done.stdout


def with_file(command, suffix, data):
    """The same for a program that wants its input as a file; NAME stands for it."""
    with cases.scratch_folder() as folder:
        path = os.path.join(folder, "data" + suffix)
        pathlib.Path(path).write_bytes(data)
        return run([path if word == "NAME" else word for word in command])


def python_decode(packed):
    try:
        return 0, lzma.decompress(packed)
    except lzma.LZMAError as error:
        return 1, str(error).encode()


def present(name):
    if shutil.which(name):
        return True
    CASES.skip(f"{name} is not on this machine")
    return False


def readers():
    """{name: function} of the other programs that restore .xz data."""
    found = {"Python": python_decode}
    if present("xz"):
        found["machine's xz"] = lambda packed: run(["xz", "-dc"], packed)
        found["machine's xz -T2"] = lambda packed: run(["xz", "-dc", "-T2"], packed)
    if present("7zz"):
        found["7zz"] = lambda packed: with_file(["7zz", "e", "-so", "NAME"], ".xz", packed)
    if present("busybox"):
        found["busybox"] = lambda packed: run(["busybox", "unxz", "-c"], packed)
    return found


READERS = readers()


def check_readers(packed, data, what, names=None):
    """One case a program: packed restores to data."""
    for name, read in READERS.items():
        if names is None or name in names:
            CASES.equal(read(packed), (0, data), f"{what}, read by {name}")


def check_ours(packed, data, what, options=()):
    """Two cases: we restore packed, with a thread and with several."""
    for threads in ("-T1", "-T3"):
        CASES.equal(run([OURS, "-dc", threads, *options], packed), (0, data),
                    f"{what}, read by ours {threads}")


def presets(samples):
    """Each preset on two of the samples, both ways."""
    turn = itertools.cycle(samples.items())
    for preset in PRESETS if not cases.SANITIZED else ("-0", "-3", "-6e"):
        for threads in ("-T1", "-T2"):
            name, data = next(turn)
            what = f"{preset} {threads} of {name}"
            status, packed = run([OURS, preset, threads, "-c"], data)
            if CASES.equal(status, 0, what):
                check_readers(packed, data, what)
        if "machine's xz" in READERS:
            check_ours(run(["xz", preset, "-c"], data)[1], data, f"machine's {what}")


def all_samples(samples):
    """Each sample with the default preset."""
    for name, data in samples.items():
        status, packed = run([OURS, "-c"], data)
        if CASES.equal(status, 0, name):
            check_readers(packed, data, name)
            check_ours(packed, data, name)


def chains_and_checks(samples):
    """Chains of filters with each check, in .xz files and raw, both ways."""
    data = samples.get("libc") or next(iter(samples.values()))
    data = data[:200_000]
    checks = itertools.cycle(["none", "crc32", "crc64", "sha256"])
    for chain in CHAINS:
        for _ in range(2):
            options = [f"--check={next(checks)}", *chain]
            what = " ".join(options)
            status, packed = run([OURS, "-c", *options], data)
            if CASES.equal(status, 0, what):
                # BusyBox and 7-Zip lack some of the filters.
                check_readers(packed, data, what, ("Python", "machine's xz"))
            if "machine's xz" in READERS:
                check_ours(run(["xz", "-c", *options], data)[1], data, f"machine's {what}")
        if "machine's xz" in READERS:
            raw = ["--format=raw", *chain]
            packed = run([OURS, "-c", *raw], data)[1]
            CASES.equal(run(["xz", "-dc", *raw], packed), (0, data), f"raw {chain}")
            packed = run(["xz", "-c", *raw], data)[1]
            CASES.equal(run([OURS, "-dc", *raw], packed), (0, data), f"machine's raw {chain}")


def lzma_alone(samples):
    """.lzma files, both ways, and raw LZMA1."""
    for name, data in list(samples.items())[:4]:
        for options in (["-0"], ["-4"], ["-9e"], ["--lzma1=dict=5000,lc=1,lp=3,pb=0"]):
            what = f".lzma {options[0]} of {name}"
            packed = run([OURS, "--format=lzma", *options, "-c"], data)[1]
            CASES.equal(python_decode(packed), (0, data), f"{what}, read by Python")
            if "busybox" in READERS:
                CASES.equal(run(["busybox", "unlzma", "-c"], packed), (0, data),
                            f"{what}, read by busybox")
            if "7zz" in READERS:
                got = with_file(["7zz", "e", "-so", "NAME"], ".lzma", packed)
                CASES.equal(got, (0, data), f"{what}, read by 7zz")
            if "machine's xz" in READERS:
                CASES.equal(run(["xz", "-dc"], packed), (0, data), f"{what}, read by xz")
                packed = run(["xz", "--format=lzma", *options, "-c"], data)[1]
                check_ours(packed, data, f"machine's {what}")
                check_ours(packed, data, f"machine's {what}", ["--format=lzma"])


def lzip_files(samples):
    """.lz files of lzip and plzip, of one member and of several."""
    name, data = next(iter(samples.items()))
    for program in ("lzip", "plzip"):
        if not present(program):
            continue
        for options in (["-0"], ["-6"], ["-9"], ["-1", "-B100KiB"] if program == "plzip"
                        else ["-1", "-b100KiB"]):
            what = f"{program} {options} of {name}"
            status, packed = run([program, *options, "-c"], data)
            if CASES.equal(status, 0, what):
                check_ours(packed, data, what)
                check_ours(packed + packed, data * 2, f"{what}, twice", ["--format=lzip"])
                status, out = run([OURS, "-dc"], packed[:-5])
                CASES.check(status == 1 and data.startswith(out), f"{what}, cut")


def blocks_and_streams(samples):
    """Many Blocks, many Streams, padding; the list that both commands give of them."""
    name, data = list(samples.items())[-1]
    layouts = [["--block-size=10000"], ["--block-size=65536", "-T3"],
               ["--block-list=1000,2000,0", "-T1"], ["--block-list=70000,1,30000", "-T2"],
               ["--flush-timeout=1"], ["--block-size=100KiB", "-T1", "--check=sha256"]]
    packed = b""
    for options in layouts:
        what = f"{options} of {name}"
        status, one = run([OURS, "-1", "-c", *options], data)
        if CASES.equal(status, 0, what):
            check_readers(one, data, what)
            check_ours(one, data, what)
        packed += one + bytes(4 * len(options))
    whole = data * len(layouts)
    # The others stop at Stream Padding, or call it garbage.
    check_readers(packed, whole, "Streams and padding",
                  ("machine's xz", "machine's xz -T2"))
    check_ours(packed, whole, "Streams and padding")
    CASES.equal(run([OURS, "-dc", "--single-stream"], packed), (0, data), "single Stream")
    if "machine's xz" in READERS:
        lists(packed)


def without_memory(lines):
    """Lines of --list --robot without the estimates of memory, which differ."""
    place = {b"block": 14, b"summary": 1, b"totals": 9}
    for line in lines.splitlines():
        fields = line.split(b"\t")
        if len(fields) > place.get(fields[0], len(fields)):
            del fields[place[fields[0]]]
        yield fields


def lists(packed):
    """xz --list says the same of a file as the machine's."""
    with cases.scratch_folder() as folder:
        path = os.path.join(folder, "many.xz")
        pathlib.Path(path).write_bytes(packed)
        for options in (["-l"], ["-lv"], ["-lvv"]):
            CASES.equal(run([OURS, *options, path]), run(["xz", *options, path]),
                        f"the list of {options}")
        for options in (["-l", "--robot"], ["-lvv", "--robot"]):
            found = [list(without_memory(run([xz, *options, path])[1]))
                     for xz in (OURS, "xz")]
            CASES.equal(found[0], found[1], f"the list of {options}")


def other_writers(samples):
    """.xz files of 7zz, pixz and Python."""
    for name, data in list(samples.items())[:3]:
        for check in (lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_SHA256):
            check_ours(lzma.compress(data, check=check, preset=3), data, f"Python's of {name}")
        if "7zz" in READERS:
            with cases.scratch_folder() as folder:
                source = os.path.join(folder, "data")
                pathlib.Path(source).write_bytes(data)
                run(["7zz", "a", "-txz", "-mmt2", "-ms=64k", source + ".xz", source])
                packed = pathlib.Path(source + ".xz").read_bytes()
            check_ours(packed, data, f"7zz's of {name}")
        if shutil.which("pixz"):
            packed = run(["pixz", "-t", "-p", "2", "-f", "0.1"], data)[1]
            check_ours(packed, data, f"pixz's of {name}")
            packed = run([OURS, "--block-size=100KiB", "-c"], data)[1]
            got = with_file(["pixz", "-d", "-t", "-i", "NAME", "-o", "/dev/stdout"], ".xz",
                            packed)
            CASES.equal(got, (0, data), f"ours of {name}, read by pixz")


def big_file(_samples):
    """The start of the kernel's source, 138 MB of .xz; the reader goes away early."""
    for path in glob.glob("/usr/src/linux-source-*.tar.xz")[:1]:
        size = (2 if cases.SANITIZED else 24) << 20
        expected = cases.unpacked_prefix(path, size)
        for threads in ("-T1", "-T2"):
            with subprocess.Popen([OURS, "-dc", threads, path], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL,
                                  env=cases.clean_environment()) as reader:
                found = reader.stdout.read(size)
                reader.stdout.close()
            CASES.check(found == expected, f"start of {path}, {threads}")
        if not cases.SANITIZED:
            status, packed = run([OURS, "-2", "-T2", "-c"], expected)
            if CASES.equal(status, 0, "kernel source -2"):
                check_readers(packed, expected, "kernel source -2")
        return
    CASES.skip("no kernel source on this machine")


def main():
    samples = cases.real_samples(SAMPLE_SIZE)
    print("samples:", ", ".join(samples))
    for group in (presets, all_samples, chains_and_checks, lzma_alone, lzip_files,
                  blocks_and_streams, other_writers, big_file):
        before = CASES.passed + CASES.failed
        CASES.run(group, samples)
        print(f"{group.__name__}: {CASES.passed + CASES.failed - before} cases", flush=True)
    return CASES.finish()


if __name__ == "__main__":
    sys.exit(main())
