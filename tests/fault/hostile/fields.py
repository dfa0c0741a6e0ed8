"""fields.py - fields that lie: sizes of nothing and of everything, counts, durations, times."""
import struct

import boxes
import movies
from clips import MP4
from family import ANY, BAD_MEDIA, LIMIT, PROCESSED, UNSUPPORTED, family

LARGE = (0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0, 0x10000000, 0x00ffffff)
TABLES = (b"stts", b"stss", b"stsc", b"stco", b"ctts", b"stsd", b"elst", b"dref", b"trun", b"sgpd",
          b"sbgp", b"sdtp", b"mfra", b"tfra")


def put(data, at, form, *values):
    changed = bytearray(data)
    struct.pack_into(form, changed, at, *values)
    return bytes(changed)


@family("sizes that lie", *ANY)
def sizes_that_lie(rng, clips):
    """A box, chunk or element that says it is empty, endless, or a little off."""
    name = rng.choice(MP4 + ("raw.avi", "mpeg4.avi", "sound.wav", "h264.mkv", "vp9.webm"))
    data = clips[name]
    if name in MP4:
        box = rng.choice(list(boxes.walk(data)))
        size = box.end - box.start
        if rng.random() < 0.2:  # 64 bits long, or said to be
            return put(data, box.start, ">I4sQ", 1, box.kind, rng.choice((0, 8, 15, 2**63, 2**64 - 1)))
        return put(data, box.start, ">I", rng.choice((0, 1, 2, 7, 8, 9, size - 1, size + 1, *LARGE)))
    if name.endswith((".avi", ".wav")):
        at = rng.choice([i for i in range(4, min(len(data) - 4, 4096), 2)
                         if data[i - 4:i].isalnum()] or [4])
        return put(data, at, "<I", rng.choice((0, 1, 3, *LARGE)))
    at = rng.randrange(4, 600)
    return data[:at] + rng.choice((b"\x80", b"\xff", b"\x01" + b"\xff" * 7)) + data[at + 1:]


@family("counts that lie", *ANY)
def counts_that_lie(rng, clips):
    """Tables that say they have two thousand million rows."""
    for name in rng.sample(MP4, len(MP4)):
        data = clips[name]
        tables = [b for b in boxes.walk(data) if b.kind in TABLES]
        sizes = [b for b in boxes.walk(data) if b.kind in (b"stsz", b"trun")]
        if sizes and rng.random() < 0.3:
            return put(data, rng.choice(sizes).body + 8, ">I", rng.choice(LARGE))
        if tables:
            return put(data, rng.choice(tables).body + 4, ">I", rng.choice(LARGE))
    raise AssertionError("no clip has a table")


@family("rows that lie", *ANY)
def rows_that_lie(rng, clips):
    """One row of an index with a number that nothing of its kind has."""
    data = clips[rng.choice(MP4)]
    for _ in range(rng.choice((1, 3))):
        tables = [b for b in boxes.walk(data) if b.kind in TABLES + (b"stsz",) and b.end - b.body > 12]
        if not tables:
            return data
        table = rng.choice(tables)
        at = table.body + 8 + 4 * rng.randrange((table.end - table.body - 8) // 4)
        data = put(data, at, ">I", rng.choice((0, 1, rng.getrandbits(32), *LARGE)))
    return data


@family("length of streams that lie", *ANY)
def lengths_that_lie(rng, clips):
    """Longer or shorter in their own words than in their pictures."""
    way = rng.randrange(6)
    if way == 0:
        data = clips[rng.choice(("front.mp4", "behind.mov", "hevc.mp4", "sound.m4a"))]
        for box in boxes.walk(data):
            at = {b"mvhd": 16, b"mdhd": 16, b"tkhd": 20}.get(box.kind)
            if at is not None and rng.random() < 0.7:
                data = put(data, box.body + at, ">I", rng.choice((0, 1, 1000, 500000, *LARGE)))
        return data
    if way == 1:
        tracks = [movies.pictures(b"V_MJPEG", 16, 16)]
        frames = [(i * 100, 1, clips["dot.jpg"]) for i in range(20)]
        length = rng.choice((0.0, -1.0, 1.0, 3e5, 1e300, float("inf"), float("nan")))
        return movies.matroska(tracks, frames, duration=length)
    if way == 2:
        return put(clips["sound.wav"], 40, "<I", rng.choice((0, 1, *LARGE)))
    if way == 3:
        data = clips["mpeg4.avi"]
        return put(data, data.index(b"avih") + 8 + rng.choice((0, 16, 24)), "<I",
                   rng.choice((0, 1, *LARGE)))
    if way == 4:
        data = clips["flash.flv"]
        return put(data, data.index(b"duration") + 9, ">d", rng.choice((0.0, -5.0, 300.0, 1e18)))
    return movies.mp4(clips["dot.jpg"], 20, duration=rng.choice((0, 1, 200, 3000, *LARGE)))


@family("times that jump", PROCESSED, BAD_MEDIA, LIMIT, UNSUPPORTED)
def times_that_jump(rng, clips):
    """Pictures hours apart, at one moment, backwards; clocks of no speed and of any speed."""
    picture, way = clips["dot.jpg"], rng.randrange(5)
    if way == 0:
        times = [rng.randrange(0, rng.choice((100, 10**5, 10**8, 10**12))) for _ in range(20)]
        return movies.matroska([movies.pictures(b"V_MJPEG", 16, 16)],
                               [(time, 1, picture) for time in times])
    if way == 1:
        return movies.matroska([movies.pictures(b"V_MJPEG", 16, 16)],
                               [(i * 100, 1, picture) for i in range(20)],
                               scale=rng.choice((1, 1000, 10**9, 2**40, 2**63)))
    if way == 2:
        return movies.mp4(picture, 20, timescale=rng.choice((0, 1, 1000000, 0x7fffffff, 0xffffffff)),
                          delta=rng.choice((0, 1, 0x7fffffff)))
    if way == 3:
        steps = [(1, rng.choice((0, 1, 1, 100, 5000, 0x7fffffff, 0xffffffff))) for _ in range(20)]
        return movies.mp4(picture, 20, deltas=steps)
    data = bytearray(clips["stream.ts"])
    for at in range(0, len(data) - 188, 188):  # the clock of the packets that have one
        if data[at + 3] & 0x20 and data[at + 4] > 6 and data[at + 5] & 0x10:
            data[at + 6:at + 10] = rng.randbytes(4)
    return bytes(data)
