"""Races made up by hypothesis: everything that can happen in one, close together, so that it collides.

A race is a head and a tail. The head defines it, with all start lists and reskates; the tail is everything
else. Where the contract lets arrival decide between equal instants no two instants are equal, so a tail may
be told in any order and must end alike.
"""

from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Any, Literal

from hypothesis import strategies as st

from tests.skating.a_race import LANES, TEN, Event, competitor

NAMES = ("ann", "bea", "cor", "dee", "eva", "fäy", "金", "hop'\u200d\"")
EXTREMES = (
    "0001-01-01T00:00:00+23:59",
    "0001-01-01T00:00:00-23:59",
    "9999-12-31T23:59:59.999999-23:59",
    "9999-12-31T23:59:59.999999+23:59",
)
IRMS = ("DNF", "DNS", "DQ", "WDR")
_METHODS = ("transponder", "optical", "photo_finish", "manual")
_ZONES = tuple(timezone(timedelta(minutes=minutes)) for minutes in (0, 60, -420, 345, 839))

Shape = Literal["pairs", "quartets", "team_pursuit", "mass_start"]
COURSES: dict[Shape, tuple[str, int, tuple[int, ...]]] = {
    "pairs": ("M500", 500, (100, 500)),
    "quartets": ("W1000", 1000, (200, 600, 1000)),
    "team_pursuit": ("MTP", 800, (200, 400, 600, 800)),
    "mass_start": ("WMS", 1200, (400, 800, 1200)),
}


@dataclass(frozen=True, slots=True)
class Made:
    """A race that was made up: its shape, its head and its tail, and who was in which pair."""

    shape: Shape
    race_id: str
    head: tuple[Event, ...]
    tail: tuple[Event, ...]
    attempts: tuple[tuple[str, int], ...]

    @property
    def course(self) -> tuple[int, ...]:
        """Where times are taken."""
        return COURSES[self.shape][2]

    @property
    def story(self) -> tuple[Event, ...]:
        """Give all of it, in the order in which it was made up."""
        return self.head + self.tail


