"""ends.py - the right status for each fault, by what kind of request it has struck.

Kinds, by what the service's answer has in it:

    head    nothing but headers         read    the object's bytes        read-xml
    ask     a status, and no more
    write   headers that are needed     delete  nothing that is needed    write-xml
    json    a JSON object               json-empty  perhaps one, not needed
    json-or  a JSON object, and there is another way without it
    ignored  the plugin lives without it
"""
import words

READS = ("head", "ask", "read", "read-xml")
NO_BODY = ("head", "ask", "write", "delete", "json-empty")
# "ok": the fault is not to be seen by whoever calls.
HTTP = {
    "refused": "unavailable",
    "reset-before": "lost", "reset-after": "lost", "reset-kept": "lost", "closed": "lost",
    "no-http": "lost",
    "stall": "timeout", "stall-after": "timeout",
    "slow": "ok",
    "truncated": "lost", "stall-body": "timeout",
    "500": "unavailable", "503-slow-down": "throttled", "400-throttled": "throttled",
    "bad-gateway": "unavailable",
    "expired-token": "denied", "wrong-clock": "denied", "denied": "denied",
    "wrong-region": "config",
    "redirect": "unavailable", "moved": "config",
    "error-in-200": "unavailable", "garbage": "lost", "empty-200": "lost",
}
FAULTS = list(HTTP)
# Which strike everything or nothing, and which a kept connection's first request alone.
ALWAYS_ONLY, ONCE_ONLY = ("refused",), ("reset-kept",)
KEPT = ("reset-kept",)
STRIKES = {"reset-kept": "reset-after"}
HEALS_KEPT = False
# What a signature that is made anew helps against.
SIGNED_AGAIN = ("expired-token", "wrong-clock")
# To a HEAD each 400 may be about expired keys.
SIGNED_AGAIN_AFTER_HEAD = ("400-throttled", "wrong-region")
# The answer to a HEAD has no words: its code is not to be seen.
HEAD = {"503-slow-down": {"unavailable"}, "400-throttled": {"denied"}, "wrong-region": {"denied"}}
JSON = {"503-slow-down": {"unavailable"}, "wrong-region": {"denied"}}
EXTRA = {
    ("ask", "error-in-200"): {"ok"}, ("ask", "garbage"): {"ok"}, ("ask", "empty-200"): {"ok"},
    # What is empty when all is well cannot be told from what is empty.
    ("delete", "empty-200"): {"ok"}, ("json-empty", "empty-200"): {"ok"},
}


def lost(kind):
    return "unavailable" if kind in READS else "timeout"


def right(kind, fault, which, once=False):
    """The statuses that are right. `once`: the request is not sent again by itself."""
    # The connection of a request before is used, and curl sends again when that one closes.
    is_kept = fault == "reset-kept" or (which > 1 and fault in ("reset-before", "reset-after",
                                                                "closed"))
    if kind == "ignored":
        return {"ok"}
    if kind == "json-or":
        return {"ok"} | right("json", fault, which, once)
    if which != 0 and (fault in SIGNED_AGAIN or
                       (kind in ("head", "ask") and fault in SIGNED_AGAIN_AFTER_HEAD)):
        return {"ok"}
    if fault in ("truncated", "stall-body") and kind in NO_BODY:
        return {"ok", "timeout"} if kind == "json-empty" else {"ok"}
    special = HEAD if kind in ("head", "ask") else JSON if kind.startswith("json") else {}
    if fault in special:
        # The date of a refusal may correct a clock that was told wrong before.
        return special[fault] | ({"ok"} if fault == "wrong-region" and which != 0 else set())
    if fault == "error-in-200" and kind not in READS:
        return {"timeout", "unavailable"}
    end = HTTP[fault]
    if end == "lost" and is_kept and not once:
        return {"ok", lost(kind)}
    return {lost(kind) if end == "lost" else end} | EXTRA.get((kind, fault), set())


def code(fault, kind):
    """The service's code that an error must tell; None: there is none to be seen."""
    return None if kind in ("head", "ask") else words.code(fault, kind)


def strikes(kind, fault):
    """Whether a service says such a thing to such a request."""
    return True


def knows(kind, fault):
    """Whether it can know what has happened."""
    return fault != "empty-200"
