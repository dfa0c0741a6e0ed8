"""words.py - what a service, or somebody in front of it, answers: a fault -> status, headers, body.

The codes are the services' own: S3 "Error responses", SQS and ECS "Common errors".
"""
import calendar
import email.utils
import json
import time

REQUEST_ID = "REQ4442587FB7D0A2F9"
# A stranger's words may hold what nobody else should read.
CANARY = "canary-0123456789-signature"
OFF_S = 600  # more than a client puts up with, and less than S3 does


def is_json(request):
    return "x-amz-target" in request.headers


def refusal(fault, status, headers=None):
    """A refusal in the service's words."""
    message = "Told by the proxy."

    def words(request):
        name = CODES[fault][is_json(request)]
        more = dict(headers(request) if headers else {})
        if is_json(request):
            body = json.dumps({"__type": f"com.amazonaws.service#{name}", "message": message})
            more.setdefault("content-type", "application/x-amz-json-1.0")
            more["x-amzn-requestid"] = REQUEST_ID
        else:
            body = (f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{name}</Code>'
                    f"<Message>{message}</Message><StringToSign>{CANARY}</StringToSign>"
                    f"<RequestId>{REQUEST_ID}</RequestId></Error>")
            more.setdefault("content-type", "application/xml")
            more["x-amz-request-id"] = REQUEST_ID
        return status, more, body.encode()
    return words


def page(status, text, **headers):
    """Of no service: what stands between has a page for browsers."""
    body = f"<html><head><title>{text}</title></head><body>{text}</body></html>" if text else ""

    def words(request):
        return status, dict({"content-type": "text/html"}, **headers), body.encode()
    return words


def code(fault, kind):
    """The service's code that such a request is answered with; None: it has none."""
    codes = CODES.get(fault)
    return codes and codes["json" in kind]


def elsewhere(request):
    return {"location": f"http://{request.host_header}/stolen"}


def off(request):
    """A clock that is not the one by which the request was signed, whichever that was."""
    signed = calendar.timegm(time.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ"))
    ahead = OFF_S if signed < time.time() + OFF_S / 2 else 0
    return {"date": email.utils.formatdate(time.time() + ahead, usegmt=True)}


def another_region(request):
    return {} if is_json(request) else {"x-amz-bucket-region": "ap-south-1"}


# S3's code and that of the services of JSON.
CODES = {
    "500": ("InternalError", "InternalFailure"),
    "503-slow-down": ("SlowDown", "ServiceUnavailable"),
    "400-throttled": ("RequestLimitExceeded", "ThrottlingException"),
    "expired-token": ("ExpiredToken", "ExpiredTokenException"),
    "wrong-region": ("AuthorizationHeaderMalformed", "InvalidSignatureException"),
    "wrong-clock": ("RequestTimeTooSkewed", "InvalidSignatureException"),
    "denied": ("AccessDenied", "AccessDeniedException"),
    "redirect": ("TemporaryRedirect", "TemporaryRedirect"),
}

ANSWERS = {
    "500": refusal("500", 500),
    "503-slow-down": refusal("503-slow-down", 503),
    "400-throttled": refusal("400-throttled", 400),
    "expired-token": refusal("expired-token", 400),
    "wrong-region": refusal("wrong-region", 400, headers=another_region),
    "wrong-clock": refusal("wrong-clock", 403, headers=off),
    "denied": refusal("denied", 403),
    "error-in-200": refusal("500", 200),
    "redirect": refusal("redirect", 307, headers=elsewhere),
    "moved": page(302, "Moved", location="http://127.0.0.1:9/stolen"),
    "bad-gateway": page(502, "Bad Gateway"),
    "garbage": page(200, "Please log in to the guests' network"),
    "empty-200": page(200, ""),
}
