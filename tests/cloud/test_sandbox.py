"""test_sandbox.py - the image holds its codec child in as tight a container as there is: Docker's filter, no capability.

The filter is /usr/share/containers/seccomp.json, as Debian's containers-common has it: Docker's default
profile, which podman follows.
"""
import contextlib
import os
import subprocess
import tempfile
import unittest

import cloud
import servers

PROFILE = "/usr/share/containers/seccomp.json"
IMAGE = "localhost/vidmill:test"
PIPELINE = """
name = "image";
storage = {{ plugin = "storage-local"; }};
queue = {{ plugin = "queue-local"; }};
compute = {{ plugin = "compute-local"; }};
meta = {{ plugin = "meta-local"; }};
stages = ( {{ name = "web"; plugin = "codec-ffmpeg"; video = ( {ladder} ); preset = "ultrafast"; }} );
server = {{ listen = "127.0.0.1:{port}"; }};
"""


@contextlib.contextmanager
def container(folder):
    """The image's server, by what podman calls it."""
    port = servers.free_port()
    path = os.path.join(folder, "pipeline.cfg")
    with open(path, "w") as file:
        file.write(PIPELINE.format(ladder=cloud.LADDER, port=port))
    name = subprocess.run(
        ["podman", "run", "--detach", "--network", "host", "--cap-drop", "all", "--read-only",
         "--security-opt", "no-new-privileges", "--security-opt", f"seccomp={PROFILE}",
         "--volume", f"{path}:/etc/vidmill/pipeline.cfg:ro", IMAGE, "serve", "--verbose", "/etc/vidmill/pipeline.cfg"],
        capture_output=True, text=True, check=True, env=dict(os.environ, CONTAINERS_CONF=servers.CONTAINERS_CONF)).stdout.strip()
    try:
        cloud.wait_for(lambda: servers.accepts(port), "the server")
        yield name, f"http://127.0.0.1:{port}"
    finally:
        subprocess.run(["podman", "rm", "--force", "--volumes", "--time", "5", name], check=True,
                       stdout=subprocess.DEVNULL)


class Image(unittest.TestCase):
    def test_a_video_is_made_behind_dockers_filter_without_a_capability(self):
        with tempfile.TemporaryDirectory(prefix="vidmill-image-") as folder, \
                container(folder) as (name, address):
            uploaded = subprocess.run([cloud.VIDMILL, "upload", "--wait", "--server", address, cloud.clip()],
                                      capture_output=True, text=True, timeout=120 * cloud.PATIENCE, check=False)
            log = subprocess.run(["podman", "logs", name], capture_output=True, text=True, check=True)
            status = subprocess.run(["podman", "exec", name, "cat", "/proc/1/status"], capture_output=True,
                                    text=True, check=True).stdout
        said = log.stdout + log.stderr
        self.assertEqual(uploaded.returncode, 0, uploaded.stdout + uploaded.stderr + said)
        self.assertRegex(status, r"CapBnd:\s+0{16}\n")
        self.assertRegex(status, r"NoNewPrivs:\s+1\n")
        self.assertRegex(status, r"Seccomp:\s+2\n")
        self.assertIn("the codec child is locked in: seccomp", said)


if __name__ == "__main__":
    unittest.main()
