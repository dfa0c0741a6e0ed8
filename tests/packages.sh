#!/bin/sh
# packages.sh - installs what is missing of Debian's packages: packages.sh build | test | servers
#
# "build" is what it takes to build and run vidmill, "test" adds what the test
# suite needs, "servers" what the servers need that judge the cloud plugins. Asks
# the package registry for nothing when all is there.
set -eu

build="gcc libc6-dev cmake ninja-build pkg-config ca-certificates
 libconfig-dev libcurl4-openssl-dev libssl-dev libjansson-dev libsqlite3-dev
 libmicrohttpd-dev libseccomp-dev libxml2-dev libmongoc-dev libavcodec-dev libavformat-dev libavfilter-dev
 libavutil-dev libswscale-dev libswresample-dev"
tests="check g++ clang clang-format libclang-rt-14-dev python3 ffmpeg curl git procps
 binutils strace openssl webp"
servers="chromium python3-venv openjdk-17-jre-headless maven podman runc buildah mmdebstrap"

case ${1-} in
build) wanted=$build ;;
test) wanted="$build $tests" ;;
servers) wanted=$servers ;;
*)
	echo "usage: packages.sh build | test | servers" >&2
	exit 2
	;;
esac

missing=
for package in $wanted; do
	status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
	[ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

sudo=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || {
		echo "packages are missing and there is no sudo; as root: apt-get install$missing" >&2
		exit 1
	}
	sudo=sudo
fi
echo "installing Debian packages:$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $sudo apt-get update -q && $sudo apt-get install -q -y --no-install-recommends $missing; } \
	>"$log" 2>&1; then
	tail -n 20 "$log" >&2
	echo "the packages could not be installed; the lines above say why" >&2
	exit 1
fi
