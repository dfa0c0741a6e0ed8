"""case.py - one job in which one process meets one deed at its n-th system call."""
import os
import shutil
import time

import at_rest
import short_job
from vidmill import BUILD, Vidmill, parent_of, wait_for

NTH_CALL = os.path.join(BUILD, "tests", "bin", "nth-call")


class Case:
    def __init__(self, role, at, deed, keep=False):
        self.role, self.at, self.deed, self.keep = role, at, deed, keep
        self.count, self.reached, self.call, self.about = 0, False, "", ""
        self.seconds, self.faults = 0.0, []

    def __str__(self):
        return (f"{self.deed} {self.role} {self.at}: {self.call} {self.about} after "
                f"{self.seconds:.1f} s: " + "; ".join(self.faults))

    def run(self):
        """Never raises: what goes wrong is a fault of the case."""
        self.vidmill = Vidmill(**short_job.SECTIONS)
        self.upload = short_job.Upload(self.vidmill)
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
            self.upload.send()
        except AssertionError:
            if not self.server_is_gone():
                raise
        wait_for(lambda: self.server_is_gone() or self.upload.send() and self.is_job_done(),
                 "the job to end", 45)

    def is_job_done(self):
        """What is left after the deed can wait: the sweep of the next day finds it."""
        self.read_report()
        state = at_rest.documents(self.vidmill)[self.upload.id]["state"]
        return self.reached and state in at_rest.FINAL or not at_rest.unsettled(self.vidmill)

    def server_is_gone(self):
        """Killed as the deed, or ended by itself for what it was refused."""
        started = self.vidmill.process.pid
        return not [pid for pid in self.vidmill.processes("serve")
                    if started in (pid, parent_of(pid))]

    def recover(self):
        """What an operator and a client do: start the server again, send again."""
        self.vidmill.wrapper = []
        wait_for(self.is_over, "the video's end", 40)

    def is_over(self):
        """The deed may still come, at the answer to one of these questions."""
        if self.server_is_gone():
            self.vidmill.start()
        try:
            return self.upload.send() and self.vidmill.show(self.upload.id)["state"] in at_rest.FINAL
        except short_job.NO_ANSWER:
            return False

    def look(self):
        """Everything that was promised."""
        self.vidmill.stop()
        video = at_rest.documents(self.vidmill)[self.upload.id]
        if video["state"] != "processed":
            self.faults.append(f"{video['state']}: {video.get('error')}: {video.get('reason')}")
        self.faults += at_rest.sweep(self.vidmill) + at_rest.check(self.vidmill)
