#!/bin/sh
# make.sh - makes one small synthetic clip by name: make.sh NAME FILE; without arguments it lists the names.
#
# Each clip is one peculiarity that real uploads have. The picture is FFmpeg's test pattern, which
# has a moving part, sharp edges and a clock; the sound a tone, so that gaps and shifts are measurable.
set -eu

names="plain ten-seconds portrait mirrored upside-down interlaced varying anamorphic odd ten-bit
hdr full-range rgb no-sound no-picture surround mono late-sound late-picture sound-gap cover one-picture
one-pixel fast transport late-clock jumping-clock index-last truncated damaged huge many-streams
vp9 vp8 theora flash mpeg4-avi growing wide upright-film black-start two-apart slow-sound noise hls-text empty hollow cut-short four-tracks many-sounds quiet peaky loud-surround silent two-rates subtitles mov-subtitles hostile-subtitles captions beep beep-mp3 beep-opus
beep-late beep-jump beep-gap beep-wrap beep-drift beep-dark beep-mute beep-behind beep-noise"

if [ $# -ne 2 ]; then
	echo $names
	exit 2
fi
name=$1 file=$2
new="$file.new.$$"
trap 'rm -rf "$new" "$new".*' EXIT

# One call of the command; the same bytes each time.
make() {
	ffmpeg -nostdin -v error -y "$@"
}
# A white flash and a beep of 80 ms, both at every full second from the first on.
beep() { # SECONDS FORMAT SOUND...
	seconds=$1 format=$2
	shift 2
	make -f lavfi -i "color=black:size=160x90:rate=25:duration=$seconds,drawbox=color=white:t=fill:enable='lt(mod(t,1),0.07)*gte(t,0.9)'" \
		-f lavfi -i "aevalsrc='0.5*sin(2*PI*1000*t)*lt(mod(t*${slow:-1},1),0.08)*gte(t,0.9)':s=48000:d=$seconds" \
		-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25 "$@" $bare -f "$format" "$new"
}
picture() { # SIZE RATE SECONDS
	printf 'testsrc2=size=%s:rate=%s:duration=%s' "$1" "$2" "$3"
}
tone() { # SECONDS
	printf 'sine=frequency=440:sample_rate=48000:duration=%s' "$1"
}
h264="-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50"
aac="-c:a aac -b:a 96k -ac 2"
bare="-fflags +bitexact"

# A picture of 640x360, 25 in a second, and a tone: what most clips begin with.
base() { # SECONDS FORMAT EXTRA...
	seconds=$1 format=$2
	shift 2
	make -f lavfi -i "$(picture 640x360 25 "$seconds")" -f lavfi -i "$(tone "$seconds")" \
		$h264 $aac "$@" $bare -f "$format" "$new"
}

case $name in
plain) base 2 mp4 ;;
ten-seconds) base 10 mp4 -movflags +faststart ;;
index-last) base 4 mp4 ;;
portrait)
	base 2 mov
	make -i "$new" -c copy -metadata:s:v rotate=90 -f mov "$new.turned"
	mv "$new.turned" "$new"
	;;
upside-down)
	base 1 mov
	make -i "$new" -c copy -metadata:s:v rotate=180 -f mov "$new.turned"
	mv "$new.turned" "$new"
	;;
mirrored) # The first number of the picture's matrix becomes -1 instead of 1, its offset the width.
	base 1 mov
	python3 - "$new" <<-'PYTHON'
	import struct, sys
	data = bytearray(open(sys.argv[1], "rb").read())
	at = data.index(b"tkhd") + 4 + 40
	data[at:at + 36] = struct.pack(">9i", -65536, 0, 0, 0, 65536, 0, 640 << 16, 0, 1 << 30)
	open(sys.argv[1], "wb").write(data)
	PYTHON
	;;
interlaced)
	make -f lavfi -i "$(picture 720x576 50 2)" -vf "interlace=scan=tff,setfield=tff,setsar=16/15" \
		-c:v mpeg2video -flags +ildct+ilme -b:v 4M $bare -f mpegts "$new"
	;;
varying) # A still picture now and then, as screen recorders and telephones make it.
	base 4 matroska -vf "select='lt(mod(n,50),30)+not(mod(n,7))',setpts=PTS" -vsync vfr
	;;
