#!/bin/sh
# image.sh - builds the image on a Debian 12 made here, without a registry: image.sh TAG [DOCKERFILE]
#
# DOCKERFILE adds to it what is in its folder, and begins with ARG BASE and FROM ${BASE}.
# Needs root, buildah, podman, runc and mmdebstrap. Environment: VIDMILL_SERVERS, the cache folder.
set -eu
[ $# -ge 1 ] || {
	sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
	exit 2
}
cd "$(dirname "$0")/../.."
cache=${VIDMILL_SERVERS:-build/servers}
export CONTAINERS_CONF="$PWD/tests/cloud/containers.conf"
base=localhost/vidmill-base:bookworm

podman image exists "$base" || {
	mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm "$cache/base.tar"
	podman import --quiet "$cache/base.tar" "$base" >/dev/null
	rm "$cache/base.tar"
}

# The way to the package registry is the machine's.
build() {
	buildah bud --isolation chroot --network host --quiet \
		-v /etc/apt:/etc/apt:ro -v /etc/ssl/certs:/etc/ssl/certs:ro "$@"
}

# The same sources are the same image.
sources=$(git ls-files -z --cached --others --exclude-standard \
	Dockerfile CMakeLists.txt core plugins pipelines 'tests/contract/*.[ch]' |
	xargs -0 sha256sum | sha256sum | cut -c1-16)
podman image exists "localhost/vidmill:$sources" ||
	build --build-arg "BASE=$base" -t "localhost/vidmill:$sources" .

tagged="localhost/vidmill:$sources"
if [ $# -eq 1 ]; then
	podman tag "$tagged" "$1"
else
	build --build-arg "BASE=$tagged" -t "$1" -f "$2" "$(dirname "$2")"
fi
