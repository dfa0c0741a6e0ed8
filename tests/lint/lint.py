#!/usr/bin/env python3
"""lint.py - the rules of writing that a compiler does not know; each fault is one line, file:line.

lint.py files | arrows | banned | format ROOT      of the sources under ROOT
lint.py exports FOLDER                             of the plugins built into FOLDER
"""
import os
import re
import shutil
import subprocess
import sys

SOURCES = ("core", "plugins", "tests")
SKIPPED = 77  # ctest's SKIP_RETURN_CODE

LINES_MAX = 400
COLUMNS_MAX = 100
TAB = 4

# What each room may include, beyond itself and <vidmill/…>. Downwards only.
ROOMS = {
    "support": set(),
    "plugin": {"support"},
    "video": {"support"},
    "pipeline": {"plugin", "support"},
    "server": {"pipeline", "plugin", "video", "support"},
    "worker": {"pipeline", "plugin", "video", "support"},
    "cli": {"server", "worker", "pipeline", "plugin", "video", "support"},
}
# The life of a video is pure: it reads no clock, no file and no other thread.
IMPURE = re.compile(r"<(unistd|fcntl|time|pthread|poll|signal|stdio|sys/[a-z]+)\.h>|"
                    r'"support/(clock|log|random|cancel|call|pool|retry)\.h"')

BANNED = {
    "atoi": "strtol, with the whole text checked", "atol": "strtol, with the whole text checked",
    "atoll": "strtoll, with the whole text checked", "atof": "strtod, with the whole text checked",
    "strcpy": "memcpy or snprintf", "strcat": "snprintf", "strncat": "snprintf",
    "sprintf": "snprintf", "vsprintf": "vsnprintf", "gets": "fgets", "strtok": "strtok_r",
    "system": "posix_spawn or fork and exec", "popen": "posix_spawn or fork and exec",
    "usleep": "cancel_sleep_ms or sleep_ms of the call", "rand": "random_fill",
    "srand": "random_fill", "tmpnam": "mkstemp", "mktemp": "mkstemp", "alloca": "an array or calloc",
    "localtime": "gmtime_r", "gmtime": "gmtime_r", "ctime": "clock_text", "asctime": "clock_text",
}
BANNED_CALL = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
BANNED_WORDS = {
    re.compile(r"\btypedef\s+(struct|union|enum)\s+\w*\s*\{?[^(]*$"): "no typedef for structs",
    re.compile(r"__attribute__\s*\(\(\s*cleanup"): "standard C: one fail label instead",
}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

INCLUDE = re.compile(r'^\s*#\s*include\s*("[^"]+"|<[^>]+>)')


def sources(root, extensions):
    """Paths below ROOT, in order, as they are shown in faults."""
    for top in SOURCES:
        for folder, folders, files in os.walk(os.path.join(root, top)):
            folders.sort()
            for name in sorted(files):
                if name.endswith(extensions):
                    yield os.path.relpath(os.path.join(folder, name), root)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read().split("\n")


def without_comments_and_strings(lines):
    """The same lines, with every comment and every text blanked."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, blank, "\n".join(lines), flags=re.S).split("\n")


def first_line_fault(path, lines):
    name = os.path.basename(path)
    if path.endswith((".c", ".h", ".cpp")):
        if not re.fullmatch(r"/\* " + re.escape(name) + r" - \S.*\. \*/", lines[0]):
            return 1, f"the first line must be /* {name} - one sentence. */"
    elif path.endswith((".sh", ".cmake", ".py")):
        at = 1 if lines[0].startswith("#!") else 0
        if not re.match(r'(# |""")' + re.escape(name) + r" - \S", lines[at] if at < len(lines) else ""):
            return at + 1, f"the first line must say what it is: # {name} - one sentence"
    return None


def check_files(root):
    for path in sources(root, (".c", ".h", ".cpp", ".sh", ".py", ".cmake", ".js", ".css", ".html")):
        lines = read(root, path)
        fault = first_line_fault(path, lines)
        if fault:
            yield path, *fault
        if len(lines) - 1 > LINES_MAX:
            yield path, LINES_MAX + 1, f"{len(lines) - 1} lines: no file has more than {LINES_MAX}"
        if not path.endswith((".c", ".h", ".cpp")):
            continue
        for number, line in enumerate(lines, 1):
            if len(line.expandtabs(TAB)) > COLUMNS_MAX:
                yield path, number, f"wider than {COLUMNS_MAX} columns"
            if line != line.rstrip():
                yield path, number, "blanks at the end of the line"


