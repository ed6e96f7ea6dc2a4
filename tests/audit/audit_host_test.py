# SPDX-License-Identifier: 0BSD
"""xz-audit host: packages of each distribution, libraries anywhere, processes, reach."""

import mmap
import os
import pathlib
import shutil
import unittest

import root_maker
from audit_case import (AuditCase, CLEAN, GAP, MANIPULATED, SUSPICIOUS, implant, liblzma, near,
                        pattern, rule_sections, run)
from box_maker import ar, deb, docker_save, initramfs
from image_maker import squashfs
from elf_maker import DT_RUNPATH, EM_ARM64, Elf

LIB = "usr/lib/x86_64-linux-gnu/liblzma.so.5.6.1"


class Host(AuditCase):
    """A system in the folder root/."""

    def setUp(self):
        super().setUp()
        self.root = self.folder / "root"
        self.root.mkdir()

    def plant(self, name, content):
        return self.put(f"root/{name}", content)

    def host(self, *options, status=None):
        return self.audit("host", "--root", self.root, *options, status=status)

    def kinds(self, report, kind):
        return [c for c in report["components"] if c["kind"] == kind]


# distribution, database, version, rules that fire
PACKAGES = [
    ("debian", root_maker.dpkg, "5.4.1-0.2", None),
    ("debian", root_maker.dpkg, "5.6.0-0.1", "PKG-DEBIAN"),
    ("debian", root_maker.dpkg, "5.6.0-0.2", "PKG-DEBIAN"),
    ("debian", root_maker.dpkg, "5.6.0-0.2+b1", "PKG-DEBIAN"),
    ("debian", root_maker.dpkg, "5.6.1-1", "PKG-DEBIAN"),
    ("debian", root_maker.dpkg, "1:5.6.1-1", "PKG-DEBIAN"),
    ("debian", root_maker.dpkg, "5.5.1alpha-0.1", "PKG-DEBIAN-RANGE"),
    ("debian", root_maker.dpkg, "5.5.2beta-1", "PKG-DEBIAN-RANGE"),
    ("debian", root_maker.dpkg, "5.6.1+really5.4.5-1", None),
    ("debian", root_maker.dpkg, "5.6.2-1", None),
    ("debian", root_maker.dpkg, "5.6.1-10", None),
    ("debian", root_maker.dpkg_status_d, "5.6.1-1", "PKG-DEBIAN"),
    ("ubuntu", root_maker.dpkg, "5.6.1+really5.4.5-1ubuntu0.2", None),
    ("ubuntu", root_maker.dpkg, "5.6.1+really5.4.5-1build0.1", None),
    ("ubuntu", root_maker.dpkg, "5.6.0-0.2", "PKG-DEBIAN"),
    ("ubuntu", root_maker.dpkg, "5.6.1-1build1", "PKG-DEBIAN"),
    ("ubuntu", root_maker.dpkg, "5.6.1-1ubuntu1", "PKG-DEBIAN"),
    ("ubuntu", root_maker.dpkg, "5.6.1-10build1", None),
    ("kali", root_maker.dpkg, "5.6.0-0.2", "PKG-DEBIAN"),
    ("kali", root_maker.dpkg, "5.6.1+really5.4.5-1", None),
    ("fedora", root_maker.rpm_sqlite, "5.6.0-1.fc40", "PKG-FEDORA"),
    ("fedora", root_maker.rpm_sqlite, "5.6.0-2.fc40", "PKG-FEDORA"),
    ("fedora", root_maker.rpm_sqlite, "5.6.1-1.fc41", "PKG-FEDORA"),
    ("fedora", root_maker.rpm_sqlite, "5.4.6-3.fc40", None),
    ("fedora", root_maker.rpm_sqlite, "5.6.2-1.fc41", None),
    ("fedora", root_maker.rpm_sqlite_wal, "5.6.1-1.fc41", "PKG-FEDORA"),
    ("fedora", root_maker.rpm_sqlite_wal, "5.6.2-1.fc41", None),
    ("fedora", root_maker.rpm_bdb, "5.6.0-1.fc40", "PKG-FEDORA"),
    ("fedora", root_maker.rpm_bdb_big_endian, "5.6.0-1.fc40", "PKG-FEDORA"),
    ("rhel", root_maker.rpm_bdb, "5.2.2-1.el7", None),
    ("rhel", root_maker.rpm_bdb_loaded, "5.2.4-4.el8", None),
    ("other", root_maker.rpm_bdb_loaded, "5.6.1-1", "PKG-OTHER-RPM"),
    ("rhel", root_maker.rpm_sqlite, "5.2.5-8.el9", None),
    ("opensuse", root_maker.rpm_ndb, "5.6.1-1.1", "PKG-OPENSUSE"),
    ("opensuse", root_maker.rpm_ndb, "5.6.0-2.1", "PKG-OPENSUSE"),
    ("opensuse", root_maker.rpm_ndb, "5.6.1.revertto5.4-3.2", None),
    ("opensuse", root_maker.rpm_ndb, "5.6.10-1.1", None),
    ("arch", root_maker.pacman, "5.6.0-1", "PKG-ARCH"),
    ("arch", root_maker.pacman, "5.6.1-1", "PKG-ARCH"),
    ("arch", root_maker.pacman, "5.6.1-2", None),
    ("alpine", root_maker.apk, "5.6.1-r0", "PKG-ALPINE"),
    ("alpine", root_maker.apk, "5.6.1-r1", "PKG-ALPINE"),
    ("alpine", root_maker.apk, "5.6.1-r2", None),
    ("alpine", root_maker.apk, "5.4.3-r0", None),
    ("gentoo", root_maker.gentoo, "5.6.1", "PKG-GENTOO"),
    ("gentoo", root_maker.gentoo, "5.6.0-r1", "PKG-GENTOO"),
    ("gentoo", root_maker.gentoo, "5.6.10", None),
    ("void", root_maker.xbps, "5.6.0_1", "PKG-VOID"),
    ("void", root_maker.xbps, "5.6.1_1", "PKG-VOID"),
    ("void", root_maker.xbps, "5.6.10_1", None),
    ("void", root_maker.xbps, "5.4.6_1", None),
    ("kairos", root_maker.rpm_ndb, "5.6.1-1.1", "PKG-OPENSUSE"),
    ("kairos", root_maker.rpm_ndb, "5.6.1.revertto5.4-3.2", None),
    ("debian", root_maker.homebrew, "5.6.1", "PKG-HOMEBREW"),
    ("other", root_maker.homebrew, "5.4.6", None),
    ("other", root_maker.nix, "5.6.0", "PKG-NIX"),
    ("other", root_maker.nix, "5.6.1-bin", "PKG-NIX"),
    ("other", root_maker.nix, "5.4.6", None),
    ("other", root_maker.dpkg, "5.6.1-1", "PKG-OTHER"),
    ("other", root_maker.dpkg, "5.6.0r529", None),
    ("other", root_maker.rpm_sqlite, "5.6.1-1", "PKG-OTHER-RPM"),
    ("other", root_maker.apk, "5.6.1-r0", "PKG-OTHER-APK"),
    ("other", root_maker.apk, "5.6.10-r0", None),
    ("other", root_maker.pacman, "5.6.1-1", "PKG-OTHER-PACMAN"),
    ("other", root_maker.pacman, "5.6.2-1", None),
]


