#!/usr/bin/env python3
# run.py - every unit and contract test, over and over, each time without another allocation.
#
#   tests/fault/memory/run.py BUILD [PATTERN …] [--shallow N] [--seed N] [--onward]
#   tests/fault/memory/run.py BUILD unit-server-http --case 3 --number 17
#
# BUILD is a debug build, best with the address sanitizer: then leaks are found, too. A test may
# fail when it got no memory. It may not crash, hang, leak or upset a sanitizer.
import argparse
import collections
import concurrent.futures
import fnmatch
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))

OURS, PASSES_ON = 1, 2
# Jansson's allocator, where we put ourselves in: who called jansson is asked.
PASSES_ON_FILES = ("core/support/json_memory.c", "plugins/meta-local/json_memory.c")
# Tests of these plugins would test mocks and templates.
PLUGINS = ("storage-local", "queue-local", "compute-local", "meta-local", "codec-ffmpeg")


def project_path(path):
    """A path of the debug information, which may be relative to anything, below the project."""
    if path.startswith(ROOT + "/"):
        path = path[len(ROOT):]
    found = re.search(r"(?:^|/)((?:core|plugins|tests)/.*)$", os.path.normpath(path))
    return None if found is None or path.startswith("/usr/") else found.group(1)


def source_of(path):
    """The same; None when it is a test's."""
    path = project_path(path)
    return None if path is None or path.startswith("tests/") else path


def ranges_of(module):
    """(begin, end, kind) of all code of ours in a program or shared object."""
    text = subprocess.run(["readelf", "--debug-dump=info", "--dwarf-depth=1", "--wide", module],
                          capture_output=True, text=True, errors="replace").stdout
    kinds = {}
    offset = None
    for line in text.splitlines():
        unit = re.search(r"Compilation Unit @ offset (0x[0-9a-f]+|0)", line)
        name = re.search(r"DW_AT_name\s*: (?:\(.*\): )?(.*?)\s*$", line)
        if unit:
            offset = int(unit.group(1), 16)
        elif name and offset is not None and offset not in kinds:
            path = source_of(name.group(1))
            kinds[offset] = 0 if path is None else PASSES_ON if path in PASSES_ON_FILES else OURS
    text = subprocess.run(["readelf", "--debug-dump=aranges", "--wide", module],
                          capture_output=True, text=True, errors="replace").stdout
    ranges = []
    kind = 0
    for line in text.splitlines():
        unit = re.search(r"Offset into .debug_info:\s*(0x[0-9a-f]+|0)", line)
        pair = re.match(r"\s+([0-9a-f]{8,16}) ([0-9a-f]{8,16})\s*$", line)
        if unit:
            kind = kinds.get(int(unit.group(1), 16), 0)
        elif pair and kind and int(pair.group(2), 16):
            begin = int(pair.group(1), 16)
            ranges.append((begin, begin + int(pair.group(2), 16), kind))
    return ranges


def write_ranges(path, modules):
    lines = []
    for module in sorted(modules):
        lines += ["%x %x %d %s\n" % (*one, module) for one in sorted(ranges_of(module))]
    with open(path, "w") as file:
        file.writelines(lines)
    return len(lines)


def find_tests(build, patterns):
    """name -> (command, environment) of the tests that are to be run."""
    told = json.loads(subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"],
                                     capture_output=True, text=True, check=True).stdout)
    tests = {}
    for test in told["tests"]:
        name = test["name"]
        kind, _, plugin = name.partition("-")
        environment = [p["value"] for p in test["properties"] if p["name"] == "ENVIRONMENT"]
        if kind not in ("unit", "contract") or "command" not in test:
            continue
        if kind == "contract" and plugin not in PLUGINS:
            continue
        if not patterns or any(fnmatch.fnmatch(name, p) for p in patterns):
            tests[name] = (test["command"], dict(v.split("=", 1) for v in sum(environment, [])))
    return tests


def where(module, offset, cache={}):
    key = (module, offset)
    if key not in cache:
        told = subprocess.run(["addr2line", "-fe", module, offset], capture_output=True,
                              text=True).stdout.split()
        cache[key] = told[:2] if len(told) >= 2 else ["?", "?"]
    return cache[key]


class Finding:
    def __init__(self, path):
        _, self.case, self.number = os.path.basename(path).split(".")
        with open(path, errors="replace") as file:
            self.text = file.read()
        self.what = re.findall(r"^found: (.*)$", self.text, re.M)[-1]
        self.said = re.findall(r"^.*(?:ERROR: |SUMMARY: |runtime error).*$", self.text, re.M)[:2]
        refused, _, crashed = self.text.partition("\ncrashed:\n")
        self.stack = self.frames_of(refused)
        self.is_excused = self.blames_test(crashed) or self.is_unsure()

    @staticmethod
    def frames_of(text):
        named = [where(m, o) for m, o in re.findall(r"^at (\S+)\+(0x[0-9a-f]+)$", text, re.M)]
        return ["%s %s" % (function, project_path(line)) for function, line in named
                if Finding.counts(line)]

    @staticmethod
    def counts(line):
        path = project_path(line)
        return path is not None and not path.startswith("tests/fault/memory/")

    def is_unsure(self):
        """The leak sanitizer could not stop all threads of a process, and says so."""
        return ("False leaks are possible" in self.text and self.what in ("leak", "sanitizer")
                and not re.search("AddressSanitizer: (?!\\d+ byte)|runtime error", self.text))

    def blames_test(self, crashed):
        """A fixture that used what it did not get, or lost it: it was asked for no better."""
        stacks = [self.frames_of(crashed)] if crashed else []
        for block in re.split(r"\n\s*\n", self.text):
            paths = re.findall(r"^ +#\d+ 0x[0-9a-f]+ in \S+ (\S+?):\d+", block, re.M)
            stacks += [["- " + project_path(p)] for p in paths if self.counts(p)][:1]
        return bool(stacks) and all(s and s[0].split()[1].startswith("tests/") for s in stacks)

    def place(self):
        return self.stack[0] if self.stack else "?"


