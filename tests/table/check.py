"""check.py - one source's outputs held against what its row of the table says."""
import os
from dataclasses import replace

import film
import measure
import media

# What a row shows: its figure, its width, and what stands above it.
COLUMNS = (("large", 9, "large"), ("small", 9, "small"), ("frames", 5, "n"), ("seconds", 8, "seconds"),
           ("like", 6, "like"), ("least", 6, "least"), ("like_small", 6, "small"), ("rgb", 5, "rgb"),
           ("late", 5, "ms"), ("loud", 5, "LU"), ("even", 6, "even"), ("sound", 0, "sound"))
NAME, END = 26, 8
TARGET = -20
TOLERANCE = 0.06  # s: a packet of sound, and a container that rounds
TONE_MIN = 0.03   # of a channel that has one; the film's are 0.2
TONE_MAX = 0.008  # of a channel that has not


# The shortest side that an encoder takes, and where Opus has four channels.
LEAST = {"hevc": 16, "av1": 64}
OPUS = {"4.0": "quad"}


def as_made(source, codecs):
    """What is to come of a source where the outputs are of other codecs."""
    pictures, least = source.pictures, LEAST.get(codecs["video"], 2)
    if not pictures or source.refused or min(pictures.small or pictures.large) >= least:
        return source
    if min(pictures.large) < least:
        return replace(source, refused=("unsupported", "smaller than the encoder"))
    return replace(source, pictures=replace(pictures, small=None))


