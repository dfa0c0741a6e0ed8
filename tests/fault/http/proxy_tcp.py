"""proxy_tcp.py - an addon of mitmproxy: faults between MongoDB's driver and a server.

A request is a command about documents; what the driver asks for itself passes, whichever the
fault, but for "frozen": then no message goes through at all.
"""
import asyncio
import struct

import wire
import words_mongo
from proxy import SLOW_S, Faults

# The driver's own.
OWN = ("hello", "isMaster", "ismaster", "ping", "endSessions", "killCursors")


class Connection:
    def __init__(self):
        self.streams = {True: wire.Stream(), False: wire.Stream()}  # from the client; to it
        self.asked = {}  # by the number of a request: it, and its fault


class TcpFaults(Faults):
    def __init__(self):
        super().__init__()
        self.connections = {}
        self.writes = {}  # by session and number: the answer to a write

    def tcp_start(self, flow):
        self.connections[flow.id] = Connection()

    def tcp_end(self, flow):
        self.connections.pop(flow.id, None)

    tcp_error = tcp_end

    async def tcp_message(self, flow):
        message, connection = flow.messages[-1], self.connections[flow.id]
        side = self.from_client if message.from_client else self.from_server
        through = [await side(flow.client_conn, connection, whole)
                   for whole in connection.streams[message.from_client].take(message.content)]
        message.content = b"".join(through)
        del flow.messages[:-1]

    async def from_client(self, client, connection, message):
        command = wire.members(message)
        if self.fault == "frozen":
            self.strikes()
            return await self.stall(client)
        if not command or next(iter(command)) in OWN:
            return message
        fault = self.strikes()
        if fault == "reset-before":
            self.reset(client)
        elif fault == "closed":
            await self.say(client, b"")
        elif fault == "stall":
            await self.stall(client)
        elif fault == "no-mongo":
            await self.say(client, b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
        elif fault in words_mongo.ANSWERS:
            self.answer(client, wire.reply(message, wire.document(words_mongo.ANSWERS[fault])))
        else:
            connection.asked[wire.number(message)] = message, command, fault
            done = self.writes.get(self.known(command))
            if done is None:
                return message
            # The server that these tests have would do it twice; MongoDB does not.
            reply = await self.from_server(client, connection, wire.reply(message, done))
            self.answer(client, reply)
        return b""

    async def from_server(self, client, connection, message):
        request, command, fault = connection.asked.pop(wire.answers(message), (None, {}, None))
        if self.known(command):
            self.writes[self.known(command)] = message[wire.BODY:]
        if fault == "slow":
            await asyncio.sleep(SLOW_S)
            return message
        if fault == "reset-after":
            self.reset(client)
        elif fault == "stall-after":
            return await self.stall(client)
        elif fault == "truncated":
            await self.say(client, message[:len(message) // 2])
        elif fault == "stall-half":
            self.answer(client, message[:len(message) // 2])
            return await self.stall(client)
        elif fault == "huge":
            await self.say(client, struct.pack("<i", 0x7FFFFFFF) + message[4:])
        elif fault == "garbled":
            # A value of a type that is none. (One whose document is longer than itself ends the
            # process: libmongoc 1.23.1 reads behind it.)
            return message[:wire.BODY + 4] + b"\xee" + message[wire.BODY + 5:]
        elif fault in words_mongo.AFTERWARDS:
            return wire.reply(request, wire.document(words_mongo.AFTERWARDS[fault]))
        elif fault in words_mongo.BESIDES:
            return wire.with_more(message, request, words_mongo.BESIDES[fault])
        else:
            return message
        return b""

    def known(self, command):
        """What a write is known by when the driver sends it again; None: it will not."""
        if "txnNumber" not in command:
            return None
        return command["lsid"] + command["txnNumber"]

    def answer(self, client, message):
        writer = self.writer_of(client)
        if writer is not None:
            writer.write(message)

    async def stall(self, client):
        await self.waiting.wait()
        self.reset(client)
        return b""


addons = [TcpFaults()]
