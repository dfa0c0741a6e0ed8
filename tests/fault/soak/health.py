"""health.py - what one server that lives takes of the machine, from the beginning to the end."""
import os
import statistics
import threading

EVERY_S = 1
RSS_SLACK = 1.15
RSS_SLACK_KIB = 4096
DESCRIPTORS_SLACK = 6


def look(pid):
    """KiB of memory, descriptors, threads."""
    with open(f"/proc/{pid}/status") as file:
        status = dict(line.split(":", 1) for line in file)
    return (int(status["VmRSS"].split()[0]), len(os.listdir(f"/proc/{pid}/fd")),
            int(status["Threads"]))


class Health:
    def __init__(self, pid):
        self.pid, self.looks, self.stop = pid, [], threading.Event()
        self.thread = threading.Thread(target=self.live)

    def start(self):
        self.thread.start()

    def end(self):
        self.stop.set()
        self.thread.join()

    def live(self):
        while not self.stop.wait(EVERY_S):
            self.looks.append(look(self.pid))

    def thirds(self, column):
        """Medians of the first third, when all that is kept for good has been taken, and the last."""
        warm = self.looks[len(self.looks) // 10:]
        third = max(1, len(warm) // 3)
        return [statistics.median(look[column] for look in part)
                for part in (warm[:third], warm[-third:])]

    def faults(self):
        faults = []
        (rss, rss_last), (fds, fds_last) = self.thirds(0), self.thirds(1)
        if rss_last > rss * RSS_SLACK + RSS_SLACK_KIB:
            faults.append(f"memory grows: {rss} KiB, then {rss_last} KiB")
        if fds_last > fds + DESCRIPTORS_SLACK:
            faults.append(f"descriptors grow: {fds}, then {fds_last}")
        return faults
