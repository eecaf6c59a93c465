"""A worker that finds something missing ends, with a word on what it is, and does not go on without."""

import asyncio
import json
from pathlib import Path

from aiokafka import TopicPartition  # type: ignore[import-untyped]
from aiokafka.admin import RecordsToDelete  # type: ignore[import-untyped]

from streams.broker_connection import connected_admin
from streams.topic_setup import create_topics
from tests.kafka.meeting import Meeting, events, meeting

FIXTURE = "2022-olympics-beijing"


async def _half_a_meeting(held: Meeting) -> None:
    """Let a worker do the first half of a race and stop."""
    reference, timing = events(FIXTURE)
    worker = held.start_worker()
    await held.publish([*reference, *timing[: len(timing) // 2]])
    await held.all_done()
    worker.terminate()
    assert await asyncio.to_thread(worker.wait, 40) == 0


async def _fate_of_the_next_worker(held: Meeting) -> tuple[int, str]:
    worker = held.start_worker()
    code = await asyncio.to_thread(worker.wait, 60)
    return code, held.log.read_text()


async def test_events_that_are_gone_are_not_passed_over(kafka_address: str, tmp_path: Path) -> None:
    """Where the broker has dropped what was not read yet, the worker ends with 1 and names the offsets."""
    _, timing = events(FIXTURE)
    half = len(timing) // 2
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        await _half_a_meeting(held)
        await held.publish(timing[half:])
        async with connected_admin(held.settings) as admin:
            places = [
                TopicPartition(held.topic("timing"), number) for number in range(held.settings.partitions)
            ]
            gone = {place: RecordsToDelete(before_offset=half + 10) for place in places}
            await admin.delete_records(
                {place: what for place, what in gone.items() if place == await _used(held)}
            )

        code, log = await _fate_of_the_next_worker(held)

        assert code == 1
        (crash,) = _told_of_loss(log)
        assert (crash["event"], crash["step"]) == ("worker.crash", "races")
        assert f"expected offset {half}, got {half + 10}: 10 messages are missing" in crash["reason"]
        assert "exception" not in crash


async def test_a_topic_made_anew_is_not_taken_for_one_that_is_done(
    kafka_address: str, tmp_path: Path
) -> None:
    """Offsets begin at 0 again; what is remembered would silence every event, so the worker ends with 1."""
    _, timing = events(FIXTURE)
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        await _half_a_meeting(held)
        async with connected_admin(held.settings) as admin:
            await admin.delete_topics([held.topic("timing")])
        await create_topics(held.settings)
        await held.publish(timing[:10])

        code, log = await _fate_of_the_next_worker(held)

        assert code == 1
        (crash,) = _told_of_loss(log)
        assert (crash["event"], crash["step"]) == ("worker.crash", "races")
        assert "the topic was made anew" in crash["reason"]


def _told_of_loss(log: str) -> list[dict[str, str]]:
    """Give the lines that have the loss in them, in a traceback too; ending may have errors of its own."""
    lines = [line for line in log.splitlines() if line.startswith("{")]
    return [json.loads(line) for line in lines if "MessagesLostError" in line]


async def _used(held: Meeting) -> TopicPartition:
    """Give the one partition that the race is in."""
    (message, *_) = await held.read(held.topic("timing"))
    return TopicPartition(message.topic, message.partition)
