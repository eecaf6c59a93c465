"""Streams over real connections: Server-Sent Events and WebSocket."""

import asyncio
import json
import socket
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from streams.gateway import following, streaming
from streams.gateway.frames import GZIP_HEAD, compressed
from streams.gateway.streaming import accepts_gzip
from tests.gateway.telling import Gateway, gateway, heard

PATIENCE_S = 10.0
PATIENT = aiohttp.ClientWSTimeout(ws_receive=PATIENCE_S)


@dataclass(slots=True)
class Listener:
    """A reader of Server-Sent Events, as browsers are: lines, and an event at each empty one."""

    answer: aiohttp.ClientResponse
    last_id: str = ""
    comments: int = 0
    fields: dict[str, str] = field(default_factory=dict)

    async def event(self) -> tuple[str, Any]:
        """Wait for the next event, and give its name and data."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                line = (await self.answer.content.readuntil(b"\n")).decode().rstrip("\n")
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, _, value = line.partition(": ")
                    self.fields[name] = value
                elif self.fields:
                    told, self.fields = self.fields, {}
                    self.last_id = told.get("id", self.last_id)
                    return told["event"], json.loads(told["data"])

    async def until(self, name: str) -> Any:
        """Wait for an event of a name, and give its data."""
        while True:
            event, data = await self.event()
            if event == name:
                return data


@asynccontextmanager
async def listening(held: Gateway, query: str = "", **headers: str) -> AsyncIterator[Listener]:
    """Follow a gateway for the length of a block."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    async with held.http.get(
        f"{held.url}/api/stream{query}", headers=told, timeout=aiohttp.ClientTimeout(total=None)
    ) as answer:
        assert answer.status == 200
        yield Listener(answer)


async def test_a_stream_begins_with_the_present_and_tells_every_change() -> None:
    """As text/event-stream that no proxy keeps or holds back."""
    messages = heard("torture")
    async with gateway(messages[:100]) as held, listening(held, "?kind=standings,records") as viewer:
        first = [await viewer.event(), await viewer.event()]
        told = []
        for message in messages[100:140]:
            held.hear(message)
            if message.stream in {"standings", "records"}:
                told.append((await viewer.event())[1])
        headers = viewer.answer.headers

    assert [name for name, _ in first] == ["status", "snapshot"]
    assert set(first[1][1]) == {"stale", "delay_s", "standings", "records"}
    wanted = [one for one in messages[100:140] if one.stream in {"standings", "records"}]
    assert told == [json.loads(one.value) for one in wanted]
    assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert headers["Cache-Control"] == "no-cache, no-transform"
    assert headers["X-Accel-Buffering"] == "no"


async def test_a_stream_goes_on_where_it_was_cut() -> None:
    """In another gateway too: the id means the same there."""
    messages = heard("torture")
    async with gateway(messages[:50]) as held, listening(held) as viewer:
        await viewer.until("snapshot")
        for message in messages[50:60]:
            held.hear(message)
        while viewer.last_id != held.channels.history.positions_at(held.channels.history.end):
            await viewer.event()
    async with gateway(messages) as other, listening(other, last_event_id=viewer.last_id) as viewer:
        told: list[Any] = []
        while len(told) < len(messages) - 60:
            name, data = await viewer.event()
            assert name != "snapshot"
            told += [data] if name not in {"status", "races"} else []

    assert told == [json.loads(message.value) for message in messages[60:]]


async def test_compressed_and_plain_streams_tell_the_same() -> None:
    """Pieces that are compressed once for all make up a stream that any reader of gzip takes."""
    messages = heard("torture")
    async with (
        gateway(messages[:80]) as held,
        listening(held, accept_encoding="gzip") as packed,
        listening(held, accept_encoding="identity") as plain,
    ):
        for message in messages[80:]:
            held.hear(message)
        last = held.channels.history.positions_at(held.channels.history.end)
        found: list[list[tuple[str, Any]]] = [[], []]
        for number, viewer in enumerate((packed, plain)):
            while viewer.last_id != last:
                found[number].append(await viewer.event())

    assert packed.answer.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.answer.headers
    assert found[0] == found[1]


def test_pieces_stand_behind_each_other_in_any_order() -> None:
    """Each is whole: a viewer that comes later has none of those before."""
    pieces = [b"one " * 100, b"two", b"one " * 100, b""]
    unpacked = zlib.decompressobj(wbits=31).decompress(GZIP_HEAD + b"".join(map(compressed, pieces)))

    assert unpacked == b"".join(pieces)
    assert len(compressed(pieces[0])) < 40


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("gzip", True),
        ("br, GZIP", True),
        ("gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("br", False),
        ("", False),
    ],
)
def test_only_who_takes_gzip_gets_it(header: str, wanted: bool) -> None:
    """As HTTP has it."""
    assert accepts_gzip({"accept-encoding": header}) is wanted


