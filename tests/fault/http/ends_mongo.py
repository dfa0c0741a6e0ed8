"""ends_mongo.py - the right status for each fault of MongoDB, by what kind of command it has struck.

    read                    documents: the driver asks once more
    insert, update, delete  one document: the driver sends it once more, and MongoDB does it once
    command                 of which the driver knows nothing
"""
import words_mongo

# "lost": it may have happened.
ALWAYS = {
    "refused": "unavailable", "frozen": "lost",
    "reset-before": "lost", "reset-after": "lost", "closed": "lost",
    "stall": "lost", "stall-after": "lost", "slow": "ok",
    "truncated": "lost", "stall-half": "lost",
    "no-mongo": "lost", "huge": "lost", "garbled": "lost", "empty": "lost",
    "not-primary": "unavailable", "stepped-down": "lost", "shutting-down": "lost",
    "time-limit": "lost", "max-time": "timeout", "overloaded": "throttled", "denied": "denied",
    "internal": "lost", "duplicate": "conflict",
    "stepped-down-after": "lost", "interrupted-after": "lost",
    "not-replicated": "lost", "not-replicated-yet": "lost",
}
FAULTS = list(ALWAYS)
ALWAYS_ONLY, ONCE_ONLY = ("refused", "frozen"), ()
# The driver keeps its connections.
KEPT = [fault for fault in FAULTS if fault != "refused"]
STRIKES = {}
HEALS_KEPT = True
WRITES = ("insert", "update", "delete")
# At which the driver tries once more, of another server where it knows one.
AGAIN = ("reset-before", "reset-after", "closed", "stall", "stall-after", "truncated",
         "stall-half", "no-mongo", "huge", "not-primary", "stepped-down", "shutting-down",
         "stepped-down-after", "interrupted-after")
AGAIN_OF_WRITES = ("time-limit", "not-replicated-yet")
EXTRA = {
    # Whether something was sent on a connection that is gone is not to be known.
    ("insert", "refused"): {"timeout"}, ("update", "refused"): {"timeout"},
    ("delete", "refused"): {"timeout"}, ("command", "refused"): {"timeout"},
    # The driver's time may be up, or the call's.
    ("read", "stall"): {"timeout"}, ("read", "stall-after"): {"timeout"},
    ("read", "stall-half"): {"timeout"}, ("read", "frozen"): {"timeout"},
}
# To the driver no number is 0: nothing matched, it says. After a delete the plugin asks what is there.
UNCOUNTED = {
    ("update", "garbled"): {"conflict"}, ("update", "empty"): {"conflict"},
    ("delete", "garbled"): {"ok", "unavailable"},
    ("delete", "empty"): {"ok", "conflict", "unavailable"},
    ("command", "garbled"): {"ok"}, ("command", "empty"): {"ok"},
}


def strikes(kind, fault):
    """Whether a server says such a thing to such a command."""
    return {"duplicate": kind in ("insert", "update"), "not-replicated": kind != "read",
            "not-replicated-yet": kind != "read"}.get(fault, True)


def right(kind, fault, which, once=False):
    """The statuses that are right."""
    if which != 0 and (kind != "command" and fault in AGAIN or
                       kind in WRITES and fault in AGAIN_OF_WRITES):
        return {"ok"}
    if (kind, fault) in UNCOUNTED:
        return UNCOUNTED[kind, fault]
    end = ALWAYS[fault]
    if end == "lost":
        end = "unavailable" if kind == "read" else "timeout"
    return {end} | EXTRA.get((kind, fault), set())


def knows(kind, fault):
    """Whether it can know what has happened."""
    return (kind, fault) not in UNCOUNTED


def code(fault, kind):
    """The server's code that an error must tell; None: there is none to be seen."""
    words = {**words_mongo.ANSWERS, **words_mongo.AFTERWARDS}.get(fault, {})
    return words.get("code") or \
        words_mongo.BESIDES.get(fault, {}).get("writeConcernError", {}).get("code")
