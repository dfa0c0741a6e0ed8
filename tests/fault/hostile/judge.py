"""judge.py - whether what became of a hostile file, and of what handled it, may be so."""
import collections
import json
import os
import re
import struct

from vidmill import PATIENCE

SECONDS = 60 * PATIENCE
MEMORY, OUTPUT = 768 << 20, 64 << 20  # policy.limits of the run
# A worker holds its read-ahead, parts on their way, and itself.
WORKER = 512 << 20
# A sanitizer takes a multiple for itself, and the kernel no longer bounds the rest.
SLACK = 4 if PATIENCE > 1 else 1

STAGE = ('name = "web"; plugin = "codec-ffmpeg"; preset = "ultrafast"; '
         'video = ( { name = "144p"; height = 144; bitrate = "200k"; } ); '
         'audio = ( { name = "mono"; bitrate = "48k"; channels = 1; } );')
POLICY = ('attempts = 2; backoff = "100ms"; backoff_max = "200ms"; lease = "10s"; limits = { '
          'duration = "10m"; pixels = "4096x2304"; bytes = "32MiB"; cpu = "20s"; '
          f'memory = "{MEMORY >> 20}MiB"; streams = 32; frames = 20000; '
          f'output_bytes = "{OUTPUT >> 20}MiB"; }};')
LIMIT = re.compile(
    r"policy\.limits\.(duration|pixels|bytes|cpu|memory|streams|frames|output_bytes): .*allowed")

ENDS = ("processed", "bad_media", "unsupported", "limit", "other")


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
        if self.end == "limit" and not LIMIT.match(video["reason"]):
            yield f"the limit has no name: {video['reason']}"
        for attempt in video["history"]:
            if attempt["end"] not in ("succeeded", "failed"):
                yield f"an attempt was {attempt['end']}: {attempt.get('reason')}"
        if self.seconds > SECONDS:
            yield f"it took {self.seconds:.1f} s"
        if video.get("result", {}).get("bytes", 0) > OUTPUT:
            yield f"{video['result']['bytes']} bytes of output"


def bad_memory(most):
    for kind, bound in (("child", MEMORY * SLACK), ("worker", WORKER * SLACK)):
        if most[kind] > bound:
            yield f"a {kind} took {most[kind] >> 20} MiB, where {bound >> 20} are allowed"


def bad_exits(state):
    """The workers that ended by a signal or with a code that none has: their keepers wrote it down."""
    folder = os.path.join(state, "compute", "tasks")
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read()
        if len(data) != 8:
            yield f"worker {name} has not ended"
            continue
        status, = struct.unpack_from("=i", data)
        if not os.WIFEXITED(status) or os.WEXITSTATUS(status) not in (0, 10):
            yield f"worker {name} ended with {os.waitstatus_to_exitcode(status)}"


def left_over(state, results):
    """Objects and uploads of attempts that are not visible."""
    visible = {os.path.dirname(r.video["result"]["manifest_key"]) for r in results
               if r.video["state"] == "processed"}
    objects, found = os.path.join(state, "storage", "objects"), []
    for folder, _, files in os.walk(os.path.join(objects, "processed")):
        path = os.path.relpath(folder, objects)
        if files and not any(path == v or path.startswith(v + "/") for v in visible):
            found.append(path)
    for folder, _, files in os.walk(os.path.join(state, "storage", "uploads")):
        found += [os.path.join(folder, name) for name in files]
    return found


def child_peaks(log):
    """The most memory of each video's codec child in MiB, as its worker has logged it."""
    peaks = collections.defaultdict(int)
    for line in log.splitlines():
        match = re.search(r"the codec child used .* and (\d+) MiB", line)
        if match:
            video = json.loads(line)["video"]
            peaks[video] = max(peaks[video], int(match.group(1)))
    return peaks


def print_table(results, peaks):
    print(f"\n{'family':<28}{'files':>6}" + "".join(f"{e:>12}" for e in ENDS)
          + f"{'slowest s':>11}{'peak MiB':>10}")
    groups = collections.defaultdict(list)
    for result in results:
        groups[result.hostile.family.name].append(result)
    groups["all"] = results
    for name, of in groups.items():
        counts = collections.Counter(r.end if r.end in ENDS else "other" for r in of)
        print(f"{name:<28}{len(of):>6}" + "".join(f"{counts[e]:>12}" for e in ENDS)
              + f"{max(r.seconds for r in of):>11.1f}{max(peaks[r.video['id']] for r in of):>10}")