anamorphic) base 1 mp4 -vf "scale=720:576,setsar=64/45" ;;
odd)
	make -f lavfi -i "$(picture 321x181 25 1)" -c:v mjpeg -q:v 3 -pix_fmt yuvj444p $bare -f avi "$new"
	;;
ten-bit)
	make -f lavfi -i "$(picture 640x360 25 1)" -c:v libx264 -preset ultrafast -pix_fmt yuv422p10le \
		$bare -f mp4 "$new"
	;;
hdr)
	make -f lavfi -i "$(picture 640x360 25 1)" \
		-vf "scale=out_color_matrix=bt709,format=yuv444p,setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv,zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt2020,zscale=t=smpte2084:m=bt2020nc:r=tv:npl=203,format=yuv420p10le" \
		-c:v libx265 -preset ultrafast -crf 12 -x265-params log-level=none -color_primaries bt2020 \
		-color_trc smpte2084 -colorspace bt2020nc $bare -tag:v hvc1 -f mp4 "$new"
	;;
full-range)
	make -f lavfi -i "$(picture 640x360 25 1)" -vf "scale=out_range=full" -c:v libx264 \
		-preset ultrafast -pix_fmt yuvj420p $bare -f mp4 "$new"
	;;
rgb)
	make -f lavfi -i "$(picture 320x180 25 1)" -c:v png -pix_fmt rgb24 $bare -f mov "$new"
	;;
no-sound) base 1 mp4 -an ;;
no-picture)
	make -f lavfi -i "$(tone 5)" $aac $bare -f ipod "$new"
	;;
surround)
	make -f lavfi -i "$(picture 320x180 25 2)" \
		-f lavfi -i "aevalsrc=0.1*sin(440*2*PI*t)|0.1*sin(550*2*PI*t)|0.2*sin(660*2*PI*t)|0|0|0:c=5.1:s=48000:d=2" \
		$h264 -c:a ac3 -b:a 384k -metadata:s:a language=ger $bare -f matroska "$new"
	;;
mono)
	make -f lavfi -i "$(picture 320x180 25 1)" -f lavfi -i "$(tone 1)" $h264 -c:a aac -ac 1 -ar 22050 \
		$bare -f mp4 "$new"
	;;
late-sound)
	make -f lavfi -i "$(picture 320x180 25 3)" -itsoffset 1.5 -f lavfi -i "$(tone 1.5)" \
		$h264 $aac $bare -f matroska "$new"
	;;
late-picture)
	make -itsoffset 1.5 -f lavfi -i "$(picture 320x180 25 2)" -f lavfi -i "$(tone 3.5)" \
		$h264 $aac $bare -f matroska "$new"
	;;
sound-gap) # A second without packets, then sound again where it belongs.
	base 4 matroska -af "aselect='lt(t,1.5)+gte(t,2.5)'"
	;;
cover)
	make -f lavfi -i "$(picture 500x500 1 1)" -frames:v 1 -f image2 -c:v mjpeg "$new.jpg"
	base 2 mp4
	make -i "$new" -i "$new.jpg" -map 1:v -map 0 -c copy -disposition:v:0 attached_pic $bare \
		-f mp4 "$new.covered"
	mv "$new.covered" "$new"
	;;
one-picture)
	make -f lavfi -i "$(picture 640x360 25 1)" -frames:v 1 $h264 $bare -f mp4 "$new"
	;;
one-pixel)
	make -f lavfi -i "$(picture 16x16 25 1)" -vf scale=1:1 -c:v png -pix_fmt rgb24 $bare -f mov "$new"
	;;
fast)
	make -f lavfi -i "$(picture 320x180 120 2)" $h264 $bare -f mp4 "$new"
	;;
transport) base 3 mpegts ;;
late-clock) base 3 mpegts -output_ts_offset 36000 ;;
jumping-clock) # Two recordings behind each other, as a recorder leaves them.
	base 2 mpegts -output_ts_offset 500
	mv "$new" "$new.first"
	base 2 mpegts -output_ts_offset 20
	cat "$new.first" "$new" >"$new.both"
	mv "$new.both" "$new"
	;;
truncated) # The index is at the end, which is missing.
	base 4 mp4
	head -c 60000 "$new" >"$new.cut"
	mv "$new.cut" "$new"
	;;
