#!/bin/sh
# texts.sh - what the program says, word for word, and the code that it ends with: texts.sh PROGRAM
set -u

program=$1
case $program in /*) ;; *) program=$PWD/$program ;; esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
unset VIDMILL_PLUGIN_PATH XDG_STATE_HOME
export HOME="$folder/home" LC_ALL=C
failed=0 count=0

# says CODE ARGUMENT…: both streams together must be what stands on standard input, @ being the
# folder of the program and its plugins.
says() {
	want_code=$1
	shift
	"$program" "$@" >out 2>&1
	code=$?
	sed "s|@|$(dirname "$(dirname "$program")")|g" >want
	count=$((count + 1))
	if [ $code -ne "$want_code" ] || ! diff -u want out; then
		echo "not so: vidmill $*: code $code, wanted $want_code" >&2
		failed=$((failed + 1))
	fi
}

# holds CONDITION…: a sentence about what a command left behind.
holds() {
	count=$((count + 1))
	if ! test "$@"; then
		echo "does not hold: $*" >&2
		failed=$((failed + 1))
	fi
}

says 2 chekc <<-'END'
	vidmill: unknown command "chekc"; did you mean "check"?
END
says 2 frobnicate <<-'END'
	vidmill: unknown command "frobnicate"; "vidmill --help" lists them
END
says 2 --verbose check <<-'END'
	vidmill: unknown option --verbose; "vidmill --help" lists them
END
says 2 --state "$folder" <<-'END'
	vidmill: no command is given; "vidmill --help" lists them
END
says 2 check --conect <<-'END'
	vidmill check: unknown option --conect; did you mean --connect?
	usage: vidmill check [FILE] [--connect]
END
says 2 check --connect=now <<-'END'
	vidmill check: option --connect takes no value
	usage: vidmill check [FILE] [--connect]
END
says 2 check --state <<-'END'
	vidmill check: option --state wants a value
	usage: vidmill check [FILE] [--connect]
END
says 2 check one two <<-'END'
	vidmill check: 2 operands are too many
	usage: vidmill check [FILE] [--connect]
END
says 2 reference <<-'END'
	vidmill reference: something is missing behind it
	usage: vidmill reference markdown|man|bash
END
says 2 plugins --log-level loud <<-'END'
	vidmill plugins: --log-level is "loud"; it must be debug, info, warning or error
	usage: vidmill plugins [NAME|FILE.so]
END
says 2 --log-format xml plugins <<-'END'
	vidmill plugins: --log-format is "xml"; it must be text or json
	usage: vidmill plugins [NAME|FILE.so]
END
says 2 plugins --markdown <<-'END'
	vidmill plugins: --markdown prints one plugin: name it
	usage: vidmill plugins [NAME|FILE.so]
END
says 5 plugins storage-locla <<-'END'
	vidmill plugins: no plugin "storage-locla"; did you mean "storage-local"?
END
says 5 settings serer <<-'END'
	vidmill settings: no section "serer"; did you mean "server"?
END
ln -s "$(dirname "$program")/../lib/vidmill/meta-local.so" mine.so
holds "$("$program" plugins mine.so | head -1 | cut -d ' ' -f 1)" = meta-local
rm mine.so
says 0 --plugins "$folder" plugins </dev/null
says 0 plugins --plugins "$folder" --json <<-'END'
	[]
END

# The file beside the program, whole and without any plugin.
says 0 check <<-'END'
	@/share/vidmill/pipelines/local.cfg: "local" is right: storage storage-local, queue queue-local, compute compute-local, meta meta-local, stages web (codec-ffmpeg)
END
says 3 check --plugins /nowhere <<-'END'
	@/share/vidmill/pipelines/local.cfg:4: error: storage: no plugin "storage-local" in /nowhere
	@/share/vidmill/pipelines/local.cfg:5: error: queue: no plugin "queue-local" in /nowhere
	@/share/vidmill/pipelines/local.cfg:6: error: compute: no plugin "compute-local" in /nowhere
	@/share/vidmill/pipelines/local.cfg:7: error: meta: no plugin "meta-local" in /nowhere
	@/share/vidmill/pipelines/local.cfg:10: error: stages.web: no plugin "codec-ffmpeg" in /nowhere
END

says 3 check none.cfg <<-'END'
	none.cfg: error: No such file or directory
END
cat >bad.cfg <<-'END'
	storage = { plugin = "storage-local"; rot = "x"; };
	queue = { plugin = "queue-local"; visibility = 30;
	          max_receives = 0; };
	compute = { plugin = "queue-local"; };
	meta = { plugin = "meta-local"; };
	meta = { plugin = "meta-local"; };
	stages = ( { name = "web"; plugin = "codec-ffmpeg"; poster = 10%; segment = "4"; } );
	server = { tokens = "secret"; };
END
says 3 check bad.cfg <<-'END'
	bad.cfg:1: error: storage: unknown option "rot"; did you mean "root"?
	bad.cfg:2: error: queue: visibility is 30; it must be a duration such as "250ms", "30s" or "1h30m"
	bad.cfg:3: error: queue: max_receives is 0; it must be from 1 to 1000
	bad.cfg:4: error: compute: queue-local is a queue plugin; compute wants a compute plugin
	bad.cfg:6: error: "meta" is given twice; the first time in bad.cfg:5
	bad.cfg:7: error: the text of "poster" must stand in quotes
	bad.cfg:7: error: stages.web: segment is "4"; it must be a duration such as "250ms", "30s" or "1h30m"
	bad.cfg:8: error: server: tokens cannot be read: a secret does not stand in this file; write "env:NAME" or "file:/path"
END
says 3 provision bad.cfg --plugins /nowhere --dry-run <<-'END'
	bad.cfg:1: error: storage: no plugin "storage-local" in /nowhere
	bad.cfg:2: error: queue: no plugin "queue-local" in /nowhere
	bad.cfg:4: error: compute: no plugin "queue-local" in /nowhere
	bad.cfg:5: error: meta: no plugin "meta-local" in /nowhere
	bad.cfg:6: error: "meta" is given twice; the first time in bad.cfg:5
	bad.cfg:7: error: the text of "poster" must stand in quotes
	bad.cfg:7: error: stages.web: no plugin "codec-ffmpeg" in /nowhere
	bad.cfg:8: error: server: tokens cannot be read: a secret does not stand in this file; write "env:NAME" or "file:/path"
	vidmill provision: nothing was done
END

# The state folder: made private, with its parents, where it is wanted.
says 0 check --connect <<-'END'
	@/share/vidmill/pipelines/local.cfg: "local" is right: storage storage-local, queue queue-local, compute compute-local, meta meta-local, stages web (codec-ffmpeg)
END
holds -d "$HOME/.local/state/vidmill"
holds "$(stat -c %a "$HOME/.local/state/vidmill")" = 700
XDG_STATE_HOME="$folder/xdg" "$program" check --connect >/dev/null
holds -d "$folder/xdg/vidmill"
says 0 --state a//b/ check --connect <<-'END'
	@/share/vidmill/pipelines/local.cfg: "local" is right: storage storage-local, queue queue-local, compute compute-local, meta meta-local, stages web (codec-ffmpeg)
END
holds -d a/b
touch file
says 3 check --connect --state file <<-END
	vidmill check: state folder $folder/file: not a folder
END
says 3 check --connect --state file/below <<-'END'
	vidmill check: state folder: make file/below: Not a directory
END
HOME='' says 3 check --connect <<-'END'
	vidmill check: neither HOME nor XDG_STATE_HOME is set: give --state
END

# What is made of the tables is something that its reader takes.
"$program" reference bash >completion
holds "$(bash -n completion 2>&1)" = ''
completed=$(bash -c '. ./completion; COMP_WORDS=(vidmill "$1"); COMP_CWORD=1; _vidmill; echo "${COMPREPLY[*]}"' - che)
holds "$completed" = check
completed=$(bash -c '. ./completion; COMP_WORDS=(vidmill check --con); COMP_CWORD=2; _vidmill; echo "${COMPREPLY[*]}"')
holds "$completed" = --connect
holds "$("$program" --help | grep -c '^  check ')" = 1
holds "$("$program" check --help | head -1)" = 'usage: vidmill check [FILE] [--connect]'

echo "$count checks, $failed failed"
exit $((failed > 0))
