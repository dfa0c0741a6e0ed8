"""test_mocks.py - any one section of the pipeline file swapped for its mock changes nothing else."""
import unittest

from vidmill import Vidmill, clip

MOCKS = {
    "storage": 'plugin = "storage-mock";',
    "queue": 'plugin = "queue-mock"; visibility = "20s";',
    "compute": 'plugin = "compute-mock";',
    "meta": 'plugin = "meta-mock";',
    "stage": 'name = "web"; plugin = "codec-mock";',
}


class Mocks(unittest.TestCase):
    def check(self, **sections):
        vidmill = Vidmill(**sections).start()
        self.addCleanup(vidmill.close)
        video = vidmill.wait_processed(vidmill.upload(clip("realshort.mp4")))
        outputs = vidmill.ask("GET", f"/v1/videos/{video['id']}/outputs")["outputs"]
        self.assertEqual(len(outputs), video["result"]["outputs"])
        for output in outputs:
            data = vidmill.ask("GET", f"/v1/videos/{video['id']}/outputs/{output['name']}", raw=True)
            self.assertEqual(len(data), output["bytes"])

    def test_all_at_once(self):
        self.check(**MOCKS)


def add(section):
    def test(self):
        self.check(**{section: MOCKS[section]})
    setattr(Mocks, "test_" + section, test)


for each in MOCKS:
    add(each)

if __name__ == "__main__":
    unittest.main()
