# SPDX-License-Identifier: 0BSD
"""xz-audit file: images of file systems and disks, whole, damaged, lying, unreadable."""

import lzma
import pathlib
import re
import struct
import subprocess
import unittest

from audit_case import (AuditCase, BUILD, CLEAN, GAP, MANIPULATED, PROGRAM, ROOT, SANITIZED,
                        SUSPICIOUS, implant, liblzma, run)
from box_maker import tar
from image_maker import (BIOS_BOOT, boot_sector, bsdtar, debugfs, ext4, gpt, mbr, mbr_logical,
                         sectors, seven_zip, squashfs)

LIBRARY = "usr/lib/x86_64-linux-gnu/liblzma.so.5.6.1"
BAD, GOOD = implant().build(), liblzma().build()
OTHERS = {"usr/share/doc/x": b"text\n" * 9000, "etc/empty": b"", "a/b/c/d/e": b"e"}


class ImageCase(AuditCase):
    """Words for images."""

    def both(self, make, inside="!"):
        """The bad library is found, with its whole path; a good one makes the report clean."""
        path = self.put("x.img", make({LIBRARY: BAD, **OTHERS}))
        report = self.audit("file", path, status=MANIPULATED)
        self.assertEqual(self.finding(report, "IMPLANT-HOOK")["object"],
                         f"{path}{inside}{LIBRARY}")
        path = self.put("x.img", make({LIBRARY: GOOD, **OTHERS}))
        report = self.audit("file", path, status=CLEAN)
        self.assertEqual(report["not_looked_at"], [])
        self.assertGreaterEqual(report["looked_at"]["files"], 4)

    def gaps(self, image, *reasons, status=GAP):
        """Each reason stands in a gap; returns the report."""
        report = self.audit("file", self.put("x.img", image), status=status)
        told = " ".join(gap["reason"] for gap in report["not_looked_at"])
        for reason in reasons:
            self.assertIn(reason, told)
        return report


class FileSystems(ImageCase):
    """Each kind, with its features."""

    def test_ext4(self):
        for kind in ("ext2", "ext3", "ext4"):
            self.both(lambda files, k=kind: ext4(files, kind=k, size="2M"))
        for options in (("-O", "inline_data"), ("-O", "bigalloc"), ("-O", "^metadata_csum"),
                        ("-O", "64bit"), ("-O", "^extent,^64bit"), ("-O", "^filetype"),
                        ("-I", "128")):
            self.both(lambda files, o=options: ext4(files, *o, size="3M"))
        self.both(lambda files: ext4(files, block=4096, size="4M"))

    def test_squashfs(self):
        for compressor in ("gzip", "xz", "zstd", "lz4", "lzma"):
            self.both(lambda files, c=compressor: squashfs(files, compressor=c))
        for options in (("-noI", "-noD", "-noF", "-noX"), ("-no-fragments",),
                        ("-always-use-fragments",), ("-b", "4096"), ("-no-exports",)):
            self.both(lambda files, o=options: squashfs(files, *o))

    def test_archives_of_other_systems(self):
        self.both(seven_zip)
        self.both(lambda files: seven_zip(files, "-m0=LZMA", "-ms=off"))
        self.both(lambda files: bsdtar(files, "iso9660"))

    def test_packages(self):
        """The distribution is known before the packages are, whatever the order of names."""
        status = b"Package: liblzma5\nStatus: install ok installed\nVersion: 5.6.1-1\n\n"
        for make in (lambda files: ext4(files, size="2M"), squashfs):
            image = make({"etc/os-release": b"ID=debian\n", "var/lib/dpkg/status": status,
                          "bin/aaa": b"a"})
            report = self.audit("file", self.put("x.img", image))
            self.assertEqual(self.fired(report), {"PKG-DEBIAN"})

    def test_host_with_every_archive(self):
        """Marks that lie behind the first bytes of a file are seen there too."""
        self.put("root/srv/disk.img", ext4({LIBRARY: BAD}))
        self.audit("host", "--root", self.folder / "root", status=CLEAN)
        self.audit("host", "--root", self.folder / "root", "--every-archive",
                   status=MANIPULATED)

    def test_names(self):
        name = "a\x1b[2J\nclean: b"
        for make in (ext4, squashfs):
            path = self.put("x.img", make({name: BAD}))
            report = self.audit("file", path, status=MANIPULATED)
            self.assertEqual(report["findings"][0]["object"], f"{path}!{name}")
            self.assertNotIn(b"\x1b", run("file", path).stdout)

    def test_nesting(self):
        image = tar({"disk.img.xz": lzma.compress(gpt(ext4({"a.sqfs": squashfs({LIBRARY: BAD})},
                                                           size="1M")))})
        path = self.put("x.tar", image)
        report = self.audit("file", path, status=MANIPULATED)
        self.assertEqual(self.finding(report, "IMPLANT-HOOK")["object"],
                         f"{path}!disk.img.xz!disk.img!p1!a.sqfs!{LIBRARY}")
        report = self.audit("file", path, "--max-depth=4", status=GAP)
        self.assertIn("nested deeper", report["not_looked_at"][0]["reason"])


