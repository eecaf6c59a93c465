"""The output topic `skating.standings`: the whole state of a race."""

from typing import Literal

from schemas.model import Instant, Irm, Lane, Method, Model
from schemas.race import Competitor, RaceDefinition, RaceId, Status


class Split(Model):
    """One time of one skater at one line, in milliseconds.

    `lap_ms` is the difference to the previous split of the truncated times; null where that one is missing.
    `rank` counts those without an `irm`; who has one keeps the times and has no rank.
    """

    distance_m: int
    time_ms: int
    lap_ms: int | None
    rank: int | None
    rank_equal: bool


class Entry(Model):
    """One competitor's line on the sheet.

    `time_ms` and what follows from it are null without a finish and with an `irm`; in a mass start they are
    those of the last completed lap. `behind_ms` is the difference of the shown hundredths to rank 1, and null
    in a mass start, whose order is not one of times. `points` are null outside a mass start.
    """

    rank: int | None
    rank_equal: bool
    sort_order: int
    competitor: Competitor
    pair: int
    lane: Lane | None
    time_ms: int | None
    time: str | None
    thousandth: str | None
    behind_ms: int | None
    behind: str | None
    irm: Irm | None
    rule: str | None
    marks: tuple[str, ...]
    method: Method | None
    unchecked: bool
    splits: tuple[Split, ...]
    points: int | None


class Standings(Model):
    """The state of a race after an event that changed it.

    `on_ice`: pairs called or started that still miss a finish. `next`: all pairs still to be called, in
    skating order, the very next one first. `remaining`: competitors who have still to finish.
    """

    type: Literal["standings"] = "standings"
    race_id: RaceId
    version: int
    status: Status
    as_of: Instant
    race: RaceDefinition
    entries: tuple[Entry, ...]
    on_ice: tuple[int, ...]
    next: tuple[int, ...]
    remaining: int
