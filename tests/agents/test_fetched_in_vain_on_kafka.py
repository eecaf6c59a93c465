"""What was fetched while a group rebalances, and dropped, is fetched again (see `commits.py`)."""

import asyncio
from uuid import uuid4

from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]
from faust.types import TP

from streams.agents.commits import HandledConsumer
from streams.app import create_app
from streams.settings import Settings, kafka_client
from streams.topic_setup import create_topics
from streams.topics import on_broker


async def _nothing(*_: object) -> None:
    """Do nothing about a rebalance, or with a message."""


async def test_a_partition_of_which_nothing_is_committed_is_read_from_its_beginning(
    kafka_address: str,
) -> None:
    """It was aiokafka's to stay behind what it had fetched: five messages would never have been handled."""
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
    await consumer.start()
    try:
        await consumer.subscribe([timing.topic])
        async with asyncio.timeout(30):
            await assigned.wait()
            in_vain = await _fetched(consumer, timing, 5)
            await consumer.perform_seek()
            again = await _fetched(consumer, timing, 5)
    finally:
        await consumer.stop()

    assert in_vain == again == [0, 1, 2, 3, 4]


async def _fetched(consumer: HandledConsumer, tp: TP, count: int) -> list[int]:
    """Fetch so many messages, as Faust's fetcher does, and give their offsets."""
    offsets: list[int] = []
    while len(offsets) < count:
        found = await consumer._getmany(active_partitions={tp}, timeout=1.0)  # noqa: SLF001 - the fetcher's own
        offsets += [record.offset for record in found.get(tp, ())]
    return offsets
