#!/bin/sh
# outside.sh - installs vidmill into a temporary folder and builds the template twice against it.
#
#   outside.sh CMAKE BUILD_FOLDER TEMPLATE_FOLDER C_COMPILER
set -eu
cmake=$1 build=$2 template=$3 compiler=$4

outside=$(mktemp -d "${TMPDIR:-/tmp}/vidmill-template-XXXXXX")
trap 'rm -rf "$outside"' EXIT
trap 'exit 1' HUP INT TERM
prefix=$outside/prefix
cp -r "$template" "$outside/copy"
"$cmake" --install "$build" --prefix "$prefix" >"$outside/install.log" || {
	tail "$outside/install.log"
	exit 1
}
PATH=$prefix/bin:$PATH
# Nothing of the build tree may help.
unset VIDMILL_PLUGIN_PATH

judge() {
	echo "== $1"
	vidmill plugins "$1" | grep -q codec-template
	vidmill test-plugin "$1"
}

echo "== find_package"
cd "$outside/copy"
"$cmake" -S . -B build -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$compiler" \
	-DCMAKE_C_FLAGS="-Wall -Wextra -Wpedantic -Werror" >"$outside/configure.log"
"$cmake" --build build
judge "$outside/copy/build/codec-template.so"
ctest --test-dir build --output-on-failure

echo "== pkg-config"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name vidmill.pc)")
export PKG_CONFIG_PATH
# The flags are words, so they are not quoted.
"$compiler" -std=c17 -fPIC -shared -fvisibility=hidden $(pkg-config --cflags vidmill) \
	-o "$outside/codec-template.so" codec_template.c
judge "$outside/codec-template.so"

# Exactly one symbol goes out, and none of the host's comes in.
for plugin in "$outside/copy/build/codec-template.so" "$outside/codec-template.so"; do
	exported=$(nm -D --defined-only "$plugin" | sed 's/.* //')
	if [ "$exported" != vm_plugin_entry ]; then
		echo "$plugin exports: $exported"
		exit 1
	fi
done

# Installed beside the others it is found by its name.
"$cmake" --install build --prefix "$prefix" >>"$outside/install.log"
vidmill plugins codec-template | grep -q silence
vidmill plugins | grep -q codec-template
