"""media.py - what FFmpeg's own tools say of an output, independent of vidmill."""
import json
import re
import subprocess


def probe(path, *more):
    run = subprocess.run(["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams",
                          *more, path], capture_output=True, text=True)
    if run.returncode != 0:
        raise AssertionError(f"ffprobe {path}: {run.stderr}")
    return json.loads(run.stdout)


def streams(info, kind):
    return [s for s in info["streams"] if s["codec_type"] == kind
            and not s.get("disposition", {}).get("attached_pic")]


def keyframes(path):
    """The times of the keyframes of the first video stream, from its packets."""
    info = probe(path, "-select_streams", "v:0", "-show_packets",
                 "-show_entries", "packet=pts_time,flags")
    return [float(p["pts_time"]) for p in info["packets"] if p["flags"].startswith("K")]


def decode(path):
    """Decodes all of it; anything that FFmpeg complains about is an error."""
    run = subprocess.run(["ffmpeg", "-v", "error", "-xerror", "-i", path, "-f", "null", "-"],
                         capture_output=True, text=True)
    if run.returncode != 0 or run.stderr.strip():
        raise AssertionError(f"decoding {path}: {run.stderr.strip()}")


def rate(text):
    over, under = text.split("/")
    return float(over) / float(under) if float(under) else 0.0


def span(path, kind):
    """From the first to the end of the last frame of a stream, by decoding it; None without one.

    Containers lie about durations and some packets have no time: what a viewer gets is the frames.
    """
    info = probe(path, "-select_streams", kind + ":0", "-show_frames", "-show_entries",
                 "frame=best_effort_timestamp_time,pkt_duration_time,nb_samples,sample_rate")
    frames = [f for f in info["frames"] if "best_effort_timestamp_time" in f]
    if not frames:
        return None
    times = [float(f["best_effort_timestamp_time"]) for f in frames]
    last = float(frames[-1].get("pkt_duration_time", 0))
    return min(times), max(times) + last


def playlist(text):
    """The segments of a media playlist as (name, seconds), and its target duration."""
    lines = text.splitlines()
    if lines[0] != "#EXTM3U" or "#EXT-X-ENDLIST" not in lines:
        raise AssertionError("no finished playlist:\n" + text)
    target = int(re.search(r"#EXT-X-TARGETDURATION:(\d+)", text).group(1))
    segments, seconds = [], None
    for line in lines:
        if line.startswith("#EXTINF:"):
            seconds = float(line[8:].split(",")[0])
        elif line and not line.startswith("#"):
            segments.append((line, seconds))
    return segments, target


def boxes(path, count=8):
    """The types of the first top-level boxes of an MP4."""
    found = []
    with open(path, "rb") as file:
        while len(found) < count:
            head = file.read(8)
            if len(head) < 8:
                break
            size, kind = int.from_bytes(head[:4], "big"), head[4:].decode("latin1")
            found.append(kind)
            if size == 1:
                size = int.from_bytes(file.read(8), "big")
                file.seek(size - 16, 1)
            elif size == 0:
                break
            else:
                file.seek(size - 8, 1)
    return found
