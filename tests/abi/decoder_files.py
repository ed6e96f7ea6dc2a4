# SPDX-License-Identifier: 0BSD
"""Files for decoder tests, made by another liblzma, xz and lzip, and ways to damage them."""

import lzma
import random
import shutil
import struct
import subprocess
import zlib

CHECKS = {"none": lzma.CHECK_NONE, "crc32": lzma.CHECK_CRC32, "crc64": lzma.CHECK_CRC64,
          "sha256": lzma.CHECK_SHA256}


def plain_texts():
    """Named inputs that bring out different parts of the decoders."""
    rng = random.Random(7)
    words = [bytes(rng.randrange(97, 123) for _ in range(rng.randrange(2, 9)))
             for _ in range(300)]
    text = b" ".join(rng.choice(words) for _ in range(6000))
    code = b"".join(rng.choice((b"\xe8", b"\xe9", b"\x94\x00", b"\x40\x7f", b"\x00\x00"))
                    + rng.randbytes(3) for _ in range(4000))
    return {"empty": b"", "one": b"x", "noise": rng.randbytes(3000), "text": text,
            "code": code, "zeros": bytes(70000),
            "mixed": text[:9000] + rng.randbytes(70000) + code[:8000] + bytes(9000)}


def filter_chains():
    lzma2 = {"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": 1 << 16}
    chains = {"lzma2": [lzma2], "small": [dict(lzma2, dict_size=4096)],
              "lc4": [dict(lzma2, lc=4, lp=0, pb=0)], "lp4": [dict(lzma2, lc=0, lp=4, pb=4)],
              "delta1": [{"id": lzma.FILTER_DELTA, "dist": 1}, lzma2],
              "delta256": [{"id": lzma.FILTER_DELTA, "dist": 256}, lzma2]}
    for name in ("X86", "POWERPC", "IA64", "ARM", "ARMTHUMB", "SPARC"):
        filter_id = getattr(lzma, f"FILTER_{name}")
        chains[name.lower()] = [{"id": filter_id}, lzma2]
    chains["arm64"] = [{"id": 10}, lzma2]
    chains["x86+offset"] = [{"id": lzma.FILTER_X86, "start_offset": 4096}, lzma2]
    chains["four"] = [{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_DELTA, "dist": 3},
                      {"id": lzma.FILTER_IA64}, lzma2]
    return chains


def run(command, data):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def xz_filter_file(plain, chain):
    """A .xz file; chains that Python's lzma does not know go through xz itself."""
    if all(f["id"] != 10 for f in chain):
        return lzma.compress(plain, check=lzma.CHECK_CRC32, filters=chain)
    return run(["xz", "-c", "--format=xz", "--check=crc32", "--arm64", "--lzma2=dict=64KiB"],
               plain)


def xz_files():
    """Sound .xz files of at most some ten KiB, by name."""
    texts, files = plain_texts(), {}
    for name, plain in texts.items():
        files[f"xz-{name}"] = lzma.compress(plain, preset=1)
    for name, check in CHECKS.items():
        files[f"xz-check-{name}"] = lzma.compress(texts["text"][:2000], check=check)
    for name, chain in filter_chains().items():
        files[f"xz-{name}-filter"] = xz_filter_file(texts["code"], chain)
        files[f"xz-{name}-short"] = xz_filter_file(texts["code"][:13], chain)
    blocks = run(["xz", "-c", "-T1", "-0", "--block-size=5000"], texts["text"])
    sized = run(["xz", "-c", "-T2", "-0", "--block-size=9000"], texts["mixed"])
    files.update({"xz-blocks": blocks, "xz-sized": sized,
                  "xz-check-unknown": change_check(files["xz-check-crc32"], 2),
                  "xz-check-unknown-sha": change_check(files["xz-check-sha256"], 11)})
    one = files["xz-check-none"]
    files["xz-two"] = blocks + one
    files["xz-padding"] = one + bytes(8) + blocks + bytes(4) + one + bytes(12)
    files["xz-padding-5"] = one + bytes(5)
    files["xz-padding-6-two"] = one + bytes(6) + one
    files["xz-garbage"] = one + b"some garbage here"
    files["xz-garbage-short"] = one + bytes(4) + b"\xfd7z"
    files["xz-empties"] = files["xz-empty"] * 3
    return files


