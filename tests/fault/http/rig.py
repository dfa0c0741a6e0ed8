"""rig.py - a server, the proxy in front of it, and a plugin on each of the two ways."""
import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time

import servers
import with_server

HERE = os.path.dirname(os.path.abspath(__file__))

STATUSES = ("ok config not_found conflict denied throttled unavailable timeout cancelled bad_data "
            "unsupported limit no_memory bug").split()
# What the plugins are told, and what their calls are given.
QUIET_S, CALL_MS = 1, 3000


class Wrong(Exception):
    """What a cell shows is not right."""


class Drive:
    """One plugin in a process of its own, an operation a line."""

    def __init__(self, build, plugin, config, log, environment):
        self.process = subprocess.Popen(
            [os.path.join(build, "tests", "bin", "drive"),
             os.path.join(build, "lib", "vidmill", plugin + ".so"), config],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            env=dict(os.environ, AWS_ACCESS_KEY_ID=servers.KEY_ID,
                     AWS_SECRET_ACCESS_KEY=servers.SECRET, **environment))

    def __call__(self, operation, time_ms=CALL_MS, **line):
        self.process.stdin.write(json.dumps(dict(line, operation=operation, time_ms=time_ms)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise Wrong(f"{operation}: the plugin's process ended")
        answer = json.loads(answer)
        answer["status"] = STATUSES[answer["status"]]
        return answer

    def surely(self, operation, **line):
        answer = self(operation, **line)
        if answer["status"] != "ok":
            raise Wrong(f"{operation}: {answer['status']}, without any fault: {answer['message']}")
        return answer["out"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


class Proxy(servers.Server):
    """mitmproxy with proxy_http.py or proxy_tcp.py, in front of another server."""

    ready = staticmethod(servers.accepts)

    def __init__(self, server, mode):
        self.upstream, self.mode = server, mode
        self.scheme = server.scheme

    def command(self):
        self.control = os.path.join(self.folder, "control")
        return [os.path.join(servers.FOLDER, "proxy", "bin", "mitmdump"), "-q",
                "--set", f"confdir={self.folder}", "--set", "keep_host_header=true",
                "--set", f"control={self.control}",
                "-s", os.path.join(HERE, f"proxy_{self.mode}.py"), "--listen-host", "127.0.0.1",
                "--mode", f"reverse:{self.mode}://127.0.0.1:{self.upstream.port}@{self.port}"]

    def __enter__(self):
        super().__enter__()
        end = time.monotonic() + self.patience_s
        while not os.path.exists(self.control) and time.monotonic() < end:
            time.sleep(0.05)
        self.wire = socket.socket(socket.AF_UNIX)
        self.wire.connect(self.control)
        self.lines = self.wire.makefile("rw")
        return self

    def __exit__(self, *why):
        self.wire.close()
        super().__exit__(*why)

    def set(self, fault, which=0, kept=False):
        """From now on; what was seen since the last one."""
        self.lines.write(json.dumps({"fault": fault, "which": which, "kept": kept}) + "\n")
        self.lines.flush()
        return json.loads(self.lines.readline())


class Rig:
    """`plugin` on `server_name`: direct, and through the proxy. `stories` is its module."""

    def __init__(self, build, plugin, server_name, stories, mode):
        self.build, self.plugin, self.mode = build, plugin, mode
        self.server_name, self.stories = server_name, stories
        self.number = 0

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.server = stack.enter_context(servers.SERVERS[self.server_name]())
            with_server.make_places(self.server_name, self.server)
            self.proxy = stack.enter_context(Proxy(self.server, self.mode))
            self.folder = tempfile.mkdtemp(prefix="vidmill-http-")
            stack.callback(shutil.rmtree, self.folder)
            self.log = stack.enter_context(open(os.path.join(self.folder, "log"), "w+"))
            self.direct = self.drive(stack, self.server)
            self.through = self.drive(stack, self.proxy)
            self.stories.set_up(self)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *why):
        return self.stack.__exit__(*why)

    def drive(self, stack, server):
        config = os.path.join(self.folder, f"{type(server).__name__}.cfg")
        with open(config, "w") as file:
            file.write(self.stories.options(server))
        drive = Drive(self.build, self.plugin, config, self.log, self.stories.environment(server))
        stack.callback(drive.close)
        return drive

    def name(self):
        """That nothing had before."""
        self.number += 1
        return f"n{self.number}"