class Disks(ImageCase):
    """Partitions are looked at one by one, and what lies between them."""

    def test_tables(self):
        for make in (mbr, mbr_logical, gpt, lambda part: gpt(part, unit=4096)):
            number = 5 if make is mbr_logical else 1
            self.both(lambda files, m=make: m(ext4(files, size="1M")), f"!p{number}!")
        for make, number in ((mbr, 2), (mbr_logical, 6), (gpt, 2)):
            self.both(lambda files, m=make: m(squashfs({"x": b"x"}), squashfs(files)),
                      f"!p{number}!")

    def test_what_holds_no_files(self):
        swap = bytes(4086) + b"SWAPSPACE2" + bytes(4096)
        for image in (mbr(swap), gpt(bytes(4096)), gpt(b"grub", kinds=[BIOS_BOOT])):
            self.audit("file", self.put("x.img", image), status=CLEAN)

    def test_what_is_not_read(self):
        self.gaps(gpt(b"something"), "a partition of an unknown kind")
        self.gaps(mbr(b"\xeb\x3c\x90mkfs.fat".ljust(54, b"\0") + b"FAT16   " + bytes(999)),
                  "a FAT image")
        self.gaps(gpt(squashfs({"x": b"x"}))[:-2048], "beyond the image")
        self.gaps(mbr(b"x" * 9999)[:4096], "outside of the image")
        self.gaps(gpt(squashfs({"x": b"x"})).replace(b"EFI PART", b"EFI TRAP"), "GPT")
        logical = mbr_logical(squashfs({"x": b"x"}), squashfs({"x": b"x"}))
        self.gaps(logical[:64 * 512 + 4096 + 512], "chain of logical partitions")

    def test_disk_in_itself(self):
        """Partitions that hold the disk again and again are told and not entered."""
        part = squashfs({LIBRARY: BAD})
        disk = gpt(*[part] * 100)
        image = bytearray(disk)
        for number in range(1, 100):  # all entries but the first
            place = 1024 + 128 * number + 32
            image[place:place + 16] = struct.pack("<QQ", 0, len(disk) // 512 - 1)
        report = self.gaps(bytes(image), "overlaps another", status=MANIPULATED)
        self.assertEqual(len(report["not_looked_at"]), 99)
        sector = boot_sector((0x83, 1, 99), (0x83, 1, 99))
        self.gaps(sector + sectors(part) + bytes(99 * 512), "overlaps another",
                  status=MANIPULATED)

    def test_between_partitions(self):
        disk = bytearray(mbr(squashfs({"x": b"x"})))
        disk[4096:4096 + len(BAD)] = BAD
        report = self.audit("file", self.put("x.img", bytes(disk)), status=SUSPICIOUS)
        finding = self.finding(report, "SIGNATURE-DATA")
        self.assertEqual(finding["where"], "outside of all partitions")
        self.assertEqual(finding["offset"] // 4096, 2)  # the code's place in the library

    def test_sectors_that_are_no_tables(self):
        for sector in (bytes(510) + b"\x55\xaa", b"\x7f" * 510 + b"\x55\xaa"):
            self.audit("file", self.put("x.bin", sector + bytes(999)), status=CLEAN)


class Damage(ImageCase):
    """What cannot be read is told, and the program ends well."""

    def test_truncated(self):
        """No beginning of an image is clean, from where its kind can be told."""
        count = 8 if SANITIZED else 16
        for image, first in ((ext4({LIBRARY: GOOD, **OTHERS}), 1082),
                             (squashfs({LIBRARY: GOOD, **OTHERS}, "-nopad"), 4),
                             (seven_zip({LIBRARY: GOOD, **OTHERS}), 6),
                             (gpt(ext4({LIBRARY: GOOD})), 512)):
            for size in (*range(first, len(image), (len(image) - first) // count),
                         len(image) - 1):
                done = run("file", self.put("x.img", image[:size]), "-q")
                self.assertEqual(done.stderr, b"", size)
                self.assertIn(done.returncode, (GAP, MANIPULATED, SUSPICIOUS), size)

    def test_overwritten(self):
        """Noise anywhere: any verdict, no crash."""
        for make in (ext4, squashfs, seven_zip):
            image = make({LIBRARY: GOOD, **OTHERS})
            for start in range(0, len(image), len(image) // (8 if SANITIZED else 16)):
                data = bytearray(image)
                data[start:start + 64] = b"\xff" * len(data[start:start + 64])
                done = run("file", self.put("x.img", bytes(data)), "-q")
                self.assertEqual(done.stderr, b"", start)
                self.assertIn(done.returncode, (CLEAN, MANIPULATED, SUSPICIOUS, GAP))

    def test_damaged_data(self):
        """A compressed block that is damaged leaves a gap for the file, and only for that."""
        image = bytearray(squashfs({LIBRARY: BAD, "zz": bytes(range(256)) * 2000}, "-nopad",
                                   "-no-fragments", compressor="xz"))
        place = image.index(b"\xfd7zXZ", 200)  # the second file's; the first is at 96
        image[place + 40:place + 60] = b"\xff" * 20
        report = self.audit("file", self.put("x.img", bytes(image)))
        self.assertEqual(len(report["not_looked_at"]), 1)
        self.assertIn("decompressed", report["not_looked_at"][0]["reason"])

    def test_lies(self):
        image = ext4({LIBRARY: BAD, "big": b"x"}, size="1M")
        field = debugfs(image, "set_inode_field /big size 0x7fffffffff")
        self.gaps(field, "larger than the limits", status=MANIPULATED)
        self.gaps(debugfs(image, "set_inode_field /big size 999999"), "",
                  status=MANIPULATED)
        self.gaps(debugfs(image, "link <2> usr/lib/up"), "in two places", status=MANIPULATED)
        self.gaps(image[:-1024], "ends before", status=MANIPULATED)
        self.gaps(debugfs(image, "feature needs_recovery"), "not unmounted",
                  status=MANIPULATED)
        clean = ext4({LIBRARY: GOOD}, size="1M")
        self.gaps(debugfs(clean, "set_inode_field /usr flags 0"), "damaged folder")
        self.gaps(debugfs(clean, f"set_inode_field /{LIBRARY} flags 0x80800"), "encrypted")
        self.gaps(debugfs(clean, "set_super_value inodes_count 4000000000"), "damaged")

    def test_unsupported(self):
        self.gaps(squashfs({LIBRARY: BAD}, compressor="lzo"), "does not read")
        self.gaps(debugfs(ext4({"x": b"x"}), "set_super_value feature_incompat 0x80000000"),
                  "cannot be read")
        self.gaps(seven_zip({"x": b"x" * 99}, "-psecret", "-mhe=off"), "encrypted")
        self.gaps(seven_zip({"x": b"x" * 99}, "-psecret", "-mhe=on"), "")

    def test_removed_files(self):
        """What was removed is in free blocks, or has an inode and no name."""
        image = ext4({LIBRARY: BAD, "x": b"x"}, size="1M")
        report = self.audit("file", self.put("x.img", debugfs(image, f"rm /{LIBRARY}")),
                            status=SUSPICIOUS)
        self.assertEqual(self.finding(report, "SIGNATURE-DATA")["where"], "free blocks")
        bare = debugfs(ext4({LIBRARY: BAD}, size="1M"), f"rm /{LIBRARY}")  # no file is left
        report = self.audit("file", self.put("x.img", bare), status=SUSPICIOUS)
        offsets = [finding["offset"] for finding in report["findings"]]
        self.assertEqual(len(offsets), len(set(offsets)))
        report = self.audit("file", self.put("x.img", debugfs(image, f"unlink /{LIBRARY}")),
                            status=MANIPULATED)
        self.assertRegex(report["findings"][0]["object"], r"!\(inode \d+, in no folder\)$")

    def test_limits(self):
        for make in (lambda files: ext4(files, size="8M"), squashfs):
            path = self.put("x.img", make({"a": bytes(3 << 20), "b": bytes(3 << 20)}))
            for option in ("--max-size=2", "--max-total=4"):
                done = run("file", path, option, "-q")
                self.assertEqual(done.returncode, GAP, option)


class Builds(ImageCase):
    """Readers are optional; the program says what it has."""

    def test_this_one_has_all(self):
        self.assertIn(b"ext4, squashfs", run("--version").stdout)

    def test_without_readers(self):
        if SANITIZED:
            self.skipTest("links with the flags of the ordinary build")
        objects = [path for path in (BUILD / "static/tools/audit").glob("*.o")
                   if not path.stem.startswith(("fs_ext4", "fs_squashfs"))]
        program = self.folder / "xz-audit"
        none = [ROOT / "tools/audit" / f"fs_{kind}_none.c" for kind in ("ext4", "squashfs")]
        subprocess.run(["cc", "-o", program, *objects, *none,
                        BUILD / "static/tools/common.a", "-larchive"], check=True)
        for image in (ext4({LIBRARY: BAD}), squashfs({LIBRARY: BAD})):
            done = subprocess.run([program, "file", self.put("x.img", image)], check=False,
                                  stdout=subprocess.PIPE)
            self.assertIn(done.returncode, (SUSPICIOUS, GAP))
            self.assertIn(b"built without", done.stdout)

    def test_the_library_stays_free(self):
        """Only this program needs what reads images."""
        for path in (BUILD / "lib" / "liblzma.so.5", BUILD / "bin" / "xz", PROGRAM):
            needed = subprocess.run(["objdump", "-p", pathlib.Path(path).resolve()], check=True,
                                    stdout=subprocess.PIPE).stdout.decode()
            readers = re.findall(r"NEEDED +lib(archive|ext2fs|squashfs)", needed)
            self.assertEqual(len(readers), 3 if path == PROGRAM else 0, path)


if __name__ == "__main__":
    unittest.main(argv=["audit_image_test"])
