"""sources.py - the table: every kind of source that people have, and what is to come of each."""
from clips import CLIPS
from edits import cover_first, jumping, matrix, playlist, trimmed
from source import AAC, H264, Source, row

X265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none:crf=12"
MPEG2 = "-c:v mpeg2video -q:v 2 -g 12"
VP9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -crf 16 -b:v 0"
AV1 = "-c:v libsvtav1 -preset 12 -crf 16"
MP2 = "-c:a mp2 -b:a 192k"
PCM = "-c:a pcm_s16le"
# Fields of two moments in one picture, and one picture of two that shows the first of them.
FIELDS = "-flags +ildct+ilme"
TOP, BOTTOM, WHOLE = "tinterlace=mode=interleave_top", "tinterlace=mode=interleave_bottom", "framestep=2"
COMBS = {"combs": True, "filters": WHOLE}
PQ, HLG = "smpte2084", "arib-std-b67"
# A patch is of three pixels, and two of them share their colour.
SMALL = {"like": 0.83, "like_each": 0.8, "like_small": 0.8, "colours": 60}
# FFmpeg writes pictures beside Opus a little too late, by what an encoder of Opus puts before the sound.
BESIDE_OPUS = {"late_ms": 9}
# A list of pictures without times: what an encoder needs before them makes them late by one.
LIST = {"shift": 0.041}
# What an encoder takes away that is quicker than good.
LOSSY = {"like": 0.92, "like_each": 0.85, "like_small": 0.88, "colours": 8}


def hdr(name, why, transfer, video=X265, pixel="yuv420p10le", full=False, pictures=None, **how):
    """High dynamic range, made of pictures whose white is that of a page: 203 cd/m2."""
    stored = "scale=out_color_matrix=bt709,format=yuv444p,setparams=colorspace=bt709:color_primaries=bt709:" \
             "color_trc=bt709:range=tv,zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt2020," \
             f"zscale=t={transfer}:m=bt2020nc:r={'pc' if full else 'tv'}:npl=203"
    # What is as bright as a page stays nearly as it is; nearly is what these bounds say.
    wanted = {"like": 0.83, "like_each": 0.8, "like_small": 0.87, "colours": 10, "tags": ("bt709",) * 3}
    return row(name, why, stored=stored, video=f"{video} -color_range {'pc' if full else 'tv'}", matrix="rgb",
               pixel=pixel, tags=("bt2020nc", "bt2020", transfer), pictures={**wanted, **(pictures or {})},
               says=("high dynamic range mapped",), **how)


TURNED = [
    row("turned-90.mov", "a telephone held upright", upright=(240, 320), after=matrix(0, 1, -1, 0),
        pictures={"filters": "transpose=clock"}, says=("turned by 90 degrees",)),
    row("turned-180.mov", "a telephone held upside down", after=matrix(-1, 0, 0, -1),
        pictures={"filters": "hflip,vflip"}, says=("turned by 180 degrees",)),
    row("turned-270.mov", "held upright, the other way", upright=(240, 320), after=matrix(0, -1, 1, 0),
        pictures={"filters": "transpose=cclock"}, says=("turned by 270 degrees",)),
    row("mirrored.mp4", "a camera in front", after=matrix(-1, 0, 0, 1), pictures={"filters": "hflip"},
        says=("mirrored",)),
    row("upside-down.mp4", "mirrored from top to bottom", after=matrix(1, 0, 0, -1), pictures={"filters": "vflip"},
        says=("mirrored",)),
    row("turned-mirrored.mov", "a camera in front, held upright", upright=(240, 320), after=matrix(0, 1, 1, 0),
        pictures={"filters": "transpose=cclock_flip"}, says=("mirrored",)),
    row("turned-mirrored-2.mov", "the same, the other way", upright=(240, 320), after=matrix(0, -1, -1, 0),
        pictures={"filters": "transpose=clock_flip"}, says=("mirrored",)),
    row("turned-wide-pixels.mov", "turned, and its pixels are not square", size=(320, 240), upright=(240, 320),
        stored="scale=240:240,setsar=4/3", after=matrix(0, 1, -1, 0),
        pictures={"filters": "transpose=clock", "like": 0.9, "like_each": 0.85}),
]

