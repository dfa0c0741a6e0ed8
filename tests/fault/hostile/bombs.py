"""bombs.py - small files that are much: of frames, of pixels, of layers, of turns."""
import struct

import boxes
import movies
from family import ANY, BAD_MEDIA, LIMIT, PROCESSED, REFUSED, family


@family("a million frames", LIMIT, share=0.15)
def million_frames(rng, clips):
    """Every row of a short index points at the same few bytes."""
    count = rng.choice((100000, 1000000, 5000000))
    if rng.random() < 0.3:
        block = boxes.element(0xA3, b"\x81\0\0\x80", clips["dot.jpg"])
        cluster = boxes.element(0x1F43B675, boxes.whole(0xE7, 0), block * 1000)
        return movies.matroska([movies.pictures(b"V_MJPEG", 16, 16)], []) + cluster * 25
    return movies.mp4(clips["dot.jpg"], count, timescale=60000, delta=rng.choice((1, 10)), chunk=64)


@family("frames of 16384 pixels", LIMIT, BAD_MEDIA)
def large_frames(rng, clips):
    """Said by the container, by the stream, or by both."""
    side = rng.choice((16384, 16000, 8192, 30000, 65500))
    way = rng.randrange(6)
    if way == 0:
        return movies.mp4(clips["dot.jpg"], 10, width=min(side, 65535), height=min(side, 65535))
    if way == 1:
        return movies.mp4(jpeg_of(clips["dot.jpg"], side, side), 10)
    if way == 2:
        return movies.mp4(jpeg_of(clips["still.jpg"], side, rng.choice((16, side))), 10,
                          width=side, height=side)
    if way == 3:
        data = clips["still.png"]
        grown = data[:16] + struct.pack(">II", side, side) + data[24:]
        return movies.mp4(grown, 5, kind=b"png ", width=96, height=64)
    if way == 4:
        frame = vp8_of(first_ivf_frame(clips["pictures.ivf"]), min(side, 16383))
        return movies.matroska([movies.pictures(b"V_VP8", 96, 64)],
                               [(i * 100, 1, frame) for i in range(5)])
    data = clips["raw.avi"]
    at = data.index(b"strf") + 8 + 4
    return data[:at] + struct.pack("<ii", side, side) + data[at + 8:]


def jpeg_of(data, width, height):
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4:]


def vp8_of(frame, side):
    return frame[:6] + struct.pack("<HH", side, side) + frame[10:]


def first_ivf_frame(data):
    return data[44:44 + struct.unpack_from("<I", data, 32)[0]]


@family("pictures of other sizes", PROCESSED, LIMIT, BAD_MEDIA)
def changing_sizes(rng, clips):
    """Another size with every picture, some of them beyond what any codec keeps."""
    made = []
    for i in range(30):
        source = clips[rng.choice(("dot.jpg", "still.jpg", "large.jpg"))]
        if rng.random() < 0.2:
            source = jpeg_of(source, rng.randrange(1, 700), rng.randrange(1, 500))
        made.append((i * 100, 1, source))
    return movies.matroska([movies.pictures(b"V_MJPEG", rng.choice((16, 96, 640)), 64)], made)


@family("shapes that no screen has", *ANY)
def odd_shapes(rng, clips):
    width = rng.choice((0, 1, 2, 3, 4000, 65535))
    height = rng.choice((0, 1, 2, 3, 2000, 65535))
    way = rng.randrange(3)
    if way == 0:
        return movies.mp4(jpeg_of(clips["dot.jpg"], width, height), 10, width=width, height=height)
    if way == 1:
        return movies.matroska(
            [movies.pictures(b"V_MJPEG", width, height)],
            [(i * 100, 1, jpeg_of(clips["still.jpg"], max(1, width), max(1, height)))
             for i in range(10)])
    data = clips["sound.wav"]
    channels, rate = rng.choice((0, 1, 9, 255, 16384, 65535)), rng.choice((0, 1, 7999, 10**9, 2**31))
    return data[:22] + struct.pack("<HI", channels, rate) + data[28:]


@family("nested", *REFUSED, PROCESSED)
def nested(rng, clips):
    """Boxes in boxes in boxes; the same of Matroska's elements."""
    depth = rng.choice((10, 100, 1000, 20000))
    if rng.random() < 0.3:
        body = b""
        for _ in range(min(depth, 2000)):
            body = boxes.element(rng.choice((0x1549A966, 0x1654AE6B, 0xAE, 0xE0, 0xA0)), body)
        head = boxes.element(0x1A45DFA3, boxes.element(0x4282, b"matroska"))
        return head + boxes.element(0x18538067, body)
    kinds = rng.choice(((b"moov",), (b"moov", b"trak"), (b"udta", b"meta"), (b"trak", b"mdia", b"minf"),
                        (b"wave",), (b"moof", b"traf"), (b"ilst",)))
    size = 8 * depth
    tower = b"".join(struct.pack(">I4s", size - 8 * i, kinds[i % len(kinds)]) for i in range(depth))
    good = clips["front.mp4"]
    if rng.random() < 0.5:
        return boxes.box(b"ftyp", b"isom", bytes(4)) + boxes.box(b"moov", tower)
    return good + tower


@family("loops", *ANY, share=0.5)
def loops(rng, clips):
    """What goes round: edits that repeat, animations without an end, streams after streams."""
    way = rng.randrange(6)
    if way == 0:
        count = rng.choice((100, 10000, 200000))
        return movies.mp4(clips["dot.jpg"], 10, timescale=10, edits=[(10, 0, 1 << 16)] * count)
    if way == 1:
        rate = rng.choice((0, 1, 0x7fff0000, 0xffff0000))
        return movies.mp4(clips["dot.jpg"], 10, edits=[(0xffffffff, rng.choice((0, 5)), rate)] * 3)
    if way == 2:
        return clips[rng.choice(("loop.gif", "animated.png"))]
    if way == 3:
        return clips[rng.choice(("theora.ogg", "sound.mp3", "sound.aac", "stream.ts"))] * 50
    if way == 4:  # an index that comes back to itself
        seek = boxes.element(0x114D9B74, boxes.element(0x4DBB, boxes.element(
            0x53AB, bytes.fromhex("114D9B74")), boxes.whole(0x53AC, 0)))
        return movies.matroska([movies.pictures(b"V_MJPEG", 16, 16)],
                               [(i * 100, 1, clips["dot.jpg"]) for i in range(10)], seek * 20)
    sidx = boxes.full(b"sidx", struct.pack(">IIIIHH", 1, 1000, 0, 0, 0, 3),
                      struct.pack(">III", 1 << 31, 1000, 0) * 3)
    return boxes.box(b"ftyp", b"isom", bytes(4)) + sidx * 100 + clips["fragments.mp4"]


@family("many streams", *ANY, share=0.5)
def many_streams(rng, clips):
    count = rng.choice((2, 31, 32, 33, 200, 5000))
    if rng.random() < 0.5:
        tracks = [movies.pictures(b"V_MJPEG", 16, 16, number=1 + i % 126) for i in range(count)]
        return movies.matroska(tracks, [(i * 100, 1, clips["dot.jpg"]) for i in range(10)])
    movie = movies.mp4(clips["dot.jpg"], 10)
    trak = boxes.find(movie, b"trak")[0]
    return movies.mp4(clips["dot.jpg"], 10, more=movie[trak.start:trak.end] * (count - 1))
