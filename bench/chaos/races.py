"""One race that never was, written from its start list to the referees' last word."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.chaos.skaters import DISTANCES, SKATERS, Event, fast_ms, skater
from streams.skating.course import splits

_RACES_A_MEETING, _MEETINGS_A_SEASON = 24, 6
_LINES_IN_A_PART = 12
"""How many lines a part of a start list has."""
_BEGIN = datetime(2030, 10, 1, 12, tzinfo=UTC)


class _Race:
    """A race while it is written: its clock, and the words that every event has."""

    def __init__(self, rng: random.Random, race_id: str, begins: datetime) -> None:
        self.rng, self.race_id, self.now = rng, race_id, begins

    def event(self, kind: str, after_s: float, **more: Any) -> Event:
        self.now += timedelta(milliseconds=int(after_s * 1000))
        head = {
            "type": kind,
            "race_id": self.race_id,
            "occurred_at": self.now.isoformat(timespec="milliseconds"),
        }
        return {**head, "source": "chaos", **more}


def race(rng: random.Random, number: int, *, in_parts: bool) -> Iterator[Event]:
    """Write a race down, in the order in which it happened.

    Args:
        rng: decides everything that is not decided by the number.
        number: which race of the season it is, from 0.
        in_parts: whether its sheet is in parts, and it has 40 to 60 skaters.
    """
    meeting, run = divmod(number, _RACES_A_MEETING)
    gender, distance_m = "MW"[number % 2], DISTANCES[(number // 2) % len(DISTANCES)]
    competition = _competition(meeting)
    race_id = f"{competition['id']}/{gender}{distance_m}/-/{run}"
    writing = _Race(rng, race_id, _BEGIN + timedelta(days=7 * meeting, minutes=run))
    pairs = rng.randint(20, 30) if in_parts else rng.randint(3, 8)
    field = [skater(gender, each) for each in rng.sample(range(SKATERS), pairs * 2)]
    listed = [
        {"pair": place // 2 + 1, "lane": ("inner", "outer")[place % 2], "competitor": each}
        for place, each in enumerate(field)
    ]
    defined = {"competition": competition, "discipline": f"{gender}{distance_m}", "distance_m": distance_m}
    counts = {"points_table": "chaos-points"} if competition["series"] == "world_cup" else {}
    run_of_it = {"format": "pairs", "division": "-", "run": run, **counts}
    if in_parts:
        yield writing.event("race.scheduled", 0, **defined, **run_of_it, sheet="parts", start_list=[])
        yield from _parts(writing, listed)
    else:
        yield writing.event("race.scheduled", 0, **defined, **run_of_it, start_list=listed)
    if rng.random() < 0.1:
        listed[0]["competitor"], listed[-1]["competitor"] = listed[-1]["competitor"], listed[0]["competitor"]
        if in_parts:
            yield from _parts(writing, listed)
        else:
            yield writing.event("start_list.revised", 60, start_list=listed)
    again: list[Event] = []
    for pair in range(1, pairs + 1):
        two = [line for line in listed if line["pair"] == pair]
        yield from _pair(writing, pair, two, distance_m, gender)
        if rng.random() < 0.06:
            again.append(rng.choice(two))
        if pair == pairs // 2 and rng.random() < 0.5:
            yield writing.event("race.paused", 10, reason="ice_resurfacing")
            yield writing.event("race.resumed", 900)
    for extra, line in enumerate(again, start=pairs + 1):
        named = line["competitor"]["id"]
        yield writing.event("reskate.granted", 60, competitor_id=named, pair=extra)
        yield from _pair(writing, extra, [line], distance_m, gender)
    yield from _closing(writing, field)


def _closing(race: _Race, field: list[Event]) -> Iterator[Event]:
    """Write the end of a race, with a ruling after it now and then, which may be lifted."""
    yield race.event("race.closed", 60, status="UNOFFICIAL")
    if race.rng.random() < 0.15:
        named = race.rng.choice(field)["id"]
        yield race.event("result.ruled", 120, competitor_id=named, irm="DQ", rule="254.6")
        if race.rng.random() < 0.5:
            yield race.event("result.ruled", 120, competitor_id=named, irm=None)
    yield race.event("race.closed", 300, status="OFFICIAL")


def _parts(race: _Race, listed: list[Event]) -> Iterator[Event]:
    """Write a start list in parts, the last one first."""
    first_lines = range(0, len(listed), _LINES_IN_A_PART)
    for part, first in reversed(list(enumerate(first_lines, start=1))):
        some = listed[first : first + _LINES_IN_A_PART]
        yield race.event("start_list.added", 1, part=part, start_list=[dict(line) for line in some])


def _pair(race: _Race, pair: int, two: list[Event], distance_m: int, gender: str) -> Iterator[Event]:
    """Write one pair: called, started (sometimes twice), measured, corrected, confirmed."""
    rng = race.rng
    yield race.event("pair.called", 30, pair=pair)
    for false_start in (rng.random() < 0.06, False):
        yield race.event("pair.started", 20, pair=pair, started_at=race.now.isoformat())
        if not false_start:
            break
        yield race.event("pair.cleared", 5, pair=pair, reason="false_start")
    for at_m in splits("pairs", distance_m):
        for line in two:
            named = line["competitor"]["id"]
            part = at_m / distance_m
            time_ms = int(fast_ms(gender, distance_m) * part * rng.uniform(1.0, 1.09)) + 900
            yield from _measured(race, pair, line, at_m, time_ms, is_finish=at_m == distance_m)
            if rng.random() < 0.01:
                yield race.event("passing.deleted", 1, competitor_id=named, distance_m=at_m)
                yield from _measured(race, pair, line, at_m, time_ms + 7, is_finish=False)
    if rng.random() < 0.08:
        irm = rng.choice(("DNF", "DQ", None))
        yield race.event("result.ruled", 5, competitor_id=two[0]["competitor"]["id"], irm=irm, marks=["F"])
    if rng.random() < 0.8:
        yield race.event("pair.confirmed", 20, pair=pair)


def _measured(
    race: _Race, pair: int, line: Event, at_m: int, time_ms: int, *, is_finish: bool
) -> Iterator[Event]:
    who = {"pair": pair, "lane": line["lane"], "competitor_id": line["competitor"]["id"], "distance_m": at_m}
    yield race.event("passing.recorded", 5, **who, time_ms=time_ms, method="transponder")
    if is_finish:
        finer_ms = time_ms + race.rng.randint(-25, 25)
        yield race.event("passing.recorded", 12, **who, time_ms=finer_ms, method="photo_finish")


def _competition(meeting: int) -> Event:
    rink = meeting % 5
    return {
        "id": f"chaos-{meeting:03}",
        "name": f"Meeting {meeting}",
        "season": f"chaos-{meeting // _MEETINGS_A_SEASON}",
        "series": ("world_cup", "championship", None)[meeting % 3],
        "venue": {"id": f"rink-{rink}", "name": f"Rink {rink}", "country": "NED"},
    }
