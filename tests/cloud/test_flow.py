"""test_flow.py - the flow of the mission: bucket, event, queue, work, results, document, and its failures."""
import json
import os
import sys
import tempfile
import unittest

import cloud

sys.path.insert(0, os.path.join(cloud.HERE, "..", "players"))
import browser  # noqa: E402


class Flow(cloud.Case):
    @classmethod
    def setUpClass(cls):
        cls.page = cls.enterClassContext(browser.Browser(os.path.dirname(cloud.clip()), {}))
        cls.world = cls.enterClassContext(cloud.local_tasks(
            f'notify = "videos-unprocessed"; cors = [ "{cls.page.address}" ];'))
        cls.never_announced = cls.upload_unheard()

    @classmethod
    def upload_unheard(cls):
        """The bucket tells nobody of this one. The sweeper takes its time, in which other tests run."""
        world = cls.world
        told = world.s3.get_bucket_notification_configuration(Bucket=cloud.UPLOADS)
        told.pop("ResponseMetadata")
        world.s3.put_bucket_notification_configuration(Bucket=cloud.UPLOADS, NotificationConfiguration={})
        video = world.upload(cloud.clip())
        world.s3.put_bucket_notification_configuration(Bucket=cloud.UPLOADS, NotificationConfiguration=told)
        return video

    def test_an_upload_becomes_a_video(self):
        world = self.world
        video = world.upload(cloud.clip())
        document = world.wait_state(video, "processed", "failed")
        self.assertEqual(document["state"], "processed", document)
        keys = world.keys(cloud.VIDEOS, f"processed/{video}/")
        manifest, = [key for key in keys if key.endswith("/manifest.json")]
        listed = json.loads(world.s3.get_object(Bucket=cloud.VIDEOS, Key=manifest)["Body"].read())
        prefix = manifest[:-len("manifest.json")]
        self.assertEqual({prefix + output["name"] for output in listed["outputs"]} | {manifest},
                         set(keys))
        for output in listed["outputs"]:
            head = world.s3.head_object(Bucket=cloud.VIDEOS, Key=prefix + output["name"])
            self.assertEqual(head["ContentLength"], output["bytes"])
        world.wait_empty("videos-unprocessed", "videos-processed")

    def test_provision_again_changes_nothing(self):
        said = self.world.provision()
        for line in said.splitlines():
            self.assertRegex(line, "is there|as it should be|is left to you", said)

    def test_the_upload_url_is_good_for_one_object_of_one_length_once(self):
        world = self.world
        path = cloud.clip()
        answer = world.offer(path)
        with tempfile.NamedTemporaryFile() as longer:
            with open(path, "rb") as file:
                longer.write(file.read() + b"more")
            longer.flush()
            self.assertEqual(world.put(answer, longer.name), "403")
        request = answer["upload"]["requests"][0]
        other = dict(request, url=request["url"].replace("/source?", "/other?"))
        self.assertEqual(world.put({"upload": {"requests": [other]}}, path), "403")
        self.assertEqual(world.put(answer, path), "200")
        self.assertEqual(world.put(answer, path), "412")
        world.wait_state(answer["video"]["id"], "processed")

    def test_a_page_uploads_by_the_presigned_url(self):
        """From the origin that `provision` was told of, and from no other."""
        offer = os.path.join(self.world.folder, "offer.json")
        answer = self.world.offer(cloud.clip())
        with open(offer, "w") as file:
            json.dump(answer, file)
        self.page.server.pages.update({"/upload.html": os.path.join(cloud.HERE, "upload.html"),
                                       "/offer.json": offer, "/clip.mp4": cloud.clip()})
        report = self.page.show("/upload.html", 120 * cloud.PATIENCE,
                                foreign=self.page.address.replace("127.0.0.1", "localhost"))
        self.assertEqual(report["foreign"], {"error": "TypeError"}, report)
        self.assertEqual(report["own"]["status"], 200, report)
        self.assertRegex(report["own"]["etag"], '"[0-9a-f]{32}"')
        document = self.world.wait_state(answer["video"]["id"], "processed", "failed")
        self.assertEqual(document["state"], "processed", document)

    def test_parts_are_made_one_object_by_complete(self):
        world = self.world
        path = os.path.join(world.folder, "large.avi")
        # Larger than presign_part: a clip with a tail that no player reads.
        with open(cloud.clip("movie-hello.avi"), "rb") as clip, open(path, "wb") as file:
            file.write(clip.read())
            file.write(b"JUNK" + bytes(70 << 20))
        run = world.run("upload", path)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertEqual(world.s3.list_multipart_uploads(Bucket=cloud.UPLOADS).get("Uploads", []), [])

    def letters(self):
        """The dead letters by their videos."""
        return {letter["video"]: letter
                for letter in self.world.ask("GET", "/v1/dead-letters")["dead_letters"]}

    def upload_bad(self):
        with tempfile.NamedTemporaryFile(suffix=".mp4") as bad:
            bad.write(b"this is no video\n" * 1000)
            bad.flush()
            return self.world.upload(bad.name)

    def test_a_bad_file_is_a_dead_letter_at_once(self):
        world = self.world
        video = self.upload_bad()
        document = world.wait_state(video, "failed")
        self.assertEqual(document["error"], "bad_media", document)
        self.assertEqual(document["attempts"], 1, document)

        letter = cloud.wait_for(lambda: self.letters().get(video), "the dead letter")
        self.assertIn("bad_media", letter["reason"])
        world.wait_empty("videos-unprocessed")

    def wait_for_new_letters(self, old):
        """Tried once more, they are dead again, each with one letter."""
        def died_again():
            letters = self.letters()
            return all(video in letters and letters[video]["died_ms"] > letter["died_ms"]
                       for video, letter in old.items())
        cloud.wait_for(died_again, "the videos to fail once more")
        for video in old:
            ends = [attempt["end"] for attempt in self.world.show(video)["history"]]
            self.assertGreater(len(ends), 1, ends)

    def test_dead_letters_are_redriven_one_and_all(self):
        world = self.world
        videos = [self.upload_bad(), self.upload_bad()]
        cloud.wait_for(lambda: set(videos) <= set(self.letters()), "the dead letters")
        before = self.letters()
        one = before[videos[0]]
        self.assertEqual(world.ask("POST", "/v1/dead-letters/redrive", {"id": one["id"]}), {"moved": 1})
        self.wait_for_new_letters({videos[0]: one})
        self.assertEqual(self.letters()[videos[1]], before[videos[1]])
        letters = self.letters()
        self.assertEqual(world.ask("POST", "/v1/dead-letters/redrive", {})["moved"], len(letters))
        self.wait_for_new_letters({video: letters[video] for video in videos})

    def test_an_event_told_ten_times_has_one_effect(self):
        world = self.world
        video = world.upload(cloud.clip())
        key = f"unprocessed/{video}/source"
        record = {"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
                  "s3": {"bucket": {"name": cloud.UPLOADS},
                         "object": {"key": key, "size": os.path.getsize(cloud.clip())}}}
        for _ in range(10):
            world.sqs.send_message(QueueUrl=world.queue("videos-unprocessed"),
                                   MessageBody=json.dumps({"Records": [record]}))
        world.wait_state(video, "processed")
        world.wait_empty("videos-unprocessed", "videos-processed")
        manifests = [key for key in world.keys(cloud.VIDEOS, f"processed/{video}/")
                     if key.endswith("/manifest.json")]
        self.assertEqual(len(manifests), 1, manifests)

    def test_what_is_no_event_does_not_circulate(self):
        world = self.world
        before = world.counts("videos-dead")[0]
        world.sqs.send_message(QueueUrl=world.queue("videos-unprocessed"), MessageBody="no event")
        cloud.wait_for(lambda: world.counts("videos-dead")[0] > before, "the dead letter")
        world.wait_empty("videos-unprocessed")

    def test_what_was_never_announced_is_found(self):
        document = self.world.wait_state(self.never_announced, "processed", "failed")
        self.assertEqual([attempt["end"] for attempt in document["history"]], ["succeeded"], document)


if __name__ == "__main__":
    unittest.main()
