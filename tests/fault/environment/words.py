"""words.py - the operations of every kind and the statuses, read from the headers of the ABI.

A new operation or status is found here, so the matrix has it, or fails for want of a scenario.
"""
import os
import re

from vidmill import SOURCE

INCLUDE = os.path.join(SOURCE, "core", "include", "vidmill")
KINDS = ("storage", "queue", "compute", "meta", "codec")

# Where in the pipeline a plugin of each kind stands.
ROLES = {"storage": ("storage.unprocessed", "storage.processed"),
         "queue": ("queue.unprocessed", "queue.processed"),
         "compute": ("compute",), "meta": ("meta",), "codec": ("stages.web",)}

MODES = ("once", "always", "lost")


def read(name):
    with open(os.path.join(INCLUDE, name)) as file:
        return file.read()


def operations(kind):
    """Those that answer a status; traits, which does no I/O, cannot fail."""
    table = re.search(r"struct vm_%s_ops \{(.*?)\n\};" % kind, read(kind + ".h"), re.S).group(1)
    return re.findall(r"\bint \(\*(\w+)\)\(", table)


def statuses():
    """The names of all failures, as a script writes them."""
    names = re.findall(r"\bVM_ERR_(\w+)\s*=\s*\d+", read("status.h"))
    return [name.lower() for name in names]


def targets():
    """Every (role, operation)."""
    return [(role, operation) for kind in KINDS for role in ROLES[kind]
            for operation in operations(kind)]
