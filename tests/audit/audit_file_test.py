# SPDX-License-Identifier: 0BSD
"""xz-audit file: what is in packages, archives and images, at any depth, and what is not."""

import gzip
import io
import lzma
import struct
import subprocess
import tarfile
import unittest

from audit_case import (AuditCase, CLEAN, GAP, MANIPULATED, SUSPICIOUS, implant, liblzma,
                        near, pattern)
from box_maker import (COMPRESSORS, apk, ar, cpio, cpio_links, deb, docker_save, initramfs,
                       lz4_of_kernels, oci_layout, old_cpio, old_tar, rpm, tar, zip_file)
from elf_maker import Elf

LIBRARY = "usr/lib/x86_64-linux-gnu/liblzma.so.5.6.1"


class Boxes(AuditCase):
    """Each kind of container, with a bad and with a good library in it."""

    bad = implant().build()
    good = liblzma().build()

    def both(self, name, make, inside):
        """The bad library is found at `inside`, a good one makes the report clean."""
        path = self.put(name, make({LIBRARY: self.bad, "usr/share/doc/x": b"text\n"}))
        report = self.audit("file", path, status=MANIPULATED)
        self.assertEqual(self.finding(report, "IMPLANT-HOOK")["object"], f"{path}{inside}")
        path = self.put(name, make({LIBRARY: self.good, "usr/share/doc/x": b"text\n"}))
        report = self.audit("file", path, status=CLEAN)
        self.assertEqual(report["components"][0]["object"], f"{path}{inside}")
        self.assertEqual(report["not_looked_at"], [])

    def test_packages(self):
        self.both("x.deb", deb, f"!data.tar.xz!data.tar!{LIBRARY}")
        self.both("x.rpm", rpm, f"!{LIBRARY}")
        self.both("x.apk", apk, f"!x!{LIBRARY}")
        self.both("x.whl", zip_file, f"!{LIBRARY}")

    def test_compressed_tarballs(self):
        for suffix, compress in COMPRESSORS.items():
            self.both(f"x.tar.{suffix}", lambda files, c=compress: c(tar(files)),
                      f"!x.tar!{LIBRARY}")

    def test_programs_of_this_machine(self):
        for program, suffix in (("zstd", "zst"), ("lzip", "lz")):
            self.both(f"x.tar.{suffix}", lambda files, p=program: subprocess.run(
                [p, "-c"], input=tar(files), stdout=subprocess.PIPE, check=True).stdout,
                f"!x.tar!{LIBRARY}")

    def test_folder(self):
        """All below it, as an OCI layout that was unpacked."""
        image = oci_layout({LIBRARY: self.bad}, {f"usr/.wh.{LIBRARY.split('/')[1]}": b""})
        folder = self.folder / "layout"
        with tarfile.open(fileobj=io.BytesIO(image)) as archive:
            archive.extractall(folder)
        report = self.audit("file", folder, status=MANIPULATED)
        self.assertTrue(self.finding(report, "IMPLANT-HOOK")["object"]
                        .startswith(f"{folder}/blobs/sha256/"))
        self.put("good/a", self.good)
        self.put("good/b.txt", b"text\n")
        report = self.audit("file", self.folder / "good", status=CLEAN)
        self.assertEqual(report["looked_at"]["files"], 2)
        self.put("good/c/d.txt", pattern("IMPLANT-HOOK"))
        report = self.audit("file", self.folder / "good", status=SUSPICIOUS)
        self.assertIn("SIGNATURE-DATA", self.fired(report))

    def test_packages_of_an_image(self):
        """Databases in layers count, with the os-release that lies under them."""
        status = b"Package: liblzma5\nStatus: install ok installed\nVersion: %s\n\n"
        for release, version, rule in (
                (b"ID=debian\n", b"5.6.1-1", "PKG-DEBIAN"),
                (b"ID=debian\n", b"5.6.1+really5.4.5-1", None),
                (b"ID=other\n", b"5.6.1-1", "PKG-OTHER")):
            path = self.put("image.tar", docker_save(
                {"etc/os-release": release, "var/lib/dpkg/status": status % b"5.4.1-1"},
                {"var/lib/dpkg/status": status % version}))
            report = self.audit("file", path)
            self.assertEqual(self.fired(report), {rule} if rule else set(), version)
            self.assertEqual(report["looked_at"]["packages"], 2)
        path = self.put("image.tar", docker_save(
            {"./lib/apk/db/installed": b"P:xz-libs\nV:5.6.1-r1\n\n"}))
        self.assertEqual(self.fired(self.audit("file", path)), {"PKG-OTHER-APK"})

    def test_single_compressed_file(self):
        path = self.put("liblzma.so.5.gz", gzip.compress(self.bad))
        report = self.audit("file", path, status=MANIPULATED)
        self.assertEqual(report["findings"][0]["object"], f"{path}!liblzma.so.5")

    def test_initramfs(self):
        self.both("initrd.img", lambda files: initramfs({"kernel/x86/microcode/x": b"u"}, files),
                  f"!+{len(cpio({'kernel/x86/microcode/x': b'u'})) + 512}!unpacked!{LIBRARY}")
        self.both("early.cpio", cpio, f"!{LIBRARY}")

    def test_file_of_several_names(self):
        """cpio, and so RPM and initial RAM disks, has its data at the last name."""
        path = self.put("x.cpio", cpio_links(["a", "b", "c"], self.bad))
        report = self.audit("file", path, status=MANIPULATED)
        self.assertEqual(self.finding(report, "IMPLANT-HOOK")["object"], f"{path}!c")
        self.audit("file", self.put("x.cpio", cpio_links(["a", "b"], self.good)), status=CLEAN)
        self.audit("source", self.put("x.cpio", cpio_links(["a", "b"], self.bad)),
                            status=MANIPULATED)

    def test_kinds_without_a_mark(self):
        """They are known by what their headers say; before, their members were not."""
        self.both("x.tar", old_tar, f"!{LIBRARY}")
        self.both("x.tar.gz", lambda files: gzip.compress(old_tar(files)), f"!x.tar!{LIBRARY}")
        self.both("x.cpio", old_cpio, f"!{LIBRARY}")
        self.both("x.cpio", lambda files: old_cpio(files, big=True), f"!{LIBRARY}")
        for number in ({"lc": 0, "lp": 2, "pb": 0}, {"lc": 4, "lp": 0, "dict_size": 3 << 20}):
            chain = [{"id": lzma.FILTER_LZMA1, **number}]
            self.both("x.tar.lzma", lambda files, c=chain: lzma.compress(
                tar(files), lzma.FORMAT_ALONE, filters=c), f"!x.tar!{LIBRARY}")
        self.both("initrd.img", lambda files: lz4_of_kernels(cpio(files)), f"!initrd!{LIBRARY}")
        for content in (b"\xc7\x71" * 99, b"x" * 600, bytes(600)):
            self.audit("file", self.put("x", content), status=CLEAN)
        report = self.audit("file", self.put("x", b"\x5d" + bytes(600)), status=GAP)
        self.assertIn("cannot be unpacked", report["not_looked_at"][0]["reason"])

    def test_what_follows_compressed_data(self):
        """Programs that decompress pass over it without a word."""
        for name, compress in (("x.gz", gzip.compress), ("x.bz2", COMPRESSORS["bz2"]),
                               ("x.lzma", COMPRESSORS["lzma"])):
            head = compress(b"harmless")
            for tail in (self.bad, lzma.compress(self.bad)):
                path = self.put(name, head + tail)
                report = self.audit("file", path, status=MANIPULATED)
                self.assertTrue(report["findings"][0]["object"]
                                .startswith(f"{path}!+{len(head)}"))
            for tail in (bytes(999), lzma.compress(b"harmless"), b"junk"):
                self.audit("file", self.put(name, head + tail), status=CLEAN)
        path = self.put("x.tar.gz", gzip.compress(tar({"a": b"a"})) + b"junk")
        self.audit("source", path, status=GAP)
        path = self.put("x.tar.gz", gzip.compress(tar({"a": bytes(70 << 20)}), 1) + self.bad)
        self.assertIn("SIGNATURE-DATA", self.fired(self.audit("file", path, status=SUSPICIOUS)))
        path = self.put("x.tar.gz", gzip.compress(tar({"a": bytes(70 << 20)}), 1))
        self.audit("file", path, status=CLEAN)

    def test_archive_behind_a_program(self):
        """AppImages, programs that unpack themselves, installers, Python's zipapps."""
        for program in (Elf(code=b"\x0f\x0b").build(), Elf(sections=True).build(),
                        b"#!/bin/sh\ntail -n +4 $0 | tar x\n\nexit\n", b"#!/usr/bin/python3\n"):
            for gap in (b"", bytes(512) if program[0] == 0x7f else b"\n\n"):
                head = program + gap
                self.both("x.run", lambda files, h=head: h + zip_file(files),
                          f"!+{len(head)}!{LIBRARY}")
                self.both("x.run", lambda files, h=head: h + gzip.compress(tar(files)),
                          f"!+{len(head)}!unpacked!{LIBRARY}")
        program = Elf(sections=True).build()
        path = self.put("opt/x.AppImage", program + zip_file({LIBRARY: self.bad}))
        report = self.audit("host", "--root", self.folder / "opt", status=MANIPULATED)
        self.assertIn(f"/x.AppImage!+{len(program)}!{LIBRARY}",
                      self.finding(report, "IMPLANT-HOOK")["object"])
        self.audit("file", self.put("x", program + b"PK and more"), status=CLEAN)
        # Programs behind programs, each with the mark of a disk image in the one before.
        head = (b"\x7fELF\1\1\1\0" + bytes(4) + b"\x7f\x10\xda\xbe"
                + struct.pack("<HHIIIIIHHHHHH", 3, 3, 1, 0, 0, 0, 0, 52, 32, 0, 40, 0, 0))
        report = self.audit("file", self.put("x", head * 3000), status=GAP)
        self.assertIn("nested deeper", report["not_looked_at"][0]["reason"])
        self.audit("file", self.put("x.txt", "xx-lha is a command.\n"), status=CLEAN)
        self.audit("file", self.put("x.sh", "#!/bin/sh\nPK=1\nBZ=2\n\n"), status=CLEAN)

    def test_static_library(self):
        objects = {"a.o/": self.good, "b.o/": self.bad}
        path = self.put("liblzma.a", ar(objects))
        report = self.audit("file", path, status=MANIPULATED)
        self.assertEqual(report["findings"][0]["object"], f"{path}!b.o")

    def test_empty_archives(self):
        for name, content in (("x.rpm", rpm({})), ("x.cpio", cpio({})), ("x.zip", zip_file({})),
                              ("x.tar.gz", gzip.compress(tar({})))):
            self.audit("file", self.put(name, content), status=CLEAN)
        for name, compress in COMPRESSORS.items():
            self.audit("file", self.put(f"x.1.{name}", compress(b"")), status=CLEAN)
            self.audit("file", self.put(f"x.1.{name}", compress(b"")[:-2]), status=GAP)
        hidden = rpm({}) + implant().build()  # behind the end of an empty one
        self.assertIn("SIGNATURE-DATA", self.fired(self.audit("file", self.put("x", hidden))))

    def test_nesting(self):
        inner = deb({LIBRARY: self.bad})
        path = self.put("a.zip", zip_file({"b.tar": tar({"c.deb": inner})}))
        report = self.audit("file", path, status=MANIPULATED)
        self.assertEqual(self.finding(report, "IMPLANT-HOOK")["object"],
                         f"{path}!b.tar!c.deb!data.tar.xz!data.tar!{LIBRARY}")
        report = self.audit("file", path, "--max-depth=3", status=GAP)
        self.assertIn("nested deeper", report["not_looked_at"][0]["reason"])

    def test_hashes_of_inner_tar(self):
        """A repacked release is known by the tar file in it."""
        content = tar({"a": b"harmless"})
        import hashlib  # pylint: disable=import-outside-toplevel
        digest = hashlib.sha256(content).hexdigest()
        rules = self.put("mine.rules", "[MINE]\nkind: digest\nlevel: manipulated\ntitle: t\n"
                         f"why: w\ndo: d\nsource: s\ndate: 2026-01-01\n"
                         f"sha256: {digest} - a release\n")
        for suffix, compress in COMPRESSORS.items():
            path = self.put(f"r.tar.{suffix}", compress(content))
            report = self.audit("file", path, "--rules", rules, status=MANIPULATED)
            self.assertEqual(report["findings"][0]["object"], f"{path}!r.tar")