FIELDS_OR_NOT = [
    row("fields-top.mp4", "the upper field first", rate="50", shown_rate="25", soft=True, stored=TOP, pictures=COMBS,
        video=f"{H264} {FIELDS} -x264-params tff=1", says=("deinterlaced",)),
    row("fields-bottom.mp4", "the lower field first", rate="50", shown_rate="25", soft=True, stored=BOTTOM,
        pictures=COMBS, video=f"{H264} {FIELDS} -x264-params bff=1", says=("deinterlaced",)),
    row("fields-tape.mpg", "MPEG-2 from a tape", rate="50", shown_rate="25", soft=True, stored=TOP, pictures=COMBS,
        video=f"{MPEG2} {FIELDS} -top 1", audio=MP2, says=("deinterlaced",)),
    row("fields-unsaid.mkv", "fields that say they are none", rate="50", shown_rate="25", soft=True,
        stored=TOP + ",setfield=prog", pictures=COMBS, says=("do not say so",)),
    row("fields-untrue.mp4", "pictures that say they are fields", soft=True, seconds=3,
        video=f"{H264} {FIELDS} -x264-params tff=1", says=("say they are interlaced, and are not",)),
]

RATES = [
    row("varying.mkv", "a screen recorder's distances", seconds=3,
        stored="select='lt(mod(n,50),30)+not(mod(n,7))'", words="-vsync vfr",
        pictures={"filters": "select='lt(mod(n,50),30)+not(mod(n,7))'",
                  "times": [n / 25 for n in range(75) if n % 50 < 30 or n % 7 == 0], "end": None}),
    row("varying.mp4", "the same of a telephone", seconds=3,
        stored="select='lt(mod(n,50),30)+not(mod(n,7))'", words="-vsync vfr",
        pictures={"filters": "select='lt(mod(n,50),30)+not(mod(n,7))'",
                  "times": [n / 25 for n in range(75) if n % 50 < 30 or n % 7 == 0], "end": None}),
    row("rate-120.mp4", "a telephone's slow motion", rate="120", seconds=1),
    row("rate-1.mp4", "a picture in a second", rate="1", seconds=3),
    row("rate-film.mp4", "24000/1001", rate="24000/1001", seconds=1.001),
    row("rate-tv.mp4", "30000/1001", rate="30000/1001", seconds=1.001),
    row("rate-60.mkv", "60000/1001, of rounded times", rate="60000/1001", seconds=1.001),
    row("one-picture.mp4", "a clip of one picture", seconds=0.04,
        sound={"is_film": False, "late_ms": None}),
    row("one-picture-sound.mp4", "one picture, and sound for longer", seconds=0.04, sound_seconds=2),
    row("two-pictures.mkv", "a clip of two pictures", seconds=0.08, tracks=()),
]