def core_fault(room, header):
    first = header[1:].split("/")[0]
    if header.startswith("<"):
        return None
    if first not in ROOMS:
        return f"core may include only its rooms and <vidmill/…>, not {header}"
    if first != room and first not in ROOMS.get(room, ROOMS):
        return f"the room {room} may not look into {first}: arrows run downwards only"
    return None


def plugin_fault(path, header, shared, plugins):
    first = header[1:].split("/")[0]
    if header.startswith("<") or "/" not in header:
        return None
    if first in shared or path.split("/")[1] == "template":
        return None
    if first in ROOMS:
        return f"a plugin may include nothing of core but <vidmill/…>, not {header}"
    if first in plugins and first != path.split("/")[1]:
        return f"a plugin may not include another one: {header}"
    return None


def folders_of(root, path):
    full = os.path.join(root, path)
    return set(os.listdir(full)) if os.path.isdir(full) else set()


def check_arrows(root):
    shared, plugins = folders_of(root, "plugins/common"), folders_of(root, "plugins")
    for path in sources(root, (".c", ".h")):
        parts = path.split("/")
        for number, line in enumerate(read(root, path), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            header, fault = match.group(1), None
            if parts[0] == "core" and parts[1] != "include":
                fault = core_fault(parts[1], header)
                if parts[1] == "video" and IMPURE.search(header):
                    fault = f"video/ is pure: no I/O, no clock, no threads, so not {header}"
            elif parts[0] == "core" and header.startswith('"'):
                fault = "a public header includes only <vidmill/…> and the C library"
            elif parts[0] == "plugins":
                fault = plugin_fault(path, header, shared, plugins)
            if fault:
                yield path, number, fault


def check_banned(root):
    for path in sources(root, (".c", ".h", ".cpp")):
        lines = read(root, path)
        for number, line in enumerate(lines, 1):
            unfinished = UNFINISHED.search(line)
            if unfinished:
                yield path, number, f"{unfinished.group()}: finish it or leave it out"
        for number, line in enumerate(without_comments_and_strings(lines), 1):
            for match in BANNED_CALL.finditer(line):
                yield path, number, f"{match.group(1)} is not used here: {BANNED[match.group(1)]}"
            for pattern, instead in BANNED_WORDS.items():
                if pattern.search(line):
                    yield path, number, instead


def check_format(root):
    if not shutil.which("clang-format"):
        print("clang-format is not installed: the format was not checked", file=sys.stderr)
        sys.exit(SKIPPED)
    paths = list(sources(root, (".c", ".h", ".cpp")))
    result = subprocess.run(["clang-format", "--dry-run", "-Werror", "--ferror-limit=1", *paths],
                            cwd=root, capture_output=True, text=True, check=False)
    for line in result.stderr.split("\n"):
        match = re.match(r"(.*?):(\d+):\d+: (?:error|warning): ", line)
        if match:
            yield match.group(1), int(match.group(2)), "not as .clang-format wants it: clang-format -i"
    if result.returncode != 0 and "error:" not in result.stderr:
        yield ".clang-format", 1, result.stderr.strip() or "clang-format failed"


def check_exports(folder):
    found = sorted(name for name in os.listdir(folder) if name.endswith(".so")) \
        if os.path.isdir(folder) else []
    if not found:
        yield folder, 1, "no plugin was built here"
    for name in found:
        path = os.path.join(folder, name)
        result = subprocess.run(["nm", "-D", "--defined-only", path], capture_output=True, text=True,
                                check=True)
        symbols = [line.split()[-1] for line in result.stdout.split("\n") if line]
        if symbols != ["vm_plugin_entry"]:
            yield path, 1, "must export vm_plugin_entry alone, not: " + " ".join(symbols)


CHECKS = {"files": check_files, "arrows": check_arrows, "banned": check_banned,
          "format": check_format, "exports": check_exports}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in CHECKS:
        print(__doc__, file=sys.stderr)
        return 2
    faults = list(CHECKS[sys.argv[1]](sys.argv[2]))
    for path, line, text in faults:
        print(f"{path}:{line}: {text}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
