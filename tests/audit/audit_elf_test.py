# SPDX-License-Identifier: 0BSD
"""xz-audit elf: each signature and structure rule, beside something that is nearly it."""

import dataclasses
import unittest

from audit_case import (AuditCase, CLEAN, GAP, MANIPULATED, RESOLVER_CALL, RESOLVER_CPUID,
                        RESOLVER_HELPER, SUSPICIOUS, USAGE, implant, liblzma, near, pattern,
                        run)
from elf_maker import (DT_AUDIT, EM_386, EM_ARM64, EM_S390, Elf, STT_IFUNC, Symbol,
                       make_object)

PARTS = ["IMPLANT-PART-1", "IMPLANT-PART-2", "IMPLANT-PART-3"]


class Signatures(AuditCase):
    """Byte patterns count in the segments where the implant has them."""

    def elf(self, elf, **more):
        content = elf.build() if isinstance(elf, Elf) else elf
        return self.audit("elf", self.put("object.so", content), **more)

    def test_hook(self):
        report = self.elf(Elf(code=pattern("IMPLANT-HOOK")), status=MANIPULATED)
        self.assertEqual(self.fired(report), {"IMPLANT-HOOK", "IMPLANT-HOOK-NO-ENDBR"})
        self.assertEqual(self.finding(report, "IMPLANT-HOOK")["offset"], 0x1000)
        self.assertIn("f3 0f 1e fa 55 48", self.finding(report, "IMPLANT-HOOK")["evidence"])
        report = self.elf(Elf(code=pattern("IMPLANT-HOOK")[4:]), status=MANIPULATED)
        self.assertEqual(self.fired(report), {"IMPLANT-HOOK-NO-ENDBR"})
        for position in (4, 20, -1):
            code = near(pattern("IMPLANT-HOOK"), position)
            self.assertEqual(self.fired(self.elf(Elf(code=code), status=CLEAN)), set())

    def test_hook_elsewhere(self):
        hook = pattern("IMPLANT-HOOK")
        for elf in (Elf(rodata=hook), Elf(data=hook), Elf(trailer=hook)):
            report = self.elf(elf, status=CLEAN)
            self.assertEqual(self.fired(report), {"SIGNATURE-ELSEWHERE"})

    def test_parts(self):
        code = b"".join(map(pattern, PARTS))
        report = self.elf(Elf(code=code), status=MANIPULATED)
        self.assertEqual(self.fired(report), set(PARTS) | {"IMPLANT-PARTS"})
        for left_out in PARTS:
            code = b"".join(pattern(part) for part in PARTS if part != left_out)
            report = self.elf(Elf(code=code), status=SUSPICIOUS)
            self.assertEqual(self.fired(report), set(PARTS) - {left_out})

    def test_gap_in_part(self):
        code = bytearray(pattern("IMPLANT-PART-1"))
        code[22:26] = b"\x11\x22\x33\x44"  # where the call's displacement stands
        self.assertIn("IMPLANT-PART-1", self.fired(self.elf(Elf(code=bytes(code)))))

    def test_trie(self):
        trie = pattern("IMPLANT-TRIE")
        self.elf(Elf(rodata=trie), status=MANIPULATED)
        self.elf(Elf(code=trie), status=MANIPULATED)  # older layouts: one segment
        self.elf(Elf(data=trie), status=CLEAN)
        self.elf(Elf(rodata=near(trie)), status=CLEAN)

    def test_object_has_sections(self):
        report = self.elf(make_object(code=pattern("IMPLANT-HOOK")), status=MANIPULATED)
        self.assertIn("section 1", self.finding(report, "IMPLANT-HOOK")["where"])

    def test_static_copy(self):
        report = self.elf(Elf(rodata=pattern("STATIC-COPY")), status=CLEAN)
        self.assertEqual(report["components"][0]["kind"], "static copy")
        report = self.elf(Elf(rodata=near(pattern("STATIC-COPY"))), status=CLEAN)
        self.assertEqual(report["components"], [])

    def test_program_with_the_library_in_it(self):
        symbols = tuple(Symbol(f"lzma_{number}", 0) for number in range(50))
        for more, kind in (({"interpreter": "/lib/ld.so"}, "static copy"), ({}, "liblzma")):
            report = self.elf(Elf(symbols=symbols, rodata=b"\0005.8.3\0", **more), status=CLEAN)
            self.assertEqual(report["components"][0]["kind"], kind)
            self.assertEqual(report["components"][0]["version"], "5.8.3")

    def test_texts_are_no_implants(self):
        hook = pattern("IMPLANT-HOOK")
        for name, content in (("rule.yar", b"{ " + hook.hex(" ").encode() + b" }"),
                              ("detect.sh", b"grep " + hook.hex().encode())):
            self.assertEqual(self.fired(self.audit("file", self.put(name, content))), set())
        image = self.put("disk.img", bytes(5000) + hook + bytes(100))
        report = self.audit("file", image, status=SUSPICIOUS)
        self.assertEqual(self.fired(report), {"SIGNATURE-DATA"})
        self.audit("file", self.put("disk.img", bytes(5000) + near(hook)), status=CLEAN)


