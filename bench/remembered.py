"""What a worker remembers of very many events, without its having handled each of them here.

Some thousand events go through the steps in memory, which gives the very rows that a worker writes. The rest
is more of the same: the rows again, of competitions by other names. A compacted changelog has one row of each
race, and so has this one. Each row says that it includes the first message of its partition, so that message
is all that there has to be of the input.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition  # type: ignore[import-untyped]
from aiokafka.partitioner import murmur2  # type: ignore[import-untyped]

from bench.chaos.season import season
from streams.processing.ledger import Stored, seal, unseal
from streams.processing.messages import Received, Stream
from streams.processing.pipeline import Pipeline
from streams.processing.results import RANKINGS_KEY
from streams.processing.step import Outcome
from streams.settings import Settings, kafka_client
from streams.topic_setup import LARGEST_MESSAGE_BYTES
from streams.topics import CHANGELOGS, STREAMS, on_broker

_SEED = 2
HANDLED = 10_000
"""How many events go through the steps."""
_NAME = "chaos-"
_COMMITTED: tuple[Stream, ...] = ("timing", "performances", "results")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a step, without what it includes."""

    step: str
    name: str
    row: bytes

    def renamed(self, copy: int) -> "Row":
        """Give the row as it is for the competitions of another copy; the first are as they are."""
        if copy == 0:
            return self
        other = f"copy{copy}-"
        return Row(
            self.step, self.name.replace(_NAME, other), self.row.replace(_NAME.encode(), other.encode())
        )

    def partition(self, partitions: int) -> int:
        """Say where the row lies: where the messages of its group come in."""
        key = {"races": self.name, "boards": self.name.split("|", 1)[0], "rankings": RANKINGS_KEY}[self.step]
        return int((murmur2(key.encode()) & 0x7FFFFFFF) % partitions)


def rows(handled: int = HANDLED) -> list[Row]:
    """Put so many events through the steps, and give the rows that are remembered in the end."""
    last: dict[tuple[str, str], bytes] = {}

    def written(received: Received, outcome: Outcome[Any]) -> None:
        if outcome.row is not None:
            name, row = outcome.row
            last[pipeline.ledgers[received.stream].step.name, name] = unseal(row).row

    pipeline = Pipeline(openings=False, observer=written)
    for arrival in islice(season(_SEED, handled, 20), handled):
        for _ in pipeline.feed(arrival.stream, arrival.key, arrival.value):
            pass
    return [Row(step, name, row) for (step, name), row in last.items()]


def copied(known: list[Row], times: int) -> Iterator[Row]:
    """Give rows so many times, each time of competitions by other names."""
    for copy in range(times):
        for row in known:
            yield row.renamed(copy)


async def remember(settings: Settings, known: list[Row], events: int) -> tuple[int, int]:
    """Have workers on some topics remember so many events, before the first of them starts.

    Args:
        settings: where they are.
        known: the rows of `HANDLED` events.
        events: how many; what does not divide by that is rounded.

    Returns:
        How many rows that takes, and how many bytes.
    """
    producer = AIOKafkaProducer(
        **kafka_client(settings),
        linger_ms=20,
        enable_idempotence=True,
        max_batch_size=500_000,
        max_request_size=LARGEST_MESSAGE_BYTES,
    )
    count = size = 0
    await producer.start()
    try:
        for stream in _COMMITTED:
            for partition in range(settings.partitions):
                topic = on_broker(STREAMS[stream].name, settings.topic_prefix)
                await producer.send_and_wait(topic, b"handled", partition=partition)
        flying: deque[asyncio.Future[object]] = deque()
        for row in copied(known, round(events / HANDLED)):
            partition = row.partition(settings.partitions)
            sealed = seal(Stored(partition, 0, row.row))
            topic = on_broker(CHANGELOGS[row.step].name, settings.topic_prefix)
            flying.append(await producer.send(topic, sealed, key=row.name.encode(), partition=partition))
            count, size = count + 1, size + len(sealed)
            while len(flying) > 1000:
                await flying.popleft()
        await asyncio.gather(*flying)
    finally:
        await producer.stop()
    await _commit(settings)
    return count, size


async def _commit(settings: Settings) -> None:
    """Say for the group that the first message of each partition is handled."""
    consumer = AIOKafkaConsumer(**kafka_client(settings), group_id=settings.app_id, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [
            TopicPartition(on_broker(STREAMS[stream].name, settings.topic_prefix), partition)
            for stream in _COMMITTED
            for partition in range(settings.partitions)
        ]
        consumer.assign(places)
        await consumer.commit(dict.fromkeys(places, 1))
    finally:
        await consumer.stop()
