"""Reading the output topics into the history: everything that is there, then what comes, for ever.

There is no consumer group: every gateway reads everything. While Kafka is away what was read last stays, and
is said to be stale; when it is back, reading goes on where it was.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from streams.broker_connection import quiet_client, reason
from streams.errors import SlotritError
from streams.gateway.channels import Channels
from streams.gateway.history import History
from streams.gateway.metrics import Metrics
from streams.gateway.positions import LETTERS
from streams.gateway.records import by_time, identity_of, keep, size_of
from streams.gateway.told import Told, read
from streams.gateway.turns import BITE, Turns, give_way, unswept
from streams.processing.messages import Stream
from streams.refusals import refusal
from streams.settings import Settings, kafka_client
from streams.topic_setup import require_topics
from streams.topics import STREAMS, on_broker

log = structlog.get_logger("gateway")

POLL_MS = 500
AGAIN_S = 1.0
"""How long to wait before reading is begun again."""
ASK_S = 1.0
"""How often Kafka is asked how far its topics go."""
ANSWER_S = 3.0
"""Within how many seconds it has to answer, else what is shown is stale."""
SILENCE_S = 15.0
"""For how long nothing may come while there is something to be read."""
PACES = 5_000
"""How many of the latest splits of a partition are read at the start: more than live races have."""


class MadeAnewError(Exception):
    """A topic is not the one that was read before: its offsets have gone back."""


@dataclass(frozen=True, slots=True)
class _Place:
    stream: Stream
    partition: int


class Reader:
    """Reads the topics of some settings into the history of some channels."""

    def __init__(self, settings: Settings, channels: Channels, metrics: Metrics) -> None:
        self._settings = settings
        self._channels = channels
        self._metrics = metrics
        self._places: dict[TopicPartition, _Place] = {}
        self._trouble = ""

    async def read_for_ever(self) -> None:
        """Read, and begin again whatever ends the reading."""
        while True:
            try:
                async with self._consumer() as consumer:
                    with unswept():
                        await self._load(consumer)
                    await self._follow(consumer)
            except (SlotritError, KafkaError, OSError, TimeoutError) as error:
                self._in_trouble(refusal(error, self._settings, "viewer") or reason(error))
            except MadeAnewError:
                log.warning("gateway.topics_made_anew")
            await asyncio.sleep(AGAIN_S)

    def _in_trouble(self, why: str) -> None:
        """Say that what is shown is stale; the reason once, however often it is tried again."""
        if self._trouble != why:
            log.warning("gateway.kafka_away", reason=why)
        self._trouble = why
        self._channels.set_stale(stale=True)
        self._metrics.kafka(stale=True, behind=self._metrics.behind)

    def _in_order(self, behind: int) -> None:
        if self._trouble:
            log.info("gateway.kafka_back", behind=behind)
        self._trouble = ""
        self._channels.set_stale(stale=False)
        self._metrics.kafka(stale=False, behind=behind)

    @asynccontextmanager
    async def _consumer(self) -> AsyncIterator[AIOKafkaConsumer]:
        counts = await require_topics(self._settings, LETTERS)
        self._places = {
            TopicPartition(on_broker(STREAMS[stream].name, self._settings.topic_prefix), partition): _Place(
                stream, partition
            )
            for stream, count in counts.items()
            for partition in range(count)
        }
        with quiet_client():
            consumer = AIOKafkaConsumer(
                **kafka_client(self._settings),
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                fetch_max_wait_ms=POLL_MS,
            )
            try:
                await consumer.start()
                consumer.assign(list(self._places))
                yield consumer
            finally:
                await consumer.stop()

    async def _load(self, consumer: AIOKafkaConsumer) -> None:
        """Read all that is there, beside what is shown, and let it be told at once."""
        places = list(self._places)
        firsts = await consumer.beginning_offsets(places)
        ends = await consumer.end_offsets(places)
        starts = {place: self._start(place, firsts[place], ends[place]) for place in places}
        for place, start in starts.items():
            consumer.seek(place, start)
        found: dict[TopicPartition, dict[object, Any]] = {place: {} for place in places}
        async for place, records in _up_to(consumer, ends):
            compact = STREAMS[self._places[place].stream].cleanup == "compact"
            old_s = time.time() - self._channels.history.kept_s if compact else 0.0
            keep(found[place], records, old_s)
        history, turns = self._channels.history.anew(), Turns()
        for place, start in starts.items():
            if start:
                history.passed(self._letter(place), start - 1)
        for record, at in by_time({place: kept.values() for place, kept in found.items()}, time.time()):
            self._take(history, record, at)
            await turns.after(size_of(record))
        for place in places:
            position = await consumer.position(place)
            if position:
                history.passed(self._letter(place), position - 1)
        while history.trim(time.time(), history.end, BITE):
            await give_way()
        await self._channels.begin_anew(history)
        self._in_order(0)
        self._channels.set_ready()
        log.info("gateway.read", messages=sum(map(len, found.values())))

    def _start(self, place: TopicPartition, first: int, end: int) -> int:
        """Say where to begin: of splits only the latest are of use."""
        return max(first, end - PACES) if self._places[place].stream == "pace" else int(first)

    def _letter(self, place: TopicPartition) -> tuple[str, int]:
        return LETTERS[self._places[place].stream], place.partition

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        """Tell what comes, and look after the broker beside that, until one of the two fails."""
        tasks = [asyncio.ensure_future(work) for work in (self._tell(consumer), self._keep_asking(consumer))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done():
                    task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _tell(self, consumer: AIOKafkaConsumer) -> None:
        turns = Turns()
        while True:
            told = False
            for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                for record in records:
                    if self._take(self._channels.history, record, time.time()):
                        told = True
                        self._metrics.took(time.time() - record.timestamp / 1000)
                    await turns.after(size_of(record))
            if told:
                await self._channels.live.catch_up()
                self._channels.arrived()
                await self._channels.settle()

    async def _keep_asking(self, consumer: AIOKafkaConsumer) -> None:
        """Ask Kafka how far its topics go: it answers or not, and that is what stale means."""
        history = self._channels.history
        while True:
            await asyncio.sleep(ASK_S)
            try:
                async with asyncio.timeout(ANSWER_S):
                    ends: Mapping[TopicPartition, int] = await consumer.end_offsets(list(self._places))
            except (KafkaError, TimeoutError) as error:
                refused = refusal(error, self._settings, "viewer")
                self._in_trouble(refused or f"Kafka does not answer: {reason(error)}")
                continue
            read_to = {place: history.positions.get(self._letter(place), 0) for place in ends}
            if any(end < read_to[place] for place, end in ends.items()):
                raise MadeAnewError
            self._in_order(sum(max(0, end - read_to[place]) for place, end in ends.items()))

    def _take(self, history: History, record: Any, at: float) -> bool:
        """Take a record into a history; say whether it told something new."""
        place = self._places[TopicPartition(record.topic, record.partition)]
        letter = (LETTERS[place.stream], place.partition)
        if record.offset < history.positions.get(letter, 0):
            raise MadeAnewError
        told: Told | None = None
        if record.value is not None:
            told = read(place.stream, place.partition, record.offset, record.value, at)
        if told is None:
            history.passed(letter, record.offset)
            self._metrics.heard(place.stream, "unknown")
            return False
        new = history.take(told, identity_of(record))
        self._metrics.heard(place.stream, "told" if new else "repeated")
        return new


async def _up_to(
    consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]
) -> AsyncIterator[tuple[TopicPartition, list[Any]]]:
    """Read partitions up to their ends.

    Raises:
        TimeoutError: where nothing comes for a while, as from a broker that died meanwhile.
    """
    moved_at, read_to = time.monotonic(), -1
    while [place for place, end in ends.items() if await consumer.position(place) < end]:
        for place, records in (await consumer.getmany(timeout_ms=POLL_MS)).items():
            yield place, records
        positions = sum([await consumer.position(place) for place in ends])
        if positions != read_to:
            moved_at, read_to = time.monotonic(), positions
        elif time.monotonic() - moved_at > SILENCE_S:
            raise TimeoutError(f"Kafka has sent nothing for {SILENCE_S:g} s, though there is more")
