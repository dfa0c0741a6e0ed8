#!/usr/bin/env python3
"""matrix.py - every operation of the cloud plugins against every fault of network and service.

    tests/fault/http/matrix.py build/debug [--sample] [--only storage-s3.put:garbage:once]

A fault strikes the first request of an operation (once), a later one (its number), or all (always).
Each cell asks: does the call end within its time; is its status the right one; does its error say
what failed, with the service's code and without a secret; is what is there whole; does the same call
do its work when all is well again. It ends with a table, and with exit code 1 when a cell is wrong.
--sample is what ctest runs: one in 23, always the same.
"""
import argparse
import concurrent.futures
import importlib.util
import os
import re
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
PATIENCE = float(os.environ.get("VIDMILL_PATIENCE", "1"))
SLACK_MS = 1000 * PATIENCE
ROWS = {"once": 1, "always": 0}


def prepare(build):
    """Goes on in the Python that has the servers' client."""
    folder = os.environ.setdefault("VIDMILL_SERVERS", os.path.join(SOURCE, "build", "servers"))
    if importlib.util.find_spec("boto3") is None:
        python = os.path.join(folder, "aws", "bin", "python")
        os.execv(python, [python] + sys.argv)
    sys.path[:0] = [HERE, os.path.join(SOURCE, "tests", "servers")]


class Cell:
    def __init__(self, plugin, name, story, ends, fault, mode):
        self.plugin, self.story, self.ends = plugin, story, ends
        self.fault, self.mode = fault, mode
        self.row = f"{plugin}.{name}"
        self.name = f"{self.row}:{fault}:{mode}"
        self.which = ROWS[mode] if mode in ROWS else int(mode)
        self.kind = story.requests[max(self.which, 1) - 1]
        self.knows = ends.knows(self.kind, fault)
        self.status, self.wrong, self.answer = "", None, None

    def run(self, rig):
        from rig import Wrong
        try:
            self.play(rig)
        except Exception as error:
            self.wrong = str(error) if isinstance(error, Wrong) else traceback.format_exc()
            rig.proxy.set(None)

    def play(self, rig):
        from rig import Wrong
        story = self.story(rig)
        story.prepare()
        kept = self.fault in self.ends.KEPT
        if kept:
            rig.through.surely("connect")
        rig.proxy.set(self.ends.STRIKES.get(self.fault, self.fault), self.which, kept)
        answer = self.answer = rig.through(story.operation, **story.line)
        self.status = answer["status"]
        seen = rig.proxy.set(None, kept=self.ends.HEALS_KEPT)
        if seen["struck"] == 0 and self.fault != "refused":
            raise Wrong(f"nothing was struck in {seen['requests']} requests: it tests nothing")
        self.judge(answer, story)
        self.judge_effect(answer, story, story.done())
        if self.status != "ok":
            self.repeat(rig, story)
        else:
            rig.through.surely("connect")

    def judge(self, answer, story):
        from rig import CALL_MS, Wrong
        right = self.ends.right(self.kind, self.fault, self.which, self.kind in story.once)
        if answer["ms"] > CALL_MS + SLACK_MS:
            raise Wrong(f"it took {answer['ms']} ms, and had {CALL_MS}")
        if self.status not in right:
            raise Wrong(f"{self.status} ({answer['message']}), where {' or '.join(right)} is right")
        if self.status != "ok":
            self.judge_message(answer["message"], answer["native"], story)
        elif self.knows and not story.right(answer["out"]):
            raise Wrong(f"it succeeded, with {answer['out']}")

    def judge_message(self, message, native, story):
        import servers
        import words
        from rig import Wrong
        if not message or "\n" in message or message.endswith(".") or message[0].isupper():
            raise Wrong(f"no sentence: {message}")
        for secret in (servers.SECRET, servers.KEY_ID, words.CANARY, "Signature="):
            if secret in message:
                raise Wrong(f"a secret: {message}")
        if story.named() not in message:
            raise Wrong(f"it does not say that it is about {story.named()}: {message}")
        code = self.ends.code(self.fault, self.kind)
        if code is not None and native != code and str(code) not in message:
            raise Wrong(f"it does not say {code}: {message}")

    def judge_effect(self, answer, story, done):
        from rig import Wrong
        if done is None or not self.knows:
            return
        if self.status == "ok" and not done:
            raise Wrong("it succeeded, and nothing has happened")
        if self.status not in ("ok", "timeout") and done:
            raise Wrong(f"{self.status}, and all the same it has happened: {answer['message']}")

    def repeat(self, rig, story):
        from rig import Wrong
        again = rig.through(story.operation, **story.line)
        allowed = story.after_doubt if self.status == "timeout" or not self.knows else ()
        if again["status"] != "ok" and again["status"] not in allowed:
            raise Wrong(f"then, without any fault: {again['status']}, {again['message']}")
        if again["status"] == "ok" and not story.right(again["out"]):
            raise Wrong(f"then, without any fault: {again['out']}")
        if story.done() is False:
            raise Wrong("then, without any fault, nothing has happened")


