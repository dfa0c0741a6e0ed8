"""test_security_http.py - what a stranger may try with paths, headers, names and upload URLs."""
import os
import re
import socket
import time
import unittest
import urllib.parse

from vidmill import Failure, Vidmill, clip, wait_for

CODEC = 'name = "web"; plugin = "codec-mock";'


class Http(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.vidmill = Vidmill(stage=CODEC, server='listen = "127.0.0.1:0"; upload_expires = "1h"; '
                                                  'upload_bytes_max = "1MiB";').start()
        cls.secret = os.path.join(cls.vidmill.state, "secret")
        with open(cls.secret, "w") as file:
            file.write("CANARY-OF-ANOTHER-FILE")
        with open(os.path.join(cls.vidmill.folder, "small.mp4"), "wb") as file:
            file.write(b"x" * 1000)
        cls.small = file.name
        cls.video = cls.vidmill.wait_processed(cls.vidmill.upload(cls.small))

    @classmethod
    def tearDownClass(cls):
        cls.vidmill.close()

    def raw(self, head):
        """Exactly these bytes; what came back until the server closed."""
        host, port = self.vidmill.address.rsplit("/", 1)[1].rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            answer = b""
            try:
                connection.sendall(head.encode("latin-1"))
                while piece := connection.recv(65536):
                    answer += piece
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused before all of it was sent
        return answer

    def get(self, path, method="GET"):
        return self.raw(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    def files(self):
        found = {}
        for folder, _, names in os.walk(self.vidmill.folder):
            for name in names:
                path = os.path.join(folder, name)
                if not re.search(r"\.db(-wal|-shm)?$|\.log$", name):
                    found[path] = os.path.getsize(path)
        return found

    # Paths

    TRICKS = ["..", "../secret", "..%2fsecret", "%2e%2e/secret", "%2e%2e%2fsecret", ".%2e/secret",
              "..%5csecret", "..%252fsecret", "%00", "secret%00.mp4", "/etc/passwd", "//etc/passwd",
              "%2fetc%2fpasswd", "....//secret", "%c0%ae%c0%ae/secret", ".", "./", "%",
              "%zz", "x" * 1500, "%ff%fe", "web/../../../../../../secret", "manifest.json",
              "../manifest.json", "~root", "%0d%0a"]

    def test_tricks_in_every_place_of_a_path(self):
        id = self.video["id"]
        before = self.files()
        for trick in self.TRICKS:
            for path in (f"/v1/videos/{trick}", f"/v1/videos/{trick}/outputs",
                         f"/v1/videos/{id}/outputs/{trick}", f"/v1/videos/{id}/{trick}",
                         f"/v1/uploads/{trick}", f"/v1/dead-letters/{trick}", f"/{trick}"):
                for method in ("GET", "PUT", "DELETE"):
                    answer = self.get(path, method)
                    self.assertNotIn(b"CANARY-OF-ANOTHER-FILE", answer)
                    self.assertNotIn(b":0:0:", answer)
                    status = int(answer.split(b" ", 2)[1]) if answer else 0
                    if not (200 <= status < 300):
                        continue
                    # What is found is what the plain path names: a NUL ends it, dots do not move it.
                    self.assertIn(trick, ("%00", ".", "./"), (method, path, answer))
        self.assertEqual(self.files(), before)
        self.assertEqual(self.vidmill.show(id)["state"], "processed")

    # Ids

    def test_ids_are_128_random_bits(self):
        ids = [self.vidmill.create()["video"]["id"] for _ in range(256)]
        self.assertEqual(len(set(ids)), 256)
        numbers = [int(id, 16) for id in ids]
        for id in ids:
            self.assertRegex(id, "^[0-9a-f]{32}$")
        # Each bit is set in about half of them; six standard deviations are 48.
        for bit in range(128):
            self.assertLess(abs(sum(n >> bit & 1 for n in numbers) - 128), 48, f"bit {bit}")
        rising = sum(a < b for a, b in zip(numbers, numbers[1:]))
        self.assertLess(abs(rising - 127.5), 48, "there is no sequence")

    # Upload URLs

    def offer(self, **body):
        answer = self.vidmill.ask("POST", "/v1/videos", body)
        request, = answer["upload"]["requests"]
        return answer["video"]["id"], request["url"]

    def refused(self, status, url, data):
        with self.assertRaises(Failure) as caught:
            self.vidmill.ask("PUT", url, data, {})
        self.assertEqual(caught.exception.status, status, url)

    def nothing_came(self, id):
        self.assertFalse(os.path.exists(os.path.join(
            self.vidmill.state, "storage", "objects", "unprocessed", id, "source")))
        self.assertEqual(self.vidmill.show(id)["state"], "awaiting_upload")

    def test_an_upload_url_is_for_one_key_one_size_one_time(self):
        id, url = self.offer(bytes=4)
        other, other_url = self.offer(bytes=4)
        parts = urllib.parse.urlsplit(url)
        query = dict(urllib.parse.parse_qsl(parts.query))

        def changed(path=parts.path, **members):
            return urllib.parse.urlunsplit(parts._replace(
                path=path, query=urllib.parse.urlencode(dict(query, **members))))

        self.refused(403, changed(path=f"/v1/uploads/{other}"), b"data")
        self.refused(403, changed(bytes="5"), b"datas")
        self.refused(403, changed(bytes="0"), b"data")
        self.refused(403, changed(expires=str(int(query["expires"]) + 3600)), b"data")
        self.refused(403, changed(signature=query["signature"].upper()), b"data")
        self.refused(403, changed(signature=query["signature"][:-1]), b"data")
        self.refused(403, changed(signature=query["signature"] + "0"), b"data")
        self.refused(403, changed(signature=""), b"data")
        for at in range(0, 64, 7):
            digit = query["signature"][at]
            wrong = "0" if digit != "0" else "1"
            self.refused(403, changed(signature=query["signature"][:at] + wrong
                                      + query["signature"][at + 1:]), b"data")
        self.refused(413, url, b"data and more")
        self.refused(400, url, b"dat")
        self.nothing_came(id)
        self.nothing_came(other)
        self.vidmill.ask("PUT", url, b"data", {})
        self.refused(412, url, b"evil")
        path = os.path.join(self.vidmill.state, "storage", "objects", "unprocessed", id, "source")
        with open(path, "rb") as file:
            self.assertEqual(file.read(), b"data")

    def test_an_upload_url_runs_out(self):
        vidmill = Vidmill(stage=CODEC, server='listen = "127.0.0.1:0"; upload_expires = "1s";')
        self.addCleanup(vidmill.close)
        vidmill.start()
        request, = vidmill.create()["upload"]["requests"]
        expires = int(re.search(r"expires=(\d+)", request["url"])[1])
        wait_for(lambda: time.time() > expires + 1, "the URL to run out")
        with self.assertRaises(Failure) as caught:
            vidmill.ask("PUT", request["url"], b"x", {})
        self.assertEqual(caught.exception.status, 403)
        self.assertIn("expired", caught.exception.problem["detail"])

    # Headers

    EVIL = "a\r\nX-Evil: 1\r\n\r\n<script>"

    def heads_are_clean(self, answer):
        head = answer.split(b"\r\n\r\n", 1)[0]
        self.assertNotIn(b"\nx-evil", head.lower())
        self.assertEqual(answer.count(b"HTTP/1.1 "), 1, answer)

    def test_a_name_is_no_header(self):
        answer = self.vidmill.ask("POST", "/v1/videos", {"name": self.EVIL})
        id = answer["video"]["id"]
        self.assertEqual(self.vidmill.show(id)["name"], self.EVIL)
        self.heads_are_clean(self.get(f"/v1/videos/{id}"))
        self.heads_are_clean(self.get("/v1/videos"))
        run = self.vidmill.cli("show", id)
        self.assertNotIn("\r", run.stdout)
        self.assertNotIn("\nX-Evil", run.stdout)
        self.assertNotIn("\nX-Evil", self.vidmill.log())

    def test_a_content_type_is_no_header(self):
        for evil in (self.EVIL, "video/mp4\r\nX-Evil: 1", "video/mp4\n", "video/\x00mp4", "video"):
            with self.assertRaises(Failure) as caught:
                self.vidmill.ask("POST", "/v1/videos", {"name": "n", "content_type": evil})
            self.assertEqual(caught.exception.status, 400, evil)

    def test_what_is_said_of_a_request_is_no_header(self):
        evil = "%0d%0aX-Evil:%201%0d%0a"
        for path in (f"/{evil}", f"/v1/videos/{evil}", f"/v1/videos?after={evil}",
                     f"/v1/videos?state={evil}", f"/v1/uploads/{self.video['id']}?expires={evil}",
                     f"/v1/videos/{self.video['id']}/outputs/{evil}", f"/v1/dead-letters/{evil}"):
            for method in ("GET", "PUT", "DELETE"):
                self.heads_are_clean(self.get(path, method))
        self.assertNotIn("\nX-Evil", self.vidmill.log())

    def test_headers_of_strangers_are_no_headers_of_ours(self):
        name = self.vidmill.ask("GET", f"/v1/videos/{self.video['id']}/outputs")["outputs"][0]["name"]
        path = f"/v1/videos/{self.video['id']}/outputs/{name}"
        for header in ("Range: bytes=0-1\rX-Evil: 1", "If-None-Match: \"a\"\rX-Evil: 1",
                       "Origin: a\rX-Evil: 1", "If-Range: a\x0bX-Evil: 1"):
            self.heads_are_clean(self.raw(
                f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\nConnection: close\r\n\r\n"))

    # Requests that two readers may take apart differently

    def test_requests_are_not_smuggled(self):
        inner = "GET /v1/videos HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for head in ("Content-Length: 4\r\nContent-Length: 50", "Content-Length: 4, 50",
                     "Content-Length: -1", "Content-Length: +4", "Content-Length: 0x4",
                     "Content-Length: 18446744073709551617",
                     "Transfer-Encoding: chunked\r\nContent-Length: 4",
                     "Transfer-Encoding: identity, chunked", "Transfer-Encoding : chunked",
                     "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Host: other"):
            answer = self.raw("POST /v1/videos HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                              f"application/json\r\nConnection: close\r\n{head}\r\n\r\n{{}}  {inner}")
            # The library answers some by itself, and then closes: no second request is read.
            self.assertIn(answer.split(b" ", 2)[1], (b"400", b"413"), (head, answer))
            self.assertNotIn(b'"videos":[', answer, head)

    def test_heads_and_bodies_are_bounded(self):
        many = "".join(f"A{n}: b\r\n" for n in range(5000))
        long = "A: " + "b" * 20000 + "\r\n"
        for headers in (many, long):
            answer = self.raw(f"GET /v1/videos HTTP/1.1\r\nHost: a\r\n{headers}"
                              "Connection: close\r\n\r\n")
            self.assertIn(answer.split(b" ", 2)[1], (b"431", b"413", b"400"), answer[:100])
        with self.assertRaises(Failure) as caught:
            self.vidmill.ask("POST", "/v1/videos", {"name": "x" * 70000})
        self.assertEqual(caught.exception.status, 413)
        deep = b'{"name":' + b"[" * 20000 + b"]" * 20000 + b"}"
        with self.assertRaises(Failure) as caught:
            self.vidmill.ask("POST", "/v1/videos", deep, {"Content-Type": "application/json"})
        self.assertEqual(caught.exception.status, 400)


if __name__ == "__main__":
    unittest.main()
