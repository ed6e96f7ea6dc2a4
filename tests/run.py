# SPDX-License-Identifier: 0BSD
"""Runs the tests of one build and counts what they say.

usage: run.py --build DIR [--jobs N] [--only TEXT] [--verbose]

A test is a program that needs no input: C programs in DIR/tests/*/, tests/*/*_test.py,
tests/*/*_test.sh, tests/cli/*.sh. Each gets the library under test as its argument and finds in its
environment
    XZ         the xz command under test
    LZMA_LIB   the shared library under test (the same as its argument)
    BUILD      the build directory
It passes if its exit status is 0. How many cases it held is read from its closing
lines: `N passed, N failed`, or cmocka's; a test that says nothing counts as one.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TIME_LIMIT = 900  # seconds a test may take

PLAIN = re.compile(r"^(\d+) passed, (\d+) failed", re.M)
CMOCKA_PASSED = re.compile(r"\[  PASSED  \] (\d+) test\(s\)")
CMOCKA_FAILED = re.compile(r"\[  FAILED  \] .*?(\d+) test\(s\)")
UNITTEST = re.compile(r"^Ran (\d+) tests? in", re.M)
COMPLAINT = re.compile(r"not ok|\[  (ERROR|FAILED)|^(FAIL|ERROR)|Error|==\d+==|took too long")


def find_tests(build):
    """All tests as (name, command without the library argument)."""
    tests = []
    for source in sorted(ROOT.glob("tests/*/*_test.c")):
        name = f"{source.parent.name}/{source.stem}"
        tests.append((name, [str(build / "tests" / name)]))
    for source in sorted(ROOT.glob("tests/*/*_test.py")):
        tests.append((f"{source.parent.name}/{source.name}", [sys.executable, str(source)]))
    scripts = set(ROOT.glob("tests/*/*_test.sh")) | set(ROOT.glob("tests/cli/*.sh"))
    for source in sorted(scripts - set(ROOT.glob("tests/cli/*lib.sh"))):
        tests.append((f"{source.parent.name}/{source.name}", ["sh", str(source)]))
    return tests


def count(output, status):
    """(passed, failed) as the output's closing lines tell, never better than status."""
    passed = failed = 0
    plain = PLAIN.findall(output)
    if plain:
        passed, failed = int(plain[-1][0]), int(plain[-1][1])
    else:
        passed = sum(map(int, CMOCKA_PASSED.findall(output)))
        failed = sum(map(int, CMOCKA_FAILED.findall(output)))
        ran = UNITTEST.findall(output)
        if ran and passed == 0:
            passed = int(ran[-1])
        if status != 0 and failed == 0 and ran:
            passed, failed = max(0, passed - 1), 1
    if passed + failed == 0:
        passed = 1 if status == 0 else 0
    if status != 0 and failed == 0:
        failed = 1
    return passed, failed


def complaints_in(output):
    """The lines of output that say what failed; its last ones if none does."""
    lines = output.strip().splitlines()
    found = [line for line in lines if COMPLAINT.search(line)]
    return [f"    {line[:400]}" for line in (found or lines)[-12:]]


def run_test(test, library, environment):
    """Runs one test; returns (name, passed, failed, seconds, output)."""
    name, command = test
    if command[0] == sys.executable and "PYTHON_PRELOAD" in environment:
        environment = dict(environment, LD_PRELOAD=environment["PYTHON_PRELOAD"])
        environment["ASAN_OPTIONS"] = "detect_leaks=0"  # the interpreter's own
    start = time.monotonic()
    try:
        done = subprocess.run(command + [str(library)], cwd=ROOT, env=environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=TIME_LIMIT, check=False)
        output, status = done.stdout.decode("utf-8", "replace"), done.returncode
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b"").decode("utf-8", "replace") + "\ntook too long"
        status = 1
    except OSError as error:
        output, status = f"cannot run: {error}", 1
    passed, failed = count(output, status)
    return name, passed, failed, time.monotonic() - start, output


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="run tests whose name holds this text")
    parser.add_argument("--verbose", action="store_true", help="show all output")
    options = parser.parse_args()
    build = (ROOT / options.build).resolve()
    library = build / "lib" / "liblzma.so.5"
    environment = dict(os.environ, XZ=str(build / "bin" / "xz"), LZMA_LIB=str(library),
                       BUILD=str(build), LC_ALL="C.UTF-8")
    for name in ("XZ_OPT", "XZ_DEFAULTS"):
        environment.pop(name, None)

    tests = [test for test in find_tests(build) if options.only in test[0]]
    total_passed = total_failed = 0
    complaints = []  # of the tests that failed: told again at the end, where they are seen
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        jobs = [pool.submit(run_test, test, library, environment) for test in tests]
        for job in concurrent.futures.as_completed(jobs):
            name, passed, failed, seconds, output = job.result()
            total_passed += passed
            total_failed += failed
            verdict = "ok    " if failed == 0 else "FAILED"
            print(f"{verdict} {name:44} {passed:6} passed {seconds:7.1f} s", flush=True)
            if failed:
                complaints.append(f"FAILED {name}")
                complaints += complaints_in(output)
            if failed or options.verbose:
                print("    " + output.strip().replace("\n", "\n    ")[-6000:], flush=True)
    if complaints:
        print("-- What failed", *complaints, sep="\n")
    print(f"{total_passed} passed, {total_failed} failed")
    return 1 if total_failed or total_passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
