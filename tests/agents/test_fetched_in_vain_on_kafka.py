"""What was fetched while a group rebalances, and dropped, is fetched again (see `commits.py`)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]
from faust.types import TP

from streams.agents.commits import HandledConsumer
from streams.agents.recovery import HeldFlowRecovery
from streams.app import create_app
from streams.settings import Settings, kafka_client
from streams.topic_setup import create_topics
from streams.topics import on_broker


async def _nothing(*_: object) -> None:
    """Do nothing about a rebalance, or with a message."""


@asynccontextmanager
async def _assigned(kafka_address: str) -> AsyncIterator[tuple[HandledConsumer, TP]]:
    """Have a consumer that was assigned a partition with five messages, of which nothing is committed."""
    name = f"test-{uuid4().hex[:8]}"
    settings = Settings(brokers=(kafka_address,), topic_prefix=f"{name}.", app_id=name, partitions=1)
    await create_topics(settings)
    timing = TP(on_broker("skating.timing", settings.topic_prefix), 0)
    async with AIOKafkaProducer(**kafka_client(settings)) as producer:
        for number in range(5):
            await producer.send_and_wait(timing.topic, str(number).encode(), partition=0)
    app, assigned = create_app(settings), asyncio.Event()

    async def on_assigned(*_: object) -> None:
        assigned.set()

    consumer = HandledConsumer(
        app.transport, _nothing, on_partitions_revoked=_nothing, on_partitions_assigned=on_assigned
    )
    app.consumer = consumer
    await consumer.start()
    try:
        await consumer.subscribe([timing.topic])
        async with asyncio.timeout(90):
            await assigned.wait()
            yield consumer, timing
    finally:
        await consumer.stop()


async def _fetched(consumer: HandledConsumer, tp: TP, count: int) -> list[int]:
    """Fetch so many messages, as Faust's fetcher does, and give their offsets."""
    offsets: list[int] = []
    while len(offsets) < count:
        found = await consumer._getmany(active_partitions={tp}, timeout=1.0)  # noqa: SLF001 - the fetcher's own
        offsets += [record.offset for record in found.get(tp, ())]
    return offsets


async def test_a_partition_of_which_nothing_is_committed_is_read_from_its_beginning(
    kafka_address: str,
) -> None:
    """It was aiokafka's to stay behind what it had fetched: five messages would never have been handled."""
    async with _assigned(kafka_address) as (consumer, timing):
        in_vain = await _fetched(consumer, timing, 5)
        await consumer.perform_seek()
        again = await _fetched(consumer, timing, 5)

    assert in_vain == again == [0, 1, 2, 3, 4]


async def test_a_fetch_that_outlasts_a_rebalance_takes_no_rows_from_the_recovery_after_it(
    kafka_address: str,
) -> None:
    """It waits for messages of any partition by then: it took the rows, and the recovery waited for them."""
    async with _assigned(kafka_address) as (consumer, changelog):
        assert await _fetched(consumer, changelog, 5) == [0, 1, 2, 3, 4]
        nothing_of_ours: set[TP] = set()
        waiting = asyncio.create_task(
            consumer._getmany(active_partitions=nothing_of_ours, timeout=2.0)  # noqa: SLF001 - as Faust's fetcher
        )
        await asyncio.sleep(0.2)
        consumer.stop_flow()
        recovery = HeldFlowRecovery(consumer.app, consumer.app.tables)

        await recovery._seek_offsets(consumer, {changelog}, Counter({changelog: -1}), "active")  # noqa: SLF001 - as Faust calls it
        consumer.resume_flow()
        restored = await _fetched(consumer, changelog, 5)

        assert (await waiting, restored) == ({}, [0, 1, 2, 3, 4])


async def test_a_fetch_that_nobody_waits_for_any_more_is_known_until_it_is_over(kafka_address: str) -> None:
    """The consumer's thread does not hear that a fetcher was cancelled; here a message ends the fetch."""
    async with _assigned(kafka_address) as (consumer, partition):
        await _fetched(consumer, partition, 5)
        waiting = asyncio.create_task(
            consumer._getmany(active_partitions={partition}, timeout=3600.0)  # noqa: SLF001 - as Faust's fetcher
        )
        await asyncio.sleep(0.2)
        waiting.cancel()
        await asyncio.wait({waiting})
        over = asyncio.create_task(consumer.fetches.over())
        await asyncio.sleep(0.2)
        still = not over.done()
        async with AIOKafkaProducer(bootstrap_servers=kafka_address) as producer:
            await producer.send_and_wait(partition.topic, b"the gun", partition=0)
        await over

        assert still
