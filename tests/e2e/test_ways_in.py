"""test_ways_in.py - three ways in, one road after: the CLI, the inbox folder, and any HTTP client."""
import json
import os
import shutil
import subprocess
import unittest

from vidmill import Vidmill, clip, wait_for

CLIP = "realshort.mp4"


class WaysIn(unittest.TestCase):
    def setUp(self):
        self.vidmill = Vidmill().start()
        self.addCleanup(self.vidmill.close)

    def test_upload_command(self):
        run = self.vidmill.cli("upload", clip(CLIP))
        self.assertEqual(run.returncode, 0, run.stderr)
        listed = json.loads(self.vidmill.cli("list", "--json").stdout)
        videos = listed["videos"] if isinstance(listed, dict) else listed
        self.assertEqual([v["state"] for v in videos], ["processed"])
        shown = self.vidmill.cli("show", videos[0]["id"])
        self.assertEqual(shown.returncode, 0)
        self.assertIn("processed", shown.stdout)

    def test_inbox(self):
        inbox = os.path.join(self.vidmill.state, "inbox")
        wait_for(lambda: os.path.isdir(inbox), "the inbox")
        part = os.path.join(inbox, ".clip.part")
        shutil.copy(clip(CLIP), part)
        os.rename(part, os.path.join(inbox, "clip.mp4"))
        videos = wait_for(lambda: self.vidmill.ask("GET", "/v1/videos")["videos"], "a video")
        self.assertEqual(videos[0]["name"], "clip.mp4")
        self.vidmill.wait_processed(videos[0]["id"])
        wait_for(lambda: os.listdir(inbox) in ([], [".taken"]), "the inbox to be empty")

    def test_a_file_that_is_still_written_stays_in_the_inbox(self):
        inbox = os.path.join(self.vidmill.state, "inbox")
        wait_for(lambda: os.path.isdir(inbox), "the inbox")
        with open(clip(CLIP), "rb") as source:
            data = source.read()
        with open(os.path.join(inbox, "slow.mp4"), "wb") as file:
            file.write(data[:1000])
            file.flush()
            with self.assertRaises(AssertionError):
                wait_for(lambda: self.vidmill.ask("GET", "/v1/videos")["videos"], "nothing", 4)
            file.write(data[1000:])
        videos = wait_for(lambda: self.vidmill.ask("GET", "/v1/videos")["videos"], "a video")
        self.vidmill.wait_processed(videos[0]["id"])

    def test_curl(self):
        path = clip(CLIP)
        body = json.dumps({"name": "curl.mp4", "bytes": os.path.getsize(path)})
        created = subprocess.run(
            ["curl", "-sS", "-f", "-X", "POST", "-H", "Content-Type: application/json", "-d", body,
             self.vidmill.address + "/v1/videos"], capture_output=True, text=True, check=True)
        answer = json.loads(created.stdout)
        request, = answer["upload"]["requests"]
        subprocess.run(["curl", "-sS", "-f", "-T", path, request["url"]], check=True,
                       capture_output=True)
        self.vidmill.wait_processed(answer["video"]["id"])
        again = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-T", path,
                                request["url"]], capture_output=True, text=True)
        self.assertEqual(again.stdout, "412", "an upload URL is used once")

    def test_outputs_are_served_with_ranges(self):
        id = self.vidmill.upload(clip(CLIP))
        self.vidmill.wait_processed(id)
        whole = self.vidmill.ask("GET", f"/v1/videos/{id}/outputs/web/240p.mp4", raw=True)
        part = self.vidmill.ask("GET", f"/v1/videos/{id}/outputs/web/240p.mp4",
                                headers={"Range": "bytes=4-7"}, raw=True)
        self.assertEqual(part, whole[4:8])
        self.assertEqual(part, b"ftyp")


if __name__ == "__main__":
    unittest.main()
