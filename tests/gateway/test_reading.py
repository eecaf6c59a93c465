"""Reading a real Kafka into a gateway: what is there, what comes, and what goes wrong in between."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaProducer, TopicPartition  # type: ignore[import-untyped]
from aiokafka.structs import ConsumerRecord  # type: ignore[import-untyped]

from streams.broker_connection import connected_admin
from streams.gateway.channels import Channels
from streams.gateway.metrics import Metrics
from streams.gateway.reading import Reader
from streams.gateway.records import by_time, keep
from streams.gateway.serve import new_channels
from streams.settings import Settings
from streams.topic_setup import create_topics, wanted_topics
from streams.topics import STREAMS, on_broker
from tests.gateway.telling import Heard, heard
from tests.kafka_presence import HostedBroker

PATIENCE_S = 40.0


def settings_for(address: str, partitions: int = 2) -> Settings:
    """Give settings with topics that no other test uses."""
    name = f"test-{uuid4().hex[:8]}"
    return Settings(
        brokers=(address,), topic_prefix=f"{name}.", app_id=name, partitions=partitions, broker_timeout_s=2
    )


async def send(settings: Settings, messages: Sequence[Heard]) -> None:
    """Publish messages as a worker would, each with its race as key and its identity."""
    async with AIOKafkaProducer(bootstrap_servers=list(settings.brokers or ()), linger_ms=1) as producer:
        sent = [
            await producer.send(
                on_broker(STREAMS[message.stream].name, settings.topic_prefix),
                message.value,
                key=str(message.told().race_id).encode(),
                headers=[("ce_id", message.identity.encode())],
            )
            for message in messages
        ]
        await asyncio.gather(*sent)


@dataclass(slots=True)
class Held:
    """Channels that a reader fills."""

    channels: Channels
    metrics: Metrics

    async def until(self, count: int) -> None:
        """Wait until so many messages have been told."""
        await self.when(lambda: self.channels.history.end >= count and self.channels.ready)

    async def when(self, happened: Callable[[], bool]) -> None:
        """Wait until something has happened."""
        async with asyncio.timeout(PATIENCE_S):
            while not happened():  # noqa: ASYNC110 - a broker does not call
                await asyncio.sleep(0.02)

    def present(self) -> list[bytes]:
        """Give what holds, in no order."""
        return sorted(one.payload for one in self.channels.live.present.told())


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[Held]:
    """Read for the length of a block."""
    held = Held(new_channels(settings), Metrics())
    task = asyncio.create_task(Reader(settings, held.channels, held.metrics).read_for_ever())
    try:
        yield held
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_what_is_there_and_what_comes_are_the_same_present(kafka_address: str) -> None:
    """A gateway that was there from the first message and one that starts at the end say the same."""
    messages = heard("torture")
    settings = settings_for(kafka_address)
    await create_topics(settings)

    async with reading(settings) as early:
        await early.when(lambda: early.channels.ready)
        await send(settings, messages)
        await early.until(len(messages))
        began = time.monotonic()
        async with reading(settings) as late:
            await late.when(lambda: late.channels.ready)
            took_s = time.monotonic() - began
            assert late.present() == early.present()
            end = early.channels.history.end
            assert late.channels.history.positions == early.channels.history.positions
            assert early.channels.history.positions_at(end) == late.channels.history.positions_at(
                late.channels.history.end
            )
            # What a delayed stream may ask for is there, too: nothing was left out that is this young.
            assert late.channels.history.end == len(messages)

    assert took_s < PATIENCE_S


async def test_what_comes_twice_is_told_once(kafka_address: str) -> None:
    """Wherever the repetition begins, before a gateway starts or while it reads."""
    messages = heard("torture")
    settings = settings_for(kafka_address)
    await create_topics(settings)
    await send(settings, [*messages[:200], *messages[150:200]])

    async with reading(settings) as held:
        await held.until(200)
        await send(settings, [*messages[180:200], *messages[200:210]])
        await held.until(210)
        metrics = held.metrics.text().decode()

    assert held.channels.history.end == 210
    told = [entry.told.payload for _, entry in held.channels.history.entries(0, 210)]
    assert sorted(told) == sorted(message.value for message in messages[:210])
    assert 'outcome="repeated"' in metrics


async def test_kafka_away_is_stale_and_what_came_meanwhile_is_told_afterwards(
    private_kafka: Callable[[], HostedBroker],
) -> None:
    """The last state stays; nothing is lost, and nothing told twice, when the broker is back."""
    broker = await asyncio.to_thread(private_kafka)
    messages = heard("torture")
    settings = settings_for(broker.address)
    await create_topics(settings)

    async with reading(settings) as held:
        await held.when(lambda: held.channels.ready)
        await send(settings, messages[:100])
        await held.until(100)
        broker.kill()
        await held.when(lambda: held.channels.live.stale)
        stale = held.present()
        await asyncio.to_thread(broker.start)
        await send(settings, messages[100:150])
        await held.until(150)
        await held.when(lambda: not held.channels.live.stale)
        generation = held.channels.history.generation

    assert len(stale) > 0
    told = sorted(entry.told.payload for _, entry in held.channels.history.entries(0, 10**6))
    assert told == sorted(message.value for message in messages[:150])
    assert generation == 1


async def test_a_gateway_that_starts_before_kafka_waits_for_it(
    private_kafka: Callable[[], HostedBroker],
) -> None:
    """It is stale and not ready until then; topics that are not there yet are waited for as well."""
    broker = await asyncio.to_thread(private_kafka)
    settings = settings_for(broker.address).model_copy(update={"broker_timeout_s": 0.5})
    broker.kill()

    async with reading(settings) as held:
        await held.when(lambda: held.channels.live.stale)
        assert not held.channels.ready
        await asyncio.to_thread(broker.start)
        await create_topics(settings.model_copy(update={"broker_timeout_s": 20.0}))
        await held.when(lambda: held.channels.ready and not held.channels.live.stale)


async def test_topics_that_are_made_anew_are_read_anew(kafka_address: str) -> None:
    """Versions that start again at 1 are told, and nothing of the old races is left."""
    messages = heard("torture")
    other = heard("2022-olympics-beijing")[:40]
    settings = settings_for(kafka_address)
    await create_topics(settings)
    await send(settings, messages)

    async with reading(settings) as held:
        await held.until(len(messages))
        async with connected_admin(settings) as admin:
            await admin.delete_topics(list(wanted_topics(settings)))
            gone = settings.topic_prefix
            while any(name.startswith(gone) for name in await admin.list_topics()):  # noqa: ASYNC110 - a broker does not call
                await asyncio.sleep(0.05)
        await create_topics(settings)
        await send(settings, other)
        await held.when(lambda: len(held.channels.live.present.of("standings")) == 1)
        await held.when(lambda: held.channels.history.end - held.channels.history.first == len(other))

    assert {one.race_id for one in held.channels.live.present.told()} == {"2022-olympics-beijing/M1000/-"}


async def test_what_no_gateway_understands_is_passed_over(kafka_address: str) -> None:
    """A newer worker may say more than this gateway knows; its place counts as read."""
    messages = heard("torture")[:3]
    settings = settings_for(kafka_address, partitions=1)
    await create_topics(settings)
    async with AIOKafkaProducer(bootstrap_servers=[kafka_address]) as producer:
        for value in (b"no json", b'{"type":"standings"}', b'{"type":"podium.danced"}', None):
            await producer.send_and_wait(f"{settings.topic_prefix}skating.standings", value, key=b"x")
    await send(settings, messages)

    async with reading(settings) as held:
        await held.until(len(messages))

    assert held.channels.history.positions["s", 0] == 4 + sum(one.stream == "standings" for one in messages)


def record(partition: int, offset: int, timestamp: int, key: bytes = b"") -> Any:
    """Make a record of which only place, time and key matter."""
    return ConsumerRecord("t", partition, offset, timestamp, 0, key, b"", None, 0, 0, ())


def test_records_are_told_in_the_order_of_time_and_never_against_that_of_their_partition() -> None:
    """Two workers' clocks may differ; nothing is from the future either."""
    found = {
        TopicPartition("t", 0): [record(0, 0, 1_000), record(0, 1, 5_000), record(0, 2, 2_000)],
        TopicPartition("t", 1): [record(1, 0, 3_000), record(1, 1, 99_000)],
    }

    dated = list(by_time(found, now=10.0))

    assert [(one.partition, one.offset, at) for one, at in dated] == [
        (0, 0, 1.0),
        (1, 0, 3.0),
        (0, 1, 5.0),
        (0, 2, 5.0),
        (1, 1, 10.0),
    ]


def test_of_what_is_old_the_last_of_each_key_is_kept() -> None:
    """However it was fetched, in the order of the offsets; what is young stays."""
    kept: dict[object, Any] = {}
    records = [
        record(0, offset, timestamp, key)
        for offset, (key, timestamp) in enumerate(
            [(b"a", 1_000), (b"b", 2_000), (b"a", 3_000), (b"a", 9_000), (b"b", 2_000), (b"a", 9_000)]
        )
    ]

    keep(kept, records[:2], 5.0)
    keep(kept, records[2:], 5.0)

    assert [one.offset for one in kept.values()] == [2, 3, 4, 5]
