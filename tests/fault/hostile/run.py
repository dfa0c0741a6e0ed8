#!/usr/bin/env python3
"""run.py - hostile files through a real server, workers and codec children; ends with a table.

run.py BUILD [--files 2000] [--seed 1] [--only FAMILY[:NUMBER]] [--keep FOLDER] [--each]

Each file must end, within a minute of its start, as its family may; no worker may die; memory and
output stay below what the pipeline allows; nothing that a file names is opened; nothing of what
failed is left behind; and after all of it a good clip is processed. A file that breaks a rule is
named FAMILY:NUMBER: --only with the same seed makes it again, --keep puts it into a folder.
"""
import argparse
import concurrent.futures
import os
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
IN_FLIGHT = 6


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", metavar="BUILD", help="the folder of a build")
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", metavar="FAMILY[:NUMBER]")
    parser.add_argument("--keep", metavar="FOLDER", help="where files that break a rule are put")
    parser.add_argument("--each", action="store_true", help="say how each file ended")
    return parser.parse_args()


OPTIONS = read_arguments()
os.environ.update(VIDMILL_BUILD=OPTIONS.build, VIDMILL_SOURCE=ROOT,
                  VIDMILL_MEDIA=os.path.join(ROOT, "build", "media"))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))

import bombs, damage, fields, found, guests, names, strangers  # noqa: E401, E402, F401
import judge  # noqa: E402
from clips import Clips  # noqa: E402
from family import FAMILIES, Hostile, make, plan  # noqa: E402
from vidmill import Vidmill, wait_for  # noqa: E402
from watch import Canary, Memory  # noqa: E402


def choose(clips):
    """What is to be made, as functions: a file is in memory only while it is sent."""
    name, _, number = (OPTIONS.only or "").partition(":")
    chosen = []
    for family, count in plan(OPTIONS.files):
        if name in ("", family.name):
            chosen += [lambda f=family, n=n: make(f, OPTIONS.seed, n, clips)
                       for n in ([int(number)] if number else range(count))]
    if not chosen:
        sys.exit(f"no family {name}; there are: " + ", ".join(f.name for f in FAMILIES))
    return chosen


class Run:
    """One server, and all that is sent to it."""

    def __init__(self, vidmill, folder):
        self.vidmill, self.faults = vidmill, 0
        self.canary = Canary(os.path.join(folder, "canary.mp4"))
        self.clips = Clips(folder, self.canary.path, self.canary.url)
        self.canary.fill(self.clips["front.mp4"])

    def fault(self, label, sentence):
        self.faults += 1
        print(f"{label}: {sentence}", flush=True)

    def send(self, hostile):
        """Uploads one file, waits for its end and judges it."""
        answer = self.vidmill.ask("POST", "/v1/videos", {"name": hostile.name})
        request, = answer["upload"]["requests"]
        self.vidmill.ask(request["method"], request["url"], hostile.data, request.get("headers"))
        result = judge.Result(hostile, self.vidmill.wait_end(answer["video"]["id"], 300))
        if OPTIONS.each:
            print(f"{hostile.label}: {result.end}: {result.video.get('reason')}", flush=True)
        for sentence in result.faults():
            self.fault(hostile.label, sentence)
            if OPTIONS.keep:
                os.makedirs(OPTIONS.keep, exist_ok=True)
                with open(os.path.join(OPTIONS.keep, hostile.label), "wb") as file:
                    file.write(hostile.data)
        hostile.data = None
        return result

    def send_all(self):
        """A few at a time, and a good one at the end."""
        of = next(f for f in FAMILIES if f.name == "wrong names")
        good = Hostile(of, "a good clip", self.clips["front.mp4"])
        with concurrent.futures.ThreadPoolExecutor(IN_FLIGHT) as pool:
            results = list(pool.map(lambda hostile: self.send(hostile()), choose(self.clips)))
        return results, self.send(good)

    def judge_all(self, results, most):
        for sentence in self.canary.touched():
            self.fault("names", sentence)
        for sentence in judge.bad_memory(most):
            self.fault("memory", sentence)
        try:
            wait_for(lambda: not list(judge.bad_exits(self.vidmill.state)), "the workers", 10)
            wait_for(lambda: not judge.left_over(self.vidmill.state, results), "the sweeper")
        except AssertionError as error:
            for sentence in (*judge.bad_exits(self.vidmill.state),
                             *judge.left_over(self.vidmill.state, results)[:5]):
                self.fault(f"left behind, {error}", sentence)

    def run(self):
        memory = Memory(self.vidmill.process.pid)
        begun = time.monotonic()
        results, good = self.send_all()
        seconds = time.monotonic() - begun
        most = memory.stop()
        self.judge_all([*results, good], most)
        self.canary.close()
        judge.print_table(results, judge.child_peaks(self.vidmill.log()))
        print(f"\n{len(results)} files of seed {OPTIONS.seed} in {seconds:.0f} s; a worker took at "
              f"most {most['worker'] >> 20} MiB, a codec child {most['child'] >> 20} MiB; "
              f"{self.faults} faults")


def main():
    with tempfile.TemporaryDirectory(prefix="vidmill-hostile-") as folder:
        with Vidmill(stage=judge.STAGE, policy=judge.POLICY) as vidmill:
            run = Run(vidmill, folder)
            run.run()
            return 1 if run.faults else 0


if __name__ == "__main__":
    sys.exit(main())
