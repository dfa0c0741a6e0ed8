"""measure.py - what is really in an output, by FFmpeg's tools and by counting, without a line of vidmill's."""
import array
import math
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree

import film
import media

# Large enough for a patch of its own colour, small enough to be counted in Python.
LOOK = (40, 40)
SAMPLE_RATE = 8000
ENVELOPE_RATE = 1000
LAG_MAX_MS = 250
CLIP_LAG_MS = 60
COMPARED_MS = 6000


def ffmpeg(*words):
    done = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", *words], capture_output=True, check=False)
    said = done.stderr.decode(errors="replace")
    if done.returncode != 0:
        raise AssertionError(f"ffmpeg {' '.join(words)[:200]}: {said[-300:]}")
    return done.stdout, said


class Frames:
    """Every picture of a file, decoded: when it is shown, and what it says it is."""

    def __init__(self, path):
        info = media.probe(path, "-select_streams", "v:0", "-show_frames", "-show_entries",
                           "stream=codec_name:frame=best_effort_timestamp_time,pkt_duration_time,width,height,"
                           "pix_fmt,color_range,color_space,color_primaries,color_transfer,interlaced_frame,"
                           "sample_aspect_ratio")
        self.codec = info["streams"][0]["codec_name"]
        self.frames, self.times, self.end = info["frames"], [], 0.0
        for frame in self.frames:
            # One without a time follows the last.
            self.times.append(float(frame.get("best_effort_timestamp_time", self.end)))
            self.end = self.times[-1] + float(frame.get("pkt_duration_time", 0))

    def every(self, name):
        """The value that all pictures agree on."""
        values = {f.get(name) for f in self.frames}
        if len(values) != 1:
            raise AssertionError(f"{name} is not the same in all pictures: {values}")
        return values.pop()


class Likeness:
    """How a file's pictures look beside those that they should be, one by one."""

    def __init__(self, path, shown, words, filters):
        """Of the size `shown`; the reference is what `words` open and `filters` make of it, in colours of its own."""
        size = f"{LOOK[0]}:{LOOK[1]}:flags=area"
        even = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,setsar=1,settb=1/1000,setpts=N"
        # SSIM looks at squares of eight pixels, of colours too.
        larger = 64 // min(shown)
        if larger > 1:
            even += f",scale={shown[0] * larger}:{shown[1] * larger}:flags=neighbor"
        rgb = "scale=flags=accurate_rnd+full_chroma_int+bitexact,format=gbrp"
        graph = (f"[0:v:0]{rgb},split[a][x];[1:v:0]{filters},{rgb},split[b][y];[a]{even}[c];[b]{even}[d];"
                 f"[x]setsar=1,settb=1/1000,setpts=N,scale={size}[u];[y]setsar=1,settb=1/1000,setpts=N,scale={size}[v];"
                 "[u][v]hstack=shortest=1,format=rgb24[look];")
        with tempfile.NamedTemporaryFile("r", prefix="vidmill-ssim-") as each:
            looks, _ = ffmpeg("-v", "error", "-threads", "2", "-i", path, *words, "-filter_complex",
                              graph + f"[c][d]ssim=shortest=1:stats_file={each.name}[s]", "-map", "[look]", "-f",
                              "rawvideo", "-vsync", "passthrough", "pipe:1", "-map", "[s]", "-vsync", "passthrough",
                              "-f", "null", "-")
            self.each = [float(value) for value in re.findall(r"All:([0-9.]+)", each.read())]
        self.mean = sum(self.each) / len(self.each) if self.each else 0
        self.least = min(self.each, default=0)
        self.colours = self.patches(looks)

    @staticmethod
    def patches(looks):
        """The most that a channel of a patch is off, of 255, on the average over the pictures."""
        row, frame = LOOK[0] * 2 * 3, LOOK[0] * 2 * 3 * LOOK[1]
        count, worst = len(looks) // frame, 0
        # The middle of a patch: a fifth of a side is 8 of the 40 pixels.
        for left, top in ((2, 2), (34, 2), (2, 34), (34, 34)):
            for channel in range(3):
                off = 0
                for at in range(0, count * frame, frame):
                    for y in range(top, top + 4):
                        for x in range(left, left + 4):
                            here = at + y * row + x * 3 + channel
                            off += looks[here] - looks[here + LOOK[0] * 3]
                worst = max(worst, abs(off) / (16 * count))
        return worst


def last_number(said, word):
    """What the filter ebur128 sums up."""
    return float(re.findall(word + r":\s+(\S+)", said)[-1])


