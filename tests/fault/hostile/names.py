"""names.py - files that name other files or hosts: nothing that they name may be opened."""
import struct

import boxes
import movies
from family import BAD_MEDIA, PROCESSED, UNSUPPORTED, family


def texts(target):
    """Playlists and descriptions of every kind that FFmpeg or a player would follow."""
    return (
        f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n",
        f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{target}\n",
        f"#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"{target}\"\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n",
        f"#EXTM3U\n#EXT-X-MAP:URI=\"{target}\"\n#EXTINF:1,\nconcat:{target}|{target}\n#EXT-X-ENDLIST\n",
        f"ffconcat version 1.0\nfile '{target}'\n",
        f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=h\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n"
        f"a=control:{target}\n",
        f"<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><Period><AdaptationSet>"
        f"<Representation id=\"1\"><BaseURL>{target}</BaseURL></Representation></AdaptationSet>"
        f"</Period></MPD>",
        f"<asx version=\"3.0\"><entry><ref href=\"{target}\"/></entry></asx>",
        f"[playlist]\nFile1={target}\nNumberOfEntries=1\n",
        f"<smil><body><video src=\"{target}\"/></body></smil>",
        f"RTSPtext\r\n{target}\r\n",
        f"<SmoothStreamingMedia><StreamIndex Url=\"{target}\"/></SmoothStreamingMedia>",
        f"[Reference]\nRef1={target}\n",
        f"subfile,,start,0,end,0,,:{target}\n",
        f"avs: DirectShowSource(\"{target}\")\n",
    )


@family("playlists", BAD_MEDIA, UNSUPPORTED)
def playlists(rng, clips):
    target = rng.choice((clips.canary, "file://" + clips.canary, clips.url, "../" * 9 + "etc/passwd",
                         "concat:" + clips.canary, "crypto+file:" + clips.canary, "pipe:0"))
    text = rng.choice(texts(target)).encode()
    names = ("clip.mp4", "clip.m3u8", "list.ffconcat", "a.sdp", "manifest.mpd", clips.canary, clips.url)
    return text, rng.choice(names)[:200]


@family("names in media", PROCESSED, BAD_MEDIA, UNSUPPORTED)
def names_in_media(rng, clips):
    """Good containers that say their data, their next part or their text lies elsewhere."""
    target = rng.choice((clips.canary, clips.url)).encode()
    way = rng.randrange(6)
    movie = movies.mp4(clips["dot.jpg"], 10)
    if way == 0:  # the data of the track is in a file of that name
        for kind, body in ((b"url ", target + b"\0"), (b"alis", alias(target))):
            if rng.random() < 0.5:
                return replace_reference(movie, boxes.full(kind, body))
        return replace_reference(movie, boxes.full(b"rsrc", alias(target)))
    if way == 1:  # a movie that is only the address of another
        address = boxes.full(b"rdrf", b"url ", struct.pack(">I", len(target) + 1), target, b"\0")
        return boxes.box(b"ftyp", b"qt  ", bytes(4)) + boxes.box(
            b"moov", boxes.box(b"rmra", boxes.box(b"rmda", address)))
    if way == 2:  # a segment that goes on in another file
        linked = boxes.element(0x1549A966, boxes.element(0x3EB923, bytes(16)),
                               boxes.element(0x3E83BB, target))
        return movies.matroska([movies.pictures(b"V_MJPEG", 16, 16)],
                               [(i * 100, 1, clips["dot.jpg"]) for i in range(10)], linked)
    if way == 3:  # a playlist behind a head that media has
        text = rng.choice(texts(target.decode())).encode()
        head = rng.choice((b"ID3\x03\0\0\0\0\0\0", boxes.box(b"ftyp", b"isom", bytes(4)), b"RIFF\0\0\0\0AVI ",
                           b"OggS", b"FLV\x01\x05\0\0\0\x09", b"\x47" + bytes(187)))
        return head + text
    if way == 4:  # subtitles of AVI that are a playlist (CVE-2017-9993)
        return gab2(clips["motion.avi"], rng.choice(texts(target.decode())).encode())
    return clips["front.mp4"] + boxes.box(b"uuid", bytes(16), target) + boxes.box(b"url ", target)


def alias(target):
    """As mov.c reads it: a volume, a folder, and the path with type 2 (absolute) behind."""
    path = target if len(target) % 2 == 0 else target + b"\0"
    head = bytes(10) + bytes([4]) + b"disk".ljust(27, b"\0") + bytes(12)
    head += bytes([min(len(target), 63)]) + target[:63].ljust(63, b"\0") + bytes(16)
    head += struct.pack(">hh", 1, 1) + bytes(16)
    return head + struct.pack(">HH", 2, len(path)) + path + struct.pack(">hH", -1, 0)


def replace_reference(movie, reference):
    """The movie with another data reference; what holds it grows."""
    dref = boxes.find(movie, b"dref")[0]
    made = boxes.full(b"dref", struct.pack(">I", 1), reference)
    grown = bytearray(movie[:dref.start] + made + movie[dref.end:])
    for box in boxes.walk(movie):
        if box.start < dref.start and dref.end <= box.end:
            size = box.end - box.start + len(made) - (dref.end - dref.start)
            struct.pack_into(">I", grown, box.start, size)
    return bytes(grown)


def gab2(avi, text):
    """The sound of the file turned into a stream of subtitles that carry `text`."""
    data = bytearray(avi)
    at = data.index(b"auds")
    data[at:at + 4] = b"txts"
    body = b"GAB2\0\x02\0" + struct.pack("<I", 2) + b"h\0" + b"\x04\0" + struct.pack("<I", len(text)) + text
    chunk = b"01tx" + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    movi = data.index(b"movi")
    return bytes(data[:movi + 4] + chunk + data[movi + 4:])
