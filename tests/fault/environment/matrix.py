#!/usr/bin/env python3
"""matrix.py - every operation answers every status: once, always, its reply lost.

    tests/fault/environment/matrix.py build/debug [--jobs 8] [--sample] [--only meta.put:timeout:lost]

Each cell is a run of its own: a server, its workers, a client. It ends with a table, and with exit
code 1 when a cell did not have its right end. --sample is what ctest runs: one in 29, always the same.
"""
import argparse
import concurrent.futures
import os
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(os.path.dirname(HERE))
RATE_MOST = 10  # calls in a second of an operation that always fails: more is a hot loop


def prepare(build):
    source = os.path.dirname(TESTS)
    os.environ.setdefault("VIDMILL_BUILD", build)
    os.environ.setdefault("VIDMILL_SOURCE", source)
    os.environ.setdefault("VIDMILL_MEDIA", os.path.join(source, "build", "media"))
    sys.path[:0] = [os.path.join(TESTS, "e2e"), os.path.join(TESTS, "mocks"), HERE]


class Cell:
    def __init__(self, role, operation, status, mode):
        self.key = (role, operation, status, mode)
        self.name = f"{role}.{operation}:{status}:{mode}"
        self.during, self.rate, self.wrong, self.log = [], 0, None, ""
        self.is_lifted = False

    def judge(self, rig):
        """What went on besides the story is right as well."""
        from ends import ANSWERS, HTTP, failure, may_pass
        from rig import Wrong
        role, operation, status, mode = self.key
        if rig.fault.calls() == 0:
            raise Wrong("the operation never answered so: the cell tests nothing")
        failed = [seen[7:] for seen in rig.during if seen.startswith("failed:")]
        expected = failure(*self.key)
        if failed != ([expected] if expected else []) and (failed or not may_pass(role, operation, mode)):
            raise Wrong(f"it failed with {failed}, and is to fail with {expected}")
        codes = {int(seen[-3:]) for seen in rig.during if ": " in seen}
        if codes - {HTTP.get(status, 500), 404 if mode == "lost" else 409, 409, 412, 503}:
            raise Wrong(f"the client was answered {codes}")
        if mode == "always" and rig.rate > RATE_MOST:
            raise Wrong(f"a hot loop: {rig.rate:.1f} calls in a second")
        # One that was not lifted did not matter; one that failed has its reason.
        if rig.is_lifted and not failed and status not in ANSWERS and not rig.is_told():
            raise Wrong("nobody tells of it")

    def run(self):
        from rig import POLICY, Rig, Wrong
        from scenarios import STORIES
        role, operation, status, mode = self.key
        story = STORIES[role, operation]
        rig = Rig(role, operation, status, mode, policy=POLICY + story.policy, **story.words)
        try:
            story.run(rig)
            self.judge(rig)
            rig.close()
        except Exception as error:
            self.wrong = str(error) if isinstance(error, Wrong) else traceback.format_exc()
            if os.path.exists(rig.folder):
                self.log = rig.log()[-4000:]
                rig.close(check=False)
        self.during, self.rate, self.is_lifted = rig.during, rig.rate, rig.is_lifted
        return self

    def letter(self):
        if self.wrong:
            return "X"
        if any(seen.startswith("failed") for seen in self.during):
            return "f"
        if "refuses to start" in self.during:
            return "s"
        if any(": " in seen for seen in self.during):
            return "r"
        return "w" if self.is_lifted else "."


def choose(arguments):
    from scenarios import STORIES
    from words import MODES, statuses, targets
    want = (arguments.only.split(":") + ["", ""])[:3]
    cells = [Cell(role, operation, status, mode) for role, operation in targets()
             if not isinstance(STORIES[role, operation], str)
             for status in statuses() for mode in MODES]
    cells = [cell for cell in cells if ".".join(cell.key[:2]).startswith(want[0]) and
             want[1] in ("", cell.key[2]) and want[2] in ("", cell.key[3])]
    # No factor in common with the 39 cells of an operation: each status and mode has its turn.
    return cells[::29] if arguments.sample else cells


def print_table(cells):
    from ends import LEGEND
    from words import statuses
    asked = {cell.key[2] for cell in cells}
    columns = [status for status in statuses() if status in asked]
    rows = {}
    for cell in cells:
        row = rows.setdefault(".".join(cell.key[:2]), {})
        row[cell.key[2]] = row.get(cell.key[2], "") + cell.letter()
    width = max(len(name) for name in rows)
    print("\n" + " " * width, *(f"{name[:6]:6}" for name in columns))
    for name, row in rows.items():
        print(f"{name:{width}}", *(f"{row.get(column, ''):6}" for column in columns))
    print("\n" + LEGEND)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--jobs", type=int, default=8)
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    prepare(os.path.abspath(arguments.build))
    cells, began = choose(arguments), time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for cell in pool.map(Cell.run, cells):
            seen = ", ".join(cell.during)
            end = "wrong" if cell.wrong else "ok"
            print(cell.name, end, f"{cell.rate:.1f}/s", seen, flush=True)
            if cell.wrong:
                print(cell.wrong, cell.log, sep="\n", flush=True)
    print_table(cells)
    wrong = [cell.name for cell in cells if cell.wrong]
    print(f"{len(cells)} cells in {time.monotonic() - began:.0f} s, {len(wrong)} wrong", *wrong)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
