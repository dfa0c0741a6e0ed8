"""ends.py - the right end of every cell, written down apart from the code that decides it.

A fault is borne by the server, which waits and tells, or by an attempt, which fails with an error
class and is tried again. Some statuses are final by their meaning: then one answer is enough.
"""
# What an operation that an attempt stands on makes of it: status -> (class, final). A status that
# is not named is transient, of the class under "".
SOURCE = {"": ("storage", False), "no_memory": ("capacity", False),
          "not_found": ("source_missing", True), "conflict": ("source_missing", True)}
OUTPUT = {"": ("storage", False), "no_memory": ("capacity", False),
          "limit": ("limit", True), "unsupported": ("unsupported", True)}
READ_BACK = {"": ("storage", False), "no_memory": ("capacity", False),
             "limit": ("limit", True), "unsupported": ("unsupported", True)}
CODEC = {"": ("bug", False), "config": ("bug", True), "bad_data": ("bad_media", True),
         "unsupported": ("unsupported", True), "limit": ("limit", True),
         "no_memory": ("limit", True), "unavailable": ("capacity", False),
         "timeout": ("timeout", False)}
VERIFY = {"": ("bug", False), "unavailable": ("capacity", False), "no_memory": ("limit", True),
          "unsupported": None}  # not verified, which is allowed
EVENTS = {"": ("queue", False)}
START = {"": ("capacity", False), "throttled": None, "unavailable": None, "timeout": None,
         "cancelled": None, "no_memory": None}  # the start is tried again: no attempt

ATTEMPTS = {
    ("storage.unprocessed", "read_at"): SOURCE,
    ("storage.processed", "read_at"): READ_BACK,
    ("storage.processed", "put"): OUTPUT,
    ("storage.processed", "upload_begin"): OUTPUT,
    ("storage.processed", "upload_part"): OUTPUT,
    ("storage.processed", "upload_commit"): OUTPUT,
    ("queue.processed", "send"): EVENTS,
    ("compute", "start"): START,
    ("stages.web", "probe"): CODEC,
    ("stages.web", "run"): CODEC,
    ("stages.web", "verify"): VERIFY,
}

# Neither a failure of a dependency nor told as one.
ANSWERS = ("not_found", "conflict")

# What the API makes of a status. A request that comes again may find its work done.
HTTP = {"config": 503, "not_found": 404, "conflict": 409, "denied": 503, "throttled": 503,
        "unavailable": 503, "timeout": 503, "cancelled": 503, "limit": 413, "no_memory": 503}


def failure(role, operation, status, mode):
    """The error class that the video must fail with before it is retried; None: it must not."""
    rules = ATTEMPTS.get((role, operation))
    rule = rules.get(status, rules[""]) if rules else None
    if rule is None:
        return None
    error, final = rule
    if final:
        return error
    return error if mode == "always" else None


def may_pass(role, operation, mode):
    """Whether it can also be as if nothing were: the source's beginning is read ahead for nobody,
    and who comes for it after that was refused tries for himself."""
    return (role, operation) == ("storage.unprocessed", "read_at") and mode != "always"


LEGEND = """\
once, always, reply lost:  . as if nothing were   w the server waited until it was lifted
                           r a client was refused and tried again   s the server did not start
                           f the video failed with the right class; retried it was processed"""