FORMATS = [
    row("ten-bit.mp4", "H.264 of 10 bits", pixel="yuv420p10le"),
    row("ten-bit-hevc.mkv", "HEVC of 10 bits", video=X265, pixel="yuv420p10le"),
    row("twelve-bit-hevc.mkv", "HEVC of 12 bits and 4:2:2", video=X265, pixel="yuv422p12le"),
    row("422.mp4", "4:2:2", pixel="yuv422p"),
    row("422-ten-bit.mp4", "a camera's 4:2:2 of 10 bits", pixel="yuv422p10le"),
    row("444.mp4", "a screen's 4:4:4", pixel="yuv444p"),
    row("444-ten-bit.mkv", "4:4:4 of 10 bits", pixel="yuv444p10le"),
    row("gray.mp4", "without colours", pixel="gray", pictures={"filters": "hue=s=0", "colours": 12}),
    row("rgb.mkv", "H.264 of RGB", video="-c:v libx264rgb -preset ultrafast -qp 4", matrix="rgb", pixel="gbrp"),
    row("gray-ten-bit.mkv", "without colours, of 10 bits", pixel="gray10le",
        pictures={"filters": "hue=s=0", "colours": 12}),
    row("gray-png.mov", "pictures of PNG without colours", video="-c:v png", pixel="gray", full=True,
        pictures={"filters": "hue=s=0", "colours": 12}),
    row("gray-mjpeg.avi", "JPEG without colours", video="-c:v mjpeg -q:v 2", pixel="gray", full=True, audio=PCM,
        pictures={"filters": "hue=s=0", "colours": 12}),
    row("palette-png.mov", "PNG of 256 colours", video="-c:v png", matrix="rgb", pixel="rgb8,format=pal8",
        pictures={"like": 0.88, "like_each": 0.86}),
    row("deep-png.mov", "PNG of 48 bits", video="-c:v png", matrix="rgb", pixel="rgb48be"),
    row("rgb-ten-bit.mkv", "HEVC of RGB, 10 bits", video=X265, matrix="rgb", pixel="gbrp10le"),
    row("png.mov", "pictures of PNG with transparency", video="-c:v png", matrix="rgb", pixel="rgba"),
    row("raw-rgb.avi", "raw RGB, upside down", video="-c:v rawvideo", audio=PCM, matrix="rgb", pixel="bgr24",
        seconds=1),
    row("raw-yuv.mov", "raw 4:2:2, packed", video="-c:v rawvideo -tag:v 2vuy", pixel="uyvy422", seconds=1),
    row("full-range.mp4", "full range, as telephones have", full=True, pixel="yuvj420p"),
    row("full-range-709.mkv", "full range and BT.709, in the stream alone", full=True, matrix="bt709",
        tags=("bt709", "bt709", "bt709"), pictures={"tags": ("bt709", "bt709", "bt709")}),
    row("full-range-ten-bit.mkv", "full range of 10 bits", full=True, video=X265, pixel="yuv420p10le"),
    row("bt601.mp4", "BT.601 of American television", tags=("smpte170m",) * 3,
        pictures={"tags": ("smpte170m",) * 3}),
    row("bt601-pal.mp4", "BT.601 of European television", tags=("bt470bg", "bt470bg", "gamma28"),
        pictures={"tags": ("bt470bg", "bt470bg", "bt470bg")}),
    row("bt709-small.mp4", "BT.709 of a size that is taken for BT.601", matrix="bt709", tags=("bt709",) * 3,
        pictures={"tags": ("bt709",) * 3}),
    row("bt709-unsaid.mp4", "high definition that does not say so", size=(1280, 720), matrix="bt709", seconds=0.4,
        pictures={"tags": ("bt709",) * 3}, sound={"is_film": False}, says=("colours taken for bt709",)),
    row("bt2020.mkv", "BT.2020 of the usual dynamic range", video=X265, matrix="bt2020", pixel="yuv420p10le",
        tags=("bt2020nc", "bt2020", "bt2020-10"), pictures={"tags": ("bt2020nc", "bt2020", "bt2020-10")}),
    hdr("hdr-pq.mp4", "HDR10", PQ),
    hdr("hdr-pq-av1.mp4", "HDR10 of AV1", PQ, video=AV1),
    hdr("hdr-hlg.mov", "HLG, as telephones have", HLG),
    hdr("hdr-turned.mov", "a telephone held upright, in HLG", HLG, video=X265 + " -tag:v hvc1", upright=(240, 320),
        after=matrix(0, 1, -1, 0), pictures={"filters": "transpose=clock"}),
    hdr("hdr-422.mkv", "HDR10 of a camera, 4:2:2", PQ, pixel="yuv422p10le"),
    hdr("hdr-full.mkv", "PQ of full range", PQ, full=True),
]

