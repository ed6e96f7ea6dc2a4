# SPDX-License-Identifier: 0BSD
"""Each rule of scripts/check-binary catches a build that breaks it, and no good one.

usage: check_binary_test.py [LIBRARY]

The bad builds are one small C text each, with the flag or the line that is wrong. Then
the real library, archive and commands go through all rules and the budget.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from cases import ROOT, Cases, library_path  # noqa: E402

CHECK = ROOT / "scripts" / "check-binary"

GOOD = """#include <string.h>
int keep(const char *from, unsigned size);
int keep(const char *from, unsigned size)
{
    char copy[64];
    memcpy(copy, from, size);
    return copy[size / 2];
}
"""
MAIN = "int main(int n, char **v) { return keep(v[0], (unsigned)n); }\n"
FLAGS = ["-O2", "-fPIC", "-fcf-protection", "-mbranch-protection=standard",
         "-fstack-protector-strong", "-D_FORTIFY_SOURCE=2", "-Wno-stringop-overflow"]
LINK = ["-Wl,-z,relro,-z,now,-z,noexecstack"]
SO_LINK = ["-shared", "-nostartfiles"]
POLICY = """[library]
needs libc.so.6 ld-linux*
imports __*_chk __stack_chk_fail __cxa_finalize __gmon_start__ _ITM_*
exports keep
[commands]
needs libc.so.6 ld-linux*
imports __*_chk __stack_chk_fail __cxa_finalize __gmon_start__ _ITM_* __libc_start_main
"""

# (rule, kind of file, C text that is added, compiler flags, linker flags)
BAD = [
    ("no_ifunc", "so", "static int one(void) { return 1; }\n"
     "static int (*pick(void))(void) { return one; }\n"
     "__attribute__((visibility(\"hidden\"), ifunc(\"pick\"))) int early(void);\n"
     "__attribute__((visibility(\"hidden\"))) int (*slot)(void) = early;\n", [], []),
    ("no_start_up_code", "so",
     "static int n; __attribute__((constructor)) static void f(void) { n++; }\n", [], []),
    ("no_start_up_code", "so",
     "static int n; __attribute__((destructor)) static void f(void) { n++; }\n", [], []),
    ("no_start_up_code", "so", "", [], ["-Wl,-init,keep"]),
    ("no_start_up_code", "so", "", [], ["-Wl,-fini,keep"]),
    ("no_start_up_code", "a",
     "static int n; __attribute__((constructor)) static void f(void) { n++; }\n", [], []),
    ("no_start_up_code", "exe",
     "static int n; __attribute__((constructor)) static void f(void) { n++; }\n", [], []),
    ("no_text_relocation", "so", "__asm__(\".text\\n.quad keep\\n\");\n", [],
     ["-Wl,-z,notext"]),
    ("full_relro", "so", "", [], ["-Wl,-z,norelro"]),
    ("full_relro", "so", "", [], ["-Wl,-z,lazy"]),
    ("full_relro", "exe", "", [], ["-Wl,-z,lazy"]),
    ("no_executable_stack", "so", "", [], ["-Wl,-z,execstack"]),
    ("no_executable_stack", "exe", "", [], ["-Wl,-z,execstack"]),
    ("no_writable_code", "so", "__asm__(\".section .wx,\\\"awx\\\",@progbits\\n"
     ".quad 0\\n.text\\n\");\n", [], []),
    ("branch_marks", "a", "", ["-fcf-protection=none", "-mbranch-protection=none"], []),
    ("no_thread_local", "so", "static _Thread_local int n;\n"
     "__attribute__((visibility(\"hidden\"))) int f(void) { return n++; }\n", [], []),
    ("needed", "so", "#include <math.h>\n__attribute__((visibility(\"hidden\"))) "
     "double f(double a) { return sin(a); }\n", [], ["-Wl,--no-as-needed", "-lm"]),
    ("needed", "so", "", [], ["-Wl,-rpath,/opt/lib"]),
    ("needed", "exe", "", [], ["-Wl,-rpath,/opt/lib"]),
    ("imported", "so", "#include <stdlib.h>\n__attribute__((visibility(\"hidden\"))) "
     "int f(void) { return system(\"id\"); }\n", [], []),
    ("imported", "exe", "#include <stdlib.h>\n__attribute__((visibility(\"hidden\"))) "
     "char *f(void) { return getenv(\"A\"); }\nchar *(*const g)(void) = f;\n", [], []),
    ("exported", "so", "int more(void) { return 1; }\n", [], []),
    ("exported", "so", "__asm__(\".hidden keep\");\n", [], []),
    ("exported", "so", "int datum = 1;\n", [], []),
    ("hardened", "so", "", ["-fno-stack-protector"], []),
    ("hardened", "so", "", ["-U_FORTIFY_SOURCE"], []),
    ("no_build_path", "so", f"static const char *const where = \"{ROOT}/a.c\";\n"
     "__attribute__((visibility(\"hidden\"))) const char *const *f(void) "
     "{ return &where; }\n", [], []),
]


def supported(wanted):
    """The flags that the compiler takes: some are another processor's."""
    flags = []
    for flag in wanted:
        done = subprocess.run(["cc", flag, "-x", "c", "-c", "-", "-o", os.devnull], input=b"",
                              stderr=subprocess.DEVNULL, check=False)
        if done.returncode == 0:
            flags.append(flag)
    return flags


