#!/bin/sh
# test.sh - the whole test suite, on a new Debian 12 machine as well: packages, clips, builds, tests.
#
#   ./test.sh          every test on a release build by gcc; builds by clang, with address + undefined
#                      and with thread sanitizers, each with the tests that it can judge
#   ./test.sh --quick  the release build alone
#
# Warnings are errors in all of them.
# Needs root or sudo for the packages that are missing. Everything it makes lies below build/.
set -eu
cd "$(dirname "$0")"

quick=no
case ${1-} in
'') ;;
--quick) quick=yes ;;
*)
	sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
	exit 2
	;;
esac

say() { printf '\n== %s\n' "$*"; }

# Builds and tests one configuration: configuration NAME "CMAKE OPTIONS" [CTEST OPTIONS …]
configuration() {
	name=$1
	options=$2
	shift 2
	say "$name: build"
	# shellcheck disable=SC2086
	cmake -S . --preset "${name%%-*}" -B "build/$name" -DVIDMILL_WERROR=ON -DVIDMILL_TESTS=ON \
		-DVIDMILL_CI=ON $options >"build/$name.log" 2>&1 || {
		cat "build/$name.log" >&2
		exit 1
	}
	cmake --build "build/$name"
	say "$name: tests"
	# One more than there are processors: many tests wait for most of their time.
	ctest --test-dir "build/$name" --output-on-failure --no-tests=error -j "$(($(nproc) + 1))" "$@"
}

say "packages"
tests/packages.sh test
mkdir -p build
say "clips"
tests/media/fetch.sh build/media
say "servers that judge the cloud plugins"
tests/servers/install.sh build/servers

# --fresh is newer than Debian's cmake: another compiler needs a cache of its own.
configuration release "-DCMAKE_C_COMPILER=gcc"
if [ "$quick" = no ]; then
	configuration release-clang "-DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++" -L 'unit|abi'
	# Whole processes under the sanitizers, and the servers once more, are: ctest --test-dir build/asan
	configuration asan "" -L 'unit|contract|api|fuzz' -LE server
	configuration tsan "" -L 'unit|contract|api' -LE server
fi
say "all tests passed"
