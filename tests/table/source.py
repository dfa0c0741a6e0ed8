"""source.py - one row of the table: how a source is made, and what is to come of it."""
import os
import shlex
from dataclasses import dataclass, field

import film

H264 = "-c:v libx264 -preset ultrafast -qp 12 -g 25"
AAC = "-c:a aac -b:a 128k"
# Two names of a language: of libraries, and of its own speakers, which MP4 has.
TERMS = {"ger": "deu", "fre": "fra"}
SHORT = {"eng": "en", "ger": "de"}


@dataclass
class Pictures:
    """What is seen: of which size, when, and what it looks like.

    The bounds are what may be lost on the way unless a row says otherwise: two encoders at their fastest. The
    likeness of a picture to its neighbour is 0.72.
    """
    large: tuple = film.SIZE
    small: tuple = (160, 120)
    frames: int = None        # how many; None: as many as times
    times: list = None        # None: as in the source
    end: float = None         # None: not known
    words: tuple = ()         # opens the reference for the ffmpeg command,
    filters: str = "null"     # and makes it look as it should
    like: float = 0.95        # SSIM of the large rendition, on the average
    like_each: float = 0.94   # and of its worst picture
    like_small: float = 0.90
    colours: float = 6        # of 255, in any channel of any patch
    combs: bool = False       # the source has them, and the output has not
    tags: tuple = None        # matrix, primaries, transfer
    apart: float = 0.0011     # how far a time may be off, in seconds
    shift: float = 0.03       # how much later all of them may be: what an encoder of sound puts before it


@dataclass
class Track:
    """What is heard of one track."""
    layout: str = "stereo"
    language: str = None      # as MP4 has it
    even: str = None          # layout of the rendition of up to six channels; None: the source's
    begin: float = 0.0
    seconds: float = film.SECONDS
    number: int = 0           # of its tones
    late_ms: float = 3        # against the pictures; None: it cannot be told
    loudness: float = 0.7     # LU, of what is not mixed down
    is_film: bool = True      # otherwise it sounds as the source does


@dataclass
class Source:
    name: str
    why: str
    make: object              # of a path; None: a real clip
    pictures: Pictures = None
    tracks: list = field(default_factory=list)
    texts: list = field(default_factory=list)      # languages
    cues: tuple = film.SUBTITLES
    says: tuple = ()          # in its decisions
    refused: tuple = None     # (class of error, what its reason says)


@dataclass
class Film:
    """A film of which `stored` is kept, in colours of `matrix` and `pixel`, by the ffmpeg command."""
    video: str = H264
    audio: str = AAC
    size: tuple = film.SIZE
    rate: str = str(film.RATE)  # that it is made of; a filter in `stored` may change it
    seconds: float = film.SECONDS
    soft: bool = False
    stored: str = "null"
    matrix: str = "bt601"
    full: bool = False
    pixel: str = "yuv420p"
    tags: tuple = ()          # matrix, primaries, transfer as they are written into it
    tracks: tuple = (("stereo", None),)
    sound_rate: int = 48000
    sound_late: float = 0
    sound_seconds: float = None
    texts: tuple = ()
    text_codec: str = None
    words: str = ""
    after: object = None      # what is done to the file at last

    def seen(self):
        return film.picture(self.size, self.rate, self.seconds, self.soft)

    def heard(self):
        return self.seconds if self.sound_seconds is None else self.sound_seconds

    def inputs(self, folder):
        if self.video:
            yield ["-f", "lavfi", "-i", self.seen()]
        for i, (layout, _) in enumerate(self.tracks):
            yield ["-itsoffset", str(self.sound_late), "-f", "lavfi", "-i",
                   film.sound(layout, i, self.heard(), self.sound_rate)]
        for _ in self.texts:
            yield ["-i", film.subtitles(folder)]

    def filters(self):
        matrix = "bt2020nc" if self.matrix == "bt2020" else self.matrix
        colours = f"scale=out_color_matrix={matrix}:out_range={'pc' if self.full else 'tv'}:" \
                  "flags=bicubic+accurate_rnd+full_chroma_int"
        if self.matrix == "rgb":
            colours = "null"
        return f"{self.stored},{colours},format={self.pixel}"

    def outputs(self):
        words = []
        if self.video:
            words += ["-vf", self.filters(), *shlex.split(self.video)]
            for name, value in zip(("colorspace", "color_primaries", "color_trc"), self.tags):
                words += ["-" + name, value]
            if self.matrix != "rgb":
                words += ["-color_range", "pc" if self.full else "tv"]
        for i, (_, language) in enumerate(self.tracks):
            words += [f"-metadata:s:a:{i}", f"language={language}"] if language else []
        for i, language in enumerate(self.texts):
            words += [f"-metadata:s:s:{i}", "language=" + language, "-c:s", self.text_codec]
        return words + (shlex.split(self.audio) if self.tracks else []) + shlex.split(self.words)

    def make(self, path):
        inputs = list(self.inputs(os.path.dirname(path)))
        maps = [word for i in range(len(inputs)) for word in ("-map", str(i))]
        film.run(*[word for each in inputs for word in each], *maps, *self.outputs(), path)
        if self.after:
            self.after(path)


def scaled(size, height):
    """A picture in the 16:9 box of a rendition, as its option `height` is described."""
    longer, shorter = max(size), min(size)
    by = min(height / shorter, height * 16 / 9 / longer)
    if by >= 1:
        return tuple(max(2, side // 2 * 2) for side in size)
    return tuple(max(2, int(side * by / 2 + 0.5) * 2) for side in size)


def row(name, why, upright=None, shown_rate=None, says=(), refused=None, pictures=None, sound=None, **how):
    """A made source; what is to come of it follows from how it is made, unless the row says otherwise."""
    made = Film(**how)
    size, shown = upright or made.size, None
    if made.video:
        over, under = ((shown_rate or made.rate) + "/1").split("/")[:2]
        distance = int(under) / int(over)
        count = round(made.seconds / distance)
        shown = Pictures(**{"large": scaled(size, 240), "small": scaled(size, 120),
                            "times": [i * distance for i in range(count)], "end": count * distance,
                            "words": ("-f", "lavfi", "-i", made.seen()), **(pictures or {})})
    heard = [Track(**{"layout": layout, "language": TERMS.get(language, language), "begin": made.sound_late,
                      "seconds": made.heard(), "number": i, **(sound or {})})
             for i, (layout, language) in enumerate(made.tracks)]
    return Source(name, why, made.make, shown, heard, [SHORT[text] for text in made.texts], says=says, refused=refused)
