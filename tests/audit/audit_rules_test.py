# SPDX-License-Identifier: 0BSD
"""The rules: their format, what is refused, the user's own, the self-test, the tables."""

import hashlib
import re
import unittest

from audit_case import (AuditCase, CLEAN, GAP, MANIPULATED, RULES, SUSPICIOUS, USAGE,
                        pattern, rule_sections, run)
from elf_maker import Elf

GOOD = {
    "kind": "bytes", "level": "suspicious", "scope": "code", "title": "a rule of mine",
    "bytes": "01 02 03 04 05 06 07 08 ?? ?? 09", "why": "because", "do": "nothing",
    "source": "https://example.org", "date": "2026-11-25",
}

# SHA-256 of all hashes of files in the rules, sorted: a digit that changes is noticed.
# Made from the published list, not from the rules.
DIGESTS = "855d1a77826e1ca5bb6a60c58beab0cc3f362e3923fb09753f05800b154dd6f5"


def text(rule_id="MINE", **changes):
    """A rules file with one rule; None leaves a key out."""
    keys = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return f"[{rule_id}]\n" + "".join(f"{key.rstrip('_')}: {value}\n"
                                      for key, value in keys.items())


class Format(AuditCase):
    """Files that are not as they must be are refused, with the line."""

    def refused(self, content, line=None):
        path = self.put("mine.rules", content)
        done = run("rules", "--rules", path)
        self.assertEqual(done.returncode, USAGE, content)
        place = f"xz-audit: {path}:{line}: " if line else f"xz-audit: {path}"
        self.assertTrue(done.stderr.decode().startswith(place), (done.stderr, content))

    def test_good(self):
        self.assertEqual(run("rules", "--rules", self.put("a", text())).returncode, 0)
        self.assertEqual(run("self-test", "--rules", self.put("a", text())).returncode, 0)

    def test_wrong_values(self):
        for key, value in (("kind", "byte"), ("level", "bad"), ("scope", "here"),
                           ("bytes", "01 02 03"), ("bytes", "?? 01 02 03 04 05 06 07 08"),
                           ("bytes", "01 02 03 04 05 06 07 08 ??"), ("bytes", "0"),
                           ("bytes", "01 02 03 04 05 06 07 0g 09"), ("colour", "red")):
            self.refused(text(**{key: value}))
        self.refused(text(bytes="f3 0f 1e fa 55 48 89 f5 0"), 6)

    def test_missing_keys(self):
        for key in GOOD:
            if key != "scope":
                self.refused(text(**{key: None}))
        self.refused(text(date="yesterday"), 1)

    def test_structure(self):
        self.refused("")
        self.refused("title: no rule\n", 1)
        self.refused("  continued\n", 1)
        self.refused("[MINE\n", 1)
        self.refused("[mine]\n", 1)
        self.refused(text() + text(), 11)
        self.refused(text("IMPLANT-HOOK"), 1)
        self.refused(text() + "words\n", 11)
        self.refused(text() + "ti\0tle: x\n", 11)
        self.refused(text(kind="all", bytes=None, of="MINE-A MINE-B"))
        self.refused(text(kind="all", bytes=None, of="IMPLANT-HOOK IMPLANT-PARTS"))

    def test_hashes(self):
        good = "a" * 64 + " 12 a label"
        for value in ("a" * 63 + " 12 x", "A" * 64 + " 12 x", "a" * 64, "a" * 64 + " 12",
                      "a" * 64 + " 0 x", "a" * 64 + " x x", "a" * 65 + " 12 x"):
            self.refused(text(kind="digest", bytes=None, sha256=value))
        path = self.put("a", text(kind="digest", bytes=None, sha256=good))
        self.assertEqual(run("rules", "--rules", path).returncode, 0)

    def test_unreadable(self):
        done = run("rules", "--rules", self.folder / "missing.rules")
        self.assertEqual(done.returncode, USAGE)


