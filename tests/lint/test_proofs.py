#!/usr/bin/env python3
"""test_proofs.py - docs/proofs.md names ten promises, and tests and files that are there.

    tests/lint/test_proofs.py ROOT BUILD
"""
import fnmatch
import os
import re
import sys

PROMISES = ["Durable", "Terminates", "Visible means complete", "One visible effect", "Fenced", "Recovers",
            "Contained", "Notifications", "Fails closed", "No secret"]
TEST = re.compile(r"(?:sim|lint|e2e|unit|fault|contract|api|abi|cli|fuzz|docs|cloud)(?:-[\w*]+)*$")
FILE = re.compile(r"(?:tests|core|plugins|docs)/[\w./-]+$")
INVARIANT = re.compile(r"[A-Z]+(?:_[A-Z]+)+$|DURABLE$|TERMINATES$|FENCED$|RECOVERS$|NOTIFICATIONS$")


def tests_of(build):
    """From what CMake wrote: asking ctest would overwrite the log of the run that asks."""
    tests = []
    for folder, _, files in os.walk(build):
        if "CTestTestfile.cmake" in files:
            with open(os.path.join(folder, "CTestTestfile.cmake")) as file:
                tests += re.findall(r"^add_test\(\[=\[(.+?)\]=\]", file.read(), re.MULTILINE)
    return tests


def unit_file(root, name):
    """unit-<folder>-<file> is tests/unit/<folder>/test_<file>.c, built only where its subject is."""
    words = name.split("-")
    return any(os.path.exists(os.path.join(root, "tests/unit", "-".join(words[1:n]),
                                           f"test_{'-'.join(words[n:])}.c"))
               for n in range(2, len(words)))


def faults(root, build):
    with open(os.path.join(root, "docs/proofs.md")) as file:
        lines = file.read().splitlines()
    with open(os.path.join(root, "tests/sim/promise.h")) as file:
        invariants = set(re.findall(r"^\t([A-Z_]+)(?: = 1)?,?$", file.read(), re.MULTILINE))
    tests = tests_of(build)
    rows = {}
    for number, line in enumerate(lines, 1):
        row = re.match(r"\| (\d+) \| \*\*(.+?)\*\*", line)
        if row:
            rows[int(row.group(1))] = (row.group(2), re.findall(r"`([^`]+)`", line.split("|")[4]))
        for quoted in re.findall(r"`([^`]+)`", line):
            word = quoted.split()[0]
            if FILE.match(word) and not os.path.exists(os.path.join(root, word)):
                yield number, f"{word} is not there"
            elif TEST.match(quoted) and not fnmatch.filter(tests, quoted) and \
                    not unit_file(root, quoted):
                yield number, f"{quoted} is no test"
            elif row and INVARIANT.match(quoted) and quoted not in invariants:
                yield number, f"{quoted} is no promise of tests/sim/promise.h"
    for number, name in enumerate(PROMISES, 1):
        if rows.get(number, ("", []))[0] != name:
            yield 1, f"promise {number} is not there: {name}"
        elif not rows[number][1]:
            yield 1, f"promise {number} names no test"


def main():
    found = list(faults(*sys.argv[1:3]))
    for number, text in found:
        print(f"docs/proofs.md:{number}: {text}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