damaged) # Zeros over a part of the pictures.
	base 4 mpegts
	dd if=/dev/zero of="$new" bs=1000 seek=150 count=40 conv=notrunc 2>/dev/null
	;;
huge)
	make -f lavfi -i "color=gray:size=8192x8192:rate=25:duration=0.04" -c:v libx264 -preset ultrafast \
		-pix_fmt yuv420p $bare -f mp4 "$new"
	;;
many-streams)
	make -f lavfi -i "$(tone 1)" $(yes -- -map\ 0 | head -40) -c:a pcm_s16le $bare -f matroska "$new"
	;;
vp9)
	make -f lavfi -i "$(picture 320x180 30 2)" -f lavfi -i "$(tone 2)" -c:v libvpx-vp9 -deadline realtime \
		-cpu-used 8 -b:v 500k -c:a libopus $bare -f webm "$new"
	;;
vp8)
	make -f lavfi -i "$(picture 320x180 30 2)" -f lavfi -i "$(tone 2)" -c:v libvpx -deadline realtime \
		-cpu-used 8 -b:v 500k -c:a libvorbis $bare -f webm "$new"
	;;
theora)
	make -f lavfi -i "$(picture 320x180 25 2)" -f lavfi -i "$(tone 2)" -c:v libtheora -q:v 6 \
		-c:a libvorbis $bare -f ogg "$new"
	;;
flash)
	make -f lavfi -i "$(picture 320x180 25 2)" -f lavfi -i "$(tone 2)" -c:v flv1 -b:v 500k \
		-c:a libmp3lame -ar 44100 $bare -f flv "$new"
	;;
mpeg4-avi)
	make -f lavfi -i "$(picture 320x180 25 2)" -f lavfi -i "$(tone 2)" -c:v mpeg4 -bf 2 -b:v 500k \
		-c:a libmp3lame $bare -f avi "$new"
	;;
growing) # The size changes in the middle of the stream.
	make -f lavfi -i "$(picture 320x180 25 1)" $h264 $bare -f mpegts "$new.first"
	make -f lavfi -i "$(picture 640x360 25 1)" $h264 $bare -output_ts_offset 1 -f mpegts "$new.second"
	cat "$new.first" "$new.second" >"$new"
	;;
wide) make -f lavfi -i "$(picture 1920x804 24 0.5)" $h264 $bare -f mp4 "$new" ;;
upright-film) make -f lavfi -i "$(picture 404x720 25 1)" $h264 $bare -f mp4 "$new" ;;
black-start) # Black until a second and a half.
	base 6 mp4 -vf "drawbox=color=black:t=fill:enable='lt(t,1.5)'"
	;;
two-apart) # Two pictures, ten hours from each other.
	make -f lavfi -i "$(picture 320x180 25 0.08)" -vf "setpts=N*36000/TB" -vsync passthrough $h264 $bare -f mp4 "$new"
	;;
slow-sound) # The clock of the sound is half a per cent slow against its own times.
	make -f lavfi -i "$(picture 320x180 25 20)" -f lavfi -i "$(tone 20)" -af "asetpts=PTS*1.005" \
		$h264 -c:a pcm_s16le $bare -f matroska "$new"
	;;
hollow) # A whole index, and zeros where the pictures should be.
	base 2 mp4 -an -movflags +faststart
	python3 - "$new" <<-'PYTHON'
	import sys
	data = bytearray(open(sys.argv[1], "rb").read())
	at = data.index(b"mdat") + 4
	data[at:] = bytes(len(data) - at)
	open(sys.argv[1], "wb").write(data)
	PYTHON
	;;
cut-short) # The index is in front, and tells of more than there is.
	base 10 mp4 -movflags +faststart
	head -c 1000000 "$new" >"$new.cut"
	mv "$new.cut" "$new"
	;;
