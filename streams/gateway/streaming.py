"""The streams on the wire: `/api/stream` as Server-Sent Events and `/api/ws` as WebSocket."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from streams.gateway.channels import Channel, Channels
from streams.gateway.following import BEHIND_S, follow, goodbye
from streams.gateway.frames import COMMENT, GZIP_HEAD, Event, compressed
from streams.gateway.metrics import Metrics
from streams.gateway.wants import Wants

PIECE = 65_536
"""How many bytes are handed over before waiting for the viewer to take them."""
LARGE = 1_000_000
"""What is compressed in a thread, in bytes: all rows of a large race would hold everybody up for a second."""
GOING_AWAY, TRY_AGAIN_LATER = 1001, 1013
"""WebSocket's codes for a server that ends, and for a viewer that may come back later."""
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
    "Vary": "Accept-Encoding",
}


class EventStream(Response):
    """A stream of Server-Sent Events that writes what many viewers share without copying it for each."""

    def __init__(
        self,
        channels: Channels,
        channel: Channel,
        wants: Wants,
        last_id: str | None,
        metrics: Metrics,
        *,
        gzip: bool,
    ) -> None:
        super().__init__(headers={**HEADERS, **({"Content-Encoding": "gzip"} if gzip else {})})
        del self.headers["content-length"]
        self._batches = follow(channels, channel, wants, last_id)
        self._channel = channel
        self._metrics = metrics
        self._gzip = gzip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write events until the viewer goes, the gateway ends the stream, or nothing is read any more."""
        del scope
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async with _counted(self._channel, self._metrics, "sse"):
            writing = asyncio.ensure_future(self._write(send))
            leaving = asyncio.ensure_future(_until_left(receive))
            try:
                await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
                if writing.done():
                    await writing
            finally:
                leaving.cancel()
                writing.cancel()
                with suppress(asyncio.CancelledError):
                    await writing

    async def _write(self, send: Send) -> None:
        head = compressed(COMMENT) if self._gzip else COMMENT
        try:
            await self._send(send, GZIP_HEAD + head if self._gzip else head)
            async with aclosing(self._batches) as batches:
                async for events in batches:
                    pieces = [await self._piece(event) for event in events]
                    async with asyncio.timeout(BEHIND_S):
                        await self._send(send, b"".join(pieces) if len(pieces) > 1 else pieces[0])
                    _note(self._metrics, events, sum(map(len, pieces)))
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            self._metrics.dropped("stalled")
            # The viewer reads nothing; the reason is written behind all that waits for it already.
            last = goodbye(f"too slow: nothing was read for {BEHIND_S:g} s")
            with suppress(TimeoutError):
                async with asyncio.timeout(0):
                    await self._send(send, last.sse_compressed if self._gzip else last.sse)

    async def _piece(self, event: Event) -> bytes:
        if not self._gzip:
            return event.sse
        if len(event.data) > LARGE and "sse_compressed" not in event.__dict__:
            event.__dict__["sse_compressed"] = await asyncio.to_thread(compressed, event.sse)
        return event.sse_compressed

    @staticmethod
    async def _send(send: Send, body: bytes) -> None:
        if len(body) <= PIECE:
            await send({"type": "http.response.body", "body": body, "more_body": True})
            return
        view = memoryview(body)
        for start in range(0, len(body), PIECE):
            piece = bytes(view[start : start + PIECE])
            await send({"type": "http.response.body", "body": piece, "more_body": True})


async def over_websocket(
    socket: WebSocket,
    channels: Channels,
    channel: Channel,
    wants: Wants,
    last_id: str | None,
    metrics: Metrics,
) -> None:
    """Write events to an accepted WebSocket, with the same ends as for Server-Sent Events."""
    async with _counted(channel, metrics, "websocket"):
        writing = asyncio.ensure_future(_write_messages(socket, channels, channel, wants, last_id, metrics))
        leaving = asyncio.ensure_future(_until_closed(socket))
        try:
            await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if writing.done():
                code, reason = await writing
                with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
                    async with asyncio.timeout(1):
                        await socket.close(code, reason[:120])
        finally:
            leaving.cancel()
            writing.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                await writing


async def _write_messages(
    socket: WebSocket,
    channels: Channels,
    channel: Channel,
    wants: Wants,
    last_id: str | None,
    metrics: Metrics,
) -> tuple[int, str]:
    last = ""
    try:
        async with aclosing(follow(channels, channel, wants, last_id)) as batches:
            async for events in batches:
                async with asyncio.timeout(BEHIND_S):
                    for event in events:
                        await socket.send_text(event.message)
                last = events[-1].data.decode() if events[-1].name == "goodbye" else ""
                _note(metrics, events, sum(len(event.data) for event in events))
    except TimeoutError:
        metrics.dropped("stalled")
        return TRY_AGAIN_LATER, f"too slow: nothing was read for {BEHIND_S:g} s"
    return (GOING_AWAY if channels.closing else TRY_AGAIN_LATER), last


def _note(metrics: Metrics, events: list[Event], size: int) -> None:
    metrics.sent(len(events), size)
    if events[-1].name == "goodbye" and b"too slow" in events[-1].data:
        metrics.dropped("behind")


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _until_closed(socket: WebSocket) -> None:
    """Pass over whatever a viewer says; a stream is not talked to."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


@asynccontextmanager
async def _counted(channel: Channel, metrics: Metrics, transport: str) -> AsyncIterator[None]:
    channel.followers += 1
    metrics.streams(transport, 1)
    try:
        yield
    finally:
        channel.followers -= 1
        metrics.streams(transport, -1)
        channel.used_at = time.monotonic()


def accepts_gzip(headers: Mapping[str, str]) -> bool:
    """Say whether a viewer takes gzip."""
    offered = [part.strip().lower() for part in headers.get("accept-encoding", "").split(",")]
    return any(
        part == "gzip" or (part.startswith("gzip;") and "q=0" not in part.replace("q=0.", ""))
        for part in offered
    )