class Structure(AuditCase):
    """What the structure says without a signature."""

    def rules(self, elf, *options):
        content = elf.build() if isinstance(elf, Elf) else elf
        return self.fired(self.audit("elf", self.put("object.so", content), *options))

    def test_whole_implant(self):
        report = self.audit("elf", self.put("liblzma.so.5", implant().build()),
                            status=MANIPULATED)
        self.assertLessEqual({"IMPLANT-HOOK", "IMPLANT-TRIE", "TLS-IMPORT", "LIBLZMA-IFUNC",
                              "LIBLZMA-RESOLVER", "LIBLZMA-LOADER", "LIBLZMA-VERSION"},
                             self.fired(report))
        self.assertEqual(report["verdict"], "manipulated")
        self.assertEqual(report["components"][0]["version"], "5.6.1")

    def test_tls_import(self):
        tls = Symbol("__tls_get_addr")
        self.assertEqual(self.rules(Elf(symbols=(tls,))), {"TLS-IMPORT"})
        self.assertEqual(self.rules(Elf(symbols=(tls,), gnu_hash=True)), {"TLS-IMPORT"})
        self.assertEqual(self.rules(Elf(symbols=(tls,), tls=True)), set())
        for relocation in (16, 17, 18, 36):
            self.assertEqual(self.rules(Elf(symbols=(tls,), relocs=(relocation,))), set())
        self.assertEqual(self.rules(Elf(symbols=(tls,), relocs=(8, 7))), {"TLS-IMPORT"})
        self.assertEqual(self.rules(Elf(symbols=(Symbol("__tls_get_addr", 0),))), set())

    def test_tls_import_of_other_machines(self):
        self.assertEqual(self.rules(Elf(symbols=(Symbol("___tls_get_addr"),), bits=32,
                                        machine=EM_386)), {"TLS-IMPORT"})
        tls = (Symbol("__tls_get_addr"),)
        self.assertEqual(self.rules(Elf(symbols=tls, machine=EM_ARM64)), {"TLS-IMPORT"})
        self.assertEqual(self.rules(Elf(symbols=tls, machine=EM_ARM64, relocs=(1031,))),
                         set())
        # Relocations of this one are not known, so that nothing can be said.
        self.assertEqual(self.rules(Elf(symbols=tls, machine=EM_S390, big=True)), set())

    def test_affected_build_with_clean_content(self):
        path = self.put("liblzma.so.5", liblzma("5.6.1", ifunc=RESOLVER_CPUID).build())
        report = self.audit("elf", path, status=SUSPICIOUS)
        self.assertEqual(report["verdict"], "affected version, clean content")
        self.assertEqual(self.fired(report), {"LIBLZMA-IFUNC", "LIBLZMA-VERSION"})

    def test_resolvers(self):
        self.assertIn("LIBLZMA-RESOLVER", self.rules(liblzma(ifunc=RESOLVER_CALL)))
        self.assertNotIn("LIBLZMA-RESOLVER", self.rules(liblzma(ifunc=RESOLVER_CPUID)))
        self.assertNotIn("LIBLZMA-RESOLVER", self.rules(liblzma(ifunc=RESOLVER_HELPER)))
        libatomic = Elf(soname="libatomic.so.1", code=RESOLVER_CALL,
                        symbols=(Symbol("libat_load_16", 0, 16, STT_IFUNC),))
        self.assertEqual(self.rules(libatomic), set())
        self.assertEqual(self.rules(libatomic, "--explain"), {"IFUNC-ELSEWHERE"})
        # Linked into a program with its symbols, it is still liblzma's.
        program = dataclasses.replace(
            libatomic, soname="", symbols=(Symbol("lzma_crc64", 0, 16, STT_IFUNC),))
        self.assertEqual(self.rules(program), {"LIBLZMA-IFUNC", "LIBLZMA-RESOLVER"})

    def test_versions(self):
        for version, fires in (("5.6.0", True), ("5.6.1", True), ("5.6.2", False),
                               ("5.4.5", False), ("5.6.10", False), ("5.8.1", False)):
            self.assertEqual("LIBLZMA-VERSION" in self.rules(liblzma(version)), fires, version)

    def test_objects(self):
        names = ["lzma_check_init", "lzma_alloc", "lzma_free", "__tls_get_addr"]
        defined = [Symbol("_get_cpuid", 0), Symbol("_cpuid", 0)]
        whole = defined + [Symbol(name) for name in names]
        self.assertEqual(self.rules(make_object(whole)), {"DROPLET-SYMBOLS"})
        for left_out in range(len(whole)):
            some = whole[:left_out] + whole[left_out + 1:]
            self.assertEqual(self.rules(make_object(some)), set(), left_out)
        section = [".text._get_cpuid"]
        for count, fires in ((242, True), (101, True), (100, False), (243, False)):
            rules = self.rules(make_object(section_names=section, sections=count))
            self.assertEqual(rules, {"DROPLET-SECTIONS"} if fires else set(), count)

    def test_segment_with_everything_in_it(self):
        """ld -N makes one that is writable and executable: data in it are loaded too."""
        for rule in ("IMPLANT-HOOK", "IMPLANT-TRIE"):
            for flags in (5, 7):
                file = liblzma(code=pattern(rule) + b"\x0f\x0b", code_flags=flags)
                self.assertIn(rule, self.rules(file), flags)
        self.assertEqual(self.rules(liblzma(data=pattern("IMPLANT-TRIE"))),
                         {"SIGNATURE-ELSEWHERE"})

    def test_audit_module(self):
        self.assertEqual(self.rules(Elf(dynamic=((DT_AUDIT, "libx.so"),))), {"AUDIT-MODULE"})
        self.assertEqual(self.rules(Elf(needed=("libx.so",))), set())

    def test_notes(self):
        self.assertEqual(self.rules(Elf(code_flags=7), "--explain"), {"WRITABLE-CODE"})
        self.assertEqual(self.rules(Elf(dynamic=((22, 0),)), "--explain"),
                         {"TEXT-RELOCATIONS"})
        self.assertEqual(self.rules(Elf(code_flags=7)), set())