class Own(AuditCase):
    """Rules of the user work like those that are built in."""

    def test_bytes(self):
        rules = self.put("mine.rules", text())
        for code, status in (("01 02 03 04 05 06 07 08 aa bb 09", SUSPICIOUS),
                             ("01 02 03 04 05 06 07 08 aa bb 0a", CLEAN)):
            path = self.put("x.so", Elf(code=bytes.fromhex(code)).build())
            report = self.audit("elf", path, "--rules", rules, status=status)
        self.assertIn(str(rules), report["rules"]["files"])
        self.assertNotEqual(report["rules"]["sha256"],
                            self.audit("elf", path)["rules"]["sha256"])

    def test_isolated_bytes(self):
        """A pattern without two fixed bytes side by side cannot use the fast search."""
        spread = "01 ?? 02 ?? 03 ?? 04 ?? 05 ?? 06 ?? 07 ?? 08"
        rules = self.put("mine.rules", text(bytes=spread))
        code = bytes.fromhex("00 01 ff 02 ff 03 ff 04 ff 05 ff 06 ff 07 ff 08")
        path = self.put("x.so", Elf(code=code + pattern("IMPLANT-HOOK")).build())
        report = self.audit("elf", path, "--rules", rules, status=MANIPULATED)
        self.assertLessEqual({"MINE", "IMPLANT-HOOK"}, self.fired(report))

    def test_hash_of_harmless_file(self):
        content = b"harmless\n"
        digests = {"sha1": hashlib.sha1(content), "sha256": hashlib.sha256(content),
                   "sha512": hashlib.sha512(content),
                   "git": hashlib.sha1(b"blob %d\0" % len(content) + content)}
        for name, digest in digests.items():
            for size in (len(content), "-"):
                value = f"{digest.hexdigest()} {size} the file"
                rules = self.put("mine.rules",
                                 text(kind="digest", bytes=None, **{name: value}))
                path = self.put("x", content)
                report = self.audit("file", path, "--rules", rules, status=SUSPICIOUS)
                self.assertEqual(self.fired(report), {"MINE"}, (name, size))
                self.audit("file", self.put("x", content + b"\n"), "--rules", rules,
                           status=CLEAN)


class SelfTest(AuditCase):
    """Before a verdict every rule must have fired."""

    def test_passes(self):
        done = run("self-test")
        self.assertEqual(done.returncode, CLEAN)
        self.assertRegex(done.stdout.decode(), r"^\d+ rules, \d+ cases: every rule fires")

    def test_wrong_checksum_of_a_pattern(self):
        rules = self.put("mine.rules", text(check="0" * 64))
        path = self.put("x.so", Elf().build())
        for words in (["self-test"], ["elf", path]):
            done = run(*words, "--rules", rules)
            self.assertEqual(done.returncode, GAP)
            self.assertIn(b"MINE", done.stderr)
            self.assertNotIn(b"clean", done.stdout)

    def test_test_that_no_code_has(self):
        rules = self.put("mine.rules", text(kind="structure", bytes=None, test="no-such",
                                            example="dyn", counter="dyn tls"))
        self.assertEqual(run("self-test", "--rules", rules).returncode, GAP)

    def test_example_that_does_not_fire(self):
        keys = {"kind": "structure", "bytes": None, "test": "tls-import"}
        fires, silent = "dyn import=__tls_get_addr", "dyn"
        for example, counter, status in ((fires, silent, CLEAN), (silent, silent, GAP),
                                         (fires, fires, GAP), ("dyn what", silent, GAP)):
            rules = self.put("mine.rules", text(example=example, counter=counter, **keys))
            self.assertEqual(run("self-test", "--rules", rules).returncode, status)


class Tables(unittest.TestCase):
    """The built-in tables are those that were published."""

    def test_patterns_have_checksums(self):
        for rule_id, rule in rule_sections().items():
            if "bytes" not in rule:
                continue
            digest = hashlib.sha256(pattern(rule_id)).hexdigest()
            self.assertEqual(rule["check"], [digest], rule_id)
        # The one that an independent analysis names.
        self.assertEqual(hashlib.sha256(pattern("IMPLANT-HOOK")).hexdigest(),
                         "88cb77140f11dca649f62d91e68f462ac837daedbe489ced6264e750b1f8e639")

    def test_hashes(self):
        hashes = sorted(value.split()[0] for rule in rule_sections().values()
                        for key in ("sha1", "sha256", "sha512", "git")
                        for value in rule.get(key, []))
        self.assertEqual(hashlib.sha256(" ".join(hashes).encode()).hexdigest(), DIGESTS)

    def test_sources_and_dates(self):
        for rule_id, rule in rule_sections().items():
            self.assertRegex(rule["source"][0], r"^https://\S+$", rule_id)
            self.assertRegex(rule["date"][0], r"^20\d\d-\d\d-\d\d$", rule_id)

    def test_program_has_the_files(self):
        whole = b"".join((RULES / name).read_bytes() for name in
                         ("implant.rules", "packages.rules", "structure.rules",
                          "sources.rules"))
        self.assertEqual(run("rules").stdout, whole)
        self.assertEqual(len(re.findall(rb"(?m)^\[", whole)), len(rule_sections()))


if __name__ == "__main__":
    unittest.main(argv=["audit_rules_test"])
