"""guests.py - what travels beside pictures and sound: subtitles, fonts, chapters, covers, tags."""
import struct

import boxes
import movies
from family import LIMIT, PROCESSED, BAD_MEDIA, family


def with_pictures(clips, tracks, blocks, *more):
    frames = [(i * 100, 1, clips["dot.jpg"]) for i in range(20)]
    return movies.matroska([movies.pictures(b"V_MJPEG", 16, 16), *tracks],
                           sorted(frames + blocks, key=lambda block: block[0]), *more)


@family("subtitles", PROCESSED, LIMIT, BAD_MEDIA)
def subtitles(rng, clips):
    """Of every kind, with a megabyte in one line, thousands of lines, styles that name files."""
    codec = rng.choice((b"S_TEXT/UTF8", b"S_TEXT/ASS", b"S_TEXT/SSA", b"S_TEXT/WEBVTT", b"S_VOBSUB",
                        b"S_HDMV/PGS", b"S_DVBSUB", b"S_KATE"))
    head = rng.choice((b"", rng.randbytes(1000), b"[Script Info]\n" * 10000,
                       b"[V4+ Styles]\nStyle: h," + clips.canary.encode() + b",1e309\n"))
    line = rng.choice((b"", b"\xff" * 1000, b"{\\fn" + clips.canary.encode() + b"}", b"x" * (1 << 20),
                       rng.randbytes(300)))
    count = rng.choice((1, 20, 3000)) if len(line) < 2000 else 1
    track = movies.track(2, 0x11, codec, boxes.element(0x63A2, head))
    return with_pictures(clips, [track], [(rng.randrange(2000), 2, line) for _ in range(count)])


@family("attachments", PROCESSED, LIMIT, BAD_MEDIA)
def attachments(rng, clips):
    """Fonts and files; each is a stream of FFmpeg's."""
    def attached(name, kind, data):
        return boxes.element(0x61A7, boxes.element(0x466E, name), boxes.element(0x4660, kind),
                             boxes.whole(0x46AE, rng.getrandbits(32)), boxes.element(0x465C, data))
    count = rng.choice((1, 2, 40))
    data = rng.choice((b"", clips["still.png"], clips["large.jpg"], rng.randbytes(1 << 16), bytes(1 << 18)))
    kind = rng.choice((b"font/ttf", b"application/x-truetype-font", b"image/png", b"image/jpeg",
                       b"text/html", b""))
    name = rng.choice((b"font.ttf", b"../../../etc/cron.d/x", b"cover.png", b"\xff" * 300, b""))
    return with_pictures(clips, [], [], boxes.element(0x1941A469, *[attached(name, kind, data)] * count))


@family("chapters, tags and covers", PROCESSED, LIMIT, BAD_MEDIA)
def chapters_tags_covers(rng, clips):
    way = rng.randrange(4)
    if way == 0:
        atom = boxes.element(0xB6, boxes.whole(0x73C4, 1), boxes.whole(0x91, 0),
                             boxes.element(0x80, boxes.element(0x85, b"h" * 50)))
        deep = atom
        for _ in range(rng.choice((1, 50))):
            deep = boxes.element(0xB6, boxes.whole(0x73C4, 1), deep)
        edition = boxes.element(0x45B9, *[atom] * rng.choice((1, 5000)), deep)
        return with_pictures(clips, [], [], boxes.element(0x1043A770, edition))
    if way == 1:
        simple = boxes.element(0x67C8, boxes.element(0x45A3, b"T" * rng.choice((1, 5000))),
                               boxes.element(0x4487, rng.choice((b"\xff\xfe", b"v" * (1 << 20), b"\n\0"))))
        return with_pictures(clips, [], [], boxes.element(
            0x1254C367, boxes.element(0x7373, boxes.element(0x63C0), *[simple] * rng.choice((1, 3)))))
    if way == 2:  # a cover of 16384 pixels on a sound
        png = clips["still.png"]
        if rng.random() < 0.7:
            png = png[:16] + struct.pack(">II", 16384, 16384) + png[24:]
        body = b"\0image/png\0\x03\0" + png
        frame = b"APIC" + struct.pack(">I", len(body)) + b"\0\0" + body
        size = len(frame)
        tag = b"ID3\x03\0\0" + bytes((size >> s) & 0x7f for s in (21, 14, 7, 0)) + frame
        return tag + clips["sound.mp3"]
    item = boxes.box(b"\xa9nam", boxes.box(b"data", struct.pack(">II", 1, 0), b"t" * (1 << 19)))
    meta = boxes.full(b"meta", boxes.full(b"hdlr", bytes(4), b"mdir", bytes(13)),
                      boxes.box(b"ilst", item * rng.choice((1, 4))))
    return movies.mp4(clips["dot.jpg"], 20, more=boxes.box(b"udta", meta))
