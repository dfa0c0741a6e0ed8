"""cloud.py - vidmill on other people's S3, SQS and MongoDB, by the pipeline file that ships.

pipelines/aws.cfg is taken as it is; only names, addresses and what would take
long are replaced, each where the file has it.
"""
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "servers"))
import servers  # noqa: E402

SOURCE = os.path.abspath(os.path.join(HERE, "..", ".."))
BUILD = os.path.abspath(os.environ["VIDMILL_BUILD"])
MEDIA = os.path.abspath(os.environ["VIDMILL_MEDIA"])
VIDMILL = os.path.join(BUILD, "bin", "vidmill")
PATIENCE = float(os.environ.get("VIDMILL_PATIENCE", "1"))

UPLOADS, VIDEOS = "acme-uploads", "acme-videos"
LADDER = '{ name = "240p"; height = 240; bitrate = "400k"; }'


def wait_for(condition, what, seconds=90):
    end = time.monotonic() + seconds * PATIENCE
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds * PATIENCE:.0f} s for {what}")


def replaced(text, pattern, by):
    """Every place that the file is known to have; a file without it is another file."""
    text, count = re.subn(pattern, by, text, flags=re.DOTALL)
    if count == 0:
        raise AssertionError(f"pipelines/aws.cfg has no {pattern}")
    return text


def pipeline(endpoint, compute=None, storage=None, uploads=""):
    """`storage` is the endpoint of the buckets, where it is another; `uploads` are more options of theirs."""
    with open(os.path.join(SOURCE, "pipelines", "aws.cfg")) as file:
        text = file.read()
    text = replaced(text, r'(bucket = "[a-z-]+"; +region = "eu-west-1";)',
                    rf'\1 endpoint = "{storage or endpoint}";')
    text = replaced(text, r'region = "eu-west-1";(?! endpoint)', f'region = "eu-west-1"; endpoint = "{endpoint}";')
    text = replaced(text, r'notify = "videos-unprocessed";', uploads or 'notify = "videos-unprocessed";')
    text = replaced(text, r"video  = \(.*?\);", f"video = ( {LADDER} );")
    text = replaced(text, r'poster = "10%";', 'poster = "10%"; preset = "ultrafast";')
    text = replaced(text, r"policy = \{.*?\}; \};",
                    'policy = { attempts = 3; backoff = "200ms"; backoff_max = "1s"; lease = "10s"; };')
    text = replaced(text, r'visibility = "2m";', 'visibility = "10s";')
    text = replaced(text, r'listen = "127.0.0.1:8080";', 'listen = "127.0.0.1:0";')
    if compute is not None:
        text = replaced(text, r"compute = \{.*?\};", f"compute = {{ {compute} }};")
    return text


