"""Which boards a performance counts on, and what it claims there.

A board is a kind of record in its scope, such as the national record of NED; the season's best has one a
season. What stands on a board is a claim: a time with its holder and the moment from which it counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from pydantic import TypeAdapter

from schemas.performances import Performance, ToCome
from schemas.race import Competitor, RaceFormat, Status
from schemas.records import Holding
from schemas.reference import RecordKind, RecordListed
from streams.skating.kept import Kept, packing, shared
from streams.skating.life import is_closed
from streams.skating.season import is_junior
from streams.skating.times import text

INDIVIDUAL: frozenset[RaceFormat] = frozenset({"pairs", "quartets"})
"""The formats that have personal, season's and junior records; a mass start has no records at all."""

_SPRINT_M = 500
_UNKNOWN_DAY = datetime.min.replace(tzinfo=UTC)


class BoardKey(NamedTuple):
    """Names a board. `scope` as in the contract; `season` as the race writes it, and only for SB."""

    kind: RecordKind
    scope: str | None
    season: str | None = None


class Order(NamedTuple):
    """Where a claim stands in the history of its board; the fields compare from left to right.

    Books before the races of that moment (`from_race` 0 and 1), then by race and holder, so that equal
    instants are decided the same way everywhere. `restated` is 1 for a listing of that very performance.
    """

    at: datetime
    from_race: int
    race_id: str
    holder_id: str
    restated: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A time of `time_ms` milliseconds on a board: from the books (`listing`), or from a race (`race_id`)."""

    order: Order
    time_ms: int
    holder: Competitor
    set_on: date | None
    race_id: str | None = None
    listing: RecordListed | None = None


@dataclass(frozen=True, slots=True)
class RaceOnBoards:
    """What the boards keep of a race: its latest context, and what each competitor has to show.

    (`version`, `place`) are those of the last message that was folded; distances are in metres. `to_come` are
    those who have still to finish, in skating order. `heard_until` is the latest `as_of` of its messages.
    """

    race_id: str
    version: int
    place: int
    discipline: str
    distance_m: int
    format: RaceFormat
    course: tuple[int, ...]
    season: str
    olympic: bool
    venue_id: str
    skated_on: date
    status: Status
    closed_at: datetime | None
    performances: Mapping[str, Performance]
    to_come: tuple[ToCome, ...] = ()
    heard_until: datetime = _UNKNOWN_DAY


class RaceFacts(NamedTuple):
    """What must be known of all races of a discipline at once; `closed_at` is null for one that is open."""

    discipline: str
    distance_m: int
    season: str
    skated_on: date
    closed_at: datetime | None


Races = Kept[RaceOnBoards, RaceFacts]
"""All races of a discipline, by id."""

RACE_ROW: TypeAdapter[RaceOnBoards] = TypeAdapter(RaceOnBoards)
"""Writes a race down, and reads it again."""

_RUNNING: frozenset[Status] = frozenset({"LIVE", "INTERMEDIATE"})


def closed_at(race: RaceOnBoards) -> datetime | None:
    """Give when a race was closed; None for one that is not."""
    return race.closed_at if is_closed(race.status) else None


def under_way(race: RaceOnBoards) -> bool:
    """Tell whether a race is one of which needs are told: begun, not closed, and decided by times."""
    return race.status in _RUNNING and race.format != "mass_start"


def _facts(race: RaceOnBoards) -> RaceFacts:
    return RaceFacts(
        discipline=shared(race.discipline),
        distance_m=race.distance_m,
        season=shared(race.season),
        skated_on=race.skated_on,
        closed_at=closed_at(race),
    )


_PACKING = packing(RACE_ROW.dump_json, RACE_ROW.validate_json, _facts)


def kept_races(races: Iterable[tuple[str, RaceOnBoards]] = ()) -> Races:
    """Keep races, by id: those put in last as they are, the others packed."""
    return Kept(_PACKING, races)


def keys(race: RaceOnBoards, competitor: Competitor) -> Iterator[BoardKey]:
    """List the boards on which a competitor of a race competes, the highest kind first, without OPENING.

    WR, NR and TR in every race but a mass start, OR at the Games; PB, SB and the juniors' records for single
    skaters only, the latter with a birth date that says so (RULES: records).
    """
    if race.format == "mass_start":
        return
    single = race.format in INDIVIDUAL
    junior = single and is_junior(competitor.birth_date, race.skated_on)
    yield BoardKey("WR", None)
    if race.olympic:
        yield BoardKey("OR", None)
    if junior:
        yield BoardKey("WRJ", None)
    yield BoardKey("NR", competitor.country)
    if junior:
        yield BoardKey("NRJ", competitor.country)
    yield BoardKey("TR", race.venue_id)
    if junior:
        yield BoardKey("TRJ", race.venue_id)
    if single:
        yield BoardKey("PB", competitor.id)
        yield BoardKey("SB", competitor.id, race.season)


def claims(race: RaceOnBoards, performance: Performance | None) -> dict[BoardKey, Claim]:
    """Give what a performance claims, by board: nothing without a finish or with an `irm`.

    The opening of a 500 m, the time at its first split, counts once the skater has finished, and as of then.
    """
    if performance is None or performance.time_ms is None or performance.irm is not None:
        return {}
    if performance.finished_at is None:
        return {}
    holder = performance.competitor
    order = Order(performance.finished_at, 1, race.race_id, holder.id, 0)
    finish = Claim(order, performance.time_ms, holder, race.skated_on, race.race_id)
    found = dict.fromkeys(keys(race, holder), finish)
    opening_ms = _opening_ms(race, performance)
    if opening_ms is not None:
        found[BoardKey("OPENING", None)] = Claim(order, opening_ms, holder, race.skated_on, race.race_id)
    return found


def _opening_ms(race: RaceOnBoards, performance: Performance) -> int | None:
    has_opening = race.format in INDIVIDUAL and race.distance_m == _SPRINT_M and len(race.course) > 1
    return performance.splits.get(race.course[0]) if has_opening else None


def booked(listing: RecordListed) -> Claim:
    """Give what a listing claims: from the beginning of `set_on` in UTC, before all if that is unknown."""
    day = listing.set_on
    at = _UNKNOWN_DAY if day is None else midnight(day)
    order = Order(at, 0, "", listing.holder.id, 0)
    return Claim(order, listing.time_ms, listing.holder, day, listing=listing)


def midnight(day: date) -> datetime:
    """Give the beginning of a day in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def holding(claim: Claim) -> Holding:
    """Write a claim as the contract writes a record that was or is in force."""
    return Holding(
        time_ms=claim.time_ms,
        time=text(claim.time_ms),
        holder=claim.holder,
        set_on=claim.set_on,
        race_id=claim.race_id,
    )
