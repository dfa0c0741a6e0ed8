#!/bin/sh
# try.sh - builds vidmill and carries one real video through it, on this machine alone.
#
#   ./try.sh [VIDEO]
#
# Needs Debian 12 and root or sudo for the packages that are missing. Without
# VIDEO a clip of a Debian package is taken. Everything it makes lies below build/.
set -eu
cd "$(dirname "$0")"

say() { printf '\n== %s\n' "$*"; }

say "packages"
tests/packages.sh build

say "build"
if [ ! -f build/release/build.ninja ]; then
	cmake --preset release -DVIDMILL_TESTS=OFF >build.log 2>&1 || { cat build.log >&2; exit 1; }
	rm -f build.log
fi
cmake --build --preset release

video=${1-}
if [ -z "$video" ]; then
	say "a video"
	tests/media/fetch.sh build/media cockatoo.mp4
	video=build/media/cockatoo.mp4
fi

vidmill=$PWD/build/release/bin/vidmill
state=$PWD/build/try
mkdir -p "$state"
rm -f "$state/address"

say "server"
"$vidmill" serve --state "$state" --listen 127.0.0.1:0 --ready-file "$state/address" \
	2>"$state/serve.log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
while [ ! -s "$state/address" ]; do
	kill -0 "$server" 2>/dev/null || { cat "$state/serve.log" >&2; exit 1; }
	sleep 0.1
done
address=$(cat "$state/address")
echo "pipelines/local.cfg is served at $address, log in $state/serve.log"

say "upload and processing"
code=0
"$vidmill" upload "$video" --server "$address" || code=$?
[ "$code" -eq 0 ] || { tail -n 20 "$state/serve.log" >&2; exit "$code"; }

say "results"
id=$("$vidmill" list --limit 1 --json --server "$address" |
	sed -n 's/.*"id": *"\([0-9a-f]*\)".*/\1/p')
folder=$(dirname "$state/storage/objects/processed/$id"/*/manifest.json)
"$vidmill" show "$id" --server "$address"
find "$folder" -maxdepth 2 -type f | sort
echo
echo "playable results: $folder"
echo "play one:         ffplay $folder/web/720p.mp4"
echo "metadata:         $vidmill show $id --json (while the server runs), $state/meta"
