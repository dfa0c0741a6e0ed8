"""throttled.py - whole jobs on a far store: how near to the slowest of download, work and upload."""
import json
import os
import statistics
import sys
import time

import far_store
from vidmill import Vidmill

RATES = (20, 100, 500)


class Run:
    """Seconds of a job, and of its parts each alone; what went over the line during it."""

    def __init__(self, job, download, work, upload, seen):
        self.job, self.download, self.work, self.upload, self.seen = job, download, work, upload, seen
        self.most = max(download, work, upload)


def from_upload_to_processed(vidmill, path, store, mbit):
    """The upload itself is the client's affair; the job begins with the word that it is complete."""
    store.line(0)
    identity = vidmill.upload(path)
    store.line(mbit)
    begun = time.monotonic()
    vidmill.ask("POST", f"/v1/videos/{identity}/complete")
    video = vidmill.wait_processed(identity, 3600)
    return identity, video, time.monotonic() - begun, store.line(0)


def outputs_of(store, video):
    """Path and length of each output of a result, and of its manifest."""
    key = video["result"]["manifest_key"]
    with open(store.path(key)) as file:
        names = [output["name"] for output in json.load(file)["outputs"]]
    prefix = os.path.dirname(key)
    return [store.path(f"{prefix}/{name}") for name in names] + [store.path(key)]


def once(vidmill, source, store, mbit, number):
    # Without a limit, but over the same line: whoever runs it takes processor time from the job.
    _, _, work, _ = from_upload_to_processed(vidmill, source, store, 0)
    identity, video, job, seen = from_upload_to_processed(vidmill, source, store, mbit)
    outputs = outputs_of(store, video)
    store.line(mbit)
    download = store.download(f"unprocessed/{identity}/source")
    upload = store.upload([(path, f"again/{mbit}-{number}/{at}") for at, path in enumerate(outputs)])
    store.line(0)
    return Run(job, download, work, upload, seen)


def row(mbit, runs):
    def median(part):
        return statistics.median(getattr(run, part) for run in runs)
    ratio = statistics.median(run.job / run.most for run in runs)
    print(f"  {mbit:4} Mbit/s {median('download'):8.2f} s {median('work'):8.2f} s {median('upload'):8.2f} s "
          f"{median('job'):8.2f} s {ratio:6.3f}   "
          f"{statistics.median(run.seen['down'] for run in runs) / 1e6:7.1f} MB "
          f"{statistics.median(run.seen['up'] for run in runs) / 1e6:7.1f} MB", flush=True)


def measure_stage(runs, source, name, stage):
    with far_store.FarStore() as store:
        vidmill = Vidmill(stage=stage, storage=store.storage())
        vidmill.extra = store.keys()
        with vidmill:
            found = {mbit: [] for mbit in RATES}
            for number in range(runs):
                for mbit in RATES:
                    run = once(vidmill, source, store, mbit, number)
                    found[mbit].append(run)
                    print(f"  run {number + 1}, {mbit} Mbit/s: {run.job:.2f} of {run.download:.2f} "
                          f"{run.work:.2f} {run.upload:.2f}", file=sys.stderr)
    print(f"\nA store that is 20 ms away; a source of {os.path.getsize(source) / 1e6:.1f} MB; {name}\n"
          "                 download       work     upload        job   job/most     down       up", flush=True)
    for mbit in RATES:
        row(mbit, found[mbit])


def available():
    return os.path.exists(os.path.join(far_store.servers.FOLDER, "versitygw", "versitygw"))


def measure(runs, source, stages):
    for name, stage in stages.items():
        measure_stage(runs, source, name, stage)
