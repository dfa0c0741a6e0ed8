"""webp.py - an animated WebP as the tools of libwebp see it: its pictures, put together, and how long each lasts."""
import os
import re
import subprocess
import tempfile

ROW = re.compile(r" *(\d+): +(\d+) +(\d+) +(yes|no) +(\d+) +(\d+) +(\d+) +(none|background) +(yes|no) ")


def run(*words):
    done = subprocess.run(words, capture_output=True)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(words)}: {done.stderr.decode()}")
    return done.stdout


def decode(path):
    """One picture: width, height, RGBA."""
    pam = run("dwebp", "-quiet", path, "-pam", "-o", "-")
    head, data = pam.split(b"ENDHDR\n", 1)
    fields = dict(line.split() for line in head.decode().splitlines()[1:])
    assert (fields["DEPTH"], fields["TUPLTYPE"]) == ("4", "RGB_ALPHA"), fields
    return int(fields["WIDTH"]), int(fields["HEIGHT"]), data


def lay(canvas, width, picture, at):
    """Over what is there, by the transparency of each pixel."""
    wide, high, data = picture
    for row in range(high):
        for column in range(wide):
            r, g, b, a = data[(row * wide + column) * 4:][:4]
            if a == 0:
                continue
            to = ((at[1] + row) * width + at[0] + column) * 3
            for i, value in enumerate((r, g, b)):
                canvas[to + i] = (value * a + canvas[to + i] * (255 - a) + 127) // 255


def read(path):
    """Width, height, loop count, and (duration in ms, RGB) of each picture."""
    run("webpinfo", "-quiet", path)  # exits with an error where anything of the file is wrong
    info = run("webpmux", "-info", path).decode()
    found = re.search(r"Canvas size: (\d+) x (\d+)", info)
    width, height = int(found[1]), int(found[2])
    rows = [match.groups() for line in info.splitlines() if (match := ROW.match(line))]
    if not rows:
        wide, high, data = decode(path)
        canvas = bytearray(width * height * 3)
        lay(canvas, width, (wide, high, data), (0, 0))
        return width, height, None, [(0, bytes(canvas))]
    pictures, canvas = [], bytearray(width * height * 3)
    with tempfile.TemporaryDirectory() as folder:
        frame = os.path.join(folder, "frame.webp")
        for number, wide, high, _, x, y, duration, dispose, blend in rows:
            run("webpmux", "-get", "frame", number, path, "-o", frame)
            picture = decode(frame)
            assert picture[:2] == (int(wide), int(high))
            if blend == "no":
                picture = (*picture[:2], bytes(255 if i % 4 == 3 else v for i, v in enumerate(picture[2])))
            lay(canvas, width, picture, (int(x), int(y)))
            pictures.append((int(duration), bytes(canvas)))
            if dispose == "background":
                for row in range(int(y), int(y) + int(high)):
                    start = (row * width + int(x)) * 3
                    canvas[start:start + int(wide) * 3] = bytes(int(wide) * 3)
    return width, height, int(re.search(r"Loop Count : (\d+)", info)[1]), pictures
