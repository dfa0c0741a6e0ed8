"""on_server.py - a contract suite on another's server: on_server.py VIDMILL PLUGIN.so SERVER FILE.in KNOWN

KNOWN has a line for each difference that is the server's and not the plugin's:

    SERVER CASE: why

A case that fails and has no line fails the run, and so does a line whose case
passes, unless it says CASE? because it is a matter of luck.
"""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "servers"))
import servers  # noqa: E402
import with_server  # noqa: E402


def known_differences(path, server):
    known = {}
    with open(path) as file:
        for number, line in enumerate(file, 1):
            if not line.strip() or line.startswith("#"):
                continue
            match = re.match(r"(\S+) ([a-z0-9-]+)(\??): \S", line)
            if not match:
                sys.exit(f"{path}:{number}: not SERVER CASE: why")
            if match[1] == server:
                known[match[2]] = number, match[3] == "?"
    return known


def main(vidmill, plugin, name, template, known_path):
    known = known_differences(known_path, name)
    with with_server.prepared(name, template) as (server, config, environment):
        run = subprocess.run([vidmill, "test-plugin", plugin, "--config", config, "--json"],
                             env=environment, stdout=subprocess.PIPE, check=False)
        if not run.stdout:
            sys.exit(run.returncode or 1)
    wrong = 0
    for case in json.loads(run.stdout)["cases"]:
        number, by_luck = known.pop(case["name"], (None, False))
        if case["result"] == "failed" and number is None:
            wrong += 1
            print(f"FAILED {case['name']}: {case['text']} (the promise: {case['promise']})")
        elif case["result"] == "failed":
            print(f"known  {case['name']}: {known_path}:{number}")
        elif number is not None and not by_luck:
            wrong += 1
            print(f"FAILED {case['name']}: passes, so {known_path}:{number} can go")
        else:
            print(f"{case['result']:6} {case['name']}")
    for case, (number, _) in known.items():
        wrong += 1
        print(f"FAILED {known_path}:{number}: there is no case {case}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
