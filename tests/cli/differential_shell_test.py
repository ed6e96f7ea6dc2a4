#!/usr/bin/python3
# SPDX-License-Identifier: 0BSD
"""Runs lines of shell with a reference xz and with ours in the path, and compares.

differential_test.py compares single commands; here are redirections, closed files, pipes,
links, modes and what several commands do in turn. Compared are the exit status, standard
output, whether there are messages, and the directory afterwards, as there. The lines are
in differential_shell.txt; what differs on purpose is not among them.

    XZ=build/bin/xz /usr/bin/python3 tests/cli/differential_shell_test.py [-v] [--only WORD]
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from differential_cases import REFERENCE, make_contents, populate
from differential_test import XZ, compare_trees, same_data, snapshot

LINES = pathlib.Path(__file__).with_name("differential_shell.txt")
NAMES = ("xz", "unxz", "xzcat", "lzma", "unlzma", "lzcat", "xzdiff", "xzcmp", "lzdiff", "xzgrep",
         "xzegrep", "xzfgrep", "lzgrep")
FILES = """a b empty big zeros noise a.xz big.xz zeros.xz a.lzma a.lz a.raw a.txz a.tlz multi.xz
pad.xz badpad.xz garbage.xz cut500.xz bad900.xz check13.xz notxz.xz sha.xz x86.xz empty.xz two.lz
wrong.lzma unknown.suffix plain exists exists.xz names names0 -dash""".split() + ["with space",
                                                                                  "new\nline"]
SPECIAL = set("link link.xz dangling hard1 suid sgid sticky fifo mode444 mode600".split())
NOBODY = "@nobody "


def make_path(directory, program):
    """A directory with all names of a program, for PATH."""
    os.mkdir(directory)
    for name in NAMES:
        found = os.path.join(os.path.dirname(program), name)
        if os.path.exists(found):
            os.symlink(os.path.abspath(found), os.path.join(directory, name))
    return directory


def nobody_can_run(program):
    """True if another user may be tried, and reaches the program."""
    if os.geteuid() != 0:
        return False
    try:
        return subprocess.run([program, "--version"], user=65534, group=65534, extra_groups=[],
                              capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(line, path, directory, contents):
    """(the shell's end, the directory after it)"""
    options = {"env": {"PATH": f"{path}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}}
    populate(directory, contents, SPECIAL)
    if line.startswith(NOBODY):
        os.chmod(".", 0o777)
        options.update(user=65534, group=65534, extra_groups=[])
    done = subprocess.run(["sh", "-c", line.removeprefix(NOBODY)], stdin=subprocess.DEVNULL,
                          capture_output=True, check=False, timeout=120, **options)
    return done, snapshot()


def compare(line, paths, contents, work):
    """None, or what differs."""
    results = []
    for label, path in paths.items():
        directory = os.path.join(work, label)
        results.append(run(line, path, directory, contents))
        os.chdir(work)
        subprocess.run(["chmod", "-R", "u+rwx", directory], check=False)
        shutil.rmtree(directory)
    (ours, our_tree), (theirs, their_tree) = results
    said = f"{ours.stderr.decode(errors='replace')!r} {theirs.stderr.decode(errors='replace')!r}"
    if ours.returncode != theirs.returncode:
        return f"exit status {ours.returncode}, reference {theirs.returncode}; {said}"
    if not same_data(ours.stdout, theirs.stdout):
        return f"standard output {ours.stdout[-300:]!r}, reference {theirs.stdout[-300:]!r}; {said}"
    if bool(ours.stderr) != bool(theirs.stderr):
        return f"messages {said}"
    return compare_trees(our_tree, their_tree, contents, False)


def main():
    wanted = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv[:-1] else ""
    if not os.path.exists(REFERENCE) or os.environ.get("SANITIZED"):
        print("ok differential # SKIP no reference program, or scripts with a sanitizer")
        print("0 passed, 0 failed")
        return 0
    everything = make_contents()
    contents = {name: everything[name] for name in FILES}
    lines = [line for line in LINES.read_text().splitlines() if line and line[0] != "#"]
    passed = failed = 0
    shm = "/dev/shm" if os.path.isdir("/dev/shm") else None # syncing costs nothing there
    with tempfile.TemporaryDirectory(prefix="xzdiff", dir=shm) as work:
        os.chmod(work, 0o755)
        paths = {"ours": make_path(os.path.join(work, "bin1"), XZ),
                 "reference": make_path(os.path.join(work, "bin2"), REFERENCE)}
        if not nobody_can_run(XZ):
            lines = [line for line in lines if not line.startswith(NOBODY)]
        for line in lines:
            if wanted not in line:
                continue
            why = compare(line, paths, contents, work)
            passed, failed = passed + (why is None), failed + (why is not None)
            if why is not None or "-v" in sys.argv:
                print(f"{'ok' if why is None else 'not ok'} {line}\n    {why or ''}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
