"""A season of seasons: races that are over take little, and come back when they are ruled on."""

import json
import subprocess
import sys
from pathlib import Path

from streams.processing.packed_rows import PackedRows
from streams.processing.pipeline import Pipeline
from tests.skating.a_race import Event, closed, passing, raw, ruled, scheduled

MANY = 260
"""More than are held as they are anywhere."""

COUNTED = 2
"""How many of them count for the World Cup."""


KILOBYTES = 2.0
"""How much of a race may stay in memory for ever. Whoever needs more has to say why."""


def evening(number: int) -> list[Event]:
    """Tell a race from its start list to its end."""
    race_id = f"c{number}/M500/A"
    return [
        scheduled("ann bea", race_id=race_id, points_table="A" if number < COUNTED else None),
        passing("ann", 1, 35_000 + number, 1, race_id=race_id),
        passing("bea", 1, 36_000, 2, race_id=race_id),
        closed("OFFICIAL", 3, race_id),
    ]


def test_a_race_of_long_ago_is_ruled_on() -> None:
    """The first of many races, long out of memory: standings, podium, records and World Cup follow."""
    bugs: list[str] = []
    pipeline = Pipeline(openings=False, on_bug=bugs.append)

    def told(event: Event) -> list[dict[str, object]]:
        fed = pipeline.feed("timing", event["race_id"].encode(), raw(event))
        return [json.loads(message.value) for message in fed if message.stream != "performances"]

    table = raw({"type": "points_table.listed", "name": "A", "points": [60, 54]})
    for _ in pipeline.feed("reference", b"A", table):
        pass
    for number in range(MANY):
        for event in evening(number):
            told(event)
    messages = told(ruled("ann", "DQ", 10, race_id="c0/M500/A"))
    by_type = {message["type"]: message for message in messages}
    assert bugs == []
    standings = by_type["standings"]
    assert standings["version"] == 5
    marks = [(entry["rank"], entry["irm"]) for entry in standings["entries"]]  # type: ignore[attr-defined]
    assert marks == [(1, None), (None, "DQ")]
    assert {"podium.changed", "ranking"} <= by_type.keys()
    (first,) = (entry for entry in by_type["ranking"]["entries"] if entry["competitor"]["id"] == "ann")  # type: ignore[attr-defined]
    assert first["value"] == str(60 * (COUNTED - 1))


def test_packed_rows_are_a_dictionary() -> None:
    """Rows come back to the byte, in the order in which they came."""
    rows = PackedRows()
    plain = {f"race {number}": b'{"version": %d}' % number for number in range(5)}
    rows.update(plain)
    rows["race 1"] = plain["race 1"] = b"other"
    del rows["race 2"], plain["race 2"]
    assert (dict(rows), len(rows), list(rows)) == (plain, len(plain), list(plain))
    assert "race 1" in rows
    assert "race 2" not in rows


def test_of_a_race_no_two_kilobytes_stay() -> None:
    """In all steps together, from the hundreds that are at hand to thousands that are not."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.many_races", "500", "5000"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    few, many = (json.loads(line) for line in done.stdout.splitlines())
    assert (few["races"], many["races"]) == (500, 5_000)
    assert (many["memory_mb"] - few["memory_mb"]) * 1000 / (5_000 - 500) < KILOBYTES
    assert many["dead_letters"] == 0
