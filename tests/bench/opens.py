"""opens.py - the moments at which files are opened by anybody, told by inotify: nobody is slowed down by it."""
import ctypes
import os
import select
import struct
import time

IN_OPEN = 0x20  # inotify(7); the exec of a program opens it, too
EVENT = struct.Struct("iIII")


class Opens:
    def __init__(self, *paths):
        library = ctypes.CDLL(None, use_errno=True)
        self.fd = library.inotify_init1(os.O_CLOEXEC)
        if self.fd < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        for path in paths:
            if library.inotify_add_watch(self.fd, os.fsencode(path), IN_OPEN) < 0:
                raise OSError(ctypes.get_errno(), f"inotify_add_watch {path}")

    def __enter__(self):
        return self

    def __exit__(self, *about):
        os.close(self.fd)

    def next(self, seconds=60):
        """(index of the path, monotonic seconds) of the next open."""
        if not select.select([self.fd], [], [], seconds)[0]:
            raise AssertionError("nobody opened any of the files")
        moment = time.monotonic()
        watch, _, _, _ = EVENT.unpack_from(os.read(self.fd, EVENT.size))
        return watch - 1, moment
