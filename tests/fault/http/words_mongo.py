"""words_mongo.py - what a MongoDB answers, or somebody in its place: a fault -> a document.

The codes are the server's own: github.com/mongodb/mongo, src/mongo/base/error_codes.yml.
"""
MESSAGE = "Told by the proxy."
RETRYABLE = ["RetryableWriteError"]


def refusal(code, name, labels=()):
    words = {"ok": 0, "errmsg": MESSAGE, "code": code, "codeName": name}
    return dict(words, errorLabels=list(labels)) if labels else words


def concern(code, name, labels=()):
    """Of a write that has happened here, and perhaps nowhere else."""
    words = {"writeConcernError": {"code": code, "codeName": name, "errmsg": MESSAGE}}
    return dict(words, errorLabels=list(labels)) if labels else words


# In place of the server, which hears nothing of the command.
ANSWERS = {
    "not-primary": refusal(10107, "NotWritablePrimary", RETRYABLE),
    "stepped-down": refusal(189, "PrimarySteppedDown", RETRYABLE),
    "shutting-down": refusal(91, "ShutdownInProgress", RETRYABLE),
    "time-limit": refusal(262, "ExceededTimeLimit", RETRYABLE),
    "max-time": refusal(50, "MaxTimeMSExpired"),
    "overloaded": refusal(462, "IngressRequestRateLimitExceeded"),
    "denied": refusal(13, "Unauthorized"),
    "internal": refusal(1, "InternalError"),
    "duplicate": {"ok": 1, "n": 0, "writeErrors": [{"index": 0, "code": 11000,
                                                    "errmsg": "E11000 duplicate key error"}]},
    "empty": {"ok": 1},
}
# Instead of what the server has answered, which has done it.
AFTERWARDS = {
    "stepped-down-after": refusal(189, "PrimarySteppedDown", RETRYABLE),
    "interrupted-after": refusal(11602, "InterruptedDueToReplStateChange", RETRYABLE),
}
# Besides what the server has answered.
BESIDES = {
    "not-replicated": concern(64, "WriteConcernFailed"),
    "not-replicated-yet": concern(91, "ShutdownInProgress", RETRYABLE),
}
