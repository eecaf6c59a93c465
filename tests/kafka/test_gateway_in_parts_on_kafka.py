"""A race in parts from Apache Kafka to the API: through a worker and gateways, as it is in memory."""

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from aiokafka.admin.config_resource import (  # type: ignore[import-untyped]
    ConfigResource,
    ConfigResourceType,
)

from bench.long_race import RACE, announced_in_parts, skated_by
from schemas.timing import TIMING
from streams.broker_connection import connected_admin
from streams.event_files import Line
from streams.skating.fold import Refused, fold
from streams.skating.race import Race
from tests.gateway.in_parts import as_shown, without_split_ranks
from tests.gateway.test_serve import ask, serving
from tests.kafka.meeting import PATIENCE_S, Meeting, in_memory, meeting
from tests.skating.a_race import Event, closed, passing, raw, ruled

COMPETITORS = 2_000
PAIRS = 40
COMPACTED_SOON = {
    "cleanup.policy": "compact",
    "min.cleanable.dirty.ratio": "0.0",
    "min.compaction.lag.ms": "0",
    "segment.ms": "100",
}


def skated() -> list[Event]:
    """Tell a race of two thousand in eight parts, of which forty pairs skate, and its closing."""
    told = list(announced_in_parts(COMPETITORS))
    for number in range(1, PAIRS + 1):
        told.extend(skated_by(number))
    return [*told, closed("UNOFFICIAL", 9_000, RACE)]


def corrections() -> list[Event]:
    """Tell what is corrected after the closing: the photo of one finish, and a ruling."""
    photo = passing("skater-7", 4, 60_001, 9_001, race_id=RACE, distance_m=1000, method="photo_finish")
    return [photo, ruled("skater-12", "DQ", 9_002, race_id=RACE)]


def lines_of(events: Sequence[Event]) -> list[Line]:
    """Write events as they are published."""
    key = RACE.encode()
    return [Line("story", number, raw(each), "timing", key) for number, each in enumerate(events, start=1)]


def race_after(events: Sequence[Event]) -> Race:
    """Fold events into the race that they come to."""
    race: Race | None = None
    for each in events:
        folded = fold(race, TIMING.validate_json(raw(each)))
        assert not isinstance(folded, Refused)
        race = folded
    assert race is not None
    return race


def front_after(events: Sequence[Event]) -> Any:
    """Give the last front that the steps in memory say."""
    said = [message.value for message in in_memory(lines_of(events)).messages if message.stream == "field"]
    return json.loads(next(value for value in reversed(said) if b'"field.top"' in value))


def get(url: str, path: str) -> Any:
    """Ask a gateway about the race; null where it has none yet."""
    status, body = ask(f"{url}/api/races/{RACE}/{path}")
    return json.loads(body) if status == 200 else None


def whole_sheet(url: str) -> list[dict[str, Any]]:
    """Ask for all pages of the sheet, and give everybody's line."""
    pages = [get(url, f"sheet?offset={offset}") for offset in range(0, COMPETITORS, 250)]
    assert {page["competitors"] for page in pages} == {COMPETITORS}
    return [without_split_ranks(entry) for page in pages for entry in page["entries"]]


async def until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(PATIENCE_S):
        while not await asyncio.to_thread(happened):  # noqa: ASYNC110 - neither gateway nor broker calls
            await asyncio.sleep(0.1)


async def compact_soon(held: Meeting) -> None:
    """Let the broker compact the topic as soon as it may, after the next message."""
    topic = ConfigResource(ConfigResourceType.TOPIC, held.topic("field"), COMPACTED_SOON)
    async with connected_admin(held.settings) as admin:
        await admin.alter_configs([topic])


async def until_compacted(held: Meeting, count: int) -> None:
    """Wait until the topic has fewer messages than there were."""
    async with asyncio.timeout(PATIENCE_S):
        while len(await held.read(held.topic("field"))) >= count:  # noqa: ASYNC110 - a broker does not call
            await asyncio.sleep(0.5)


async def test_the_api_says_of_a_large_race_what_is_in_memory(kafka_address: str, tmp_path: Path) -> None:
    """At its closing, after a correction, and in a gateway that starts when the topic was compacted."""
    before, after = skated(), [*skated(), *corrections()]
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        held.start_worker()
        with serving(held.settings, tmp_path / "first.log") as (_, first):
            await held.publish(lines_of(before))
            await held.all_done()
            front = front_after(before)
            await until(lambda: get(first, "standings") == front)
            await until(lambda: get(first, "sheet")["version"] == front["version"])
            assert await asyncio.to_thread(whole_sheet, first) == as_shown(race_after(before))

            told = len(await held.read(held.topic("field")))
            await compact_soon(held)
            await held.publish(lines_of(corrections()))
            await held.all_done()
            front = front_after(after)
            await until(lambda: get(first, "standings") == front)
            await until(lambda: get(first, "sheet")["version"] == front["version"])
            expected = as_shown(race_after(after))
            assert await asyncio.to_thread(whole_sheet, first) == expected

            await until_compacted(held, told)
            with serving(held.settings, tmp_path / "second.log") as (_, second):
                await until(lambda: ask(f"{second}/readyz")[0] == 200)
                assert await asyncio.to_thread(whole_sheet, second) == expected
                for path in ("standings", "competitors/skater-7", "competitors/skater-1999", "podium"):
                    assert get(second, path) == get(first, path)
                assert get(second, "competitors/skater-7")["entry"]["rank"] == 1
