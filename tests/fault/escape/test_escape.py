"""test_escape.py - what a decoder tries that a hostile file has taken over, and how each try ends.

Every escape runs twice: bare, where it must work, else it proves nothing; and inside the codec child
of a real worker, where it must be refused or stopped, with its own sentence. A good video follows.
ESCAPE_WALLS=fewest takes Landlock and namespaces away, as some containers do.
"""
import os
import re
import socket
import subprocess
import tempfile
import threading
import unittest

from vidmill import BUILD, Vidmill, wait_for

CONTROL = os.path.join(BUILD, "tests", "bin", "escape-control")
WITHOUT = os.path.join(BUILD, "tests", "bin", "escape-without")
PLUGINS = os.path.join(BUILD, "lib", "vidmill-escape")
FEWEST = os.environ.get("ESCAPE_WALLS") == "fewest"
SANITIZED = os.environ.get("VIDMILL_SANITIZE", "")

FORBIDDEN = "codec-escape was ended by its sandbox: the system call {} is forbidden"
REFUSED = "{}: refused: {}"
PROTOCOL = "codec-escape breaks the protocol of its child: {}"

# What is tried; how it ends, in the video's error and reason. PORT, FILE and NEW are filled in.
# Some machines refuse a few of them by themselves: those need not work bare.
ESCAPES = {
    "open FILE": ("bug", REFUSED.format("open", "Permission denied")),
    "create NEW": ("bug", REFUSED.format("create", "Permission denied")),
    "proc_parent": ("bug", REFUSED.format("proc_parent", "Permission denied")),
    "read_env": ("bug", REFUSED.format("read_env", "Permission denied")),
    "write_fd": ("bug", REFUSED.format("write_fd", "Bad file descriptor")),
    "exec": ("decoder_crash", FORBIDDEN.format("execve")),
    "fork": ("decoder_crash", FORBIDDEN.format("clone")),
    "ptrace": ("decoder_crash", FORBIDDEN.format("ptrace")),
    "signal_parent": ("decoder_crash", FORBIDDEN.format("kill")),
    "signal_thread": ("decoder_crash", FORBIDDEN.format("tgkill")),
    "orphan": ("bug", REFUSED.format("orphan", "Operation not permitted")),
    "core": ("bug", REFUSED.format("core", "Operation not permitted")),
    "connect PORT": ("decoder_crash", FORBIDDEN.format("socket")),
    # What blocks the signal dies of it all the same, without a word.
    "connect_deaf PORT": ("decoder_crash", "codec-escape was ended by its sandbox"),
    "connect_shameless PORT": ("decoder_crash", FORBIDDEN.format("rt_sigaction")),
    "mmap_exec": ("bug", REFUSED.format("mmap_exec", "Permission denied")),
    "mprotect_exec": ("bug", REFUSED.format("mprotect_exec", "Permission denied")),
    "io_uring": ("decoder_crash", FORBIDDEN.format("io_uring_setup")),
    "userns": ("decoder_crash", FORBIDDEN.format("unshare")),
    "bpf": ("decoder_crash", FORBIDDEN.format("bpf")),
    "userfaultfd": ("decoder_crash", FORBIDDEN.format("userfaultfd")),
    "keyctl": ("decoder_crash", FORBIDDEN.format("keyctl")),
    "spin 3000": ("limit", "policy.limits.cpu: more than the 1.0 s of processor time"),
    "allocate_slowly 600": ("limit", "policy.limits.memory: more than the 128 MiB"),
    "allocate 2048": ("limit", "policy.limits.memory: more than the 128 MiB"),
    "threads 2500": ("limit", "more than 2000 threads"),
}
MACHINE_MAY_REFUSE = ("ptrace", "io_uring", "userns", "bpf", "userfaultfd", "keyctl", "threads")
# Sanitizers need all the address space, make more of a thread than it is, and have signals wait.
NOT_SANITIZED = ("allocate", "allocate_slowly", "threads", "connect_shameless")

# Frames made by hand.
FORGERIES = {
    "magic": "a frame does not begin where one should",
    "type": "a message of type 4711, which it may not send",
    "huge": "a write of 4294967295 bytes, where [0-9]+ are the most",
    "short": "a progress that ends before done",
    "level": "a log whose level is 0",
    "reply": "a message of type 6, which it may not send",
    "finished": "a done out of its turn",
    "future": "a done out of its turn",
    "hello": "a hello out of its turn",
    "write": "a write with the number 77 after [0-9]+",
}

STAGE = 'name = "web"; plugin = "codec-escape";'
POLICY = 'attempts = 1; backoff = "200ms"; lease = "10s"; ' \
         'limits = { cpu = "1s"; memory = "128MiB"; output_bytes = "4MiB"; };'


