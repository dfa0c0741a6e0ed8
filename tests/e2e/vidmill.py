"""vidmill.py - a running vidmill for the end-to-end tests: started, asked, killed, cleaned up.

Everything a test makes lies in one temporary folder, and no process outlives it:
both are checked when the server is closed.
"""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

BUILD = os.path.abspath(os.environ["VIDMILL_BUILD"])
SOURCE = os.path.abspath(os.environ["VIDMILL_SOURCE"])
MEDIA = os.path.abspath(os.environ["VIDMILL_MEDIA"])
VIDMILL = os.path.join(BUILD, "bin", "vidmill")
MOCKS = os.path.join(BUILD, "lib", "vidmill-mocks")
# Under a sanitizer everything takes longer; conditions are waited for, never times.
PATIENCE = float(os.environ.get("VIDMILL_PATIENCE", "1"))

LOCAL = {
    "storage": 'plugin = "storage-local";',
    "queue": 'plugin = "queue-local"; visibility = "20s";',
    "compute": 'plugin = "compute-local"; tasks = 2; grace = "3s";',
    "meta": 'plugin = "meta-local";',
    "stage": 'name = "web"; plugin = "codec-ffmpeg"; '
             'video = ( { name = "480p"; height = 480; bitrate = "1200k"; }, '
             '{ name = "240p"; height = 240; bitrate = "400k"; } ); '
             'audio = ( { name = "stereo"; bitrate = "96k"; } ); '
             'output = [ "hls", "dash", "mp4" ]; poster = "10%"; preset = "ultrafast";',
    "policy": 'attempts = 4; backoff = "200ms"; backoff_max = "1s"; lease = "10s";',
    "server": 'listen = "127.0.0.1:0"; inbox = "inbox"; drain = "30s";',
}


def wait_for(condition, what, seconds=60):
    """The first true answer of `condition`; a deadline, not a guess."""
    end = time.monotonic() + seconds * PATIENCE
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds * PATIENCE:.0f} s for {what}")


def clip(name):
    path = os.path.join(MEDIA, name)
    if not os.path.exists(path):
        raise AssertionError(f"{path} is missing: tests/media/fetch.sh {MEDIA} fetches it")
    return path


