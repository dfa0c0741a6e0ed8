"""with_server.py - runs a command while a server runs: with_server.py SERVER FILE.in COMMAND …

Makes a bucket, two queues and, where there are containers, a definition of the
contract's own task, as far as the server has such. In FILE.in, which becomes the
file {config} of the command, these words are replaced:

    @ENDPOINT@ @REGION@ @BUCKET@ @QUEUE@ @DEAD@ @FAMILY@

The keys are in the environment as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and
the address of a MongoDB is VIDMILL_TEST_URI.
"""
import contextlib
import os
import subprocess
import sys

import servers

BUCKET, QUEUE, DEAD, FAMILY = "vidmill-test", "vidmill-test", "vidmill-test-dead", "vidmill-test"
TESTS = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))


def define_task(server):
    """Containers of our image that do what a contract's job says, and leave their traces in our folder."""
    image = "localhost/vidmill-contract-task:latest"
    subprocess.run([os.path.join(TESTS, "cloud", "image.sh"), image,
                    os.path.join(TESTS, "contract", "task.Dockerfile")], check=True,
                   stdout=subprocess.DEVNULL)
    server.aws("ecs").register_task_definition(
        family=FAMILY, requiresCompatibilities=["EC2"], networkMode="host",
        volumes=[{"name": "traces", "host": {"sourcePath": server.folder}}],
        containerDefinitions=[{
            "name": "vidmill", "image": image, "memory": 64, "command": ["test-plugin", "--task"],
            "mountPoints": [{"sourceVolume": "traces", "containerPath": server.folder}]}])


def make_places(name, server):
    if name == "containers":
        server.aws("ecs").create_cluster(clusterName=FAMILY)
        define_task(server)
    if name in ("versitygw", "moto", "ministack"):
        server.aws("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": servers.REGION})
    if name in ("moto", "ministack", "elasticmq"):
        server.aws("sqs").create_queue(QueueName=DEAD)
        server.aws("sqs").create_queue(QueueName=QUEUE)


@contextlib.contextmanager
def prepared(name, template):
    """A server with its places: the server, the configuration for it, and an environment."""
    with servers.SERVERS[name]() as server:
        make_places(name, server)
        words = {"@ENDPOINT@": server.endpoint, "@REGION@": servers.REGION, "@BUCKET@": BUCKET,
                 "@QUEUE@": QUEUE, "@DEAD@": DEAD, "@FAMILY@": FAMILY}
        with open(template) as source:
            text = source.read()
        for word, value in words.items():
            text = text.replace(word, value)
        config = os.path.join(server.folder, "test.cfg")
        with open(config, "w") as target:
            target.write(text)
        # What a task that sees no more of this machine than the server's folder leaves there is seen.
        yield server, config, dict(os.environ, TMPDIR=server.folder,
                                   AWS_ACCESS_KEY_ID=servers.KEY_ID,
                                   AWS_SECRET_ACCESS_KEY=servers.SECRET,
                                   VIDMILL_TEST_URI=server.endpoint + server.query)


def main(arguments):
    if len(arguments) < 3 or arguments[0] not in servers.SERVERS:
        sys.exit(__doc__)
    with prepared(arguments[0], arguments[1]) as (_, config, environment):
        command = [config if word == "{config}" else word for word in arguments[2:]]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
