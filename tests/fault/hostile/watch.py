"""watch.py - what is seen from outside while files are handled: memory, opened files, connections."""
import ctypes
import os
import socket
import struct
import threading

IN_ACCESS, IN_OPEN = 0x1, 0x20


def below(pid):
    """The processes that descend from one."""
    found, waiting = [], [pid]
    while waiting:
        at = waiting.pop()
        try:
            for thread in os.listdir(f"/proc/{at}/task"):
                with open(f"/proc/{at}/task/{thread}/children") as file:
                    waiting += [int(child) for child in file.read().split()]
        except OSError:
            continue
        found.append(at)
    return found[1:]


def peak_bytes(pid):
    """The most memory that the process ever had resident; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/status") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) << 10
    except OSError:
        pass
    return 0


def kind_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            words = file.read().split(b"\0")
    except OSError:
        return None
    return "child" if b"codec-child" in words else "worker" if b"work" in words else None


class Memory(threading.Thread):
    """Looks at the workers and codec children of one server, ten times in a second."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.ended = server, threading.Event()
        self.most = {"worker": 0, "child": 0}
        self.start()

    def run(self):
        while not self.ended.wait(0.1):
            for pid in below(self.server):
                kind = kind_of(pid)
                if kind is not None:
                    self.most[kind] = max(self.most[kind], peak_bytes(pid))

    def stop(self):
        self.ended.set()
        self.join()
        return self.most


class Canary:
    """A file and a server that nobody may touch; both count who does."""

    def __init__(self, path):
        self.path = path
        open(path, "wb").close()
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.events = self.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.events < 0 or self.libc.inotify_add_watch(
                self.events, os.fsencode(path), IN_ACCESS | IN_OPEN) < 0:
            raise OSError(ctypes.get_errno(), "inotify")
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.setblocking(False)
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}/canary.ts"

    def fill(self, data):
        with open(self.path, "wb") as file:
            file.write(data)
        if not self.touched():
            raise OSError("nothing is seen of a file that was opened")

    def touched(self):
        """Every opening of the file and every connection since the last time it was asked."""
        found = []
        try:
            events = os.read(self.events, 65536)
            size = struct.calcsize("iIII")
            found += ["the file was opened"] * (len(events) // size)
        except BlockingIOError:
            pass
        try:
            while True:
                connection, address = self.server.accept()
                connection.close()
                found.append(f"a connection from {address}")
        except BlockingIOError:
            pass
        return found

    def close(self):
        os.close(self.events)
        self.server.close()
