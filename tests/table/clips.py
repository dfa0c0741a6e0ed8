"""clips.py - real clips: what is to come of them is what the ffmpeg command sees and hears in them."""
from source import Pictures, Source, Track


def clip(name, why, large, small, frames, layout=None, language=None, late_ms=3):
    tracks = [Track(layout=layout, language=language, is_film=False, late_ms=late_ms, loudness=0.5)] if layout else []
    return Source(name, why, None, Pictures(large=large, small=small, frames=frames), tracks)


# What cannot be heard is not in time either.
SILENT = None


CLIPS = [
    clip("VID_20191220_170832.mp4", "a telephone's, of an odd rate", (426, 240), (214, 120), 41, "stereo", "eng"),
    clip("movie-hello.mp4", "a telephone's, its sound 9 ms later than its pictures", (426, 240), (214, 120), 249,
         "stereo"),
    clip("movie-hello.avi", "the same of an editor: H.264 and AAC in AVI", (426, 240), (214, 120), 208, "stereo"),
    clip("wannaworktogether.mp4", "three minutes of a cartoon", (328, 240), (164, 120), 5402, "stereo", "eng"),
    clip("cockatoo.mp4", "H.264 of 4:4:4, MP3 in MP4", (426, 240), (214, 120), 280, "mono", late_ms=SILENT),
    clip("realshort.mp4", "a second of a webcam's", (320, 240), (160, 120), 36, "mono", "eng", late_ms=5),
    clip("cityCC0.mpg", "a program stream that begins after half a second", (426, 240), (214, 120), 190),
    clip("balle-jbart.mp4", "pixels of 16:15", (320, 240), (160, 120), 255, "stereo", late_ms=SILENT),
    clip("balle1-vp9.avi", "VP9 and MP3 in AVI, 187 pictures in a second", (320, 240), (160, 120), 295, "stereo"),
    clip("Principe_inertie.avi", "MPEG-4 part 2", (320, 240), (160, 120), 28),
    clip("retroMars2018.avi", "MPEG-4 part 2, ten pictures in a second", (320, 240), (160, 120), 25),
]
