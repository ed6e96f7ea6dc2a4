# SPDX-License-Identifier: 0BSD
"""Seeds for the harnesses fuzz/audit_*.c, made from the recipes of the tests.

usage: audit_seeds.py FOLDER: makes FOLDER/NAME/ for each harness.
"""

import gzip
import json
import pathlib
import sys
import tempfile

import root_maker
from audit_case import RULES, RESOLVER_CPUID, implant, liblzma, rule_sections
from box_maker import (apk, ar, cpio, cpio_links, deb, docker_save, initramfs, lz4_of_kernels,
                       oci_layout, old_cpio, old_tar, rpm, tar, zip_file)
from image_maker import (debugfs, ext4, gpt, mbr, mbr_logical, seven_zip, squashfs)
from elf_maker import EM_386, Elf, Symbol, make_object


def elf_seeds():
    yield implant().build()
    yield liblzma("5.6.1", ifunc=RESOLVER_CPUID, gnu_hash=True).build()
    yield liblzma(bits=32, machine=EM_386).build()
    yield liblzma(bits=32, big=True).build()
    yield make_object([Symbol("_get_cpuid", 0)], [".text._get_cpuid"], 20)
    yield Elf(tls=True, relocs=(16, 8)).build()


def archive_seeds():
    files = {"usr/lib/liblzma.so.5": liblzma().build()[:4600], "x": b"text\n"}
    for make in (deb, rpm, apk, zip_file, cpio, tar, old_cpio, old_tar, ar):
        yield make({name.split("/")[-1]: content for name, content in files.items()}
                   if make is ar else files)
    for make in (docker_save, oci_layout):
        yield make(files, {"usr/lib/.wh.liblzma.so.5": b""})
    yield initramfs({"x": b"u"}, files)
    yield cpio_links(["a", "b"], b"text\n")
    yield lz4_of_kernels(cpio(files))
    yield gzip.compress(tar(files)) + gzip.compress(b"text\n") + b"more"
    yield Elf(sections=True).build() + zip_file(files)
    yield b"#!/bin/sh\nexit\n" + gzip.compress(tar(files))


def image_seeds():
    files = {"usr/lib/liblzma.so.5": liblzma().build()[:4600], "x": b"text\n" * 400}
    small = {"a/x": b"text\n" * 50}
    for kind in ("ext2", "ext4"):
        yield ext4(small, "-O", "^has_journal,^resize_inode", kind=kind, size="96k")
    inline = ext4(small, "-O", "^has_journal,^resize_inode,inline_data,^metadata_csum",
                  size="96k")
    yield inline
    yield debugfs(inline, "unlink /a/x", "link <2> /a/up")
    yield squashfs(files)
    for compressor in ("xz", "zstd", "lzo"):
        yield squashfs(files, "-b", "4096", compressor=compressor)
    yield squashfs(files, "-noI", "-noD", "-noF", "-b", "4096")
    yield seven_zip(files)
    yield mbr(squashfs(small))[:2048 * 512 + 8192]
    yield mbr_logical(squashfs(small), squashfs(small))
    yield gpt(squashfs(small), b"x")


def package_seeds():
    with tempfile.TemporaryDirectory() as folder:
        for number, (database, version) in enumerate((
                (root_maker.dpkg, "5.6.1-1"), (root_maker.apk, "5.6.1-r0"),
                (root_maker.pacman, "5.6.1-1"), (root_maker.rpm_ndb, "5.6.1-1"),
                (root_maker.rpm_bdb, "5.6.1-1"), (root_maker.rpm_bdb_big_endian, "5.6.1-1"),
                (root_maker.rpm_sqlite_wal, "5.6.1-1"))):
            database(pathlib.Path(folder, str(number)), version)
        root_maker.rpm_sqlite(pathlib.Path(folder, "9"), "5.6.1-1", page_size=512)
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.is_file():
                yield path.read_bytes()
    yield b"7f01000-7f02000 r-xp 00000000 fd:00 42 /usr/lib/liblzma.so.5.6.1 (deleted)"
    yield b"ID=\"debian\"\nID_LIKE='x y'\n"


def rule_seeds():
    for path in RULES.glob("*.rules"):
        text = path.read_text(encoding="ascii")
        for rule in text.split("\n\n[")[1:5]:
            yield f"[{rule}\n".encode()


def source_seeds():
    for keys in rule_sections().values():
        for example in keys.get("example", []) + keys.get("counter", []):
            yield example.replace("\\n", "\n").replace("\\t", "\t").encode()
    yield b"100644 blob " + b"a" * 40 + b"\tconfigure\0" + b"120000 blob " + b"b" * 40 + b"\tx\0"


def json_seeds():
    report = {"schema": "xz-audit/1", "verdict": "suspicious", "host": "a\u00e9\n",
              "looked_at": {"files": 12}, "not_looked_at": [{"object": "x", "reason": "y"}],
              "findings": [{"rule": "X", "level": "suspicious", "object": "\"\\"}],
              "components": [{"kind": "liblzma", "version": "5.4.1"}]}
    yield json.dumps(report).encode()
    yield b'[1, -2.5e3, true, null, "\\ud83d\\ude00\\u0000", {"a": [[]]}, {}]'


SEEDS = {"audit_archive": archive_seeds, "audit_elf": elf_seeds, "audit_image": image_seeds,
         "audit_json": json_seeds,
         "audit_packages": package_seeds, "audit_rules": rule_seeds,
         "audit_source": source_seeds}


def write_seeds(folder):
    """Writes all seeds; returns {harness: [paths]}."""
    written = {}
    for name, make in SEEDS.items():
        for number, content in enumerate(make()):
            path = pathlib.Path(folder, name, f"{number:03}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.setdefault(name, []).append(path)
    return written


if __name__ == "__main__":
    write_seeds(sys.argv[1])