class Test:
    def __init__(self, name, command, environment, options, library, modules):
        self.name = name
        self.command = command
        self.options = options
        self.dir = tempfile.mkdtemp(prefix="vidmill-memory-")
        self.environment = dict(os.environ, **environment)
        self.environment.update(
            FAULT_DIR=self.dir, LD_PRELOAD=library, CK_VERBOSITY="verbose", CK_FORK="yes",
            CK_DEFAULT_TIMEOUT="0", FAULT_MOST=str(options.shallow), FAULT_SEED=str(options.seed),
            FAULT_CASE=str(options.case), FAULT_NUMBER=str(options.number),
            FAULT_ONWARD=str(int(options.onward)),
            ASAN_OPTIONS="verify_asan_link_order=0:exitcode=78:detect_leaks=1:"
                         "log_path=%s/report" % self.dir,
            UBSAN_OPTIONS="print_stacktrace=1:exitcode=78",
            LSAN_OPTIONS="suppressions=%s/leaks.supp:print_suppressions=0" % HERE)
        with open(os.path.join(self.dir, "state"), "wb") as file:
            file.write(bytes(64))
        write_ranges(os.path.join(self.dir, "ranges"),
                     {os.path.realpath(command[0])} | modules)

    def run(self):
        begin = time.monotonic()
        subprocess.run(self.command, env=self.environment, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        self.seconds = time.monotonic() - begin
        self.cases = self.read_cases()
        self.findings = [Finding(os.path.join(self.dir, name)) for name in
                         sorted(os.listdir(self.dir)) if name.startswith("finding.")]
        self.excused = sum(finding.is_excused for finding in self.findings)
        self.findings = [finding for finding in self.findings if not finding.is_excused]

    def print_output(self):
        """What the run said that was no finding."""
        try:
            with open(os.path.join(self.dir, "output"), errors="replace") as file:
                print(file.read())
        except FileNotFoundError:
            pass

    def read_cases(self):
        try:
            with open(os.path.join(self.dir, "cases")) as file:
                return [[int(word) for word in line.split()] for line in file]
        except FileNotFoundError:
            return []

    def sum(self, column):
        return sum(case[column] for case in self.cases)

    def clean(self):
        try:
            with open(os.path.join(self.dir, "folders")) as file:
                for line in file:
                    shutil.rmtree(line.rstrip("\n"), ignore_errors=True)
        except FileNotFoundError:
            pass
        shutil.rmtree(self.dir)

    def print_row(self):
        print("%-36s %5d %7d %8d %8d %8d %8d %8d %7.1f" % (
            self.name, len(self.cases), self.sum(6), self.sum(1), self.sum(2), self.sum(3),
            self.sum(4) + self.excused, len(self.findings), self.seconds), flush=True)


def print_findings(test, verbose):
    groups = collections.OrderedDict()
    for finding in test.findings:
        groups.setdefault((finding.what, finding.place()), []).append(finding)
    for (what, place), group in groups.items():
        print("    %s when refused: %s (%d times: --case %s --number %s)" % (
            what, place, len(group), group[0].case, group[0].number))
        for line in group[0].said + group[0].stack[1:8]:
            print("        " + line)
        if verbose:
            print(group[0].text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    parser.add_argument("tests", nargs="*", metavar="PATTERN")
    parser.add_argument("--shallow", type=int, default=0, metavar="N",
                        help="at most N allocations of each case, chosen by the seed")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31))
    parser.add_argument("--onward", action="store_true",
                        help="all that come after the refused one are refused as well")
    parser.add_argument("--case", type=int, default=0)
    parser.add_argument("--number", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="all that was said at a finding")
    options = parser.parse_intermixed_args()
    build = os.path.abspath(options.build)
    library = os.path.join(build, "tests", "lib", "refuse.so")
    plugins = {os.path.join(build, "lib", "vidmill", name + ".so") for name in PLUGINS}
    plugins = {os.path.realpath(path) for path in plugins if os.path.exists(path)}
    tests = find_tests(build, options.tests)
    found = 0
    total = [0, 0, 0]
    empty = []

    if not tests:
        sys.exit("there is no such test")
    print("seed %d" % options.seed)
    print("%-36s %5s %7s %8s %8s %8s %8s %8s %7s" % (
        "test", "cases", "skipped", "allocs", "runs", "passed", "failed", "found", "s"), flush=True)
    def run(name):
        test = Test(name, *tests[name], options, library, plugins)
        test.run()
        if options.number and options.verbose:
            test.print_output()
        test.clean()
        return test

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for test in pool.map(run, sorted(tests)):
            test.print_row()
            print_findings(test, options.verbose)
            if not test.cases:
                empty.append(test.name)
            found += len(test.findings)
            total = [total[0] + len(test.cases), total[1] + test.sum(1), total[2] + test.sum(2)]
    print("\n%d tests, %d cases, %d allocations, %d runs, %d findings" % (
        len(tests), *total, found))
    if empty:
        print("no case was run: " + " ".join(empty))
    sys.exit(1 if found or empty or total[2] == 0 else 0)


if __name__ == "__main__":
    main()