class Sound:
    """A track, decoded: its samples from the beginning of the video on, and how loud it is."""

    def __init__(self, path, number, channels):
        graph = f"[0:a:{number}]asplit[l][s];[l]ebur128=peak=true:framelog=verbose[n];" \
                f"[s]aresample=osr={SAMPLE_RATE}:async=1:first_pts=0[o]"
        data, said = ffmpeg("-v", "info", "-i", path, "-filter_complex", graph, "-map", "[n]", "-f", "null", "-",
                            "-map", "[o]", "-f", "s16le", "pipe:1")
        self.loudness, self.peak = last_number(said, "I"), last_number(said, "Peak")
        samples = array.array("h", data)
        self.channels = [samples[i::channels] for i in range(channels)]

    def seconds(self):
        return len(self.channels[0]) / SAMPLE_RATE

    def level(self, channel, tone, begin):
        """How much of a tone is in a channel, 1 being as much as fills it (Goertzel), where the film sounds first."""
        first, last = (int((begin + t) * SAMPLE_RATE) for t in next(s for s in film.STROKES if s[0] + begin >= 0))
        samples = self.channels[channel][first:last]
        turn = 2 * math.cos(2 * math.pi * tone / SAMPLE_RATE)
        before = now = 0.0
        for sample in samples:
            before, now = now, sample + turn * now - before
        power = max(0.0, now * now + before * before - turn * now * before)
        return 2 * math.sqrt(power) / len(samples) / 32768 if samples else 0.0

    def loud(self):
        """How loud it is in each millisecond."""
        step = SAMPLE_RATE // ENVELOPE_RATE
        return [sum(abs(c[at + i]) for c in self.channels for i in range(step))
                for at in range(0, len(self.channels[0]) - step + 1, step)]

    def late_ms(self, strokes):
        """How much later than it should be it sounds, by correlating when it is loud with when it should be."""
        loud = self.loud()
        mean = sum(loud) / max(1, len(loud))
        total = [0.0]
        for value in loud:
            total.append(total[-1] + value - mean)
        edges = [(round(begin * ENVELOPE_RATE), round(end * ENVELOPE_RATE)) for begin, end in strokes
                 if 0 <= begin and end * ENVELOPE_RATE <= len(loud)]
        if not edges:
            raise AssertionError("too short to be compared")

        def under(lag):
            at = [[min(max(t + lag, 0), len(loud)) for t in edge] for edge in edges]
            return sum(total[end] - total[begin] for begin, end in at)
        return max(range(-LAG_MAX_MS, LAG_MAX_MS + 1), key=under)

    def later_ms(self, other):
        """How much later than another it sounds: the same sound, some seconds of it."""
        mine, others = ([math.log2(1 + value) for value in sound.loud()[:COMPARED_MS]] for sound in (self, other))
        mean = sum(others) / max(1, len(others))
        mine, others = [value - mean for value in mine], [value - mean for value in others]
        inner = range(CLIP_LAG_MS, min(len(mine), len(others)) - CLIP_LAG_MS)

        def alike(lag):
            return sum((mine[t + lag] - others[t]) ** 2 for t in inner)
        return min(range(-CLIP_LAG_MS, CLIP_LAG_MS + 1), key=alike)


def packets(path):
    """The packets of each stream of a file as (kind, ((time, bytes, checksum), …)), without decoding them."""
    info = media.probe(path, "-show_packets", "-show_data_hash", "crc32", "-show_entries",
                       "packet=stream_index,pts_time,size,data_hash")
    found = {}
    for packet in info["packets"]:
        found.setdefault(packet["stream_index"], []).append(
            (float(packet["pts_time"]), packet["size"], packet["data_hash"]))
    return [(stream["codec_type"], tuple(found.get(stream["index"], ()))) for stream in info["streams"]
            if stream["codec_type"] in ("video", "audio")]


def dash(manifest):
    """The files of each rendition that a DASH manifest names, as (name, [path, …])."""
    space = "{urn:mpeg:dash:schema:mpd:2011}"
    for rendition in xml.etree.ElementTree.parse(manifest).getroot().iter(space + "Representation"):
        template = rendition.find(space + "SegmentTemplate")
        if template is None:  # subtitles are one file
            continue
        count = sum(1 + int(s.get("r", "0")) for s in template.iter(space + "S"))
        names = [template.get("initialization")] + [
            re.sub(r"\$Number%0(\d+)d\$", lambda width, n=n: f"{n:0{width.group(1)}}", template.get("media"))
            for n in range(int(template.get("startNumber")), int(template.get("startNumber")) + count)]
        yield rendition.get("id"), [os.path.normpath(os.path.join(os.path.dirname(manifest), name)) for name in names]


def hls(folder):
    """The same of HLS, by the playlists that lie in a folder for each rendition."""
    for name in sorted(os.listdir(folder)):
        if os.path.isdir(os.path.join(folder, name)):
            with open(os.path.join(folder, name, "playlist.m3u8"), encoding="utf-8") as file:
                segments = [segment for segment, _ in media.playlist(file.read())[0]]
            yield name, [os.path.join(folder, name, file) for file in ["init.mp4", *segments]]


def cues(path):
    """What a WebVTT file shows, as (begin, end, text)."""
    info = media.probe(path, "-show_packets", "-show_data")
    times = [(float(p["pts_time"]), float(p["pts_time"]) + float(p["duration_time"])) for p in info["packets"]]
    with open(path, encoding="utf-8") as file:
        blocks = [block.split("\n") for block in file.read().strip().split("\n\n")]
    texts = [" ".join(lines[1:]) for lines in blocks if " --> " in lines[0]]
    plain = [re.sub("<[^>]*>", "", text).replace("&amp;", "&") for text in texts]
    return [(begin, end, text) for (begin, end), text in zip(times, plain, strict=True)]


def exists(folder, name):
    return os.path.exists(os.path.join(folder, name))
