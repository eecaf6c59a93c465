"""A meeting on a real broker: topics of its own, workers as processes, and what it must come to in memory."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition  # type: ignore[import-untyped]

from streams.caught_up import caught_up
from streams.event_files import Line, read_events
from streams.processing.ledger import Ledger, unseal
from streams.processing.messages import Published, Stream
from streams.processing.pipeline import Pipeline
from streams.processing.records import records_step
from streams.settings import Settings, kafka_client
from streams.skating.boards import FinalBoard, final_boards
from streams.topic_setup import create_topics
from streams.topics import CHANGELOGS, STREAMS, on_broker

FIXTURES = Path(__file__).parents[2] / "fixtures"
OUTPUTS: tuple[Stream, ...] = (
    "standings",
    "field",
    "podium",
    "pace",
    "records",
    "rankings",
    "needs",
    "dead-letters",
)
PATIENCE_S = 90.0


@dataclass(slots=True)
class Meeting:
    """A broker, topics with a prefix of their own, and the workers of one group.

    `extra` is what workers find in their environment besides.
    """

    settings: Settings
    log: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start one more worker; its log is appended to the meeting's."""
        return self._started([str(Path(sys.executable).with_name("slotrit")), "worker"])

    def start_odd_worker(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one that is not as it should be: a module of the tests that runs a worker."""
        return self._started([sys.executable, "-m", module, *arguments])

    def _started(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            worker = subprocess.Popen(command, env=self._environment(), stdout=log, stderr=log)
        self.workers.append(worker)
        return worker

    def replay(self, events: Path) -> None:
        """Publish a whole file with the command, as fast as it goes."""
        command = [
            str(Path(sys.executable).with_name("slotrit")),
            "replay",
            str(events),
        ]
        told = [*command, "--kafka", ",".join(self.settings.brokers or ()), "--speed", "max"]
        done = subprocess.run(told, env=self._environment(), capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")

    def _environment(self) -> dict[str, str]:
        told = self.settings
        return {
            **os.environ,
            "SLOTRIT_BROKERS": ",".join(told.brokers or ()),
            "SLOTRIT_TOPIC_PREFIX": told.topic_prefix,
            "SLOTRIT_APP_ID": told.app_id,
            "SLOTRIT_PARTITIONS": str(told.partitions),
            "SLOTRIT_SESSION_TIMEOUT_S": str(told.session_timeout_s),
            "SLOTRIT_LOG_FORMAT": "json",
            **self.extra,
        }

    def stop_workers(self) -> None:
        """Kill what is still running."""
        for worker in self.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGKILL)
            worker.wait()

    async def publish(self, lines: Sequence[Line]) -> None:
        """Publish events in order, and wait until the broker has them."""
        producer = AIOKafkaProducer(**kafka_client(self.settings), linger_ms=1)
        await producer.start()
        try:
            sent = [await producer.send(self.topic(line.stream), line.value, key=line.key) for line in lines]
            await asyncio.gather(*sent)
        finally:
            await producer.stop()

    async def publish_slowly(self, lines: Sequence[Line], per_s: float) -> None:
        """Publish events in order, so many a second, as a meeting does."""
        for line in lines:
            await self.publish([line])
            await asyncio.sleep(1 / per_s)

    async def until_said(self, stream: Stream, count: int) -> None:
        """Wait until the workers have published so many messages, duplicates included."""
        async with asyncio.timeout(PATIENCE_S), self._ends(self.topic(stream)) as ever_written:
            while await ever_written() < count:  # noqa: ASYNC110 - a broker does not call
                await asyncio.sleep(0.02)

    async def ever_written(self, topic: str) -> int:
        """Count what was ever written to a topic, compacted or not."""
        async with self._ends(topic) as ever_written:
            return await ever_written()

    @asynccontextmanager
    async def _ends(self, topic: str) -> AsyncIterator[Callable[[], Awaitable[int]]]:
        places = [TopicPartition(topic, number) for number in range(self.settings.partitions)]
        consumer = AIOKafkaConsumer(**kafka_client(self.settings))

        async def ever_written() -> int:
            return sum((await consumer.end_offsets(places)).values())

        await consumer.start()
        try:
            yield ever_written
        finally:
            await consumer.stop()

    async def done(self, *streams: Stream) -> None:
        """Wait until the workers have committed everything in these topics."""
        for stream in streams:
            if not await caught_up(self.settings, [stream], PATIENCE_S):
                text = self.log.read_text()[-6000:]
                raise AssertionError(f"{stream} was not read in {PATIENCE_S:g} s; the workers say:\n{text}")

    async def all_done(self) -> None:
        """Wait until the workers have nothing left to do."""
        await self.done("reference", "timing", "performances", "results")

    def topic(self, stream: Stream) -> str:
        """Give a stream's name on the broker."""
        return on_broker(STREAMS[stream].name, self.settings.topic_prefix)

    async def read(self, topic: str) -> list[Any]:
        """Read a topic from its beginning to its present end, partition by partition."""
        consumer = AIOKafkaConsumer(**kafka_client(self.settings), auto_offset_reset="earliest")
        await consumer.start()
        try:
            places = [TopicPartition(topic, number) for number in range(self.settings.partitions)]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            found: dict[TopicPartition, list[Any]] = {place: [] for place in places}
            for place in places:
                await consumer.seek_to_beginning(place)
            while [place for place in places if await consumer.position(place) < ends[place]]:
                for place, messages in (await consumer.getmany(timeout_ms=1000)).items():
                    found[place].extend(messages)
        finally:
            await consumer.stop()
        return [message for place in places for message in found[place]]

    async def published(self) -> dict[Stream, list[Any]]:
        """Give all outputs, each message once.

        Whatever comes again must be the same to the byte under the same `ce_id`: that is asserted here.
        """
        once: dict[Stream, list[Any]] = {}
        for stream in OUTPUTS:
            seen: dict[bytes, Any] = {}
            for message in await self.read(self.topic(stream)):
                identity = dict(message.headers)["ce_id"]
                first = seen.setdefault(identity, message)
                assert _bytes(first) == _bytes(message)
            once[stream] = list(seen.values())
        return once

    async def boards(self) -> dict[str, tuple[FinalBoard, ...]]:
        """Give the final boards by discipline, as a worker would restore them."""
        rows: dict[str, bytes] = {}
        for message in await self.read(on_broker(CHANGELOGS["boards"].name, self.settings.topic_prefix)):
            name = message.key.decode()
            if name not in rows or unseal(message.value).offset >= unseal(rows[name]).offset:
                rows[name] = message.value
        ledger = Ledger(records_step(openings=False))
        ledger.restore(rows.items())
        return {group: final_boards(known.boards) for group, known in ledger.states().items()}


@asynccontextmanager
async def meeting(address: str, log: Path, *, partitions: int = 4) -> AsyncIterator[Meeting]:
    """Make topics for a meeting of its own on a broker, and end its workers afterwards."""
    name = uuid4().hex[:12]
    settings = Settings(
        brokers=(address,),
        topic_prefix=f"{name}.",
        app_id=f"slotrit-{name}",
        partitions=partitions,
        session_timeout_s=6,
    )
    await create_topics(settings)
    held = Meeting(settings, log)
    try:
        yield held
    finally:
        held.stop_workers()


def events(*fixtures: str) -> tuple[list[Line], list[Line]]:
    """Read fixtures: their reference events, and their timing."""
    lines = list(read_events([FIXTURES / f"{name}.jsonl" for name in fixtures]))
    return [line for line in lines if line.stream == "reference"], [
        line for line in lines if line.stream == "timing"
    ]


@dataclass(slots=True)
class InMemory:
    """What the same events come to without a broker."""

    messages: list[Published]
    boards: dict[str, tuple[FinalBoard, ...]]


def in_memory(lines: Sequence[Line]) -> InMemory:
    """Run the steps in memory."""
    pipeline = Pipeline(openings=False)
    messages = [message for line in lines for message in pipeline.feed(line.stream, line.key, line.value)]
    known = pipeline.ledgers["performances"].states()
    return InMemory(messages, {group: final_boards(state.boards) for group, state in known.items()})


async def assert_equal(held: Meeting, lines: Sequence[Line], *, letters_too: bool = True) -> None:
    """Hold what a meeting published against the same events in memory.

    Standings, races in parts and podium byte for byte per key, records, pace and dead letters as sets,
    boards, rankings and needs as they end: what rankings and needs say on the way depends on the order of
    races in other partitions.
    """
    expected = in_memory(lines)
    found = await held.published()
    in_order: tuple[Stream, ...] = ("standings", "field", "podium")
    for stream in in_order:
        assert _by_key(found[stream]) == _by_key(_of(expected, stream)), stream
    as_sets: tuple[Stream, ...] = ("records", "pace")
    for stream in as_sets:
        assert _values(found[stream]) == _values(_of(expected, stream)), stream
    if letters_too:
        assert _reasons(found["dead-letters"]) == _reasons(_of(expected, "dead-letters"))
    assert await held.boards() == expected.boards
    assert _last_rankings(found["rankings"]) == _last_rankings(_of(expected, "rankings"))
    assert _last_needs(found["needs"]) == _last_needs(_of(expected, "needs"))


def _bytes(message: Any) -> tuple[Any, ...]:
    return message.key, message.value, message.headers


def _of(expected: InMemory, stream: Stream) -> list[Published]:
    return [message for message in expected.messages if message.stream == stream]


def _by_key(messages: Sequence[Any]) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = {}
    for message in messages:
        found.setdefault(message.key, []).append(message.value)
    return found


def _values(messages: Sequence[Any]) -> set[tuple[bytes, bytes]]:
    return {(message.key, message.value) for message in messages}


def _last_rankings(messages: Sequence[Any]) -> dict[bytes, dict[str, Any]]:
    """Give the last message of each ranking, but for what tells how it came about; versions have no gaps."""
    last: dict[bytes, dict[str, Any]] = {}
    for message in messages:
        told = json.loads(message.value)
        assert told["version"] == last.get(message.key, {"version": 0})["version"] + 1
        last[message.key] = told
    return {
        key: {name: value for name, value in told.items() if name not in ("version", "as_of")}
        for key, told in last.items()
    }


def _last_needs(messages: Sequence[Any]) -> dict[bytes, dict[str, Any]]:
    """Give what is needed in the end in each race; on the way it depends on other races' records."""
    last = {message.key: json.loads(message.value) for message in messages}
    return {
        key: {name: value for name, value in told.items() if name != "as_of"} for key, told in last.items()
    }


def _reasons(messages: Sequence[Any]) -> list[tuple[bytes, bytes]]:
    return sorted((dict(message.headers)["slotrit_reason"], message.value) for message in messages)
