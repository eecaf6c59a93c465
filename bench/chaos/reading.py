"""Reading what was published, partition by partition, without holding it."""

from collections.abc import AsyncIterator
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]

from bench.chaos.expected import Truth, digest
from bench.chaos.verdict import Log, Said
from streams.processing.ledger import Ledger, unseal
from streams.processing.messages import Stream
from streams.processing.records import records_step
from streams.settings import Settings, kafka_client
from streams.skating.boards import final_boards
from streams.topics import CHANGELOGS, STREAMS, on_broker

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
COMPACTED: frozenset[Stream] = frozenset({"standings", "field", "rankings", "needs"})


async def read_outputs(settings: Settings) -> tuple[Truth, list[Log]]:
    """Read the input, all outputs, each message once, and what each partition's log tells of repetitions."""
    found, logs = Truth(), []
    for partition in range(settings.partitions):
        async for message in messages(settings, STREAMS["timing"].name, partition):
            found.add("timing", message.key, message.value, ())
    for stream in OUTPUTS:
        for partition in range(settings.partitions):
            log = Log()
            async for message in messages(settings, STREAMS[stream].name, partition):
                if log.is_new(_said(stream, message)):
                    found.add(stream, message.key, message.value, message.headers)
            log.end()
            logs.append(log)
    found.settle()
    rows: dict[str, bytes] = {}
    for partition in range(settings.partitions):
        async for message in messages(settings, CHANGELOGS["boards"].name, partition):
            name = message.key.decode()
            if name not in rows or unseal(message.value).offset >= unseal(rows[name]).offset:
                rows[name] = message.value
    ledger = Ledger(records_step(openings=False))
    ledger.restore(rows.items())
    found.boards = {group: final_boards(known.boards) for group, known in ledger.states().items()}
    return found, logs


def _said(stream: Stream, message: Any) -> Said:
    identity = dict(message.headers)["ce_id"]
    whole = b"\0".join((message.key or b"", message.value, repr(message.headers).encode()))
    version = version_of(message.value) if stream in COMPACTED else None
    return Said(stream, message.key, identity, digest(whole), version, message.timestamp)


def version_of(value: bytes) -> int:
    """Read the version out of a message of ours without reading all of it; it stands near the beginning."""
    begin = value.index(b'"version":') + len(b'"version":')
    end = begin
    while value[end : end + 1].isdigit():
        end += 1
    return int(value[begin:end])


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