def build(folder, kind, text, flags, link):
    """Builds a library, a command or an archive; returns its path."""
    folder = pathlib.Path(folder)
    (folder / "part.c").write_text(GOOD + text + (MAIN if kind == "exe" else ""),
                                   encoding="ascii")
    part = folder / "part.o"
    subprocess.run(["cc", *flags, "-c", folder / "part.c", "-o", part], check=True)
    if kind == "a":
        subprocess.run(["ar", "rcs", folder / "part.a", part], check=True)
        return folder / "part.a"
    target = folder / ("part.so" if kind == "so" else "part")
    link = [*(SO_LINK if kind == "so" else []), *LINK, *link]
    subprocess.run(["cc", *link, part, "-o", target], check=True,
                   stderr=subprocess.DEVNULL)
    return target


def check(folder, target, *more):
    """What check-binary prints, and its status."""
    policy = pathlib.Path(folder) / "policy.txt"
    policy.write_text(POLICY, encoding="ascii")
    done = subprocess.run([sys.executable, CHECK, "--policy", policy, *more, target],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    return done.stdout, done.returncode


def check_bad(cases, flags):
    rules = set()
    for rule, kind, text, more, link in BAD:
        rules.add(rule)
        with tempfile.TemporaryDirectory() as folder:
            target = build(folder, kind, text, flags + supported(more), link)
            said, status = check(folder, target)
            cases.check(status == 1 and f": {rule}: " in said,
                       f"{rule} does not see {kind} {text} {more} {link}: {said}")
    listed = subprocess.run(["sed", "-n", "/^RULES/,/]/p", CHECK], check=True, text=True,
                            stdout=subprocess.PIPE).stdout
    for rule in listed.split("[", 1)[1].strip(" ]\n").replace("\n", " ").split(","):
        cases.check(rule.strip() in rules, f"{rule} has no bad build")


def check_good(cases, flags):
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("so", "exe", "a"):
            said, status = check(folder, build(folder, kind, "", flags, []))
            cases.check(status == 0, f"a good {kind}: {said}")
        target = build(folder, "so", "", flags, [])
        budget = pathlib.Path(folder) / "budget.txt"
        for text, wanted in (("part.so .text 0\n", 1), ("# nothing\n", 1)):
            budget.write_text(text, encoding="ascii")
            said, status = check(folder, target, "--budget", budget)
            cases.check(status == wanted and "over_budget" in said, f"budget: {said}")
        said, status = check(folder, pathlib.Path(folder) / "none.so")
        cases.check(status == 2, "a file that is not there")


def check_built(cases, library):
    """What this build made."""
    bin_folder = library.parents[1] / "bin"
    commands = sorted(path for path in bin_folder.iterdir()
                      if not path.is_symlink() and path.read_bytes()[:4] == b"\x7fELF")
    done = subprocess.run([sys.executable, CHECK, "--budget", ROOT / "scripts/binary-budget.txt",
                           library.resolve(), library.with_name("liblzma.a"), *commands],
                          stdout=subprocess.PIPE, text=True, check=False)
    cases.check(done.returncode == 0, done.stdout)


def main():
    os.environ.pop("LD_PRELOAD", None)
    cases = Cases()
    if os.environ.get("SANITIZED"):
        print("skipped: this build has sanitizers")
        cases.check(True, "")
    else:
        flags = supported(FLAGS)
        check_good(cases, flags)
        check_bad(cases, flags)
        check_built(cases, pathlib.Path(library_path()))
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
