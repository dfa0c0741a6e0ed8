"""clips.py - small good clips in many containers: what the hostile files are made of."""
import os
import subprocess

PICTURE = ["-f", "lavfi", "-i", "testsrc2=size=96x64:rate=10:duration=3"]
TONE = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=16000:duration=3"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-threads", "1"]
AAC = ["-c:a", "aac", "-b:a", "24k"]

# name: the end of FFmpeg's command line, from the codecs to the format
BOTH = {
    "front.mp4": [*H264, *AAC, "-movflags", "+faststart", "-f", "mp4"],
    "fragments.mp4": [*H264, *AAC, "-movflags", "+frag_keyframe+empty_moov", "-f", "mp4"],
    "behind.mov": ["-c:v", "mjpeg", "-c:a", "pcm_s16le", "-f", "mov"],
    "hevc.mp4": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
                 "log-level=none:pools=none:frame-threads=1", "-an", "-f", "mp4"],
    "prores.mov": ["-c:v", "prores_ks", "-profile:v", "0", "-c:a", "alac", "-f", "mov"],
    "small.3gp": [*H264, *AAC, "-f", "3gp"],
    "h264.mkv": [*H264, "-c:a", "flac", "-f", "matroska"],
    "vp8.webm": ["-c:v", "libvpx", "-threads", "1", "-c:a", "libvorbis", "-f", "webm"],
    "vp9.webm": ["-c:v", "libvpx-vp9", "-threads", "1", "-c:a", "libopus", "-f", "webm"],
    "stream.ts": [*H264, *AAC, "-f", "mpegts"],
    "mpeg2.ts": ["-c:v", "mpeg2video", "-r", "25", "-c:a", "mp2", "-f", "mpegts"],
    "program.mpg": ["-c:v", "mpeg1video", "-r", "25", "-c:a", "mp2", "-f", "mpeg"],
    "mpeg4.avi": ["-c:v", "mpeg4", "-c:a", "libmp3lame", "-f", "avi"],
    "motion.avi": ["-c:v", "mjpeg", "-c:a", "pcm_s16le", "-f", "avi"],
    "png.mov": ["-c:v", "png", "-an", "-f", "mov"],
    "raw.avi": ["-c:v", "rawvideo", "-pix_fmt", "yuv420p", "-an", "-f", "avi"],
    "flash.flv": ["-c:v", "flv", "-ar", "22050", "-c:a", "libmp3lame", "-f", "flv"],
    "theora.ogg": ["-c:v", "libtheora", "-c:a", "libvorbis", "-f", "ogg"],
    "sound.mp3": ["-vn", "-c:a", "libmp3lame", "-f", "mp3"],
    "sound.wav": ["-vn", "-c:a", "pcm_s16le", "-f", "wav"],
    "sound.flac": ["-vn", "-c:a", "flac", "-f", "flac"],
    "sound.aac": ["-vn", *AAC, "-f", "adts"],
    "sound.m4a": ["-vn", *AAC, "-f", "ipod"],
    # Well-made, and of no kind that is accepted.
    "loop.gif": ["-an", "-f", "gif"],
    "animated.png": ["-an", "-plays", "0", "-f", "apng"],
    "windows.asf": ["-c:v", "wmv2", "-c:a", "wmav2", "-f", "asf"],
    "studio.mxf": ["-r", "25", "-c:v", "mpeg2video", "-ar", "48000", "-c:a", "pcm_s16le", "-f",
                   "mxf"],
    "nut.nut": ["-c:v", "mpeg4", "-an", "-f", "nut"],
    # One picture each, of growing size.
    "still.jpg": ["-an", "-frames:v", "1", "-pix_fmt", "yuvj420p", "-f", "mjpeg"],
    "dot.jpg": ["-an", "-frames:v", "1", "-vf", "scale=16:16", "-pix_fmt", "yuvj420p", "-f", "mjpeg"],
    "large.jpg": ["-an", "-frames:v", "1", "-vf", "scale=640:360", "-pix_fmt", "yuvj422p", "-f",
                  "mjpeg"],
    "still.png": ["-an", "-frames:v", "1", "-c:v", "png", "-f", "image2pipe"],
    "pictures.ivf": ["-c:v", "libvpx", "-threads", "1", "-g", "1", "-frames:v", "10", "-an", "-f",
                     "ivf"],
}
UNACCEPTED = ("loop.gif", "animated.png", "windows.asf", "studio.mxf", "nut.nut", "still.jpg",
              "still.png", "pictures.ivf")
PARTS = ("dot.jpg", "large.jpg")
ACCEPTED = tuple(sorted(set(BOTH) - set(UNACCEPTED) - set(PARTS)))
MP4 = tuple(name for name in ACCEPTED if name.endswith((".mp4", ".mov", ".3gp", ".m4a")))


class Clips:
    """The clips' bytes by name, and what a hostile file may name: a file and a server."""

    def __init__(self, folder, canary, url):
        self.canary, self.url = canary, url
        self.bytes = {}
        for name, end in BOTH.items():
            path = os.path.join(folder, name)
            run = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *PICTURE, *TONE,
                                  "-shortest", *end, "-fflags", "+bitexact", "-flags:v", "+bitexact",
                                  "-flags:a", "+bitexact", path], capture_output=True, text=True)
            if run.returncode != 0:
                raise RuntimeError(f"ffmpeg cannot make {name}: {run.stderr.strip()}")
            with open(path, "rb") as file:
                self.bytes[name] = file.read()

    def __getitem__(self, name):
        return self.bytes[name]