async def test_a_websocket_is_told_the_same() -> None:
    """One event a message, with its id; what a viewer says is passed over."""
    messages = heard("torture")
    sheets = [one for one in messages[100:] if one.stream == "standings"][:30]
    async with (
        gateway(messages[:100]) as held,
        held.http.ws_connect(f"{held.url}/api/ws?kind=standings", timeout=PATIENT) as viewer,
    ):
        await viewer.send_str("hello")
        first = [await viewer.receive_json(), await viewer.receive_json()]
        told = []
        for message in sheets:
            held.hear(message)
            told.append(await viewer.receive_json())
        again_at = f"{held.url}/api/ws?kind=standings&last_event_id={told[9]['id']}"
        async with held.http.ws_connect(again_at, timeout=PATIENT) as again:
            await again.receive_json()
            resumed = [await again.receive_json() for _ in range(20)]

    assert [one["event"] for one in first] == ["status", "snapshot"]
    assert [one["data"] for one in told] == [json.loads(one.value) for one in sheets]
    assert [one["data"] for one in resumed] == [one["data"] for one in told[10:]]


@pytest.mark.parametrize(
    ("query", "code", "reason"),
    [
        ("?kind=sheet", 1008, "kind: there is no 'sheet'"),
        ("", 1013, "this gateway has no room for another stream"),
    ],
)
async def test_a_websocket_that_cannot_be_says_why(query: str, code: int, reason: str) -> None:
    """In the reason with which it is closed."""
    async with (
        gateway(gateway_most_streams=1) as held,
        listening(held) as viewer,
        held.http.ws_connect(f"{held.url}/api/ws{query}") as socket_,
    ):
        await viewer.event()
        closed = await socket_.receive()

    assert (closed.data, (closed.extra or "")[: len(reason)]) == (code, reason)


async def test_there_is_a_limit_to_streams() -> None:
    """Whoever comes too many is told to come back, and a place that is left is free again."""
    async with gateway(gateway_most_streams=2) as held:
        async with listening(held) as one, listening(held) as other:
            await one.event()
            await other.event()
            refused = await held.get("/api/stream")
        async with asyncio.timeout(PATIENCE_S):
            while held.channels.followers:  # noqa: ASYNC110 - the connection's end is seen by the server only
                await asyncio.sleep(0.01)
        async with listening(held) as viewer:
            again = await viewer.event()
        metrics = (await held.get("/metrics")).text

    assert refused.status == 503
    assert refused.headers["retry-after"] == "5"
    assert again[0] == "status"
    assert 'slotrit_gateway_requests_refused_total{reason="streams"} 1.0' in metrics


async def test_signs_of_life_come_while_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A viewer that hears nothing for long knows that the connection is dead."""
    monkeypatch.setattr("streams.gateway.channels.BEAT_S", 0.05)
    async with gateway() as held, listening(held) as viewer:
        await viewer.until("snapshot")
        told = [await viewer.event() for _ in range(3)]

    assert told == [("status", {"stale": False, "delay_s": 0.0})] * 3


async def test_a_delayed_stream_is_late_by_what_was_asked() -> None:
    """Nothing of a message is told before its time, on any kind of event."""
    messages = heard("torture")
    async with gateway() as held, listening(held, "?delay=0.5") as viewer:
        status = await viewer.event()
        first = await viewer.until("snapshot")
        sent_at = asyncio.get_running_loop().time()
        held.hear(messages[0])
        name, _ = await viewer.event()
        took_s = asyncio.get_running_loop().time() - sent_at

    assert status == ("status", {"stale": False, "delay_s": 0.5})
    assert first["standings"] == []
    assert name in {"races", "standings", "records", "needs"}
    assert 0.5 <= took_s < PATIENCE_S


async def test_who_does_not_read_is_dropped_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its stream ends after a while, is counted with the reason, and another viewer is told everything."""
    monkeypatch.setattr(streaming, "BEHIND_S", 0.5)
    monkeypatch.setattr(following, "BEHIND_S", 0.5)
    messages = heard("torture")
    async with gateway(messages[:10]) as held:
        host, _, port = held.url.removeprefix("http://").partition(":")
        lazy = socket.socket()
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        lazy.connect((host, int(port)))
        lazy.sendall(b"GET /api/stream HTTP/1.1\r\nhost: x\r\n\r\n")
        async with listening(held, "?kind=standings") as viewer:
            await viewer.until("snapshot")
            sheet = json.loads(next(one for one in messages if one.stream == "standings").value)
            version = 1_000
            async with asyncio.timeout(PATIENCE_S):
                while held.channels.followers > 1 or version == 1_000:
                    version += 1
                    padded = json.dumps({**sheet, "version": version, "padding": "x" * 200_000}).encode()
                    held.hear(type(messages[0])("standings", version, padded, f"id {version}"))
                    told = await viewer.until("standings")
                    assert told["version"] == version
        lazy.close()
        metrics = (await held.get("/metrics")).text

    assert 'slotrit_gateway_streams_dropped_total{reason="stalled"} 1.0' in metrics


async def test_streams_end_when_the_gateway_does() -> None:
    """Each hears why, so that it comes back at once, here or elsewhere."""
    async with (
        gateway(heard("torture")) as held,
        listening(held) as viewer,
        held.http.ws_connect(f"{held.url}/api/ws", timeout=PATIENT) as other,
    ):
        await viewer.until("snapshot")
        await other.receive_json()
        await other.receive_json()
        held.channels.close("it is late")
        goodbye = await viewer.until("goodbye")
        told = await other.receive_json()
        closed = await other.receive()
        rest = await viewer.answer.content.read()

    assert goodbye == told["data"] == {"reason": "it is late"}
    assert (closed.data, rest.strip()) == (1001, b"")