class Images(AuditCase):
    """Layers are looked into, hidden ones too."""

    def layers(self, hide):
        return ({LIBRARY: implant().build()}, {"etc/x": b"x"}, hide)

    def where(self, image, status=MANIPULATED):
        report = self.audit("file", self.put("image.tar", image), status=status)
        return self.finding(report, "IMPLANT-HOOK").get("where", "")

    def test_hidden_layers(self):
        folder, name = LIBRARY.rsplit("/", 1)
        for make in (docker_save, oci_layout):
            for hide in ({f"{folder}/.wh.{name}": b""}, {"usr/.wh.lib": b""},
                         {"usr/lib/.wh..wh..opq": b""}, {LIBRARY: liblzma().build()}):
                where = self.where(make(*self.layers(hide)))
                self.assertIn("hidden by the later layer", where, (make, hide.keys()))

    def test_visible_layers(self):
        folder, name = LIBRARY.rsplit("/", 1)
        for make in (docker_save, oci_layout):
            for hide in ({f"{folder}/.wh.{name}0": b""}, {"usr/.wh.li": b""},
                         {"etc/.wh..wh..opq": b""}, {LIBRARY + "x": liblzma().build()}):
                where = self.where(make(*self.layers(hide)))
                self.assertNotIn("hidden", where, (make, hide.keys()))
            order = make({f"{folder}/.wh.{name}": b""}, {LIBRARY: implant().build()})
            self.assertNotIn("hidden", self.where(order))

    def test_clean_image(self):
        for make in (docker_save, oci_layout):
            image = make({LIBRARY: liblzma().build()}, {"etc/x": b"x"})
            self.audit("file", self.put("image.tar", image), status=CLEAN)

    def test_damaged_manifest(self):
        image = tar({"1/layer.tar": tar({LIBRARY: implant().build()}),
                     "manifest.json": b'[{"Layers": ["1/layer.tar"', "index.json": b"[" * 999})
        self.where(image)


