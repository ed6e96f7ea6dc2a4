# SPDX-License-Identifier: 0BSD
"""Runs the tests of one build and counts what they say.

usage: run.py --build DIR [--jobs N] [--only TEXT] [--also NAME COMMAND]... [--verbose]

A test is a program that needs no input: C programs in DIR/tests/*/, tests/*/*_test.py,
tests/*/*_test.sh, tests/cli/*.sh. Each gets the library under test as its argument and finds in its
environment
    XZ         the xz command under test
    LZMA_LIB   the shared library under test (the same as its argument)
    BUILD      the build directory
It passes if its exit status is 0. How many cases it held is read from its closing
lines: `N passed, N failed`, or cmocka's; a test that says nothing counts as one.
Those that take longest begin first, so that all cores are busy until the end.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TIME_LIMIT = 900  # seconds a test may take

# What takes longest, in seconds of CPU as they are printed, mostly with sanitizers.
LONGEST = """
    release/reproduce_test.sh  stream/parts_test  roundtrip/enc_calls_test.sh
    cli/differential_test.py  vectors/memcheck_test.sh  stream/enc_finder_test
    roundtrip/matrix_test.py  roundtrip/size_test.py  unit/lzma_enc_test
    roundtrip/alloc_failure_test  abi/encoder_diff_test.py  cli/batch_names.sh
    unit/parse_test  roundtrip/cross_check_test.py  unit/match_test
    kernels/neighbours_test  abi/decoder_diff_test.py  cli/relay_test.py
    cli/progress.sh  house/builder_flags_test.sh  vectors/vectors_test.sh  cli/effort.sh
    cli/batch.sh  cli/roundtrip.sh  vectors/fuzz_replay_test.sh  audit/audit_host_test.py
    cli/threads.sh  audit/audit_image_test.py  abi/threads_diff_test.py
""".split()

# What does not run the code of the build, or makes a build of its own, which is the same
# each time: left out where this is the second run, with sanitizers.
ONCE = """
    house/house_test.py  house/house_rules_test.py  roundtrip/minimal_test.py
""".split()

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
    rank = {name: place for place, name in enumerate(LONGEST)}
    return sorted(tests, key=lambda test: rank.get(test[0], len(LONGEST)))


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


def run_program(command, environment):
    """Runs a command; returns (exit status, output, seconds of CPU with its children's)."""
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as program:
        killed = []

        def kill():
            killed.append(program.pid)
            os.kill(program.pid, signal.SIGKILL)

        timer = threading.Timer(TIME_LIMIT, kill)
        timer.start()
        output = program.stdout.read().decode("utf-8", "replace")
        # Not reaped yet: its number is still its own when the timer fires.
        os.waitid(os.P_PID, program.pid, os.WEXITED | os.WNOWAIT)
        timer.cancel()
        timer.join()
        _, status, used = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
    if killed:
        output += "\ntook too long"
    return program.returncode, output, used.ru_utime + used.ru_stime


def run_test(test, library, environment):
    """Runs one test; returns (name, passed, failed, seconds, those of CPU, output)."""
    name, command = test
    if command[0] == sys.executable and "PYTHON_PRELOAD" in environment:
        environment = dict(environment, ASAN_OPTIONS="detect_leaks=0")  # Python's own
        if "ctypes" in pathlib.Path(command[1]).read_text("utf-8"):  # loads the library
            environment["LD_PRELOAD"] = environment["PYTHON_PRELOAD"]
    start = time.monotonic()
    cpu = 0.0
    try:
        status, output, cpu = run_program(command + [str(library)], environment)
    except OSError as error:
        output, status = f"cannot run: {error}", 1
    passed, failed = count(output, status)
    return name, passed, failed, time.monotonic() - start, cpu, output


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="run tests whose name holds this text")
    parser.add_argument("--also", nargs=2, action="append", default=[],
                        metavar=("NAME", "COMMAND"), help="a shell command as a test")
    parser.add_argument("--verbose", action="store_true", help="show all output")
    options = parser.parse_args()
    build = (ROOT / options.build).resolve()
    library = build / "lib" / "liblzma.so.5"
    environment = dict(os.environ, XZ=str(build / "bin" / "xz"), LZMA_LIB=str(library),
                       BUILD=str(build), LC_ALL="C.UTF-8")
    for name in ("XZ_OPT", "XZ_DEFAULTS"):
        environment.pop(name, None)

    tests = [(name, ["sh", "-c", command]) for name, command in options.also]
    left_out = ONCE if os.environ.get("SANITIZED") and not options.only else ()
    tests += [test for test in find_tests(build)
              if options.only in test[0] and test[0] not in left_out]
    total_passed = total_failed = 0
    complaints = []  # of the tests that failed: told again at the end, where they are seen
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        jobs = [pool.submit(run_test, test, library, environment) for test in tests]
        for job in concurrent.futures.as_completed(jobs):
            name, passed, failed, seconds, cpu, output = job.result()
            total_passed += passed
            total_failed += failed
            verdict = "ok    " if failed == 0 else "FAILED"
            print(f"{verdict} {name:44} {passed:6} passed {seconds:7.1f} s, "
                  f"{cpu:6.1f} s CPU", flush=True)
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
