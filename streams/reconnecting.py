"""A websocket that is listened to for hours: whatever ends a connection, another one is made.

Trouble comes in episodes. One begins with whatever ended a connection or kept it from being made, is logged
once, however often it is tried again, and is over when a message comes that can be read.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

import aiohttp
import structlog

from streams.errors import SlotritError

T = TypeVar("T")
LARGEST_BYTES = 16_000_000
FAREWELL_S = 2.0
"""How long the other end may take to agree that a connection is over."""
MOST_UNREADABLE = 50
"""So many messages in a row that cannot be read, and the other end is not who we think it is."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what, in seconds.

    Pauses between attempts begin with `first_pause_s` and double up to `longest_pause_s`; they begin anew
    after a connection that lasted for `steady_s`. Silence is no message and no answer to a ping for
    `silence_s`.
    """

    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0
    steady_s: float = 60.0
    silence_s: float = 20.0
    connect_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Listener:
    """What is done with a connection: `connected` when it begins, `heard` with each message.

    `heard` gives None, or says why the message cannot be read.
    """

    connected: Callable[[], None]
    heard: Callable[[str], Awaitable[str | None]]


@dataclass(slots=True)
class _Episode:
    """Whether there is trouble now, how many attempts it has taken, and whether garbage was named."""

    log: structlog.stdlib.BoundLogger
    attempts: int = 0
    in_trouble: bool = False
    garbage_named: bool = False

    def begins(self, why: str) -> None:
        if not self.in_trouble:
            self.log.warning("the connection is lost, trying again", reason=why)
        self.in_trouble = True

    def ends(self) -> None:
        if self.in_trouble:
            self.log.info("connected again", attempts=self.attempts)
        self.in_trouble = False
        self.attempts = 0


def pause_s(attempt: int, patience: Patience, chance: float) -> float:
    """Say how long to wait before an attempt.

    Args:
        attempt: How many have failed since a connection was steady, from 1.
        patience: The bounds.
        chance: From 0 to 1; it spreads the pause over its upper half, so that not everybody comes back at
            once.
    """
    doubled: float = patience.first_pause_s * 2.0 ** min(attempt - 1, 30)
    return min(patience.longest_pause_s, doubled) * (0.5 + chance / 2)


def checked_url(url: str) -> str:
    """Give a URL that a websocket can be asked for.

    Raises:
        SlotritError: where it is none.
    """
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"ws", "wss", "http", "https"} and parts.hostname and (parts.port or 1)
    except ValueError:
        sound = None
    if not sound:
        raise SlotritError(f"URL: must be ws://HOST[:PORT]/PATH or wss://HOST[:PORT]/PATH, got {url}")
    return url


def shown(url: str) -> str:
    """Give a URL without what may be secret in it: user, password and query."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


async def listen(url: str, listener: Listener, stop: asyncio.Event, patience: Patience) -> None:
    """Listen to a websocket until told to stop, over any number of connections.

    Args:
        url: Where it is.
        listener: What to do with it. What `listener.heard` raises ends the listening.
        stop: Set from outside; a message that is being handled then is handled to its end.
        patience: How long to wait for what.
    """
    episode = _Episode(structlog.stdlib.get_logger("ingest").bind(url=shown(url)))
    failed = 0
    clock = asyncio.get_running_loop().time
    async with aiohttp.ClientSession() as session:
        while not stop.is_set():
            begun = clock()
            why = await _connection(session, url, listener, stop, patience, episode)
            if stop.is_set():
                return
            episode.begins(why)
            episode.attempts += 1
            failed = 1 if clock() - begun >= patience.steady_s else failed + 1
            await _unless(stop, asyncio.sleep(pause_s(failed, patience, random.random())))  # noqa: S311 - no secret


async def _connection(
    session: aiohttp.ClientSession,
    url: str,
    listener: Listener,
    stop: asyncio.Event,
    patience: Patience,
    episode: _Episode,
) -> str:
    """Listen to one connection, and say why it ended."""
    try:
        async with asyncio.timeout(patience.connect_s):
            socket = await _unless(
                stop,
                session.ws_connect(url, heartbeat=patience.silence_s * 2 / 3, max_msg_size=LARGEST_BYTES),
            )
    except TimeoutError:
        return f"no answer in {patience.connect_s:g} s"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return _sentence(error)
    if socket is None:
        return "told to stop"
    try:
        listener.connected()
        return await _messages(socket, listener, stop, episode)
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                await socket.close()


async def _messages(
    socket: aiohttp.ClientWebSocketResponse, listener: Listener, stop: asyncio.Event, episode: _Episode
) -> str:
    unreadable = 0
    episode.garbage_named = False
    while unreadable < MOST_UNREADABLE:
        message = None if stop.is_set() else await _unless(stop, socket.receive())
        if message is None:
            return "told to stop"
        if message.type is aiohttp.WSMsgType.ERROR:
            return _sentence(message.data)
        if message.type not in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
            return _closed(socket)
        wrong = await listener.heard(_text(message.data))
        if wrong is None:
            unreadable = 0
            episode.ends()
            continue
        unreadable += 1
        if not episode.garbage_named:
            episode.log.warning("a message cannot be read, others like it will not be named", reason=wrong)
        episode.garbage_named = True
    return f"{MOST_UNREADABLE} messages in a row could not be read"


async def _unless(stop: asyncio.Event, waiting: Awaitable[T]) -> T | None:
    """Wait for something, or give None as soon as it is time to stop."""
    work, stopping = asyncio.ensure_future(waiting), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return work.result() if work.done() else None
    finally:
        work.cancel()
        stopping.cancel()


def _text(data: str | bytes) -> str:
    return data if isinstance(data, str) else data.decode(errors="replace")


def _closed(socket: aiohttp.ClientWebSocketResponse) -> str:
    error = socket.exception()
    if error is not None:
        return _sentence(error)
    return f"closed by the other end with code {socket.close_code}"


def _sentence(error: object) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
