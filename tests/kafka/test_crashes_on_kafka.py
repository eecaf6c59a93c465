"""Workers that are killed, added and taken away in mid-race: what they publish stays the same."""

import asyncio
import signal
from pathlib import Path

from streams.topics import CHANGELOGS, on_broker
from tests.kafka.meeting import Meeting, assert_equal, events, in_memory, meeting

FIXTURE = "torture"
EVENTS_PER_S = 40.0


async def _opened(held: Meeting) -> int:
    """Publish the books, and say how many standings the whole meeting comes to."""
    reference, timing = events(FIXTURE)
    await held.publish(reference)
    await held.done("reference", "performances")
    return sum(message.stream == "standings" for message in in_memory([*reference, *timing]).messages)


async def test_a_worker_that_is_killed_in_mid_race_loses_nothing(kafka_address: str, tmp_path: Path) -> None:
    """SIGKILL four times while the races go on: nothing is missing, and what came twice was the same."""
    reference, timing = events(FIXTURE)
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        worker = held.start_worker()
        whole = await _opened(held)
        race = asyncio.create_task(held.publish_slowly(timing, EVENTS_PER_S))
        for fifths in (1, 2, 3, 4):
            await held.until_said("standings", whole * fifths // 5)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            worker = held.start_worker()
        await race
        await held.all_done()

        await assert_equal(held, [*reference, *timing])


async def test_workers_come_and_go_in_mid_race(kafka_address: str, tmp_path: Path) -> None:
    """A second worker joins, the first one leaves, and it comes back: nobody notices."""
    reference, timing = events(FIXTURE)
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        first = held.start_worker()
        whole = await _opened(held)
        race = asyncio.create_task(held.publish_slowly(timing, EVENTS_PER_S))
        await held.until_said("standings", whole // 5)
        second = held.start_worker()
        await held.until_said("standings", whole * 2 // 5)
        first.terminate()
        assert await asyncio.to_thread(first.wait, 40) == 0
        await held.until_said("standings", whole * 3 // 5)
        held.start_worker()
        await race
        await held.all_done()
        second.terminate()

        assert await asyncio.to_thread(second.wait, 40) == 0
        await assert_equal(held, [*reference, *timing])


async def test_a_worker_that_is_killed_while_it_is_behind_loses_nothing(
    kafka_address: str, tmp_path: Path
) -> None:
    """SIGKILL twice while hundreds of messages wait, of which only the last row of each race is written."""
    reference, timing = events(FIXTURE)
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        worker = held.start_worker()
        whole = await _opened(held)
        worker.terminate()
        assert await asyncio.to_thread(worker.wait, 40) == 0
        await held.publish(timing)
        for thirds in (1, 2):
            worker = held.start_worker()
            await held.until_said("standings", whole * thirds // 3)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        held.start_worker()
        await held.all_done()

        await assert_equal(held, [*reference, *timing])
        changelog = on_broker(CHANGELOGS["races"].name, held.settings.topic_prefix)
        assert await held.ever_written(changelog) < whole
