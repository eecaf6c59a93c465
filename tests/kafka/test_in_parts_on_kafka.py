"""A race in parts on Apache Kafka, through workers that are killed: as in memory, and in one partition."""

import asyncio
import signal
from pathlib import Path

from bench.long_race import RACE, announced_in_parts, skated_by
from streams.agents.placing import belongs_in
from streams.event_files import Line
from tests.kafka.meeting import assert_equal, in_memory, meeting
from tests.skating.a_race import Event, closed, event, passing, raw, ruled, scheduled

COMPETITORS = 600
EVENTS_PER_S = 150.0


def story() -> list[Event]:
    """Tell a race of 600 in three parts, of which forty pairs skate, and a small one beside it."""
    told = [*announced_in_parts(COMPETITORS), scheduled("ann bea")]
    for number in range(1, 41):
        told.extend(skated_by(number))
        told.append(passing("ann", 1, 35_000 + number, number, method="optical"))
    fewer = [{"pair": 300, "lane": "inner", "competitor": {"id": "new", "name": "New", "country": "NED"}}]
    return [
        *told,
        event("start_list.added", 9_000, RACE, part=3, start_list=fewer),
        ruled("skater-3", "DQ", 9_001, race_id=RACE),
        closed("UNOFFICIAL", 9_002, RACE),
        ruled("skater-3", None, 9_003, race_id=RACE),
        closed("OFFICIAL", 9_004, RACE),
    ]


async def test_a_race_in_parts_survives_workers_that_are_killed(kafka_address: str, tmp_path: Path) -> None:
    """SIGKILL three times in the middle: as in memory, twice only as the same bytes, in one partition."""
    lines = [
        Line("story", number, raw(each), "timing", str(each["race_id"]).encode())
        for number, each in enumerate(story(), start=1)
    ]
    whole = sum(message.stream == "field" for message in in_memory(lines).messages)
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        worker = held.start_worker()
        race = asyncio.create_task(held.publish_slowly(lines, EVENTS_PER_S))
        for fourths in (1, 2, 3):
            await held.until_said("field", whole * fourths // 4)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            worker = held.start_worker()
        await race
        await held.all_done()

        await assert_equal(held, lines)
        told = await held.read(held.topic("field"))
        assert {message.partition for message in told} == {
            belongs_in(RACE.encode(), held.settings.partitions)
        }
        assert {message.key.split(b" ")[0] for message in told} == {RACE.encode()}
