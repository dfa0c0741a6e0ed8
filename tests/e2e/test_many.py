"""test_many.py - ten uploads at once and room for two: all processed, no receive burnt."""
import concurrent.futures
import sqlite3
import glob
import os
import threading
import unittest

from vidmill import Vidmill, clip


class Many(unittest.TestCase):
    def test_ten_at_once(self):
        vidmill = Vidmill().start()
        self.addCleanup(vidmill.close)
        most, done = [0], threading.Event()

        def watch():
            while not done.is_set():
                most[0] = max(most[0], len(vidmill.workers()))
                done.wait(0.05)
        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            with concurrent.futures.ThreadPoolExecutor(10) as pool:
                ids = list(pool.map(vidmill.upload, [clip("realshort.mp4")] * 10))
            receives = 0
            for id in ids:
                vidmill.wait_processed(id, 300)
                receives = max(receives, self.receives(vidmill))
        finally:
            done.set()
            watcher.join()
        self.assertEqual(most[0], 2, "workers at once")
        self.assertLessEqual(receives, 1, "a message was received while there was no room")

    def receives(self, vidmill):
        """The most that any message that is still there was received."""
        most = 0
        for path in glob.glob(os.path.join(vidmill.state, "**", "*unprocessed*.db"), recursive=True):
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as base:
                most = max(most, base.execute("SELECT coalesce(max(receives), 0) FROM messages")
                           .fetchone()[0])
        return most


if __name__ == "__main__":
    unittest.main()
