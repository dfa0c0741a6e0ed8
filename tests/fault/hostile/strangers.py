"""strangers.py - files that are no video, good ones under wrong names, and both in one."""
import gzip
import io
import struct
import sys
import zipfile

from clips import ACCEPTED, UNACCEPTED
from family import ANY, BAD_MEDIA, PROCESSED, UNSUPPORTED, family


def zipped(rng):
    """With a member that unpacks to a hundred times its size."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("h.mp4"), bytes(rng.choice((10, 1 << 22))))
    return out.getvalue()


def executable(rng):
    with open(sys.executable, "rb") as file:
        return file.read(rng.choice((64, 4096, 1 << 20)))


def other(rng):
    """One of what people upload by mistake, and of what attackers do."""
    return rng.choice((
        lambda: zipped(rng),
        lambda: executable(rng),
        lambda: gzip.compress(bytes(1 << 22), mtime=0),
        lambda: b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
        lambda: b"This is not a video.\n" * rng.choice((1, 1000)),
        lambda: b"<!DOCTYPE html><script>alert(1)</script>" * 20,
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        lambda: b"push graphic-context\nfill 'url(https://127.0.0.1/\"|id\")'\npop graphic-context\n",
        lambda: b"#!/bin/sh\nid\n",
        lambda: b"SQLite format 3\0" + bytes(4080),
        lambda: b"\x7fELF" + rng.randbytes(2000),
        lambda: b"Rar!\x1a\x07\x01\0" + rng.randbytes(500),
        lambda: b"BM" + struct.pack("<IIIIii", 10**9, 0, 54, 40, 30000, 30000) + bytes(100),
        lambda: b"RIFF" + struct.pack("<I", 100) + b"WEBPVP8X" + bytes(100),
        lambda: b"\0" * rng.choice((1, 8, 1 << 20)),
        lambda: b"\xff" * rng.choice((1, 100)),
        lambda: rng.randbytes(1)))()


@family("no video at all", BAD_MEDIA, UNSUPPORTED)
def no_video(rng, clips):
    if rng.random() < 0.3:
        return clips[rng.choice(UNACCEPTED)]
    return other(rng)


@family("noise", BAD_MEDIA, UNSUPPORTED)
def noise(rng, clips):
    """Random bytes, most of them behind the mark of a container."""
    marks = (b"", b"\0\0\0\x18ftypisom", b"\x1a\x45\xdf\xa3", b"RIFF\0\0\0\0AVI ", b"RIFF\0\0\0\0WAVE",
             b"FLV\x01\x05\0\0\0\x09", b"OggS\0\x02", b"fLaC", b"\0\0\x01\xba", b"ID3\x04\0\0\0\0\0\x10")
    return rng.choice(marks) + rng.randbytes(rng.choice((0, 1, 16, 1000, 100000)) + 1)


@family("wrong names", PROCESSED)
def wrong_names(rng, clips):
    """Good files: a name says nothing."""
    names = ("clip.txt", "clip.exe", "clip.m3u8", "clip.jpg", "clip", ".mp4", "clip.mp4.zip",
             "-i", "a b;rm -rf $HOME.mp4", "..", "\u202egnp.mp4", "%s%n.mp4", "clip\u00e4.mkv", "x" * 200)
    return clips[rng.choice(ACCEPTED)], rng.choice(names)


@family("two files in one", *ANY)
def two_in_one(rng, clips):
    """A video that is an archive, a page or a program as well."""
    video, guest = clips[rng.choice(ACCEPTED)], other(rng)
    return video + guest if rng.random() < 0.5 else guest + video
