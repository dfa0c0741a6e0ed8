"""test_containers.py - the same flow with ECS tasks: containers of our image, each with one attempt."""
import json
import subprocess
import unittest

import cloud


def containers():
    listing = subprocess.run(["podman", "ps", "--format", "json"], capture_output=True, text=True,
                             check=True).stdout
    return [entry for entry in json.loads(listing or "[]")
            if any("ministack-ecs" in name for name in entry["Names"])]


class Containers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.open = cloud.containers()
        cls.world = cls.open.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.open.__exit__(None, None, None)

    def test_an_upload_becomes_a_video(self):
        world = self.world
        video = world.upload(cloud.clip())
        document = world.wait_state(video, "processed", "failed", seconds=180)
        self.assertEqual(document["state"], "processed", document)
        world.wait_empty("videos-unprocessed", "videos-processed")

    def test_a_container_that_is_killed_is_tried_again_and_ends_once(self):
        world = self.world
        video = world.upload(cloud.clip("wannaworktogether.mp4"))
        world.wait_state(video, "processing", seconds=120)
        running = cloud.wait_for(containers, "the container")
        subprocess.run(["podman", "kill", "--signal", "KILL", running[0]["Id"]], check=True,
                       stdout=subprocess.DEVNULL)
        document = world.wait_state(video, "processed", "failed", seconds=300)
        self.assertEqual(document["state"], "processed", document)
        # What is shown is of a later epoch, and what the killed one has left goes away.
        self.assertNotIn("/1-1-", document["result"]["manifest_key"])

        def manifests():
            keys = world.keys(cloud.VIDEOS, f"processed/{video}/")
            return [key for key in keys if key.endswith("/manifest.json")]
        cloud.wait_for(lambda: manifests() == [document["result"]["manifest_key"]],
                       "the objects of the killed attempt to be removed")

    def test_no_key_of_the_servers_is_in_a_tasks_environment(self):
        world = self.world
        video = world.upload(cloud.clip())
        running = cloud.wait_for(containers, "the container")
        shown = subprocess.run(["podman", "inspect", running[0]["Id"]], capture_output=True,
                               text=True, check=True).stdout
        self.assertNotIn(cloud.servers.KEY_ID, shown)
        self.assertNotIn(cloud.servers.SECRET, shown)
        self.assertNotIn("mongodb://", shown)
        world.wait_state(video, "processed", seconds=180)


if __name__ == "__main__":
    unittest.main()
