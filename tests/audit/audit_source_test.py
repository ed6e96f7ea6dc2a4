# SPDX-License-Identifier: 0BSD
"""xz-audit source: releases that differ from their repository, and what builds should not do."""

import gzip
import io
import os
import pathlib
import random
import subprocess
import tarfile
import unittest

from audit_case import (ROOT, AuditCase, CLEAN, GAP, MANIPULATED, SUSPICIOUS, implant, liblzma,
                        near, pattern, rule_sections, run)
from box_maker import tar
from elf_maker import Symbol, make_object

M4 = "# x.m4 serial 3\nAC_DEFUN([X], [AC_CHECK_FUNCS([x])])\n"
PROJECT = {
    "configure.ac": "AC_INIT([x], [1])\nAC_OUTPUT\n",
    "Makefile.am": "bin_PROGRAMS = x\nEXTRA_DIST = tests/files/good.xz\n",
    "m4/x.m4": M4,
    "src/main.c": "int main(void) { return 0; }\n",
    "tests/files/good.xz": b"\xfd7zXZ\0" + bytes(range(200)),
    ".gitignore": "*.o\n",
}


class Source(AuditCase):
    """A project in the folder tree/."""

    def tree(self, files):
        for name, content in files.items():
            self.put(f"tree/{name}", content)
        return self.folder / "tree"

    def tarball(self, files):
        packed = {f"x-1/{name}": content if isinstance(content, bytes) else content.encode()
                  for name, content in files.items()}
        return self.put("x-1.tar.gz", gzip.compress(tar(packed)))

    def source(self, *words, status=None):
        return self.audit("source", *words, status=status)


