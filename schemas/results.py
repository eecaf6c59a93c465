"""Between the steps: the topic `skating.results`, from all races, tables and definitions to the rankings.

Not part of what broadcasters subscribe to. A message carries the whole result of one race, so that rankings
never need to know what happened in it.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from schemas.model import Instant, Irm, Metres, Milliseconds, Model, Pair, Place, Rank, Version
from schemas.race import Competitor, RaceDefinition, RaceId, Status
from schemas.rankings import RankingDefined
from schemas.reference import PointsTableListed


class RaceResult(Model):
    """What one competitor has come to in a race.

    `rank` and `time_ms` are those of the sheet, except that in a mass start nobody has any before the finish
    or the closing of the race: laps on the way are no result. `finished` tells of a time at the full
    distance, `to_skate` of a finish still to come, also of a reskate, and `next_pair` of the pair of it: null
    where none is to come, and in what was remembered before there was this field.
    """

    competitor: Competitor
    rank: Rank | None
    rank_equal: bool
    time_ms: Milliseconds | None
    irm: Irm | None
    finished: bool
    to_skate: bool
    next_pair: Pair | None = None


class RaceResults(Model):
    """The result of a race after an event that changed it, its definition or its status.

    (`version`, `place`) grow from message to message of a race, so that one that comes again is known.
    `results` are in the order of the sheet. `finish_m` is the last line of the course, in metres.
    """

    type: Literal["race.results"] = "race.results"
    race_id: RaceId
    version: Version
    place: Place
    as_of: Instant
    race: RaceDefinition
    status: Status
    finish_m: Metres
    results: tuple[RaceResult, ...]


ResultEvent = RaceResults | PointsTableListed | RankingDefined

RESULT_EVENTS: TypeAdapter[ResultEvent] = TypeAdapter(Annotated[ResultEvent, Field(discriminator="type")])
"""Reads what the rankings consume."""
