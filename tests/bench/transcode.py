#!/usr/bin/env python3
"""transcode.py - vidmill against the ffmpeg command: time, processor, memory and quality, in one table.

    tests/bench/transcode.py BUILD [--runs N] [--seconds N] [--only ladder|copy|start|throttled]

The source is natural video of 1080p30, made of the tests' real clips. Runs of all
sides take turns, and the table has their medians. vidmill's time is that of a whole
job in local mode, from the last byte of the upload to `processed`: dispatch, worker,
sandbox, gate, hashes and fsync included; its processor time that of all its
processes, the server's too. Nothing else should be at work on the machine.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
LADDER = [{"name": "1080p", "height": 1080, "bitrate": 4500000}, {"name": "720p", "height": 720, "bitrate": 2500000},
          {"name": "480p", "height": 480, "bitrate": 1200000}, {"name": "360p", "height": 360, "bitrate": 700000}]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=30, help="how long the source is")
    parser.add_argument("--only", choices=sorted(PARTS), action="append")
    return parser.parse_args()


def stage(rungs, more=""):
    video = ", ".join('{ name = "%s"; height = %d; bitrate = "%d"; }' % (r["name"], r["height"], r["bitrate"])
                      for r in rungs)
    return (f'name = "web"; plugin = "codec-ffmpeg"; video = ( {video} ); audio = ( {{ name = "stereo"; }} ); '
            f'output = [ "hls" ]; {more}')


def make_source(path, seconds):
    """Clips of the tests one after the other, as 1080p30, with little loss."""
    clips = [os.path.join(os.environ["VIDMILL_MEDIA"], name)
             for name in ("cockatoo.mp4", "movie-hello.mp4", "VID_20191220_170832.mp4")]
    inputs = [word for clip in clips for word in ("-i", clip)]
    each = [f"[{i}:v:0]scale=1920:1080,setsar=1,fps=30,format=yuv420p[v{i}];"
            f"[{i}:a:0]aresample=48000,aformat=channel_layouts=stereo[a{i}]" for i in range(len(clips))]
    joined = "".join(f"[v{i}][a{i}]" for i in range(len(clips))) + f"concat=n={len(clips)}:v=1:a=1[v][a]"
    once = path + ".once.mp4"
    ffmpeg(*inputs, "-filter_complex", ";".join(each + [joined]), "-map", "[v]", "-map", "[a]", "-c:v", "libx264",
           "-preset", "veryfast", "-crf", "14", "-c:a", "aac", "-b:a", "192k", once)
    ffmpeg("-stream_loop", "-1", "-i", once, "-t", str(seconds), "-c", "copy", "-movflags", "+faststart", path)
    os.remove(once)


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *words], check=True)


def ssim(made, source, height):
    run = subprocess.run(["ffmpeg", "-nostdin", "-v", "info", "-i", made, "-i", source, "-lavfi",
                          f"[1:v]scale=-2:{height}:flags=bicubic[s];[0:v][s]ssim", "-f", "null", "-"],
                         capture_output=True, text=True, check=True)
    return float(re.search(r"SSIM .*All:([0-9.]+)", run.stderr).group(1))


def medians(runs):
    return usage.Usage(*(statistics.median(getattr(run, part) for run in runs) for part in ("wall", "cpu", "memory")))


def row(name, used, base=None):
    words = [f"{used.wall:8.2f} s", f"{used.cpu:8.2f} s", f"{used.memory / 1024:7.0f} MiB"]
    if base is not None:
        words += [f"{base.wall / used.wall:6.2f}", f"{base.cpu / used.cpu:6.2f}", f"{base.memory / used.memory:6.2f}"]
    print(f"  {name:40}", *words)


def head(text):
    print(f"\n{text}\n  {'':40}     wall        cpu       peak   and vidmill, measured by each", flush=True)


def vidmill_once(source, text, keep=None):
    with usage.Job(source, text) as job:
        used = job.run()
        if keep:
            shutil.copytree(job.folder(), keep)
    return used


def in_folder(folder, commands):
    os.makedirs(folder, exist_ok=True)
    total = None
    for words in commands:
        used = usage.of_command(words)
        total = used if total is None else total + used
    return total


def ladder(options, folder, source):
    ours, one, each = [], [], []
    for run in range(options.runs):
        ours.append(vidmill_once(source, stage(LADDER), None if run else os.path.join(folder, "ours")))
        place = os.path.join(folder, "one")
        one.append(in_folder(place, [peers.one_command(source, LADDER, place)]))
        place = os.path.join(folder, "each")
        each.append(in_folder(place, peers.command_each(source, LADDER, place)))
        print(f"  run {run + 1}: {ours[-1].wall:.2f} {one[-1].wall:.2f} {each[-1].wall:.2f}", file=sys.stderr)
    head(f"A ladder of {len(LADDER)} renditions of {options.seconds} s of 1080p30")
    row("vidmill", medians(ours))
    row("one ffmpeg command, decoded once", medians(one), medians(ours))
    row("an ffmpeg command for each rendition", medians(each), medians(ours))
    for index, rung in enumerate(LADDER):
        of_ours = ssim(os.path.join(folder, "ours", "web", "hls", rung["name"], "playlist.m3u8"), source, rung["height"])
        of_one = ssim(os.path.join(folder, "one", f"{index}.m3u8"), source, rung["height"])
        print(f"  SSIM of {rung['name']:6} vidmill {of_ours:.4f}, ffmpeg {of_one:.4f}, difference {of_ours - of_one:+.4f}")


def copy(options, folder, source):
    """A source that already is what it shall become, against encoding it."""
    fits = os.path.join(folder, "fits.mp4")
    rung = {"name": "1080p", "height": 1080, "bitrate": 9000000}
    ffmpeg("-i", source, "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", "6M", "-bufsize", "9M", "-g",
           "60", "-c:a", "aac", "-b:a", "112k", "-movflags", "+faststart", fits)
    copied, encoded, remuxed = [], [], []
    for _ in range(options.runs):
        copied.append(vidmill_once(fits, stage([rung])))
        encoded.append(vidmill_once(fits, stage([rung], "copy = false;")))
        place = os.path.join(folder, "remuxed")
        remuxed.append(in_folder(place, [["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", fits, "-c", "copy", *peers.HLS,
                                          os.path.join(place, "all.m3u8")]]))
    head(f"{options.seconds} s of 1080p30 that fit already")
    row("vidmill, copied", medians(copied))
    row("vidmill, encoded (copy = false)", medians(encoded), medians(copied))
    row("ffmpeg -c copy", medians(remuxed), medians(copied))


def source_of(vidmill):
    found = [os.path.join(folder, "source") for folder, _, files in os.walk(os.path.join(vidmill.state, "storage"))
             if "source" in files]
    assert len(found) == 1, found
    return found[0]


def start(options, folder, _):
    """What is no video fails at once, and its retry finds the source where it was."""
    poor = os.path.join(folder, "poor")
    with open(poor, "wb") as file:
        file.write(b"no video" * 1000)
    seconds = []
    with usage.Job(poor, stage(LADDER[3:])) as job:
        job.vidmill.start()
        identity = job.vidmill.upload(poor)
        job.vidmill.wait_end(identity)
        for _ in range(4 * options.runs):
            wait_for(lambda: not job.vidmill.workers(), "the worker to end")
            with opens.Opens(VIDMILL, source_of(job.vidmill)) as opened:
                job.vidmill.ask("POST", f"/v1/videos/{identity}/retry")
                moments = {}
                while len(moments) < 2:
                    which, moment = opened.next()
                    moments.setdefault(which, moment)
            seconds.append(moments[1] - moments[0])
            job.vidmill.wait_end(identity)
    print(f"\nFrom exec of `vidmill work` until it opens its source: {statistics.median(seconds) * 1000:.0f} ms, "
          f"{max(seconds) * 1000:.0f} ms at the most of {len(seconds)}")


def throttled(options, _, source):
    """On a store behind a thin line, against the slowest of download, work and upload alone."""
    if not far.available():
        print("\nA store that is far: left out, without tests/servers/install.sh")
        return
    far.measure(options.runs, source, {"four renditions": stage(LADDER),
                                       "360p alone, in a hurry": stage(LADDER[3:], 'preset = "ultrafast";')})


PARTS = {"ladder": ladder, "copy": copy, "start": start, "throttled": throttled}


def main():
    options = arguments()
    os.environ["VIDMILL_BUILD"] = options.build
    os.environ.setdefault("VIDMILL_SOURCE", ROOT)
    os.environ.setdefault("VIDMILL_MEDIA", os.path.join(ROOT, "build", "media"))
    os.environ.setdefault("VIDMILL_SERVERS", os.path.join(ROOT, "build", "servers"))
    sys.path[:0] = [HERE, os.path.join(ROOT, "tests", "e2e")]
    # They need the environment above.
    global far, opens, usage, peers, VIDMILL, wait_for
    import opens
    import peers
    import throttled as far
    import usage
    from vidmill import VIDMILL, wait_for
    usage.own_orphans()
    with tempfile.TemporaryDirectory(prefix="vidmill-bench-") as folder:
        source = os.path.join(folder, "source.mp4")
        make_source(source, options.seconds)
        for name in options.only or PARTS:
            PARTS[name](options, folder, source)


if __name__ == "__main__":
    main()
