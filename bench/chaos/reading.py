"""Reading what was published, partition by partition, without holding it."""

from collections.abc import AsyncIterator
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]

from bench.chaos.ends import boards_of
from bench.chaos.hearing import IN_TURN, Hearing, Read
from streams.processing.ledger import Ledger, unseal
from streams.processing.messages import Received
from streams.processing.records import records_step
from streams.settings import Settings, kafka_client
from streams.skating.boards import final_boards
from streams.topics import CHANGELOGS, STREAMS, on_broker


async def read_all(settings: Settings, hearing: Hearing) -> None:
    """Have everything heard that was published, and the boards that workers remember."""
    for stream in IN_TURN:
        for partition in range(settings.partitions):
            async for message in messages(settings, STREAMS[stream].name, partition):
                received = Received(
                    stream,
                    partition,
                    message.offset,
                    message.key,
                    message.value,
                    tuple((name, value) for name, value in message.headers),
                )
                hearing.hear(Read(received, message.timestamp))
    hearing.end()
    rows: dict[str, bytes] = {}
    for partition in range(settings.partitions):
        async for message in messages(settings, CHANGELOGS["boards"].name, partition):
            name = message.key.decode()
            if name not in rows or unseal(message.value).offset >= unseal(rows[name]).offset:
                rows[name] = message.value
    ledger = Ledger(records_step(openings=False))
    ledger.restore(rows.items())
    hearing.ends.boards = {group: final_boards(boards) for group, boards in boards_of(ledger).items()}


async def messages(settings: Settings, name: str, partition: int) -> AsyncIterator[Any]:
    """Read a partition of a topic from its beginning to its present end."""
    place = TopicPartition(on_broker(name, settings.topic_prefix), partition)
    consumer = AIOKafkaConsumer(
        **kafka_client(settings), enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        await consumer.seek_to_beginning(place)
        while await consumer.position(place) < end:
            for some in (await consumer.getmany(timeout_ms=1000)).values():
                for message in some:
                    yield message
    finally:
        await consumer.stop()
