"""Between the steps: the topic `skating.performances`, from a race to the boards of its discipline.

Not part of what broadcasters subscribe to. A message carries what one event changed in one race, so that the
boards never read a whole race again.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from schemas.model import Instant, Irm, Lane, Metres, Milliseconds, Model, Pair, Place, Version
from schemas.race import Competitor, Discipline, RaceFormat, RaceId, Status
from schemas.reference import RecordListed


class Performance(Model):
    """What one competitor has to show for now.

    `splits` are cumulative milliseconds by metres, of the attempt that counts; `time_ms` is the finish or
    null. `finished_at` is the first measurement of that finish that still holds: corrections do not move it,
    so the order in which records fell stays what it was.
    """

    competitor: Competitor
    pair: Pair
    lane: Lane | None
    splits: dict[Metres, Milliseconds]
    time_ms: Milliseconds | None
    finished_at: Instant | None
    irm: Irm | None


class Passed(Model):
    """A split of which a pace is to be told: new, or with another time than before.

    `splits` are those of this attempt, which for a reskate is not (yet) the one that counts.
    """

    competitor_id: str
    pair: Pair
    lane: Lane | None
    distance_m: Metres
    splits: dict[Metres, Milliseconds]


class ToCome(Model):
    """Somebody who has still to finish: in which pair next, and the lane that a start list gives there."""

    competitor: Competitor
    pair: Pair
    lane: Lane | None


class RacePerformances(Model):
    """What one event changed of the performances of one race.

    (`version`, `place`) grow from message to message of a race, so that one that comes again is known.
    `changed` replaces the performance of its competitors; `gone` has none any more. `to_come` is everybody
    who has still to finish, in skating order, null where that is as it was; in a mass start it is empty.
    """

    type: Literal["performances"] = "performances"
    race_id: RaceId
    version: Version
    place: Place
    as_of: Instant
    discipline: Discipline
    distance_m: Metres
    format: RaceFormat
    course: Annotated[tuple[Metres, ...], Field(min_length=1)]
    season: str
    olympic: bool
    venue_id: str
    skated_on: date
    status: Status
    closed_at: Instant | None
    cause: Literal["finish", "correction", "ruling", "reskate"]
    changed: tuple[Performance, ...]
    gone: tuple[str, ...]
    passed: tuple[Passed, ...]
    to_come: tuple[ToCome, ...] | None = None


class RecordUnlisted(Model):
    """A tombstone on `skating.reference`: nothing is listed on this board any more."""

    type: Literal["record.unlisted"] = "record.unlisted"
    key: str


BoardEvent = RacePerformances | RecordListed | RecordUnlisted

BOARD_EVENTS: TypeAdapter[BoardEvent] = TypeAdapter(Annotated[BoardEvent, Field(discriminator="type")])
"""Reads what the boards of a discipline consume."""
