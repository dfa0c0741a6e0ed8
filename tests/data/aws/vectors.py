"""vectors.py - makes vectors.json anew: vectors.py, by the Python of the test servers.

The requests are those on which signers of AWS have gone wrong before; the answers
are botocore's.
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "cloud"))
import oracle  # noqa: E402

PLAIN = {"id": "AKIDEXAMPLE", "secret": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "token": "",
         "region": "eu-west-1", "service": "service", "now": 1440938160, "method": "GET",
         "path": "/", "query": [], "headers": [["host", "example.amazonaws.com"]], "body": "",
         "s3": False, "expires": 0, "token_after": False}
TOKEN = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQW+LWsKWHGBuFqwAeMicRXmxfpSPfIe=="
UNRESERVED = "-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
FORM = ["content-type", "application/x-www-form-urlencoded"]


def headers(*more):
    return {"headers": PLAIN["headers"] + [list(pair) for pair in more]}


# What differs from PLAIN. Unless it says otherwise each is signed in all four manners.
REQUESTS = {
    "vanilla": {},
    "post": {"method": "POST"},
    "header of one name twice": headers(("my-header1", "value2"), ("my-header1", "value1")),
    "header in capitals": headers(("My-Header1", "value1"), ("MY-HEADER1", "value2")),
    "header values keep their order": headers(*[("my-header1", f"value{n}") for n in (4, 1, 3, 2)]),
    "header values are trimmed": headers(("my-header1", "  value1"), ("my-header2", ' "a   b   c" ')),
    "header values with tabs": headers(("my-header1", "\ta \t b\t")),
    "header without a value": headers(("my-header1", ""), ("my-header2", "   ")),
    "header names of which one begins the other": headers(("x-a-b", "1"), ("x-a", "2"), ("x-ab", "3")),
    "header value in utf-8": headers(("x-amz-meta-name", "ü 犬")),
    "headers that nobody signs": headers(("user-agent", "me"), ("expect", "100-continue"),
                                         ("connection", "close"), ("x-amzn-trace-id", "Root=1")),
    "host with a port": {"headers": [["host", "127.0.0.1:9000"]]},
    "path unreserved": {"path": "/" + UNRESERVED},
    "path utf-8": {"path": "/%E1%88%B4"},
    "path with a space": {"path": "/example%20space/"},
    "path with a plus and a percent": {"path": "/a%2Bb%25c"},
    "path with all that is reserved": {"path": "/%21%22%23%24%26%27%28%29%2A%2C%3A%3B%3D%3F%40%5B%5D"},
    "path relative": {"path": "/example/.."},
    "path relative twice": {"path": "/example1/example2/../.."},
    "path above the root": {"path": "/../../a"},
    "path dot": {"path": "/./"},
    "path pointless dot": {"path": "/./example"},
    "path ends with a dot": {"path": "/example/."},
    "path of slashes": {"path": "//"},
    "path with slashes": {"path": "//example//a///"},
    "path that names dots": {"path": "/..a/b../.../a.b"},
    "query empty name": {"query": [["", "value1"]]},
    "query empty value": {"query": [["Param1", ""]]},
    "query order by name": {"query": [["Param2", "2"], ["Param1", "1"]]},
    "query order by case": {"query": [["b", "1"], ["B", "2"], ["a", "3"], ["A", "4"]]},
    "query order by encoded name": {"query": [["a-b", "1"], ["aä", "2"], ["a/", "3"], ["a", "4"]]},
    "query order of a name that begins another": {"query": [["aa", "1"], ["a", "2"], ["a0", "3"]]},
    "query unreserved": {"query": [[UNRESERVED, UNRESERVED]]},
    "query utf-8": {"query": [["ሴ", "bar"], ["key", "犬"]]},
    "query with what separates": {"query": [["a=b&c", "d=e&f+g%20/?#"]]},
    "token": {"token": TOKEN},
    "token after": {"token": TOKEN, "token_after": True},
    "leap day": {"now": 1709251199},
    "first second": {"now": 1735689600},
}
HEADERS_ONLY = {
    "query order by value": {"query": [["p", "b"], ["p", "a"], ["p", ""], ["p", "B"]]},
    "body of a form": {"method": "POST", "body": "Param1=value1", **headers(FORM)},
    "body": {"method": "PUT", "body": "Welcome to Amazon S3.\n\t€"},
}
QUERY_ONLY = {
    "one second": {"expires": 1},
    "a week": {"expires": 604800},
    "length and condition are signed": {
        "method": "PUT", **headers(("content-length", "1048576"), ("if-none-match", "*"),
                                   ("content-type", "video/mp4"))},
    "part of an upload": {"method": "PUT", "query": [["partNumber", "7"], ["uploadId", "a/b+c=="]]},
}


def main():
    vectors = {}
    for requests, places in ((REQUESTS, (0, 3600)), (HEADERS_ONLY, (0,)), (QUERY_ONLY, (900,))):
        for name, change in requests.items():
            for expires in places:
                for s3 in (False, True):
                    request = {**PLAIN, "expires": expires, "s3": s3, **change}
                    title = f"{name}, {'query' if expires else 'headers'}, {'s3' if s3 else 'others'}"
                    vectors[title] = {"request": request, "answer": oracle.sign(request)}
    with open(os.path.join(HERE, "vectors.json"), "w", encoding="utf-8") as file:
        lines = [f"{json.dumps(title)}: {json.dumps(vector, ensure_ascii=False)}"
                 for title, vector in vectors.items()]
        file.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
