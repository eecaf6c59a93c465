"""Reading topics without a group: everything that is in them now, in the order in which it was written."""

from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from streams.acls import Role
from streams.broker_connection import connected_admin, failure, quiet_client
from streams.errors import SlotritError
from streams.settings import Settings, kafka_client
from streams.topic_setup import refuse_hidden

POLL_MS = 500


@dataclass(slots=True)
class Reading:
    """A consumer of some topics, and where each partition ended when reading began."""

    consumer: AIOKafkaConsumer
    places: list[TopicPartition]
    ends: dict[TopicPartition, int]
    held: dict[TopicPartition, deque[Any]] = field(default_factory=dict)

    async def what_is_there(self) -> AsyncIterator[Any]:
        """Yield the records up to the ends, the oldest first.

        Records of one partition keep their order, those of several are merged by Kafka's timestamps. No more
        is held than a fetch of each partition.
        """
        open_ = {place for place in self.places if self.ends[place] > await self.consumer.position(place)}
        self.held = {place: deque() for place in open_}
        while open_ or any(self.held.values()):
            lacking = [place for place in open_ if not self.held[place]]
            if lacking:
                fetched = await self.consumer.getmany(*lacking, timeout_ms=POLL_MS)
                for place, records in fetched.items():
                    self.held[place].extend(record for record in records if record.offset < self.ends[place])
                for place in lacking:
                    if await self.consumer.position(place) >= self.ends[place]:
                        open_.discard(place)
                continue
            place = min(
                (place for place, records in self.held.items() if records),
                key=lambda place: (self.held[place][0].timestamp, place.topic, place.partition),
            )
            yield self.held[place].popleft()

    async def what_comes(self) -> list[Any]:
        """Wait a moment for more, and give it in the order of Kafka's timestamps."""
        fetched = await self.consumer.getmany(timeout_ms=POLL_MS)
        records = [record for several in fetched.values() for record in several]
        return sorted(records, key=lambda record: record.timestamp)


@asynccontextmanager
async def reading(
    settings: Settings, topics: Sequence[str], *, role: Role, from_now: bool = False
) -> AsyncIterator[Reading]:
    """Read topics, by their names on the broker, for the length of a block.

    Args:
        settings: where the broker is.
        topics: which ones.
        role: what the command does, for what is said of an ACL that it lacks.
        from_now: begin at the end instead of the beginning.

    Raises:
        SlotritError: where the broker does not answer or has not the topics.
    """
    async with connected_admin(settings, role) as admin:
        # Asking for topics by name would create them on a broker that creates topics by itself.
        described = {topic["topic"]: topic for topic in await admin.describe_topics()}
        missing = [name for name in topics if name not in described]
        if missing:
            await refuse_hidden(admin, missing, settings, role)
    if missing:
        raise SlotritError(
            f"the broker has no topic {missing[0]}: check its name and topic_prefix, or run `slotrit topics`"
        )
    places = [
        TopicPartition(name, part["partition"]) for name in topics for part in described[name]["partitions"]
    ]
    with quiet_client() as words:
        consumer = AIOKafkaConsumer(
            **kafka_client(settings), enable_auto_commit=False, auto_offset_reset="earliest"
        )
        try:
            await consumer.start()
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            if from_now:
                for place in places:
                    consumer.seek(place, ends[place])
            else:
                await consumer.seek_to_beginning(*places)
            yield Reading(consumer, places, ends)
        except KafkaError as error:
            raise failure("reading", error, words, settings, role) from None
        finally:
            await consumer.stop()
