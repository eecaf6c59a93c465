"""The job as a loop around aiokafka: fetch, fold, publish and wait, write rows and wait, commit.

A message's row has its offset in it (see `streams/processing/ledger.py`), so what was folded before a crash
is known afterwards. Of the rows of a fetch the last of each race is written, where one batch takes them.
States are read back from the changelogs whenever partitions are assigned.
"""

import asyncio
import signal
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from aiokafka import (  # type: ignore[import-untyped]
    AIOKafkaConsumer,
    AIOKafkaProducer,
    ConsumerRebalanceListener,
    TopicPartition,
)
from aiokafka.producer.message_accumulator import BatchBuilder  # type: ignore[import-untyped]

from bench.peers.job import Place, steps_of, told
from streams.agents.placing import belongs_in
from streams.processing.latest_rows import Row, latest_rows
from streams.processing.ledger import Ledger, unseal
from streams.processing.messages import Published, Received
from streams.topics import CHANGELOGS, STREAMS, on_broker

_AT_ONCE = 500
_WAIT_MS = 500


class Memory(ConsumerRebalanceListener):  # type: ignore[misc]
    """The ledgers by topic; read back when partitions come, never while a batch is in hand."""

    def __init__(self, place: Place) -> None:
        self.in_hand = asyncio.Lock()
        self.ledgers = {
            on_broker(STREAMS[step.reads].name, place.prefix): Ledger(step) for step in steps_of(place.job)
        }
        self._place = place

    async def on_partitions_revoked(self, revoked: Iterable[Any]) -> None:
        """Let the batch in hand be finished and committed."""
        del revoked
        async with self.in_hand:
            return

    async def on_partitions_assigned(self, assigned: Iterable[Any]) -> None:
        """Read back what is remembered of the partitions that are ours now."""
        async with self.in_hand:
            for topic, ledger in self.ledgers.items():
                changelog = CHANGELOGS.get(ledger.step.name)
                mine = {place.partition for place in assigned if place.topic == topic}
                if changelog is not None:
                    name = on_broker(changelog.name, self._place.prefix)
                    ledger.restore((await remembered(self._place, name, mine)).items())


async def remembered(place: Place, topic: str, partitions: Iterable[int]) -> dict[str, bytes]:
    """Read the latest rows of some partitions of a changelog, by name."""
    rows: dict[str, bytes] = {}
    mine = [TopicPartition(topic, partition) for partition in partitions]
    if not mine:
        return rows
    consumer = AIOKafkaConsumer(
        bootstrap_servers=place.broker,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=place.largest_bytes,
    )
    await consumer.start()
    try:
        consumer.assign(mine)
        ends = await consumer.end_offsets(mine)
        await consumer.seek_to_beginning(*mine)
        while any([await consumer.position(each) < ends[each] for each in mine]):
            for messages in (await consumer.getmany(timeout_ms=_WAIT_MS)).values():
                for message in messages:
                    name = message.key.decode()
                    if name not in rows or unseal(message.value).offset >= unseal(rows[name]).offset:
                        rows[name] = message.value
    finally:
        await consumer.stop()
    return rows


def folded(ledger: Ledger[Any], partition: int, messages: Iterable[Any]) -> tuple[list[Published], list[Row]]:
    """Put a partition's messages through a step; give what is to be published and remembered."""
    publish: list[Published] = []
    rows: list[Row] = []
    for message in messages:
        received = Received(
            ledger.step.reads, partition, message.offset, message.key, message.value, tuple(message.headers)
        )
        outcome = ledger.handle(received)
        if outcome is None:
            continue
        publish += outcome.published
        if outcome.row is not None:
            rows.append((partition, *outcome.row))
        ledger.settle(outcome, received)
    return publish, rows


def _partition(message: Published, place: Place) -> int | None:
    """Give the partition of the key that a message is placed by; None where that is its own."""
    return None if message.placed_by is None else belongs_in(message.placed_by, place.partitions)


def together(producer: AIOKafkaProducer, rows: Iterable[Row], most_bytes: int) -> BatchBuilder | None:
    """Put the last row of each race of a partition into one batch; None where one does not take them.

    The client may send what it is given row by row in two batches, of which only the first may arrive. That
    would do for all rows in order, but not where some are left out (see `latest_rows`).
    """
    batch = producer.create_batch()
    for _, name, row in latest_rows(rows, most_bytes):
        if batch.append(timestamp=None, key=name.encode(), value=row) is None:
            return None
    return batch


async def _remember(
    producer: AIOKafkaProducer, changelog: str, partition: int, rows: list[Row], most_bytes: int
) -> None:
    """Write the rows of a partition: the last of each race in one batch, or else every one in order."""
    batch = together(producer, rows, most_bytes)
    if batch is not None:
        await (await producer.send_batch(batch, changelog, partition=partition))
        return
    written = [
        await producer.send(changelog, row, key=name.encode(), partition=partition) for _, name, row in rows
    ]
    await asyncio.gather(*written)


async def handle(
    place: Place, memory: Memory, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, fetched: Any
) -> None:
    """Take a fetch through everything: folded, published, remembered, committed."""
    for source, messages in fetched.items():
        ledger = memory.ledgers[source.topic]
        publish, rows = folded(ledger, source.partition, messages)
        sent = [
            await producer.send(
                on_broker(STREAMS[message.stream].name, place.prefix),
                message.value,
                key=message.key,
                headers=list(message.headers),
                partition=_partition(message, place),
            )
            for message in publish
        ]
        await asyncio.gather(*sent)
        if rows:
            changelog = on_broker(CHANGELOGS[ledger.step.name].name, place.prefix)
            await _remember(producer, changelog, source.partition, rows, place.batch_bytes)
    await consumer.commit({source: messages[-1].offset + 1 for source, messages in fetched.items()})


async def work(place: Place) -> None:
    """Do the job until this process is told to stop."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    memory = Memory(place)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=place.broker,
        group_id=place.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=int(place.session_s * 1000),
        heartbeat_interval_ms=int(place.session_s * 1000 / 6),
        max_partition_fetch_bytes=place.largest_bytes,
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=place.broker,
        acks="all",
        max_batch_size=place.batch_bytes,
        max_request_size=place.largest_bytes,
    )
    consumer.subscribe(list(memory.ledgers), listener=memory)
    await producer.start()
    await consumer.start()
    stopping = asyncio.create_task(stopped.wait())
    try:
        while not stopped.is_set():
            fetching = asyncio.create_task(consumer.getmany(timeout_ms=_WAIT_MS, max_records=_AT_ONCE))
            await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if stopped.is_set():
                fetching.cancel()
                with suppress(asyncio.CancelledError):
                    await fetching
                break
            async with memory.in_hand:
                fetched = {
                    source: messages
                    for source, messages in fetching.result().items()
                    if source in consumer.assignment()
                }
                if fetched:
                    await handle(place, memory, consumer, producer, fetched)
    finally:
        await consumer.stop()
        await producer.stop()


if __name__ == "__main__":
    asyncio.run(work(told()))
