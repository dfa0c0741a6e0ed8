"""oracle.py - the signatures that botocore, AWS' own signer for Python, gives (see sign_json.h)."""
import datetime
import urllib.parse

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SCHEME = "https"


def encoded(text):
    return urllib.parse.quote(text, safe="-_.~")


def url_of(request):
    host, = [value for name, value in request["headers"] if name == "host"]
    query = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in request["query"])
    return f"{SCHEME}://{host}{request['path']}" + ("?" + query if query else "")


def signer_of(request):
    token = None if request["token_after"] else request["token"] or None
    keys = Credentials(request["id"], request["secret"], token)
    arguments = (keys, request["service"], request["region"])
    if request["expires"]:
        kind = botocore.auth.S3SigV4QueryAuth if request["s3"] else botocore.auth.SigV4QueryAuth
        return kind(*arguments, expires=request["expires"])
    kind = botocore.auth.S3SigV4Auth if request["s3"] else botocore.auth.SigV4Auth
    return kind(*arguments)


def sign(request):
    now = datetime.datetime.fromtimestamp(request["now"], datetime.timezone.utc)
    botocore.auth.get_current_datetime = lambda *_: now
    signer = signer_of(request)
    # It takes a body of a presigned request for more parameters.
    body = b"" if request["expires"] else request["body"].encode()
    aws = AWSRequest(method=request["method"], url=url_of(request), data=body)
    for name, value in request["headers"]:
        aws.headers[name] = value
    signer.add_auth(aws)
    if request["expires"]:
        pairs = urllib.parse.urlsplit(aws.url).query.split("&")
        if request["token_after"] and request["token"]:
            pairs.append("X-Amz-Security-Token=" + encoded(request["token"]))
        return {"query": "&".join(sorted(pairs, key=lambda pair: pair.partition("=")[::2]))}
    answer = {"authorization": aws.headers["Authorization"]}
    if not request["token_after"]:
        del aws.headers["Authorization"]
        answer["canonical"] = signer.canonical_request(aws)
        answer["to_sign"] = signer.string_to_sign(aws, answer["canonical"])
    return answer
