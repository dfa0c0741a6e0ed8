"""test_ingest.py - objects under keys that we did not issue, told by the store's events."""
import json
import unittest

from rig import POLICY, VIDEO, Rig

KEY = "holiday/beach.mp4"


class Ingest(unittest.TestCase):
    def start(self, policy=""):
        rig = Rig("meta", "count", "ok", "once", policy=POLICY + policy)
        self.addCleanup(rig.close)
        return rig.start()

    def tell(self, rig, *records):
        rig.place("queue.unprocessed").send(json.dumps({"storage-mock": records}).encode())

    def wait_empty(self, rig):
        queue = rig.place("queue.unprocessed")
        rig.wait(lambda: not queue.read().get("messages"), "the queue to be empty")

    def arrive(self, rig, key, data=VIDEO):
        etag = rig.place("storage.unprocessed").put(key, data)
        return {"key": key, "etag": etag, "bytes": len(data)}

    def videos(self, rig):
        return rig.place("meta").documents()

    def test_any_key_becomes_a_video(self):
        rig = self.start(' ingest = "any";')
        event = self.arrive(rig, KEY)
        self.tell(rig, event)
        rig.wait(lambda: self.videos(rig), "the video")
        id, = self.videos(rig)
        video = rig.finish(id)
        self.assertEqual(video["name"], "beach.mp4")
        self.assertEqual(video["source"]["key"], KEY)
        # The same event again finds the video that it made.
        self.tell(rig, event)
        self.wait_empty(rig)
        self.assertEqual(list(self.videos(rig)), [id])

    def test_another_version_is_another_video(self):
        rig = self.start(' ingest = "any";')
        self.tell(rig, self.arrive(rig, KEY))
        rig.wait(lambda: self.videos(rig), "the video")
        rig.finish(*self.videos(rig))
        self.tell(rig, self.arrive(rig, KEY, VIDEO + b"2"))
        rig.wait(lambda: len(self.videos(rig)) == 2, "the second video")
        for id in self.videos(rig):
            rig.finish(id)

    def test_many_records_of_one_message(self):
        rig = self.start(' ingest = "any";')
        self.tell(rig, *[self.arrive(rig, f"many/{n}.mp4") for n in range(4)],
                  {"key": "gone.mp4", "removed": True})
        rig.wait(lambda: len(self.videos(rig)) == 4, "the videos")
        for id in self.videos(rig):
            rig.finish(id)
        self.wait_empty(rig)

    def test_a_message_about_nothing_is_removed(self):
        rig = self.start()
        self.tell(rig)
        self.tell(rig, {"key": KEY, "removed": True})
        self.wait_empty(rig)
        self.assertEqual(rig.place("queue.unprocessed").read().get("dead", {}), {})

    def test_by_default_a_strange_key_is_a_dead_letter(self):
        rig = self.start()
        self.tell(rig, self.arrive(rig, KEY))
        letters = rig.wait(lambda: rig.ask("GET", "/v1/dead-letters")["dead_letters"],
                           "the dead letter")
        self.assertEqual([letter["reason"] for letter in letters],
                         [f"an object arrived under a key that was not issued: {KEY}"])
        self.assertEqual(self.videos(rig), {})
        # What was issued is told by the same event and goes its way.
        rig.finish(rig.deliver(VIDEO))

    def test_what_nobody_can_read_is_a_dead_letter(self):
        rig = self.start(' ingest = "any";')
        rig.place("queue.unprocessed").send(b"hello")
        letters = rig.wait(lambda: rig.ask("GET", "/v1/dead-letters")["dead_letters"],
                           "the dead letter")
        self.assertEqual(letters[0]["reason"],
                         "a message that is neither a task message nor the store's")


if __name__ == "__main__":
    unittest.main()