four-tracks) # A tone for each: 440 Hz commentary, 660 the default, 880 unknown, 1100 described.
	make -f lavfi -i "$(picture 320x180 25 2)" -f lavfi -i "$(tone 2)" \
		-f lavfi -i "sine=frequency=660:sample_rate=48000:duration=2" \
		-f lavfi -i "sine=frequency=880:sample_rate=44100:duration=2" \
		-f lavfi -i "sine=frequency=1100:sample_rate=48000:duration=2" \
		-map 0 -map 1 -map 2 -map 3 -map 4 $h264 -c:a aac -b:a 96k -ac:a:1 6 \
		-metadata:s:a:0 language=eng -metadata:s:a:0 title='The "director" speaks' \
		-metadata:s:a:1 language=ger -metadata:s:a:3 language=fre \
		-disposition:a:0 comment -disposition:a:1 default -disposition:a:2 0 \
		-disposition:a:3 visual_impaired $bare -f matroska "$new"
	;;
quiet) # About -38 LUFS, and far from any peak.
	make -f lavfi -i "$(picture 320x180 25 8)" -f lavfi -i "anoisesrc=color=pink:seed=7:duration=8:amplitude=0.1" \
		-af "volume=-12dB" $h264 -c:a flac $bare -f matroska "$new"
	;;
peaky) # A low hum with short strokes: about -21 LUFS, and peaks near -5 dB.
	make -f lavfi -i "$(picture 320x180 25 8)" -f lavfi -i "aevalsrc='0.05*sin(2*PI*300*t)+if(lt(mod(t,0.7),0.01),0.5*sin(2*PI*900*t),0)|0.05*sin(2*PI*250*t)':s=44100:d=8" \
		$h264 -c:a flac $bare -f matroska "$new"
	;;
loud-surround) # All six channels nearly full.
	make -f lavfi -i "$(picture 320x180 25 2)" \
		-f lavfi -i "aevalsrc=0.95*sin(440*2*PI*t)|0.95*sin(440*2*PI*t)|0.95*sin(440*2*PI*t)|0.95*sin(60*2*PI*t)|0.95*sin(440*2*PI*t)|0.95*sin(440*2*PI*t):c=5.1:s=48000:d=2" \
		$h264 -c:a flac $bare -f matroska "$new"
	;;
two-rates) # Pictures of two distances, without sound, beginning late.
	make -itsoffset 3 -f lavfi -i "$(picture 320x180 25 4)" -vf "select='lt(mod(n,50),30)+not(mod(n,7))'" \
		-vsync vfr $h264 $bare -f matroska "$new"
	;;
silent) make -f lavfi -i "anullsrc=r=48000:cl=stereo:d=3" $aac $bare -f ipod "$new" ;;
subtitles) # German forced signs in ASS, English in SubRip for the hard of hearing, beginning late.
	printf '1\n00:00:00,500 --> 00:00:01,500\nHello <i>you</i> & me\n\n2\n00:00:02,000 --> 00:00:03,250\ntwo\nlines\n' >"$new.srt"
	printf '[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\an8}Ausgang, {\\b1}jetzt{\\b0}\n' >"$new.ass"
	make -f lavfi -i "$(picture 320x180 25 4)" -f lavfi -i "$(tone 4)" -i "$new.ass" -i "$new.srt" \
		-map 0 -map 1 -map 2 -map 3 $h264 -c:a flac -c:s:0 ass -c:s:1 subrip -metadata:s:s:0 language=ger \
		-metadata:s:s:1 language=eng -metadata:s:s:1 title="English SDH" -disposition:s:0 forced \
		-disposition:s:1 default+hearing_impaired -output_ts_offset 7 $bare -f matroska "$new"
	;;
mov-subtitles)
	printf '1\n00:00:00,500 --> 00:00:01,500\nIn the middle\n' >"$new.srt"
	make -f lavfi -i "$(picture 320x180 25 2)" -i "$new.srt" -map 0 -map 1 $h264 -c:s mov_text \
		-metadata:s:s language=fra $bare -f mp4 "$new"
	;;