SIZES = [
    row("one-pixel.mkv", "1x1", stored="scale=1:1:flags=area", video="-c:v ffv1", pixel="yuv444p", seconds=1,
        upright=(2, 2), pictures={"filters": "scale=1:1:flags=area", "small": None}),
    row("two-pixels.mp4", "2x2", stored="scale=1:1:flags=area,scale=2:2", seconds=1, upright=(2, 2),
        pictures={"filters": "scale=1:1:flags=area", "small": None}),
    row("sixteen.mp4", "16x16", size=(16, 16), seconds=1, pictures={**SMALL, "small": None}),
    row("odd.mkv", "odd both ways", size=(321, 241), pixel="yuv444p"),
    row("odd-wide.mkv", "odd both ways, scaled", size=(435, 245), pixel="yuv444p"),
    row("odd-height.mov", "odd of height", size=(320, 239), video="-c:v png", matrix="rgb", pixel="rgb24", seconds=1),
    row("wide-pixels.mp4", "pixels of 16:11, from a tape", size=(384, 288), upright=(384, 288),
        stored="scale=264:288,setsar=16/11", pictures={"like": 0.88, "like_each": 0.85}),
    row("tall-pixels.mkv", "pixels of 3:4", size=(240, 320), upright=(240, 320), stored="scale=320:320,setsar=3/4",
        pictures={"like": 0.9, "like_each": 0.85}),
    row("very-wide.mp4", "16:1", size=(1024, 64), seconds=1, pictures=SMALL),
    row("very-tall.mp4", "1:16", size=(64, 1024), seconds=1, pictures=SMALL),
    row("large.mp4", "1920x1080", size=(1920, 1080), seconds=0.4, matrix="bt709", sound={"is_film": False}),
]

