#!/bin/sh
# catches.sh - the suites find what is wrong: mocks are told to break promises, case by case.
#
#   catches.sh PROGRAM FOLDER_OF_MOCKS
set -eu
program=$1 mocks=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# What the test-plugin of a mock prints and ends with: mock, script, filter, more arguments.
run() {
	mock=$1 filter=$3
	printf 'script = ( { %s } );\n' "$2" >"$work/script.cfg"
	shift 3
	code=0
	"$program" test-plugin "$mocks/$mock.so" --config "$work/script.cfg" --filter "$filter" "$@" \
		>"$work/out" 2>"$work/err" || code=$?
}

# The run that was made has failed, and its output has this line (a pattern of grep).
finds() {
	if [ "$code" -ne 1 ] || ! grep -q "$1" "$work/out"; then
		echo "not found: $1 (exit code $code)"
		cat "$work/out" "$work/err"
		failures=$((failures + 1))
	fi
}

run storage-mock 'operation = "put"; answer = "unavailable";' replace
finds '^FAILED   replace: storage_kit.c:[0-9]*: .*: expected ok, answered unavailable: put: '
finds '^0 passed, 1 failed, 0 skipped$'

run storage-mock 'operation = "stat"; answer = "kill";' not-found
finds '^FAILED   not-found: crashed: Killed (the promise: VM_ERR_NOT_FOUND when'

run storage-mock 'operation = "put"; answer = "kill";' put-if-absent-race
finds '^FAILED   put-if-absent-race: .*another process of the case crashed: Killed'

run storage-mock 'operation = "read_at"; answer = "hang";' ranges --deadline 2
finds '^FAILED   ranges: hung: no end after 2 s'

# A lost reply is what this answers for; a plugin may not do it where nothing was lost.
run meta-mock 'operation = "put"; call = 2; answer = "timeout"; after = true;' put-get
finds '^FAILED   put-get: .*expected ok, answered timeout'

run meta-mock 'operation = "put"; call = 3; times = 1; answer = "ok"; delay = "2h";' odd-ids \
	--deadline 2
finds '^FAILED   odd-ids: hung'

run queue-mock 'operation = "extend"; answer = "conflict";' give-back
finds '^FAILED   give-back: .*expected ok, answered conflict'

run compute-mock 'operation = "start"; call = 2; answer = "throttled";' same-token
finds '^FAILED   same-token: .*expected ok, answered throttled'

run codec-mock 'operation = "run"; answer = "bad_data";' source-fails
finds '^FAILED   source-fails: .*expected unavailable, answered bad data'

run codec-mock 'operation = "verify"; answer = "kill";' 'verify*' --json
finds '"failed":2,"skipped":0}$'

# No case at all is no success.
run codec-mock 'operation = "run";' 'no-such-*'
finds '^0 passed, 0 failed, 0 skipped$'

exit "$failures"
