#!/usr/bin/env python3
"""mutate.py - takes one safeguard at a time out of vidmill; the simulation must notice.

    tests/sim/mutate.py BUILD_FOLDER [--sample] [--seeds N] [--jobs N] [--only WORD]

mutations.py has the list. Each is a piece of source that is replaced: it is
compiled into a copy of test-sim, and nothing else is touched. What a promise
rests on must be caught: one of N histories breaks a promise. What another
safeguard does as well, and what is only thrift, must not be; and thrift must
show in the tally that it saves what it is said to save. A piece that does not
stand in its file any more is a failure, also in a sample, which takes only what
is caught soon.
"""
import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

import mutations

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KEPT_SEEDS = 300  # of those that must break nothing, and for what thrift saves


class Wrong(Exception):
    pass


def mutated(edits):
    """The sources that an edit changes, by path."""
    sources = {}
    for path, old, new in edits:
        if path not in sources:
            with open(os.path.join(ROOT, path)) as file:
                sources[path] = file.read()
        if sources[path].count(old) != 1:
            raise Wrong(f"{path}: what is to be mutated stands there {sources[path].count(old)} "
                        f"times, not once: {old.strip()!r}")
        sources[path] = sources[path].replace(old, new)
    return sources


class Build:
    """The commands by which test-sim was made in a build folder."""

    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "compile_commands.json")) as file:
            commands = json.load(file)
        self.compile = {os.path.relpath(c["file"], ROOT): c for c in commands
                        if "/vm-server.dir/" in c["command"] or "/vm-video.dir/" in c["command"] or
                        "/test-sim.dir/" in c["command"]}
        self.link = self.link_command()

    def link_command(self):
        script = os.path.join(self.folder, "tests/sim/CMakeFiles/test-sim.dir/link.txt")
        if os.path.exists(script):  # make
            with open(script) as file:
                return os.path.join(self.folder, "tests/sim"), file.read().split()
        lines = subprocess.run(["ninja", "-C", self.folder, "-t", "commands", "tests/bin/test-sim"],
                               check=True, capture_output=True, text=True).stdout.splitlines()
        return self.folder, lines[-1].removeprefix(": && ").removesuffix(" && :").split()

    def mutant(self, edits, folder):
        """test-sim with the changed files in front of the libraries that have the originals."""
        directory, line = self.link
        line = list(line)
        for path, source in mutated(edits).items():
            target = self.object(path, source, folder)
            own = [i for i, w in enumerate(line) if w.endswith(f"test-sim.dir/{os.path.basename(path)}.o")]
            if path.startswith("tests/sim/"):
                line[own[0]] = target
            else:
                line.insert(line.index("-o"), target)
        program = os.path.join(folder, "test-sim")
        line[line.index("-o") + 1] = program
        self.run(line, directory)
        return program

    def object(self, path, source, folder):
        changed = os.path.join(folder, os.path.basename(path))
        with open(changed, "w") as file:
            file.write(source)
        command = self.compile[path]
        words = command["command"].split()
        target = changed + ".o"
        words[words.index("-o") + 1] = target
        words[words.index("-c") + 1] = changed
        words += ["-w", "-I" + os.path.dirname(os.path.join(ROOT, path))]
        self.run(words, command["directory"])
        return target

    def run(self, words, directory):
        done = subprocess.run(words, cwd=directory, capture_output=True, text=True)
        if done.returncode != 0:
            raise Wrong("it does not build:\n" + done.stderr)


def simulate(program, seeds, jobs, stumble=None):
    """(the first promise that broke or None, the tally)."""
    words = [program, "--seeds", str(seeds), "--jobs", str(jobs), "--tally"]
    run = subprocess.run(words + (["--stumble", stumble] if stumble else []),
                         capture_output=True, text=True)
    if run.returncode == 0:
        return None, json.loads(run.stdout)
    lines = [l for l in run.stderr.splitlines() if "breaks" in l or "signal" in l]
    if not lines:
        raise Wrong("the simulation ended with " + (run.stderr.strip() or str(run.returncode)))
    return lines[0], None


def judge(mutation, program, seeds, plain):
    """A line for the table; Wrong when it did not come as it is listed."""
    if isinstance(mutation, mutations.Caught):
        broken, _ = simulate(program, seeds, 1, mutation.stumble)
        if broken is None:
            raise Wrong(f"MISSED: {seeds} histories kept every promise")
        return f"caught  {mutation.name}\n          {broken[:150]}"
    broken, tally = simulate(program, KEPT_SEEDS, 1)
    if broken is not None:
        raise Wrong(f"it is more than thrift: {broken}")
    if isinstance(mutation, mutations.Spare):
        return f"spare   {mutation.name}: so does {mutation.other}"
    before, after = plain[mutation.figure], tally[mutation.figure]
    ratio = after / before
    if ratio < mutation.least:
        raise Wrong(f"it saves nothing: {mutation.figure} {before}, without it {after} "
                    f"({ratio:.3f}, and {mutation.least} is the least)")
    return f"thrift  {mutation.name}: saves {mutation.figure}, {before} in place of {after} ({ratio:.2f} times)"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--sample", action="store_true", help="only what is caught soon")
    parser.add_argument("--seeds", type=int, default=3000, help="the most that one may need to be caught")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="of those whose name has this in it")
    arguments = parser.parse_args()
    chosen = [m for m in mutations.ALL if arguments.only in m.name]
    build = Build(os.path.abspath(arguments.build))
    begun = time.monotonic()
    wrong, lock = [], threading.Lock()
    for mutation in chosen:
        try:
            mutated(mutation.edits)
        except Wrong as error:
            print(f"WRONG   {mutation.name}: {error}")
            wrong.append(mutation)
    if arguments.sample:
        chosen = [m for m in chosen if isinstance(m, mutations.Caught) and not m.rare]
    chosen = [m for m in chosen if m not in wrong]
    broken, plain = simulate(os.path.join(build.folder, "tests/bin/test-sim"),
                             1 if arguments.sample else KEPT_SEEDS, arguments.jobs)
    if broken is not None:
        sys.exit(f"nothing is mutated, and {broken}")

    def try_one(mutation):
        try:
            with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
                line = judge(mutation, build.mutant(mutation.edits, folder), arguments.seeds, plain)
        except Wrong as error:
            line = f"WRONG   {mutation.name}: {error}"
            wrong.append(mutation)
        with lock:
            print(line, flush=True)

    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        list(pool.map(try_one, chosen))
    print(f"{len(chosen)} tried, {len(wrong)} not as listed, in {time.monotonic() - begun:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