SOUNDS = [
    row("no-sound.mp4", "pictures alone", tracks=()),
    row("mono.mp4", "one channel", tracks=(("mono", None),)),
    row("surround.mkv", "5.1 of a film", tracks=(("5.1", "eng"),), audio="-c:a ac3 -b:a 448k"),
    row("surround.mp4", "5.1 of AAC", tracks=(("5.1", "eng"),), audio="-c:a aac -b:a 384k"),
    row("surround-7.1.mkv", "7.1", tracks=(("7.1", None),), audio="-c:a flac", sound={"even": "5.1"}),
    row("surround-6.1.mkv", "6.1", tracks=(("6.1", None),), audio="-c:a flac", sound={"even": "5.1"}),
    row("surround-3.0.mkv", "3.0", tracks=(("3.0", None),), audio="-c:a flac"),
    row("surround-4.0.mkv", "4.0", tracks=(("4.0", None),), audio="-c:a flac"),
    # AAC that every player has knows one layout of each number of channels.
    row("surround-quad.mkv", "four corners", tracks=(("quad", None),), audio="-c:a flac", sound={"even": "4.0"}),
    row("surround-2.1.mkv", "two and a low one", tracks=(("2.1", None),), audio="-c:a flac", sound={"even": "3.0"}),
    row("four-tracks.mkv", "four languages", audio="-c:a flac",
        tracks=(("stereo", "eng"), ("5.1", "ger"), ("mono", "fre"), ("stereo", "jpn"))),
    row("four-tracks.mp4", "four languages of an MP4",
        tracks=(("stereo", "eng"), ("stereo", "ger"), ("stereo", "fre"), ("mono", "jpn"))),
    row("sound-later.mkv", "the sound begins later", sound_late=0.7, sound_seconds=1.3),
    row("sound-shorter.mp4", "the sound ends before", sound_seconds=1.2),
    row("sound-longer.mp4", "the sound goes on", sound_seconds=3),
    row("sound-8000.mov", "a telephone call", sound_rate=8000, tracks=(("mono", None),), audio="-c:a pcm_mulaw"),
    row("sound-22050.mp4", "an old clip's rate", sound_rate=22050),
    row("sound-96000.mkv", "a studio's rate and 24 bits", sound_rate=96000, audio="-c:a flac -sample_fmt s32"),
    row("sound-mp3.mp4", "MP3", audio="-c:a libmp3lame -b:a 192k"),
    row("sound-mp3.avi", "MP3 in AVI, whose delay it does not know", audio="-c:a libmp3lame -b:a 192k",
        sound={"late_ms": 25}, pictures=LIST),
    row("sound-eac3.mkv", "E-AC-3", audio="-c:a eac3 -b:a 256k", sound={"late_ms": 8}),
    row("sound-opus.mkv", "Opus", audio="-c:a libopus -b:a 128k", sound=BESIDE_OPUS),
    row("sound-vorbis.mkv", "Vorbis", audio="-c:a libvorbis -q:a 6"),
    row("sound-alac.mov", "ALAC", audio="-c:a alac"),
    row("sound-pcm-24.mov", "PCM of 24 bits, big end first", audio="-c:a pcm_s24be"),
    row("sound-float.mkv", "PCM of floating point", audio="-c:a pcm_f32le"),
    row("sound-dts.mkv", "DTS", audio="-c:a dca -strict -2 -b:a 768k", sound={"late_ms": 12}),
    row("sound-adpcm.avi", "ADPCM", audio="-c:a adpcm_ima_wav"),
    row("sound-mp2.mkv", "MP2", audio=MP2, sound={"late_ms": 12}),
    row("sound-u8.avi", "PCM of 8 bits and 11025 Hz", audio="-c:a pcm_u8", sound_rate=11025,
        tracks=(("mono", None),), sound={"loudness": 1.5}),
    row("alone.m4a", "sound alone: AAC", video=None),
    row("alone.mp3", "sound alone: MP3", video=None, audio="-c:a libmp3lame -b:a 192k"),
    row("alone.wav", "sound alone: PCM", video=None, audio=PCM),
    row("alone.flac", "sound alone: FLAC", video=None, audio="-c:a flac"),
    row("alone.ogg", "sound alone: Vorbis", video=None, audio="-c:a libvorbis -q:a 6"),
    row("alone.opus", "sound alone: Opus", video=None, audio="-c:a libopus -b:a 128k"),
    row("alone.aac", "sound alone: AAC without a container", video=None, sound={"late_ms": 25}),
]

TEXTS = [
    row("text-srt.mkv", "SubRip", texts=("eng",), text_codec="subrip"),
    row("text-ass.mkv", "ASS", texts=("eng",), text_codec="ass"),
    row("text-vtt.mkv", "WebVTT", texts=("eng",), text_codec="webvtt"),
    row("text-mov.mp4", "an MP4's own", texts=("eng",), text_codec="mov_text"),
    row("text-two.mkv", "of two languages", texts=("eng", "ger"), text_codec="subrip"),
    row("text-vtt.webm", "WebVTT of WebM", texts=("eng",), text_codec="webvtt", video=VP9, audio="-c:a libopus",
        pictures=LOSSY, sound=BESIDE_OPUS),
]

