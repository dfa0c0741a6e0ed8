"""stories_compute.py - what compute-ecs is asked to do while something is wrong."""
import servers
from rig import QUIET_S, Wrong
from story import Story

NAME = "vidmill-test"
CAPACITY = 1000


def set_up(rig):
    """A cluster and a definition; no container runs, moto only keeps the books."""
    rig.ecs = rig.server.aws("ecs")
    rig.ecs.create_cluster(clusterName=NAME)
    rig.ecs.register_task_definition(
        family=NAME, containerDefinitions=[{"name": "vidmill", "image": "vidmill", "memory": 64}])


def options(server):
    return (f'cluster = "{NAME}"; task_definition = "{NAME}"; launch = "FARGATE"; '
            f'subnets = [ "subnet-1" ]; capacity = {CAPACITY}; endpoint = "{server.endpoint}"; '
            f'region = "{servers.REGION}"; timeout = "{QUIET_S}s"; connect_timeout = "1s";')


def environment(server):
    return {}


class Task(Story):
    once = ("json", "json-empty")

    def running(self, token):
        """The tasks that a token has started."""
        return self.rig.ecs.list_tasks(cluster=NAME, startedBy=token)["taskArns"]

    def start(self):
        return self.rig.direct.surely("start", token=self.rig.name(), job="{}")["task"]


class Start(Task):
    # Whether it runs already, or has ended; how many run; then it is started.
    operation, requests = "start", ["json", "json", "json", "json"]

    def prepare(self):
        self.line.update(token=self.rig.name(), job='{"ticket":"t"}')

    def right(self, out):
        return out["task"] in self.running(self.line["token"])

    def done(self):
        count = len(self.running(self.line["token"]))
        if count > 1:
            raise Wrong(f"{count} tasks of one token")
        return count == 1


class Status(Task):
    operation, requests = "status", ["json"]

    def prepare(self):
        self.line["task"] = self.start()

    def right(self, out):
        return out["state"] in (1, 2, 3)


class Stop(Task):
    operation, requests = "stop", ["json-empty"]

    def prepare(self):
        self.line["task"] = self.start()

    def done(self):
        task, = self.rig.ecs.describe_tasks(cluster=NAME, tasks=[self.line["task"]])["tasks"]
        return task["desiredStatus"] == "STOPPED"


class Capacity(Task):
    operation, requests = "capacity", ["json"]

    def right(self, out):
        return 0 < out["free"] <= CAPACITY


class Connect(Task):
    operation, requests = "connect", ["json"]


STORIES = {"connect": Connect, "start": Start, "status": Status, "stop": Stop,
           "capacity": Capacity}
