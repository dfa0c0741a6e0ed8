"""proxy.py - what the addons of mitmproxy share: told which fault is wanted, they strike it.

Told by lines of JSON over the Unix socket of the option `control`:

    {"fault": "reset-after", "which": 1, "kept": false}

`which` request it strikes, counted from 1; 0: all. Fault null is none. Each
line is answered with what was seen since the one before:
{"requests": 3, "struck": 1}. Connections of before are closed unless `kept`.
"""
import asyncio
import json
import socket
import struct

from mitmproxy import ctx

SLOW_S = 0.5


class Faults:
    def __init__(self):
        self.fault, self.which = None, 0
        self.requests = self.struck = 0
        self.waiting = asyncio.Event()  # set when what stalls may go

    def load(self, loader):
        loader.add_option("control", str, "", "Unix socket that tells which fault is wanted")

    async def running(self):
        await asyncio.start_unix_server(self.talk, ctx.options.control)

    async def talk(self, reader, writer):
        while line := await reader.readline():
            seen = {"requests": self.requests, "struck": self.struck}
            await self.set(**json.loads(line))
            writer.write(json.dumps(seen).encode() + b"\n")

    async def set(self, fault, which, kept):
        self.waiting.set()
        self.waiting = asyncio.Event()
        self.fault, self.which = fault, which
        self.requests = self.struck = 0
        if not kept:
            handlers = list(self.handlers())
            for handler in handlers:
                self.reset(handler.client)
            while any(handler.client in handler.transports for handler in handlers):
                await asyncio.sleep(0.002)
        listen = fault != "refused"
        if ctx.options.server != listen:
            ctx.options.update(server=listen)
            # Until the port is closed, or open again.
            while bool(ctx.master.addons.get("proxyserver").listen_addrs()) != listen:
                await asyncio.sleep(0.005)

    def strikes(self):
        self.requests += 1
        if self.fault is None or self.which not in (0, self.requests):
            return None
        self.struck += 1
        return self.fault

    # Connections

    def handlers(self):
        return ctx.master.addons.get("proxyserver").connections.values()

    def writer_of(self, client):
        for handler in self.handlers():
            if handler.client is client and client in handler.transports:
                return handler.transports[client].writer
        return None

    def reset(self, client):
        """RST: whoever reads or writes there hears that the connection was reset."""
        writer = self.writer_of(client)
        if writer is not None and not writer.transport.is_closing():
            writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def say(self, client, data):
        """Bytes as they are, and the end of the connection."""
        writer = self.writer_of(client)
        writer.write(data)
        await writer.drain()
        writer.close()