CLOCKS = [
    row("late.ts", "ten hours after 0", words="-output_ts_offset 36000"),
    row("late.mkv", "seven seconds after 0", words="-output_ts_offset 7"),
    row("late.mp4", "seven seconds after 0", words="-output_ts_offset 7"),
    row("wrapping.ts", "the clock's 33 bits end in the middle", words="-output_ts_offset 95442.7 -muxdelay 0"),
    row("jumping.ts", "two recordings behind each other, a clock each", audio=PCM, words="-f matroska",
        after=jumping(f"{H264} {AAC}", 1, 20), sound={"late_ms": 25}),
    # The second begins where all of the first is over, and its sound is a packet longer than its pictures.
    row("jumping-back.ts", "the same, and the second clock is a little behind", audio=PCM, words="-f matroska",
        after=jumping(f"{H264} {AAC}", 1, 499), sound={"late_ms": 25}, pictures={"apart": 0.022}),
    row("before-zero.mkv", "decoding begins before 0",
        video="-c:v libx264 -preset veryfast -qp 12 -bf 3"),
    row("trimmed.mp4", "a telephone's, trimmed: what goes before is there and not shown", after=trimmed(0.52),
        pictures={"filters": "trim=start_frame=13", "times": [i / 25 for i in range(37)], "end": 1.48},
        sound={"begin": -0.52}),
    row("b-pyramid.mp4", "pictures far out of order",
        video="-c:v libx264 -preset veryfast -qp 12 -bf 8 -x264-params b-pyramid=normal:open-gop=1:keyint=20"),
]

PACKED = [
    row("fragmented.mp4", "in fragments", words="-movflags frag_keyframe+empty_moov+default_base_moof"),
    row("index-first.mp4", "its index in front", words="-movflags +faststart"),
    row("quicktime.mov", "QuickTime", audio="-c:a pcm_s16be"),
    row("video.m4v", "of a shop", words="-f ipod"),
    row("old.3gp", "an old telephone's", size=(352, 288), video="-c:v h263 -q:v 2", words="-f 3gp"),
    row("video.ts", "a transport stream"),
    row("video.m2ts", "of a disc: packets of 192 bytes", words="-mpegts_m2ts_mode 1"),
    row("video.flv", "Flash, with H.264", audio="-c:a aac -ar 44100", sound_rate=44100),
    row("sorenson.flv", "Flash, with Sorenson's", video="-c:v flv1 -q:v 2", audio="-c:a libmp3lame -ar 44100",
        sound_rate=44100, sound={"late_ms": 30}, pictures=LOSSY),
    row("program.mpg", "a program stream", video=MPEG2, audio=MP2, sound={"late_ms": 25}),
    row("program-1.mpg", "MPEG-1", video="-c:v mpeg1video -q:v 2", audio=MP2, sound={"late_ms": 25}),
    row("theora.ogg", "Theora", video="-c:v libtheora -q:v 9", audio="-c:a libvorbis", pictures=LOSSY),
    row("vp8.webm", "VP8", video="-c:v libvpx -deadline realtime -cpu-used 8 -crf 10 -b:v 4M", audio="-c:a libvorbis",
        pictures=LOSSY),
    row("vp9.webm", "VP9", video=VP9, audio="-c:a libopus", pictures=LOSSY, sound=BESIDE_OPUS),
    row("vp9-ten-bit.webm", "VP9 of 10 bits", video=VP9 + " -profile:v 2", pixel="yuv420p10le", audio="-c:a libopus",
        pictures=LOSSY, sound=BESIDE_OPUS),
    row("vp9-full-range.webm", "VP9 of full range", video=VP9, full=True, audio="-c:a libopus", pictures=LOSSY,
        sound=BESIDE_OPUS),
    row("av1.mp4", "AV1", video=AV1, pictures=LOSSY),
    row("av1.webm", "AV1 of ten bits", video=AV1, pixel="yuv420p10le", audio="-c:a libopus", pictures=LOSSY,
        sound=BESIDE_OPUS),
    row("hevc.mp4", "HEVC", video=X265 + " -tag:v hvc1"),
    row("hevc.ts", "HEVC in a transport stream", video=X265),
    row("hevc.mov", "HEVC, its parameters in the stream", video=X265 + " -tag:v hev1"),
    row("mpeg4.avi", "MPEG-4 part 2", video="-c:v mpeg4 -q:v 2 -bf 2", audio=PCM,
        sound={"late_ms": 41}, pictures=LIST),
    row("mpeg4.mp4", "MPEG-4 part 2 in MP4", video="-c:v mpeg4 -q:v 2"),
    row("msmpeg4.avi", "Microsoft's MPEG-4", video="-c:v msmpeg4 -q:v 2", audio=PCM, pictures=LOSSY),
    row("mjpeg.avi", "a photo camera's", video="-c:v mjpeg -q:v 2", pixel="yuvj422p", full=True, audio=PCM),
    row("mjpeg.mov", "a photo camera's, in a movie", video="-c:v mjpeg -q:v 2", pixel="yuvj420p", full=True, audio=PCM),
    row("prores.mov", "ProRes", video="-c:v prores_ks -profile:v 2", pixel="yuv422p10le", audio="-c:a pcm_s24le"),
    row("prores-4444.mov", "ProRes with transparency", video="-c:v prores_ks -profile:v 4", pixel="yuva444p10le",
        audio=PCM),
    row("dnxhd.mov", "DNxHR", video="-c:v dnxhd -profile:v dnxhr_hq", pixel="yuv422p", size=(480, 270), matrix="bt709",
        audio=PCM),
    row("ffv1.mkv", "of an archive", video="-c:v ffv1", audio="-c:a flac"),
    row("ffv1-ten-bit.avi", "of an archive, 4:2:2 of 10 bits", video="-c:v ffv1", pixel="yuv422p10le", audio=PCM),
    row("dv.avi", "of a camcorder", size=(768, 576), seconds=1, stored="scale=720:576,setsar=16/15",
        video="-c:v dvvideo", audio=PCM, pictures=LOSSY),
    row("cover-first.mp4", "a picture of the album before the film", after=cover_first),
    row("cover.mp3", "sound with a picture of the album", video=None, audio="-c:a libmp3lame -b:a 192k",
        after=cover_first),
    row("baseline.mp4", "H.264 of the plainest", video=H264 + " -profile:v baseline"),
]

