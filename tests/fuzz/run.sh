#!/bin/sh
# run.sh - each fuzz target for a while, with clang's libFuzzer and the sanitizers.
#
#   tests/fuzz/run.sh [--seconds N] [--keep] [TARGET …]
#
# Builds in build/fuzz. What reaches new code is kept there, in corpus/TARGET, for the next run; with
# --keep the least of it that reaches as much goes into tests/fuzz/corpus/TARGET, which CI replays. What
# ends a target goes into found/. Ends with a table; fails when something was found.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/fuzz
found=$build/found
seconds=60

keep=

while [ $# -gt 0 ]; do
	case $1 in
	--seconds)
		seconds=$2
		shift
		;;
	--keep) keep=1 ;;
	-*)
		sed -n 's/^#   //p' "$0" >&2
		exit 2
		;;
	*) break ;;
	esac
	shift
done

CC=clang cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
	-DVIDMILL_FUZZ=ON -DVIDMILL_SANITIZE='address;undefined;fuzzer-no-link' >"$root/build/fuzz.log"
all=$(ninja -C "$build" -t targets all | sed -n 's|^tests/bin/fuzz-\([a-z_]*\):.*|\1|p' | sort)
targets=${*:-$all}
# shellcheck disable=SC2046 # one word for each target
ninja -C "$build" $(for target in $targets; do echo "fuzz-$target"; done) >>"$root/build/fuzz.log"

mkdir -p "$found"
table=$(mktemp)
trap 'rm -f "$table"' EXIT
failed=0
for target in $targets; do
	program=$build/tests/bin/fuzz-$target
	seeds=$root/tests/fuzz/corpus/$target
	corpus=$build/corpus/$target
	words=$root/tests/fuzz/words/$target
	log=$found/$target.log
	mkdir -p "$corpus" "$seeds"
	result=ok
	"$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$found/$target-" $([ ! -f "$words" ] || echo "-dict=$words") \
		"$corpus" "$seeds" >"$log" 2>&1 || result=FOUND
	[ $result = ok ] || failed=1
	if [ -n "$keep" ] && [ $result = ok ]; then
		"$program" -set_cover_merge=1 -use_counters=0 "$seeds" "$corpus" >>"$log" 2>&1
	fi
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | head -1)
	reached=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
	printf '%-12s %12s %8s %8s  %s\n' "$target" "${runs:--}" "${reached:--}" \
		"$(find "$corpus" "$seeds" -type f | wc -l)" "$result" >>"$table"
	tail -1 "$table"
done
printf '\n%-12s %12s %8s %8s  %s\n' target executions edges corpus result
cat "$table"
[ $failed = 0 ] || echo "what ended a target: $found"
exit $failed