class Cloud:
    """A running server on prepared places."""

    def __init__(self, aws, mongo, folder, text):
        self.aws, self.folder = aws, folder
        self.path = os.path.join(folder, "pipeline.cfg")
        self.state = os.path.join(folder, "state")
        self.ready = os.path.join(folder, "address")
        self.log_path = os.path.join(folder, "serve.log")
        with open(self.path, "w") as file:
            file.write(text)
        self.environment = dict(
            os.environ, VIDMILL_PLUGIN_PATH=os.path.join(BUILD, "lib", "vidmill"),
            AWS_ACCESS_KEY_ID=servers.KEY_ID, AWS_SECRET_ACCESS_KEY=servers.SECRET,
            MONGODB_URI=mongo.endpoint + mongo.query)
        self.s3 = aws.aws("s3")
        self.sqs = aws.aws("sqs")
        self.process = None

    def run(self, *words):
        run = subprocess.run([VIDMILL, *words], env=self.environment, capture_output=True, text=True,
                             timeout=300, check=False)
        return run

    def provision(self):
        run = self.run("provision", self.path, "--state", self.state)
        if run.returncode != 0:
            raise AssertionError(run.stdout + run.stderr)
        return run.stdout

    def start(self):
        if os.path.exists(self.ready):
            os.remove(self.ready)
        with open(self.log_path, "a") as log:
            self.process = subprocess.Popen(
                [VIDMILL, "serve", self.path, "--state", self.state, "--ready-file", self.ready],
                stdout=log, stderr=log, env=self.environment)
        wait_for(lambda: os.path.exists(self.ready) or self.process.poll() is not None, "the server")
        if self.process.poll() is not None:
            raise AssertionError("the server ended:\n" + self.log())
        with open(self.ready) as file:
            self.address = file.read().strip()
        self.environment["VIDMILL_SERVER"] = self.address

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60 * PATIENCE)

    def log(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def offer(self, path):
        return self.ask("POST", "/v1/videos", {"name": os.path.basename(path),
                                               "bytes": os.path.getsize(path)})

    def put(self, answer, path):
        """The presigned request of an offer, sent by curl as any client would."""
        request, = answer["upload"]["requests"]
        headers = [word for name, value in request["headers"].items()
                   if name not in ("host", "content-length") for word in ("-H", f"{name}: {value}")]
        return subprocess.run(["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", *headers,
                               "-T", path, request["url"]], capture_output=True, text=True,
                              check=True).stdout

    def upload(self, path):
        answer = self.offer(path)
        status = self.put(answer, path)
        if status != "200":
            raise AssertionError(f"the presigned PUT answered {status}")
        return answer["video"]["id"]

    def show(self, video):
        return self.ask("GET", f"/v1/videos/{video}")

    def wait_state(self, video, *states, seconds=120):
        def there():
            document = self.show(video)
            return document if document["state"] in states else None
        return wait_for(there, f"video {video} to be {' or '.join(states)}", seconds)

    def queue(self, name):
        return self.sqs.get_queue_url(QueueName=name)["QueueUrl"]

    def counts(self, name):
        """(visible, hidden, delayed), as the service thinks."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible",
                 "ApproximateNumberOfMessagesDelayed"]
        found = self.sqs.get_queue_attributes(QueueUrl=self.queue(name),
                                              AttributeNames=names)["Attributes"]
        return tuple(int(found[name]) for name in names)

    def wait_empty(self, *names):
        for name in names:
            wait_for(lambda: self.counts(name) == (0, 0, 0), f"the queue {name} to be empty")

    def keys(self, bucket, prefix=""):
        listing = self.s3.list_objects_v2(Bucket=bucket, Prefix=prefix)
        return [entry["Key"] for entry in listing.get("Contents", [])]


class Case(unittest.TestCase):
    """Tests on one `world`, whose server's log is shown when one fails."""

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            print(self.world.log()[-8000:])
        return result


@contextlib.contextmanager
def running(world):
    try:
        world.provision()
        world.start()
        yield world
    except BaseException:
        if os.path.exists(world.log_path):
            print(world.log()[-8000:])
        raise
    finally:
        world.stop()


@contextlib.contextmanager
def containers(service, mongo, name="videos", front=None, storage=None,
               policy="attempts = 3;", max_receives=9):
    """The pipeline with ECS, whose tasks are containers of our image on this machine.

    `front` stands before the queues and the cluster. In `storage`, another server, the tasks' keys lie
    in a file: no role says them there.
    """
    address = (front or service).endpoint
    tag = f"localhost/vidmill-cloud-{name}:latest"
    folder = os.path.join(service.folder, name)
    os.mkdir(folder)
    compute = (f'plugin = "compute-ecs"; cluster = "videos"; task_definition = "{name}-work"; '
               f'launch = "EC2"; image = "{tag}"; capacity = 3; start_deadline = "2m"; '
               f'watch = "1s"; region = "eu-west-1"; endpoint = "{address}";')
    if storage is None:
        text = pipeline(address, compute, service.endpoint)
    else:
        text = pipeline(address, compute, storage.endpoint, "announces = false;")
        text = replaced(text, r'(plugin = "storage-s3";)',
                        rf'\1 access_key = "file:{folder}/key"; secret_key = "file:{folder}/secret";')
    text = replaced(text, '"videos', f'"{name}')
    # A container takes its time to start, and this machine may be busy.
    text = replaced(text, r'attempts = 3;(.*?)lease = "10s"', rf'{policy}\1lease = "30s"')
    text = replaced(text, 'visibility = "10s"; max_receives = 20;',
                    f'visibility = "2s"; max_receives = {max_receives};')
    world = Cloud(service, mongo, folder, text)
    dockerfile = ["ARG BASE", "FROM ${BASE}", "COPY pipeline.cfg /etc/vidmill/pipeline.cfg"]
    if storage is not None:
        world.s3 = storage.aws("s3")
        dockerfile.append(f"COPY --chown=10001 --chmod=0600 key secret {folder}/")
    for file, content in (("key", servers.KEY_ID), ("secret", servers.SECRET),
                          ("Dockerfile", "\n".join(dockerfile))):
        with open(os.path.join(folder, file), "w") as target:
            os.fchmod(target.fileno(), 0o600)
            target.write(content)
    subprocess.run([os.path.join(HERE, "image.sh"), tag, os.path.join(folder, "Dockerfile")],
                   check=True, stdout=subprocess.DEVNULL)
    with running(world):
        yield world


@contextlib.contextmanager
def local_tasks(uploads=""):
    """The pipeline with its tasks beside the server."""
    with servers.Ministack() as service, servers.Secantus() as mongo:
        text = pipeline(service.endpoint, 'plugin = "compute-local"; tasks = 2;', uploads=uploads)
        with running(Cloud(service, mongo, service.folder, text)) as world:
            yield world


def clip(name="VID_20191220_170832.mp4"):
    return os.path.join(MEDIA, name)
