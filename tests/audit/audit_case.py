# SPDX-License-Identifier: 0BSD
"""What tests of xz-audit share: running it, its reports, the patterns of its rules."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import jsonschema

from elf_maker import Elf, Symbol, STT_IFUNC

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build"))
PROGRAM = BUILD / "bin" / "xz-audit"
RULES = ROOT / "share" / "audit"
SANITIZED = bool(os.environ.get("SANITIZED"))

SCHEMA = jsonschema.Draft7Validator(
    json.loads((ROOT / "docs" / "audit-schema.json").read_text(encoding="ascii")))

CLEAN, MANIPULATED, SUSPICIOUS, GAP, USAGE = 0, 1, 2, 3, 4


def run(*arguments, **more):
    """Runs xz-audit; returns the finished process, output as bytes."""
    command = [str(PROGRAM), *map(str, arguments)]
    if SANITIZED:
        command.append("--max-memory=0")  # sanitizers reserve terabytes
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, check=False, timeout=300, **more)


def rule_sections():
    """{id: {key: [values]}} of the built-in rules, read by other means than the program's."""
    rules = {}
    for path in sorted(RULES.glob("*.rules")):
        rule, key = None, None
        for line in path.read_text(encoding="ascii").splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            if line.startswith("["):
                rule = rules.setdefault(line.strip("[]"), {"file": [path.name]})
            elif line.startswith(" "):
                rule[key][-1] += " " + line.strip()
            else:
                key, value = line.split(":", 1)
                rule.setdefault(key, []).append(value.strip())
    return rules


def pattern(rule_id, number=0):
    """The bytes of a rule's pattern, 0 in its gaps."""
    rule = rule_sections()[rule_id]
    if "bytes" in rule:
        return bytes(0 if word == "??" else int(word, 16)
                     for word in rule["bytes"][number].split())
    return rule["text"][number].encode()


def near(data, position=-1):
    """The same with one bit changed."""
    changed = bytearray(data)
    changed[position] ^= 1
    return bytes(changed)


RESOLVER_CPUID = b"\x31\xc0\x0f\xa2\xc3".ljust(16, b"\xcc")
RESOLVER_CALL = b"\xe8\x0b\x00\x00\x00\xc3".ljust(16, b"\xcc") + b"\x31\xc0\xc3"
RESOLVER_HELPER = b"\xe8\x0b\x00\x00\x00\xc3".ljust(16, b"\xcc") + RESOLVER_CPUID


def liblzma(version="5.4.1", ifunc=None, **more):
    """A library that passes for liblzma, perhaps with an IFUNC and the resolver's code."""
    symbols = [Symbol("lzma_code", 0, 2), Symbol("lzma_crc64", 0, 2)]
    code = more.pop("code", b"\x0f\x0b".ljust(16, b"\xcc"))
    if ifunc is not None:
        code = code.ljust(-(-len(code) // 16) * 16, b"\xcc")
        symbols[1] = Symbol("lzma_crc64", len(code), 16, STT_IFUNC)
        code += ifunc
    symbols += more.pop("symbols", ())
    rodata = b"\0" + version.encode() + b"\0" + more.pop("rodata", b"")
    return Elf(soname="liblzma.so.5", needed=more.pop("needed", ("libc.so.6",)),
               symbols=tuple(symbols), code=code, rodata=rodata, **more)


def implant(**more):
    """A library with the marks of the implant, none of its code beyond the patterns."""
    return liblzma("5.6.1", ifunc=RESOLVER_CALL, rodata=pattern("IMPLANT-TRIE"),
                   code=pattern("IMPLANT-HOOK"), needed=("libc.so.6", "ld-linux-x86-64.so.2"),
                   symbols=(Symbol("__tls_get_addr"),), **more)


class AuditCase(unittest.TestCase):
    """A test with a folder of its own, and words for what is expected of a report."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="xz-audit-test-")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def put(self, name, content):
        """Writes a file below the test's folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def audit(self, *arguments, status=None):
        """The JSON report of a run; status is the expected exit status."""
        done = run(*arguments, "--json")
        self.assertEqual(done.stderr, b"", arguments)
        report = json.loads(done.stdout)
        SCHEMA.validate(report)
        self.assertEqual(done.returncode, report["exit_status"])
        if status is not None:
            self.assertEqual(done.returncode, status,
                             (report["verdict"], sorted(self.fired(report)),
                              report["not_looked_at"][:3]))
        return report

    def fired(self, report):
        """The ids of the rules that fired."""
        return {finding["rule"] for finding in report["findings"]}

    def finding(self, report, rule):
        """The first finding of a rule."""
        return next(f for f in report["findings"] if f["rule"] == rule)
