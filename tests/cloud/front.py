"""front.py - stands before a server of SQS and ECS: notes what is asked, and has no room for a task when told so."""
import collections
import http.client
import http.server
import json
import threading
import time

Asked = collections.namedtuple("Asked", "at action body")
# As ECS says it: a 200, and nothing was started.
NO_ROOM = {"tasks": [], "failures": [{"arn": "arn:aws:ecs:eu-west-1:123456789012:container-instance/i-0a1b",
                                      "reason": "RESOURCE:MEMORY"}]}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        action = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        if action == "RunTask" and self.server.front.refuses(json.loads(body)["startedBy"]):
            self.answer(200, [("Content-Type", "application/x-amz-json-1.1")], json.dumps(NO_ROOM).encode())
            return
        if action:
            self.server.front.asked.append(Asked(time.monotonic(), action, json.loads(body or b"{}")))
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.front.port, timeout=120)
        try:
            upstream.request("POST", self.path, body, dict(self.headers.items()))
            answer = upstream.getresponse()
            self.answer(answer.status, answer.getheaders(), answer.read())
        finally:
            upstream.close()

    def answer(self, status, headers, body):
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Whoever stops hangs up in the middle of a long poll."""


class Front:
    def __init__(self, port):
        self.port, self.asked = port, []
        self.no_room, self.refused = collections.Counter(), collections.defaultdict(set)
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.front = self
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *about):
        self.server.shutdown()
        self.server.server_close()

    def refuses(self, token):
        """`no_room` has for a video at how many launches there is none, however often each is tried."""
        video = token.partition("-")[0]
        refused = self.refused[video]
        if len(refused) < self.no_room[video]:
            refused.add(token)
        return token in refused
