"""far_store.py - an S3 store behind a long thin line, and curl as the measure of that line."""
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "servers"))
import servers  # noqa: E402

BUCKET = "far-videos"
# As many at once as the uploader of a worker sends.
AT_ONCE = 4


class FarStore(servers.Versitygw):
    """versitygw with one bucket; `line(mbit)` is what it is reached by from then on."""

    def __enter__(self):
        super().__enter__()
        self.port_near = self.port
        self.port = servers.free_port()  # what `endpoint` names: the line
        self.throttle = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "throttle.py"), str(self.port), str(self.port_near)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.line(0)
        self.curl(["-X", "PUT", f"{self.endpoint}/{BUCKET}"])
        return self

    def __exit__(self, kind, value, trace):
        self.throttle.stdin.close()
        self.throttle.wait()
        super().__exit__(kind, value, trace)

    def line(self, mbit, rtt_ms=20):
        """0: no limit. What went over the line since it was set before."""
        self.throttle.stdin.write(json.dumps({"mbit": mbit, "rtt_ms": rtt_ms if mbit else 0}) + "\n")
        self.throttle.stdin.flush()
        return json.loads(self.throttle.stdout.readline())

    def storage(self):
        """The section of a pipeline file, for both places."""
        return (f'plugin = "storage-s3"; bucket = "{BUCKET}"; region = "{servers.REGION}"; '
                f'endpoint = "{self.endpoint}"; announces = false; presign_part = "5GiB";')

    def keys(self):
        return {"AWS_ACCESS_KEY_ID": servers.KEY_ID, "AWS_SECRET_ACCESS_KEY": servers.SECRET}

    def curl(self, words):
        sign = ["--aws-sigv4", f"aws:amz:{servers.REGION}:s3", "--user",
                f"{servers.KEY_ID}:{servers.SECRET}", "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD"]
        begun = time.monotonic()
        subprocess.run(["curl", "-sS", "--no-progress-meter", "--fail-with-body", *sign, *words], check=True,
                       stdout=subprocess.DEVNULL)
        return time.monotonic() - begun

    def download(self, key):
        return self.curl([f"{self.endpoint}/{BUCKET}/{key}", "-o", "/dev/null"])

    def upload(self, files):
        """Of pairs of path and key, several at once as a worker does."""
        words = ["--parallel", "--parallel-immediate", "--parallel-max", str(AT_ONCE)]
        for path, key in files:
            words += ["-T", path, f"{self.endpoint}/{BUCKET}/{key}"]
        return self.curl(words)

    def path(self, key):
        """Where versitygw keeps an object: as a file."""
        return os.path.join(self.folder, "data", BUCKET, key)