def lzma_files():
    texts, files = plain_texts(), {}
    for name, plain in texts.items():
        files[f"lzma-{name}"] = lzma.compress(plain, format=lzma.FORMAT_ALONE, preset=1)
        sized = with_size(files[f"lzma-{name}"], len(plain))
        files[f"lzma-{name}-sized"] = sized
        files[f"lzma-{name}-less"] = with_size(sized, max(0, len(plain) - 1))
        files[f"lzma-{name}-more"] = with_size(sized, len(plain) + 1)
        raw = lzma.compress(plain, format=lzma.FORMAT_RAW, filters=[
            {"id": lzma.FILTER_LZMA2, "dict_size": 65536}])
        files[f"not-lzma-{name}"] = raw
    for lc, lp, pb in ((0, 0, 0), (4, 0, 4), (0, 4, 0), (2, 2, 2), (1, 3, 1)):
        files[f"lzma-{lc}{lp}{pb}"] = lzma.compress(
            texts["text"], format=lzma.FORMAT_ALONE,
            filters=[{"id": lzma.FILTER_LZMA1, "dict_size": 4096, "lc": lc, "lp": lp,
                      "pb": pb}])
    files["lzma-trailing"] = files["lzma-text"] + b"\0trailing"
    files["lzma-twice"] = files["lzma-text"] * 2
    return files


def lzip_files():
    if shutil.which("lzip") is None:
        return {}
    texts, files = plain_texts(), {}
    for name, plain in texts.items():
        files[f"lz-{name}"] = run(["lzip", "-1"], plain)
        files[f"lz-{name}-v0"] = to_version_0(files[f"lz-{name}"])
    one = files["lz-text"]
    files["lz-two"] = one + files["lz-code"]
    files["lz-mixed"] = files["lz-noise-v0"] + one + files["lz-one-v0"]
    for i, tail in enumerate((b"x", b"L", b"LZ", b"LZI", b"LZIQ", b"LZIP", b"LZIP\2",
                              b"LZIP\1", b"LZIP\1\x0b", b"\0\0\0\0", one[:-1])):
        files[f"lz-tail-{i}"] = one + tail
    if shutil.which("plzip"):
        files["plzip"] = run(["plzip", "-1", "-B10000"], texts["mixed"])
    return files


def with_size(data, size):
    """A .lzma file with another uncompressed size in its header."""
    return data[:5] + struct.pack("<Q", size) + data[13:]


def to_version_0(member):
    return b"LZIP\0" + member[5:-8]


def fix_crc(data, begin, end):
    """The same with the CRC32 of data[begin:end] stored behind it."""
    crc = struct.pack("<I", zlib.crc32(data[begin:end]))
    return data[:end] + crc + data[end + 4:]


def fix_footer(data):
    crc = struct.pack("<I", zlib.crc32(data[-8:-2]))
    return data[:-12] + crc + data[-8:]


def change_check(data, check):
    """Another Check ID in header and footer of a single-Stream file."""
    data = data[:7] + bytes([check]) + data[8:]
    data = data[:-3] + bytes([check]) + data[-2:]
    return fix_footer(fix_crc(data, 6, 8))


def index_field(data):
    """(begin, end) of the Index of a single-Stream file."""
    size = (struct.unpack("<I", data[-8:-4])[0] + 1) * 4
    return len(data) - 12 - size, len(data) - 12


def fix_checksums(data, rng):
    """Makes one header of a damaged .xz file look sound again, so that what is wrong in
    it is found by other rules than its CRC32."""
    what = rng.randrange(4)
    if len(data) < 40:
        return data
    if what == 0:
        return fix_crc(data, 6, 8)
    if what == 1:
        end = 12 + (data[12] + 1) * 4
        return fix_crc(data, 12, end - 4) if end <= len(data) else data
    if what == 2:
        return fix_footer(data)
    begin, end = index_field(data)
    return fix_crc(data, begin, end - 4) if 12 < begin < end else data


def damage(data, rng):
    """A damaged copy."""
    if not data:
        return data
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        # Headers and what is at the end are more interesting than the middle.
        size = len(data)
        spot = rng.choice((rng.randrange(size), rng.randrange(min(size, 40)),
                           size - 1 - rng.randrange(min(size, 48))))
        kind = rng.randrange(6)
        if kind == 0:
            data[spot] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, data[spot] ^ 1))
        elif kind <= 3:
            data[spot] ^= 1 << rng.randrange(8)
        elif kind == 4:
            data[spot:spot + rng.choice((1, 1, 4))] = b""
        else:
            data[spot:spot] = rng.randbytes(rng.choice((1, 1, 4)))
        if not data:
            break
    return bytes(data)