NO_MEDIA = ("bad_media", "not a media file of a kind that is accepted")
NO_CODEC = ("unsupported", "not a codec that is accepted")
# What cannot work, and why not: every demuxer and decoder is one more that a stranger's bytes may break.
REFUSED = [
    row("still.jpg", "a picture is no video", tracks=(), seconds=0.04, video="-c:v mjpeg", pixel="yuvj420p",
        refused=NO_MEDIA),
    row("still.png", "a picture is no video", tracks=(), seconds=0.04, video="-c:v png", matrix="rgb", pixel="rgb24",
        refused=NO_MEDIA),
    row("moving.gif", "an animation for a page, of 256 colours", tracks=(), video="-c:v gif", matrix="rgb",
        pixel="rgb8", refused=NO_MEDIA),
    row("raw.y4m", "raw pictures between two programs: an hour is 600 GB", tracks=(), video="-c:v wrapped_avframe",
        words="-f yuv4mpegpipe", refused=NO_MEDIA),
    row("media.wmv", "Windows Media: its decoders are little looked after, and its people export MP4",
        video="-c:v wmv2 -q:v 2", audio="-c:a wmav2", words="-f asf", refused=NO_MEDIA),
    row("studio.mxf", "a studio's exchange of MXF: what a studio delivers is ProRes or XDCAM in a movie",
        video="-c:v mpeg2video -q:v 2", audio=PCM, words="-f mxf", refused=NO_MEDIA),
    row("sound-unknown.mkv", "WavPack: a video that lost its sound without a word is none", audio="-c:a wavpack",
        refused=NO_CODEC),
    row("huffyuv.avi", "a capture card's codec: FFV1 took its place", video="-c:v huffyuv", pixel="yuv422p", audio=PCM,
        refused=NO_CODEC),
    Source("list.m3u8", "a text that names other files would make us read them", playlist, refused=NO_MEDIA),
]

SOURCES = CLIPS + TURNED + FIELDS_OR_NOT + RATES + FORMATS + SIZES + SOUNDS + TEXTS + CLOCKS + PACKED + REFUSED
