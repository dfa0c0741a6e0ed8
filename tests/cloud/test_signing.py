"""test_signing.py - random requests, signed by us and by AWS' own signers: no byte of difference.

VIDMILL_SEED gives the same requests again, VIDMILL_REQUESTS more of them.
"""
import json
import os
import random
import subprocess
import unittest
import urllib.parse

import oracle

BUILD = os.path.abspath(os.environ["VIDMILL_BUILD"])
HERE = os.path.dirname(os.path.abspath(__file__))
SERVERS = os.path.abspath(os.environ["VIDMILL_SERVERS"])
SIGN_LINES = os.path.join(BUILD, "tests", "bin", "sign-lines")
COUNT = int(os.environ.get("VIDMILL_REQUESTS", "4000"))

PLAIN = "-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ODD = " !\"#$%&'()*+,/:;<=>?@[\\]^`{|}/" + "äß犬ሴ🎬\u0301"
HASH = ["X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"]
METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD"]
# Which signer covers these is its own affair; none of ours sends one.
NAMES = ["content-type", "range", "if-match", "x-amz-acl", "x-amz-meta-a", "x-amz-meta-a-b",
         "X-Amz-Target", "x-amz-checksum-crc32c", "content-length", "expect", "user-agent"]


class Requests:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self, most, alphabet=PLAIN * 2 + ODD):
        return "".join(self.random.choices(alphabet, k=self.random.randint(0, most)))

    def path(self, s3):
        pieces = [self.random.choice([self.text(12), self.text(3), ".", "..", ""])
                  for _ in range(self.random.randint(0, 6))]
        return oracle.encoded("/" + "/".join(pieces)).replace("%2F", "/")

    def query(self):
        names = {self.text(8) for _ in range(self.random.randint(0, 6))}
        return [[name, self.text(20)] for name in self.random.sample(sorted(names), len(names))]

    def headers(self):
        found = [["host", self.random.choice(["b.s3.eu-west-1.amazonaws.com", "127.0.0.1:9000"])]]
        for _ in range(self.random.randint(0, 6)):
            value = self.text(30, PLAIN + ODD + " \t" * 10)
            found.append([self.random.choice(NAMES), value])
        return found

    def next(self):
        s3 = self.random.random() < 0.6
        expires = self.random.choice([0, 0, self.random.randint(1, 604800)])
        token = self.text(600, PLAIN + "+/=") if self.random.random() < 0.5 else ""
        return {
            "id": "AKIA" + self.text(16, PLAIN[4:]), "secret": self.text(40, PLAIN + "+/"),
            "token": token, "token_after": self.random.random() < 0.1,
            "region": self.random.choice(["eu-west-1", "us-gov-east-1", "cn-north-1"]),
            "service": "s3" if s3 else self.random.choice(["sqs", "ecs", "sts", "monitoring"]),
            "now": self.random.randint(1_000_000_000, 4_000_000_000),
            "method": self.random.choice(METHODS), "path": self.path(s3), "query": self.query(),
            "headers": self.headers(), "body": "" if expires else self.text(200), "s3": s3,
            "expires": expires,
        }

    def next_plain(self):
        """What the signer for JavaScript can be told: no name twice, and other paths than of S3 are /."""
        request = self.next()
        request["headers"] = list({name.lower(): [name, value]
                                   for name, value in request["headers"]}.values())
        request["token_after"] = False
        if not request["s3"]:
            return {**request, "expires": 0, "path": "/"}
        return {**request, "query": request["query"] + [HASH] * (request["expires"] > 0)}


def lines_of(command, requests):
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    run = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in run.stdout.split("\n") if line]


def sign_all(requests):
    return lines_of([SIGN_LINES], requests)


def without_hash(request):
    """It puts the payload's hash into the query by itself."""
    return {**request, "query": [pair for pair in request["query"] if pair != HASH]}


class Signing(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.seed = int(os.environ.get("VIDMILL_SEED", random.SystemRandom().getrandbits(32)))

    def test_botocore_signs_the_same(self):
        requests = Requests(self.seed)
        wanted = [requests.next() for _ in range(COUNT)]
        answers = sign_all(wanted)
        self.assertEqual(len(answers), COUNT)
        for request, answer in zip(wanted, answers):
            self.assertEqual(answer, oracle.sign(request), f"VIDMILL_SEED={self.seed}: {request}")

    def test_javascript_signs_the_same(self):
        requests = Requests(self.seed)
        wanted = [requests.next_plain() for _ in range(COUNT // 4)]
        answers = sign_all(wanted)
        node = os.path.join(SERVERS, "node", "bin", "node")
        found = lines_of([node, os.path.join(HERE, "sign_lines.js"), os.path.join(SERVERS, "js")],
                         [without_hash(request) for request in wanted])
        self.assertEqual(len(found), len(wanted))
        for request, answer, other in zip(wanted, answers, found):
            if request["expires"]:
                pairs = dict(pair.split("=") for pair in answer["query"].split("&"))
                answer = {"signature": pairs["X-Amz-Signature"],
                          "names": urllib.parse.unquote(pairs["X-Amz-SignedHeaders"])}
            self.assertEqual({name: answer[name] for name in other}, other,
                             f"VIDMILL_SEED={self.seed}: {request}")

    def test_what_is_covered_cannot_be_changed(self):
        requests = Requests(self.seed)
        request = dict(requests.next(), s3=True, expires=900, token="t", token_after=False,
                       headers=[["host", "a"], ["content-length", "5"]])
        changes = [{"method": request["method"] + "X"}, {"path": request["path"] + "x"},
                   {"query": request["query"] + [["versionId", "1"]]}, {"now": request["now"] + 1},
                   {"headers": [["host", "a"], ["content-length", "6"]]},
                   {"headers": [["host", "b"], ["content-length", "5"]]},
                   {"expires": 901}, {"token": "u"}, {"region": "eu-west-9"},
                   {"secret": request["secret"] + "x"}]
        answers = sign_all([request] + [{**request, **change} for change in changes])
        signatures = {dict(pair.split("=") for pair in answer["query"].split("&"))["X-Amz-Signature"]
                      for answer in answers}
        self.assertEqual(len(signatures), len(changes) + 1)

    def test_a_header_with_a_line_break_is_not_signed(self):
        request = dict(Requests(self.seed).next(), expires=0)
        for value in ("a\r\nx-amz-acl: public-read", "a\n b", "a\rb"):
            bad = dict(request, headers=[["host", "a"], ["x-amz-meta-a", value]])
            self.assertEqual(sign_all([bad]), [None])


if __name__ == "__main__":
    unittest.main()