class Release(Source):
    """A tarball beside the tag it was made from."""

    def setUp(self):
        super().setUp()
        self.repository = self.folder / "repository"
        self.repository.mkdir()
        self.git("init", "-q")
        for name, content in PROJECT.items():
            self.put(f"repository/{name}", content)
        os.symlink("main.c", self.repository / "src/link.c")
        self.git("add", "-A")
        self.git("-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", "x")
        self.git("tag", "v1")

    def git(self, *words):
        environment = {key: value for key, value in os.environ.items()
                       if key not in ("LD_PRELOAD", "ASAN_OPTIONS")}
        return subprocess.run(["git", *words], cwd=self.repository, check=True,
                              env=environment, stdout=subprocess.PIPE).stdout

    def compare(self, changes, status):
        files = {key: value for key, value in {**PROJECT, **changes}.items()
                 if value is not None}
        return self.source(self.tarball(files), "--git", self.repository, "--tag", "v1",
                           status=status)

    def test_archive_of_the_tag(self):
        path = self.put("x-1.tar", self.git("archive", "--prefix=x-1/", "v1"))
        report = self.source(path, "--git", self.repository, "--tag", "v1", status=CLEAN)
        self.assertEqual(report["findings"], [])

    def test_changed_m4(self):
        report = self.compare({"m4/x.m4": M4 + "# one line more\n"}, SUSPICIOUS)
        finding = self.finding(report, "CHANGED-BUILD-SCRIPT")
        self.assertTrue(finding["object"].endswith("x-1.tar.gz!x-1/m4/x.m4"))
        self.assertEqual(self.fired(report) - {"MISSING-FILE"}, {"CHANGED-BUILD-SCRIPT"})

    def test_extra_m4(self):
        report = self.compare({"m4/build-to-host.m4": M4}, SUSPICIOUS)
        self.assertIn("EXTRA-BUILD-SCRIPT", self.fired(report))

    def test_other_differences(self):
        for changes, rule, status in (
                ({"src/main.c": "int main(void) { return 1; }\n"}, "CHANGED-FILE", SUSPICIOUS),
                ({"tests/files/good.xz": near(PROJECT["tests/files/good.xz"])}, "CHANGED-FILE",
                 SUSPICIOUS),
                ({"doc.pdf": b"%PDF\0"}, "EXTRA-FILE", GAP),
                ({"configure": "#!/bin/sh\n", "src/Makefile.in": "all:\n"}, "GENERATED-FILE",
                 GAP),
                ({"src/main.c": None}, "MISSING-FILE", CLEAN)):
            report = self.compare(changes, status)
            self.assertEqual(self.fired(report) - {"MISSING-FILE"}, {rule} - {"MISSING-FILE"})

    def test_generated_files_are_linted(self):
        report = self.compare({"configure": "head -c 9 x | xz -d | sh\n"}, SUSPICIOUS)
        self.assertIn("DECODED-TO-SHELL", self.fired(report))

    def test_hostile_repository(self):
        """Nothing that the repository's configuration names is run."""
        mark = self.folder / "was-run"
        for key in ("core.fsmonitor", "core.sshCommand", "core.pager", "pager.ls-tree",
                    "core.editor", "credential.helper"):
            self.git("config", key, f"touch {mark}; true")
        self.git("config", "alias.ls-tree", f"!touch {mark}")
        self.git("config", "filter.x.smudge", f"touch {mark}")
        for hook in ("post-checkout", "reference-transaction"):
            path = self.put(f"repository/.git/hooks/{hook}", f"#!/bin/sh\ntouch {mark}\n")
            path.chmod(0o755)
        self.compare({}, CLEAN)
        self.assertFalse(mark.exists())

    def test_hard_links(self):
        """tar keeps a second name of a file as a link: it is compared by its content."""
        self.put("repository/src/copy.c", PROJECT["src/main.c"])
        self.git("add", "-A")
        self.git("-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", "y")
        self.git("tag", "v2")
        for target, status in (("x-1/src/main.c", CLEAN), ("x-1/m4/x.m4", SUSPICIOUS),
                               ("/etc/passwd", SUSPICIOUS)):
            out = io.BytesIO(tar({f"x-1/{name}": content if isinstance(content, bytes)
                                  else content.encode() for name, content in PROJECT.items()}))
            with tarfile.open(fileobj=out, mode="a") as archive:
                member = tarfile.TarInfo("x-1/src/copy.c")
                member.type, member.linkname = tarfile.LNKTYPE, target
                archive.addfile(member)
            path = self.put("x-1.tar", out.getvalue())
            self.source(path, "--git", self.repository, "--tag", "v2", status=status)

    def test_no_such_tag_or_repository(self):
        path = self.tarball(PROJECT)
        for repository, tag in ((self.repository, "v2"), (self.folder / "none", "v1"),
                                (self.repository, "v1:src/main.c")):
            report = self.source(path, "--git", repository, "--tag", tag, status=GAP)
            self.assertFalse(report["complete"])

    def test_tree(self):
        """A folder is compared like a tarball."""
        folder = self.tree(PROJECT)
        os.symlink("main.c", folder / "src/link.c")
        words = (folder, "--git", self.repository, "--tag", "v1")
        self.source(*words, status=CLEAN)
        (folder / "src/link.c").unlink()
        os.symlink("/etc/passwd", folder / "src/link.c")
        self.assertIn("CHANGED-FILE", self.fired(self.source(*words, status=SUSPICIOUS)))


