"""Bytes made into what happens at a small meeting: two races of one shape, the books, and what counts.

Now and then the sheet of a race is in parts, and its start list comes so too.

Everything is close together, so that it collides: few people, few lines, times of some milliseconds apart.
Where the contract lets arrival decide between equal instants no two instants are equal, so that what happens
after the start lists may be told in any order.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from tests.fuzz.draws import Draws, beside
from tests.fuzz.house import Told
from tests.fuzz.spoiling import spoiled, written
from tests.skating.a_race import LANES, TEN, Event, competitor

NAMES = ("ann", "bea", "cor", "dee", "eva")
METHODS = ("optical", "transponder", "photo_finish", "manual")
IRMS = (None, "DQ", "DNF", "DNS", "WDR")
KINDS = ("WR", "NR", "TR", "PB", "SB", "OR", "WRJ", "OPENING")
EXTREMES = (
    "0001-01-01T00:00:00+23:59",
    "0001-01-01T00:00:00-23:59",
    "9999-12-31T23:59:59.999999-23:59",
    "9999-12-31T23:59:59.999999+23:59",
)
MORE_IN_HEAD = (0,) * 23 + (1,) * 6 + (2, 2, 3)
"""How many events define the races after the first one, each as likely as it is often here."""

IN_PARTS = ("",) * 20 + ("1",) * 6 + ("12",) * 4 + ("2",) * 2
"""Of which races, by their run, the sheet is in parts, each as likely as it is often here."""

IN_TAIL = (1,) * 34 + (2,) * 15 + (3,) * 6 + (4,) * 4 + (6, 6, 10, 10, 16)
"""How many events come after: a fuzzer likes long inputs, and of short ones it tries several for one long."""


class Shape(NamedTuple):
    """A kind of race: discipline, length, format, and where it is timed."""

    discipline: str
    distance_m: int
    format: str
    course: tuple[int, ...]


SHAPES = (
    Shape("M500", 500, "pairs", (100, 500)),
    Shape("W1000", 1000, "quartets", (200, 600, 1000)),
    Shape("MTP", 800, "team_pursuit", (200, 400, 600, 800)),
    Shape("WMS", 1200, "mass_start", (400, 800, 1200)),
)


class Happening(NamedTuple):
    """A message of a story: where it goes, its JSON, and whether it was left as it should be."""

    stream: str
    event: Event
    sound: bool
    raw: bytes


@dataclass(slots=True)
class Story:
    """What happens. `head` defines the races, `tail` is everything after."""

    shape: Shape
    head: list[Happening] = field(default_factory=list)
    tail: list[Happening] = field(default_factory=list)


@dataclass(slots=True)
class _Telling:
    draws: Draws
    shape: Shape
    in_parts: str = ""
    told: int = 0

    def race_id(self) -> str:
        return f"c/{self.shape.discipline}/A/{self.draws.of((1, 1, 1, 2))}"

    def unique(self) -> str:
        self.told += 1
        return (TEN + timedelta(seconds=self.draws.below(40), microseconds=self.told)).isoformat()

    def moment(self) -> str:
        second = self.draws.byte()
        if second >= 252:
            return EXTREMES[second - 252]
        return (TEN + timedelta(seconds=second % 40)).isoformat()

    def event(self, kind: str, at: str, **fields: Any) -> Event:
        return {"type": kind, "race_id": self.race_id(), "occurred_at": at, **fields}

    def start_list(self) -> list[Event]:
        chosen = self.draws.byte()
        first = self.draws.below(len(NAMES))
        names = [NAMES[(first + n) % len(NAMES)] for n in range(len(NAMES)) if not chosen >> n & 1]
        lanes = {"quartets": 4, "mass_start": 5}.get(self.shape.format, 2)
        return [
            {
                "pair": index // lanes + 1,
                "lane": None if lanes == 5 else LANES[index % lanes],
                "competitor": competitor(name, birth_date="2004-05-21" if name == "bea" else None),
            }
            for index, name in enumerate(names)
        ]

    def definition(self) -> Event:
        series = self.draws.of(("world_cup", "olympic_games", None))
        venue = {"id": "v", "name": "V", "country": "NED"}
        meeting = {"id": "c", "name": "C", "season": "2021-22", "series": series, "venue": venue}
        event = self.event(
            "race.scheduled",
            self.unique(),
            competition=meeting,
            discipline=self.shape.discipline,
            distance_m=self.shape.distance_m,
            format=self.shape.format,
            division="A",
            points_table=self.draws.of(("wc", "wc", None)),
            scheduled_at=self.draws.of((None, TEN.isoformat(), *EXTREMES)),
            start_list=self.start_list(),
        )
        run = event["race_id"][-1]
        # What was said at first stays: another word for it is a dead letter, as is a list with it.
        if run in self.in_parts and not self.draws.one_in(16):
            event |= {"sheet": "parts", "start_list": []}
        return event | {"run": int(run)}

    def added(self) -> Event:
        part = self.draws.of((1, 2, 1, 3, 400))
        return self.event("start_list.added", self.unique(), part=part, start_list=self.start_list())

    def revised(self) -> Event:
        return self.event("start_list.revised", self.unique(), start_list=self.start_list())

    def granted(self) -> Event:
        return self.event(
            "reskate.granted",
            self.unique(),
            competitor_id=self.draws.of(NAMES),
            pair=self.draws.below(5) + 1,
        )

    def measured(self) -> Event:
        what = self.draws.byte()
        line = self.shape.course[-1 - what % 2] if what < 192 else self.draws.of(self.shape.course)
        more = self.draws.byte()
        time_ms = (
            line * 70 + more % 32 if more < 224 else self.draws.of((1, line * 50, line * 51, 86_400_000))
        )
        return self.event(
            "passing.recorded",
            self.moment(),
            pair=self.draws.of((1, 1, 2, 3, 4)),
            lane=self.draws.of((None, *LANES)),
            competitor_id=self.draws.of(NAMES),
            distance_m=line,
            time_ms=time_ms,
            method=self.draws.of(METHODS),
        )

    def deleted(self) -> Event:
        return self.event(
            "passing.deleted",
            self.moment(),
            competitor_id=self.draws.of(NAMES),
            distance_m=self.draws.of(self.shape.course),
            pair=self.draws.of((None, 1, 2)),
            method=self.draws.of((None, *METHODS)),
        )

    def ruled(self) -> Event:
        return self.event(
            "result.ruled",
            self.unique(),
            competitor_id=self.draws.of(NAMES),
            irm=self.draws.of(IRMS),
            marks=self.draws.of(([], ["RW"], ["F", "RS"])),
        )

    def pair(self) -> Event:
        what = self.draws.of(("called", "started", "cleared", "confirmed"))
        at = self.moment()
        more = {"started": {"started_at": at}, "cleared": {"reason": "operator"}}.get(what, {})
        return self.event(f"pair.{what}", at, pair=self.draws.below(4) + 1, **more)

    def life(self) -> Event:
        what = self.draws.of(("closed", "closed", "paused", "resumed"))
        if what == "closed":
            status = self.draws.of(("OFFICIAL", "UNOFFICIAL", "PROTESTED", "PROVISIONAL"))
            return self.event("race.closed", self.unique(), status=status)
        return self.event(f"race.{what}", self.moment(), reason="delay")

    def sprint(self) -> Event:
        points = {name: self.draws.below(4) for name in NAMES[: self.draws.below(4)]}
        return self.event("sprint.scored", self.unique(), lap=self.draws.below(4) + 1, points=points)

    def listed(self) -> Event:
        kind = self.draws.of(KINDS)
        name = self.draws.of(NAMES)
        scope = {"N": "NED", "T": "v", "P": name, "S": name}.get(kind[0])
        line = self.shape.course[0 if kind == "OPENING" else -1]
        return {
            "type": "record.listed",
            "kind": kind,
            "discipline": self.shape.discipline,
            "scope": scope,
            "time_ms": line * 70 + self.draws.below(32),
            "splits": {"100": 7000 + self.draws.below(32)} if self.draws.one_in(2) else None,
            "holder": competitor(name),
            "set_on": self.draws.of((None, "2021-11-12", "2021-11-13", "2020-01-01")),
            "occurred_at": self.draws.of((None, TEN.isoformat(), *EXTREMES)),
        }

    def table(self) -> Event:
        points = sorted((self.draws.below(61) for _ in range(1 + self.draws.below(4))), reverse=True)
        scores = self.draws.of(({}, {"DNF": "last"}))
        return {
            "type": "points_table.listed",
            "name": self.draws.of(("wc", "other")),
            "points": points,
            "irm_scores": scores,
            "occurred_at": self.draws.of((None, self.unique())),
        }

    def ranking(self) -> Event:
        basis = self.draws.of(("samalog", "points", "medals", "matrix"))
        ids = [f"c/{self.shape.discipline}/A/{run}" for run in (1, 2)]
        races: Event = self.draws.of(({"race_ids": ids}, {"selection": {"competition": "c"}}))
        places: list[Event] = [
            {"race_id": ids[0], "rank": 1},
            {"race_id": ids[1], "rank": 1},
            {
                "discipline": self.shape.discipline,
                "designated": True,
                "competitor": self.draws.of((None, competitor("cor"), competitor("ann"))),
            },
        ]
        return {
            "type": "ranking.defined",
            "ranking_id": self.draws.of(("r", "2021-22/worldcup/M500")),
            "basis": basis,
            "season": "2021-22",
            "places": places if basis == "matrix" else [],
            "tickets": self.draws.of((1, 2)),
            "occurred_at": self.unique(),
            **races,
        }

    def happening(self, stream: str, make: Callable[[], Event]) -> Happening:
        event = make()
        if not self.draws.one_in(12):
            return Happening(stream, event, sound=True, raw=_plain(event))
        worse = spoiled(event, self.draws)
        return Happening(stream, event, sound=False, raw=written(worse, self.draws))


def _plain(event: Event) -> bytes:
    return written(event, Draws(b""))


def story(data: bytes) -> Story:
    """Make up a story; the same bytes give the same one."""
    draws, length = Draws(data), beside(data)
    more_in_head, in_tail, in_parts = length.of(MORE_IN_HEAD), length.of(IN_TAIL), length.of(IN_PARTS)
    told = Story(SHAPES[draws.below(len(SHAPES))])
    telling = _Telling(draws, told.shape, in_parts)
    heads: tuple[Callable[[], Event], ...] = (telling.definition, telling.revised, telling.granted)
    told.head.append(telling.happening("timing", telling.definition))
    if in_parts:
        heads = (*heads, telling.added, telling.added)
        told.head.extend(telling.happening("timing", telling.added) for _ in range(2 + draws.below(2)))
    for _ in range(more_in_head):
        told.head.append(telling.happening("timing", draws.of(heads)))
    tails: tuple[tuple[str, Callable[[], Event]], ...] = (
        *(("timing", telling.measured),) * 7,
        *(("timing", telling.pair),) * 3,
        *(("timing", telling.deleted), ("timing", telling.ruled), ("timing", telling.life)) * 2,
        ("timing", telling.sprint),
        *(("reference", telling.listed),) * 2,
        ("reference", telling.table),
        ("reference", telling.ranking),
    )
    while draws.left and len(told.tail) < in_tail:
        told.tail.append(telling.happening(*draws.of(tails)))
    return told


def sent(happening: Happening) -> Told:
    """Give a happening as the message that it is on Kafka."""
    event = happening.event
    if happening.stream == "timing":
        return "timing", event["race_id"].encode(), happening.raw
    key = (
        event.get("name")
        or event.get("ranking_id")
        or "/".join(str(event.get(name) or "") for name in ("kind", "discipline", "scope"))
    )
    return "reference", key.encode(), happening.raw
