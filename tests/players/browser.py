"""browser.py - pages and a folder shown to headless Chromium, which reports what became of them."""
import http.server
import json
import os
import queue
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
TYPES = {".html": "text/html", ".js": "text/javascript", ".m3u8": "application/vnd.apple.mpegurl",
         ".mpd": "application/dash+xml", ".mp4": "video/mp4", ".m4s": "video/mp4", ".vtt": "text/vtt"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def file(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        if path in self.server.pages:
            return self.server.pages[path]
        return os.path.join(self.server.folder, os.path.normpath(path.removeprefix("/outputs/")))

    def do_GET(self):
        path = self.file()
        self.server.asked.append(self.path)
        if not os.path.isfile(path):
            self.server.missing.append(self.path)
            self.send_error(404)
            return
        with open(path, "rb") as file:
            body = file.read()
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first, last = 0, len(body) - 1
        if asked:
            first, last = int(asked[1]), min(int(asked[2] or last), last)
        self.send_response(206 if asked else 200)
        if asked:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
        self.send_header("Content-Type", TYPES.get(os.path.splitext(path)[1], "application/octet-stream"))
        self.send_header("Content-Length", str(last + 1 - first))
        self.end_headers()
        self.wfile.write(body[first:last + 1])

    def do_POST(self):
        self.server.reports.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Browser:
    """Chromium, and a server for it. `pages` are files by their path; `folder` lies under /outputs/."""

    def __init__(self, folder, pages):
        self.profile = tempfile.TemporaryDirectory(prefix="vidmill-browser-", ignore_cleanup_errors=True)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.folder, self.server.reports = folder, queue.Queue()
        self.server.asked, self.server.missing = [], []
        self.server.pages = pages
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *about):
        self.server.shutdown()
        self.server.server_close()
        self.profile.cleanup()

    def show(self, path, seconds=120, **query):
        """What a page reports."""
        page = f"{self.address}{path}?{urllib.parse.urlencode(query)}"
        program = shutil.which("chromium")
        if program is None:
            raise AssertionError("chromium is not installed: tests/packages.sh test")
        with open(os.path.join(self.profile.name, "log"), "w+") as log:
            # Root has no sandbox of Chromium's; what is shown is our own.
            process = subprocess.Popen(
                [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio", "--no-first-run",
                 "--disable-dev-shm-usage", "--disable-background-networking",
                 "--autoplay-policy=no-user-gesture-required",
                 "--user-data-dir=" + os.path.join(self.profile.name, "profile"), page],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                return self.server.reports.get(timeout=seconds)
            except queue.Empty:
                log.seek(0)
                raise AssertionError("the page said nothing; Chromium said:\n" + log.read()[-4000:]) from None
            finally:
                process.terminate()
                process.wait()
