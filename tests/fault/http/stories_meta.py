"""stories_meta.py - what meta-mongo is asked to do while something is wrong."""
import json
import time

from rig import Wrong
from story import Story

PAGE = 200  # documents that meta-mongo asks for at once
# A driver that has lost its server looks for it twice a second. After one silence there is time
# for another try within a call, and after two there is not.
LIMITS = {"heartbeatFrequencyMS": 500, "socketTimeoutMS": 1500, "connectTimeoutMS": 1000,
          "serverSelectionTimeoutMS": 2000, "waitQueueTimeoutMS": 2000}


def options(server):
    return 'uri = "env:VIDMILL_TEST_URI"; database = "vidmill_test";'


def environment(server):
    limits = "&".join(f"{name}={value}" for name, value in LIMITS.items())
    return {"VIDMILL_TEST_URI": f"{server.endpoint}/?{limits}"}


def set_up(rig):
    for drive in (rig.direct, rig.through):
        drive.surely("index", fields={"group": "text", "rank": "int"})
    # The first find of its shape has an index made, behind whoever asks: it is not to be struck.
    rig.proxy.set(None)
    rig.through.surely("find", group="", order_by="rank")
    seen, end = 0, time.monotonic() + 10
    while seen < 2 and time.monotonic() < end:
        seen += rig.proxy.set(None, kept=True)["requests"]
        time.sleep(0.01)
    if seen < 2:
        raise Wrong("no index was made for a find")


def text(group, rank):
    return json.dumps({"group": group, "rank": rank, "filling": "a document, " * 20})


class Documents(Story):
    """Documents of a group of their own; what is there is read without the proxy."""

    def prepare(self):
        self.group = self.rig.name()
        self.id = self.line["id"] = f"{self.group}-1"

    def put(self, rank, version=0, number=1):
        self.rig.direct.surely("put", id=f"{self.group}-{number}", version=version,
                               text=text(self.group, rank))

    def now(self):
        """The document's version and its rank; None when there is none."""
        answer = self.rig.direct("get", id=self.id)
        if answer["status"] == "not_found":
            return None
        if answer["status"] != "ok":
            raise Wrong(f"get: {answer['message']}")
        return answer["out"]["version"], json.loads(answer["out"]["text"])["rank"]


class Get(Documents):
    operation, requests = "get", ["read"]

    def prepare(self):
        super().prepare()
        self.put(1)

    def named(self):
        return self.id

    def right(self, out):
        return out == {"version": 1, "text": text(self.group, 1)}


class Put(Documents):
    """Version `version` is there, and the next one is put."""

    operation, requests = "put", ["insert"]
    after_doubt = ("conflict",)
    version = 0

    def prepare(self):
        super().prepare()
        for version in range(self.version):
            self.put(version + 1, version)
        self.line.update(version=self.version, text=text(self.group, self.version + 1))

    def named(self):
        return self.id

    def done(self):
        now = self.now()
        if now not in (None if self.version == 0 else (self.version, self.version),
                       (self.version + 1, self.version + 1)):
            raise Wrong(f"{now}, which nobody has put")
        return now == (self.version + 1, self.version + 1)


class Replace(Put):
    requests, version = ["update"], 1


class Remove(Documents):
    operation, requests = "remove", ["delete"]

    def prepare(self):
        super().prepare()
        self.put(1)
        self.line["version"] = 1

    def named(self):
        return self.id

    def done(self):
        return self.now() is None


class RemoveGone(Remove):
    """What is not there; whether it is another version is asked behind it."""

    requests = ["delete", "read"]

    def prepare(self):
        super().prepare()
        self.rig.direct.surely("remove", id=self.id, version=1)

    def done(self):
        return None


class Find(Documents):
    operation, requests = "find", ["read"]
    count = 3

    def prepare(self):
        super().prepare()
        for number in range(1, self.count + 1):
            self.put(self.count - number, number=number)
        self.line.update(group=self.group, order_by="rank")

    def named(self):
        return "find"

    def right(self, out):
        return out.get("list", []) == [f"{self.group}-{number}"
                                       for number in range(self.count, 0, -1)]


class FindPages(Find):
    """More than one page of the plugin's; all cells find the same."""

    requests, count = ["read", "read"], PAGE + 1

    def prepare(self):
        if not hasattr(self.rig, "pages"):
            super().prepare()
            self.rig.pages = self.group, self.line
        self.group, self.line = self.rig.pages


class Count(Find):
    operation = "count"

    def named(self):
        return "count"

    def right(self, out):
        return out == {"count": self.count}


class Index(Documents):
    operation, requests = "index", ["command"]

    def prepare(self):
        self.line["fields"] = {"group": "text", "rank": "int"}

    def named(self):
        return "index"


class Connect(Story):
    operation, requests = "connect", ["read"]


STORIES = {"connect": Connect, "index": Index, "get": Get, "put": Put, "put-next": Replace,
           "remove": Remove, "remove-gone": RemoveGone, "find": Find, "find-pages": FindPages,
           "count": Count}
