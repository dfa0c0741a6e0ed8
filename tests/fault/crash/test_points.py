"""test_points.py - the crash points are the table's, and are gone where no test is built."""
import glob
import os
import re
import subprocess
import tempfile
import unittest

from matrix import read_points
from scenarios import SCENARIOS

BUILD = os.path.abspath(os.environ["VIDMILL_BUILD"])
SOURCE = os.path.abspath(os.environ["VIDMILL_SOURCE"])
USE = re.compile(r"\bCRASH_POINT\((\w+)\)")


def uses():
    """Every file of core/ that has crash points, and their names."""
    found = {}
    for path in glob.glob(os.path.join(SOURCE, "core", "*", "*.c")):
        with open(path) as file:
            names = USE.findall(file.read())
        if names:
            found[path] = names
    return found


def cached(name):
    with open(os.path.join(BUILD, "CMakeCache.txt")) as file:
        return re.search(rf"^{name}:\w+=(.*)$", file.read(), re.M).group(1)


class Points(unittest.TestCase):
    def test_every_point_stands_in_the_sources_once(self):
        names = [name for found in uses().values() for name in found]
        self.assertEqual(sorted(names), sorted(read_points(BUILD)))

    def test_every_scenario_is_for_a_point(self):
        self.assertLessEqual(set(SCENARIOS), set(read_points(BUILD)))

    def test_a_build_without_tests_has_none(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["cmake", "-S", SOURCE, "-B", folder, "-G", "Ninja",
                            "-DCMAKE_BUILD_TYPE=Release", "-DVIDMILL_TESTS=OFF",
                            "-DVIDMILL_PLUGINS=OFF",
                            f"-DCMAKE_C_COMPILER={cached('CMAKE_C_COMPILER')}"],
                           check=True, capture_output=True)
            paths = list(uses()) + [os.path.join(SOURCE, "core", "support", "crash_point.c")]
            objects = []
            for path in paths:
                room, file = os.path.relpath(path, os.path.join(SOURCE, "core")).split(os.sep)
                objects.append(f"core/{room}/CMakeFiles/vm-{room}.dir/{file}.o")
            subprocess.run(["cmake", "--build", folder, "--target", *objects], check=True,
                           capture_output=True)
            for each in objects:
                with open(os.path.join(folder, each), "rb") as file:
                    data = file.read()
                for word in ("VIDMILL_CRASH", *read_points(BUILD)):
                    self.assertFalse(re.search(rb"\b%b\b" % word.encode(), data),
                                     f"{word} in {each}")


if __name__ == "__main__":
    unittest.main()
