"""short_job.py - a job of a few milliseconds on the local parts, and a client that does not give up."""
import http.client
import urllib.error

from vidmill import Failure

SOURCE = b"duration_ms=1000\n" + bytes(300000)
STAGE = ('name = "web"; plugin = "codec-mock"; bytes = "200KiB"; '
         'renditions = ( { name = "large"; }, { name = "small"; } );')
SECTIONS = {
    "queue": 'plugin = "queue-local"; visibility = "5s";',
    "compute": 'plugin = "compute-local"; tasks = 1; grace = "3s";',
    "stage": STAGE,
    "policy": 'attempts = 4; backoff = "50ms"; backoff_max = "100ms"; lease = "1s";',
    "server": 'listen = "127.0.0.1:0"; drain = "10s";',
}
NO_ANSWER = (urllib.error.URLError, ConnectionError, http.client.HTTPException, TimeoutError)


def script(*steps):
    """The stage, whose codec answers otherwise: script('operation = "run"; times = 1; …')."""
    return STAGE + " script = ( " + ", ".join("{ " + step + " }" for step in steps) + " );"


class Upload:
    """One video on its way in: every `send` goes on where the last one got no answer."""

    def __init__(self, vidmill, data=SOURCE, name="a"):
        self.vidmill, self.data, self.name = vidmill, data, name
        self.id, self.answer, self.acknowledged = None, None, False
        self.refusals = []  # statuses of 500 and more: to be tried again

    def send(self):
        """Whether the video is promised now."""
        if self.acknowledged:
            return True
        try:
            if self.id is None:
                self.answer = self.vidmill.ask("POST", "/v1/videos", {"name": self.name})
                self.id = self.answer["video"]["id"]
            request, = self.answer["upload"]["requests"]
            # The server may have another port by now.
            path = "/" + request["url"].split("/", 3)[3]
            self.vidmill.ask("PUT", path, self.data)
            self.acknowledged = True
        except Failure as failure:
            # 412: it was promised although the answer was lost.
            if failure.status == 412:
                self.acknowledged = True
            elif failure.status < 500 and failure.status != 408:
                raise
            else:
                self.refusals.append(failure.status)
        except NO_ANSWER:
            self.refusals.append(0)
        return self.acknowledged
