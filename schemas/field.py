"""The output topic `skating.field`: a race in parts, told as its front, rows, and parts."""

from typing import Literal

from schemas.model import Instant, Model
from schemas.race import RaceDefinition, RaceId, Status
from schemas.standings import Entry


class FieldTop(Model):
    """What the standings say of a smaller race, but with the first hundred `entries` and 20 pairs of `next`.

    There are fewer entries where those of a very long race would make more than 900 kB. `on_ice` has the last
    20 pairs. `competitors` is how many have a line in all, `remaining` how many had still to finish; that
    alone is not told anew.
    """

    type: Literal["field.top"] = "field.top"
    race_id: RaceId
    version: int
    status: Status
    as_of: Instant
    race: RaceDefinition
    entries: tuple[Entry, ...]
    on_ice: tuple[int, ...]
    next: tuple[int, ...]
    remaining: int
    competitors: int


class FieldRow(Model):
    """One competitor's line after an event that was about this competitor; null for who has none any more.

    Places in `entry` are those of this version. `order` says where the line belongs whatever came since, by
    numbers compared from left to right: the group (0 ranked, 1 to skate, then DNF, DQ, DNS, WDR), of who is
    ranked the time in milliseconds (in a mass start laps and points, both less than nothing, before it), then
    pair, lane and place in the list.
    """

    type: Literal["field.row"] = "field.row"
    race_id: RaceId
    version: int
    as_of: Instant
    competitor_id: str
    entry: Entry | None
    order: tuple[int, ...]


class FieldLine(Model):
    """A line of a part: as in a row of the same version."""

    entry: Entry
    order: tuple[int, ...]


class FieldPart(Model):
    """One of `parts` parts of the whole sheet, in its order, at most 250 lines and some 900 kB.

    Told when the race is closed, and where an event was about more than 500 competitors.
    """

    type: Literal["field.part"] = "field.part"
    race_id: RaceId
    version: int
    as_of: Instant
    status: Status
    part: int
    parts: int
    lines: tuple[FieldLine, ...]
