"""stories_storage.py - what storage-s3 is asked to do while something is wrong."""
import servers
import with_server
from rig import QUIET_S, Wrong
from story import Story

TEXT = "".join(f"line {number} of an object, " for number in range(60))
OLD = "what was there before"


def options(server):
    return (f'bucket = "{with_server.BUCKET}"; endpoint = "{server.endpoint}"; '
            f'region = "{servers.REGION}"; timeout = "{QUIET_S}s"; connect_timeout = "1s";')


def environment(server):
    return {}


def set_up(rig):
    pass


class Object(Story):
    """One key; what is there is read without the proxy."""

    def prepare(self):
        self.line["key"] = self.key = f"{self.rig.name()}/clip.mp4"

    def named(self):
        return self.key

    def store(self, text=TEXT):
        return self.rig.direct.surely("put", key=self.key, text=text)["etag"]

    def text(self):
        """Of the object; None when there is none."""
        answer = self.rig.direct("read_at", key=self.key)
        if answer["status"] == "not_found":
            return None
        if answer["status"] != "ok":
            raise Wrong(f"read_at: {answer['message']}")
        return answer["out"]["text"]

    def done(self):
        text = self.text()
        if text not in (None, OLD, TEXT):
            raise Wrong(f"an object of {len(text)} bytes, which nobody has written")
        return text == TEXT


class Read(Object):
    def prepare(self):
        super().prepare()
        self.etag = self.store()

    def done(self):
        return None


class Stat(Read):
    operation, requests = "stat", ["head"]

    def right(self, out):
        return out == {"etag": self.etag, "bytes": len(TEXT)}


class ReadAt(Read):
    operation, requests = "read_at", ["read"]

    def right(self, out):
        return out["text"] == TEXT


class ReadPinned(ReadAt):
    def prepare(self):
        super().prepare()
        self.line["etag"] = self.etag


class List(Read):
    operation, requests = "list", ["read-xml"]

    def prepare(self):
        super().prepare()
        self.line["key"] = self.key.split("/")[0]

    def named(self):
        return with_server.BUCKET

    def right(self, out):
        return out.get("list") == [self.key]


class Put(Object):
    operation, requests = "put", ["write"]

    def prepare(self):
        super().prepare()
        self.store(OLD)
        self.line["text"] = TEXT


class PutAbsent(Object):
    operation, requests = "put", ["write"]
    after_doubt, once = ("conflict",), ("write",)

    def prepare(self):
        super().prepare()
        self.line.update(text=TEXT, if_absent=True)


class Remove(Object):
    operation, requests = "remove", ["delete"]

    def prepare(self):
        super().prepare()
        self.store()

    def done(self):
        return self.text() is None


class Upload(Object):
    """An upload that has one part, and an older object."""

    def prepare(self):
        super().prepare()
        self.line["upload"] = self.rig.direct.surely("upload_begin", key=self.key)["upload"]

    def send_part(self):
        return self.rig.direct.surely("upload_part", text=TEXT, **self.line)["etag"]

    def uploads(self):
        return self.rig.direct.surely("list_uploads", key=self.key).get("list", [])


class ListUploads(Upload):
    operation, requests = "list_uploads", ["read-xml"]

    def named(self):
        return with_server.BUCKET

    def right(self, out):
        return out.get("list") == [self.key]

    def done(self):
        return None


class UploadBegin(Object):
    operation, requests = "upload_begin", ["write-xml"]

    def right(self, out):
        etag = self.rig.direct.surely("upload_part", key=self.key, text=TEXT,
                                      upload=out["upload"])["etag"]
        self.rig.direct.surely("upload_commit", key=self.key, upload=out["upload"], etag=etag,
                               bytes=len(TEXT))
        return self.text() == TEXT

    def done(self):
        # An upload that nobody knows of does no harm: the sweeper aborts it.
        if self.text() not in (None, TEXT):
            raise Wrong("an object, of an upload that was only begun")
        return None


class UploadPart(Upload):
    operation, requests = "upload_part", ["write"]

    def prepare(self):
        super().prepare()
        self.line["text"] = TEXT

    def right(self, out):
        self.rig.direct.surely("upload_commit", key=self.key, upload=self.line["upload"],
                               etag=out["etag"], bytes=len(TEXT))
        return self.text() == TEXT

    def done(self):
        if self.text() not in (None, TEXT):
            raise Wrong("an object, of an upload that is not committed")
        return None


class UploadCommit(Upload):
    operation, requests = "upload_commit", ["write-xml"]
    after_doubt, once = ("conflict", "not_found"), ("write-xml",)

    def prepare(self):
        super().prepare()
        self.line.update(etag=self.send_part(), bytes=len(TEXT), if_absent=True)


class UploadAbort(Upload):
    operation, requests = "upload_abort", ["delete"]

    def prepare(self):
        super().prepare()
        self.send_part()

    def done(self):
        return self.uploads() == []


class PresignFinish(Upload):
    operation, requests = "presign_finish", ["read-xml", "read-xml", "write-xml"]
    after_doubt, once = ("conflict", "not_found"), ("write-xml",)

    def prepare(self):
        super().prepare()
        self.send_part()
        self.line.update(bytes=len(TEXT), if_absent=True)

    def named(self):
        return ""  # the bucket, or the key: the step says which


class Connect(Story):
    operation, requests = "connect", ["ask"]

    def named(self):
        return with_server.BUCKET


STORIES = {
    "connect": Connect, "stat": Stat, "read_at": ReadAt, "read_at-pinned": ReadPinned,
    "put": Put, "put-if-absent": PutAbsent, "remove": Remove, "list": List,
    "upload_begin": UploadBegin, "upload_part": UploadPart, "upload_commit": UploadCommit,
    "upload_abort": UploadAbort, "list_uploads": ListUploads, "presign_finish": PresignFinish,
}
