"""A server that speaks as the timing software does: first what is known of the heat, then what is new."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.sources.tape import Line


def again(known: Sequence[Line]) -> list[Line]:
    """Give what a new connection is sent first, of what was said: all of the present heat, in its order."""
    first = [line for line in known if line["typeName"] == "CompetitionActivatedEvent"][-1:]
    distance = [place for place, line in enumerate(known) if line["typeName"] == "DistanceActivatedEvent"]
    heat = [place for place, line in enumerate(known) if line["typeName"] == "HeatActivatedEvent"]
    if distance:
        first.append(known[distance[-1]])
    if heat and heat[-1] > distance[-1]:
        first.extend(line for line in known[heat[-1] :] if line["typeName"] != "CompetitionActivatedEvent")
    return first


@dataclass(slots=True)
class LiveServer:
    """A websocket on a free port of this machine.

    It has `said` so many of its lines to whoever was connected. Each new connection gets the competition, the
    present distance and everything of the present heat again, byte for byte and without `_time`, and then
    what follows, up to the next place in `drops`, where the connection ends. Between two heats it waits until
    everything was handled, as a meeting does.
    """

    lines: Sequence[Line]
    drops: list[int]
    garbage: Sequence[str] = ()
    said: int = 0
    connections: int = 0
    abandoned: int = 0
    url: str = ""
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    reached: dict[int, asyncio.Event] = field(default_factory=dict)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection."""
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.connections += 1
        mine = self.connections + self.abandoned
        for text in self.garbage:
            await socket.send_str(text)
        for line in again(self.lines[: self.said]):
            await _send(socket, line)
        while self.said < len(self.lines):
            if self.drops and self.said == self.drops[0]:
                self.drops.pop(0)
                await socket.close(code=1011, message=b"gone")
                return socket
            if self.lines[self.said]["typeName"] == "HeatActivatedEvent" and not await _handled(socket):
                return socket
            await _send(socket, self.lines[self.said])
            self.said += 1
            if self.said in self.reached:
                self.reached[self.said].set()
                await self.go_on.wait()
            if mine != self.connections + self.abandoned:
                return socket
        if await _handled(socket):
            self.finished.set()
            await _handled(socket, until=b"never")
        return socket


async def _send(socket: web.WebSocketResponse, line: Line) -> None:
    await socket.send_str(json.dumps({name: value for name, value in line.items() if name != "_time"}))


async def _handled(socket: web.WebSocketResponse, until: bytes = b"handled") -> bool:
    """Wait until the other end has handled everything so far, or is gone: it answers pings in their turn."""
    if not socket.closed:
        await socket.ping(b"handled")
    async for message in socket:
        if message.type is WSMsgType.PING:
            await socket.pong(message.data)
        elif message.type is WSMsgType.PONG and message.data == until:
            return True
    return False


@asynccontextmanager
async def serving(
    lines: Sequence[Line], *, drops: Sequence[int] = (), garbage: Sequence[str] = ()
) -> AsyncIterator[LiveServer]:
    """Run such a server for the length of a block."""
    server = LiveServer(lines, list(drops), garbage)
    app = web.Application()
    app.router.add_get("/v1/competitions/invented", server.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    server.url = f"ws://127.0.0.1:{port}/v1/competitions/invented"
    try:
        yield server
    finally:
        server.go_on.set()
        await runner.cleanup()
