"""A season that never was: races of all distances, with everything that operators and wires do to them.

Everything comes from the seed and nothing is kept: a season of any length is made while it is published, and
made again for the replay in memory.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from streams.event_files import Line
from streams.skating.course import splits

DISTANCES = (500, 1000, 1500, 3000, 5000, 10000)
_FINISH_MS = {500: 35_000, 1000: 69_500, 1500: 106_500, 3000: 229_000, 5000: 378_000, 10000: 785_000}
_COUNTRIES = ("NED", "NOR", "USA", "CAN", "JPN", "ITA", "POL", "KOR")
_FIELD = 60
"""Skaters of each gender."""
_RACES_A_MEETING, _MEETINGS_A_SEASON = 24, 6
_IN_PARTS, _LINES_IN_A_PART = 10, 12
"""Every which race, from the first one on, is in parts, and how many lines a part of its start list has."""
_POINTS = (60, 54, 48, 43, 40, 38, 36, 34, 32, 31, 30, 29)
_BEGIN = datetime(2030, 10, 1, 12, tzinfo=UTC)

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One input message, in the order of arrival."""

    stream: Literal["timing", "reference"]
    key: bytes | None
    value: bytes


def books(seed: int) -> Iterator[Arrival]:
    """List the records of every distance, personal bests of half the skaters, and a points table."""
    rng = random.Random(f"books {seed}")  # noqa: S311 - a seed must repeat it
    yield _reference(
        "chaos-points", {"type": "points_table.listed", "name": "chaos-points", "points": _POINTS}
    )
    for gender in "MW":
        for distance_m in DISTANCES:
            discipline, fast_ms = f"{gender}{distance_m}", int(_pace(gender) * _FINISH_MS[distance_m])
            for kind, scope, per_mille in (("WR", None, 985), ("NR", "NED", 992), ("TR", "rink-1", 995)):
                yield _listed(kind, discipline, scope, fast_ms * per_mille // 1000, _skater(gender, 0))
            for number in range(0, _FIELD, 2):
                skater = _skater(gender, number)
                best_ms = fast_ms * rng.randint(1000, 1060) // 1000
                yield _listed("PB", discipline, skater["id"], best_ms, skater)


def season(
    seed: int, events: int, concurrent: int, fixtures: Sequence[Line] = (), *, in_parts: bool = False
) -> Iterator[Arrival]:
    """Give so many events of races of which `concurrent` go on at a time, and all timing of the fixtures.

    Args:
        seed: decides everything.
        events: how many to generate; the last races are cut off there.
        concurrent: how many races go on at once, at least 1.
        fixtures: timing events of recorded races, which are among the first to go on.
        in_parts: whether the sheet of every tenth race, of 40 to 60 skaters, is in parts, from the first on.
    """
    rng = random.Random(f"season {seed}")  # noqa: S311 - a seed must repeat it
    sources = _races(seed, fixtures, in_parts=in_parts)
    going = [next(sources) for _ in range(concurrent)]
    left = events
    told = len([line for line in fixtures if line.stream == "timing"])
    while left > 0 or told > 0:
        place = rng.randrange(len(going))
        is_fixture, race = going[place]
        arrival = next(race, None)
        if arrival is None:
            going[place] = next(sources)
        elif is_fixture:
            told -= 1
            yield arrival
        elif left > 0:
            left -= 1
            yield arrival
        else:
            going[place] = next(sources) if told > sum(1 for known, _ in going if known) else going[place]


def _races(
    seed: int, fixtures: Sequence[Line], *, in_parts: bool
) -> Iterator[tuple[bool, Iterator[Arrival]]]:
    """Give one race after the other: those of the fixtures, then made-up ones for ever."""
    by_race: dict[bytes | None, list[Arrival]] = {}
    for line in fixtures:
        if line.stream == "timing":
            by_race.setdefault(line.key, []).append(Arrival("timing", line.key, line.value))
    for recorded in by_race.values():
        yield True, iter(recorded)
    number = 0
    while True:
        rng = random.Random(f"race {seed} {number}")  # noqa: S311 - as above
        yield False, _arriving(rng, number, in_parts=in_parts and number % _IN_PARTS == 0)
        number += 1


def _arriving(rng: random.Random, number: int, *, in_parts: bool) -> Iterator[Arrival]:
    """Give a race as it arrives: most in order, some late, some twice, some as nobody can read it."""
    happened = list(_race(rng, number, in_parts=in_parts))
    key = happened[0]["race_id"].encode()
    arriving: list[tuple[int, bytes]] = []
    for place, event in enumerate(happened):
        value = json.dumps(event, separators=(",", ":")).encode()
        late = place > 0 and rng.random() < 0.06
        arriving.append((place * 10 + (rng.randint(10, 60) if late else 0), value))
        if rng.random() < 0.05:
            arriving.append((place * 10 + rng.randint(1, 100), value))
        if place > 0 and rng.random() < 0.004:
            arriving.append((place * 10 + 1, _malformed(rng, event)))
    for _, value in sorted(arriving, key=lambda each: each[0]):
        yield Arrival("timing", key, value)


def _malformed(rng: random.Random, event: Event) -> bytes:
    broken = rng.choice(("cut", "type", "pair", "fast"))
    if broken == "cut":
        return json.dumps(event).encode()[: rng.randint(2, 40)]
    wrong: Event = {
        "type": {**event, "type": "pair.teleported"},
        "pair": {"type": "pair.called", **_of(event), "pair": 900 + rng.randint(0, 99)},
        "fast": {**event, "time_ms": -1, "type": "passing.recorded"},
    }[broken]
    return json.dumps(wrong).encode()


def _of(event: Event) -> Event:
    return {name: event[name] for name in ("race_id", "occurred_at", "source")}


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


def _race(rng: random.Random, number: int, *, in_parts: bool) -> Iterator[Event]:
    """Write a race from its start list to the referees' last word, in the order in which it happened."""
    meeting, run = divmod(number, _RACES_A_MEETING)
    gender, distance_m = "MW"[number % 2], DISTANCES[(number // 2) % len(DISTANCES)]
    competition = _competition(meeting)
    race_id = f"{competition['id']}/{gender}{distance_m}/-/{run}"
    race = _Race(rng, race_id, _BEGIN + timedelta(days=7 * meeting, minutes=run))
    pairs = rng.randint(20, 30) if in_parts else rng.randint(3, 8)
    field = [_skater(gender, each) for each in rng.sample(range(_FIELD), pairs * 2)]
    listed = [
        {"pair": place // 2 + 1, "lane": ("inner", "outer")[place % 2], "competitor": skater}
        for place, skater in enumerate(field)
    ]
    defined = {"competition": competition, "discipline": f"{gender}{distance_m}", "distance_m": distance_m}
    counts = {"points_table": "chaos-points"} if competition["series"] == "world_cup" else {}
    run_of_it = {"format": "pairs", "division": "-", "run": run, **counts}
    if in_parts:
        yield race.event("race.scheduled", 0, **defined, **run_of_it, sheet="parts", start_list=[])
        yield from _parts(race, listed)
    else:
        yield race.event("race.scheduled", 0, **defined, **run_of_it, start_list=listed)
    if rng.random() < 0.1:
        listed[0]["competitor"], listed[-1]["competitor"] = listed[-1]["competitor"], listed[0]["competitor"]
        if in_parts:
            yield from _parts(race, listed)
        else:
            yield race.event("start_list.revised", 60, start_list=listed)
    again: list[Event] = []
    for pair in range(1, pairs + 1):
        two = [line for line in listed if line["pair"] == pair]
        yield from _pair(race, pair, two, distance_m, gender)
        if rng.random() < 0.06:
            again.append(rng.choice(two))
        if pair == pairs // 2 and rng.random() < 0.5:
            yield race.event("race.paused", 10, reason="ice_resurfacing")
            yield race.event("race.resumed", 900)
    for extra, line in enumerate(again, start=pairs + 1):
        skater = line["competitor"]["id"]
        yield race.event("reskate.granted", 60, competitor_id=skater, pair=extra)
        yield from _pair(race, extra, [line], distance_m, gender)
    yield race.event("race.closed", 60, status="UNOFFICIAL")
    if rng.random() < 0.15:
        skater = rng.choice(field)["id"]
        yield race.event("result.ruled", 120, competitor_id=skater, irm="DQ", rule="254.6")
        if rng.random() < 0.5:
            yield race.event("result.ruled", 120, competitor_id=skater, irm=None)
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
            skater = line["competitor"]["id"]
            part = at_m / distance_m
            time_ms = int(_pace(gender) * _FINISH_MS[distance_m] * part * rng.uniform(1.0, 1.09)) + 900
            yield from _measured(race, pair, line, at_m, time_ms, is_finish=at_m == distance_m)
            if rng.random() < 0.01:
                yield race.event("passing.deleted", 1, competitor_id=skater, distance_m=at_m)
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


def _skater(gender: str, number: int) -> Event:
    country = _COUNTRIES[number % len(_COUNTRIES)]
    name = f"{gender}{number:02}"
    return {"id": f"{country.lower()}-{name.lower()}", "name": f"Skater {name}", "country": country}


def _pace(gender: str) -> float:
    return 1.0 if gender == "M" else 1.08


def _listed(kind: str, discipline: str, scope: str | None, time_ms: int, holder: Event) -> Arrival:
    event = {"type": "record.listed", "kind": kind, "discipline": discipline, "time_ms": time_ms}
    event |= {"holder": holder, "set_on": "2029-03-01", **({} if scope is None else {"scope": scope})}
    return _reference(f"{kind}/{discipline}/{scope or ''}", event)


def _reference(key: str, event: Event) -> Arrival:
    return Arrival("reference", key.encode(), json.dumps(event).encode())
