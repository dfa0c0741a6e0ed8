"""with_server.py - runs a command while a server runs: with_server.py SERVER FILE.in COMMAND …

Makes a bucket and two queues where the server has such. In FILE.in, which
becomes the file {config} of the command, these words are replaced:

    @ENDPOINT@ @REGION@ @BUCKET@ @QUEUE@ @DEAD@

The keys are in the environment as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and
the address of a MongoDB is VIDMILL_TEST_URI.
"""
import contextlib
import os
import subprocess
import sys

import servers

BUCKET, QUEUE, DEAD = "vidmill-test", "vidmill-test", "vidmill-test-dead"


def make_places(name, server):
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
                 "@QUEUE@": QUEUE, "@DEAD@": DEAD}
        with open(template) as source:
            text = source.read()
        for word, value in words.items():
            text = text.replace(word, value)
        config = os.path.join(server.folder, "test.cfg")
        with open(config, "w") as target:
            target.write(text)
        yield server, config, dict(os.environ, AWS_ACCESS_KEY_ID=servers.KEY_ID,
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
