#!/usr/bin/env python3
"""run.py - hostile files through a real server, worker and codec child; ends with a table.

run.py [--files 2000] [--seed 1] [--only FAMILY[:NUMBER]] [--keep FOLDER] [--each]

Each file must end, within a minute of its start, as its family may; no worker may die; memory and
output stay below what the pipeline allows; nothing that a file names is opened; nothing of what
failed is left behind; and after all of it a good clip is processed. A file that breaks a rule is
named "FAMILY:NUMBER": with --only and the same seed it is made again, with --keep it is kept.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import struct
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "e2e"))
from vidmill import PATIENCE, Vidmill, wait_for  # noqa: E402

import bombs, damage, guests, names, numbers, strangers  # noqa: E401, E402, F401
from clips import Clips  # noqa: E402
from family import FAMILIES, Hostile, make, plan  # noqa: E402
from watch import Canary, Memory  # noqa: E402

MINUTE_MS = 60000
MEMORY = 768 << 20
OUTPUT = 64 << 20
WORKER = 512 << 20  # what its parts and read-ahead may take, and itself
STAGE = ('name = "web"; plugin = "codec-ffmpeg"; preset = "ultrafast"; '
         'video = ( { name = "144p"; height = 144; bitrate = "200k"; } ); '
         'audio = ( { name = "mono"; bitrate = "48k"; channels = 1; } );')
POLICY = ('attempts = 2; backoff = "100ms"; backoff_max = "200ms"; lease = "10s"; limits = { '
          'duration = "10m"; pixels = "4096x2304"; bytes = "32MiB"; cpu = "20s"; '
          f'memory = "{MEMORY >> 20}MiB"; streams = 32; frames = 20000; '
          f'output_bytes = "{OUTPUT >> 20}MiB"; }};')
LIMITS = r"policy\.limits\.(duration|pixels|bytes|cpu|memory|streams|frames|output_bytes): "


class Result:
    def __init__(self, hostile, video):
        self.hostile, self.video = hostile, video
        self.end = video.get("error") or video["state"]
        self.seconds = sum(a["ended_ms"] - a["started_ms"] for a in video["history"]) / 1000

    def faults(self):
        """What it did that it may not, one sentence each."""
        video = self.video
        if self.end not in self.hostile.family.ends:
            yield f"{self.end}: {video.get('reason')}"
        if self.end == "limit" and not re.match(LIMITS, video["reason"]):
            yield f"the limit has no name: {video['reason']}"
        for attempt in video["history"]:
            if attempt["end"] not in ("succeeded", "failed"):
                yield f"an attempt was {attempt['end']}: {attempt.get('reason')}"
            if attempt["ended_ms"] - attempt["started_ms"] > MINUTE_MS * PATIENCE:
                yield f"it took {(attempt['ended_ms'] - attempt['started_ms']) / 1000:.1f} s"
        if video.get("result", {}).get("bytes", 0) > OUTPUT:
            yield f"{video['result']['bytes']} bytes of output"


def send(vidmill, hostile):
    """Uploads one file and waits for its end."""
    body = {"name": hostile.name}
    answer = vidmill.ask("POST", "/v1/videos", body)
    request, = answer["upload"]["requests"]
    vidmill.ask(request["method"], request["url"], hostile.data, request.get("headers"))
    return Result(hostile, vidmill.wait_end(answer["video"]["id"], 300))


def send_all(vidmill, wanted, told):
    """A few at a time, so that neither disk nor memory holds them all."""
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        for result in pool.map(lambda hostile: send(vidmill, hostile()), wanted):
            told(result)
            yield result


def bad_exits(vidmill):
    """The workers that ended by a signal or with a code that none has; from their records."""
    folder, found = os.path.join(vidmill.state, "compute", "tasks"), []
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read()
        if len(data) != 8:
            found.append(f"worker {name} did not end")
            continue
        status, = struct.unpack_from("=i", data)
        if not os.WIFEXITED(status) or os.WEXITSTATUS(status) not in (0, 10):
            found.append(f"worker {name} ended with {os.waitstatus_to_exitcode(status)}")
    return found


def left_over(vidmill, results):
    """Objects and uploads of attempts that are not visible."""
    visible = {os.path.dirname(r.video["result"]["manifest_key"]) for r in results
               if r.video["state"] == "processed"}
    objects = os.path.join(vidmill.state, "storage", "objects")
    found = []
    for folder, _, files in os.walk(os.path.join(objects, "processed")):
        path = os.path.relpath(folder, objects)
        if files and not any(path == v or path.startswith(v + "/") for v in visible):
            found.append(path)
    for folder, _, files in os.walk(os.path.join(vidmill.state, "storage", "uploads")):
        found += [os.path.join(folder, name) for name in files]
    return found


def child_peaks(vidmill):
    """The most memory of each video's codec child in MiB, as its worker has logged it."""
    peaks = collections.defaultdict(int)
    for line in vidmill.log().splitlines():
        match = re.search(r"the codec child used .* and (\d+) MiB", line)
        if match:
            video = json.loads(line)["video"]
            peaks[video] = max(peaks[video], int(match.group(1)))
    return peaks


