#!/usr/bin/env python3
"""throttle.py - a long thin line to a server on the loopback.

    tests/bench/throttle.py PORT SERVER_PORT

Everything that connects to PORT shares one line to the server: so many bits a
second in each direction, and a round trip that takes its time. Each connection
starts slowly, as TCP does (RFC 6928, RFC 5681): ten segments in the first round
trip, twice as many in each further one, and anew after it was quiet. Told by
lines of JSON, each answered with what went over the line since the one before:

    {"mbit": 20, "rtt_ms": 20}   →   {"down": 1048576, "up": 311, "connections": 1}

mbit 0 is no limit at all, and so it begins.
"""
import asyncio
import collections
import json
import socket
import sys

SEGMENT = 1448
FIRST_WINDOW = 10 * SEGMENT
MOST_WINDOW = 4 << 20  # what Linux lets a socket have under way
QUIET_S = 0.2  # a retransmission timeout at its least
READ_BYTES = 256 << 10
PIECE_MOST = 64 << 10
# On a busy machine the event loop comes late: what it missed of the rate may be made up, so much of it.
BURST_S = 0.05


class Direction:
    """One way of the line, shared by all connections."""

    def __init__(self):
        self.free_at, self.bytes = 0.0, 0


class Line:
    def __init__(self):
        self.rate, self.one_way_s, self.connections = 0, 0.0, 0
        self.ways = {"down": Direction(), "up": Direction()}

    def set(self, mbit, rtt_ms):
        self.rate, self.one_way_s = mbit * 1e6 / 8, rtt_ms / 2000

    def piece(self):
        """So much at once that connections take turns every two milliseconds."""
        return max(SEGMENT, min(PIECE_MOST, int(self.rate / 500))) if self.rate else PIECE_MOST

    async def send(self, way, length):
        """Waits for a turn; the moment at which it has arrived."""
        now = asyncio.get_running_loop().time()
        if self.rate == 0:
            return now + self.one_way_s
        way.free_at = max(now - BURST_S, way.free_at) + length / self.rate
        arrival = way.free_at + self.one_way_s
        if way.free_at > now:
            await asyncio.sleep(way.free_at - now)
        return arrival

    def take_seen(self):
        seen = {name: way.bytes for name, way in self.ways.items()}
        for way in self.ways.values():
            way.bytes = 0
        seen["connections"], self.connections = self.connections, 0
        return seen


class Window:
    """How much of one connection may be under way."""

    def __init__(self):
        self.bytes, self.under_way, self.last = FIRST_WINDOW, 0, 0.0
        self.changed = asyncio.Event()

    async def room(self):
        now = asyncio.get_running_loop().time()
        if self.under_way == 0 and now - self.last > QUIET_S:
            self.bytes = FIRST_WINDOW
        while self.under_way >= self.bytes:
            self.changed.clear()
            await self.changed.wait()
        return self.bytes - self.under_way

    def acknowledge(self, length):
        self.under_way -= length
        self.bytes = min(self.bytes + length, MOST_WINDOW)
        self.last = asyncio.get_running_loop().time()
        self.changed.set()


class Pump:
    """One direction of one connection."""

    def __init__(self, line, way, reader, writer):
        self.line, self.way, self.reader, self.writer = line, way, reader, writer
        self.window = Window()
        self.flying = collections.deque()  # (arrival, bytes); None: the end
        self.more = asyncio.Event()

    def fly(self, arrival, data):
        self.flying.append((arrival, data))
        self.more.set()

    async def deliver(self):
        loop = asyncio.get_running_loop()
        while True:
            while not self.flying:
                self.more.clear()
                await self.more.wait()
            arrival, data = self.flying.popleft()
            if arrival > loop.time():
                await asyncio.sleep(arrival - loop.time())
            if data is None:
                break
            self.writer.write(data)
            await self.writer.drain()
            loop.call_later(self.line.one_way_s, self.window.acknowledge, len(data))
        if self.writer.can_write_eof():
            self.writer.write_eof()

    async def cut(self, data):
        """A view of what was read, piece by piece, as the line and the window have room."""
        at, view = 0, memoryview(data)
        while at < len(data):
            length = min(await self.window.room(), self.line.piece(), len(data) - at)
            self.window.under_way += length
            self.fly(await self.line.send(self.way, length), view[at:at + length])
            at += length

    async def take(self):
        while data := await self.reader.read(READ_BYTES):
            self.way.bytes += len(data)
            await self.cut(data)
        self.fly(asyncio.get_running_loop().time() + self.line.one_way_s, None)


async def connect(line, server_port, reader, writer):
    line.connections += 1
    # SYN and its answer: what the client sends first is a round trip late.
    await asyncio.sleep(2 * line.one_way_s)
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", server_port, limit=READ_BYTES)
    for end in (writer, far_writer):
        end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    pumps = (Pump(line, line.ways["up"], reader, far_writer),
             Pump(line, line.ways["down"], far_reader, writer))
    try:
        async with asyncio.TaskGroup() as tasks:
            for pump in pumps:
                tasks.create_task(pump.take())
                tasks.create_task(pump.deliver())
    except* (OSError, asyncio.CancelledError):
        pass  # one side was reset, and so is the other then; or it is all over
    writer.close()
    far_writer.close()


async def obey(line):
    """Until its input ends, so that it does not outlive who started it."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while text := await reader.readline():
        line.set(**json.loads(text))
        print(json.dumps(line.take_seen()), flush=True)


async def main(port, server_port):
    line = Line()
    server = await asyncio.start_server(
        lambda reader, writer: connect(line, server_port, reader, writer), "127.0.0.1", port,
        limit=READ_BYTES)
    async with server:
        await obey(line)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
