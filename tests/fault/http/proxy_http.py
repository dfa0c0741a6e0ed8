"""proxy_http.py - an addon of mitmproxy: answers in place of a server, or spoils what it answers."""
import asyncio
import email.utils
import time

from mitmproxy import http

import words
from proxy import SLOW_S, Faults


class HttpFaults(Faults):
    async def request(self, flow):
        fault = flow.metadata["fault"] = self.strikes()
        if fault == "reset-before":
            self.reset(flow.client_conn)
        elif fault == "closed":
            await self.say(flow.client_conn, b"")
        elif fault == "stall":
            await self.waiting.wait()
            self.reset(flow.client_conn)
        elif fault == "no-http":
            await self.say(flow.client_conn, b"\x16\x03\x01 220 mail.example ESMTP\r\n\r\n")
        elif fault in words.ANSWERS:
            flow.response = self.answer(words.ANSWERS[fault], flow.request)
            return
        else:
            return
        flow.kill()

    def answer(self, words_of, request):
        status, headers, body = words_of(request)
        # A clock that is wrong is told by the date.
        headers.setdefault("date", email.utils.formatdate(time.time(), usegmt=True))
        response = http.Response.make(status, body, dict(headers, connection="close"))
        if request.method == "HEAD":
            response.raw_content = b""
        return response

    async def response(self, flow):
        fault = flow.metadata.get("fault")
        body = flow.response.raw_content or b""
        if fault == "slow":
            await asyncio.sleep(SLOW_S)
        elif fault == "reset-after":
            self.reset(flow.client_conn)
        elif fault == "stall-after":
            await self.waiting.wait()
            self.reset(flow.client_conn)
        elif fault in ("truncated", "stall-body"):
            # Half of what the headers promise; and then the end, or nothing at all.
            flow.response.headers.setdefault("content-length", str(len(body)))
            flow.response.headers.pop("transfer-encoding", None)
            flow.response.headers["connection"] = "close" if fault == "truncated" else "keep-alive"
            flow.response.raw_content = body[:len(body) // 2]


addons = [HttpFaults()]
