"""test_alarms.py - a running server tells of what a person must know of, and when it is over."""
import os
import unittest

from vidmill import Vidmill, clip, wait_for

CODEC = 'name = "web"; plugin = "codec-mock";'
SERVER = ('listen = "127.0.0.1:0"; '
          'alarms = { stuck = "1s"; sweeper = "3s"; queue_age = "1s"; audit = "1s"; };')


class Alarms(unittest.TestCase):
    def start(self, **sections):
        sections.setdefault("stage", CODEC)
        self.vidmill = Vidmill(server=SERVER, **sections).start()
        self.addCleanup(self.vidmill.close)
        return self.vidmill

    def raised(self):
        return [alarm["name"] for alarm in self.vidmill.ask("GET", "/readyz")["alarms"]]

    def expect_raised(self, name):
        wait_for(lambda: name in self.raised(), f"the alarm {name}")
        self.assertTrue(self.vidmill.ask("GET", "/readyz")["ready"])
        self.assertIn(f'vidmill_alarm{{name="{name}"}} 1\n',
                      self.vidmill.ask("GET", "/metrics", raw=True).decode())
        self.assertEqual(self.vidmill.log().count(f"alarm {name}: "), 1)

    def expect_over(self, name):
        wait_for(lambda: name not in self.raised(), f"the end of the alarm {name}")
        self.assertIn(f'vidmill_alarm{{name="{name}"}} 0\n',
                      self.vidmill.ask("GET", "/metrics", raw=True).decode())
        self.assertEqual(self.vidmill.log().count(f"alarm {name} is over"), 1)

    def test_dead_letters(self):
        self.start(stage=CODEC + " any_source = false;")
        with open(os.path.join(self.vidmill.folder, "bad.mp4"), "w") as file:
            file.write("This is no video.")
        self.vidmill.wait_end(self.vidmill.upload(file.name))
        self.expect_raised("dead_letters")
        letter, = self.vidmill.ask("GET", "/v1/dead-letters")["dead_letters"]
        self.vidmill.ask("DELETE", f"/v1/dead-letters/{letter['id']}")
        self.expect_over("dead_letters")

    def test_queue_age(self):
        # There is no room, until there is: for longer than a look at the queue takes, whatever the
        # jitter of the waits between the answers.
        self.start(compute='plugin = "compute-mock"; '
                           'script = ( { operation = "capacity"; answer = "denied"; times = 8; } );')
        id = self.vidmill.upload(clip("realshort.mp4"))
        self.expect_raised("queue_age")
        self.vidmill.wait_processed(id)
        self.expect_over("queue_age")

    def test_incomplete_videos(self):
        self.start()
        id = self.vidmill.upload(clip("realshort.mp4"))
        folder, manifest = self.vidmill.manifest(self.vidmill.wait_processed(id))
        os.remove(os.path.join(folder, manifest["outputs"][0]["name"]))
        self.expect_raised("incomplete_videos")
        run = self.vidmill.cli("audit", self.vidmill.pipeline, "--state", self.vidmill.state,
                               "--repair")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.expect_over("incomplete_videos")
        self.assertEqual(self.vidmill.show(id)["generation"], 2)


if __name__ == "__main__":
    unittest.main()
