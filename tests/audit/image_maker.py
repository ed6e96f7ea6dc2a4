# SPDX-License-Identifier: 0BSD
"""Images of file systems and disks, made from their contents by the tools of this machine."""

import pathlib
import struct
import subprocess
import tempfile
import uuid
import zlib

TOOLS = "/usr/sbin:/sbin:/usr/bin:/bin"


def tool(*command, **more):
    """Runs a program quietly; returns its output."""
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=True,
                          env={"PATH": TOOLS, "LC_ALL": "C"}, **more).stdout


def made(files, *command):
    """What `command` makes: {tree} in it is a folder with the files, {out} the result."""
    with tempfile.TemporaryDirectory(prefix="xz-audit-image-") as name:
        tree, out = pathlib.Path(name, "tree"), pathlib.Path(name, "out.7z")
        tree.mkdir()
        for path, content in files.items():
            place = tree / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        tool(*(word.format(tree=tree, out=out) for word in command), cwd=tree)
        return out.read_bytes()


def ext4(files, *options, kind="ext4", size="512k", block=1024):
    return made(files, "mke2fs", "-q", "-t", kind, "-b", str(block), "-m", "0", "-N", "32",
                *options, "-d", "{tree}", "{out}", size)


def debugfs(image, *commands):
    """The image after commands of debugfs, which edits file systems by hand."""
    with tempfile.TemporaryDirectory(prefix="xz-audit-image-") as name:
        path = pathlib.Path(name, "image")
        path.write_bytes(image)
        for command in commands:
            tool("debugfs", "-w", "-R", command, path)
        return path.read_bytes()


def squashfs(files, *options, compressor="gzip"):
    return made(files, "mksquashfs", "{tree}", "{out}", "-noappend", "-quiet", "-no-progress",
                "-processors", "1", "-all-root", "-comp", compressor, *options)


def seven_zip(files, *options):
    return made(files, "7zz", "a", "-bso0", "-bsp0", "-t7z", *options, "{out}", ".")


def bsdtar(files, form):
    return made(files, "bsdtar", "-c", f"--format={form}", "-f", "{out}", ".")


def boot_sector(*entries):
    """A sector with a table of up to four (type, first sector, sectors)."""
    table = b"".join(struct.pack("<B3xB3xII", 0, *entry) for entry in entries)
    return bytes(446) + table.ljust(64, b"\0") + b"\x55\xaa"


def sectors(data, unit=512):
    return data + bytes(-len(data) % unit)


def mbr(*parts, kind=0x83):
    """A disk with primary partitions."""
    disk, entries = bytes(2048 * 512 - 512), []
    for part in map(sectors, parts):
        entries.append((kind, 1 + len(disk) // 512, len(part) // 512))
        disk += part
    return boot_sector(*entries) + disk


def mbr_logical(*parts):
    """A disk with all partitions in an extended one: a chain of tables."""
    tables, total = b"", 0
    for number, part in enumerate(map(sectors, parts)):
        size = 1 + len(part) // 512
        follows = [(5, total + size, 0xFFFF)] if number + 1 < len(parts) else []
        tables += boot_sector((0x83, 1, len(part) // 512), *follows) + part
        total += size
    return boot_sector((5, 64, total)) + bytes(63 * 512) + tables


LINUX = uuid.UUID("0FC63DAF-8483-4772-8E79-3D69D8477DE4")
BIOS_BOOT = uuid.UUID("21686148-6449-6E6F-744E-656564454649")


def gpt(*parts, unit=512, kinds=()):
    """A disk with a GPT (without its copy at the end)."""
    first, disk, entries = 2 + 16384 // unit, b"", b""
    for number, part in enumerate(sectors(part, unit) for part in parts):
        start = first + len(disk) // unit
        kind = kinds[number] if number < len(kinds) else LINUX
        entries += kind.bytes_le + uuid.UUID(int=number + 1).bytes_le
        entries += struct.pack("<QQQ72s", start, start + len(part) // unit - 1, 0, b"")
        disk += part
    entries = entries.ljust(16384, b"\0")
    header = struct.pack("<8sIIIIQQQQ16sQIII", b"EFI PART", 0x10000, 92, 0, 0, 1, 0, first,
                         first + len(disk) // unit, bytes(16), 2, 128, 128,
                         zlib.crc32(entries))
    protect = boot_sector((0xEE, 1, 0xFFFFFFFF))
    return sectors(protect, unit) + sectors(header, unit) + entries + disk
