#!/usr/bin/env python3
"""soak.py - jobs arrive all the time while processes are killed; at the end nothing is lost.

soak.py BUILD [--minutes 30] [--seed N] [--keep]

Three servers share one state folder; two of them, and the workers, keepers and codec children of
all, are killed, told to end or held at random, one every 5 seconds. The third lives, and what it
takes of the machine is watched. Ends with a summary; the exit status is 1 when anything is wrong.
"""
import argparse
import collections
import os
import random
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))

# A shorter run says nothing about what grows.
TREND_MINUTES = 5


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--keep", action="store_true", help="keep the state folder")
    return parser.parse_args()


def begin():
    """The servers; the last one lives."""
    from short_job import script
    from vidmill import Copy, Vidmill

    first = Vidmill(
        queue='plugin = "queue-local"; visibility = "10s"; max_receives = 900;',
        compute='plugin = "compute-local"; tasks = 3; grace = "3s";',
        stage=script('operation = "run"; delay = "300ms";').replace(
            "bytes", "any_source = false; bytes", 1),
        # Whoever is killed again and again has not failed for that.
        policy='attempts = 90; backoff = "100ms"; backoff_max = "1s"; lease = "3s";',
        server='listen = "127.0.0.1:0"; inbox = "inbox"; drain = "2s";')
    servers = [first, Copy(first, 1), Copy(first, 2)]
    for server in servers:
        server.timeout = 10
        server.all_servers = servers
        server.start()
    return servers


def judge(traffic, documents):
    """Every promise, against what there is; faults, and how many ended in which state."""
    faults, ends = [], collections.Counter()
    expected = dict(traffic.videos)
    for name, video in traffic.dropped.items():
        found = [id for id, document in documents.items()
                 if document["name"] == name and document.get("source", {}).get("etag")]
        if len(found) != 1:
            faults.append(f"{name} of the inbox became {len(found)} videos")
        expected.update((id, video) for id in found)
    for id, video in expected.items():
        document = documents.get(id)
        state = document["state"] if document else "gone"
        ends[state] += 1
        if state == "gone" and not video.may_be_gone:
            faults.append(f"{id} is lost")
        elif state != "gone" and video.must_be_gone:
            faults.append(f"{id} was removed and is there: {state}")
        elif state != "gone" and state not in video.states:
            faults.append(f"{id} is {state}, not {sorted(video.states)}: {document.get('reason')}")
    events = [d["outbox_event"] for d in documents.values() if d.get("outbox_event")]
    if len(events) != len(set(events)):
        faults.append("two outcomes have the same notification")
    return faults, ends


def summary(options, seconds, traffic, killer, health, ends, faults):
    def line(name, value):
        print(f"{name:28}{value}")
    print(f"\nsoak: {seconds / 60:.1f} minutes, seed {options.seed}")
    for name, count in traffic.counts.items():
        line(name, count)
    for (role, deed), count in sorted(killer.counts.items()):
        line(f"{role} {deed}", count)
    for state, count in sorted(ends.items()):
        line(f"ended {state}", count)
    for column, name in enumerate(("memory, KiB", "descriptors", "threads")):
        first, last = health.thirds(column)
        line(name, f"{first:.0f} in the first third, {last:.0f} in the last")
    line("faults", len(faults))
    for fault in faults[:50]:
        print("  " + fault)


def run(options):
    import at_rest
    from health import Health
    from killer import Killer
    from traffic import Traffic
    from vidmill import wait_for

    servers, faults, began = begin(), [], time.monotonic()
    wait_for(lambda: os.path.isdir(os.path.join(servers[0].state, "inbox")), "the inbox")
    parts = [Traffic(servers, servers[0].folder, options.seed), Killer(servers[:-1], options.seed),
             Health(servers[-1].process.pid)]
    traffic, killer, health = parts
    for part in parts:
        part.start()
    time.sleep(options.minutes * 60)
    for part in parts:
        part.end()
    seconds = time.monotonic() - began
    faults += traffic.faults + killer.faults
    if options.minutes >= TREND_MINUTES:
        faults += health.faults()
    faults += at_rest.wait_settled(servers[0], 120)
    for server in servers:
        server.stop()
    faults += at_rest.sweep(servers[0])
    more, ends = judge(traffic, at_rest.documents(servers[0]))
    faults += more + at_rest.check(servers[0])
    summary(options, seconds, traffic, killer, health, ends, faults)
    if options.keep:
        print(f"kept in {servers[0].folder}")
    else:
        servers[0].close(check=not faults)
    return 1 if faults else 0


def main():
    options = arguments()
    os.environ["VIDMILL_BUILD"] = options.build
    os.environ.setdefault("VIDMILL_SOURCE", ROOT)
    os.environ.setdefault("VIDMILL_MEDIA", os.path.join(ROOT, "build", "media"))
    sys.path[:0] = [HERE, os.path.dirname(HERE), os.path.join(ROOT, "tests", "e2e")]
    status = run(options)
    sys.stdout.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
