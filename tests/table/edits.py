"""edits.py - what one call of the ffmpeg command does not write: done to its file behind it."""
import os
import struct

import film


def matrix(a, b, c, d):
    """How a movie says that its pictures are turned or mirrored: x' = a x + c y, y' = b x + d y."""
    def edit(path):
        with open(path, "r+b") as file:
            file.seek(file.read().index(b"tkhd") + 4 + 40)
            file.write(struct.pack(">9i", *(n << 16 for n in (a, b, 0, c, d, 0, 0, 0)), 1 << 30))
    return edit


def jumping(words, seconds, offset):
    """Two recordings behind each other, as a recorder leaves them: what begins at `seconds` says it is `offset`."""
    def edit(path):
        parts = [path + ".first", path + ".second"]
        film.run("-i", path, "-t", str(seconds), *words.split(), "-output_ts_offset", "500", "-f", "mpegts", parts[0])
        film.run("-i", path, "-ss", str(seconds), *words.split(), "-output_ts_offset", str(offset), "-f", "mpegts",
                 parts[1])
        join(path, parts)
    return edit


def join(path, parts):
    with open(path, "wb") as whole:
        for part in parts:
            with open(part, "rb") as file:
                whole.write(file.read())


def trimmed(seconds):
    """What begins at `seconds`, which is no keyframe: an edit list says what is not shown."""
    def edit(path):
        before = path + ".before"
        os.rename(path, before)
        film.run("-ss", str(seconds), "-i", before, "-c", "copy", "-f", "mp4", path)
    return edit


def cover_first(path):
    """A picture of the album before all that moves."""
    before, cover = path + ".before", path + ".jpg"
    os.rename(path, before)
    film.run("-f", "lavfi", "-i", "color=red:size=500x500", "-frames:v", "1", cover)
    film.run("-i", before, "-i", cover, "-map", "1:v", "-map", "0", "-c", "copy", "-disposition:v:0", "attached_pic",
             path)


def playlist(path):
    with open(path, "w", encoding="utf-8") as file:
        file.write("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nreal.mp4\n#EXT-X-ENDLIST\n")
