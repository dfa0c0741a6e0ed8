"""apart.py - an MP4 whose sound lies behind all of its pictures, made of one where they take turns."""
import os
import struct
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fault", "hostile"))
import boxes  # noqa: E402


def table(data, trak, kind):
    found = [box for box in boxes.walk(data, trak.body, trak.end) if box.kind == kind]
    return found[0] if found else None


def numbers(data, box, skip=0):
    """The words of a full box, behind its flags."""
    return struct.unpack_from(f">{(box.end - box.body - 4 - skip) // 4}I", data, box.body + 4 + skip)


def sample_bytes(data, trak):
    fixed, count, *each = numbers(data, table(data, trak, b"stsz"))
    return [fixed] * count if fixed else each


def samples_per_chunk(data, trak, chunks):
    runs = numbers(data, table(data, trak, b"stsc"), 4)
    firsts = [*runs[0::3], chunks + 1]
    return [each for i, each in enumerate(runs[1::3]) for _ in range(firsts[i], firsts[i + 1])]


def chunks_of(data, trak):
    """(offset, length) of each chunk."""
    offsets = numbers(data, table(data, trak, b"stco"), 4)
    sizes, at, chunks = sample_bytes(data, trak), 0, []
    for offset, count in zip(offsets, samples_per_chunk(data, trak, len(offsets))):
        chunks.append((offset, sum(sizes[at:at + count])))
        at += count
    return chunks


def pull_apart(path, out):
    """One track after the other, at the same length: the index stays as long as it was."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    mdat, = boxes.find(data, b"mdat")
    at, moved = mdat.body, []
    for trak in boxes.find(data, b"trak"):
        where = table(data, trak, b"stco").body + 8
        for i, (offset, length) in enumerate(chunks_of(data, trak)):
            moved.append(bytes(data[offset:offset + length]))
            struct.pack_into(">I", data, where + 4 * i, at)
            at += length
    joined = b"".join(moved)
    if len(joined) > mdat.end - mdat.body:
        raise AssertionError(f"{path}: chunks that overlap")
    data[mdat.body:mdat.body + len(joined)] = joined
    with open(out, "wb") as file:
        file.write(data)
