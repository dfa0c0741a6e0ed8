"""usage.py - the wall time, processor time and memory of commands and of jobs in a running vidmill."""
import ctypes
import os
import subprocess
import threading
import time

from vidmill import Vidmill, wait_for

PR_SET_CHILD_SUBREAPER = 36  # prctl(2): orphans of our children become ours, with their usage


class Usage:
    """Seconds, and the sum of the largest resident sizes of the processes at work, in KiB."""

    def __init__(self, wall, cpu, memory):
        self.wall, self.cpu, self.memory = wall, cpu, memory

    def __add__(self, other):
        return Usage(self.wall + other.wall, self.cpu + other.cpu, max(self.memory, other.memory))


def own_orphans():
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def of_command(words):
    begun = time.monotonic()
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    complaints = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise AssertionError(f"{' '.join(words)}: {complaints}")
    return Usage(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def largest_size(pid):
    try:
        with open(f"/proc/{pid}/status") as file:
            return next((int(line.split()[1]) for line in file if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


class Watch:
    """The largest resident size of each worker and codec child, looked at all the time."""

    def __init__(self, vidmill):
        self.vidmill, self.sizes, self.ended = vidmill, {}, threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)
        self.thread.start()

    def look(self):
        known = set()
        while not self.ended.wait(0.02):
            # To find processes costs more than to ask those that are known.
            if len(known) < 2:
                known |= {*self.vidmill.workers(), *self.vidmill.children()}
            for pid in known:
                self.sizes[pid] = max(self.sizes.get(pid, 0), largest_size(pid))

    def stop(self):
        self.ended.set()
        self.thread.join()
        return sum(self.sizes.values())


def own_cpu():
    usage = os.times()
    return usage.children_user + usage.children_system


class Job:
    """One video through the whole of vidmill: from the last byte of its upload to `processed`."""

    def __init__(self, source, stage, **sections):
        self.source, self.stage, self.sections = source, stage, sections

    def __enter__(self):
        self.vidmill = Vidmill(stage=self.stage, **self.sections)
        return self

    def __exit__(self, *about):
        self.vidmill.close()

    def run(self):
        """All processor time counts: the server's from start to end, and everybody's that it started."""
        before = own_cpu()
        self.vidmill.start()
        watch = Watch(self.vidmill)
        identity = self.vidmill.upload(self.source)
        begun = time.monotonic()
        self.video = self.vidmill.wait_processed(identity, 3600)
        wall = time.monotonic() - begun
        self.vidmill.stop()
        wait_for(reap_all, "the processes to end", 30)
        return Usage(wall, own_cpu() - before, watch.stop())

    def folder(self):
        folder, _ = self.vidmill.manifest(self.video)
        return folder


def reap_all():
    """Whether no child is left, ours or adopted."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        return True
    return False
