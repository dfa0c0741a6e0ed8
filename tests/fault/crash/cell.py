#!/usr/bin/env python3
"""cell.py - one cell of the crash matrix: one point, one way to end, the first attempt or a retry.

cell.py BUILD POINT kill|term|stop|exit first|retry [--keep]

The crash comes the first time that any process passes the point. For a retry an attempt that fails
comes before the one that counts, and the crash comes a second time as well: on the way that
recovery takes or, where that does not pass there, with the next video. Prints JSON: what was found.
"""
import argparse
import json
import os
import shutil
import signal
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def prepare(build):
    """The harness of the end-to-end tests is told by the environment where things are."""
    source = os.path.abspath(os.path.join(HERE, "..", "..", ".."))
    os.environ.setdefault("VIDMILL_SOURCE", source)
    os.environ.setdefault("VIDMILL_MEDIA", os.path.join(source, "build", "media"))
    os.environ["VIDMILL_BUILD"] = os.path.abspath(build)
    sys.path.insert(0, os.path.join(source, "tests", "e2e"))


def run_cell(words):
    # pylint: disable=import-outside-toplevel
    from disk import Broken
    from promises import Cell
    from servers import CLAIM_S, PATIENCE
    cell = Cell(words.point, words.deed, words.when == "retry")
    begun = time.monotonic()
    failure = None
    try:
        cell.run()
        if max(cell.claimed, default=0) > CLAIM_S * PATIENCE:
            failure = f"claimed again after {max(cell.claimed):.2f} s"
    except Broken as broken:
        failure = str(broken)
    except Exception as error:  # pylint: disable=broad-except
        failure = f"{type(error).__name__}: {error}"
    cell.kill_all()
    if failure is None and not words.keep:
        shutil.rmtree(cell.folder)
    return {"failure": failure, "seconds": round(time.monotonic() - begun, 2), "hits": cell.seen,
            "claimed": [round(seconds, 2) for seconds in cell.claimed], "folder": cell.folder}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("build")
    parser.add_argument("point")
    parser.add_argument("deed", choices=("kill", "term", "stop", "exit"))
    parser.add_argument("when", choices=("first", "retry"))
    parser.add_argument("--keep", action="store_true", help="keep the folder of a cell that passes")
    words = parser.parse_args()
    # A shell starts background jobs with SIGINT ignored, and servers would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    prepare(words.build)
    answer = run_cell(words)
    print(json.dumps(answer))
    return 1 if answer["failure"] else 0


if __name__ == "__main__":
    sys.exit(main())
