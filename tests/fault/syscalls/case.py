"""case.py - one job in which one process meets one deed at its n-th system call."""
import http.client
import os
import shutil
import time
import urllib.error

import at_rest
from vidmill import BUILD, Failure, Vidmill, parent_of, wait_for

NTH_CALL = os.path.join(BUILD, "tests", "bin", "nth-call")
SECTIONS = {
    "queue": 'plugin = "queue-local"; visibility = "5s";',
    "compute": 'plugin = "compute-local"; tasks = 1; grace = "3s";',
    "stage": 'name = "web"; plugin = "codec-mock"; bytes = "200KiB"; '
             'renditions = ( { name = "large"; }, { name = "small"; } );',
    "policy": 'attempts = 4; backoff = "50ms"; backoff_max = "100ms"; lease = "1s";',
    "server": 'listen = "127.0.0.1:0"; drain = "10s";',
}
SOURCE = b"duration_ms=1000\n" + bytes(300000)
NO_ANSWER = (urllib.error.URLError, ConnectionError, http.client.HTTPException, TimeoutError)


class Case:
    def __init__(self, role, at, deed, keep=False):
        self.role, self.at, self.deed, self.keep = role, at, deed, keep
        self.count, self.reached, self.call, self.about = 0, False, "", ""
        self.seconds, self.faults = 0.0, []
        self.id, self.acknowledged = None, False

    def __str__(self):
        return (f"{self.deed} {self.role} {self.at}: {self.call} {self.about} after "
                f"{self.seconds:.1f} s: " + "; ".join(self.faults))

    def run(self):
        """Never raises: what goes wrong is a fault of the case."""
        self.vidmill = Vidmill(**SECTIONS)
        self.report = os.path.join(self.vidmill.folder, "calls")
        begun = time.monotonic()
        try:
            self.suffer()
            self.read_report()
            self.recover()
            self.seconds = time.monotonic() - begun
            self.look()
        except Exception as error:  # pylint: disable=broad-except
            self.faults.append(f"{type(error).__name__}: {error}")
        self.read_report()
        try:
            if self.keep and self.faults:
                shutil.copytree(self.vidmill.folder, self.vidmill.folder + "-kept")
                self.faults.append(f"kept in {self.vidmill.folder}-kept")
            self.vidmill.close()
        except Exception as error:  # pylint: disable=broad-except
            self.faults.append(f"closing: {error}")
        return self

    def read_report(self):
        if not os.path.exists(self.report):
            return
        with open(self.report) as file:
            for line in file:
                number, deed, call, about = line.rstrip("\n").split("\t")
                self.count = int(number)
                if deed != "-":
                    self.reached, self.call, self.about = True, call, about

    def suffer(self):
        """The job on a server that meets the deed, until that is done or nothing is left to do."""
        self.vidmill.wrapper = [NTH_CALL, self.role, str(self.at), self.deed, self.report]
        try:
            self.vidmill.start()
            self.send()
        except AssertionError:
            if not self.server_is_gone():
                raise
        wait_for(lambda: self.server_is_gone() or self.send() and self.is_job_done(),
                 "the job to end", 45)

    def is_job_done(self):
        """What is left after the deed can wait: the sweep of the next day finds it."""
        self.read_report()
        state = at_rest.documents(self.vidmill)[self.id]["state"]
        return self.reached and state in at_rest.FINAL or not at_rest.unsettled(self.vidmill)

    def server_is_gone(self):
        """Killed as the deed, or ended by itself for what it was refused."""
        started = self.vidmill.process.pid
        return not [pid for pid in self.vidmill.processes("serve")
                    if started in (pid, parent_of(pid))]

    def recover(self):
        """What an operator and a client do: start the server again, send again."""
        self.vidmill.wrapper = []
        if self.server_is_gone():
            self.vidmill.start()
        wait_for(self.send, "the upload to be acknowledged", 10)
        wait_for(lambda: self.vidmill.show(self.id)["state"] in at_rest.FINAL, "the video's end", 30)

    def send(self):
        """Goes on where the last one got no answer; whether the video is promised now."""
        if self.acknowledged:
            return True
        try:
            if self.id is None:
                self.answer = self.vidmill.ask("POST", "/v1/videos", {"name": "a"})
                self.id = self.answer["video"]["id"]
            request, = self.answer["upload"]["requests"]
            path = "/" + request["url"].split("/", 3)[3]
            self.vidmill.ask("PUT", path, SOURCE)
            self.acknowledged = True
        except Failure as failure:
            # What was promised although the answer was lost.
            if failure.status == 412:
                self.acknowledged = True
            elif failure.status < 500 and failure.status != 408:
                self.faults.append(f"the upload was refused: {failure}")
                self.acknowledged = True
        except NO_ANSWER:
            pass
        return self.acknowledged

    def look(self):
        """Everything that was promised."""
        self.vidmill.stop()
        video = at_rest.documents(self.vidmill)[self.id]
        if video["state"] != "processed":
            self.faults.append(f"{video['state']}: {video.get('error')}: {video.get('reason')}")
        self.faults += at_rest.sweep(self.vidmill) + at_rest.check(self.vidmill)
