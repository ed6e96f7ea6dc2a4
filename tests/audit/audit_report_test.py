# SPDX-License-Identifier: 0BSD
"""Reports of xz-audit: SARIF, CycloneDX VEX, the summary of many hosts, the sandbox."""

import html.parser
import json
import pathlib
import re
import subprocess
import unittest

from audit_case import (ROOT, AuditCase, CLEAN, GAP, MANIPULATED, PROGRAM, SANITIZED,
                        SUSPICIOUS, RESOLVER_CPUID, implant, liblzma, run)
from box_maker import tar
from elf_maker import Elf
from form_schemas import VALIDATORS, changed, places

EVIL = "x\n\x1b[2J<script>alert(1)</script>&\"'%41\u202e \u00e4"


class Forms(AuditCase):
    """The other forms say the same as the JSON report."""

    def form(self, name, *words):
        done = run(*words, f"--{name}")
        self.assertEqual(done.stderr, b"")
        document = json.loads(done.stdout)
        VALIDATORS[name].validate(document)
        return done.returncode, document

    def test_schemas(self):
        """Every command's reports are valid; documents with one change are not."""
        bad = self.put("bad.so", implant().build())
        self.put("tree/build.sh", "head -c 9 x | sh\n")
        self.put("root/usr/lib/x.so", liblzma().build())
        for words in (("file", bad, self.folder / "missing"), ("elf", bad),
                      ("source", self.folder / "tree"), ("host", "--root", self.folder / "root")):
            for name in ("sarif", "vex"):
                self.form(name, *words)
        needed = {"sarif": {"version", "runs", "tool", "driver", "name", "id", "message", "text",
                            "executionSuccessful", "physicalLocation", "artifactLocation", "uri"},
                  "vex": {"bomFormat", "specVersion", "type", "name", "alg", "content", "ref",
                          "location"}}
        for name in ("sarif", "vex"):
            _, document = self.form(name, "file", bad, self.folder / "missing")
            for path, value in places(document):
                wrong = 7 if isinstance(value, str) else "x"
                self.assertFalse(VALIDATORS[name].is_valid(changed(document, path, wrong)), path)
            removed = {path[-1] for path, _ in places(document) if isinstance(path[-1], str)
                       and not VALIDATORS[name].is_valid(changed(document, path, None))}
            self.assertEqual(removed, needed[name])

    def test_sarif(self):
        path = self.put(EVIL, tar({"a.so": implant().build(), "x.rar": b"Rar!" + bytes(9)}))
        status, report = self.form("sarif", "file", path)
        self.assertEqual(status, MANIPULATED)
        self.assertEqual(report["version"], "2.1.0")
        run_of = report["runs"][0]
        rules = run_of["tool"]["driver"]["rules"]
        ids = [rule["id"] for rule in rules]
        self.assertEqual(len(ids), len(set(ids)))
        for result in run_of["results"]:
            self.assertEqual(ids[result["ruleIndex"]], result["ruleId"])
            self.assertIn(result["level"], ("error", "warning", "note"))
            self.assertTrue(result["message"]["text"])
            place = result["locations"][0]["physicalLocation"]
            self.assertRegex(place["artifactLocation"]["uri"],
                             r"^([A-Za-z0-9._~/!$&'()*+,;=@-]|%[0-9A-F]{2})+$")
        self.assertIn("%3Cscript%3E", place["artifactLocation"]["uri"])
        self.assertIn("error", {result["level"] for result in run_of["results"]})
        invocation = run_of["invocations"][0]
        self.assertEqual(invocation["exitCode"], MANIPULATED)
        self.assertIn("RAR", invocation["toolExecutionNotifications"][0]["message"]["text"])

    def test_sarif_lines(self):
        path = self.put("tree/build.sh", "a\nhead -c 9 x | sh\n").parent
        _, report = self.form("sarif", "source", path)
        place = report["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        self.assertEqual(place["region"], {"startLine": 2})

    def states(self, *words):
        """{state: [what it is about]} of a VEX document."""
        _, report = self.form("vex", *words)
        self.assertEqual((report["bomFormat"], report["specVersion"]), ("CycloneDX", "1.5"))
        names = {c["bom-ref"]: c["evidence"]["occurrences"][0]["location"].split("/")[-1]
                 for c in report["components"]}
        names["subject"] = "subject"
        states = {}
        for entry in report["vulnerabilities"]:
            self.assertEqual(entry["id"], "CVE-2024-3094")
            state = entry["analysis"]["state"]
            self.assertEqual("justification" in entry["analysis"], state == "not_affected")
            states[state] = sorted(names[each["ref"]] for each in entry["affects"])
        return states

    def test_vex(self):
        good = self.put("good.so", liblzma().build())
        old = self.put("old.so", liblzma("5.6.1", ifunc=RESOLVER_CPUID).build())
        bad = self.put("bad.so", implant().build())
        self.assertEqual(self.states("file", good, old, bad),
                         {"not_affected": ["good.so", "old.so"], "exploitable": ["bad.so"]})
        other = self.put("other.so", Elf(code=b"x").build())
        self.assertEqual(self.states("file", other), {"not_affected": ["subject"]})
        missing = self.folder / "missing"
        self.assertEqual(self.states("file", missing), {"in_triage": ["subject"]})
        self.assertEqual(self.states("file", good, missing),
                         {"not_affected": ["good.so"], "in_triage": ["subject"]})

    def test_verbose_and_quiet(self):
        path = self.put("x", Elf(rodata=b"\0").build())
        self.assertEqual(run("elf", path, "-q").stdout, b"clean\n")
        many = [self.folder / f"missing{number}" for number in range(60)]
        self.assertIn(b"... and 10 more", run("elf", *many).stdout)
        self.assertNotIn(b"more;", run("elf", "-v", *many).stdout)

    def test_same_input_same_report(self):
        path = self.put("x.tar", tar({f"{i}.so": implant().build() for i in (3, 1, 2)}))
        self.assertEqual(run("file", path, "--json").stdout, run("file", path, "--json").stdout)


class Page(html.parser.HTMLParser):
    """Checks that tags match; keeps texts and attributes."""

    VOID = {"meta", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.texts, self.attributes = [], set(), [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.texts.append(data)


class Summary(AuditCase):
    """Reports of many hosts."""

    def report(self, host, path, name=None):
        done = run("elf", path, "--json", "--host-name", host)
        return self.put(f"reports/{name or host}.json", done.stdout)

    def fleet(self):
        self.report("good", self.put("a.so", liblzma().build()))
        self.report("old", self.put("b.so", liblzma("5.6.0").build()))
        self.report("bad", self.put("c.so", implant().build()))
        self.report("half", self.folder / "missing")
        return self.folder / "reports"

    def test_table(self):
        done = run("summary", self.fleet())
        self.assertEqual(done.returncode, MANIPULATED)
        lines = done.stdout.decode().splitlines()
        self.assertEqual(lines[0], "4 reports: 1 manipulated; 0 suspicious; "
                         "1 affected version, clean content; 1 unknown; 1 clean")
        self.assertEqual([line.split()[0] for line in lines[3:]], ["bad", "old", "half", "good"])
        self.assertIn("IMPLANT-HOOK", lines[3])
        self.assertEqual(run("--summary", self.folder / "reports/good.json").returncode, CLEAN)

    def test_statuses(self):
        folder = self.fleet()
        for names, status in ((["good"], CLEAN), (["good", "half"], GAP),
                              (["half", "old"], SUSPICIOUS), (["old", "bad"], MANIPULATED)):
            files = [folder / f"{name}.json" for name in names]
            self.assertEqual(run("summary", *files).returncode, status)

    def test_not_reports(self):
        good = self.report("good", self.put("a.so", liblzma().build()))
        for content in ("", "{}", "[]", "{", "[" * 100, good.read_text()[:-3], "\0",
                        '{"schema": "xz-audit/1", "verdict": "fine"}',
                        '{"schema": "xz-audit/2", "verdict": "clean"}'):
            bad = self.put("x.json", content)
            done = run("summary", good, bad)
            self.assertEqual(done.returncode, GAP, content)
            self.assertIn(b"not a report", done.stdout)

    def test_lying_report(self):
        """A report's verdict is no better than its findings and gaps."""
        path = self.report("bad", self.put("c.so", implant().build()))
        text = path.read_text().replace('"verdict": "manipulated"', '"verdict": "clean"')
        path.write_text(text)
        self.assertEqual(run("summary", path).returncode, MANIPULATED)
        path = self.report("half", self.folder / "missing")
        path.write_text(path.read_text().replace('"verdict": "unknown"', '"verdict": "clean"'))
        self.assertEqual(run("summary", path).returncode, GAP)

    def test_page(self):
        self.fleet()
        self.report(EVIL, self.put(EVIL + ".so", implant().build()), "evil")
        done = run("summary", "--html", self.folder / "reports")
        self.assertEqual(done.returncode, MANIPULATED)
        text = done.stdout.decode()
        page = Page()
        page.feed(text)
        self.assertEqual(page.open, [])
        self.assertEqual(page.tags & {"script", "img", "link", "iframe", "object"}, set())
        self.assertIn("<script>alert(1)</script>", "".join(page.texts))
        self.assertNotIn("<script", text)
        self.assertNotIn("\x1b", text)
        self.assertNotIn("\u202e", text)
        loads = [value for name, value in page.attributes if name in ("src", "href")]
        self.assertEqual(loads, [])
        self.assertNotRegex(text, r"https?:|url\(|@import")
        self.assertIn(("content", "default-src 'none'; style-src 'unsafe-inline'"),
                      page.attributes)

    def test_thousands(self):
        text = self.report("good", self.put("a.so", liblzma().build())).read_text()
        for number in range(300 if SANITIZED else 3000):
            self.put(f"many/{number}.json", text.replace('"good"', f'"host{number}"'))
        done = run("summary", self.folder / "many")
        self.assertEqual(done.returncode, CLEAN)
        self.assertEqual(len(re.findall(rb"(?m)^host\d+ ", done.stdout)),
                         300 if SANITIZED else 3000)


class Sandbox(AuditCase):
    """The kernel holds the program; the report says so."""

    def test_is_there(self):
        path = self.put("x.so", liblzma().build())
        report = self.audit("elf", path, "--sandbox=required", status=CLEAN)
        self.assertEqual(report["sandbox"], "landlock and seccomp")
        report = self.audit("elf", path, "--sandbox=off", status=CLEAN)
        self.assertEqual(report["sandbox"], "none")

    def test_holds_while_it_looks(self):
        """The kernel's own word for it, from outside, while a long scan runs."""
        with subprocess.Popen([PROGRAM, "host", "--root", "/usr", "--max-memory=0"],
                              stdout=subprocess.DEVNULL) as child:
            status = {}
            while child.poll() is None and status.get("Seccomp") != "2":
                text = pathlib.Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
                status = dict(line.split(":\t", 1) for line in text.splitlines()
                              if ":\t" in line)
            child.kill()
        self.assertEqual((status.get("Seccomp"), status.get("NoNewPrivs")), ("2", "1"))

    def test_memory_limit(self):
        if SANITIZED:
            self.skipTest("sanitizers reserve terabytes")
        big = tar({"a": bytes(300 << 20)})
        done = run("file", self.put("x.tar", big), "--max-memory=200")
        self.assertEqual(done.returncode, GAP)
        self.assertIn(b"out of memory", done.stderr)
        self.assertNotIn(b"clean", done.stdout)

    def test_nothing_is_executed(self):
        """Neither the loader nor a program is called for what is inspected."""
        text = "".join(path.read_text(encoding="ascii")
                       for path in (ROOT / "tools" / "audit").glob("*.c"))
        calls = re.findall(r"\b(dlopen|system|popen|execl\w*|execv\w*|posix_spawn\w*)\s*\(",
                           re.sub(r"/\*.*?\*/|//[^\n]*|\"[^\"\n]*\"", "", text, flags=re.S))
        self.assertEqual(calls, ["execve"])  # git, in source_git.c


if __name__ == "__main__":
    unittest.main(argv=["audit_report_test"])
