#!/usr/bin/env python3
"""matrix.py - every operation of every kind answers every status, once, always, and with its reply lost.

    tests/fault/environment/matrix.py build/debug [--jobs 8] [--only ROLE.OPERATION[:STATUS[:MODE]]]

Each cell is a run of its own: a server, its workers, a client. The table at the end has a row for
each operation and a column for each status; a letter for the end of each mode.
"""
import argparse
import concurrent.futures
import os
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(os.path.dirname(HERE))


def prepare(build):
    os.environ.setdefault("VIDMILL_BUILD", build)
    os.environ.setdefault("VIDMILL_SOURCE", os.path.dirname(TESTS))
    os.environ.setdefault("VIDMILL_MEDIA", os.path.join(os.path.dirname(TESTS), "build", "media"))
    sys.path[:0] = [os.path.join(TESTS, "e2e"), os.path.join(TESTS, "mocks"), HERE]


def run_cell(cell):
    from rig import POLICY, Rig, Wrong
    from scenarios import STORIES
    role, operation, status, mode = cell
    story = STORIES[role, operation]
    words = dict(story.words)
    ingest = words.pop("policy_ingest", None)
    policy = POLICY + (f' ingest = "{ingest}";' if ingest else "")
    right = None
    began = time.monotonic()
    try:
        rig = Rig(role, operation, status, mode, policy=policy, **words)
    except Exception:
        return cell, [], 0, traceback.format_exc(), ""
    try:
        story.run(rig)
        if rig.fault.calls() == 0:
            raise Wrong("the operation was never asked: the cell tests nothing")
        told = rig.is_told()
        right = True
    except Exception as error:
        what = str(error) if isinstance(error, Wrong) else traceback.format_exc()
        return cell, rig.during + [f"{time.monotonic()-began:.1f}s"], rig.rate, what, rig.log()[-3000:] if os.path.exists(rig.log_path) else ""
    finally:
        try:
            rig.close(check=bool(right))
        except Exception as error:
            if right:
                return cell, rig.during + [f"{time.monotonic()-began:.1f}s"], rig.rate, str(error), ""
    return cell, rig.during + [f"{time.monotonic()-began:.1f}s"], rig.rate, None, told


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--jobs", type=int, default=8)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    prepare(os.path.abspath(arguments.build))
    from scenarios import STORIES
    from words import MODES, statuses, targets
    cells = [(role, operation, status, mode) for role, operation in targets()
             if not isinstance(STORIES[role, operation], str)
             for status in statuses() for mode in MODES]
    parts = arguments.only.split(":")
    cells = [c for c in cells if (f"{c[0]}.{c[1]}").startswith(parts[0]) and
             (len(parts) < 2 or parts[1] in ("", c[2])) and (len(parts) < 3 or c[3] == parts[2])]
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for cell, during, rate, wrong, log in pool.map(run_cell, cells):
            print(".".join(cell[:2]), *cell[2:], "|", ", ".join(during), "|", f"{rate:.1f}/s", "|", "WRONG " + wrong if wrong else "ok", "" if wrong or log else "UNTOLD", flush=True)
            if wrong and os.environ.get("SHOW"):
                print(log)


if __name__ == "__main__":
    main()
