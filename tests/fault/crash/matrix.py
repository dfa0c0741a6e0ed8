#!/usr/bin/env python3
"""matrix.py - the crash matrix: every crash point x every way to end x first attempt and retry.

matrix.py BUILD [--points GLOB] [--deeds kill,term,stop,exit] [--when first,retry] [--jobs N]

The result is a table: a line for each point, a mark for each cell. What failed is told below it
with the folder that was kept and the command that runs this one cell again.
"""
import argparse
import concurrent.futures
import fnmatch
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
DEEDS = ("kill", "term", "stop", "exit")
WHEN = ("first", "retry")
CELL_S = 120


def read_points(build):
    """The table that is compiled into the program."""
    program = os.path.join(build, "tests", "bin", "crash-points")
    lines = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    return dict(line.split("\t", 1) for line in lines.splitlines())


def no_answer(why):
    return {"failure": why, "claimed": [], "folder": "none", "seconds": 0}


def run_cell(build, cell):
    words = [sys.executable, os.path.join(HERE, "cell.py"), build, *cell]
    limit = CELL_S * float(os.environ.get("VIDMILL_PATIENCE", "1"))
    try:
        run = subprocess.run(words, capture_output=True, text=True, timeout=limit, check=False)
        answer = json.loads(run.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        answer = no_answer(f"no answer within {limit:.0f} s")
    except (IndexError, ValueError):
        answer = no_answer(f"no answer: {run.stderr[-500:]}")
    return cell, answer, " ".join(words[1:])


def run_all(build, cells, jobs, verbose):
    results = {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for done in concurrent.futures.as_completed(pool.submit(run_cell, build, cell)
                                                    for cell in cells):
            cell, answer, command = done.result()
            results[cell] = answer, command
            if verbose or answer["failure"]:
                print(f"{len(results):4}/{len(cells)} {' '.join(cell)}: "
                      f"{answer['failure'] or 'ok'}", flush=True)
    return results


def mark(results, cell):
    if cell not in results:
        return ""
    answer = results[cell][0]
    return "FAILED" if answer["failure"] else f"{answer['seconds']:.1f}"


def print_table(points, results, deeds, when):
    columns = [(deed, time_of) for time_of in when for deed in deeds]
    width = max(map(len, points))
    print(" " * width + "".join(f"{time_of:>7}" for _, time_of in columns))
    print(" " * width + "".join(f"{deed:>7}" for deed, _ in columns))
    for point in points:
        cells = "".join(f"{mark(results, (point, *column)):>7}" for column in columns)
        print(f"{point:{width}}{cells}")


def print_claims(results):
    claimed = sorted(c for answer, _ in results.values() for c in answer["claimed"])
    if claimed:
        print(f"work that a crash took away was claimed again {len(claimed)} times: after "
              f"{claimed[len(claimed) // 2]:.2f} s in the middle, {claimed[-1]:.2f} s at the worst")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("build")
    parser.add_argument("--points", default="*", help="names, as a shell's pattern")
    parser.add_argument("--deeds", default=",".join(DEEDS))
    parser.add_argument("--when", default=",".join(WHEN))
    parser.add_argument("--jobs", type=int, default=6, help="cells at once; they mostly wait")
    parser.add_argument("--verbose", action="store_true")
    words = parser.parse_args()
    points = [p for p in read_points(words.build) if fnmatch.fnmatch(p, words.points)]
    deeds, when = words.deeds.split(","), words.when.split(",")
    cells = [(point, deed, time_of) for time_of in when for deed in deeds for point in points]
    begun = time.monotonic()
    results = run_all(words.build, cells, words.jobs, words.verbose)
    failed = [(cell, *found) for cell, found in results.items() if found[0]["failure"]]

    print_table(points, results, deeds, when)
    print_claims(results)
    print(f"{len(cells) - len(failed)} of {len(cells)} cells kept every promise, in "
          f"{time.monotonic() - begun:.0f} s")
    for cell, answer, command in failed:
        print(f"\n{' '.join(cell)}: {answer['failure']}\n  kept: {answer['folder']}\n"
              f"  again: {command}")
    return 1 if failed or not cells else 0


if __name__ == "__main__":
    sys.exit(main())
