"""damage.py - good files cut off, flipped, emptied and mixed up."""
import boxes
from clips import ACCEPTED, MP4
from family import ANY, BAD_MEDIA, PROCESSED, UNSUPPORTED, family


@family("cut at a box", PROCESSED, BAD_MEDIA, UNSUPPORTED)
def cut_at_a_box(rng, clips):
    """At the edge of a box, or a byte or eight beside it."""
    data = clips[rng.choice(MP4)]
    edges = sorted({at for box in boxes.walk(data) for at in (box.start, box.body, box.end)})
    return data[:max(1, rng.choice(edges) + rng.choice((0, 0, -1, 1, 4, 8)))]


@family("cut anywhere", PROCESSED, BAD_MEDIA, UNSUPPORTED)
def cut_anywhere(rng, clips):
    data = clips[rng.choice(ACCEPTED)]
    return data[:rng.randrange(1, len(data))]


@family("flipped bits", *ANY)
def flipped_bits(rng, clips):
    data = bytearray(clips[rng.choice(ACCEPTED)])
    for _ in range(rng.choice((1, 4, 16, 64, 256))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


@family("flipped bits in the index", *ANY)
def flipped_index(rng, clips):
    """Where containers keep their numbers: few bits do much there."""
    name = rng.choice(ACCEPTED)
    data = bytearray(clips[name])
    start, end = 0, min(len(data), 1024)
    if name in MP4:
        index = boxes.find(bytes(data), b"moov")[0]
        start, end = index.body, index.end
    for _ in range(rng.choice((1, 2, 4, 8))):
        data[rng.randrange(start, end)] ^= 1 << rng.randrange(8)
    return bytes(data)


@family("emptied", *ANY)
def emptied(rng, clips):
    """Runs of zeros, ones or noise, as a broken disk leaves them."""
    data = bytearray(clips[rng.choice(ACCEPTED)])
    for _ in range(rng.choice((1, 1, 3))):
        length = min(len(data), 1 << rng.randrange(4, 13))
        at = rng.randrange(len(data) - length + 1)
        fill = rng.choice((bytes(length), b"\xff" * length, rng.randbytes(length)))
        data[at:at + length] = fill
    return bytes(data)


@family("spliced", *ANY)
def spliced(rng, clips):
    """The beginning of one file and the end of another, pieces left out, doubled or swapped."""
    one, other = (clips[rng.choice(ACCEPTED)] for _ in range(2))
    way = rng.randrange(4)
    if way == 0:
        return one[:rng.randrange(1, len(one))] + other[rng.randrange(len(other)):]
    if way == 1:
        return one + other
    first, second = sorted(rng.sample(range(len(one)), 2))
    if way == 2:
        return one[:first] + one[second:]
    return one[:second] + one[first:second] * rng.choice((1, 10)) + one[second:]


@family("boxes in disorder", *ANY)
def boxes_in_disorder(rng, clips):
    """Boxes taken out, doubled, renamed, or put in another order."""
    data = clips[rng.choice(MP4)]
    way = rng.randrange(4)
    if way == 0:
        top = [data[b.start:b.end] for b in boxes.walk(data) if is_outermost(data, b)]
        rng.shuffle(top)
        return b"".join(top)
    chosen = rng.choice([b for b in boxes.walk(data) if b.kind not in (b"ftyp", b"mdat")])
    piece = data[chosen.start:chosen.end]
    if way == 1:
        return data[:chosen.start] + box_of(b"free", piece) + data[chosen.end:]
    if way == 2:
        return data[:chosen.start] + piece * rng.choice((2, 50)) + data[chosen.end:]
    name = rng.choice((b"moov", b"trak", b"stbl", b"stts", b"meta", b"uuid", b"cmov", b"\0\0\0\0"))
    return data[:chosen.start + 4] + name + data[chosen.start + 8:]


def is_outermost(data, box):
    return not any(b.start < box.start and box.end <= b.end for b in boxes.walk(data))


def box_of(kind, piece):
    return piece[:4] + kind + bytes(len(piece) - 8)
