"""found.py - files that once came to a wrong end: each is a family of its own, and in every run."""
import boxes
import movies
from bombs import jpeg_of
from family import LIMIT, PROCESSED, UNSUPPORTED, family
from fields import put


@family("shorter than it says", PROCESSED, share=0)
def shorter_than_it_says(rng, clips):
    """What was made of it was called a bug, for it was not as long as the container."""
    data = clips["front.mp4"]
    return data[:len(data) * 2 // 3]


@family("longer than it says", PROCESSED, share=0)
def longer_than_it_says(rng, clips):
    return movies.mp4(clips["dot.jpg"], 60, duration=5)


@family("a loop of edits", PROCESSED, share=0)
def loop_of_edits(rng, clips):
    return movies.mp4(clips["dot.jpg"], 10, duration=10, edits=[(10, 0, 1 << 16)] * 30)


@family("a picture for hours", LIMIT, share=0)
def picture_for_hours(rng, clips):
    """The muxer refused its duration, and that was a bug of ours."""
    return movies.mp4(clips["dot.jpg"], 30, timescale=10240, delta=0xc9d8cb8b, duration=30)


@family("a clock of microseconds", PROCESSED, share=0)
def clock_of_microseconds(rng, clips):
    """Two pictures nine minutes apart, counted as finely as cameras do."""
    frames = [(time, 1, clips["dot.jpg"]) for time in (0, 100, 540000)]
    return movies.matroska([movies.pictures(b"V_MJPEG", 16, 16)],
                           [(time * 1000, 1, data) for time, _, data in frames], scale=1000)


@family("sound that no filter takes", UNSUPPORTED, share=0)
def sound_that_no_filter_takes(rng, clips):
    return put(clips["sound.wav"], 22, "<HI", 255, 7999)


@family("sound that is over at once", UNSUPPORTED, share=0)
def sound_over_at_once(rng, clips):
    """Not one sample is left of it at a rate that can be heard."""
    return sound_of(clips, 1, 767999)


@family("sound of a thousand megahertz", UNSUPPORTED, share=0)
def sound_of_a_thousand_megahertz(rng, clips):
    """Resampling it took a minute and no cancellation."""
    return sound_of(clips, 1000, 10**9)


@family("sound of one sample", UNSUPPORTED, share=0)
def sound_of_one_sample(rng, clips):
    """Less than the resampler looks around itself for; before it followed clocks it came through."""
    return sound_of(clips, 1, 48000)


def sound_of(clips, samples, rate):
    data = put(clips["sound.wav"], 24, "<I", rate)
    return put(data[:data.index(b"data") + 8 + 2 * samples], data.index(b"data") + 4, "<I", 2 * samples)


@family("sizes that no codec takes", LIMIT, share=0)
def sizes_that_no_codec_takes(rng, clips):
    """FFmpeg calls it invalid; it is beyond the limit."""
    return movies.mp4(jpeg_of(clips["still.jpg"], 16384, 16384), 10, width=16384, height=16384)


@family("a size that is forgotten", LIMIT, share=0)
def size_that_is_forgotten(rng, clips):
    data = clips["raw.avi"]
    return put(data, data.index(b"strf") + 12, "<ii", 65500, 65500)


@family("an index beyond memory", LIMIT, share=0)
def index_beyond_memory(rng, clips):
    """The allocation that the kernel refused had no limit's name."""
    data = clips["prores.mov"]
    return put(data, boxes.find(data, b"stts")[0].body + 4, ">I", 0x10000000)