class Limits(AuditCase):
    """What is too large, too deep, damaged or unknown is a gap, never clean."""

    def gap(self, name, content, reason, *options):
        report = self.audit("file", self.put(name, content), *options, status=GAP)
        self.assertIn(reason, " ".join(gap["reason"] for gap in report["not_looked_at"]))
        self.assertEqual(report["verdict"], "unknown")
        self.assertFalse(report["complete"])

    def test_unknown_kinds(self):
        for content, reason in ((b"hsqs".ljust(4096, b"\0"), "squashfs"),
                                (bytes(1080) + b"\x53\xef" + bytes(4000), "ext4"),
                                (b"7z\xbc\xaf\x27\x1c" + b"\xff" * 99, "cannot be read"),
                                (b"XFSB" + bytes(999), "XFS"),
                                (b"Rar!\x1a\x07\x00" + bytes(99), "RAR"),
                                (b"\x89LZO\0\r\n\x1a\n" + bytes(99), "lzop"),
                                (b"\x1e\x51-lh5-" + bytes(99), "LHA"),
                                (b"MSWIM\0\0\0" + bytes(99), "WIM"),
                                (bytes(64) + b"\x7f\x10\xda\xbe" + bytes(99), "VDI"),
                                (b"LUKS\xba\xbe" + bytes(99), "encrypted")):
            self.gap("image", content, reason)

    def test_signature_in_a_closed_image(self):
        image = bytes(1080) + b"\x53\xef" + bytes(4000) + implant().build()
        report = self.audit("file", self.put("disk.ext4", image), status=SUSPICIOUS)
        self.assertIn("SIGNATURE-DATA", self.fired(report))
        image = bytes(1080) + b"\x53\xef" + near(pattern("IMPLANT-HOOK"))
        self.audit("file", self.put("disk.ext4", image), status=GAP)

    def test_sizes(self):
        big = bytes(3 << 20)
        self.gap("x", big, "--max-size", "--max-size=2")
        self.gap("x.tar.gz", gzip.compress(tar({"a": big})), "limits", "--max-size=2")
        self.gap("x.zip", zip_file({"a": big, "b": big}), "limits", "--max-total=4")

    def test_bomb(self):
        bomb = gzip.compress(gzip.compress(bytes(60 << 20), 9), 9)
        self.gap("bomb.gz.gz", bomb, "limits", "--max-size=20")

    def test_damage(self):
        whole = lzma.compress(tar({"a": implant().build(), "b": bytes(9999)}))
        self.gap("x.tar.xz", whole[:-30], "damaged")
        self.gap("x.zip", b"PK\3\4" + b"\xff" * 60, "")
        self.gap("x.cpio", b"070701" + b"z" * 200, "")

    def test_time(self):
        path = self.put("x.tar", tar({str(i): Elf().build() for i in range(50)}))
        report = self.audit("file", path, "--max-time=0", status=CLEAN)
        self.assertTrue(report["complete"])

    def test_names_in_archives(self):
        name = "../../etc/\x1b[2J\nclean: /x"
        path = self.put("x.tar", tar({name: implant().build()}))
        report = self.audit("file", path, status=MANIPULATED)
        self.assertEqual(report["findings"][0]["object"], f"{path}!{name}")

    def test_readers_that_disagree(self):
        """A name that ends in '/' is a file for some readers, a folder for libarchive."""
        self.gap("x.tar", tar({"folder/": b"x" * 9999, "b": b"b"}), "damaged")
        path = self.put("x.tar", tar({"folder/": implant().build()}))
        self.assertIn("SIGNATURE-DATA", self.fired(self.audit("file", path)))

    def test_links_and_devices(self):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            for kind in (tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.LNKTYPE, tarfile.SYMTYPE):
                member = tarfile.TarInfo("x" + kind.decode())
                member.type, member.linkname = kind, "/etc/passwd"
                archive.addfile(member)
        self.audit("file", self.put("x.tar", out.getvalue()), status=CLEAN)


if __name__ == "__main__":
    unittest.main(argv=["audit_file_test"])
