"""Connections that do not come about, fall silent or end: told once, waited for, made again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from streams.errors import SlotritError
from streams.reconnecting import (
    MOST_UNREADABLE,
    Listener,
    Patience,
    checked_url,
    listen,
    pause_s,
    shown,
)

HURRIED = Patience(first_pause_s=0.01, longest_pause_s=0.02, silence_s=0.3, connect_s=2.0)
Handler = Callable[[web.Request], Awaitable[web.WebSocketResponse]]


@asynccontextmanager
async def answering(handler: Handler) -> AsyncIterator[str]:
    """Serve a websocket on a free port of this machine, and give its URL."""
    app = web.Application()
    app.router.add_get("/", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"ws://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def counting(stop: asyncio.Event, until: int, *, wrong: str | None = None) -> tuple[Listener, list[str]]:
    """Make a listener that stops after so many connections, and the list of what it heard."""
    heard: list[str] = []
    begun = 0

    def connected() -> None:
        nonlocal begun
        begun += 1
        if begun == until:
            stop.set()

    async def take(text: str) -> str | None:
        heard.append(text)
        return wrong

    return Listener(connected, take), heard


async def test_silence_ends_a_connection() -> None:
    """Where neither messages nor answers to pings come, the connection is given up and made again."""
    silent = asyncio.Event()

    async def never_answers(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        await silent.wait()
        return socket

    stop = asyncio.Event()
    listener, _ = counting(stop, 3)
    with capture_logs() as logs:
        async with answering(never_answers) as url, asyncio.timeout(20):
            await listen(url, listener, stop, HURRIED)
            silent.set()

    assert [entry["event"] for entry in logs] == ["the connection is lost, trying again"]


async def test_trouble_is_named_once_an_episode() -> None:
    """Closing with an error is told once, and again only after a message that could be read."""
    connections = 0

    async def closes(request: web.Request) -> web.WebSocketResponse:
        nonlocal connections
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connections += 1
        if connections == 3:
            await socket.send_str("news")
        await socket.close(code=1011)
        return socket

    stop = asyncio.Event()
    listener, heard = counting(stop, 6)
    with capture_logs() as logs:
        async with answering(closes) as url, asyncio.timeout(20):
            await listen(url, listener, stop, HURRIED)

    assert heard == ["news"]
    assert [(entry["event"], entry.get("reason")) for entry in logs] == [
        ("the connection is lost, trying again", "closed by the other end with code 1011"),
        ("connected again", None),
        ("the connection is lost, trying again", "closed by the other end with code 1011"),
    ]
    assert logs[1]["attempts"] == 2


async def test_nothing_but_garbage_ends_a_connection() -> None:
    """Whoever sends nothing that can be read is not listened to any longer, and named once a connection."""

    async def babbles(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for _ in range(MOST_UNREADABLE):
            await socket.send_str("{")
        await socket.receive()
        return socket

    stop = asyncio.Event()
    listener, heard = counting(stop, 2, wrong="no JSON")
    with capture_logs() as logs:
        async with answering(babbles) as url, asyncio.timeout(20):
            await listen(url, listener, stop, HURRIED)

    assert len(heard) == MOST_UNREADABLE
    assert [entry["reason"] for entry in logs] == [
        "no JSON",
        f"{MOST_UNREADABLE} messages in a row could not be read",
    ]


async def test_it_stops_while_nobody_is_there() -> None:
    """Told to stop while it waits for the next attempt, it stops at once."""
    stop = asyncio.Event()
    listener, heard = counting(stop, 1)
    patience = Patience(first_pause_s=60.0, longest_pause_s=60.0)
    with capture_logs() as logs:
        async with asyncio.timeout(20):
            working = asyncio.create_task(listen("ws://127.0.0.1:9/", listener, stop, patience))
            while not logs:  # noqa: ASYNC110 - a log does not call
                await asyncio.sleep(0.01)
            stop.set()
            await working

    assert heard == []
    assert "127.0.0.1" in logs[0]["reason"]


@pytest.mark.parametrize("attempt", [1, 2, 5, 10, 1000, 100_000])
def test_pauses_double_and_are_bounded(attempt: int) -> None:
    """The pause grows with the attempts, never beyond the longest, and chance spreads it."""
    patience = Patience(first_pause_s=0.5, longest_pause_s=30.0)
    shortest, longest = pause_s(attempt, patience, 0.0), pause_s(attempt, patience, 1.0)

    assert longest == min(30.0, 0.5 * 2.0 ** min(attempt - 1, 30))
    assert shortest == longest / 2


@pytest.mark.parametrize(
    "url", ["", "events.example", "ftp://host/", "ws:///path", "ws://host:99999/", "ws://[x/"]
)
def test_what_is_no_url_is_refused(url: str) -> None:
    """The error says what a URL looks like, and what it got."""
    with pytest.raises(SlotritError, match=r"URL: must be ws://HOST\[:PORT\]/PATH .*, got"):
        checked_url(url)


def test_secrets_in_a_url_are_not_shown() -> None:
    """User, password and query stay out of the log."""
    assert shown("wss://me:secret@host:8443/v1/x?token=abc") == "wss://host:8443/v1/x"
