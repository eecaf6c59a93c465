"""A worker that another has taken over from is not listened to any more, whatever it has in hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]

from streams.agents.speaking import Record, Speaker
from streams.agents.voices import OvertakenError
from streams.settings import Settings, kafka_client
from streams.topic_setup import create_topics
from streams.topics import on_broker


async def confirmed() -> bool:
    """Say that this worker is a member."""
    return True


class Oval:
    """Topics of our own, and workers that say something to one partition of them."""

    def __init__(self, address: str) -> None:
        name = f"test-{uuid4().hex[:8]}"
        self.settings = Settings(brokers=(address,), topic_prefix=f"{name}.", app_id=name, partitions=1)
        self.place = TopicPartition(on_broker("skating.standings", self.settings.topic_prefix), 0)

    def speaker(self) -> Speaker:
        """Make what a worker writes with; all of them have the same name."""
        return Speaker(kafka_client(self.settings), f"{self.settings.app_id}-races", [self.place.topic])

    async def say(self, speaker: Speaker, *texts: str) -> None:
        """Say something of a race."""
        await speaker.say([Record(0, self.place, b"race", text.encode()) for text in texts])

    async def said(self) -> list[str]:
        """Read everything that was taken."""
        consumer = AIOKafkaConsumer(**kafka_client(self.settings), auto_offset_reset="earliest")
        await consumer.start()
        try:
            consumer.assign([self.place])
            end = (await consumer.end_offsets([self.place]))[self.place]
            await consumer.seek_to_beginning(self.place)
            found = []
            while await consumer.position(self.place) < end:
                for records in (await consumer.getmany(timeout_ms=1_000)).values():
                    found += [record.value.decode() for record in records]
            return found
        finally:
            await consumer.stop()


@asynccontextmanager
async def oval(address: str) -> AsyncIterator[tuple[Oval, Speaker, Speaker]]:
    """Have topics and two workers."""
    place = Oval(address)
    await create_topics(place.settings)
    one, other = place.speaker(), place.speaker()
    try:
        yield place, one, other
    finally:
        await one.close()
        await other.close()


async def test_who_was_taken_over_from_is_not_listened_to(kafka_address: str) -> None:
    """What it says after its successor is refused, and it is told so; what it said before stays."""
    async with oval(kafka_address) as (place, frozen, successor):
        frozen.assigned([0], confirmed)
        await place.say(frozen, "v1", "v2")
        successor.assigned([0], confirmed)
        await place.say(successor, "v2", "v3")

        with pytest.raises(OvertakenError, match="another worker has taken over while this one stood still"):
            await place.say(frozen, "v2")

        await place.say(successor, "v4")
        assert await place.said() == ["v1", "v2", "v2", "v3", "v4"]


async def test_until_its_successor_speaks_it_may(kafka_address: str) -> None:
    """The successor has the same to say, so that is a repetition and no older truth."""
    claimed = asyncio.Event()

    async def claims() -> bool:
        claimed.set()
        return True

    async with oval(kafka_address) as (place, frozen, successor):
        frozen.assigned([0], confirmed)
        await place.say(frozen, "v1")
        successor.assigned([0], claims)
        await claimed.wait()
        await place.say(frozen, "v2")
        await place.say(successor, "v2", "v3")

        assert (await place.said())[-2:] == ["v2", "v3"]


async def test_a_claim_that_is_not_confirmed_says_nothing(kafka_address: str) -> None:
    """A worker that claims a partition which the group has given to others in the meantime stays silent."""

    async def gone() -> bool:
        raise OvertakenError("the group has gone on")

    async with oval(kafka_address) as (place, woken, owner):
        woken.assigned([0], gone)
        owner.assigned([0], confirmed)
        await place.say(owner, "v1")

        with pytest.raises(OvertakenError, match="the group has gone on"):
            await place.say(woken, "v0")

        assert await place.said() == ["v1"]


async def test_a_claim_waits_until_the_group_answers(kafka_address: str) -> None:
    """As long as nobody can say whether this worker is a member it says nothing."""
    answers = iter([False, False, True])
    asked = asyncio.Event()

    async def away_at_first() -> bool:
        answer = next(answers)
        if answer:
            asked.set()
        return answer

    async with oval(kafka_address) as (place, speaker, _):
        speaker.assigned([0], away_at_first)
        await place.say(speaker, "v1")

        assert asked.is_set()
        assert await place.said() == ["v1"]


async def test_partitions_that_were_taken_away_are_not_spoken_for(kafka_address: str) -> None:
    """Only those of the last assignment are, with a voice that was claimed for it."""
    async with oval(kafka_address) as (place, speaker, _):
        speaker.assigned([0], confirmed)
        await place.say(speaker, "v1")
        speaker.assigned([], confirmed)

        with pytest.raises(OvertakenError, match="is not assigned to this worker"):
            await place.say(speaker, "v2")


async def test_who_waits_for_a_voice_that_is_let_go_of_is_told(kafka_address: str) -> None:
    """It fails, which ends the worker, and does not vanish, which would leave one that says nothing."""

    async def away() -> bool:
        return False

    async with oval(kafka_address) as (place, speaker, _):
        speaker.assigned([0], away)
        saying = asyncio.create_task(place.say(speaker, "v1"))
        await asyncio.sleep(0.2)
        speaker.assigned([], confirmed)

        with pytest.raises(OvertakenError, match="is not assigned to this worker"):
            await saying


async def test_a_topic_that_is_not_there_yet_is_waited_for(kafka_address: str) -> None:
    """As after a broker's start, when leaders are not known yet."""
    place = Oval(kafka_address)
    speaker = place.speaker()
    speaker.assigned([0], confirmed)
    try:
        saying = asyncio.create_task(place.say(speaker, "v1"))
        await asyncio.sleep(0.5)
        assert not saying.done()
        await create_topics(place.settings)
        await saying
        assert await place.said() == ["v1"]
    finally:
        await speaker.close()