def parent_of(pid):
    """0 when the process is gone."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return int(file.read().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


class Failure(Exception):
    """An answer of the API that is no 2xx."""

    def __init__(self, status, problem):
        super().__init__(f"{status} {problem}")
        self.status, self.problem = status, problem


class Vidmill:
    """One state folder and the server that runs on it."""

    def __init__(self, **sections):
        self.folder = tempfile.mkdtemp(prefix="vidmill-e2e-")
        self.state = os.path.join(self.folder, "state")
        self.ready = os.path.join(self.folder, "address")
        self.log_path = os.path.join(self.folder, "serve.log")
        self.pipeline = os.path.join(self.folder, "pipeline.cfg")
        self.write_pipeline(**sections)
        self.process = None
        self.timeout = 60  # of a request
        # More words for `serve`, more environment for all that is started, what its process does
        # first, and the command that the server is started by.
        self.words, self.extra, self.before, self.wrapper = [], {}, None, []

    def write_pipeline(self, **sections):
        parts = dict(LOCAL, **sections)
        with open(self.pipeline, "w") as file:
            file.write('name = "e2e";\n')
            for name in ("storage", "queue", "compute", "meta", "policy", "server"):
                file.write(f"{name} = {{ {parts[name]} }};\n")
            file.write(f"stages = ( {{ {parts['stage']} }} );\n")

    def environment(self):
        plugins = os.path.join(BUILD, "lib", "vidmill")
        return dict(os.environ, VIDMILL_PLUGIN_PATH=f"{plugins}:{MOCKS}", **self.extra)

    def start(self):
        if os.path.exists(self.ready):
            os.remove(self.ready)
        with open(self.log_path, "a") as log:
            self.process = subprocess.Popen(
                [*self.wrapper, VIDMILL, "serve", self.pipeline, "--state", self.state,
                 "--ready-file", self.ready, *self.words], stderr=log, stdout=log,
                env=self.environment(), preexec_fn=self.before)
        wait_for(lambda: os.path.exists(self.ready) or self.process.poll() is not None,
                 "the server to be up")
        if self.process.poll() is not None:
            raise AssertionError("the server ended:\n" + self.log())
        with open(self.ready) as file:
            self.address = file.read().strip()
        return self

    def log(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        if kind is not None:
            print(self.log()[-6000:])
        self.close(check=kind is None)

    def kill(self):
        """kill -9, as a power cut for this one process."""
        self.process.kill()
        self.process.wait()

    def stop(self, number=signal.SIGTERM, seconds=60):
        self.process.send_signal(number)
        self.process.wait(timeout=seconds * PATIENCE)
        return self.process.returncode

    def processes(self, *words):
        """Processes of this pipeline whose command line has all the words."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    line = file.read().decode(errors="replace").split("\0")
                with open(f"/proc/{pid}/stat") as file:
                    state = file.read().rsplit(")", 1)[1].split()[0]
            except OSError:
                continue
            if VIDMILL not in line[0] and "codec-child" not in line:
                continue
            if state != "Z" and all(word in line for word in words) and self.owns(int(pid), line):
                found.append(int(pid))
        return found

    def owns(self, pid, line):
        """A codec child has no environment and no path: it is known by its parent."""
        if self.pipeline in line:
            return True
        try:
            with open(f"/proc/{parent_of(pid)}/cmdline", "rb") as file:
                return self.pipeline in file.read().decode(errors="replace").split("\0")
        except OSError:
            return False

    def workers(self):
        """A codec child looks like its worker until it has become itself: it is none."""
        found = self.processes("work")
        return [pid for pid in found if parent_of(pid) not in found]

    def children(self):
        return self.processes("codec-child")

    def close(self, check=True):
        if self.process is not None and self.process.poll() is None:
            self.stop(signal.SIGINT)
        # A worker that has said its last word is still ending when the server has.
        end = time.monotonic() + 10 * PATIENCE
        while check and self.processes() and time.monotonic() < end:
            time.sleep(0.05)
        left = [] if not check else [f"{pid}" for pid in self.processes()]
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder)
        if left:
            raise AssertionError("processes were left over: " + ", ".join(left))

    # The API

    def ask(self, method, path, body=None, headers=None, raw=False):
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        url = path if path.startswith("http") else self.address + path
        request = urllib.request.Request(url, data=body, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout * PATIENCE) as answer:
                data = answer.read()
        except urllib.error.HTTPError as error:
            text = error.read()
            try:
                problem = json.loads(text)
            except ValueError:
                problem = {"detail": text.decode(errors="replace")}
            raise Failure(error.code, problem) from None
        return data if raw else json.loads(data) if data else None

    def create(self, path=None, name="clip"):
        body = {"name": name}
        if path is not None:
            body["bytes"] = os.path.getsize(path)
        return self.ask("POST", "/v1/videos", body)

    def upload(self, path, name=None):
        """As curl would: POST, then PUT to the URL in the answer; the id."""
        answer = self.create(path, name or os.path.basename(path))
        request, = answer["upload"]["requests"]
        headers = request.get("headers") or {}
        if isinstance(headers, list):
            headers = dict(h.split(": ", 1) for h in headers)
        with open(path, "rb") as file:
            self.ask(request["method"], request["url"], file.read(), headers)
        return answer["video"]["id"]

    def show(self, id):
        return self.ask("GET", f"/v1/videos/{id}")

    def wait_end(self, id, seconds=120):
        final = ("processed", "failed", "canceled", "expired")

        def ended():
            video = self.show(id)
            return video if video["state"] in final else None
        return wait_for(ended, f"video {id} to end", seconds)

    def wait_processed(self, id, seconds=120):
        video = self.wait_end(id, seconds)
        if video["state"] != "processed":
            raise AssertionError(f"{video['state']}: {video.get('error')}: {video.get('reason')}")
        return video

    def manifest(self, video):
        path = os.path.join(self.state, "storage", "objects", video["result"]["manifest_key"])
        with open(path) as file:
            return os.path.dirname(path), json.load(file)

    def cli(self, *words, **options):
        return subprocess.run([VIDMILL, *words], capture_output=True, text=True,
                              env=dict(self.environment(), VIDMILL_SERVER=self.address),
                              timeout=120 * PATIENCE, **options)


def make(stage, source, folder):
    """Carries one video through a server of its own: where its outputs lie in `folder` then, and its manifest."""
    made = os.path.join(folder, "made")
    with Vidmill(stage=stage) as vidmill:
        outputs, manifest = vidmill.manifest(vidmill.wait_processed(vidmill.upload(source)))
        os.rename(outputs, made)
    return made, manifest


class Copy(Vidmill):
    """Another server on the state folder of the first, which cleans up for all."""

    def __init__(self, first, number):
        # pylint: disable=super-init-not-called
        self.__dict__.update(first.__dict__)
        self.ready = f"{first.ready}-{number}"
        self.log_path = f"{first.log_path}-{number}"
        self.process = None
