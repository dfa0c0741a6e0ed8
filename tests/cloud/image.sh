#!/bin/sh
# image.sh - builds the image on a Debian 12 made here, without a registry: image.sh TAG [FILE]
#
# FILE is a pipeline file, which is put into the image as /etc/vidmill/pipeline.cfg, as a worker wants
# it; or a Dockerfile, which begins with ARG BASE and FROM ${BASE}: our image.
# Needs root, buildah, podman, runc and mmdebstrap. Environment: VIDMILL_SERVERS, the cache folder.
set -eu
[ $# -ge 1 ] || {
	sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
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

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
case ${2-} in
'')
	podman tag "localhost/vidmill:$sources" "$1"
	exit 0
	;;
*Dockerfile)
	cp "$2" "$folder/Dockerfile"
	;;
*)
	cp "$2" "$folder/pipeline.cfg"
	printf 'ARG BASE\nFROM ${BASE}\nCOPY pipeline.cfg /etc/vidmill/pipeline.cfg\n' >"$folder/Dockerfile"
	;;
esac
build --build-arg "BASE=localhost/vidmill:$sources" -t "$1" "$folder"
