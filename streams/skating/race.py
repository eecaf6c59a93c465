"""What is known of a race: facts that are only added, or replaced by later ones.

Theory of operation. Of each kind of fact the one with the latest `occurred_at` holds, whatever the order of
arrival. A measurement is never taken out; clearing and deleting set a moment up to which measurements do not
count, and `counting.py` asks for it. So the same event twice, or two measurements in the other order, give
the same race. `fold.py` has the events.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from schemas.model import Irm, Lane, Method
from schemas.race import ClosedStatus, Competitor, Listed, RaceDefinition
from streams.skating import course
from streams.skating.life import LifeEvent


@dataclass(frozen=True, slots=True)
class Measured:
    """The latest time that one method gave at a line, in milliseconds, when it was taken, and in which lane.

    `earlier` are the instants of the method's earlier times there, which this one corrects.
    """

    at: datetime
    time_ms: int
    lane: Lane | None = None
    earlier: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A competitor in a pair: by a start list, or as a reskate.

    `listed_lane` is what the latest start list with this attempt says, `listed_at` when that was, and
    `listed_part` which part of it: 0 for a whole one. `passings` has, per distance and method, the latest
    measurement.
    """

    listed_at: datetime | None = None
    listed_part: int = 0
    listed_lane: Lane | None = None
    reskate: bool = False
    passings: Mapping[int, Mapping[Method, Measured]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ruling:
    """The referees' word on a competitor; without `irm`, rule and marks it says nothing any more."""

    at: datetime
    irm: Irm | None
    rule: str | None
    marks: tuple[str, ...]

    @property
    def speaks(self) -> bool:
        """Whether there is anything to print."""
        return bool(self.irm or self.rule or self.marks)


@dataclass(frozen=True, slots=True)
class Skater:
    """A competitor in the race.

    `listed` are the pairs of the present start list. `attempts` are by pair, all there ever were. `deleted`
    has, by `deletion(…)`, the moment up to which measurements do not count.
    """

    competitor: Competitor
    listed: tuple[int, ...] = ()
    attempts: Mapping[int, Attempt] = field(default_factory=dict)
    ruling: Ruling | None = None
    deleted: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def reskates(self) -> tuple[int, ...]:
        """The pairs in which a reskate was granted, in order."""
        return tuple(sorted(pair for pair, attempt in self.attempts.items() if attempt.reskate))

    @property
    def last_listing(self) -> tuple[datetime, int] | None:
        """When a start list last had the competitor, and the pair it gave (of several the last)."""
        listings = ((each.listed_at, pair) for pair, each in self.attempts.items())
        return max(((at, pair) for at, pair in listings if at is not None), default=None)

    @property
    def latest_pair(self) -> int:
        """The pair that comes last of those the competitor is to skate in, else of the last listing."""
        last = self.last_listing
        return max((*self.listed, *self.reskates), default=last[1] if last is not None else 1)


@dataclass(frozen=True, slots=True)
class PairLife:
    """When a pair was last called, started, cleared and confirmed."""

    called: datetime | None = None
    started: datetime | None = None
    cleared: datetime | None = None
    confirmed: datetime | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether the timekeepers stand by the times; a clock reset afterwards takes that back."""
        return self.confirmed is not None and (self.cleared is None or self.confirmed > self.cleared)

    @property
    def on_ice_since(self) -> datetime | None:
        """When the pair was last called or started."""
        return max((at for at in (self.called, self.started) if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class ListPart:
    """A part of a start list that is in force, and since when."""

    at: datetime
    lines: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Sprint:
    """The points of one sprint of a mass start."""

    at: datetime
    points: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Race:
    """A race and everything that happened in it.

    `parts` are those of the start list where the sheet is in parts; None is a race whose sheet is whole.
    """

    definition: RaceDefinition
    defined_at: datetime
    listed_at: datetime
    skaters: Mapping[str, Skater] = field(default_factory=dict)
    pairs: Mapping[int, PairLife] = field(default_factory=dict)
    life: Mapping[LifeEvent, datetime] = field(default_factory=dict)
    closed_as: ClosedStatus | None = None
    sprints: Mapping[int, Sprint] = field(default_factory=dict)
    parts: Mapping[int, ListPart] | None = None

    @property
    def course(self) -> tuple[int, ...]:
        """The distances at which the race is timed, in metres, the finish last."""
        asked = self.definition
        return course.splits(asked.format, asked.distance_m, asked.competition.venue.track_length_m)

    @property
    def is_mass_start(self) -> bool:
        """Whether laps and points decide, not times."""
        return self.definition.format == "mass_start"


def deletion(distance_m: int, pair: int | None, method: Method | None) -> str:
    """Name what a deletion takes back: a distance, of one pair or all (`*`), of one method or all (`*`)."""
    return f"{distance_m}/{pair or '*'}/{method or '*'}"
