#!/bin/sh
# build.sh - a plugin author's first hour: build.sh BUILD_FOLDER SOURCE_FOLDER
#
# Installs vidmill into a folder, builds the template outside the tree against
# it, by CMake and by pkg-config, and tests both plugins with the installed program.
set -eu
build=$1
source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

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
