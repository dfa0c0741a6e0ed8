#!/bin/sh
# newcomer.sh - does what the README says on a minimal Debian 12 that has nothing else: newcomer.sh [try|test]
#
# Makes the root with mmdebstrap, clones the committed tree into it, and runs the
# README's commands there. Needs root, mmdebstrap and the package registry.
set -eu
cd "$(dirname "$0")/.."

what=${1:-all}
root=$(mktemp -d "${TMPDIR:-/tmp}/vidmill-newcomer.XXXXXX")
mounts=

finish() {
	code=$?
	for place in $mounts; do umount -R -l "$root/$place" || code=1; done
	[ -n "${KEEP_ROOT-}" ] || rm -rf --one-file-system "$root"
	exit "$code"
}
trap finish EXIT

echo "== a minimal Debian 12 in $root"
mmdebstrap --quiet --variant=minbase bookworm "$root"
for place in proc dev; do
	mount --rbind "/$place" "$root/$place" && mount --make-rslave "$root/$place"
	mounts="$place $mounts"
done
# The way to the package registry is the machine's.
cp /etc/resolv.conf "$root/etc/resolv.conf"
# What every machine's installer writes and a bare root lacks.
printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
for place in /etc/apt /usr/local/share/ca-certificates /etc/ssl/certs; do
	[ -d "$place" ] && mkdir -p "$root$place" && cp -rL "$place/." "$root$place/"
done

git clone -q --no-local . "$root/vidmill"

inside() {
	chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		HOME=/root TERM=dumb ${http_proxy:+http_proxy="$http_proxy"} \
		${https_proxy:+https_proxy="$https_proxy"} sh -c "cd /vidmill && $1"
}

case $what in
try | all)
	echo "== ./try.sh"
	inside ./try.sh
	echo "== ./try.sh, again"
	inside ./try.sh
	;;
esac
case $what in
test | all)
	echo "== ./test.sh"
	inside ./test.sh
	;;
esac
echo "== a newcomer succeeds"
