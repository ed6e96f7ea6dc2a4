# SPDX-License-Identifier: 0BSD
"""make check: every build that must work, and the tests of those that run them.

Ends with one line `N passed, N failed` over everything; a build counts as one case.
"""

import argparse
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOTAL = re.compile(r"^(\d+) passed, (\d+) failed$", re.M)

# A command with the runtimes in it starts sooner.
STATIC_RUNTIMES = "-static-libasan -static-libubsan"
SANITIZE = ("-O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined "
            "-fno-sanitize-recover=all -DXZ_CHECK")
# README's command, but not optimized.
DIRECT = ("{cc} -O0 -pthread -Iinclude -Ilib lib/*/*.c tools/common/*.c tools/xz/*.c "
          "-o {out}")


class Tally:
    """What has passed and failed so far."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.complaints = []  # told again at the end, where they are seen

    def step(self, name, command, environment=None):
        """A command that must succeed; counts as one case."""
        start = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, shell=isinstance(command, str),
                              env=environment, stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        seconds = time.monotonic() - start
        good = done.returncode == 0
        self.passed += good
        self.failed += not good
        print(f"{'ok    ' if good else 'FAILED'} {name:52} {seconds:7.1f} s", flush=True)
        if not good:
            self.complaints.append(f"FAILED {name}")
            print(done.stdout.decode("utf-8", "replace")[-6000:], flush=True)
        return good

    def tests(self, command, environment=None):
        """A run of tests/run.py, shown as it goes."""
        with subprocess.Popen(command, cwd=ROOT, env=environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as run:
            last, telling = "", False
            for line in run.stdout:
                telling = telling or line.startswith("-- What failed")
                if TOTAL.match(line):
                    last = line
                elif telling:
                    self.complaints.append(line.rstrip())
                else:
                    print(line, end="", flush=True)
        totals = TOTAL.match(last)
        if totals is None:
            self.failed += 1
            return
        self.passed += int(totals[1])
        self.failed += int(totals[2])


def preload(name):
    """Path of a sanitizer's runtime, for programs that load our library."""
    found = subprocess.run(["gcc", f"-print-file-name={name}"], check=True,
                           stdout=subprocess.PIPE, text=True)
    return os.path.realpath(found.stdout.strip())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--make", default="make")
    parser.add_argument("--jobs", default="2")
    options = parser.parse_args()
    make = shlex.split(options.make) + ["-j", options.jobs]
    run = [sys.executable, "tests/run.py", "--jobs", options.jobs]
    tally = Tally()

    others = [("a Debian system on our liblzma", "sh tests/clients/debian_root.sh "
               "build/lib/liblzma.so.5"),
              ("build with clang", f"{options.make} CC=clang CFLAGS=-O1 B=build/clang all audit")]
    for compiler in ("gcc", "clang"):
        out = f"build/{compiler}-direct-xz"
        others.append((f"build with one {compiler} command, no make",
                       DIRECT.format(cc=compiler, out=out)))

    print("-- As built: gcc, and other builds beside its tests", flush=True)
    if tally.step("build with gcc", make + ["CC=gcc", "test-programs"]):
        also = [word for other in others for word in ("--also", *other)]
        # With flags of the builder, reproduce_test.sh makes both of its builds itself.
        has_flags = "=" in os.environ.get("MAKEFLAGS", "")
        built = dict(os.environ, **({} if has_flags else {"BUILT_BY": "gcc"}))
        tally.tests(run + ["--build", "build", *also], built)
    else:
        for other in others[1:]:
            tally.step(*other)

    print("-- With AddressSanitizer and UndefinedBehaviorSanitizer", flush=True)
    sanitized = dict(os.environ, ASAN_OPTIONS="detect_stack_use_after_return=1",
                     PYTHON_PRELOAD=f"{preload('libasan.so')} {preload('libubsan.so')}",
                     SANITIZED="1")
    if tally.step("build with sanitizers",
                  make + ["CC=gcc", "B=build/asan", f"CFLAGS={SANITIZE}", "HARDEN=",
                          "SO_DEFS=", f"COMMAND_LD={STATIC_RUNTIMES}", "test-programs"]):
        tally.tests(run + ["--build", "build/asan"], sanitized)

    for line in tally.complaints:
        print(line)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