class Packages(Host):
    """Versions alone: affected, fixed and look-alike."""

    def test_every_row(self):
        for distro, database, version, rule in PACKAGES:
            shutil.rmtree(self.root)
            root_maker.make_root(self.root, distro, database, version)
            report = self.host()
            self.assertEqual(self.fired(report), {rule} if rule else set(), (distro, version))
            found = self.kinds(report, "package")
            wanted = version.replace("-bin", "")
            self.assertEqual([c["version"].replace("-bin", "") for c in found], [wanted])
            self.assertEqual(found[0]["note"] == "an affected version", rule is not None)
            if rule is None:
                self.assertEqual(report["verdict"], "clean", (distro, version,
                                                              report["not_looked_at"]))

    def test_every_rule_has_rows(self):
        rules = {rule for rule, keys in rule_sections().items() if keys["kind"] == ["package"]}
        self.assertEqual(rules, {row[3] for row in PACKAGES} - {None})

    def test_content_decides(self):
        root_maker.make_root(self.root, "fedora", root_maker.rpm_sqlite, "5.6.0-2.fc40")
        report = self.host(status=SUSPICIOUS)
        self.assertEqual(report["verdict"], "suspicious")  # no library was seen
        self.plant(LIB, liblzma("5.6.0").build())
        report = self.host(status=SUSPICIOUS)
        self.assertEqual(report["verdict"], "affected version, clean content")
        self.plant(LIB, implant().build())
        self.assertEqual(self.host(status=MANIPULATED)["verdict"], "manipulated")

    def test_removed_package(self):
        for status, fires in (("deinstall ok config-files", False),
                              ("purge ok not-installed", False), ("hold ok installed", True),
                              ("install ok half-configured", True)):
            root_maker.make_root(self.root, "debian", root_maker.dpkg, "5.6.1-1",
                                 status=status)
            self.assertEqual(bool(self.fired(self.host())), fires, status)

    def test_page_sizes_of_sqlite(self):
        for size in (512, 1024, 65536):
            shutil.rmtree(self.root)
            root_maker.make_root(self.root, "fedora", root_maker.rpm_sqlite, "5.6.1-1.fc41",
                                 page_size=size)
            self.assertIn("PKG-FEDORA", self.fired(self.host()), size)
            self.assertEqual(self.host()["looked_at"]["packages"], 61)

    def test_log_of_sqlite(self):
        """What is in it replaces what was; what was not finished or is older does not count."""
        root_maker.make_root(self.root, "fedora", root_maker.rpm_sqlite_wal, "5.4.7-1.fc40",
                             before="5.6.1-1.fc40")
        path = self.root / "usr/lib/sysimage/rpm/rpmdb.sqlite-wal"
        whole = path.read_bytes()
        self.host(status=CLEAN)
        path.write_bytes(whole[:32] + bytes(24))  # frames of a log before this one
        self.assertEqual(self.fired(self.host()), {"PKG-FEDORA"})
        path.write_bytes(whole[:-4120])  # the last transaction misses its end: that before counts
        self.host(status=CLEAN)
        for damage in (b"x", whole[:30], near(whole, 16), near(whole, 48), near(whole, 999)):
            path.write_bytes(damage)
            report = self.host()
            self.assertIn("-wal file is damaged", report["not_looked_at"][0]["reason"])
        path.unlink()
        self.plant("usr/lib/sysimage/rpm/rpmdb.sqlite-journal", b"\xd9\xd5")
        self.assertIn("-journal", self.host()["not_looked_at"][0]["reason"])

    def test_log_in_an_image(self):
        root_maker.make_root(self.root, "fedora", root_maker.rpm_sqlite_wal, "5.6.1-1.fc40")
        files = {str(path.relative_to(self.root)): path.read_bytes()
                 for path in sorted(self.root.rglob("*")) if path.is_file()}
        for names, fired in ((sorted(files), {"PKG-FEDORA"}), (sorted(files)[::-1], set()),
                             (sorted(files)[:-1], set())):
            path = self.put("image.tar", docker_save({name: files[name] for name in names}))
            report = self.audit("file", path)
            self.assertEqual(self.fired(report), fired)
            self.assertEqual(bool(report["not_looked_at"]), names[0] > names[-1])
            self.assertEqual(report["looked_at"]["packages"], 61)

    def test_damaged_bdb(self):
        root_maker.make_root(self.root, "rhel", root_maker.rpm_bdb, "5.2.2-1.el7")
        path = self.root / "var/lib/rpm/Packages"
        whole = path.read_bytes()
        for size in (*range(0, len(whole), 1000), len(whole) - 1):
            path.write_bytes(whole[:size])
            self.host(status=GAP)
        for start in range(0, len(whole), 200):
            path.write_bytes(whole[:start] + b"\xff" * 30 + whole[start + 30:])
            self.assertIn(run("host", "--root", self.root, "-q").returncode, (CLEAN, GAP))
        path.write_bytes(whole.replace(b"5.2.2", b"5.6.1"))
        self.assertEqual(self.fired(self.host()), {"PKG-FEDORA"})

    def test_damaged_databases(self):
        for name, content in (("rpmdb.sqlite", b"SQLite format 3\0" + b"\xff" * 9999),
                              ("rpmdb.sqlite", b"x"), ("Packages.db", b"RpmP"),
                              ("Packages.db", b"RpmP".ljust(64, b"\0") + b"BlbS" + b"\xff" * 60)):
            path = self.plant(f"usr/lib/sysimage/rpm/{name}", content)
            self.assertFalse(self.host(status=GAP)["complete"])
            path.unlink()

    def test_damage_in_sqlite(self):
        root_maker.make_root(self.root, "fedora", root_maker.rpm_sqlite, "5.6.1-1.fc41")
        path = self.root / "usr/lib/sysimage/rpm/rpmdb.sqlite"
        whole = path.read_bytes()
        for start in range(0, len(whole), len(whole) // 12):
            data = bytearray(whole)
            data[start:start + 200] = b"\xff" * 200
            path.write_bytes(bytes(data))
            self.assertIn(run("host", "--root", self.root, "-q").returncode,
                          (CLEAN, SUSPICIOUS, GAP))


class Files(Host):
    """Libraries are found wherever they lie."""

    def test_places(self):
        bad = implant().build()
        for name in (LIB, "opt/vendor/lib/hidden", "snap/core/1/usr/lib/liblzma.so.5",
                     "var/lib/flatpak/runtime/x/files/lib/liblzma.so.5",
                     "var/lib/docker/overlay2/abc/diff/usr/lib64/liblzma.so.5.6.0",
                     "home/a/.local/lib/python3/site-packages/x.libs/liblzma-1.so"):
            path = self.plant(name, bad)
            report = self.host(status=MANIPULATED)
            self.assertEqual(self.finding(report, "IMPLANT-HOOK")["object"], str(path))
            path.unlink()
        self.host(status=CLEAN)

    def test_static_library_and_ram_disk(self):
        self.plant("usr/lib/liblzma.a", ar({"x.o/": implant().build()}))
        self.plant("boot/initrd.img-6.1", initramfs({"x": b"x"}, {LIB: implant().build()}))
        objects = {f["object"].split("!")[0] for f in self.host()["findings"]}
        self.assertEqual(objects, {f"{self.root}/usr/lib/liblzma.a",
                                   f"{self.root}/boot/initrd.img-6.1"})

    def test_snaps(self):
        """Looked into where they are not mounted: older revisions, a disk from elsewhere."""
        snap = squashfs({LIB: implant().build(), "meta/snap.yaml": b"name: x\n"})
        path = self.plant("var/lib/snapd/snaps/core_7.snap", snap)
        report = self.host(status=MANIPULATED)
        self.assertEqual(self.finding(report, "IMPLANT-HOOK")["object"], f"{path}!{LIB}")
        self.plant("snap/core/7/meta/snap.yaml", b"name: x\n")  # a folder that is no mount
        self.host(status=MANIPULATED)

    def test_packages_only_if_asked_for(self):
        self.plant("var/cache/x.deb", deb({LIB: implant().build()}))
        self.host(status=CLEAN)
        self.host("--every-archive", status=MANIPULATED)

    def test_carrier_by_size_and_hash(self):
        import hashlib  # pylint: disable=import-outside-toplevel
        content = b"harmless, and of a size that no other file has"
        rules = self.put("mine.rules", "[MINE]\nkind: digest\nlevel: manipulated\ntitle: t\n"
                         "why: w\ndo: d\nsource: s\ndate: 2026-01-01\nsha256: "
                         f"{hashlib.sha256(content).hexdigest()} {len(content)} a carrier\n")
        self.plant("src/tests/files/bad.xz", content)
        self.host("--rules", rules, status=MANIPULATED)
        self.plant("src/tests/files/bad.xz", near(content))
        self.host("--rules", rules, status=CLEAN)

    def test_links_stay_inside(self):
        outside = self.put("outside/liblzma.so.5", implant().build())
        self.put("outside/os-release", "ID=debian\n")
        self.plant("etc/x", "x")
        os.symlink(outside, self.root / "liblzma.so.5")
        os.symlink(outside.parent, self.root / "lib")
        os.symlink(outside.parent / "os-release", self.root / "etc/os-release")
        os.symlink("../" * 20 + str(outside), self.root / "etc/up")
        os.symlink(".", self.root / "loop")
        self.host(status=CLEAN)

    def test_special_files(self):
        os.mkfifo(self.root / "fifo")
        self.plant("empty", b"")
        report = self.host(status=CLEAN)
        self.assertEqual(report["looked_at"]["files"], 0)

    def test_hard_links_count_once(self):
        path = self.plant("a", implant().build())
        os.link(path, self.root / "b")
        self.assertEqual(self.host()["looked_at"]["elf"], 1)

    def test_names_in_reports(self):
        self.plant("x\nclean: /\x1b[2J", implant().build())
        text = run("host", "--root", self.root).stdout
        self.assertNotIn(b"\x1b", text)
        self.assertNotIn(b"\nclean", text)

    def test_missing_root(self):
        report = self.audit("host", "--root", self.folder / "missing", status=GAP)
        self.assertEqual(report["verdict"], "unknown")

    def test_progress(self):
        self.plant(LIB, liblzma().build())
        done = run("host", "--root", self.root, "--progress")
        self.assertIn(b"files", done.stderr)


class Processes(Host):
    """Mappings are read from the process, not from what the name leads to now."""

    def proc(self):
        """A /proc with this process alone."""
        proc = self.folder / "proc"
        proc.mkdir(exist_ok=True)
        os.symlink(f"/proc/{os.getpid()}", proc / str(os.getpid()))
        return proc

    def mapped(self, path):
        with open(path, "rb") as file:
            mapping = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        self.addCleanup(mapping.close)

    def readable(self):
        try:
            with os.scandir(f"/proc/{os.getpid()}/map_files") as entries:
                os.stat(next(entries).path)
        except PermissionError:
            self.skipTest("map_files needs root")

    def test_replaced_library(self):
        self.readable()
        path = self.plant(LIB, implant().build())
        self.mapped(path)
        path.unlink()
        self.plant(LIB, liblzma().build())
        self.host(status=CLEAN)  # on disk all is well
        report = self.host("--proc", self.proc(), status=MANIPULATED)
        self.assertIn(f"{path} (deleted)", self.finding(report, "IMPLANT-HOOK")["object"])
        self.assertIn("DELETED-MAPPING", self.fired(report))
        self.assertIn("mapped by 1 processes", self.kinds(report, "process")[0]["note"])

    def test_library_outside_of_the_root(self):
        """What the walk has not met, as in a container, is read from the mapping."""
        self.readable()
        path = self.put("elsewhere/liblzma.so.5", implant().build())
        self.mapped(path)
        report = self.host("--proc", self.proc(), status=MANIPULATED)
        self.assertNotIn("DELETED-MAPPING", self.fired(report))

    def test_fake_processes(self):
        proc = self.folder / "proc"
        line = f"7f0000000000-7f0000001000 r--p 00000000 fd:00 7 {LIB.replace('usr', '/usr')}"
        for pid, name in (("12", "sshd"), ("13", "cron"), ("self", "x"), ("14", "sshd-session")):
            self.put(f"proc/{pid}/comm", name + "\n")
            self.put(f"proc/{pid}/maps", f"{line}\n7f00-7f01 rw-p 00000000 00:00 0 [heap]\n")
            self.put(f"proc/{pid}/environ", b"A=b\0")
        report = self.host("--proc", proc)
        self.assertEqual([f["object"].split("!")[0] for f in report["findings"]],
                         [f"{proc}/12", f"{proc}/14"])
        self.assertEqual(self.fired(report), {"SSHD-MAPS"})
        self.assertEqual(report["looked_at"]["processes"], 3)

    def test_environment(self):
        literal = pattern("VACCINATED")
        self.put("proc/5/comm", "sshd\n")
        self.put("proc/5/maps", "")
        for value, fires in ((literal, True), (near(literal), False)):
            self.put("proc/5/environ", b"PATH=/bin\0" + value + b"\0")
            report = self.host("--proc", self.folder / "proc", status=CLEAN)
            self.assertEqual("VACCINATED" in self.fired(report), fires)


class Reach(Host):
    """What sshd needs, by reading only."""

    def sshd(self, *needed, **more):
        self.plant("usr/sbin/sshd", Elf(needed=needed, **more).build())

    def library(self, name, *needed, folder="usr/lib/x86_64-linux-gnu", **more):
        self.plant(f"{folder}/{name}", Elf(soname=name, needed=needed, **more).build())

    def note(self):
        report = self.host()
        self.assertEqual("SSHD-REACHES" in self.fired(report),
                         "liblzma.so" in self.kinds(report, "reach")[0]["note"])
        return self.kinds(report, "reach")[0]["note"]

    def test_chain(self):
        self.sshd("libc.so.6", "libsystemd.so.0")
        self.library("libsystemd.so.0", "libc.so.6", "liblzma.so.5")
        self.library("libc.so.6")
        self.library("liblzma.so.5", "libc.so.6")
        self.assertEqual(self.note(), "sshd > libsystemd.so.0 > liblzma.so.5 at "
                         "usr/lib/x86_64-linux-gnu/liblzma.so.5")

    def test_no_chain(self):
        self.sshd("libc.so.6", "libsystemd.so.0")
        self.library("libsystemd.so.0", "libc.so.6")
        self.library("libother.so.0", "liblzma.so.5")
        self.assertEqual(self.note(), "does not reach liblzma")

    def test_search(self):
        self.plant("etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n")
        self.plant("etc/ld.so.conf.d/a.conf", "# a comment\n/opt/lib # more\n")
        self.plant("etc/ld.so.conf.d/b.txt", "/wrong\n")
        self.sshd("liba.so.1")
        self.library("liba.so.1", "liblzma.so.5", folder="opt/lib")
        self.library("liblzma.so.5", folder="opt/lib", machine=EM_ARM64)
        self.library("liblzma.so.5", folder="wrong")
        self.assertIn("at no place", self.note())
        self.library("liblzma.so.5", folder="usr/lib64")
        self.assertIn("at usr/lib64/liblzma.so.5", self.note())

    def test_runpath(self):
        self.sshd("liba.so.1", dynamic=((DT_RUNPATH, "$ORIGIN/../private:/none"),))
        self.library("liba.so.1", "liblzma.so.5", folder="usr/private")
        self.library("liblzma.so.5")
        self.assertIn("sshd > liba.so.1 > liblzma.so.5", self.note())

    def test_cycle(self):
        self.sshd("liba.so.1")
        self.library("liba.so.1", "libb.so.1")
        self.library("libb.so.1", "liba.so.1")
        self.assertEqual(self.note(), "does not reach liblzma")

    def test_merged_usr(self):
        os.symlink("usr/lib", self.root / "lib")
        self.sshd("liblzma.so.5")
        self.library("liblzma.so.5", folder="usr/lib")
        self.assertIn("liblzma.so.5 at lib/liblzma.so.5", self.note())


class ThisMachine(AuditCase):
    """Nothing above `unknown` on real systems."""

    def test_own_build_and_libraries(self):
        build = pathlib.Path(os.environ.get("BUILD", "build"))
        folder = self.folder / "root"
        (folder / "usr").mkdir(parents=True)
        for name in ("/usr/lib/x86_64-linux-gnu", str(build / "lib"), str(build / "bin")):
            os.symlink(name, folder / "usr" / pathlib.Path(name).name)
        for root in (build / "lib", build / "bin", "/usr/bin"):
            report = self.audit("host", "--root", root)
            worst = [f for f in report["findings"] if f["level"] not in ("info", "unknown")]
            self.assertEqual(worst, [])
            self.assertIn(report["verdict"], ("clean", "unknown"))


if __name__ == "__main__":
    unittest.main(argv=["audit_host_test"])