class Lint(Source):
    """Each source rule on its examples, in a tree and in a tarball."""

    def many(self, cases):
        """Files that are looked at together: (name, content, rule that fires or None)."""
        files = {f"{number}/{name}": content
                 for number, (name, content, _) in enumerate(cases)}
        packed = {name: content if isinstance(content, bytes) else content.encode()
                  for name, content in files.items()}
        for path, separator in ((self.tree(files), "/"),
                                (self.put("x.tar", tar(packed)), "!")):
            fired = {}
            for finding in self.source(path)["findings"]:
                name = finding["object"][len(str(path)) + 1:]
                self.assertEqual(finding["object"], f"{path}{separator}{name}")
                fired.setdefault(name, set()).add(finding["rule"])
            for name, (_, content, rule) in zip(files, cases):
                self.assertEqual(fired.get(name, set()), {rule} if rule else set(),
                                 (name, content))

    def test_examples_of_rules(self):
        tests = {"decoded-to-shell", "eval-to-shell", "eval-decoded", "search-by-content",
                 "probe-broken"}
        cases = []
        for rule, keys in rule_sections().items():
            if keys.get("test", [None])[0] not in tests:
                continue
            for kind in ("example", "counter"):
                for example in keys[kind]:
                    name, text = example.split(": ", 1)
                    text = text.replace("\\\\", "\1").replace("\\n", "\n")
                    text = text.replace("\\t", "\t").replace("\1", "\\")
                    cases.append((name, text, rule if kind == "example" else None))
        self.assertGreater(len(cases), 25)
        self.many(cases)

    def test_line_numbers(self):
        text = "a\nb \\\n  c\nhead -c 9 x \\\n | sh\n"
        report = self.source(self.tree({"build.sh": text}))
        self.assertEqual(self.finding(report, "DECODED-TO-SHELL")["where"], "line 4")

    def test_traces_of_the_attack(self):
        cases = []
        for rule, name in (("M4-TRIGGER", "m4/x.m4"), ("M4-SERIAL", "build-to-host.m4"),
                           ("BUILD-TRACE", "src/liblzma/Makefile"), ("BUILD-FLAGS", "libtool"),
                           ("RECIPE-PIN", "PKGBUILD")):
            for number in range(len(rule_sections()[rule]["text"])):
                line = pattern(rule, number)
                cases += [(name, b"x\n" + line + b"\n", rule),
                          (name, b"x\n" + near(line, len(line) // 2) + b"\n", None),
                          ("notes.txt", b"x\n" + line + b"\n", None)]
        self.many(cases)

    def test_lines_without_an_end(self):
        """Each command of a line is looked at for a bounded number of characters: all
        others for each of them takes more minutes than a run may have, with sanitizers."""
        for part in ("sh -/", "grep -/", "grep/", "xz,", "sh -c $(", "(", "a|", "`"):
            size = 600_000 if part in ("sh -/", "grep -/") else 100_000
            path = self.put("s/build.sh", part * (size // len(part)) + "a" * 30_000)
            self.audit("source", path.parent)

    def test_build_script_by_its_second_name(self):
        out = io.BytesIO(tar({"x/tests/data": b"xz -dc a | sh\n"}))
        with tarfile.open(fileobj=out, mode="a") as archive:
            member = tarfile.TarInfo("x/configure")
            member.type, member.linkname = tarfile.LNKTYPE, "x/tests/data"
            archive.addfile(member)
        report = self.audit("source", self.put("x.tar", out.getvalue()), status=GAP)
        self.assertIn("second name", report["not_looked_at"][0]["reason"])

    def test_scripts_in_other_characters(self):
        """A byte that is no UTF-8, or a NUL, is no way around what is looked for."""
        cases = []
        for odd in (b"# Fran\xe7ois\n", b"# \1\n", b"# \0\n"):
            cases += [("m4/x.m4", odd + pattern("M4-TRIGGER") + b"\n", "M4-TRIGGER"),
                      ("PKGBUILD", odd + pattern("RECIPE-PIN") + b"\n", "RECIPE-PIN"),
                      ("configure", odd + b"xz -dc a | sh\n", "DECODED-TO-SHELL"),
                      ("tests/make", b"#!/bin/sh\n" + odd + b"xz -dc a | sh\n",
                       "DECODED-TO-SHELL"),
                      ("configure", odd + b"xz -dc a | tar x\n", None),
                      ("configure.png", odd + b"xz -dc a | sh\n", None)]
        cases.append(("build.sh", b"#" * 70000 + b"\nx\0z -dc \0a | s\0h\n", "DECODED-TO-SHELL"))
        marked = (b"#!/bin/sh\n# ".ljust(64, b"a") + b"\x7f\x10\xda\xbe\nxz -dc a | sh\n")
        cases.append(("tests/make", marked, "DECODED-TO-SHELL"))
        self.many(cases)

    def test_markers_in_binary_files(self):
        cases, head = [], b"\xfd7zXZ\0"
        for rule in ("CARRIER-MARKER", "SLOT-MARKER"):
            for number in range(len(rule_sections()[rule]["text"])):
                marker = pattern(rule, number)
                cases += [("tests/files/bad.xz", head + marker + b"\xff", rule),
                          ("tests/files/bad.xz", head + near(marker) + b"\xff", None),
                          ("tests/notes", b"words " + marker, None)]
        self.many(cases)

    def test_opaque_files_that_a_build_reads(self):
        data = b"\xfd7zXZ\0" + bytes(range(256))
        line = "x=`tail -c +31 $srcdir/tests/files/good.xz | tr a b`\n"
        report = self.source(self.tree({"configure": line, "tests/files/good.xz": data}),
                             status=SUSPICIOUS)
        self.assertEqual(self.fired(report), {"OPAQUE-READ"})
        for script, content in (("EXTRA_DIST = tests/files/good.xz\n", data),
                                (line, "a text\n"), (line.replace("good.", "best."), data)):
            path = self.tree({"configure": script, "tests/files/good.xz": content})
            self.source(path, status=CLEAN)

    def test_binaries_and_objects(self):
        files = {"src/crc64_fast.c": "int x;\n", "src/main.c": "int y;\n",
                 "src/liblzma_la-crc64_fast.o": make_object([Symbol("lzma_crc64", 0)])}
        report = self.source(self.tree(files), status=GAP)
        self.assertEqual(self.fired(report), {"BINARY-IN-SOURCE"})
        files["src/liblzma_la-crc64-fast.o"] = make_object([Symbol("_get_cpuid", 0)])
        report = self.source(self.tree(files), status=SUSPICIOUS)
        self.assertEqual(self.fired(report), {"BINARY-IN-SOURCE", "OBJECT-WITHOUT-SOURCE"})
        path = self.tree({"lib/liblzma.so.5": implant().build()})
        self.source(path, status=MANIPULATED)

    def test_encoded_data(self):
        blob = "aQ9X" * 600
        self.many([("build.sh", f"x={blob}\n", "ENCODED-IN-SCRIPT"),
                   ("data.txt", f"x={blob}\n", "ENCODED-IN-TEXT"),
                   ("build.sh", f"x={'a' * 2400}\n", None)])

    def test_noise_under_the_name_of_text(self):
        noise = gzip.compress(bytes(range(256)) * 2 + self.random_bytes(4000))
        self.many([("data.txt", noise, "NOISE-IN-TEXT"), ("x.c", noise, "NOISE-IN-TEXT"),
                   ("data.bin", noise, None), ("data.txt", "text\n" * 900, None),
                   ("data.txt", ("\xe4rger und mehr\n" * 900).encode("latin-1"), None)])

    @staticmethod
    def random_bytes(count):
        return random.Random(5).randbytes(count)


class Real(Source):
    """Honest sources stay clean."""

    def test_this_project(self):
        names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=False,
                               env={"PATH": os.environ["PATH"]}, stdout=subprocess.PIPE)
        listed = [name for name in names.stdout.decode().split("\0") if name]
        if not listed:
            self.skipTest("not a checkout")
        files = {name: (ROOT / name).read_bytes() for name in listed
                 if (ROOT / name).is_file()}
        report = self.source(self.tarball(files), status=CLEAN)
        self.assertEqual([f for f in report["findings"] if f["level"] != "info"], [])

    def test_macros_of_this_machine(self):
        for folder in ("/usr/share/aclocal", "/usr/share/cmake-3.25/Modules"):
            if pathlib.Path(folder).is_dir():
                report = self.source(folder)
                worst = [(f["rule"], f["object"], f.get("evidence")) for f in
                         report["findings"] if f["level"] not in ("info", "unknown")]
                self.assertEqual(worst, [])

    def test_gaps(self):
        self.assertEqual(run("source", self.folder / "missing").returncode, GAP)
        self.assertEqual(run("source", self.put("x.c", "int x;\n")).returncode, GAP)
        path = self.put("x.tar.gz", gzip.compress(tar({"a": liblzma().build()}))[:-40])
        self.assertEqual(run("source", path).returncode, GAP)


if __name__ == "__main__":
    unittest.main(argv=["audit_source_test"])
