"""clients.py - what clients do to a server that crashes: whoever is told nothing asks again."""
import contextlib
import http.client
import time
import urllib.parse

from disk import Broken
from servers import Servers
from vidmill import PATIENCE, Failure

ANSWER_S = 30


class Clients(Servers):
    def insist(self, method, path, is_done=None, body=None):
        """Until there is an answer, or what was asked for has visibly happened."""
        end = time.monotonic() + ANSWER_S * PATIENCE
        while time.monotonic() < end:
            if self.broken is not None:
                raise self.broken
            try:
                return self.ask(method, path, body)
            except Failure as failure:
                if failure.status < 500 and not (is_done and is_done()):
                    raise
            except (OSError, http.client.HTTPException):
                pass
            if is_done and is_done():
                return None
            time.sleep(0.05)
        raise Broken(f"{method} {path} was not answered for {ANSWER_S * PATIENCE:.0f} s")

    def create(self, data=None):
        """The id; the URL for its upload is kept."""
        body = {"name": "clip"}
        if data is not None:
            body["bytes"] = len(data)
        answer = self.insist("POST", "/v1/videos", body=body)
        self.upload_url = answer["upload"]["requests"][0]["url"]
        return answer["video"]["id"]

    def upload(self, data):
        id = self.create(data)
        url = urllib.parse.urlsplit(self.upload_url)  # the next server has another port
        try:
            self.insist("PUT", f"{url.path}?{url.query}", body=data)
        except Failure as failure:
            if failure.status != 412:  # it was received before the crash
                raise
        return id

    @contextlib.contextmanager
    def each_message(self, deed):
        """What befalls each task message that is sent meanwhile, in SQL."""
        self.wait(self.disk.has_queue, "the queue")
        self.disk.query("queue/unprocessed.db", "CREATE TRIGGER fate AFTER INSERT ON messages "
                        f"BEGIN {deed}; END", write=True)
        yield
        self.disk.query("queue/unprocessed.db", "DROP TRIGGER fate", write=True)

    def pass_time(self, ms):
        """The machine was off for so long."""
        self.down()
        self.disk.age(ms)
        self.up()
