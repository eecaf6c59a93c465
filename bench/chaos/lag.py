"""How far the workers are, asked of the brokers several times a second, also while some of them are away."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from aiokafka.admin import AIOKafkaAdminClient  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from streams.processing.messages import Stream
from streams.settings import Settings, kafka_client
from streams.topics import STREAMS, on_broker

_READ: tuple[Stream, ...] = ("timing", "performances", "results")
"""What workers read, but for the books, which are read before anything goes wrong."""
_ASK_S = 0.2
_ANSWER_WITHIN_S = 4.0


@dataclass(frozen=True, slots=True)
class Sample:
    """How far things were at one moment, in offsets.

    Attributes:
        at: when, on the clock of `time.monotonic`.
        ends: by partition, how much there is.
        committed: by partition, how much of it workers have done; 0 where they never said.
    """

    at: float
    ends: Mapping[TopicPartition, int]
    committed: Mapping[TopicPartition, int]

    @property
    def lag(self) -> int:
        """How many messages wait."""
        return sum(max(0, end - self.committed[place]) for place, end in self.ends.items())


def is_over(before: Sample, after: Sample, now: Sample, *, slack: int) -> bool:
    """Tell whether a fault has been got over.

    Every partition of the input must have got on past where it was when the fault had struck (or have nothing
    left to do), and no more may wait than before the fault.

    Args:
        before: the last sample before the fault.
        after: the first one that was begun after it.
        now: the present one.
        slack: how many more messages may wait than before; a sample is only a moment.
    """
    if now is after or now.lag > before.lag + slack:
        return False
    return all(
        now.committed[place] > end or now.committed[place] >= now.ends[place]
        for place, end in after.ends.items()
        if place.topic.endswith(STREAMS["timing"].name)
    )


def standing(after: Sample, now: Sample) -> tuple[str, ...]:
    """Name the partitions of which something waits and nothing was done since a sample."""
    return tuple(
        f"{place.topic} partition {place.partition} stands at {now.committed[place]} of {end}"
        for place, end in sorted(now.ends.items())
        if now.committed[place] < end and now.committed[place] <= after.committed[place]
    )


@dataclass(slots=True)
class LagWatch:
    """Samples, one after the other.

    Attributes:
        settings: where the brokers are, and which group.
        latest: the last sample that was had.
        largest: the largest lag there was.
    """

    settings: Settings
    latest: Sample | None = None
    largest: int = 0
    _asked: int = 0
    _complete: int = 0
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def watch(self) -> None:
        """Take samples for ever; a broker that does not answer costs a sample, not the watch."""
        while True:
            consumer = AIOKafkaConsumer(**kafka_client(self.settings), enable_auto_commit=False)
            admin = AIOKafkaAdminClient(**kafka_client(self.settings))
            try:
                with suppress(KafkaError, OSError, TimeoutError, KeyError):
                    async with asyncio.timeout(_ANSWER_WITHIN_S):
                        await consumer.start()
                        await admin.start()
                    while True:
                        await self._take(consumer, admin)
                        await asyncio.sleep(_ASK_S)
            finally:
                with suppress(KafkaError, OSError):
                    await admin.close()
                    await consumer.stop()
            await asyncio.sleep(_ASK_S)

    async def next(self) -> Sample:
        """Wait for a sample that is begun after this moment."""
        wanted = self._asked
        async with self._news:
            await self._news.wait_for(lambda: self.latest is not None and self._complete > wanted)
            assert self.latest is not None  # noqa: S101 - the wait is for that
            return self.latest

    async def _take(self, consumer: AIOKafkaConsumer, admin: AIOKafkaAdminClient) -> None:
        self._asked += 1
        number, at = self._asked, time.monotonic()
        places = [
            TopicPartition(on_broker(STREAMS[stream].name, self.settings.topic_prefix), partition)
            for stream in _READ
            for partition in range(self.settings.partitions)
        ]
        async with asyncio.timeout(_ANSWER_WITHIN_S):
            told = await admin.list_consumer_group_offsets(self.settings.app_id, partitions=places)
            ends = await consumer.end_offsets(places)
        # A coordinator that has only just taken over may know nothing yet of what was committed.
        known = {} if self.latest is None else self.latest.committed
        committed = {
            place: max(known.get(place, 0), told[place].offset if place in told else 0) for place in places
        }
        sample = Sample(at, ends, committed)
        async with self._news:
            self.latest, self._complete = sample, number
            self.largest = max(self.largest, sample.lag)
            self._news.notify_all()
