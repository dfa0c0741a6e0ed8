"""wire.py - messages of MongoDB: cut out of a stream, read as far as a fault needs it, made.

A message is its length, its number, the number that it answers, a code; then, of OP_MSG, flags
and a section: the kind 0 and a document. specifications/source/message/OP_MSG.md
"""
import struct

OP_MSG = 2013
HEADER = struct.Struct("<iiii")
BODY = HEADER.size + 5  # behind flags and kind
# Of values by their type; those whose size stands in them are not here.
SIZES = {0x01: 8, 0x06: 0, 0x07: 12, 0x08: 1, 0x09: 8, 0x0A: 0, 0x10: 4, 0x11: 8, 0x12: 8,
         0x13: 16, 0x7F: 0, 0xFF: 0}
NUMBERS = {0x01: "<d", 0x08: "<?", 0x10: "<i", 0x12: "<q"}


class Stream:
    """One direction of a connection."""

    def __init__(self):
        self.rest = b""

    def take(self, data):
        """The messages that are whole with it."""
        self.rest += data
        while len(self.rest) >= HEADER.size and len(self.rest) >= self.length():
            message, self.rest = self.rest[:self.length()], self.rest[self.length():]
            yield message

    def length(self):
        return struct.unpack_from("<i", self.rest)[0]


def number(message):
    return HEADER.unpack_from(message)[1]


def answers(message):
    return HEADER.unpack_from(message)[2]


def read(message):
    """Of a message's document as Python's values; what has no such is bytes. Of another message: {}."""
    return values(message, BODY) if HEADER.unpack_from(message)[3] == OP_MSG else {}


def values(data, at):
    """Of the document that begins at `at`."""
    found, at = {}, at + 4
    while data[at]:
        kind, end = data[at], data.index(0, at + 1)
        name, at = data[at + 1:end].decode(), end + 1
        size = size_of(kind, data, at)
        found[name] = value(kind, data, at, size)
        at += size
    return found


def value(kind, data, at, size):
    if kind == 0x02:
        return data[at + 4:at + size - 1].decode()
    if kind == 0x03:
        return values(data, at)
    if kind == 0x04:
        return list(values(data, at).values())
    if kind in NUMBERS:
        return struct.unpack_from(NUMBERS[kind], data, at)[0]
    return data[at:at + size]


def size_of(kind, data, at):
    size = SIZES.get(kind)
    if size is None:
        size, = struct.unpack_from("<i", data, at)
        size += {0x02: 4, 0x05: 5}.get(kind, 0)
    return size


def members(message):
    """Of a message's document, in order: name -> bytes. Of another message: none."""
    if HEADER.unpack_from(message)[3] != OP_MSG:
        return {}
    found, at = {}, BODY + 4
    while message[at]:
        kind, end = message[at], message.index(0, at + 1)
        name, at = message[at + 1:end].decode(), end + 1
        size = size_of(kind, message, at)
        found[name] = message[at:at + size]
        at += size
    return found


def element(name, value):
    if isinstance(value, bool):
        kind, data = 0x08, struct.pack("<?", value)
    elif isinstance(value, int):
        kind, data = 0x10, struct.pack("<i", value)
    elif isinstance(value, str):
        text = value.encode() + b"\0"
        kind, data = 0x02, struct.pack("<i", len(text)) + text
    elif isinstance(value, dict):
        kind, data = 0x03, document(value)
    else:
        kind, data = 0x04, document({str(index): item for index, item in enumerate(value)})
    return bytes([kind]) + name.encode() + b"\0" + data


def document(values):
    data = b"".join(element(name, value) for name, value in values.items())
    return struct.pack("<i", len(data) + 5) + data + b"\0"


def reply(to, body):
    """The message that answers the message `to` with the bytes of a document."""
    return HEADER.pack(BODY + len(body), 1, number(to), OP_MSG) + struct.pack("<ib", 0, 0) + body


def with_more(message, to, values):
    """A reply with these members behind its own."""
    own = message[BODY + 4:-1]
    more = b"".join(element(name, value) for name, value in values.items())
    return reply(to, struct.pack("<i", len(own) + len(more) + 5) + own + more + b"\0")