def table(results, peaks):
    ends = ("processed", "bad_media", "unsupported", "limit", "other")
    print(f"\n{'family':<28}{'files':>6}" + "".join(f"{e:>12}" for e in ends)
          + f"{'slowest s':>11}{'peak MiB':>10}")
    groups = collections.defaultdict(list)
    for result in results:
        groups[result.hostile.family.name].append(result)
    groups["all"] = results
    for name, of in groups.items():
        counts = collections.Counter(r.end if r.end in ends else "other" for r in of)
        print(f"{name:<28}{len(of):>6}" + "".join(f"{counts[e]:>12}" for e in ends)
              + f"{max(r.seconds for r in of):>11.1f}"
              + f"{max(peaks[r.video['id']] for r in of):>10}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", metavar="FAMILY[:NUMBER]")
    parser.add_argument("--keep", metavar="FOLDER")
    parser.add_argument("--each", action="store_true", help="say how each file ended")
    return parser.parse_args()


def choose(options, clips):
    """What is to be made, as functions: a file is in memory only while it is sent."""
    name, _, number = (options.only or "").partition(":")
    chosen = []
    for family, count in plan(options.files):
        if name and family.name != name:
            continue
        numbers_ = [int(number)] if number else range(count)
        chosen += [lambda f=family, n=n: make(f, options.seed, n, clips) for n in numbers_]
    if not chosen:
        sys.exit(f"no family {name}; there are: " + ", ".join(f.name for f in FAMILIES))
    return chosen


def run(options, vidmill, folder):
    faults, results = [], []

    def fault(label, sentence):
        faults.append(label)
        print(f"{label}: {sentence}", flush=True)

    def told(result):
        if options.each:
            print(f"{result.hostile.label}: {result.end}: {result.video.get('reason')}", flush=True)
        for sentence in result.faults():
            fault(result.hostile.label, sentence)
            if options.keep:
                os.makedirs(options.keep, exist_ok=True)
                with open(os.path.join(options.keep, result.hostile.label), "wb") as file:
                    file.write(result.hostile.data)
        result.hostile.data = None

    canary = Canary(os.path.join(folder, "canary.mp4"), b"")
    clips = Clips(folder, canary.path, canary.url)
    with open(canary.path, "wb") as file:
        file.write(clips["front.mp4"])
    canary.touched()
    memory = Memory(vidmill.process.pid)
    memory.start()
    begun = time.monotonic()
    results = list(send_all(vidmill, choose(options, clips), told))
    good = send(vidmill, Hostile(None, "good", clips["front.mp4"]))
    seconds = time.monotonic() - begun
    most = memory.stop()
    if good.end != "processed":
        fault("a good clip", good.end)
    for sentence in canary.touched():
        fault("names", sentence)
    canary.close()
    for kind, bound in (("child", MEMORY), ("worker", WORKER)):
        if most[kind] > bound:
            fault("memory", f"a {kind} took {most[kind] >> 20} MiB, where {bound >> 20} are allowed")
    for sentence in bad_exits(vidmill):
        fault("worker", sentence)
    try:
        wait_for(lambda: not left_over(vidmill, results + [good]), "the sweeper", 60)
    except AssertionError:
        fault("left behind", ", ".join(left_over(vidmill, results + [good])[:5]))
    table(results, child_peaks(vidmill))
    print(f"\n{len(results)} files of seed {options.seed} in {seconds:.0f} s; most memory of a worker "
          f"{most['worker'] >> 20} MiB, of a codec child {most['child'] >> 20} MiB; "
          f"{len(faults)} faults")
    return 1 if faults else 0


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="vidmill-hostile-") as folder:
        with Vidmill(stage=STAGE, policy=POLICY) as vidmill:
            return run(options, vidmill, folder)


if __name__ == "__main__":
    sys.exit(main())
