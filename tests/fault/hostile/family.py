"""family.py - the table of families: a name, what its files may end as, and who makes them."""
import random

PROCESSED = "processed"
BAD_MEDIA, UNSUPPORTED, LIMIT = "bad_media", "unsupported", "limit"
# What damage makes of a file is open; that it is one of these is not.
REFUSED = (BAD_MEDIA, UNSUPPORTED)
ANY = (PROCESSED, BAD_MEDIA, UNSUPPORTED, LIMIT)

FAMILIES = []


class Family:
    def __init__(self, name, ends, make, share):
        self.name, self.ends, self.make, self.share = name, ends, make, share


def family(name, *ends, share=1.0):
    """Enters a function of (random, clips) that makes one file: its bytes, or (bytes, its name)."""
    def enter(make):
        FAMILIES.append(Family(name, ends, make, share))
        return make
    return enter


class Hostile:
    """One file of a family."""

    def __init__(self, family, label, data, name="clip.mp4"):
        self.family, self.label, self.data, self.name = family, label, data, name


def make(of, seed, number, clips):
    """The same file for the same seed, family and number."""
    made = of.make(random.Random(f"{seed} {of.name} {number}"), clips)
    return Hostile(of, f"{of.name}:{number}", *(made if isinstance(made, tuple) else (made,)))


def plan(files):
    """How many of each family make `files` together, or a few more: every family has at least one."""
    shares = sum(f.share for f in FAMILIES)
    counts = {f: max(1, int(files * f.share / shares)) for f in FAMILIES}
    for f in FAMILIES:
        if f.share == 1 and sum(counts.values()) < files:
            counts[f] += 1
    return list(counts.items())
