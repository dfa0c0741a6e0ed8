"""movies.py - whole MP4 and Matroska files written byte by byte, with any number in any field."""
import struct

from boxes import box, element, full, whole

MATRIX = struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)


def entry(kind, width, height):
    """A sample entry of pictures."""
    return box(kind, bytes(6), struct.pack(">H", 1), bytes(16), struct.pack(">HH", width, height),
               struct.pack(">II", 72 << 16, 72 << 16), bytes(4), struct.pack(">H", 1), bytes(32),
               struct.pack(">Hh", 24, -1))


def table(kind, *rows, count=None, version=0):
    """A table of 32-bit numbers; `count` may lie."""
    return full(kind, struct.pack(">I", len(rows) if count is None else count),
                *(struct.pack(f">{len(row)}I", *(number & 0xffffffff for number in row))
                  for row in rows), version=version)


def mp4(sample, samples, *, kind=b"jpeg", width=16, height=16, timescale=10, delta=1, deltas=None,
        duration=None, edits=None, more=b"", chunk=None):
    """A movie of `samples` times the same sample: its index is short however many there are.

    Every chunk begins at the same byte, so one sample of data serves for all.
    """
    chunk = chunk or samples
    chunks = (samples + chunk - 1) // chunk
    length = samples * delta if duration is None else duration
    top = box(b"ftyp", b"qt  ", bytes(4), b"qt  ")
    data = box(b"mdat", sample * min(chunk, 64))
    at = len(top) + 8
    stbl = box(b"stbl",
               full(b"stsd", struct.pack(">I", 1), entry(kind, width, height)),
               table(b"stts", *(deltas or [(samples, delta)])),
               table(b"stsc", (1, chunk, 1)),
               full(b"stsz", struct.pack(">II", len(sample), samples)),
               full(b"stco", struct.pack(">I", chunks), struct.pack(">I", at) * chunks))
    dinf = box(b"dinf", full(b"dref", struct.pack(">I", 1), full(b"url ", flags=1)))
    minf = box(b"minf", full(b"vmhd", bytes(8), flags=1), dinf, stbl)
    mdia = box(b"mdia",
               full(b"mdhd", bytes(8), struct.pack(">II", timescale, length & 0xffffffff), bytes(4)),
               full(b"hdlr", b"mhlrvide", bytes(12), b"\0"), minf)
    tkhd = full(b"tkhd", bytes(8), struct.pack(">III", 1, 0, length & 0xffffffff), bytes(16), MATRIX,
                struct.pack(">II", width << 16, height << 16), flags=7)
    edts = box(b"edts", table(b"elst", *edits)) if edits else b""
    mvhd = full(b"mvhd", bytes(8), struct.pack(">II", timescale, length & 0xffffffff),
                struct.pack(">IH", 1 << 16, 256), bytes(10), MATRIX, bytes(24),
                struct.pack(">I", 2))
    return top + data + box(b"moov", mvhd, box(b"trak", tkhd, edts, mdia), more)


def track(number, kind, codec, *parts):
    return element(0xAE, whole(0xD7, number), whole(0x73C5, number), whole(0x83, kind),
                   element(0x86, codec), *parts)


def pictures(codec, width, height, *parts, number=1):
    return track(number, 1, codec, element(0xE0, whole(0xB0, width), whole(0xBA, height)), *parts)


def block(number, time, data):
    return element(0xA3, bytes([0x80 | number]), struct.pack(">h", time), b"\x80", data)


def matroska(tracks, blocks, *more, scale=1000000, duration=None, kind=b"matroska"):
    """`blocks`: (milliseconds, track, bytes); each in a cluster of its own that is at most 1 s long."""
    head = element(0x1A45DFA3, element(0x4282, kind), whole(0x4287, 4), whole(0x4285, 2))
    told = [element(0x4489, struct.pack(">d", duration))] if duration is not None else []
    info = element(0x1549A966, whole(0x2AD7B1, scale), element(0x4D80, b"h"), element(0x5741, b"h"),
                   *told)
    clusters, start, inside = [], None, []
    for time, number, data in blocks:
        if start is not None and not 0 <= time - start < 1000:
            clusters.append(element(0x1F43B675, whole(0xE7, start), *inside))
            start, inside = None, []
        start = time if start is None else start
        inside.append(block(number, time - start, data))
    if inside:
        clusters.append(element(0x1F43B675, whole(0xE7, start), *inside))
    return head + element(0x18538067, info, element(0x1654AE6B, *tracks), *more, *clusters)
