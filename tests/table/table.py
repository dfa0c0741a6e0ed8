#!/usr/bin/env python3
"""table.py - every kind of source goes through vidmill, and what comes out is measured.

    tests/table/table.py build/release [--jobs 4] [--only 'turned-*'] [--keep DIR]
    tests/table/table.py build/release --video hevc --audio opus     outputs of other codecs

One server takes all of them. A row is a source: what was made of it, and by how much it is off. It ends with exit
code 1 when one of them is not what sources.py says.
"""
import argparse
import concurrent.futures
import fnmatch
import os
import shutil
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
STAGE = ('name = "web"; plugin = "codec-ffmpeg"; preset = "ultrafast"; '
         'video = ( {{ name = "large"; height = 240; bitrate = "8000k"; quality = 16; codec = "{video}"; }}, '
         '{{ name = "small"; height = 120; bitrate = "2000k"; quality = 16; codec = "{video}"; }} ); '
         'audio = ( {{ name = "stereo"; bitrate = "160k"; codec = "{audio}"; }}, '
         '{{ name = "even"; bitrate = "384k"; channels = 6; loudness = -20; codec = "{audio}"; }} ); '
         'output = [ "hls", "dash", "mp4" ];')


def prepare(build):
    sys.dont_write_bytecode = True
    source = os.path.dirname(TESTS)
    os.environ.setdefault("VIDMILL_BUILD", build)
    os.environ.setdefault("VIDMILL_SOURCE", source)
    os.environ.setdefault("VIDMILL_MEDIA", os.path.join(source, "build", "media"))
    sys.path[:0] = [os.path.join(TESTS, "e2e"), HERE]


def run_row(vidmill, folder, source, codecs):
    """What was measured and what is wrong: both are told."""
    from check import Check
    from vidmill import clip
    check = Check(source, codecs)
    try:
        if source.make is None:
            path = clip(source.name)
        else:
            path = os.path.join(folder, source.name, source.name)
            os.mkdir(os.path.dirname(path))
            source.make(path)
        id = vidmill.upload(path)
        check.end(path, vidmill.wait_end(id, 300), vidmill)
    except Exception as error:  # a row that cannot be measured is wrong, and the others go on
        check.wrong.append(f"{type(error).__name__}: {error}")
    return check


def keep(where, sources, checks):
    shutil.copytree(sources, os.path.join(where, "sources"), dirs_exist_ok=True)
    for check in checks:
        if check.folder:
            shutil.copytree(check.folder, os.path.join(where, check.source.name), dirs_exist_ok=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--only", default="*")
    parser.add_argument("--video", default="h264", help="of the outputs: hevc, av1, vp9")
    parser.add_argument("--audio", default="aac", help="of the outputs: opus")
    parser.add_argument("--keep", help="a folder for sources and outputs")
    arguments = parser.parse_args()
    prepare(os.path.abspath(arguments.build))
    from check import head
    from sources import SOURCES
    from vidmill import Vidmill
    chosen = [source for source in SOURCES if fnmatch.fnmatch(source.name, arguments.only)]
    codecs, began = {"video": arguments.video, "audio": arguments.audio}, time.monotonic()
    print(head(), flush=True)
    stage = STAGE.format(**codecs)
    with tempfile.TemporaryDirectory(prefix="vidmill-table-") as folder, Vidmill(stage=stage) as vidmill, \
            concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        checks = []
        for check in pool.map(lambda source: run_row(vidmill, folder, source, codecs), chosen):
            checks.append(check)
            print(check.line(), flush=True)
            for wrong in check.wrong:
                print(f"    {wrong}", flush=True)
        if arguments.keep:
            keep(arguments.keep, folder, checks)
    wrong = [check.source.name for check in checks if check.wrong]
    print(f"{len(checks)} sources in {time.monotonic() - began:.0f} s, {len(wrong)} wrong", *wrong)
    return 1 if wrong or not checks else 0


if __name__ == "__main__":
    sys.exit(main())
