"""test_bytes.py - how a worker fetches a source from S3: in how many requests, with how much memory, and nothing on disk."""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
os.environ.setdefault("VIDMILL_SOURCE", os.path.join(HERE, "..", ".."))
sys.path[:0] = [os.path.join(HERE, "..", "servers"), os.path.join(HERE, "..", "e2e")]
import apart  # noqa: E402
import servers  # noqa: E402
from vidmill import Vidmill  # noqa: E402

BUCKET = "all-videos"
STAGE = ('name = "web"; plugin = "codec-ffmpeg"; video = ( { name = "144p"; height = 144; bitrate = "200k"; } ); '
         'audio = ( { name = "stereo"; bitrate = "96k"; } ); output = [ "hls", "mp4" ]; preset = "ultrafast";')
MEMORY = 1 << 30
# What changes the bytes of a file, or makes one.
WRITES = "write,writev,pwrite64,pwritev,pwritev2,ftruncate,fallocate,copy_file_range,sendfile,splice,memfd_create,openat"


class Store(servers.Versitygw):
    def command(self):
        words = super().command()
        at = words.index("posix")
        return [*words[:at], "--access-log", os.path.join(self.folder, "access"), *words[at:]]

    def reads(self, key):
        with open(os.path.join(self.folder, "access")) as log:
            return sum(1 for line in log if f" s3_GetObject {key} " in line)


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *words], check=True)


def make_clips(end, front, tracks_apart):
    """40 MB in a minute, which is longer than the window of the source; the index behind and in front of the rest."""
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-f", "lavfi", "-i", "sine", "-t", "60", "-c:v",
           "libx264", "-preset", "ultrafast", "-b:v", "5.5M", "-maxrate", "5.5M", "-bufsize", "5.5M", "-nal-hrd", "cbr",
           "-c:a", "aac", "-b:a", "128k", end)
    ffmpeg("-i", end, "-c", "copy", "-movflags", "+faststart", front)
    apart.pull_apart(front, tracks_apart)


class Bytes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="vidmill-bytes-"))
        cls.store = cls.enterClassContext(Store())
        cls.store.aws("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": servers.REGION})
        storage = (f'plugin = "storage-s3"; bucket = "{BUCKET}"; region = "{servers.REGION}"; '
                   f'endpoint = "{cls.store.endpoint}"; announces = false;')
        cls.vidmill = Vidmill(storage=storage, stage=STAGE,
                              policy=f'attempts = 1; limits = {{ memory = "{MEMORY >> 20}MiB"; }};')
        cls.vidmill.extra = {"AWS_ACCESS_KEY_ID": servers.KEY_ID, "AWS_SECRET_ACCESS_KEY": servers.SECRET}
        cls.vidmill.words = ["--verbose"]
        cls.trace = os.path.join(cls.folder, "trace")
        cls.vidmill.wrapper = ["strace", "-D", "--seccomp-bpf", "-f", "-y", "-qq", "-s", "0", "-o", cls.trace, "-e",
                               f"trace={WRITES},execve"]
        cls.enterClassContext(cls.vidmill)
        cls.front, cls.end, cls.apart = (os.path.join(cls.folder, name + ".mp4") for name in ("front", "end", "apart"))
        make_clips(cls.end, cls.front, cls.apart)
        cls.requests = {path: cls.process(path) for path in (cls.front, cls.end, cls.apart)}

    @classmethod
    def process(cls, path):
        """How often the source is read from until it is processed."""
        video = cls.vidmill.upload(path)
        cls.vidmill.ask("POST", f"/v1/videos/{video}/complete")
        cls.vidmill.wait_processed(video)
        return cls.store.reads(f"unprocessed/{video}/source")

    def test_an_index_at_the_end_costs_two_requests_at_most(self):
        self.assertGreater(self.requests[self.front], 8, "a request of 4 MiB is the largest")
        self.assertLessEqual(self.requests[self.end], self.requests[self.front] + 2)

    def test_tracks_that_are_apart_cost_less_than_twice_the_requests(self):
        self.assertLess(self.requests[self.apart], 2 * self.requests[self.front])

    def calls(self):
        """Each call that succeeded: name, arguments, result. One that was interrupted by others stands in two lines."""
        begun = {}
        with open(self.trace, errors="replace") as trace:
            for line in trace:
                thread, _, call = line.strip().partition(" ")
                call = call.strip()
                if call.endswith("<unfinished ...>"):
                    begun[thread] = call.removesuffix("<unfinished ...>")
                    continue
                resumed = re.match(r"<\.\.\. \w+ resumed>", call)
                if resumed:
                    call = begun.pop(thread) + call[resumed.end():]
                done = re.match(r"(\w+)\((.*)\)\s+= (\d+)", call)
                if done:
                    yield done[1], done[2], int(done[3])

    def test_nothing_is_copied_to_a_file(self):
        """By anybody: the server, the workers, their children."""
        written, others = collections.Counter(), []
        started = 0
        for name, arguments, result in self.calls():
            file = re.match(r"\d+<(/[^>]*)>", arguments)
            if name in ("write", "writev", "pwrite64", "pwritev", "pwritev2") and file:
                written[file[1]] += result
            elif name == "execve":
                started += 1
            elif name in ("fallocate", "copy_file_range", "sendfile", "splice", "memfd_create") or "O_TMPFILE" in arguments:
                others.append(f"{name}({arguments})")
        self.assertEqual(started, 1 + 2 * len(self.requests), "server, workers and children are watched")
        self.assertEqual(others, [])
        databases = sum(written.pop(path) for path in list(written) if re.search(r"\.db(-\w+)?$", path))
        self.assertGreater(databases, 0, "queues and documents are files")
        self.assertLess(sum(written.values()), 64 << 10, written)

    def said(self, pattern):
        return [tuple(map(int, match.groups()))
                for line in self.vidmill.log().splitlines() if line.startswith("{")
                for match in [re.fullmatch("memory at the most: " + pattern, json.loads(line)["message"])] if match]

    def test_the_memory_is_stated_and_kept_to(self):
        parts = self.said(r"(?!the worker's)(?!a codec)(?!this)[^:]+: (\d+) bytes")
        together, = set(self.said(r"the worker's parts together: (\d+) bytes"))
        self.assertEqual(sum(part for part, in set(parts)), together[0])
        child, = set(self.said(r"a codec child: (\d+) bytes, of (\d+) bytes of addresses, in \d+ threads"))
        self.assertEqual(child[0], MEMORY)
        used = self.said(r"this worker has used (\d+) bytes, with its libraries and plugins")
        self.assertTrue(used)
        self.assertLess(max(used)[0], together[0])



if __name__ == "__main__":
    unittest.main()
