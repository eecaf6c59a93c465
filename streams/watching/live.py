"""Watching live: the output topics, read without a group."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]
from pydantic import ValidationError

from streams.broker_connection import LastWords, failure, quiet_client
from streams.processing.messages import Stream
from streams.settings import Settings, kafka_client
from streams.topic_setup import require_topics
from streams.topics import STREAMS, on_broker
from streams.watching.state import MESSAGE, Message, Watched, forgotten, heard

WATCHED: tuple[Stream, ...] = ("standings", "field", "podium", "pace", "records")
POLL_MS = 200
"""How long to wait for messages before the screen is drawn anew, so that highlights fade."""
CUT_OFF_S = 2.0
"""For how long after its last complaint a client is taken to be without its broker."""


@dataclass(slots=True)
class Watcher:
    """What has been read so far, and from where.

    `state` is what the screen shows. `ends` has the place up to which each partition is old news, what was
    there when watching began.
    """

    consumer: AIOKafkaConsumer
    words: LastWords
    race_id: str | None
    ends: dict[TopicPartition, int]
    state: Watched = field(default_factory=Watched)
    read: dict[TopicPartition, int] = field(default_factory=dict)
    races: dict[TopicPartition, set[str]] = field(default_factory=dict)

    @property
    def cut_off(self) -> bool:
        """Whether the broker does not answer: then the client complains several times a second."""
        return time.monotonic() - self.words.at < CUT_OFF_S

    @property
    def caught_up(self) -> bool:
        """Whether everything has been read that was there when watching began."""
        return all(self.read.get(place, -1) + 1 >= end for place, end in self.ends.items())

    async def until_read(self) -> None:
        """Wait until everything has been read that is there now, while somebody else polls."""
        ends = await self.consumer.end_offsets(list(self.consumer.assignment()))
        while any(self.read.get(place, -1) + 1 < end for place, end in ends.items()):  # noqa: ASYNC110 - the poll is in another task
            await asyncio.sleep(POLL_MS / 1000)

    async def poll(self) -> list[tuple[Watched, Message]]:
        """Take in what has come; give every message that told something, with what was known before it."""
        told = []
        for place, records in (await self.consumer.getmany(timeout_ms=POLL_MS)).items():
            worth_reading = self._worth_reading(place, records)
            self._read_on(place, records)
            for record in worth_reading:
                message = self._received(place, record.value)
                if message is None:
                    continue
                before = self.state
                self.state = heard(before, message, time.monotonic())
                if self.state is not before:
                    told.append((before, message))
        return told

    def _worth_reading(self, place: TopicPartition, records: list[Any]) -> list[Any]:
        """Leave out, of what was there before, versions of a race that a later one of them replaces.

        Reading the whole sheet of a long evening at every version would keep the screen dark for a minute. Of
        a race in parts the front is shown, so its rows and parts are always left out.
        """
        if place.topic.endswith(STREAMS["field"].name):
            records = [record for record in records if b" " not in (record.key or b"")]
        elif not place.topic.endswith(STREAMS["standings"].name):
            return records
        if self.caught_up:
            return records
        return sorted({record.key: record for record in records}.values(), key=lambda one: one.offset)

    def _read_on(self, place: TopicPartition, records: list[Any]) -> None:
        if records[0].offset <= self.read.get(place, -1):
            # Offsets never go back within a topic: this one was deleted and made anew.
            self.state = forgotten(self.state, frozenset(self.races.pop(place, ())))
        self.read[place] = records[-1].offset

    def _received(self, place: TopicPartition, value: bytes | None) -> Message | None:
        if value is None:
            return None
        try:
            message = MESSAGE.validate_json(value)
        except ValidationError:
            # A newer worker may say more than this watcher understands.
            return None
        self.races.setdefault(place, set()).add(message.race_id)
        return message if self.race_id in {None, message.race_id} else None


@asynccontextmanager
async def watching(settings: Settings, race_id: str | None = None) -> AsyncIterator[Watcher]:
    """Read the output topics from their beginning for the length of a block.

    Raises:
        SlotritError: where the broker does not answer, or has not the topics.
    """
    counts = await require_topics(settings, WATCHED)
    places = [
        TopicPartition(on_broker(STREAMS[stream].name, settings.topic_prefix), partition)
        for stream, count in counts.items()
        for partition in range(count)
    ]
    with quiet_client() as words:
        consumer = AIOKafkaConsumer(
            **kafka_client(settings), enable_auto_commit=False, auto_offset_reset="earliest"
        )
        try:
            await consumer.start()
            consumer.assign(places)
            first = await consumer.beginning_offsets(places)
            ends = await consumer.end_offsets(places)
            # New topics have no leaders for a moment; complaints of that are over by now.
            words.at = float("-inf")
            yield Watcher(consumer, words, race_id, {p: end for p, end in ends.items() if end > first[p]})
        except KafkaError as error:
            raise failure("reading the standings", error, words, settings) from None
        finally:
            await consumer.stop()
