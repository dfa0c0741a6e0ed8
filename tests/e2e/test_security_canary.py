"""test_security_canary.py - secrets that are known by sight are looked for in all that is told.

Every secret option and every variable that may hold one gets a canary; a whole life of videos,
with failures, is lived at the debug level. Then the log, the metrics, every answer, every command's
output, the command lines and environments of all processes and the bytes of the state folder are
searched. By design, and nowhere else: a ticket lies in its video's document and in the events of
its own attempt (the metadata store and the queues), and in the environment of its own worker.
"""
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import unittest

from vidmill import VIDMILL, Failure, Vidmill, clip, wait_for

CODEC = ('name = "web"; plugin = "codec-mock"; any_source = false; '
         'script = ( { operation = "run"; delay = "2s"; times = 1; } );')
TOKEN = "CANARYtokenOfAlice0123456789"
OPERATOR = "CANARYtokenOfTheOperator0123456789"
WRONG = "CANARYtokenOfNobody0123456789"
UPLOAD_KEY = "CANARYuploadKey" + "k" * 32
CLOUD = {"AWS_ACCESS_KEY_ID": "CANARYaccessKey", "AWS_SECRET_ACCESS_KEY": "CANARYsecretAccessKey",
         "AWS_SESSION_TOKEN": "CANARYsessionToken",
         "MONGODB_URI": "mongodb://CANARYuser:CANARYpassword@127.0.0.1:9/"}


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Canary(unittest.TestCase):
    def setUp(self):
        self.vidmill = Vidmill()
        self.addCleanup(self.vidmill.close)
        tokens = os.path.join(self.vidmill.folder, "tokens")
        with open(os.open(tokens, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write(f"alice:{digest(TOKEN)}\nroot:{digest(OPERATOR)}:operator\n")
        self.vidmill.write_pipeline(
            stage=CODEC, policy='attempts = 2; backoff = "100ms"; lease = "10s";',
            server=f'listen = "127.0.0.1:0"; tokens = "file:{tokens}"; '
                   'upload_key = "env:CANARY_UPLOAD_KEY"; inbox = "inbox";')
        self.vidmill.extra = dict(CLOUD, CANARY_UPLOAD_KEY=UPLOAD_KEY)
        self.vidmill.words = ["--log-level", "debug"]
        self.told = {}  # what was said, by whom

    def secrets(self):
        """Never anywhere. Of the tokens the hashes as well: they are in their file, and only there."""
        return [TOKEN, OPERATOR, WRONG, UPLOAD_KEY, digest(TOKEN), digest(OPERATOR), *CLOUD.values(),
                "CANARY", *self.signatures]

    def ask(self, method, path, body=None, token=OPERATOR, raw=True):
        try:
            answer = self.vidmill.ask(method, path, body, {"Authorization": f"Bearer {token}"},
                                      raw=True)
        except Failure as failure:
            answer = json.dumps(failure.problem).encode()
        self.told[f"{method} {path} {len(self.told)}"] = answer
        return answer if raw else json.loads(answer)

    def command(self, *words, **extra):
        run = subprocess.run([VIDMILL, *words], capture_output=True, timeout=120,
                             env=dict(self.vidmill.environment(), **extra))
        self.told["vidmill " + " ".join(words)] = run.stdout + run.stderr
        return run

    def upload(self, path):
        """The answer of a create holds the URL, which is for its client: it is not searched."""
        answer = self.vidmill.ask("POST", "/v1/videos", {"name": "clip"},
                                  {"Authorization": f"Bearer {TOKEN}"})
        url = answer["upload"]["requests"][0]["url"]
        self.signatures.append(re.search("signature=([0-9a-f]+)", url)[1])
        with open(path, "rb") as file:
            data = file.read()
        for tried in (url[:-1] + ("0" if url[-1] != "0" else "1"), url, url):
            self.ask_url(tried, data)
        return answer["video"]["id"]

    def ask_url(self, url, data):
        try:
            answer = self.vidmill.ask("PUT", url, data, {}, raw=True)
        except Failure as failure:
            answer = json.dumps(failure.problem).encode()
        self.told[f"PUT {len(self.told)}"] = answer

    def show(self, id):
        return self.ask("GET", f"/v1/videos/{id}", raw=False)

    def wait(self, id, *states):
        return wait_for(lambda: self.show(id) if self.show(id)["state"] in states else None, states)

    def document(self, id):
        store = sqlite3.connect(os.path.join(self.vidmill.state, "meta", "videos.db"))
        text, = store.execute("SELECT json FROM documents WHERE id = ?", (id,)).fetchone()
        store.close()
        return json.loads(text)

    def look_at_processes(self):
        """While work is in hand. The child's environment is empty; its worker's is its own."""
        for pid in [self.vidmill.process.pid, *self.vidmill.workers(), *self.vidmill.children()]:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                self.told[f"command line of {pid}"] = file.read()
        for pid in self.vidmill.children():
            try:
                with open(f"/proc/{pid}/environ", "rb") as file:
                    self.assertEqual(file.read(), b"")
            except PermissionError:
                pass  # nobody but the superuser may look

    def live(self):
        v = self.vidmill.start()
        self.signatures, self.tickets = [], []
        id = self.upload(clip("realshort.mp4"))
        wait_for(v.children, "the child")
        self.tickets.append(self.document(id)["attempt"]["ticket"])
        self.look_at_processes()
        self.wait(id, "processed")
        bad = os.path.join(v.folder, "bad.mp4")
        with open(bad, "w") as file:
            file.write("no video at all")
        failed = self.upload(bad)
        self.wait(failed, "failed")
        wait_for(lambda: self.ask("GET", "/v1/dead-letters", raw=False)["dead_letters"], "the letter")
        self.ask("POST", "/v1/dead-letters/redrive", {})
        self.wait(failed, "failed")
        self.ask("POST", f"/v1/videos/{id}/retry")
        self.ask("POST", f"/v1/videos/{id}/cancel")
        self.ask("DELETE", f"/v1/videos/{failed}")
        for token in (TOKEN, OPERATOR, WRONG, UPLOAD_KEY, "x" + TOKEN, TOKEN[:-1], digest(TOKEN)):
            for path in ("/v1/videos", "/v1/dead-letters", "/metrics", "/readyz", "/healthz", "/nowhere",
                         f"/v1/videos/{id}", f"/v1/videos/{id}/outputs", "/v1/videos?limit=x"):
                self.ask("GET", path, token=token)
        self.commands(id, bad)
        return id

    def commands(self, id, bad):
        pipeline, state = self.vidmill.pipeline, self.vidmill.state
        for token in (TOKEN, WRONG):
            client = {"VIDMILL_SERVER": self.vidmill.address, "VIDMILL_TOKEN": token}
            for words in (["list"], ["show", id], ["dead-letters"], ["upload", bad, "--no-wait"],
                          ["retry", id], ["cancel", id], ["list", "--json"]):
                self.command(*words, "--log-level", "debug", **client)
        for words in (["check"], ["check", "--connect"], ["provision"], ["audit", "--deep"]):
            self.command(words[0], pipeline, *words[1:], "--state", state, "--log-level", "debug")
        self.command("settings")
        self.command("plugins", "--json")
        # A job that cannot be read is not told; it may hold a ticket.
        self.command("work", pipeline, "--state", state, VIDMILL_JOB='{"ticket":"CANARYticket","x":')

    def search(self, text, where, secrets):
        if isinstance(text, str):
            text = text.encode()
        for secret in secrets:
            self.assertNotIn(secret.encode(), text, f"a secret is in {where}")

    def test_a_whole_life(self):
        self.live()
        self.vidmill.stop()
        everything = self.secrets() + self.tickets
        self.search(self.vidmill.log(), "the log", everything)
        self.assertIn("debug", self.vidmill.log())
        for who, text in self.told.items():
            self.search(text, who, everything)
        searched = 0
        for folder, _, names in os.walk(self.vidmill.state):
            for name in names:
                path = os.path.join(folder, name)
                kept = os.path.relpath(path, self.vidmill.state).split("/")[0]
                with open(path, "rb") as file:
                    text = file.read()
                self.search(text, path, self.secrets())
                if kept not in ("meta", "queue"):
                    self.search(text, path, self.tickets)
                searched += 1
        self.assertGreater(searched, 10)
        # No process has left a dump of itself.
        self.assertEqual([n for n in os.listdir(self.vidmill.folder) if n.startswith("core")], [])

    def test_a_secret_that_is_wrong_is_not_told(self):
        cases = {'server = { tokens = "CANARYliteral"; };': {},
                 'server = { upload_key = "env:CANARY_SHORT"; };': {"CANARY_SHORT": "CANARYshort"},
                 'server = { tokens = "env:CANARY_LINES"; };':
                     {"CANARY_LINES": "alice:CANARYnoHash\nbob"},
                 'server = { tokens = "env:CANARY_LINES"; tokens = "x"; };':
                     {"CANARY_LINES": "alice:CANARYnoHash"}}
        for text, variables in cases.items():
            with open(self.vidmill.pipeline) as file:
                lines = [line for line in file if not line.startswith("server")]
            with open(self.vidmill.pipeline, "w") as file:
                file.writelines(lines + [text + "\n"])
            self.vidmill.extra = variables
            for words in (["check"], ["serve", "--listen", "127.0.0.1:0"]):
                run = self.command(words[0], self.vidmill.pipeline, *words[1:], "--state",
                                   self.vidmill.state, "--log-level", "debug")
                if words[0] == "serve":
                    self.assertEqual(run.returncode, 3, run.stderr)
                self.search(run.stdout + run.stderr, text, [*variables.values(), "CANARYliteral",
                                                            "CANARYnoHash", "CANARYshort"])

    # Every secret option of every plugin that is there, by the plugins' own tables

    FILLERS = {"string": '"filler"', "int": "1", "bool": "true", "size": '"1MiB"', "duration": '"1m"',
               "rational": '"1/2"'}

    def filler(self, option):
        if option["type"] == "choice" or option["type"].startswith("one of"):
            return json.dumps(option["choices"][0])
        return self.FILLERS.get(option["type"])

    def group(self, plugin, secrets, wrong):
        """The plugin's group with all its secrets, what it requires, and one wrong line more."""
        lines = [f'plugin = "{plugin["name"]}";']
        for option in plugin["options"]:
            if option["secret"]:
                name = f"CANARY_{len(secrets)}"
                secrets[name] = f"CANARY{plugin['name']}{option['name']}secret" + "s" * 40
                lines.append(f'{option["name"]} = "env:{name}";')
            elif option["required"] and self.filler(option):
                lines.append(f"{option['name']} = {self.filler(option)};")
        return "{ " + " ".join(lines) + (' no_such_option = "x";' if wrong else "") + " }"

    def test_every_secret_option_of_every_plugin(self):
        listed = json.loads(self.command("plugins", "--json").stdout)
        host = json.loads(self.command("settings", "--json").stdout)
        self.assertEqual([o["name"] for o in host["server"] if o["secret"]], ["tokens", "upload_key"])
        for plugin in listed:
            if not any(option["secret"] for option in plugin["options"]):
                continue
            for wrong in (False, True):
                secrets = {}
                group = self.group(plugin, secrets, wrong)
                with open(self.vidmill.pipeline) as file:
                    lines = file.readlines()
                kind = plugin["kind"]
                lines = [f"{kind} = {group};\n" if line.startswith(kind + " ") else line
                         for line in lines]
                path = os.path.join(self.vidmill.folder, "secret.cfg")
                with open(path, "w") as file:
                    file.writelines(lines)
                self.vidmill.extra = dict(secrets, CANARY_UPLOAD_KEY=UPLOAD_KEY)
                for words in (["check"], ["check", "--connect"], ["audit"],
                              ["serve", "--listen", "127.0.0.1:0x"]):
                    run = self.command(words[0], path, *words[1:], "--state", self.vidmill.state,
                                       "--log-level", "debug")
                    self.search(run.stdout + run.stderr, f"{plugin['name']}: {words}",
                                [*secrets.values(), UPLOAD_KEY])


if __name__ == "__main__":
    unittest.main()
