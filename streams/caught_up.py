"""Waiting until the workers have read what was published."""

import asyncio
from collections.abc import Iterable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from aiokafka.admin import AIOKafkaAdminClient  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from streams.broker_connection import RETRY_S, connected_admin
from streams.processing.messages import Stream
from streams.refusals import not_granted
from streams.settings import Settings, kafka_client
from streams.topic_setup import require_topics
from streams.topics import STREAMS, on_broker


async def caught_up(settings: Settings, streams: Iterable[Stream], within_s: float) -> bool:
    """Wait until the consumer group `app_id` has committed everything that is in some topics now.

    Args:
        settings: where the broker is, and the group.
        streams: the topics.
        within_s: how many seconds to wait at most.

    Returns:
        Whether they have; False when the time is over, as where no worker runs.

    Raises:
        SlotritError: where the broker does not answer, or has not these topics.
    """
    counts = await require_topics(settings, streams)
    places = [
        TopicPartition(on_broker(STREAMS[stream].name, settings.topic_prefix), partition)
        for stream, count in counts.items()
        for partition in range(count)
    ]
    async with connected_admin(settings, "producer") as admin:
        ends = await _unread(settings, places)
        try:
            async with asyncio.timeout(within_s):
                while not await _read(admin, settings.app_id, ends):  # noqa: ASYNC110 - a broker does not call
                    await asyncio.sleep(RETRY_S)
        except TimeoutError:
            return False
    return True


async def _unread(settings: Settings, places: list[TopicPartition]) -> dict[TopicPartition, int]:
    """Give the end of each partition that has anything in it."""
    consumer = AIOKafkaConsumer(**kafka_client(settings), enable_auto_commit=False)
    await consumer.start()
    try:
        first = await consumer.beginning_offsets(places)
        ends = await consumer.end_offsets(places)
    finally:
        await consumer.stop()
    return {place: end for place, end in ends.items() if end > first[place]}


async def _read(admin: AIOKafkaAdminClient, group: str, ends: Mapping[TopicPartition, int]) -> bool:
    if not ends:
        return True
    try:
        # The partitions are named: asked for all of them, the broker tansu drops the connection.
        committed = await admin.list_consumer_group_offsets(group, partitions=list(ends))
    except KafkaError as error:
        if not_granted(error) is not None:
            raise
        # A cluster makes the place for groups' offsets when the first one asks; that takes a moment.
        return False
    return all(place in committed and committed[place].offset >= end for place, end in ends.items())
