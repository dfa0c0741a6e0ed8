#!/usr/bin/env python3
"""every_call.py - one short job, killed (or refused something) at every system call that changes
something; then recovered and checked.

every_call.py BUILD                              all roles, killed at every call
every_call.py BUILD --deed EIO                   every call on a file fails once
every_call.py BUILD --role work --at 17 --keep   one case, whose state folder is kept
every_call.py BUILD --every 20                   a sample: each 20th call

Ends with a table of the calls; the exit status is 1 when one case was not recovered from.
"""
import argparse
import concurrent.futures
import os
import sys

ROLES = ("serve", "keeper", "work", "codec")
DEEDS = ("kill", "EIO", "ENOSPC")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--role", choices=ROLES, action="append", help="default: all of them")
    parser.add_argument("--deed", choices=DEEDS, action="append", help="default: kill")
    parser.add_argument("--every", type=int, default=1, help="only each N-th call")
    parser.add_argument("--at", type=int, help="only this call")
    parser.add_argument("--jobs", type=int, default=6, help="cases side by side")
    parser.add_argument("--keep", action="store_true", help="keep the folders of bad cases")
    return parser.parse_args()


def numbers(options, role, deed):
    """The calls to ask for; what a run without a deed makes is about what every run makes."""
    from case import Case

    if options.at:
        return [options.at]
    known = Case(role, 0, deed).run().count
    return range(min(options.every, known), known + 1, options.every)


def ask_all(options, role, deed):
    """One case for each call, several at once; then on, until a call is not reached any more."""
    from case import Case

    def ask(n):
        case = Case(role, n, deed, options.keep).run()
        if case.faults:
            print(case, flush=True)
        return case

    wanted = numbers(options, role, deed)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        cases = list(pool.map(ask, wanted))
    while options.every == 1 and not options.at and cases and cases[-1].reached:
        cases.append(ask(cases[-1].at + 1))
    return [case for case in cases if case.reached or case.faults]


def table(cases):
    counts = {}
    for case in cases:
        key = (case.deed, case.role, case.call)
        counts.setdefault(key, [0, 0])
        counts[key][0] += 1
        counts[key][1] += not case.faults
    print(f"\n{'deed':8}{'role':8}{'call':18}{'reached':>8}{'recovered':>11}")
    for (deed, role, call), (reached, recovered) in sorted(counts.items()):
        print(f"{deed:8}{role:8}{call:18}{reached:8}{recovered:11}")
    slowest = max((case.seconds for case in cases), default=0)
    print(f"{'all':34}{len(cases):8}{sum(not case.faults for case in cases):11}   "
          f"the slowest recovery took {slowest:.1f} s")


def main():
    options = arguments()
    here = os.path.dirname(os.path.abspath(__file__))
    root = os.path.dirname(os.path.dirname(os.path.dirname(here)))
    os.environ["VIDMILL_BUILD"] = options.build
    os.environ.setdefault("VIDMILL_SOURCE", root)
    os.environ.setdefault("VIDMILL_MEDIA", os.path.join(root, "build", "media"))
    sys.path[:0] = [os.path.dirname(here), os.path.join(root, "tests", "e2e")]
    cases = [case for deed in options.deed or ["kill"] for role in options.role or ROLES
             for case in ask_all(options, role, deed)]
    table(cases)
    return 0 if cases and not any(case.faults for case in cases) else 1


if __name__ == "__main__":
    sys.exit(main())