def plugins():
    import ends
    import ends_mongo
    import stories_compute
    import stories_meta
    import stories_queue
    import stories_storage
    return {
        "storage-s3": ("versitygw", stories_storage, "http", ends),
        "queue-sqs": ("elasticmq", stories_queue, "http", ends),
        "compute-ecs": ("moto", stories_compute, "http", ends),
        "meta-mongo": ("secantus", stories_meta, "tcp", ends_mongo),
    }


def cells_of(plugin, stories, ends):
    for name, story in stories.STORIES.items():
        later = [str(n) for n in range(2, len(story.requests) + 1)]
        for fault in ends.FAULTS:
            modes = ["once"] + later + ["always"]
            if fault in ends.ALWAYS_ONLY:
                modes = ["always"]
            elif fault in ends.ONCE_ONLY:
                modes = ["once"]
            cells = [Cell(plugin, name, story, ends, fault, mode) for mode in modes]
            yield from [cell for cell in cells if ends.strikes(cell.kind, fault)]


def run_all(build, plugin, cells):
    from rig import Rig
    server, stories, mode, _ = plugins()[plugin]
    if cells:
        with Rig(build, plugin, server, stories, mode) as rig:
            for cell in cells:
                cell.run(rig)
                end = "WRONG" if cell.wrong else "ok"
                took = f"{cell.answer['ms']} ms" if cell.answer else ""
                print(cell.name, end, cell.status, took, cell.wrong or "", flush=True)
    return cells


def choose(arguments):
    chosen = {}
    for plugin, (_, stories, _, ends) in plugins().items():
        cells = [cell for cell in cells_of(plugin, stories, ends)
                 if matches(cell, arguments.only)]
        chosen[plugin] = cells[::23] if arguments.sample else cells
    return chosen


def matches(cell, only):
    want = (only.split(":") + ["", ""])[:3]
    return re.match(want[0], cell.row) and want[1] in ("", cell.fault) and want[2] in ("", cell.mode)


LETTERS = {"ok": ".", "unavailable": "u", "timeout": "t", "throttled": "h", "denied": "d",
           "config": "c", "conflict": "f"}
LEGEND = """\
once, later ones, always:  . not to be seen by whoever calls
  told as:  u unavailable  t timeout, it may have happened  h throttled  d denied  c config
               f conflict  X wrong"""


def print_table(cells):
    faults = list(dict.fromkeys(cell.fault for cell in cells))
    rows = {}
    for cell in cells:
        row = rows.setdefault(cell.row, {})
        letter = "X" if cell.wrong else LETTERS.get(cell.status, "?")
        row[cell.fault] = row.get(cell.fault, "") + letter
    width = max(len(name) for name in rows)
    widths = {fault: max([len(fault)] + [len(row.get(fault, "")) for row in rows.values()])
              for fault in faults}
    print("\n" + " " * width, *(f"{fault:{widths[fault]}}" for fault in faults))
    for name, row in rows.items():
        print(f"{name:{width}}", *(f"{row.get(fault, ''):{widths[fault]}}" for fault in faults))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    prepare(arguments.build)
    build, began = os.path.abspath(arguments.build), time.monotonic()
    chosen = choose(arguments)
    with concurrent.futures.ThreadPoolExecutor(len(chosen)) as pool:
        done = pool.map(lambda plugin: run_all(build, plugin, chosen[plugin]), chosen)
        cells = [cell for part in done for cell in part]
    # A protocol has faults of its own.
    for ends in dict.fromkeys(cell.ends for cell in cells):
        print_table([cell for cell in cells if cell.ends is ends])
    print("\n" + LEGEND)
    wrong = [cell.name for cell in cells if cell.wrong]
    print(f"{len(cells)} cells in {time.monotonic() - began:.0f} s, {len(wrong)} wrong", *wrong)
    sys.exit(1 if wrong or not cells else 0)


if __name__ == "__main__":
    main()