class Check:
    def __init__(self, source, codecs):
        self.source, self.codecs, self.wrong, self.figures = as_made(source, codecs), codecs, [], {}
        self.folder = None
        self.shift = 0  # of the pictures, in seconds

    def expect(self, holds, what):
        if not holds:
            self.wrong.append(what)

    def near(self, value, wanted, off, what):
        self.expect(abs(value - wanted) <= off, f"{what}: {value:.4f}, and {wanted:.4f} is wanted")

    def end(self, path, video, vidmill):
        """The video has ended, as it should or not."""
        source, ended = self.source, f"{video['state']}: {video.get('error')}: {video.get('reason')}"
        if source.refused:
            error, words = source.refused
            self.expect(video["state"] == "failed" and video["error"] == error and words in video["reason"],
                        f"{ended}, and it is to fail with {error}: {words}")
            return
        if video["state"] != "processed":
            self.wrong.append(ended)
            return
        folder, manifest = vidmill.manifest(video)
        self.folder = os.path.join(folder, "web")
        decisions = manifest["reports"]["web"]["decisions"]
        for words in source.says:
            self.expect(any(words in decision for decision in decisions), f'"{words}" is not in {decisions}')
        if source.pictures:
            self.check_pictures(path)
        else:
            self.expect(not measure.exists(self.folder, "large.mp4"), "pictures were made of none")
        self.check_sounds(path)
        self.check_packages()
        self.check_texts()

    def output(self, name):
        return os.path.join(self.folder, name)

    def check_pictures(self, path):
        wanted = self.source.pictures
        for name in ("large", "small"):
            size = getattr(wanted, name)
            if not measure.exists(self.folder, name + ".mp4") or size is None:
                self.expect(size is None, f"{name}.mp4 was not made")
                self.expect(not measure.exists(self.folder, name + ".mp4"), f"{name}.mp4 was made")
                continue
            frames = measure.Frames(self.output(name + ".mp4"))
            self.expect(frames.codec == self.codecs["video"], f"{name} is {frames.codec}")
            made = (frames.every("width"), frames.every("height"))
            self.figures[name] = "x".join(map(str, made))
            self.expect(made == tuple(size), f"{name} is {made}, and {size} is wanted")
            self.expect(frames.every("pix_fmt") == "yuv420p", f"{name} is {frames.every('pix_fmt')}")
            self.expect(frames.every("sample_aspect_ratio") in ("1:1", None), f"{name}'s pixels are not square")
            self.expect(frames.every("interlaced_frame") == 0, f"{name} is interlaced")
            self.expect(frames.every("color_range") in ("tv", None), f"{name} is of full range")
            if wanted.tags:
                tags = tuple(frames.every("color_" + what) for what in ("space", "primaries", "transfer"))
                self.expect(tags == wanted.tags, f"{name} says {tags}, and {wanted.tags} is wanted")
            self.check_times(name, frames, wanted, path)
            self.check_looks(name, path, size, len(frames.times))

    def check_times(self, name, frames, wanted, path):
        self.figures["frames"], self.figures["seconds"] = len(frames.times), f"{frames.end:.3f}"
        self.expect(all(b > a for a, b in zip(frames.times, frames.times[1:])), f"{name}: time goes back")
        times, end = wanted.times, wanted.end
        if times is None:
            times, end = self.source_times(path)
        count = wanted.frames or len(times)
        self.expect(len(frames.times) == count == len(times),
                    f"{name} has {len(frames.times)} pictures, and {count} are wanted of {len(times)}")
        # A container that puts what an encoder needs before the sound at 0 has all pictures a little later, and the
        # first for longer.
        each = sorted(a - b for a, b in zip(frames.times[1:], times[1:])) or [0]
        self.shift = each[len(each) // 2]
        self.expect(-0.001 <= self.shift <= wanted.shift, f"{name}: the pictures are {self.shift:.4f} s late")
        off = max((abs(a - b - self.shift) for a, b in zip(frames.times[1:], times[1:])), default=0)
        self.expect(off <= wanted.apart, f"{name}: a picture is {off:.4f} s from its time")
        # The first is shown from the start on, whatever begins there.
        self.near(frames.times[0], 0, wanted.apart, f"{name} begins")
        if end is not None and len(times) > 1:
            self.near(frames.end, end + self.shift, wanted.apart + 0.001, f"{name} ends")

    def source_times(self, path):
        """When a real clip's pictures are shown, from the first moment of its streams on."""
        times = measure.Frames(path).times
        start = float(media.probe(path)["format"]["start_time"]) if self.source.tracks else times[0]
        return [time - start for time in times], None

    def check_looks(self, name, path, size, count):
        wanted = self.source.pictures
        words = wanted.words or ("-i", path)
        like = measure.Likeness(self.output(name + ".mp4"), size, words,
                                f"{wanted.filters},scale={size[0]}:{size[1]}:flags=bicubic")
        self.expect(len(like.each) == count, f"{name}: {len(like.each)} of {count} pictures can be compared")
        if name == "large":
            self.figures.update(like=f"{like.mean:.3f}", least=f"{like.least:.3f}", rgb=f"{like.colours:.1f}")
            self.expect(like.mean >= wanted.like, f"SSIM {like.mean:.4f}, and {wanted.like} is wanted")
            self.expect(like.least >= wanted.like_each,
                        f"SSIM {like.least:.4f} of one, and {wanted.like_each} is wanted")
            if wanted.combs:
                self.expect(media.combing(path) > 1.1, "the source has no combs to take out")
                self.expect(media.combing(self.output(name + ".mp4")) < 0.8, "there are combs")
        else:
            self.figures["like_small"] = f"{like.mean:.3f}"
            self.expect(like.mean >= wanted.like_small,
                        f"SSIM {like.mean:.4f} of small, and {wanted.like_small} is wanted")
        self.expect(like.colours <= wanted.colours, f"{name}: a colour is {like.colours:.1f} of 255 off")

    def check_sounds(self, path):
        tracks = self.source.tracks
        main = self.output("large.mp4" if self.source.pictures else "stereo.m4a")
        if not os.path.exists(main):
            self.wrong.append(f"{os.path.basename(main)} was not made")
            return
        streams = media.streams(media.probe(main), "audio")
        self.figures["sound"] = " ".join(f"{s['channel_layout']}:{s['tags'].get('language', 'und')}" for s in streams)
        self.expect(len(streams) == len(tracks), f"{len(streams)} tracks of sound, and {len(tracks)} are wanted")
        for i, (stream, track) in enumerate(zip(streams, tracks)):
            self.expect(stream["codec_name"] == self.codecs["audio"], f"the sound is {stream['codec_name']}")
            layout = "mono" if track.layout == "mono" else "stereo"
            self.expect(stream.get("channel_layout") == layout, f"track {i} is {stream.get('channel_layout')}")
            language = stream["tags"].get("language", "und")
            self.expect(language == (track.language or "und"), f"track {i} is {language}, not {track.language}")
            self.check_sound(i, measure.Sound(main, i, stream["channels"]), track, path)
        if tracks:
            self.check_even(tracks[0])

    def check_sound(self, number, sound, track, path):
        """It ends, is in time with the pictures, and is as loud, as it should."""
        if track.is_film:
            seconds, late = track.begin + track.seconds, sound.late_ms(film_sounds(track))
            self.check_tones(sound, track, f"track {number}", "mono" if track.layout == "mono" else "stereo")
        else:
            source = measure.Sound(path, number, len(film.channels(track.layout)))
            seconds, late = source.seconds(), sound.later_ms(source) if track.late_ms is not None else 0
        self.near(sound.seconds(), seconds, TOLERANCE, f"track {number} ends")
        if track.late_ms is not None:
            late -= round(self.shift * 1000)
            self.figures["late"] = max(self.figures.get("late", 0), late, key=abs)
            self.expect(abs(late) <= track.late_ms, f"track {number} is {late} ms later than the pictures")
        if track.layout in ("mono", "stereo"):
            off = sound.loudness - (film_loudness(track) if track.is_film else source.loudness)
            self.figures["loud"] = f"{off:.1f}"
            self.expect(abs(off) <= track.loudness, f"track {number} is {off:.2f} LU louder than it was")

    def check_tones(self, sound, track, what, layout):
        """A channel has the tones that belong there, and no others."""
        for i, channel in enumerate(film.channels(layout)):
            for of in film.channels(track.layout):
                level = sound.level(i, film.tone(of, track.number), track.begin + self.shift)
                belongs = channel in goes_to(of, film.channels(layout))
                self.expect(level > TONE_MIN if belongs else level < TONE_MAX,
                            f"{what}: channel {channel} has {level:.4f} of the tone of {of}")

    def check_even(self, track):
        """As loud as is asked for, and of as many channels as the source has, up to six."""
        path = self.output("hls/even/playlist.m3u8")
        layout = track.even or track.layout
        if self.codecs["audio"] == "opus":
            layout = OPUS.get(layout, layout)
        stream = media.streams(media.probe(path), "audio")[0]
        self.expect(stream.get("channel_layout") == layout, f"even is {stream.get('channel_layout')}, not {layout}")
        sound = measure.Sound(path, 0, stream["channels"])
        self.figures["even"] = f"{sound.loudness:.1f}"
        self.expect(sound.peak < 0, f"even has a peak of {sound.peak} dB")
        if track.is_film:
            self.near(sound.loudness, TARGET, 0.7, "loudness of even")
            self.check_tones(sound, track, "even", layout)

    def check_packages(self):
        """HLS has the very packets of the MP4s that were measured, at the same times, and DASH the files of HLS."""
        made = measure.packets(self.output("hls/master.m3u8"))
        self.expect(dict(measure.dash(self.output("dash/manifest.mpd"))) == dict(measure.hls(self.output("hls"))),
                    "HLS and DASH do not have the same segments")
        names = ["large.mp4", "small.mp4"] if self.source.pictures else ["stereo.m4a"]
        for name in filter(lambda name: measure.exists(self.folder, name), names):
            for kind, packets in measure.packets(self.output(name)):
                alike = [others for other, others in made if [p[1:] for p in others] == [p[1:] for p in packets]]
                self.expect(alike, f"the {kind} of {name} is not in HLS")
                off = max((abs(a[0] - b[0]) for others in alike for a, b in zip(packets, others)), default=0)
                self.expect(off < 0.002, f"{kind} of {name} is {off:.3f} s from that of HLS")

    def check_texts(self):
        for language in self.source.texts:
            name = f"subtitles/{language}.vtt"
            if not measure.exists(self.folder, name):
                self.wrong.append(f"{name} was not made")
                continue
            cues = measure.cues(self.output(name))
            self.expect(len(cues) == len(self.source.cues) and
                        all(abs(a[0] - b[0] - self.shift) < 0.011 and abs(a[1] - b[1] - self.shift) < 0.011 and
                            a[2] == b[2] for a, b in zip(cues, self.source.cues)), f"{name} shows {cues}")
            with open(self.output("hls/master.m3u8"), encoding="utf-8") as file:
                self.expect(f"subtitles/{language}.m3u8" in file.read(), f"{name} is not in HLS")

    def line(self):
        end = "WRONG" if self.wrong else "refused" if self.source.refused else "ok"
        return f"{self.source.name:{NAME}} {end:{END}}" + "".join(
            f" {self.figures.get(figure, ''):>{width}}" for figure, width, _ in COLUMNS)


def head():
    return f"{'source':{NAME}} {'end':{END}}" + "".join(f" {title:>{width}}" for _, width, title in COLUMNS)


def goes_to(channel, made):
    """In which of the channels that are made one of the source is heard."""
    ways = {"L": ["L", "C"], "R": ["R", "C"], "C": ["C", "L R"], "low": ["low"], "B": ["B", "BL BR", "L R"],
            "BL": ["BL", "B", "L"], "BR": ["BR", "B", "R"], "SL": ["SL", "BL", "L"], "SR": ["SR", "BR", "R"]}
    for way in ways[channel]:
        if set(way.split()) <= set(made):
            return way.split()
    return []


def film_sounds(track):
    """When the film's strokes are heard."""
    return [(begin + track.begin, end + track.begin) for begin, end in film.STROKES]


LOUDNESS = {}


def film_loudness(track):
    """Of the film itself, before it was a file."""
    key = (track.layout, track.number, track.seconds)
    if key not in LOUDNESS:
        _, said = measure.ffmpeg("-f", "lavfi", "-i", film.sound(track.layout, track.number, track.seconds), "-af",
                                 "ebur128=framelog=verbose", "-f", "null", "-")
        LOUDNESS[key] = measure.last_number(said, "I")
    return LOUDNESS[key]
