#!/bin/sh
# build.sh - a plugin author's first hour: build.sh BUILD_FOLDER SOURCE_FOLDER
#
# Installs vidmill into a folder, builds the template outside the tree against
# it, by CMake and by pkg-config, tests both plugins with the installed program, and runs one of them
# in a pipeline: all that docs/writing-a-plugin.md tells its reader to do.
set -eu
build=$1
source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The one build program that the packages bring.
export CMAKE_GENERATOR=Ninja

cmake --install "$build" --prefix "$work/vidmill" >/dev/null
cp -r "$source/plugins/template" "$work/template"

echo "== by CMake"
cmake -S "$work/template" -B "$work/template/build" -DCMAKE_PREFIX_PATH="$work/vidmill" >/dev/null
cmake --build "$work/template/build" >/dev/null
by_cmake=$(find "$work/template/build" -name codec-peak.so)

echo "== by pkg-config"
pc=$(dirname "$(find "$work/vidmill" -name vidmill.pc)")
by_pkg_config=$work/codec-peak.so
# shellcheck disable=SC2046
cc -std=c17 -Wall -Wextra -Werror -shared -fPIC -fvisibility=hidden -Wl,-z,defs \
	$(PKG_CONFIG_PATH=$pc pkg-config --cflags vidmill) -o "$by_pkg_config" \
	"$work/template/codec_peak.c"

for plugin in "$by_cmake" "$by_pkg_config"; do
	symbols=$(nm -D --defined-only "$plugin" | awk '{ print $3 }')
	[ "$symbols" = vm_plugin_entry ] || { echo "$plugin exports: $symbols" >&2; exit 1; }
	"$work/vidmill/bin/vidmill" plugins "$plugin"
	"$work/vidmill/bin/vidmill" test-plugin "$plugin"
done

echo "== in a pipeline"
cat >"$work/my.cfg" <<'END'
storage = { plugin = "storage-local"; };
queue   = { plugin = "queue-local"; };
compute = { plugin = "compute-local"; };
meta    = { plugin = "meta-local"; };

stages  = ( { name = "loudness"; plugin = "codec-peak"; label = "loudest:"; } );
END
# A second of silence: 16,000 samples of 16 bits behind the header that everybody writes.
{
	printf 'RIFF\044\175\0\0WAVEfmt \020\0\0\0\001\0\001\0\200\076\0\0\0\175\0\0\002\0\020\0'
	printf 'data\0\175\0\0'
	head -c 32000 /dev/zero
} >"$work/silence.wav"
VIDMILL_PLUGIN_PATH=$(dirname "$by_cmake"):$(dirname "$(find "$work/vidmill" -name storage-local.so)")
export VIDMILL_PLUGIN_PATH
PATH=$work/vidmill/bin:$PATH
vidmill check "$work/my.cfg"
vidmill serve "$work/my.cfg" --state "$work/state" --listen 127.0.0.1:0 \
	--ready-file "$work/ready" 2>"$work/log" &
server=$!
trap 'kill "$server" 2>/dev/null; cat "$work/log"; rm -rf "$work"' EXIT
until [ -s "$work/ready" ]; do
	kill -0 "$server"
	sleep 0.1
done
VIDMILL_SERVER=$(cat "$work/ready")
export VIDMILL_SERVER
vidmill upload "$work/silence.wav"
[ "$(cat "$work"/state/storage/objects/processed/*/*/loudness/peak.txt)" = "loudest: 0 of 32768" ]
kill "$server"
wait "$server"
trap 'rm -rf "$work"' EXIT
