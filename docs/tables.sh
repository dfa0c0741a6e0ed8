#!/bin/sh
# tables.sh - writes what docs/ takes from the program's own tables, or checks that it is still so.
#
#   docs/tables.sh write PROGRAM PLUGIN_FOLDER     plugins/*.md, and the marked parts of the pages
#   docs/tables.sh check PROGRAM PLUGIN_FOLDER     differs: says what to run, exit code 1
#
# A marked part begins with "<!-- made by: vidmill WORDS -->" and ends with "<!-- end -->".
set -eu

docs=$(dirname "$(readlink -f "$0")")
action=$1 program=$2 plugins=$3

# The page $1 on stdout, its marked parts made anew.
page() {
	while IFS= read -r line; do
		case $line in
		'<!-- made by: vidmill '*' -->')
			words=${line#'<!-- made by: vidmill '}
			printf '%s\n\n' "$line"
			# shellcheck disable=SC2086 # words, as the marker has them
			"$program" ${words%' -->'}
			printf '\n<!-- end -->\n'
			while IFS= read -r line && [ "$line" != '<!-- end -->' ]; do :; done
			;;
		*) printf '%s\n' "$line" ;;
		esac
	done <"$1"
}

make_all() {
	mkdir -p "$1/plugins"
	for plugin in "$plugins"/*.so; do
		"$program" plugins "$plugin" --markdown >"$1/plugins/$(basename "$plugin" .so).md"
	done
	for name in cli.md pipeline-file.md; do
		page "$docs/$name" >"$1/$name"
	done
}

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
make_all "$made"
if [ "$action" = write ]; then
	cp -r "$made/." "$docs"
	exit 0
fi
changed=0
for file in "$made"/*.md "$made"/plugins/*.md; do
	diff -u "$docs/${file#"$made/"}" "$file" || changed=1
done
if [ $changed = 1 ]; then
	echo "docs/ does not say what the program says: build the target docs-plugins" >&2
fi
exit $changed
