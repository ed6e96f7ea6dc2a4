# SPDX-License-Identifier: 0BSD
"""Packages, archives, initial RAM disks and container images, written from their contents."""

import bz2
import gzip
import hashlib
import io
import json
import lzma
import struct
import tarfile
import zipfile


def tar(files):
    """A tar file of {name: content}; a content of None is a folder, a str a symbolic link."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            if content is None:
                member.type = tarfile.DIRTYPE
                archive.addfile(member)
            elif isinstance(content, str):
                member.type, member.linkname = tarfile.SYMTYPE, content
                archive.addfile(member)
            else:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def ar(files):
    """An ar archive with short names, as deb packages and static libraries are."""
    out = b"!<arch>\n"
    for name, content in files.items():
        out += f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode()
        out += content + b"\n" * (len(content) % 2)
    return out


def deb(files):
    """A Debian package."""
    return ar({"debian-binary": b"2.0\n",
               "control.tar.xz": lzma.compress(tar({"./control": b"Package: x\n"})),
               "data.tar.xz": lzma.compress(tar(files))})


def cpio(files):
    """A cpio archive in the newc format."""
    out = b""
    for number, (name, content) in enumerate([*files.items(), ("TRAILER!!!", b"")], 1):
        mode = 0o100644 if name != "TRAILER!!!" else 0
        fields = [number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
        out += b"070701" + b"".join(b"%08X" % field for field in fields)
        out += name.encode() + b"\0"
        out += bytes(-len(out) % 4) + content
        out += bytes(-len(out) % 4)
    return out


def cpio_links(names, content):
    """A file of several names in the newc format: the data stand at the last one."""
    out = b""
    for name in [*names, "TRAILER!!!"]:
        mine = content if name == names[-1] else b""
        fields = [7, 0o100644, 0, 0, len(names), 0, len(mine), 0, 0, 0, 0, len(name) + 1, 0]
        out += b"070701" + b"".join(b"%08X" % field for field in fields)
        out += name.encode() + b"\0"
        out += bytes(-len(out) % 4) + mine
        out += bytes(-len(out) % 4)
    return out


def old_cpio(files, big=False):
    """The first format: numbers of 16 bits, in the machine's order."""
    out = b""
    for number, (name, content) in enumerate([*files.items(), ("TRAILER!!!", b"")], 1):
        size = len(content)
        out += struct.pack((">" if big else "<") + "13H", 0o070707, 0, number, 0o100644, 0, 0, 1,
                           0, 0, 0, len(name) + 1, size >> 16, size & 0xFFFF)
        out += name.encode() + bytes(2 - len(name) % 2) + content + bytes(size % 2)
    return out


def old_tar(files):
    """A tar file without the mark "ustar", as UNIX version 7 wrote it."""
    out = b""
    for name, content in files.items():
        numbers = b"%06o \0%06o \0%06o \0%011o %011o " % (0o644, 0, 0, len(content), 0)
        head = name.encode().ljust(100, b"\0") + numbers + b" " * 8
        head = head.ljust(512, b"\0")
        head = head[:148] + b"%06o\0 " % sum(head) + head[156:]
        out += head + content + bytes(-len(content) % 512)
    return out + bytes(1024)


def lz4_of_kernels(content):
    """The format of LZ4 before frames, of literals alone."""
    extra = len(content) - 15
    block = b"\xF0" + b"\xFF" * (extra // 255) + bytes([extra % 255]) + content
    return b"\x02\x21\x4C\x18" + struct.pack("<I", len(block)) + block


def rpm(files):
    """An RPM package: lead, two empty headers, a compressed cpio archive."""
    header = b"\x8e\xad\xe8\x01" + bytes(4) + struct.pack(">II", 0, 0)
    return b"\xed\xab\xee\xdb\x03\0".ljust(96, b"\0") + header * 2 + gzip.compress(cpio(files))


def apk(files):
    """An Alpine package: three tar files without their ends, compressed one by one."""
    parts = [{".SIGN.RSA.x": b"s"}, {".PKGINFO": b"pkgname = x\n"}, files]
    cut = [tar(part).rstrip(b"\0") for part in parts]
    whole = [part + bytes(-len(part) % 512) for part in cut]
    return b"".join(map(gzip.compress, whole[:2])) + gzip.compress(whole[2] + bytes(1024))


def zip_file(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def initramfs(early, late):
    """What kernels load: an uncompressed archive, zeros, a compressed one."""
    return cpio(early) + bytes(512) + gzip.compress(cpio(late))


def docker_save(*layers):
    """An image as docker save writes it, from the files of its layers, lowest first."""
    files, names = {}, []
    for number, layer in enumerate(layers):
        names.append(f"{number:x}abc/layer.tar")
        files[names[-1]] = tar(layer)
    manifest = [{"Config": "c.json", "RepoTags": ["x:1"], "Layers": names}]
    return tar({**files, "manifest.json": json.dumps(manifest).encode()})


def oci_layout(*layers):
    """An image in the OCI layout, with compressed layers."""
    files = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}'}

    def add(content):
        digest = hashlib.sha256(content).hexdigest()
        files[f"blobs/sha256/{digest}"] = content
        return {"digest": f"sha256:{digest}", "size": len(content)}
    manifest = {"schemaVersion": 2, "config": add(b"{}"),
                "layers": [add(gzip.compress(tar(layer), mtime=0)) for layer in layers]}
    index = {"manifests": [add(json.dumps(manifest).encode())]}
    files["index.json"] = json.dumps(index).encode()
    return tar(files)


COMPRESSORS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress,
               "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE)}
