"""side_by_side.py - runs the tests of a file several at once: they wait more than they work."""
import concurrent.futures
import os
import sys
import unittest

AT_ONCE = 5


def each(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from each(test)
        else:
            yield test


def run(test):
    result = unittest.TestResult()
    test.run(result)
    return test, result


def main():
    """As unittest.main of the main module, with names of tests as arguments."""
    loader, module = unittest.TestLoader(), sys.modules["__main__"]
    suite = loader.loadTestsFromNames(sys.argv[1:], module) if sys.argv[1:] \
        else loader.loadTestsFromModule(module)
    good = True
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for test, result in pool.map(run, each(suite)):
            troubles = [text for _, text in result.failures + result.errors]
            skipped = "".join(why for _, why in result.skipped)
            print(f"{test.id()}: " + ("failed" if troubles else skipped or "ok"))
            print("".join(troubles), end="", flush=True)
            good = good and not troubles
    sys.stdout.flush()
    os._exit(0 if good else 1)  # a thread that still waits for a dead server is not waited for
