"""rig.py - vidmill on mocks alone, one operation of which answers badly, and a patient client."""
import hashlib
import http.client
import json
import os
import re
import time
import urllib.parse

from mockstate import MockState
from vidmill import PATIENCE, Failure, Vidmill

TIMES_MOST = 2**31 - 1
OVER = 2**33  # calls of a step that has no times left
FINAL = ("processed", "failed", "canceled", "expired")

POLICY = 'attempts = 2; backoff = "50ms"; backoff_max = "200ms"; lease = "%ds";' % (2 * PATIENCE)
OPTIONS = {"storage": "", "queue": 'visibility = "3s"; max_receives = 1000;',
           "compute": "", "meta": "", "stages": "any_source = false;"}
# A sign of a container that the codec mock knows, and something behind it.
VIDEO = b"duration_ms=1000\n" + bytes(range(256)) * 4
LARGE = VIDEO + b"\0" * (9 << 20)  # in more than one part
NO_VIDEO = b"not a video"


class Wrong(Exception):
    """The end of a run is not the right one."""


def step_text(step):
    return "{ " + " ".join(f"{name} = {json.dumps(value)};" for name, value in step.items()) + " }"


class Rig(Vidmill):
    """`role` and `operation` with a `status` in a `mode`: "once", "always" until it is lifted, or
    "lost": once after the work was done. `scripts` are further steps by role."""

    def __init__(self, role, operation, status, mode, scripts=None, options=None, policy=POLICY,
                 observe=2.5, **words):
        self.role, self.operation, self.mode = role, operation, mode
        step = {"operation": operation, "answer": status,
                "times": TIMES_MOST if mode == "always" else 1}
        if mode == "lost":
            step["after"] = True
        step.update(words)
        self.sentence = f"{operation}: {status}, says the script"
        self.scripts = {role: [step]}
        for name, steps in (scripts or {}).items():
            self.scripts.setdefault(name, []).extend(steps)
        self.options = dict(OPTIONS, **(options or {}))
        super().__init__(**self.sections(), policy=policy,
                         server='listen = "127.0.0.1:0"; drain = "1s";')
        self.fault = MockState(self.state, role)
        self.is_lifted = False
        self.observe, self.rate = observe * PATIENCE, 0
        self.begun = None  # when the fault was met first
        self.during = []  # what was seen while the fault was there
        self.refusals = ""

    def section(self, role):
        kind = role.split(".")[0]
        name = "codec" if kind == "stages" else kind
        steps = self.scripts.get(role, [])
        script = f"script = ( {', '.join(map(step_text, steps))} );" if steps else ""
        return f'plugin = "{name}-mock"; {self.options[kind]} {script}'

    def sections(self):
        pair = "unprocessed = {{ {} }}; processed = {{ {} }};"
        return {"storage": pair.format(self.section("storage.unprocessed"),
                                       self.section("storage.processed")),
                "queue": pair.format(self.section("queue.unprocessed"),
                                     self.section("queue.processed")),
                "compute": self.section("compute"), "meta": self.section("meta"),
                "stage": 'name = "web"; ' + self.section("stages.web")}

    def place(self, role):
        return MockState(self.state, role)

    # The fault

    def see(self, what):
        if what not in self.during:
            self.during.append(what)

    def lift(self):
        """The dependency works again, for all processes at once."""
        if self.is_lifted or self.mode != "always":
            return
        self.rate = self.fault.calls() / max(time.monotonic() - (self.begun or 0), 1)
        self.fault.set_calls(OVER)
        self.is_lifted = True

    def wait(self, condition, what, seconds=60):
        """Waits for it; a fault that is there for good is lifted when it was watched enough."""
        end = time.monotonic() + (seconds + self.observe) * PATIENCE
        while time.monotonic() < end:
            answer = condition()
            if answer:
                return answer
            if self.begun is None and self.fault.calls() > 0:
                self.begun = time.monotonic()
            if self.begun is not None and time.monotonic() > self.begun + self.observe:
                self.lift()
            time.sleep(0.02)
        raise Wrong(f"waited in vain for {what}; seen: {', '.join(self.during) or 'nothing'}")

    def start(self):
        """Again and again, as a supervisor does, until it is up."""
        def is_up():
            try:
                return Vidmill.start(self)
            except AssertionError as error:
                if self.sentence not in str(error):
                    raise
                self.see("refuses to start")
                time.sleep(0.3)  # as long as a supervisor waits; its own pace is no hot loop of ours
                return None
        return self.wait(is_up, "the server to start")

    def is_told(self):
        """Whether who looks for the reason finds it: log, document, answer, or a counter."""
        documents = json.dumps(self.place("meta").documents())
        if self.sentence in self.log() + documents + self.refusals:
            return True
        metrics = self.ask("GET", "/metrics", raw=True).decode()
        return re.search(r'plugin_(?:failures|retries)_total\{role="%s",[^}]*operation="%s"\} [1-9]'
                         % (re.escape(self.role), self.operation), metrics) is not None

    # The client

    def persist(self, request, what, patience=60):
        """Sends a request until it is granted, as its answers ask for. The answer."""
        def try_it():
            try:
                return (request(),)
            except Failure as failure:
                self.see(f"{what}: {failure.status}")
                self.refusals += str(failure.problem)
                time.sleep(0.2)
                return (None,) if failure.status == 412 else None
        return self.wait(try_it, what, patience)[0]

    def deliver(self, data):
        """A video with these bytes as its source; the id."""
        made = {}

        def send():
            if "id" not in made:
                answer = self.ask("POST", "/v1/videos", {"name": "clip", "bytes": len(data)})
                made["id"], made["request"] = answer["video"]["id"], answer["upload"]["requests"][0]
            try:
                self.ask(made["request"]["method"], made["request"]["url"], data,
                         made["request"].get("headers"))
            except Failure as failure:
                if "is stored" in str(failure.problem):
                    self.see(f"PUT: {failure.status}")
                    self.persist(lambda: self.complete(made["id"]), "complete")
                elif failure.status in (404, 409, 410):
                    made.clear()
                    raise
                else:
                    raise
            return made["id"]
        self.persist(send, "upload")
        return made["id"]

    def complete(self, id):
        try:
            self.ask("POST", f"/v1/videos/{id}/complete")
        except Failure as failure:
            if failure.status != 409 or self.find(id)["state"] == "awaiting_upload":
                raise

    def break_off(self, request, data):
        """Sends the beginning of a source and hangs up."""
        url = urllib.parse.urlparse(request["url"])
        connection = http.client.HTTPConnection(url.netloc, timeout=30)
        connection.putrequest("PUT", f"{url.path}?{url.query}")
        connection.putheader("Content-Length", str(len(data)))
        connection.endheaders()
        connection.send(data[:-1024])
        time.sleep(0.3)
        connection.close()

    def find(self, id):
        """The document as it is stored, whatever the API says."""
        return self.place("meta").documents().get(id)

    def wait_end(self, id, seconds=60):
        def ended():
            video = self.find(id)
            return video if video is not None and video["state"] in FINAL else None
        return self.wait(ended, f"video {id} to end", seconds)

    # The right end

    def finish(self, id):
        """Every video ends as processed: by itself, or retried when the fault is lifted."""
        video = self.wait_end(id)
        if video["state"] == "failed":
            self.see("failed:" + video["error"])
            if not video.get("reason"):
                raise Wrong("it failed without a reason")
            self.lift()
            self.persist(lambda: self.ask("POST", f"/v1/videos/{id}/retry"), "retry")
            video = self.wait(lambda: self.is_done(id), "the retried video to be processed")
        if video["state"] != "processed":
            raise Wrong(f"it is {video['state']}")
        self.check_result(video)
        return video

    def is_done(self, id):
        video = self.find(id)
        return video if video["state"] == "processed" else None

    def check_result(self, video):
        """What is visible is complete, and it is visible once."""
        store = self.place("storage.processed")
        objects = store.read()["objects"]

        def read(key):
            if key not in objects:
                raise Wrong(f"{key} is visible and missing")
            with open(os.path.join(store.dir, f"{objects[key]['number']}.bytes"), "rb") as file:
                return file.read()
        key = video["result"]["manifest_key"]
        text = read(key)
        if hashlib.sha256(text).hexdigest() != video["result"]["manifest_sha256"]:
            raise Wrong("another manifest than was published")
        for output in json.loads(text)["outputs"]:
            data = read(os.path.join(os.path.dirname(key), output["name"]))
            if (len(data), hashlib.sha256(data).hexdigest()) != (output["bytes"], output["sha256"]):
                raise Wrong(f"{output['name']} is not what its manifest says")
        ends = [each["generation"] for each in video["history"] if each["end"] == "succeeded"]
        if len(ends) != len(set(ends)):
            raise Wrong("two attempts of one generation became visible")

    def close(self, check=True):
        code = 0
        if self.process is not None and self.process.poll() is None:
            code = self.stop(2, 30)
        log = self.log() if os.path.exists(self.log_path) else ""
        Vidmill.close(self, check)
        if check and code != 0:
            raise Wrong(f"the server ended with {code}: {log[-300:]}")
