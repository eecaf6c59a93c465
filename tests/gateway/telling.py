"""A gateway without Kafka: what a meeting publishes, taken into a history as a reader would."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
from yarl import URL

from streams.event_files import read_events
from streams.gateway.channels import Channels
from streams.gateway.gate import Door
from streams.gateway.history import History
from streams.gateway.metrics import Metrics
from streams.gateway.positions import LETTERS
from streams.gateway.serve import new_channels, server_of
from streams.gateway.told import Told, read
from streams.processing.messages import Published, Stream
from streams.processing.pipeline import Pipeline
from streams.settings import Settings

FIXTURES = Path(__file__).parents[2] / "fixtures"
NOW = 1_800_000_000.0


@dataclass(frozen=True, slots=True)
class Heard:
    """A message with its place on Kafka, one partition a topic, and its identity."""

    stream: Stream
    offset: int
    value: bytes
    identity: str
    partition: int = 0

    def told(self, at: float = NOW) -> Told:
        """Read it as told at a moment."""
        return _told(self, at)


@cache
def _told(message: Heard, at: float) -> Told:
    told = read(message.stream, message.partition, message.offset, message.value, at)
    assert told is not None
    return told


@cache
def heard(*fixtures: str) -> tuple[Heard, ...]:
    """Give what fixtures publish on the topics that a gateway reads, in order."""
    lines = list(read_events([FIXTURES / f"{name}.jsonl" for name in fixtures]))
    ordered = sorted(lines, key=lambda line: line.stream != "reference")
    pipeline = Pipeline(openings=False)
    return tuple(
        placed(
            message
            for line in ordered
            for message in pipeline.feed(line.stream, line.key, line.value)
            if message.stream in LETTERS
        )
    )


def placed(messages: Iterable[Published]) -> Iterator[Heard]:
    """Give each message the next offset of its topic."""
    offsets: dict[Stream, int] = {}
    for message in messages:
        offset = offsets.get(message.stream, 0)
        offsets[message.stream] = offset + 1
        identity = dict(message.headers)["ce_id"].decode()
        yield Heard(message.stream, offset, message.value, identity)


def heard_of(messages: Iterable[Published]) -> list[Heard]:
    """Give of what steps say that which a gateway reads, each at its place."""
    return list(placed(message for message in messages if message.stream in LETTERS))


def interleaved(messages: Sequence[Heard], seed: int) -> list[Heard]:
    """Mix the topics as another gateway may read them: each in its order, all in another."""
    chance = Random(seed)  # noqa: S311 - no secret
    queues: dict[str, list[Heard]] = {}
    for message in messages:
        queues.setdefault(message.stream, []).append(message)
    mixed = []
    while queues:
        stream = chance.choice(sorted(queues))
        mixed.append(queues[stream].pop(0))
        if not queues[stream]:
            del queues[stream]
    return mixed


def history_of(messages: Sequence[Heard], *, kept_s: float = 300.0, at: float = NOW) -> History:
    """Make a history that has taken messages, all told at one moment."""
    history = History(kept_s, 120.0, 10**9)
    for message in messages:
        history.take(message.told(at), message.identity)
    return history


def channels_of(messages: Sequence[Heard]) -> Channels:
    """Make channels that are ready with messages."""
    channels = Channels(history_of(messages))
    channels.set_ready()
    return channels


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway has answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """Read the body as text."""
        return self.body.decode()


@dataclass(slots=True)
class Gateway:
    """A gateway that listens on this machine."""

    url: str
    channels: Channels
    metrics: Metrics
    http: aiohttp.ClientSession

    async def get(self, path: str, **headers: str) -> Answer:
        """Ask for a path, as it is written."""
        url = URL(self.url + path, encoded=True)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.get(url, headers=told) as answer:
            found = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, found, await answer.read())

    def hear(self, message: Heard) -> bool:
        """Let a message come in from Kafka now."""
        new = self.channels.history.take(message.told(time.time()), message.identity)
        self.channels.arrived()
        return new


@asynccontextmanager
async def gateway(
    messages: Sequence[Heard] = (), door: Door | None = None, *, ready: bool = True, **known: object
) -> AsyncIterator[Gateway]:
    """Run a gateway on a free port of this machine for a block; messages come in at its start."""
    settings = Settings.model_validate(known)
    channels, metrics = new_channels(settings), Metrics()
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        server = server_of(settings, channels, metrics, door or Door(), lambda: None)
        host, port = listener.getsockname()
        held = Gateway(f"http://{host}:{port}", channels, metrics, aiohttp.ClientSession())
        for message in messages:
            channels.history.take(message.told(time.time()), message.identity)
        if ready:
            channels.set_ready()
        tasks = [asyncio.create_task(server.serve([listener])), asyncio.create_task(channels.keep_time())]
        try:
            yield held
        finally:
            await held.http.close()
            channels.close("the test is over")
            server.should_exit = True
            await tasks[0]
            tasks[1].cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
