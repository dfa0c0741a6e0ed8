"""boxes.py - the boxes of MP4 and the elements of Matroska: read, found, written."""
import struct

CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"udta", b"moof",
              b"traf", b"mvex", b"mfra"}


class Box:
    """Where a box lies: `start` is its length, `body` behind its head, `end` behind it."""

    def __init__(self, kind, start, body, end):
        self.kind, self.start, self.body, self.end = kind, start, body, end


def walk(data, start=0, end=None):
    """Every box of a good file, from the outside to the inside."""
    end = len(data) if end is None else end
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1:
            size, body = struct.unpack_from(">Q", data, start + 8)[0], start + 16
        if size == 0:
            size = end - start
        if size < body - start or start + size > end:
            return
        yield Box(kind, start, body, start + size)
        if kind in CONTAINERS:
            yield from walk(data, body, start + size)
        start += size


def find(data, kind):
    return [box for box in walk(data) if box.kind == kind]


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full(kind, *parts, version=0, flags=0):
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def element(number, *parts, length=None):
    """An element of Matroska: `number` with its marker, as the specification writes it."""
    body = b"".join(parts)
    head = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return head + ((1 << 56) | (len(body) if length is None else length)).to_bytes(8, "big") + body


def whole(number, value):
    return element(number, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))
