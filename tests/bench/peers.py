"""peers.py - what a person would type to get the same from the ffmpeg command, as well as it can be done."""
import os

SEGMENT = 4


def encoder(index, rung):
    rate = rung["bitrate"]
    return [f"-maxrate:v:{index}", str(rate), f"-bufsize:v:{index}", str(rate * 3 // 2)]


COMMON = ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "23",
          "-force_key_frames", f"expr:gte(t,n_forced*{SEGMENT})", "-x264-params", "scenecut=0:open-gop=0:keyint=infinite",
          "-c:a", "aac", "-b:a", "128k", "-ac", "2"]
HLS = ["-f", "hls", "-hls_segment_type", "fmp4", "-hls_time", str(SEGMENT), "-hls_playlist_type", "vod",
       "-hls_flags", "independent_segments"]


def size(rung):
    return f"scale={(rung['height'] * 16 // 9 + 1) // 2 * 2}:{rung['height']}"


def cascade(rungs):
    """Each size is made of the one above it."""
    steps, above = [], "0:v"
    for index, rung in enumerate(rungs):
        scale = "null" if index == 0 else size(rung)
        last = index == len(rungs) - 1
        steps.append(f"[{above}]{scale}" + (f"[v{index}]" if last else f",split=2[v{index}][s{index}]"))
        above = f"s{index}"
    return ";".join(steps)


def one_command(source, rungs, folder):
    """One decoder for all, and one master playlist."""
    maps, rates = [], []
    for index, rung in enumerate(rungs):
        maps += ["-map", f"[v{index}]"]
        rates += encoder(index, rung)
    groups = " ".join(f"v:{i},agroup:stereo" for i in range(len(rungs))) + " a:0,agroup:stereo"
    return ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", source, "-filter_complex", cascade(rungs),
            *maps, "-map", "0:a", *COMMON, *rates, *HLS, "-var_stream_map", groups,
            "-master_pl_name", "master.m3u8", os.path.join(folder, "%v.m3u8")]


def command_each(source, rungs, folder):
    """A run for each rendition, as scripts do."""
    for index, rung in enumerate(rungs):
        filters = [] if index == 0 else ["-vf", size(rung)]
        yield ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", source, "-map", "0:v", "-map", "0:a", *filters,
               *COMMON, *encoder(0, rung), *HLS, os.path.join(folder, f"{rung['name']}.m3u8")]
