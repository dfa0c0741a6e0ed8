"""film.py - the film that all made sources show: what is seen and heard of it before any codec has touched it.

Its pictures are RGB that runs to the side, with four patches of colours in the corners, no two the same: what is
turned, mirrored, late, missing or of other colours does not look like it. Its sound is strokes of tones, each channel
with a tone of its own: what is late, missing or in another channel does not sound like it.
"""
import os
import subprocess

RATE = 25
SECONDS = 2
SIZE = (320, 240)
# Where, and in which colour: left or right, up or down.
PATCHES = ((0, 0, "C03020"), (1, 0, "30A040"), (0, 1, "2040C0"), (1, 1, "B0B0B0"))
# When it sounds. No distance comes twice.
STROKES = ((0.2, 0.5), (0.62, 0.75), (1.1, 1.6), (1.71, 1.8), (2.2, 2.9))
# Of each channel: left, right, centre, low, back, side.
TONES = {"L": 400, "R": 550, "C": 700, "low": 90, "BL": 900, "BR": 1150, "B": 1000, "SL": 1400, "SR": 1700}
TRACK_APART = 40
LAYOUTS = {"mono": "C", "stereo": "L R", "2.1": "L R low", "3.0": "L R C", "4.0": "L R C B", "quad": "L R BL BR",
           "5.1": "L R C low BL BR", "6.1": "L R C low B SL SR", "7.1": "L R C low BL BR SL SR"}
SUBTITLES = ((0.4, 0.9, "Who is there?"), (1.2, 1.8, "Nobody & nothing"))
SRT = ("1\n00:00:00,400 --> 00:00:00,900\nWho is <i>there</i>?\n\n"
       "2\n00:00:01,200 --> 00:00:01,800\nNobody & nothing\n")


def run(*words):
    """The ffmpeg command; what it says when it fails is the reason."""
    done = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *words], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise AssertionError(f"ffmpeg {' '.join(words)}: {done.stderr}")


def picture(size=SIZE, rate=RATE, seconds=SECONDS, soft=False):
    """The pictures, as libavfilter's sources and filters; soft ones have no rows that differ by themselves."""
    chain = f"testsrc2=size={size[0]}x{size[1]}:rate={rate}:duration={seconds},format=gbrp"
    chain += (",boxblur=2:1" if soft else "") + ",scroll=h=0.01"
    for right, low, colour in PATCHES:
        chain += f",drawbox=x={right}*(iw-iw/5):y={low}*(ih-ih/5):w=iw/5:h=ih/5:color=0x{colour}:t=fill"
    return chain


def channels(layout):
    return LAYOUTS[layout].split()


def tone(channel, track=0):
    return TONES[channel] + TRACK_APART * track


def sound(layout="stereo", track=0, seconds=SECONDS, rate=48000):
    strokes = "+".join(f"between(t,{begin},{end})" for begin, end in STROKES)
    each = "|".join(f"0.2*sin(2*PI*{tone(channel, track)}*t)*({strokes})" for channel in channels(layout))
    return f"aevalsrc='{each}':c={layout}:s={rate}:d={seconds}"


def subtitles(folder):
    path = os.path.join(folder, "subtitles.srt")
    with open(path, "w", encoding="utf-8") as file:
        file.write(SRT)
    return path
