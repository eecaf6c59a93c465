"""A changelog that is gone while its input was handled is told, and is not made anew under old offsets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition  # type: ignore[import-untyped]
from structlog.testing import capture_logs

from streams.broker_connection import connected_admin
from streams.errors import SlotritError
from streams.group_offsets import inputs_of_changelogs
from streams.settings import Settings, kafka_client
from streams.topic_setup import create_topics, verify_topics
from streams.topics import CHANGELOGS, on_broker


class Oval:
    """Topics of our own, and a group that has handled some of what is in them."""

    def __init__(self, address: str) -> None:
        name = f"test-{uuid4().hex[:8]}"
        self.settings = Settings(brokers=(address,), topic_prefix=f"{name}.", app_id=name, partitions=2)
        self.changelog = on_broker(CHANGELOGS["races"].name, self.settings.topic_prefix)
        self.timing = inputs_of_changelogs(self.settings)[self.changelog]

    async def write(self, topic: str, partition: int) -> None:
        """Write one message."""
        producer = AIOKafkaProducer(**kafka_client(self.settings))
        await producer.start()
        try:
            await producer.send_and_wait(topic, b"any", b"key", partition)
        finally:
            await producer.stop()

    async def commit(self, partition: int, offset: int) -> None:
        """Commit as a worker that has handled timing so far, or as somebody who sends the group back."""
        consumer = AIOKafkaConsumer(
            **kafka_client(self.settings), group_id=self.settings.app_id, enable_auto_commit=False
        )
        await consumer.start()
        try:
            place = TopicPartition(self.timing, partition)
            consumer.assign([place])
            await consumer.commit({place: offset})
        finally:
            await consumer.stop()

    async def lose_the_changelog(self) -> None:
        """Delete what the standings step remembers, and wait until the broker has."""
        async with connected_admin(self.settings) as admin, asyncio.timeout(60):
            await admin.delete_topics([self.changelog])
            while self.changelog in {told["topic"] for told in await admin.describe_topics()}:  # noqa: ASYNC110 - a broker does not call
                await asyncio.sleep(0.1)

    async def warnings(self) -> list[Any]:
        """Verify the topics as a starting worker does; give what it warns of: topic and partitions."""
        with capture_logs() as told:
            await verify_topics(self.settings)
        return [
            (line["topic"], line["partitions"])
            for line in told
            if line["event"] == "worker.nothing_remembered"
        ]


@asynccontextmanager
async def oval(address: str) -> AsyncIterator[Oval]:
    """Make the topics, with one message of timing in partition 1."""
    made = Oval(address)
    await create_topics(made.settings)
    await made.write(made.timing, 1)
    yield made


async def test_a_lost_changelog_is_made_anew_only_when_the_input_is_read_again(kafka_address: str) -> None:
    """Neither a worker nor `slotrit topics` goes on before; both say what is to be done, and it helps."""
    async with oval(kafka_address) as made:
        await made.commit(1, 1)
        await made.lose_the_changelog()

        for work in (verify_topics, create_topics):
            with pytest.raises(SlotritError) as caught:
                await work(made.settings)
            assert f"lacks the topic {made.changelog}, and the group" in str(caught.value)
            assert f"back to the beginning of {made.timing}, see docs/operating/runbook.md#" in str(
                caught.value
            )
        await made.commit(1, 0)
        created, _ = await create_topics(made.settings)

        assert created == [made.changelog]
        assert await made.warnings() == []


async def test_a_changelog_that_no_group_needs_is_just_made(kafka_address: str) -> None:
    """Nothing was handled yet, so nothing is forgotten; a worker says what it says of every lacking topic."""
    async with oval(kafka_address) as made:
        await made.lose_the_changelog()

        with pytest.raises(SlotritError, match=r"lacks the topic \S+races\.changelog: run `slotrit topics`"):
            await verify_topics(made.settings)
        created, _ = await create_topics(made.settings)

        assert created == [made.changelog]


async def test_an_empty_changelog_under_what_was_handled_is_a_warning(kafka_address: str) -> None:
    """It may have been made anew by hand, or all was set aside: nobody can tell, so the worker starts."""
    async with oval(kafka_address) as made:
        assert await made.warnings() == []
        await made.commit(1, 1)
        assert await made.warnings() == [(made.timing, [1])]
        await made.write(made.changelog, 1)
        assert await made.warnings() == []
