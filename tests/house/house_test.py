# SPDX-License-Identifier: 0BSD
"""The rules of the house, applied to the project; a rule is a case.

usage: house_test.py [LIBRARY]
       house_test.py --sources FOLDER    only the rules that need no build

Prints each violation as `file:line: rule: text`. The rules are the functions listed as
RULES in the modules rules_*.py; what may break one is in exceptions.txt.
"""

import os
import pathlib
import subprocess
import sys

import rules_binary
import rules_code
import rules_rooms
import rules_text
import rules_trust
from house_tree import Tree, Violation

HERE = pathlib.Path(__file__).resolve().parent
SOURCE_RULES = (rules_rooms.RULES + rules_text.RULES + rules_code.RULES
                + rules_trust.RULES)
BINARY_RULES = rules_binary.RULES


class Exceptions:
    """The lines of exceptions.txt, and which of them were needed."""

    def __init__(self, path):
        self.path = path
        self.reasons = {}
        self.bad_lines = []
        for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), 1):
            words = line.split(None, 2)
            if not words or words[0].startswith("#"):
                continue
            if len(words) < 3:
                self.bad_lines.append(number)
            else:
                self.reasons[words[0], words[1]] = number
        self.used = set()

    def allow(self, rule, violation):
        """True if the violation is excepted."""
        key = (rule.__name__, violation.file)
        if key in self.reasons:
            self.used.add(key)
        return key in self.reasons

    def violations(self, rules):
        """Lines without a reason, and lines for rules that ran and did not need them."""
        name = self.path.name
        for number in self.bad_lines:
            yield Violation(name, number, "needs a rule, a file and a reason")
        ran = {rule.__name__ for rule in rules}
        for (rule, file), number in self.reasons.items():
            if rule in ran and (rule, file) not in self.used:
                yield Violation(name, number, f"{file} keeps {rule}; take the line out")
            if rule not in {r.__name__ for r in SOURCE_RULES + BINARY_RULES}:
                yield Violation(name, number, f"there is no rule {rule}")


def violations(rule, tree):
    """What a rule finds; what it cannot look at is a violation as well."""
    try:
        return list(rule(tree))
    except (OSError, subprocess.CalledProcessError) as error:
        return [Violation(tree.root.name, 0, f"cannot be looked at: {error}")]


def apply(rules, tree, exceptions):
    """Applies rules, prints violations. Returns (passed, failed) counted in rules."""
    failed = 0
    for rule in rules:
        found = [v for v in violations(rule, tree) if not exceptions.allow(rule, v)]
        for violation in found:
            print(f"{violation.file}:{violation.line}: {rule.__name__}: {violation.text}")
        failed += bool(found)
    stale = list(exceptions.violations(rules))
    for violation in stale:
        print(f"{violation.file}:{violation.line}: exceptions: {violation.text}")
    return len(rules) - failed + (not stale), failed + bool(stale)


def comment_lines(text):
    """How many lines of C text hold a comment."""
    count, inside = 0, False
    for line in text.splitlines():
        opened = inside or "/*" in line
        count += opened or "//" in line
        if opened:
            inside = "*/" not in line.rpartition("/*")[2]
    return count


def print_comment_shares(tree):
    """Shows how much of each room is comment; no rule."""
    print("room      lines  comment")
    for room in tree.rooms():
        text = "".join(tree.text(name) for name in tree.c_files(f"lib/{room}/"))
        lines = text.count("\n")
        if lines:
            print(f"{room:8}{lines:7}{100 * comment_lines(text) / lines:7.0f} %")


def main():
    os.environ.pop("LD_PRELOAD", None)  # the tools that rules call need no sanitizer
    root = HERE.parents[1]
    sources_only = sys.argv[1:2] == ["--sources"]
    if sources_only:
        tree = Tree(pathlib.Path(sys.argv[2]).resolve())
    else:
        tree = Tree(root, os.environ.get("BUILD"), *sys.argv[1:2])
    rules = list(SOURCE_RULES)
    if sources_only:
        pass
    elif os.environ.get("SANITIZED"):
        print("skipped: rules for what was built, this build has sanitizers")
    else:
        rules += BINARY_RULES
    passed, failed = apply(rules, tree, Exceptions(HERE / "exceptions.txt"))
    print_comment_shares(tree)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
