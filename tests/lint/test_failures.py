#!/usr/bin/env python3
"""test_failures.py - each error class and each alarm has its page; each link and test named is there.

test_failures.py ROOT
"""
import os
import re
import sys

HEADINGS = ["## What you see", "## What it means", "## What to do"]
FAULTS = []


def fault(where, text):
    FAULTS.append(f"{where}: {text}")


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def expected(root):
    """The page of each word that a video's error or an alarm can have."""
    names = re.findall(r'\[ERROR_\w+\] = "(\w+)"', read(root, "core", "video", "names.c"))
    alarms = re.findall(r'\[ALARM_\w+\]\s*=\s*\{\s*"(\w+)",\s*"([\w-]+)"',
                        read(root, "core", "server", "alarms.c"))
    if len(names) < 11 or len(alarms) < 5:
        fault("test_failures.py", f"reads {len(names)} classes and {len(alarms)} alarms: look at it")
    return dict({name: name.replace("_", "-") for name in names}, **dict(alarms))


def check_pages(root):
    folder = os.path.join(root, "docs", "failures")
    pages = expected(root)
    index = read(folder, "README.md")
    for name, page in pages.items():
        path = os.path.join(folder, page + ".md")
        if not os.path.exists(path):
            fault(path, f"missing: the page of {name}")
            continue
        text = read(path)
        if re.findall(r"^## .*$", text, re.M) != HEADINGS:
            fault(path, "its headings are not " + ", ".join(HEADINGS))
        if name not in text.split("\n", 1)[0]:
            fault(path, f"its title does not name {name}")
        if f"[`{name}`]({page}.md)" not in index:
            fault(os.path.join(folder, "README.md"), f"does not list {name}")
    for file in os.listdir(folder):
        if file != "README.md" and file[:-3] not in pages.values():
            fault(os.path.join(folder, file), "is the page of no error class and no alarm")


def check_links(root):
    for folder, _, files in os.walk(os.path.join(root, "docs")):
        for name in files:
            if not name.endswith(".md"):
                continue
            for link in re.findall(r"\]\(([^)#]+)", read(folder, name)):
                if "://" not in link and not os.path.exists(os.path.join(folder, link)):
                    fault(os.path.join(folder, name), f"links to {link}, which is not there")


def check_list(root):
    """Every file that the security list names as a test."""
    for name in re.findall(r"`((?:unit|e2e|tests)/[\w/.-]+)`", read(root, "docs", "security.md")):
        path = name if name.startswith("tests/") else "tests/" + name
        if not os.path.exists(os.path.join(root, path)):
            fault("docs/security.md", f"names the test {name}, which is not there")


def main():
    root = sys.argv[1]
    check_pages(root)
    check_links(root)
    check_list(root)
    print("\n".join(FAULTS), end="\n" if FAULTS else "")
    return 1 if FAULTS else 0


if __name__ == "__main__":
    sys.exit(main())
