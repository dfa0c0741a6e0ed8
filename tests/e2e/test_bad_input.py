"""test_bad_input.py - what strangers and operators do wrong: a clear error each, nothing lost."""
import json
import os
import socket
import subprocess
import tempfile
import unittest

from vidmill import BUILD, VIDMILL, Failure, Vidmill, clip, wait_for


class BadVideos(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.vidmill = Vidmill().start()

    @classmethod
    def tearDownClass(cls):
        cls.vidmill.close()

    def fail(self, data, error):
        with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
            file.write(data)
            file.flush()
            id = self.vidmill.upload(file.name)
        video = self.vidmill.wait_end(id)
        self.assertEqual((video["state"], video.get("error")), ("failed", error), video)
        self.assertTrue(video["reason"])
        self.assertEqual(video["attempts"], 1, "trying it again gives the same")
        return video

    def letters(self):
        return self.vidmill.ask("GET", "/v1/dead-letters")["dead_letters"]

    def test_empty_file(self):
        with self.assertRaises(Failure) as caught:
            self.vidmill.ask("POST", "/v1/videos", {"name": "empty", "bytes": 0})
        self.assertEqual(caught.exception.status, 400)
        # Whoever does not say how long it is has sent it before anybody can know.
        answer = self.vidmill.ask("POST", "/v1/videos", {"name": "empty"})
        request, = answer["upload"]["requests"]
        self.vidmill.ask("PUT", request["url"], b"")
        video = self.vidmill.wait_end(answer["video"]["id"])
        self.assertEqual((video["state"], video["error"]), ("failed", "bad_media"))

    def test_text_file(self):
        video = self.fail(b"This is not a video.\n" * 100, "bad_media")
        letter = wait_for(lambda: [d for d in self.letters() if d.get("video") == video["id"]],
                          "the dead letter")
        self.assertIn("bad_media", letter[0]["reason"])

    def test_truncated_mp4(self):
        with open(clip("movie-hello.mp4"), "rb") as file:
            data = file.read()
        # Its index is at one end; without it there is nothing to play.
        cut = data[:len(data) // 2] if data.rfind(b"moov") > len(data) // 2 else data[:1000]
        self.fail(cut, "bad_media")

    def test_a_playlist_that_names_a_file(self):
        self.fail(b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "bad_media")

    def test_a_dead_letter_is_redriven(self):
        video = self.fail(b"redrive me" * 50, "bad_media")
        letter, = wait_for(lambda: [d for d in self.letters() if d.get("video") == video["id"]],
                           "the dead letter")
        self.vidmill.ask("POST", "/v1/dead-letters/redrive", {"id": letter["id"]})
        again = wait_for(lambda: len(self.vidmill.show(video["id"])["history"]) > 1, "a new attempt")
        self.assertTrue(again)
        self.assertEqual(self.vidmill.wait_end(video["id"])["state"], "failed")
        wait_for(lambda: [d for d in self.letters() if d.get("video") == video["id"]], "its letter")

    def test_retry_makes_a_new_generation(self):
        video = self.fail(b"retry me" * 50, "bad_media")
        self.vidmill.ask("POST", f"/v1/videos/{video['id']}/retry")
        wait_for(lambda: self.vidmill.show(video["id"])["generation"] == 2
                 and self.vidmill.show(video["id"])["state"] == "failed", "generation 2 to end")


class BadRequests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        token = "s3cr3t-token-of-the-test"
        digest = subprocess.run(["sha256sum"], input=token.encode(), capture_output=True,
                                check=True).stdout.split()[0].decode()
        cls.vidmill = Vidmill()
        path = os.path.join(cls.vidmill.folder, "tokens")
        with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write(f"alice:{digest}\n")
        cls.vidmill.write_pipeline(
            server=f'listen = "127.0.0.1:0"; tokens = "file:{path}"; upload_bytes_max = "1MiB";')
        cls.vidmill.start()
        cls.token = {"Authorization": f"Bearer {token}"}

    @classmethod
    def tearDownClass(cls):
        log = cls.vidmill.log()
        cls.vidmill.close()
        assert "s3cr3t" not in log, "a secret is in the log"

    def refused(self, status, method, path, body=None, headers=None):
        with self.assertRaises(Failure) as caught:
            self.vidmill.ask(method, path, body, headers if headers is not None else self.token)
        self.assertEqual(caught.exception.status, status, caught.exception)
        problem = caught.exception.problem
        self.assertTrue(problem.get("detail"), problem)
        self.assertEqual(problem.get("status"), status)
        return problem

    def test_no_token(self):
        self.refused(401, "GET", "/v1/videos", headers={})

    def test_wrong_token(self):
        self.refused(401, "GET", "/v1/videos", headers={"Authorization": "Bearer nonsense"})

    def test_unknown_id(self):
        self.refused(404, "GET", "/v1/videos/" + "0" * 32)
        self.refused(404, "GET", "/v1/videos/nonsense")
        self.refused(404, "POST", "/v1/videos/" + "0" * 32 + "/cancel")

    def test_unknown_path(self):
        self.refused(404, "GET", "/v2/videos")

    def test_wrong_method(self):
        self.refused(405, "PATCH", "/v1/videos")

    def test_bad_json(self):
        self.refused(400, "POST", "/v1/videos", b"{", dict(self.token, **{
            "Content-Type": "application/json"}))
        problem = self.refused(400, "POST", "/v1/videos", {"name": 5})
        self.assertIn("name", problem["detail"])

    def test_body_over_the_limit(self):
        self.refused(413, "POST", "/v1/videos", {"name": "x" * 100000})

    def test_source_over_the_limit(self):
        self.refused(413, "POST", "/v1/videos", {"name": "big", "bytes": 1 << 40})

    def test_complete_before_and_twice(self):
        answer = self.vidmill.ask("POST", "/v1/videos", {"name": "n"}, self.token)
        id = answer["video"]["id"]
        self.refused(409, "POST", f"/v1/videos/{id}/complete")
        request, = answer["upload"]["requests"]
        with open(clip("realshort.mp4"), "rb") as file:
            self.vidmill.ask("PUT", request["url"], file.read())
        problem = self.refused(409, "POST", f"/v1/videos/{id}/complete")
        self.assertIn(id, problem["detail"])

    def test_tampered_upload_url(self):
        answer = self.vidmill.ask("POST", "/v1/videos", {"name": "n"}, self.token)
        request, = answer["upload"]["requests"]
        url = request["url"]
        wrong = url[:-1] + ("0" if url[-1] != "0" else "1")
        with self.assertRaises(Failure) as caught:
            self.vidmill.ask("PUT", wrong, b"data", {})
        self.assertEqual(caught.exception.status, 403)


class BadMachines(unittest.TestCase):
    """Operators' mistakes: `vidmill serve` ends with one sentence and the right exit code."""

    def serve(self, vidmill, *words, **options):
        return subprocess.run([VIDMILL, "serve", vidmill.pipeline, "--state", vidmill.state, *words],
                              capture_output=True, text=True, timeout=60,
                              env=vidmill.environment(), **options)

    def test_state_folder_that_cannot_be_made(self):
        vidmill = Vidmill()
        self.addCleanup(vidmill.close)
        with open(os.path.join(vidmill.folder, "file"), "w"):
            pass
        vidmill.state = os.path.join(vidmill.folder, "file", "state")
        run = self.serve(vidmill)
        self.assertEqual(run.returncode, 3, run.stderr)
        self.assertIn(vidmill.state, run.stderr)

    def test_port_in_use(self):
        vidmill = Vidmill()
        self.addCleanup(vidmill.close)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            run = self.serve(vidmill, "--listen", f"127.0.0.1:{port}")
        self.assertEqual(run.returncode, 3, run.stderr)
        self.assertIn(f"127.0.0.1:{port}", run.stderr)

    def test_plugin_that_is_not_there(self):
        vidmill = Vidmill(meta='plugin = "meta-nowhere";')
        self.addCleanup(vidmill.close)
        run = self.serve(vidmill)
        self.assertEqual(run.returncode, 3, run.stderr)
        self.assertIn("meta-nowhere", run.stderr)
        self.assertIn(vidmill.pipeline + ":", run.stderr)

    def test_check_without_any_plugin(self):
        vidmill = Vidmill()
        self.addCleanup(vidmill.close)
        run = subprocess.run([VIDMILL, "check", vidmill.pipeline, "--plugins", vidmill.folder],
                             capture_output=True, text=True, env=vidmill.environment())
        self.assertEqual(run.returncode, 3)
        for name in ("storage-local", "queue-local", "compute-local", "meta-local", "codec-ffmpeg"):
            self.assertIn(name, run.stderr)


@unittest.skipUnless(os.geteuid() == 0, "a small tmpfs takes root to mount")
class FullDisk(unittest.TestCase):
    def test_a_full_disk_loses_nothing(self):
        vidmill = Vidmill()
        os.mkdir(vidmill.state, 0o700)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", vidmill.state])
        if mounted.returncode != 0:
            vidmill.close()
            self.skipTest("this machine allows no mounts")
        try:
            vidmill.start()
            with self.assertRaises(Failure) as caught:
                vidmill.upload(clip("movie-hello.mp4"))
            self.assertIn(caught.exception.status, (503, 507), caught.exception)
            id = vidmill.upload(clip("realshort.mp4"))
            vidmill.wait_processed(id)
            # Nothing half-written is left of the refused one.
            left = sum(len(files) for _, _, files in os.walk(
                os.path.join(vidmill.state, "storage", "uploads")))
            self.assertEqual(left, 0)
            vidmill.stop()
        finally:
            subprocess.run(["umount", vidmill.state], check=False)
            vidmill.close()


if __name__ == "__main__":
    unittest.main()