class Escaping(Vidmill):
    def environment(self):
        given = super().environment()
        return dict(given, VIDMILL_PLUGIN_PATH=given["VIDMILL_PLUGIN_PATH"] + ":" + PLUGINS)

    def offer(self, text):
        with tempfile.NamedTemporaryFile("w", dir=self.folder) as file:
            file.write(text + "\n")
            file.flush()
            return self.upload(file.name, text.split("\n")[0])


class Listener:
    """Counts who gets through to it."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.count = self.socket.getsockname()[1], 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            self.socket.accept()[0].close()
            self.count += 1


class Escape(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.vidmill = Escaping(stage=STAGE, policy=POLICY)
        cls.vidmill.wrapper = [WITHOUT] if FEWEST else []
        cls.vidmill.start()
        cls.addClassCleanup(cls.vidmill.close)
        cls.listener = Listener()
        cls.secret = os.path.join(cls.vidmill.folder, "secret")
        cls.new = os.path.join(cls.vidmill.folder, "new")
        with open(cls.secret, "w") as file:
            file.write("not for a stranger")

    def fill(self, text):
        return text.replace("PORT", str(self.listener.port)).replace("FILE", self.secret) \
            .replace("NEW", self.new)

    def check_control(self, text):
        name, *argument = self.fill(text).split()
        bare = subprocess.run([CONTROL, name, *argument], capture_output=True, text=True)
        if bare.returncode != 0 and name in MACHINE_MAY_REFUSE:
            print(f"{name}: this machine refuses it by itself: {bare.stderr.strip()}")
            return
        self.assertEqual(bare.returncode, 0, f"{text} does not work bare, so it proves nothing: "
                                             f"{bare.stderr}")
        if name == "create":
            os.remove(self.new)

    def check_failed(self, id, error, reason):
        video = self.vidmill.wait_end(id)
        self.assertEqual(video["state"], "failed", video)
        self.assertEqual(video.get("error"), error, video.get("reason"))
        self.assertRegex(video["reason"], reason)
        # The worker lived to say so.
        self.assertEqual(video["history"][-1]["end"], "failed", video["history"])

    def test_escapes(self):
        tried = {text: ending for text, ending in ESCAPES.items()
                 if not SANITIZED or text.split()[0] not in NOT_SANITIZED}
        for text in tried:
            with self.subTest(text, where="bare"):
                self.check_control(text)
        connected = sum(text.startswith("connect") for text in tried)
        wait_for(lambda: self.listener.count == connected, "the bare ones to get through")
        ids = {text: self.vidmill.offer("escape " + self.fill(text)) for text in tried}
        for text, (error, reason) in tried.items():
            with self.subTest(text):
                self.check_failed(ids[text], error, re.escape(reason))
        self.assertEqual(self.listener.count, connected, "somebody got through to the network")
        self.assertFalse(os.path.exists(self.new), "a file was made")
        self.check_good()

    def test_output_without_end(self):
        self.vidmill.wait_processed(self.vidmill.offer("write 3"))
        self.check_failed(self.vidmill.offer("write 100"), "limit",
                          "policy.limits.output_bytes: more than the 4194304")
        self.check_good()

    def test_forgeries(self):
        self.vidmill.wait_processed(self.vidmill.offer("forge honest"))
        ids = {name: self.vidmill.offer("forge " + name) for name in FORGERIES}
        for name, reason in FORGERIES.items():
            with self.subTest(name):
                self.check_failed(ids[name], "decoder_crash",
                                  re.escape(PROTOCOL.format("")) + reason)
        self.check_good()

    def check_good(self):
        self.vidmill.wait_processed(self.vidmill.offer("good"))

    def test_walls(self):
        """The log says which of them stand."""
        self.check_good()
        line = wait_for(lambda: re.search("the codec child is locked in: [^\n]*",
                                          self.vidmill.log()), "the line in the log").group()
        self.assertIn("seccomp", line)
        if FEWEST:
            self.assertIn("Landlock 0 (the kernel has none), no network namespace of its own", line)
        print(line)

    def test_processes_while_they_work(self):
        id = self.vidmill.offer("sleep")
        wait_for(lambda: self.vidmill.show(id).get("progress", {}).get("done_ms"), "progress")
        child, = self.vidmill.children()
        for pid in [child, *self.vidmill.workers()]:
            with open(f"/proc/{pid}/limits") as file:
                self.assertRegex(file.read(), r"Max core file size +0 +0 ")
        status = self.status_of(child)
        self.assertEqual(status["NoNewPrivs"], "1")
        self.assertEqual(int(status["CapEff"], 16), 0)
        self.assertEqual(int(status["CapPrm"], 16), 0)
        self.vidmill.ask("POST", f"/v1/videos/{id}/cancel")
        self.assertEqual(self.vidmill.wait_end(id)["state"], "canceled")

    def status_of(self, pid):
        with open(f"/proc/{pid}/status") as file:
            return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


if __name__ == "__main__":
    unittest.main()