hostile-subtitles) # Markup, arrows, bytes that are no UTF-8, empty lines, overlaps, one without end.
	python3 - "$new.srt" <<-'PYTHON'
	import sys
	cues = [b"<script>alert(1)</script>", b"a --> b", b"\xff\xfe broken \xe9", b"x\n\n\ny", b"{\\i1}open",
	        "\u202eright to left\u202c \u0627\u0644".encode(), b"A" * 100000, b"<b>" * 5000 + b"deep"]
	with open(sys.argv[1], "wb") as file:
	    for i, text in enumerate(cues * 20):
	        at = i * 10 % 1500
	        file.write(b"%d\n00:00:%02d,%03d --> 00:00:%02d,%03d\n%s\n\n" % (
	            i + 1, at // 1000, at % 1000, 1 + at // 1000, at % 1000, text))
	PYTHON
	make -f lavfi -i "$(picture 320x180 25 2)" -sub_charenc_mode ignore -i "$new.srt" -map 0 -map 1 \
		$h264 -c:s copy -metadata:s:s language='en"/../x' -metadata:s:s title='"><b>' $bare -f matroska "$new"
	;;
captions) # CEA-608 in the pictures: each carries two characters of a roll-up caption.
	make -f lavfi -i "$(picture 320x180 30 2)" $h264 -bf 0 $bare -f h264 "$new"
	python3 - "$new" <<-'PYTHON'
	import re, sys
	text = "HELLO WORLD "
	pairs = [(0x14, 0x25), (0x14, 0x70)] + list(zip(map(ord, text[::2]), map(ord, text[1::2]))) + [(0x14, 0x2f)]
	odd = lambda c: c if bin(c).count("1") % 2 else c | 0x80
	out, pictures = b"", 0
	for unit in re.split(b"\x00\x00\x00\x01|\x00\x00\x01", open(sys.argv[1], "rb").read())[1:]:
	    if unit[0] & 31 in (1, 5):
	        a, b = pairs[pictures] if pictures < len(pairs) else (0, 0)
	        pictures += 1
	        body = b"\xb5\x00\x31GA94\x03\x41\xff\xfc" + bytes([odd(a), odd(b)]) + b"\xff"
	        message = b"\x06\x04" + bytes([len(body)]) + body + b"\x80"
	        out += b"\0\0\0\1" + re.sub(b"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", message)
	    out += b"\0\0\0\1" + unit
	open(sys.argv[1], "wb").write(out)
	PYTHON
	mv "$new" "$new.h264"
	make -r 30 -i "$new.h264" -c copy $bare -f mp4 "$new"
	;;
beep) beep 10 mp4 $aac ;;
beep-mp3) beep 10 mp4 -c:a libmp3lame -ac 1 ;;
beep-opus) beep 10 matroska -c:a libopus -ac 1 ;;
beep-late) # Hours after 0, the sound later than the pictures.
	beep 10 mpegts $aac -af "atrim=start=0.6" -output_ts_offset 36000
	;;
beep-jump) # Two recordings behind each other, as a recorder leaves them.
	beep 5 mpegts $aac -output_ts_offset 500
	mv "$new" "$new.first"
	beep 5 mpegts $aac -output_ts_offset 20
	cat "$new.first" "$new" >"$new.both"
	mv "$new.both" "$new"
	;;
beep-gap) # Nothing of the sound for twelve seconds.
	beep 20 mpegts $aac -af "aselect='lt(t,3.5)+gte(t,15.5)'"
	;;
beep-wrap) beep 10 mpegts $aac -output_ts_offset 95438 ;;
beep-dark) beep 10 mp4 $aac -vf "drawbox=color=black:t=fill" ;;
beep-mute) beep 10 mp4 $aac -af "volume=0" ;;
beep-behind) beep 10 mp4 $aac -af "adelay=200:all=1" ;;
beep-noise) beep 10 mp4 $aac -af "aeval=val(0)+0.4*(random(0)-0.5)" ;;
beep-drift) # The sound's clock is three thousandths slow against its own times; its beeps are right.
	slow=1.003
	beep 20 matroska -c:a pcm_s16le -af "asetpts=PTS*1.003,asetnsamples=480"
	;;
many-sounds)
	make -f lavfi -i "$(picture 320x180 25 1)" -f lavfi -i "$(tone 1)" -map 0 $(yes -- -map\ 1 | head -40) \
		$h264 -c:a pcm_s16le -metadata:s:a language=eng $bare -f matroska "$new"
	;;
empty) : >"$new" ;;
noise) head -c 200000 /dev/urandom >"$new" ;;
hls-text) printf '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nreal.mp4\n#EXT-X-ENDLIST\n' >"$new" ;;
*)
	echo "make.sh: no clip is named \"$name\"; there are: $names" >&2
	exit 2
	;;
esac
mv "$new" "$file"
