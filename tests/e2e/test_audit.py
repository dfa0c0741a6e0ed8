"""test_audit.py - things are broken by hand: vidmill audit finds each, and repairs what can be."""
import glob
import json
import os
import shutil
import sqlite3
import subprocess
import time
import unittest

from vidmill import VIDMILL, Vidmill, clip, wait_for

CODEC = 'name = "web"; plugin = "codec-mock";'
ALARMS = 'alarms = { stuck = "1s"; };'
SERVER = f'listen = "127.0.0.1:0"; upload_expires = "1s"; {ALARMS}'
STRANGER = "f" * 32


class Audit(unittest.TestCase):
    def setUp(self):
        # A lease of a second: what losing attempts left is removed soon, and is no orphan before.
        self.vidmill = Vidmill(stage=CODEC, server=SERVER,
                               policy='attempts = 2; backoff = "100ms"; lease = "1s";').start()
        self.addCleanup(self.vidmill.close)

    def make(self, count=1):
        ids = [self.vidmill.upload(clip("realshort.mp4")) for _ in range(count)]
        videos = [self.vidmill.wait_processed(id) for id in ids]
        return videos if count > 1 else videos[0]

    def audit(self, *words, code=None):
        run = subprocess.run(
            [VIDMILL, "audit", self.vidmill.pipeline, "--state", self.vidmill.state, "--json",
             "--log-level", "warning", *words],
            capture_output=True, text=True, env=self.vidmill.environment(), timeout=120)
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        if code is not None:
            self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        self.sums = lines[-1] if lines else {}
        return lines[:-1]

    def one(self, *words, code):
        finding, = self.audit(*words, code=code)
        return finding

    def objects(self, *words):
        return os.path.join(self.vidmill.state, "storage", "objects", *words)

    def outputs(self, video):
        folder, manifest = self.vidmill.manifest(video)
        return [os.path.join(folder, output["name"]) for output in manifest["outputs"]]

    def edit(self, id, **members):
        """What no server would write, straight into the metadata store."""
        path = os.path.join(self.vidmill.state, "meta", "videos.db")
        with sqlite3.connect(path) as store:
            text, = store.execute("SELECT json FROM documents WHERE id = ?", (id,)).fetchone()
            document = dict(json.loads(text), **members)
            store.execute("UPDATE documents SET json = ? WHERE id = ?",
                          (json.dumps(document, separators=(",", ":")), id))
        store.close()

    def forget(self, id):
        store = sqlite3.connect(os.path.join(self.vidmill.state, "meta", "videos.db"))
        with store:
            store.execute("DELETE FROM documents WHERE id = ?", (id,))
        store.close()

    def expect_mended(self, video, generation=2):
        """The server finishes what the audit began."""
        self.vidmill.start()
        wait_for(lambda: self.vidmill.show(video["id"])["generation"] == generation
                 and self.vidmill.show(video["id"])["state"] == "processed", "the new generation")
        self.vidmill.stop()
        self.assertEqual(self.audit("--deep", code=0), [])

    def test_nothing_is_wrong_beside_a_running_server_and_without(self):
        self.make(2)
        self.assertEqual(self.audit("--deep", code=0), [])
        self.assertEqual((self.sums["videos"], self.sums["results"]), (2, 2))
        self.vidmill.stop()
        self.assertEqual(self.audit("--deep", "--repair", "--age", "0", code=0), [])

    def check_damage(self, video, what, *words):
        self.vidmill.stop()
        finding = self.one(*words, code=6)
        self.assertEqual((finding["finding"], finding["video"]), ("result", video["id"]))
        self.assertRegex(finding["what"], what)
        self.assertIn("--repair", finding["remedy"])
        finding = self.one("--repair", *words, code=0)
        self.assertTrue(finding["repaired"])
        self.assertEqual(finding["remedy"], "queued again, as generation 2")
        # Until a server has done the work it is under way, and not begun again.
        finding = self.one("--repair", *words, code=0)
        self.assertIn("already, as generation 2", finding["remedy"])
        self.expect_mended(video)

    def test_output_that_is_gone(self):
        video, _ = self.make(2)
        os.remove(self.outputs(video)[0])
        self.check_damage(video, "is missing$")

    def test_output_that_is_shorter(self):
        video = self.make()
        with open(self.outputs(video)[-1], "r+b") as file:
            file.truncate(3)
        self.check_damage(video, "has 3 bytes instead of")

    def test_byte_that_has_flipped(self):
        video = self.make()
        with open(self.outputs(video)[0], "r+b") as file:
            first = file.read(1)
            file.seek(0)
            file.write(bytes([first[0] ^ 1]))
        self.assertEqual(self.audit(code=0), [], "its length is right")
        self.check_damage(video, "has other bytes than were published$", "--deep")

    def test_manifest_that_is_gone(self):
        video = self.make()
        os.remove(self.objects(video["result"]["manifest_key"]))
        self.check_damage(video, "its manifest is missing")

    def test_manifest_that_is_garbage(self):
        video = self.make()
        with open(self.objects(video["result"]["manifest_key"]), "w") as file:
            file.write("{")
        self.check_damage(video, "its manifest cannot be read: ")

    def test_manifest_of_another(self):
        video = self.make()
        path = self.objects(video["result"]["manifest_key"])
        with open(path) as file:
            manifest = json.load(file)
        with open(path, "w") as file:
            json.dump(manifest, file)
        self.check_damage(video, "its manifest is not the one that was published")

    def test_damage_without_a_source(self):
        video = self.make()
        self.vidmill.stop()
        os.remove(self.outputs(video)[0])
        os.remove(self.objects("unprocessed", video["id"], "source"))
        finding = self.one("--repair", code=6)
        self.assertFalse(finding["repaired"])
        self.assertIn("upload it anew", finding["remedy"])
        self.assertEqual(self.vidmill.start().show(video["id"])["generation"], 1)

    def test_orphans(self):
        video = self.make()
        self.vidmill.stop()
        self.edit(video["id"], clean_ms=0, epoch=3)
        lost = self.objects("processed", video["id"], "1-2-00112233445566aa")
        later = self.objects("processed", video["id"], "1-4-00112233445566aa")
        nobody = self.objects("processed", STRANGER, "1-1-00112233445566aa", "web")
        strange = self.objects("processed", "lost+found")
        for folder in (lost, later, nobody, strange):
            os.makedirs(folder)
            with open(os.path.join(folder, "output.mp4"), "wb") as file:
                file.write(b"12345")
        self.assertEqual(self.audit(code=0), [], "they are younger than a day")
        found = self.audit("--age", "0", code=6)
        self.assertEqual([f["finding"] for f in found], ["orphan"] * 3)
        self.assertTrue(os.path.exists(lost), "nothing is removed without --repair")
        found = self.audit("--age", "0", "--repair", code=6)
        self.assertEqual(sorted(f["repaired"] for f in found), [False, False, True])
        self.assertIn("1 objects of 5 bytes", found[0]["what"])
        self.assertFalse(os.path.exists(os.path.join(lost, "output.mp4")))
        self.assertTrue(os.path.exists(os.path.join(nobody, "output.mp4")),
                        "another pipeline may know its video")
        self.assertTrue(os.path.exists(os.path.join(later, "output.mp4")), "it may be at work")
        self.assertTrue(os.path.exists(os.path.join(strange, "output.mp4")), "none of ours")
        shutil.rmtree(strange)
        shutil.rmtree(os.path.dirname(os.path.dirname(nobody)))
        self.assertEqual(self.audit("--deep", "--age", "0", code=0), [])

    def test_source_without_a_video_is_never_removed(self):
        video = self.make()
        self.vidmill.stop()
        self.forget(video["id"])
        found = self.audit("--repair", "--age", "0", code=6)
        self.assertEqual({f["finding"]: f["repaired"] for f in found},
                         {"stray_source": False, "orphan": False})
        self.assertTrue(os.path.exists(self.outputs(video)[0]), "its document may be restored")
        self.assertTrue(os.path.exists(self.objects("unprocessed", video["id"], "source")))

    def test_source_that_came_too_late(self):
        id = self.vidmill.create()["video"]["id"]
        self.vidmill.stop()
        self.edit(id, state="expired", wake_ms=0)
        os.makedirs(self.objects("unprocessed", id))
        shutil.copy(clip("realshort.mp4"), self.objects("unprocessed", id, "source"))
        self.assertEqual(self.one(code=6)["finding"], "arrival")
        self.assertTrue(self.one("--repair", code=0)["repaired"])
        self.vidmill.start().wait_processed(id)

    def test_source_that_is_gone_before_its_video_is_made(self):
        self.vidmill.stop()
        self.vidmill.write_pipeline(stage=CODEC, server=SERVER, compute='plugin = "compute-mock"; '
                                    'script = ( { operation = "capacity"; answer = "denied"; } );')
        self.vidmill.start()
        id = self.vidmill.upload(clip("realshort.mp4"))
        os.remove(self.objects("unprocessed", id, "source"))
        finding = self.one("--repair", code=6)
        self.assertEqual((finding["finding"], finding["video"]), ("source", id))

    def test_upload_that_nobody_will_finish(self):
        answer = self.vidmill.create()
        request, = answer["upload"]["requests"]
        # Larger than one part, so that the store has begun it when the server dies.
        client = subprocess.Popen(
            ["curl", "-sS", "-T", "-", "--limit-rate", "20M", request["url"]],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        client.stdin.write(b"x" * (9 << 20))
        client.stdin.flush()
        uploads = os.path.join(self.vidmill.state, "storage", "uploads")
        wait_for(lambda: os.path.isdir(uploads) and os.listdir(uploads), "the upload to begin")
        self.vidmill.kill()
        client.kill()
        client.wait()
        client.stdin.close()
        self.assertEqual(self.audit(code=0), [], "it may still go on")
        old = time.time() - 7200
        for path in glob.glob(os.path.join(uploads, "*", "*")):
            os.utime(path, (old, old))
        self.edit(answer["video"]["id"], upload={"expires_ms": int(old * 1000)}, wake_ms=0)
        self.assertEqual(self.one(code=6)["finding"], "upload")
        self.assertTrue(self.one("--repair", code=0)["repaired"])
        self.assertEqual(os.listdir(uploads), [])

    def test_video_that_nobody_saw_to(self):
        id = self.vidmill.create()["video"]["id"]
        self.vidmill.stop()
        self.edit(id, wake_ms=int(time.time() * 1000) - 60000)
        self.assertEqual(self.one(code=6)["finding"], "stuck")
        self.assertTrue(self.one("--repair", code=0)["repaired"])
        self.assertEqual(self.audit(code=0), [])

    def test_attempt_that_is_silent_without_a_server(self):
        video = self.make()
        self.vidmill.stop()
        self.edit(video["id"], state="processing", wake_ms=0, clean_ms=0,
                  attempt={"until_ms": int(time.time() * 1000) - 3600000})
        finding = self.one("--repair", code=6)
        self.assertEqual(finding["finding"], "stuck")
        self.assertIn("running server", finding["remedy"])

    def test_document_that_cannot_be_read(self):
        video = self.make()
        self.vidmill.stop()
        self.edit(video["id"], schema=99)
        finding = self.one("--repair", "--age", "0", code=6)
        self.assertEqual((finding["finding"], finding["video"]), ("document", video["id"]))

    def test_dead_letter_of_a_video_that_is_gone(self):
        self.vidmill.stop()
        self.vidmill.write_pipeline(server=SERVER)
        self.vidmill.start()
        with open(os.path.join(self.vidmill.folder, "bad.mp4"), "w") as file:
            file.write("This is no video.")
        bad = self.vidmill.upload(file.name)
        self.assertEqual(self.vidmill.wait_end(bad)["state"], "failed")
        wait_for(lambda: self.vidmill.ask("GET", "/v1/dead-letters")["dead_letters"], "the letter")
        self.vidmill.stop()
        self.forget(bad)
        found = [f for f in self.audit("--repair", code=6) if f["finding"] == "dead_letter"]
        self.assertEqual([f["video"] for f in found], [bad])
        self.assertIn("vidmill dead-letters remove", found[0]["remedy"])

    def test_storage_that_does_not_answer_is_no_damage(self):
        self.vidmill.stop()
        storage = 'plugin = "storage-mock"; '
        self.vidmill.write_pipeline(stage=CODEC, server=SERVER, storage=storage)
        self.vidmill.start()
        video = self.make()
        self.vidmill.stop()
        self.vidmill.write_pipeline(
            stage=CODEC, server=SERVER, storage=storage +
            'script = ( { operation = "read_at"; match = "manifest"; answer = "denied"; } );')
        finding = self.one("--repair", code=1)
        self.assertEqual((finding["finding"], finding["video"]), ("unchecked", video["id"]))

    def test_text_for_people(self):
        video = self.make()
        os.remove(self.outputs(video)[0])
        run = self.vidmill.cli("audit", self.vidmill.pipeline, "--state", self.vidmill.state)
        self.assertEqual(run.returncode, 6, run.stderr)
        self.assertRegex(run.stdout, f"^result {video['id']}: .* is missing\n    to do: vidmill retry")
        self.assertIn("1 findings, 0 repaired, 0 not checked\n", run.stdout)

    def test_file_that_is_wrong(self):
        self.vidmill.write_pipeline(meta='plugin = "meta-nowhere";')
        run = self.vidmill.cli("audit", self.vidmill.pipeline, "--state", self.vidmill.state)
        self.assertEqual(run.returncode, 3, run.stderr)


if __name__ == "__main__":
    unittest.main()