class Damage(AuditCase):
    """Files that lie or end early are told as such; nothing reads outside of them."""

    def test_every_cut(self):
        whole = implant().build()
        paths = [self.put(f"cut/{size}", whole[:size])
                 for size in [*range(0, 600, 7), *range(600, len(whole), 97)]]
        report = self.audit("elf", *paths)
        self.assertIn(report["verdict"], ("manipulated", "suspicious"))
        self.assertTrue(report["not_looked_at"])

    def test_damaged_bytes(self):
        whole = implant().build()
        dynamic = whole.rfind(b"\x01\0\0\0\0\0\0\0")
        paths = []
        for start, end in ((16, 64 + 56 * 5), (dynamic, len(whole))):
            for position in range(start, end, 3):
                for value in (0, 0xFF):
                    data = bytearray(whole)
                    data[position] = value
                    paths.append(self.put(f"bad/{position}-{value}", bytes(data)))
        done = run("elf", *paths, "--json")
        self.assertEqual(done.returncode, MANIPULATED)
        self.assertEqual(done.stderr, b"")

    def test_not_elf(self):
        report = self.audit("elf", self.put("a.txt", "no ELF"), status=GAP)
        self.assertEqual(report["not_looked_at"][0]["reason"], "not an ELF file")
        self.assertEqual(report["verdict"], "unknown")

    def test_unreadable(self):
        for path in (self.folder / "missing", self.folder):
            report = self.audit("elf", path, status=GAP)
            self.assertFalse(report["complete"])

    def test_32_bits_and_big_endian(self):
        for bits, big in ((32, False), (32, True), (64, True)):
            elf = liblzma("5.6.1", bits=bits, big=big, machine=EM_S390)
            path = self.put("liblzma.so.5", elf.build())
            self.assertIn("LIBLZMA-VERSION", self.fired(self.audit("elf", path)), (bits, big))


class Commands(AuditCase):
    """--explain, --baseline and wrong usage."""

    def test_explain(self):
        path = self.put("liblzma.so.5", implant().build())
        text = run("elf", "--explain", path).stdout.decode()
        self.assertIn("imports __tls_get_addr  yes", text)
        self.assertIn("0 CPUID, 1 calls, 1 of them out", text)

    def test_baseline(self):
        bad = self.put("a.so", implant().build())
        good = self.put("b.so", liblzma("5.6.1", ifunc=RESOLVER_CPUID).build())
        text = run("elf", "--baseline", bad, good).stdout.decode()
        self.assertIn("! imports __tls_get_addr", text)
        self.assertIn("  audit module", text)
        self.assertEqual(run("elf", "--baseline", bad).returncode, USAGE)

    def test_usage(self):
        for words in ([], ["nothing"], ["elf"], ["host", "x"], ["--max-size"], ["--what"],
                      ["elf", "x", "--max-depth=999"], ["source", "a", "b"],
                      ["source", "a", "--tag", "-x", "--git", "b"],
                      ["source", "a", "--tag", "v1"]):
            done = run(*words)
            self.assertEqual(done.returncode, USAGE, words)
            self.assertTrue(done.stderr.startswith(b"xz-audit: "), words)

    def test_names_cannot_forge(self):
        name = "x\n\nclean: /\n\x1b[2Jmanipulated  IMPLANT-HOOK\u202e"
        path = self.put(name, implant().build())
        text = run("elf", path).stdout.decode()
        self.assertNotIn("\x1b", text)
        self.assertNotIn("\u202e", text)
        self.assertEqual([line for line in text.splitlines() if line.startswith("clean")], [])
        self.assertEqual(self.audit("elf", path)["findings"][0]["object"],
                         str(path).replace("\u202e", "\ufffd" * 3))


if __name__ == "__main__":
    unittest.main(argv=["audit_elf_test"])
