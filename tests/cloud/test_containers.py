"""test_containers.py - the same flow with ECS tasks: containers of our image, each with one attempt."""
import json
import os
import subprocess
import unittest

import cloud
import front
import servers


def setUpModule():
    global service, mongo
    service = unittest.enterModuleContext(servers.Containers())
    mongo = unittest.enterModuleContext(servers.Secantus())


def find_container(video):
    """What podman says of the running container whose job is this video."""
    ids = subprocess.run(["podman", "ps", "--quiet", "--filter", "name=ministack-ecs"],
                         capture_output=True, text=True, check=True).stdout.split()
    for name in ids:
        shown = subprocess.run(["podman", "inspect", name], capture_output=True, text=True, check=False).stdout
        if video in shown:
            return name, shown
    return None


class Containers(cloud.Case):
    @classmethod
    def setUpClass(cls):
        cls.front = cls.enterClassContext(front.Front(service.port))
        cls.world = cls.enterClassContext(cloud.containers(service, mongo, front=cls.front))

    def copy_with_aws_cli(self, path, place):
        """In parts of 5 MiB, the smallest that there are."""
        config = os.path.join(self.world.folder, "aws-config")
        with open(config, "w") as file:
            file.write("[default]\ns3 =\n  multipart_threshold = 5MB\n  multipart_chunksize = 5MB\n")
        subprocess.run([os.path.join(servers.FOLDER, "aws", "bin", "aws"), "--region", servers.REGION,
                        "--endpoint-url", self.world.aws.endpoint, "s3", "cp", "--quiet", path, place],
                       check=True, env=dict(self.world.environment, AWS_CONFIG_FILE=config))

    def test_an_upload_becomes_a_video(self):
        world = self.world
        parts = cloud.clip("wannaworktogether.mp4")
        by_cli = world.offer(parts)["video"]["id"]
        key = f"unprocessed/{by_cli}/source"
        self.copy_with_aws_cli(parts, f"s3://{cloud.UPLOADS}/{key}")
        # Two parts: then it was no plain PUT.
        self.assertRegex(world.s3.head_object(Bucket=cloud.UPLOADS, Key=key)["ETag"], '-2"$')
        by_curl = world.upload(cloud.clip())
        for video in (by_curl, by_cli):
            document = world.wait_state(video, "processed", "failed", seconds=180)
            self.assertEqual(document["state"], "processed", document)
            self.assertEqual([attempt["end"] for attempt in document["history"]], ["succeeded"])
        world.wait_empty("videos-unprocessed", "videos-processed")

    def test_no_key_of_the_servers_is_in_a_tasks_environment(self):
        world = self.world
        video = world.upload(cloud.clip())
        _, shown = cloud.wait_for(lambda: find_container(video), "the container")
        self.assertNotIn(servers.KEY_ID, shown)
        self.assertNotIn(servers.SECRET, shown)
        self.assertNotIn("mongodb://", shown)
        world.wait_state(video, "processed", seconds=180)

    def test_the_container_that_is_killed_is_tried_again_and_ends_once(self):
        world = self.world
        video = world.upload(cloud.clip("wannaworktogether.mp4"))
        world.wait_state(video, "processing", seconds=120)
        container, _ = cloud.wait_for(lambda: find_container(video), "the container")
        subprocess.run(["podman", "kill", "--signal", "KILL", container], check=True,
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

    def test_the_end_of_a_worker_that_no_server_heard_of_is_found(self):
        world = self.world
        video = world.upload(cloud.clip("wannaworktogether.mp4"))
        world.wait_state(video, "processing", seconds=120)
        world.stop()
        cloud.wait_for(lambda: find_container(video) is None, "the container to end")
        # All that it has said gets lost.
        world.sqs.purge_queue(QueueUrl=world.queue("videos-processed"))
        world.start()
        document = world.wait_state(video, "processed", "failed", seconds=180)
        self.assertEqual([attempt["end"] for attempt in document["history"]], ["succeeded"], document)
        self.assertIn("/1-1-", document["result"]["manifest_key"])

    def test_the_message_of_a_job_that_is_longer_than_its_visibility_stays_hidden(self):
        world = self.world
        video = world.upload(cloud.clip("wannaworktogether.mp4"))
        world.wait_state(video, "processed", seconds=180)
        job, = [json.loads(variable["value"]) for asked in self.front.asked if asked.action == "RunTask"
                for override in asked.body["overrides"]["containerOverrides"]
                for variable in override["environment"] if video in variable["value"]]
        hidden = [asked.at for asked in self.front.asked
                  if asked.action == "ChangeMessageVisibility" and asked.body["VisibilityTimeout"] == 2
                  and asked.body["ReceiptHandle"] == job["receipt"]]
        self.assertGreater(hidden[-1] - hidden[0], 2, "the job was too short, or not extended")


class WithoutEvents(cloud.Case):
    """A store that tells nobody of arrivals, and looks at every signature: the client says that it is done."""

    @classmethod
    def setUpClass(cls):
        store = cls.enterClassContext(servers.Versitygw())
        cls.front = cls.enterClassContext(front.Front(service.port))
        cls.world = cls.enterClassContext(cloud.containers(
            service, mongo, "quiet", cls.front, store, policy="attempts = 1; releases = 0;", max_receives=2))

    def test_an_upload_becomes_a_video(self):
        world = self.world
        video = world.upload(cloud.clip())
        self.assertEqual(world.show(video)["state"], "awaiting_upload")
        self.assertEqual(world.counts("quiet-unprocessed"), (0, 0, 0))
        world.ask("POST", f"/v1/videos/{video}/complete")
        document = world.wait_state(video, "processed", "failed", seconds=180)
        self.assertEqual(document["state"], "processed", document)
        self.assertIn(document["result"]["manifest_key"], world.keys(cloud.VIDEOS))
        world.wait_empty("quiet-unprocessed", "quiet-processed")

    def test_waiting_for_room_is_no_attempt_and_no_receive(self):
        world = self.world
        offer = world.offer(cloud.clip())
        video = offer["video"]["id"]
        # With one more its message would be dead.
        self.front.no_room[video] = 3
        world.put(offer, cloud.clip())
        world.ask("POST", f"/v1/videos/{video}/complete")
        document = world.wait_state(video, "processed", "failed", seconds=180)
        self.assertEqual(len(self.front.refused[video]), 3)
        self.assertEqual([attempt["end"] for attempt in document["history"]], ["succeeded"], document)
        self.assertEqual(world.ask("GET", "/v1/dead-letters")["dead_letters"], [])


if __name__ == "__main__":
    unittest.main()
