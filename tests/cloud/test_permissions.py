"""test_permissions.py - each party has the rights that `provision --iam` prints: all that it does, and no more.

Moto judges, with its authentication on: every request is signed, and allowed by a
policy or refused. It knows the places of S3 only; those of the other services are
read from the policies.
"""
import functools
import json
import os
import re
import subprocess
import sys
import unittest
import urllib.request

import boto3
import botocore.exceptions

import cloud
import servers

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "contract"))
import on_server  # noqa: E402

PLUGINS = os.path.join(cloud.BUILD, "lib", "vidmill")
QUEUES = ["videos-unprocessed", "videos-processed", "videos-dead", "videos-events-dead"]
DENIALS = ("AccessDenied", "AccessDeniedException", "403")


def pipeline(endpoint):
    text = cloud.pipeline(endpoint)
    text = cloud.replaced(text, r"meta    = \{.*?\};", 'meta = { plugin = "meta-local"; };')
    return cloud.replaced(text, r'task_definition = "vidmill-work";',
                          'task_definition = "vidmill-work"; '
                          'task_role = "arn:aws:iam::123456789012:role/worker"; '
                          'execution_role = "arn:aws:iam::123456789012:role/starter";')


class Permissions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.open = servers.Moto()
        cls.moto = cls.open.__enter__()
        cls.addClassCleanup(cls.open.__exit__, None, None, None)
        folder = cls.moto.folder
        cls.path = os.path.join(folder, "pipeline.cfg")
        cls.state = os.path.join(folder, "state")
        with open(cls.path, "w") as file:
            file.write(pipeline(cls.moto.endpoint))
        cls.keys = {"root": (servers.KEY_ID, servers.SECRET)}
        cls.make_places()
        cls.policies = json.loads(cls.vidmill("root", "provision", "--iam", cls.path,
                                              "--state", cls.state))
        cls.with_keys = cls.policies_with_keys()
        iam = cls.moto.aws("iam")
        for party, policy in cls.policies.items():
            iam.create_user(UserName=party)
            iam.put_user_policy(UserName=party, PolicyName="least",
                                PolicyDocument=json.dumps(cls.for_moto(policy)))
            key = iam.create_access_key(UserName=party)["AccessKey"]
            cls.keys[party] = key["AccessKeyId"], key["SecretAccessKey"]
        urllib.request.urlopen(urllib.request.Request(
            cls.moto.endpoint + "/moto-api/reset-auth", data=b"0", method="POST",
            headers={"Content-Type": "text/plain"})).close()

    @classmethod
    def policies_with_keys(cls):
        """Of the same file with a key of KMS for each bucket: by its id, and by an alias."""
        path = os.path.join(cls.moto.folder, "keys.cfg")
        text = pipeline(cls.moto.endpoint)
        for bucket, key in ((cloud.UPLOADS, "1234abcd-12ab"), (cloud.VIDEOS, "alias/videos")):
            text = cloud.replaced(text, f'bucket = "{bucket}";',
                                  f'bucket = "{bucket}"; encryption = "aws:kms"; kms_key = "{key}";')
        with open(path, "w") as file:
            file.write(text)
        return json.loads(cls.vidmill("root", "provision", "--iam", path, "--state", cls.state))

    @classmethod
    def make_places(cls):
        for bucket in (cloud.UPLOADS, cloud.VIDEOS, "foreign"):
            cls.moto.aws("s3").create_bucket(
                Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": servers.REGION})
        cls.urls = {name: cls.moto.aws("sqs").create_queue(QueueName=name)["QueueUrl"]
                    for name in QUEUES + ["foreign"]}

    @staticmethod
    def for_moto(policy):
        """Without places where it knows none; a HEAD of a bucket has a right of its own there."""
        def rewritten(statement):
            actions = statement["Action"]
            if not actions[0].startswith("s3:"):
                return {"Effect": "Allow", "Action": actions, "Resource": "*"}
            return {**statement, "Action": actions + ["s3:HeadBucket"] * ("s3:ListBucket" in actions)}
        return {**policy, "Statement": [rewritten(statement) for statement in policy["Statement"]]}

    @classmethod
    def vidmill(cls, party, *words):
        identifier, secret = cls.keys[party]
        run = subprocess.run(
            [cloud.VIDMILL, *words], capture_output=True, text=True, timeout=300, check=False,
            env=dict(os.environ, VIDMILL_PLUGIN_PATH=PLUGINS, AWS_ACCESS_KEY_ID=identifier,
                     AWS_SECRET_ACCESS_KEY=secret))
        if run.returncode != 0:
            raise AssertionError(run.stdout + run.stderr)
        return run.stdout

    @functools.cache
    def client(self, party, service):
        identifier, secret = self.keys[party]
        return boto3.client(service, endpoint_url=self.moto.endpoint, region_name=servers.REGION,
                            aws_access_key_id=identifier, aws_secret_access_key=secret,
                            config=botocore.config.Config(retries={"max_attempts": 1}))

    def is_denied(self, party, service, action, arguments):
        try:
            getattr(self.client(party, service), action)(**arguments)
        except botocore.exceptions.ClientError as error:
            return error.response["Error"]["Code"] in DENIALS
        return False

    def check(self, party, service, allowed, denied):
        for wanted, calls in ((False, allowed), (True, denied)):
            for action, arguments in calls:
                with self.subTest(party=party, action=action, arguments=arguments):
                    self.assertEqual(self.is_denied(party, service, action, arguments), wanted)

    def places_of(self, party, action):
        """Where a policy allows an action, without the account's part of the name."""
        return sorted(re.sub(r"^arn:aws:([a-z0-9]+):[^:]*:[^:]*:", r"\1:", resource)
                      for statement in self.policies[party]["Statement"]
                      if action in statement["Action"] for resource in statement["Resource"])

    def test_every_right_is_of_one_place(self):
        uploads, videos = f"s3:{cloud.UPLOADS}", f"s3:{cloud.VIDEOS}"
        tasks, events, dead, events_dead = (f"sqs:{name}" for name in QUEUES)
        sources, results = f"{uploads}/unprocessed/*", f"{videos}/processed/*"
        wanted = {
            "server": {
                "s3:ListBucket": [uploads, videos], "s3:ListBucketMultipartUploads": [uploads, videos],
                "s3:GetObject": [sources, results], "s3:PutObject": [sources],
                "s3:DeleteObject": [sources, results],
                "s3:AbortMultipartUpload": [sources, results],
                "s3:ListMultipartUploadParts": [sources],
                **{f"sqs:{action}": [dead, events_dead, events, tasks] for action in (
                    "GetQueueUrl", "GetQueueAttributes", "SendMessage", "ReceiveMessage",
                    "DeleteMessage", "ChangeMessageVisibility")},
                "sqs:StartMessageMoveTask": [dead, events_dead],
                "sqs:ListMessageMoveTasks": [dead, events_dead],
                "ecs:RunTask": ["ecs:task-definition/vidmill-work:*"],
                "ecs:ListTasks": ["*"], "ecs:DescribeTasks": ["*"], "ecs:StopTask": ["*"],
                "iam:PassRole": ["iam:role/starter", "iam:role/worker"],
            },
            "worker": {
                "s3:ListBucket": [uploads, videos], "s3:GetObject": [sources, results],
                "s3:PutObject": [results], "s3:AbortMultipartUpload": [results],
                "sqs:GetQueueUrl": [events, tasks], "sqs:SendMessage": [events],
                "sqs:ChangeMessageVisibility": [tasks], "sqs:DeleteMessage": [tasks],
            },
            "starter": {
                "ecr:GetAuthorizationToken": ["*"], "ecr:BatchCheckLayerAvailability": ["ecr:repository/*"],
                "ecr:GetDownloadUrlForLayer": ["ecr:repository/*"],
                "ecr:BatchGetImage": ["ecr:repository/*"],
                "logs:CreateLogStream": ["logs:log-group:vidmill:*"],
                "logs:PutLogEvents": ["logs:log-group:vidmill:*"],
            },
        }
        self.assertEqual(set(self.policies), set(wanted))
        for party, policy in self.policies.items():
            actions = {action for statement in policy["Statement"] for action in statement["Action"]}
            found = {action: self.places_of(party, action) for action in actions}
            self.assertEqual(found, {action: sorted(places)
                                     for action, places in wanted[party].items()}, party)
            for statement in policy["Statement"]:
                self.assertEqual(statement["Effect"], "Allow")
                if statement["Action"][0].startswith("ecs:"):
                    cluster, = statement["Condition"]["ArnEquals"].values()
                    self.assertRegex(cluster, r"^arn:aws:ecs:eu-west-1:\d{12}:cluster/videos$")

    def test_a_key_of_kms_is_for_who_reads_and_writes_what_it_guards(self):
        read, write = ["kms:Decrypt"], ["kms:GenerateDataKey", "kms:Decrypt"]
        wanted = {"server": {"SourceKey": write, "ResultKey": read},
                  "worker": {"SourceKey": read, "ResultKey": write}, "starter": {}}
        places = {"SourceKey": ("key/1234abcd-12ab", {"StringEquals": {
                      "kms:ViaService": f"s3.{servers.REGION}.amazonaws.com"}}),
                  "ResultKey": ("key/*", {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/videos"}})}
        for party, policy in self.with_keys.items():
            keys = {statement["Sid"]: statement for statement in policy["Statement"]
                    if statement["Action"][0].startswith("kms:")}
            self.assertEqual({name: statement["Action"] for name, statement in keys.items()}, wanted[party])
            for name, statement in keys.items():
                resource, = statement["Resource"]
                self.assertRegex(resource, rf"^arn:aws:kms:{servers.REGION}:\d{{12}}:{re.escape(places[name][0])}$")
                self.assertEqual(statement["Condition"], places[name][1])

    def s3(self, bucket, key, *actions):
        more = {"put_object": {"Body": b"bytes"}, "upload_part": {"PartNumber": 1, "Body": b"b"},
                "copy_object": {"CopySource": f"{bucket}/{key}"}, "put_object_acl": {"ACL": "private"}}
        for action in actions:
            arguments = {"Bucket": bucket, "Key": key, **more.get(action, {})}
            if action in ("upload_part", "list_parts", "abort_multipart_upload",
                          "complete_multipart_upload"):
                arguments["UploadId"] = "none"
            yield action, arguments

    def in_bucket(self, bucket, *actions):
        return [(action, {"Bucket": bucket}) for action in actions]

    def test_server_in_s3(self):
        writes = ["put_object", "create_multipart_upload", "upload_part", "complete_multipart_upload"]
        reads = ["get_object", "head_object"]
        allowed, denied = [], []
        for bucket in (cloud.UPLOADS, cloud.VIDEOS):
            allowed += self.in_bucket(bucket, "list_objects_v2", "list_multipart_uploads", "head_bucket")
            denied += self.in_bucket(bucket, "delete_bucket", "get_bucket_policy", "delete_bucket_policy",
                                     "delete_bucket_cors", "delete_bucket_lifecycle", "get_bucket_acl")
        allowed += self.s3(cloud.UPLOADS, "unprocessed/v/source", *writes, *reads, "list_parts",
                           "abort_multipart_upload", "delete_object")
        allowed += self.s3(cloud.VIDEOS, "processed/v/a", *reads, "abort_multipart_upload",
                           "delete_object")
        denied += self.s3(cloud.UPLOADS, "unprocessed/v/source", "put_object_acl", "get_object_acl")
        denied += self.s3(cloud.VIDEOS, "processed/v/a", *writes)
        for bucket, key in ((cloud.UPLOADS, "else"), (cloud.UPLOADS, "processed/v/a"),
                            (cloud.VIDEOS, "unprocessed/v/source"), ("foreign", "unprocessed/v/source")):
            denied += self.s3(bucket, key, *writes, *reads, "delete_object")
        self.check("server", "s3", allowed, denied + self.in_bucket("foreign", "list_objects_v2"))

    def test_worker_in_s3(self):
        writes = ["put_object", "create_multipart_upload", "upload_part", "complete_multipart_upload"]
        reads = ["get_object", "head_object"]
        allowed = self.in_bucket(cloud.UPLOADS, "list_objects_v2")
        allowed += self.in_bucket(cloud.VIDEOS, "list_objects_v2")
        allowed += self.s3(cloud.UPLOADS, "unprocessed/v/source", *reads)
        allowed += self.s3(cloud.VIDEOS, "processed/v/a", *reads, *writes, "abort_multipart_upload")
        denied = self.in_bucket(cloud.UPLOADS, "list_multipart_uploads", "delete_bucket")
        denied += self.in_bucket("foreign", "list_objects_v2")
        denied += self.s3(cloud.UPLOADS, "unprocessed/v/source", *writes, "delete_object")
        denied += self.s3(cloud.VIDEOS, "processed/v/a", "delete_object", "put_object_acl")
        for bucket, key in ((cloud.UPLOADS, "else"), (cloud.VIDEOS, "else"), ("foreign", "processed/a")):
            denied += self.s3(bucket, key, *writes, *reads, "delete_object")
        self.check("worker", "s3", allowed, denied)

    def sqs(self, queue, *actions):
        more = {"send_message": {"MessageBody": "m"}, "delete_message": {"ReceiptHandle": "r"},
                "change_message_visibility": {"ReceiptHandle": "r", "VisibilityTimeout": 0},
                "set_queue_attributes": {"Attributes": {"DelaySeconds": "1"}}}
        for action in actions:
            place = {"QueueName": queue} if action == "get_queue_url" else {"QueueUrl": self.urls[queue]}
            yield action, {**place, **more.get(action, {})}

    def test_both_in_sqs(self):
        never = ["purge_queue", "delete_queue", "set_queue_attributes"]
        uses = ["get_queue_url", "get_queue_attributes", "send_message", "receive_message",
                "delete_message", "change_message_visibility"]
        create = [("create_queue", {"QueueName": "new"}), ("list_queues", {})]
        for queue in QUEUES:
            self.check("server", "sqs", self.sqs(queue, *uses), [*self.sqs(queue, *never), *create])
        self.check("worker", "sqs",
                   self.sqs(QUEUES[0], "get_queue_url", "delete_message", "change_message_visibility"),
                   [*self.sqs(QUEUES[0], "receive_message", "get_queue_attributes", *never), *create])

    def test_both_in_ecs(self):
        calls = [("run_task", {"cluster": "videos", "taskDefinition": "vidmill-work"}),
                 ("list_tasks", {"cluster": "videos"}),
                 ("describe_tasks", {"cluster": "videos", "tasks": ["t"]}),
                 ("stop_task", {"cluster": "videos", "task": "t"})]
        others = [("list_clusters", {}), ("create_cluster", {"clusterName": "c"}),
                  ("register_task_definition", {"family": "f", "containerDefinitions": []}),
                  ("deregister_task_definition", {"taskDefinition": "vidmill-work:1"})]
        self.check("server", "ecs", calls, others)
        self.check("worker", "ecs", [], calls + others)

    def test_nobody_makes_places_or_rights(self):
        for party in ("server", "worker"):
            with self.assertRaisesRegex(AssertionError, r"(set up|look at) the queue: 403"):
                self.vidmill(party, "provision", self.path, "--state", self.state)
            self.check(party, "iam", [], [("list_users", {}), ("create_user", {"UserName": "u"}), (
                "attach_user_policy", {"UserName": party, "PolicyArn": "arn:aws:iam::aws:policy/Admin"})])

    def test_the_servers_rights_are_enough_for_the_whole_contract_of_a_store(self):
        path = os.path.join(self.moto.folder, "store.cfg")
        with open(path, "w") as file:
            file.write(f'bucket = "{cloud.UPLOADS}"; prefix = "unprocessed/"; '
                       f'endpoint = "{self.moto.endpoint}"; region = "{servers.REGION}";\n')
        identifier, secret = self.keys["server"]
        run = subprocess.run(
            [cloud.VIDMILL, "test-plugin", os.path.join(PLUGINS, "storage-s3.so"), "--config", path,
             "--json"], stdout=subprocess.PIPE, timeout=300, check=False,
            env=dict(os.environ, AWS_ACCESS_KEY_ID=identifier, AWS_SECRET_ACCESS_KEY=secret))
        known = on_server.known_differences(
            os.path.join(HERE, "..", "contract", "storage-s3.known"), "moto")
        cases = json.loads(run.stdout)["cases"]
        wrong = {case["name"]: case["text"] for case in cases
                 if case["result"] == "failed" and case["name"] not in known}
        # What makes the place is for whoever has more rights.
        self.assertIn("denied", wrong.pop("provision-dry"))
        self.assertEqual(wrong, {})
        self.assertGreater(sum(case["result"] == "ok" for case in cases), 10)


if __name__ == "__main__":
    unittest.main()
