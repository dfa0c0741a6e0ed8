"""media.py - what FFmpeg's own tools say of an output, independent of vidmill."""
import json
import math
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


def pictures_in(bytes):
    """How many pictures FFmpeg makes of the beginning of a fragmented MP4; what is cut off is no error."""
    run = subprocess.run(["ffprobe", "-v", "fatal", "-of", "json", "-count_frames", "-select_streams", "v:0",
                          "-show_entries", "stream=nb_read_frames", "-"], input=bytes, capture_output=True)
    return int(json.loads(run.stdout)["streams"][0]["nb_read_frames"])


def pixels(path, time=None, size=None, matrix="auto"):
    """A picture as RGB: the first, or the one that is first shown at `time` or later; None without one."""
    filters = [] if time is None else [f"select='gte(t,{time - 0.0015})'"]
    filters += ["scale=" + ("iw:ih" if size is None else f"{size[0]}:{size[1]}") +
                ":flags=bicubic+accurate_rnd:in_color_matrix=" + matrix]
    run = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:V:0", "-vf",
                          ",".join(filters), "-vsync", "passthrough", "-frames:v", "1", "-pix_fmt", "rgb24", "-f",
                          "rawvideo", "-"], capture_output=True)
    return run.stdout if run.returncode == 0 and run.stdout else None


def psnr(a, b):
    """How alike two pictures are, in dB: 20 is another one, 30 the same after compression, 99 the same bytes."""
    if len(a) != len(b):
        raise AssertionError(f"pictures of {len(a)} and {len(b)} bytes")
    error = sum((x - y) * (x - y) for x, y in zip(a, b)) / len(a)
    return 99.0 if error == 0 else 10 * math.log10(255 * 255 / error)


def ssim(path, source):
    """How alike they are, picture by picture in their order: 1 is the same. The source is scaled."""
    run = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-i", path, "-i", source, "-lavfi",
                          "[1:v][0:v]scale2ref=flags=bicubic[a][b];[a]settb=1/1000,setpts=N[c];"
                          "[b]settb=1/1000,setpts=N[d];[d][c]ssim", "-f", "null", "-"],
                         capture_output=True, text=True, check=True)
    return float(re.findall(r"All:([0-9.]+)", run.stderr)[-1])


def combing(path, start=0):
    """How much more a row differs from the next one than from the next but one: above 1 where there are combs."""
    width, height = 64, 224
    run = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-ss", str(start), "-i", path, "-vf",
                          f"crop={width}:{height}:160:8,format=gray", "-f", "rawvideo", "-"], capture_output=True,
                         check=True)
    raw, near, far = run.stdout, 0, 0
    for at in range(0, len(raw), width * height * 4):  # every fourth picture
        rows = [raw[at + y * width:at + (y + 1) * width] for y in range(height)]
        for a, b, c in zip(rows, rows[1:], rows[2:]):
            near += sum(abs(x - y) for x, y in zip(a, b))
            far += sum(abs(x - y) for x, y in zip(a, c))
    return near / far


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
