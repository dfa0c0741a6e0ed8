#!/usr/bin/env python3
"""test_lint.py - each rule of lint.py finds the fault it is for, at its line, and leaves good code be."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

LINT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lint.py")


class Lint(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="vidmill-lint-")
        self.addCleanup(shutil.rmtree, self.root)

    def put(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)

    def lint(self, check, where=None):
        result = subprocess.run([sys.executable, LINT, check, where or self.root],
                                capture_output=True, text=True, check=False)
        self.assertEqual(result.stderr, "")
        faults = result.stdout.splitlines()
        self.assertEqual(result.returncode, 1 if faults else 0)
        return faults

    def one(self, check, path, text, fault):
        """`text` at `path` has exactly this fault; without it there is none."""
        self.put(path, text)
        faults = self.lint(check)
        os.remove(os.path.join(self.root, path))
        self.assertEqual(len(faults), 1, faults)
        self.assertIn(fault, faults[0])
        self.assertEqual(self.lint(check), [])

    def test_first_lines(self):
        want = "core/a.c:1: the first line must be /* a.c - one sentence. */"
        self.one("files", "core/a.c", "/* b.c - one sentence. */\n", want)
        self.one("files", "core/a.c", "/* a.c - no stop */\n", want)
        self.one("files", "core/a.c", "#include <a.h>\n", want)
        self.one("files", "core/a.c", "", want)
        self.one("files", "tests/a.sh", "#!/bin/sh\nset -e\n", "tests/a.sh:2: ")
        self.put("core/a.c", "/* a.c - one sentence. */\n")
        self.put("tests/b.sh", "#!/bin/sh\n# b.sh - does b\n")
        self.put("core/cmake/c.cmake", "# c.cmake - does c.\n")
        self.assertEqual(self.lint("files"), [])

    def test_length_width_and_blanks(self):
        head = "/* a.c - one sentence. */\n"
        self.one("files", "core/a.c", head + "\n" * 400, "core/a.c:401: 401 lines")
        self.one("files", "core/a.c", head + "\t/* " + "x" * 94 + " */\n", "core/a.c:2: wider")
        self.one("files", "core/a.c", head + "int a; \n", "core/a.c:2: blanks")
        self.put("core/a.c", head + "\n" * 398 + "/* " + "ü" * 94 + " */\n")
        self.assertEqual(self.lint("files"), [])

    def test_arrows(self):
        self.put("plugins/common/kit/fail.h", "")
        self.put("plugins/storage-x/x.h", "")
        up = '#include "server/http.h"\n'
        self.one("arrows", "core/support/a.c", up, "a.c:1: the room support may not look into server")
        self.one("arrows", "core/worker/a.c", up, "a.c:1: the room worker may not look into server")
        self.one("arrows", "core/video/a.c", '\n#include "plugin/load.h"\n', "a.c:2: the room video")
        self.one("arrows", "core/video/a.c", "#include <unistd.h>\n", "a.c:1: video/ is pure")
        self.one("arrows", "core/video/a.c", '#include "support/log.h"\n', "a.c:1: video/ is pure")
        self.one("arrows", "core/cli/a.c", '#include "kit/fail.h"\n', "core may include only its")
        self.one("arrows", "core/include/vidmill/a.h", '#include "support/log.h"\n', "public header")
        self.one("arrows", "plugins/queue-y/a.c", '#include "support/log.h"\n', "nothing of core")
        self.one("arrows", "plugins/queue-y/a.c", '#include "storage-x/x.h"\n', "another one")
        self.put("core/server/a.c", '#include "video/video.h"\n#include <vidmill/host.h>\n')
        self.put("core/cli/a.c", up)
        self.put("plugins/queue-y/a.c", '#include "y.h"\n#include "kit/fail.h"\n#include <vidmill/a.h>\n')
        self.assertEqual(self.lint("arrows"), [])

    def test_banned(self):
        self.one("banned", "core/a.c", "int a = atoi(b);\n", "core/a.c:1: atoi is not used here")
        self.one("banned", "tests/a.c", "\n\tsystem (b);\n", "tests/a.c:2: system is not used here")
        self.one("banned", "plugins/a.c", "/* TODO */\n", "plugins/a.c:1: TODO: finish it")
        self.one("banned", "core/a.h", "typedef struct a {\n", "core/a.h:1: no typedef for structs")
        self.put("core/a.c", 'const char *a = "system(x)"; /* atoi(x) */ // gets(x)\n'
                             "strtok_r(a, b, c); my_system(d); host->system(e); snprintf(f);\n"
                             "typedef enum vm_more vm_row_fn(void *ctx);\n")
        self.assertEqual(self.lint("banned"), [])

    @unittest.skipUnless(shutil.which("clang-format"), "clang-format is not installed")
    def test_format(self):
        self.put(".clang-format", "BasedOnStyle: LLVM\n")
        self.one("format", "core/a.c", "int a;\nint   b;\n", "core/a.c:2: not as .clang-format")
        self.put("core/a.c", "int a;\n")
        self.assertEqual(self.lint("format"), [])

    @unittest.skipUnless(shutil.which("cc"), "there is no C compiler called cc")
    def test_exports(self):
        self.assertEqual(self.lint("exports", self.root), [f"{self.root}:1: no plugin was built here"])
        for name, source, fault in (("one", "int vm_plugin_entry;", None),
                                    ("two", "int vm_plugin_entry, other;", "not: other vm_plugin_entry"),
                                    ("none", "static int a;", "alone, not: ")):
            self.put("a.c", source)
            path = os.path.join(self.root, name + ".so")
            subprocess.run(["cc", "-shared", "-fPIC", "-o", path, os.path.join(self.root, "a.c")],
                           check=True)
            faults = self.lint("exports", self.root)
            self.assertEqual(len(faults), 1 if fault else 0)
            if fault:
                self.assertIn(fault, faults[0])
            os.remove(path)


if __name__ == "__main__":
    unittest.main()