class _Making:
    """What is being made up: draws, and hands out instants of which no two are equal."""

    def __init__(self, draw: st.DrawFn, shape: Shape, *, extremes: bool) -> None:
        self.draw, self.shape, self.extremes = draw, shape, extremes
        discipline, self.distance_m, self.course = COURSES[shape]
        self.race_id = f"made-up-ö/{discipline}/A"
        self.attempts: list[tuple[str, int]] = []
        self._told = 0

    def unique(self) -> str:
        """Write a moment that no other event of its kind has."""
        self._told += 1
        moment = TEN + timedelta(seconds=self.draw(st.integers(1, 40)), milliseconds=self._told)
        return moment.astimezone(self.draw(st.sampled_from(_ZONES))).isoformat()

    def moment(self) -> str:
        """Write a moment that others may have too, now and then at the end of time."""
        if self.extremes and self.draw(st.integers(0, 15)) == 0:
            return self.draw(st.sampled_from(EXTREMES))
        moment = TEN + timedelta(seconds=self.draw(st.integers(1, 40)))
        return moment.astimezone(self.draw(st.sampled_from(_ZONES))).isoformat()

    def event(self, kind: str, at: str, **fields: Any) -> Event:
        """Write an event of this race."""
        return {"type": kind, "race_id": self.race_id, "occurred_at": at, **fields}

    def start_list(self) -> list[Event]:
        """Draw who starts where; a mass start has everybody in pair 1, without lanes."""
        names = self.draw(st.lists(st.sampled_from(NAMES), min_size=0, max_size=len(NAMES), unique=True))
        lanes = {"quartets": 4, "mass_start": len(NAMES)}.get(self.shape, 2)
        lines: list[Event] = []
        for index, name in enumerate(names):
            pair = index // lanes + 1
            lane = None if self.shape == "mass_start" else LANES[index % lanes]
            lines.append({"pair": pair, "lane": lane, "competitor": competitor(name)})
            self.attempts.append((name, pair))
        return lines

    def definition(self) -> Event:
        """Draw a definition."""
        venue = {"id": "v", "name": "V", "track_length_m": self.draw(st.sampled_from((400, 400.0)))}
        return self.event(
            "race.scheduled",
            self.unique(),
            competition={"id": "made-up-ö", "name": "C", "season": "2021-22", "venue": venue},
            discipline=self.race_id.split("/")[1],
            distance_m=self.distance_m,
            format=self.shape,
            division="A",
            scheduled_at=self.draw(st.sampled_from((None, *EXTREMES) if self.extremes else (None,))),
            start_list=self.start_list(),
        )

    def head(self) -> tuple[Event, ...]:
        """Draw definitions, start lists and reskates."""
        events = [self.definition()]
        for kind in self.draw(st.lists(st.sampled_from(("list", "list", "reskate", "again")), max_size=4)):
            if kind == "list":
                listed = self.start_list()
                events.append(self.event("start_list.revised", self.unique(), start_list=listed))
            elif kind == "again":
                events.append(self.definition())
            elif self.attempts:
                name, _ = self.draw(st.sampled_from(self.attempts))
                pair = self.draw(st.integers(1, 7))
                self.attempts.append((name, pair))
                events.append(self.event("reskate.granted", self.unique(), competitor_id=name, pair=pair))
        return tuple(events)

    def who(self) -> tuple[str, int]:
        """Draw a competitor and a pair, mostly one that belongs together."""
        strangers = st.tuples(st.sampled_from((*NAMES, "zoe")), st.integers(1, 8))
        known = st.sampled_from(self.attempts or [("zoe", 1)])
        return self.draw(st.one_of(known, known, known, strangers))

    def measured(self) -> Event:
        """Draw a time, close to those of others, now and then huge or impossible."""
        name, pair = self.who()
        line = self.draw(st.sampled_from(self.course))
        usual = st.integers(0, 30).map(lambda more: line * 70 + more)
        time_ms = self.draw(st.one_of(usual, usual, usual, st.sampled_from((1, line * 50, 80_000_000))))
        return self.event(
            "passing.recorded",
            self.moment(),
            pair=pair,
            lane=self.draw(st.sampled_from((None, *LANES))),
            competitor_id=name,
            distance_m=line,
            time_ms=time_ms,
            method=self.draw(st.sampled_from(_METHODS)),
        )

    def deleted(self) -> Event:
        """Draw a deletion of a pair or all, of a method or all."""
        name, pair = self.who()
        return self.event(
            "passing.deleted",
            self.moment(),
            competitor_id=name,
            distance_m=self.draw(st.sampled_from(self.course)),
            pair=self.draw(st.sampled_from((None, pair))),
            method=self.draw(st.sampled_from((None, *_METHODS))),
        )

    def ruled(self) -> Event:
        """Draw a ruling, or the end of one."""
        name, _ = self.who()
        return self.event(
            "result.ruled",
            self.unique(),
            competitor_id=name,
            irm=self.draw(st.sampled_from((None, *IRMS))),
            marks=self.draw(st.sampled_from(([], ["RW"], ["F", "RS"]))),
        )

    def pair(self) -> Event:
        """Draw what happens to a pair."""
        _, pair = self.who()
        what = self.draw(st.sampled_from(("called", "started", "cleared", "confirmed")))
        at = self.moment()
        more = {"started": {"started_at": at}, "cleared": {"reason": "operator"}}.get(what, {})
        return self.event(f"pair.{what}", at, pair=pair, **more)

    def life(self) -> Event:
        """Draw a pause, its end, or a closing."""
        what = self.draw(st.sampled_from(("paused", "resumed", "closed")))
        if what == "closed":
            status = self.draw(st.sampled_from(("UNOFFICIAL", "OFFICIAL", "PROTESTED", "PROVISIONAL")))
            return self.event("race.closed", self.unique(), status=status)
        return self.event(f"race.{what}", self.moment(), reason="delay")

    def sprint(self) -> Event:
        """Draw the points of a sprint."""
        names = self.draw(st.lists(self.known_names(), max_size=3, unique=True))
        points = {name: self.draw(st.integers(0, 3)) for name in names}
        return self.event("sprint.scored", self.unique(), lap=self.draw(st.integers(1, 4)), points=points)

    def known_names(self) -> st.SearchStrategy[str]:
        """Draw somebody of the race."""
        return st.sampled_from(sorted({name for name, _ in self.attempts}) or ["zoe"])

    def tail(self) -> tuple[Event, ...]:
        """Draw everything else, mostly measurements, some of them twice."""
        kinds = {
            "measured": self.measured,
            "deleted": self.deleted,
            "ruled": self.ruled,
            "pair": self.pair,
            "life": self.life,
            "sprint": self.sprint,
        }
        weighted: tuple[str, ...] = (
            ("measured",) * 8 + ("pair",) * 3 + ("deleted", "deleted", "ruled", "ruled", "life", "life")
        )
        if self.shape == "mass_start":
            weighted += ("sprint",) * 3
        events = [kinds[kind]() for kind in self.draw(st.lists(st.sampled_from(weighted), max_size=24))]
        twice = self.draw(st.lists(st.sampled_from(events), max_size=3)) if events else []
        return (*events, *twice)


@st.composite
def races(draw: st.DrawFn, *, extremes: bool = True, shapes: tuple[Shape, ...] = tuple(COURSES)) -> Made:
    """Make up a race; with `extremes` also at the first and last moment that there is."""
    making = _Making(draw, draw(st.sampled_from(shapes)), extremes=extremes)
    head = making.head()
    return Made(making.shape, making.race_id, head, making.tail(), tuple(sorted(set(making.attempts))))
