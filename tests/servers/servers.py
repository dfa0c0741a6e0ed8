"""servers.py - other people's servers: started on the loopback, ended by their process id.

Where they lie is VIDMILL_SERVERS (tests/servers/install.sh made it).
"""
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

FOLDER = os.path.abspath(os.environ.get("VIDMILL_SERVERS", "build/servers"))
# What every server is told and every client uses; they guard nothing.
KEY_ID, SECRET, REGION = "AKIDVIDMILLTEST", "vidmill-test-secret", "eu-west-1"

CONTAINERS_CONF = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cloud", "containers.conf")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers_http(port):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


class Server:
    """One server with a folder of its own; `with Server() as server:` is how it is used."""

    fixed_port = None
    scheme = "http"
    query = ""
    ready = staticmethod(answers_http)
    patience_s = 120

    def command(self):
        raise NotImplementedError

    def environment(self):
        return {}

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix=f"vidmill-{type(self).__name__.lower()}-")
        self.port = self.fixed_port or free_port()
        if self.fixed_port and accepts(self.port):
            raise RuntimeError(f"port {self.port} is taken, and {type(self).__name__} has no other")
        self.log = os.path.join(self.folder, "log")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, start_new_session=True,
                env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1", **self.environment()))
        end = time.monotonic() + self.patience_s
        while not self.ready(self.port):
            if self.process.poll() is not None or time.monotonic() > end:
                self.__exit__(RuntimeError, None, None)
                raise RuntimeError(f"{type(self).__name__} did not start")
            time.sleep(0.1)
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None and os.path.exists(self.log):
            with open(self.log, errors="replace") as log:
                print(log.read()[-3000:])
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def endpoint(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def aws(self, service, **options):
        """A boto3 client."""
        import boto3
        return boto3.client(service, endpoint_url=self.endpoint, region_name=REGION,
                            aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET, **options)


class Versitygw(Server):
    """S3, strict: signatures of both kinds, checksums, conditions."""

    def command(self):
        data = os.path.join(self.folder, "data")
        sidecar = os.path.join(self.folder, "meta")
        os.mkdir(data)
        os.mkdir(sidecar)
        return [os.path.join(FOLDER, "versitygw", "versitygw"), "--port", f"127.0.0.1:{self.port}",
                "--region", REGION, "--keep-alive", "posix", "--sidecar", sidecar, data]

    def environment(self):
        return {"ROOT_ACCESS_KEY": KEY_ID, "ROOT_SECRET_KEY": SECRET}


class Moto(Server):
    """S3, SQS, ECS, IAM in one; with require_signatures() it checks every header signature."""

    def command(self):
        return [os.path.join(FOLDER, "aws", "bin", "moto_server"), "-H", "127.0.0.1", "-p",
                str(self.port)]


class Ministack(Server):
    """The whole flow in one endpoint, signatures and the rules for browsers checked."""

    def command(self):
        return [os.path.join(FOLDER, "aws", "bin", "ministack")]

    def environment(self):
        return {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(self.port),
                "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET, "AUTH": "true"}


class Podman(Server):
    """Docker's API for Ministack; containers have the network of this machine."""

    ready = staticmethod(lambda port: True)

    def command(self):
        return ["podman", "system", "service", "--time=0", self.address]

    def environment(self):
        return {"CONTAINERS_CONF": CONTAINERS_CONF}

    @property
    def address(self):
        return f"unix://{self.folder}/podman.sock"

    def __enter__(self):
        super().__enter__()
        end = time.monotonic() + self.patience_s
        while not os.path.exists(os.path.join(self.folder, "podman.sock")):
            if time.monotonic() > end:
                raise RuntimeError("podman did not start")
            time.sleep(0.1)
        os.environ["DOCKER_HOST"] = self.address
        return self

    def __exit__(self, kind, value, trace):
        os.environ.pop("DOCKER_HOST", None)
        super().__exit__(kind, value, trace)


class Containers(Ministack):
    """Ministack whose tasks are containers of this machine. The keys that it gives them it does not know."""

    def environment(self):
        return {**super().environment(), "AUTH": "false"}

    def __enter__(self):
        self.podman = Podman()
        self.podman.__enter__()
        try:
            return super().__enter__()
        except BaseException:
            self.podman.__exit__(None, None, None)
            raise

    def __exit__(self, kind, value, trace):
        super().__exit__(kind, value, trace)
        self.podman.__exit__(None, None, None)


class Elasticmq(Server):
    """SQS with message move tasks."""

    def command(self):
        return ["java", f"-Drest-sqs.bind-hostname=127.0.0.1", f"-Drest-sqs.bind-port={self.port}",
                "-Dnode-address.host=127.0.0.1", f"-Dnode-address.port={self.port}",
                "-cp", os.path.join(FOLDER, "elasticmq", "jars", "*"), "org.elasticmq.server.Main"]


class Secantus(Server):
    """MongoDB as a replica set of one member."""

    scheme = "mongodb"
    ready = staticmethod(accepts)

    def command(self):
        return [os.path.join(FOLDER, "mongo", "bin", "secantusd-py"), "--host", "127.0.0.1",
                "--port", str(self.port), "--storage-path", ":memory:"]


class MongoJava(Server):
    """MongoDB of an old wire version, with one fixed port."""

    scheme = "mongodb"
    # It has no sessions, on which writes that are tried again depend.
    query = "/?retryWrites=false"
    fixed_port = 27017
    ready = staticmethod(accepts)

    def command(self):
        return ["java", "-cp", os.path.join(FOLDER, "mongo-java", "jars", "*"),
                "de.bwaldvogel.mongo.InMemoryMongoServer"]


SERVERS = {"versitygw": Versitygw, "moto": Moto, "ministack": Ministack,
           "containers": Containers, "elasticmq": Elasticmq,
           "secantus": Secantus, "mongo-java": MongoJava}
