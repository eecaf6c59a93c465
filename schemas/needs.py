"""The output topic `skating.needs`: what is needed by everybody who is still to come in a race."""

from typing import Literal

from schemas.model import Instant, Lane, Model
from schemas.race import Competitor, RaceId
from schemas.reference import RecordKind


class Need(Model):
    """The slowest time that does it.

    `time_ms` is exact, in milliseconds: that time does it, one millisecond more does not. `time` is what may
    be shown: the slowest hundredth that does it whatever its thousandths are. `thousandths_at` is the next
    hundredth, where some thousandths do it and others do not, null where there is no such one; whatever is
    slower than both does not. To lead 1:07.928 takes 67927 ms: `time` is 1:07.91, `thousandths_at` 1:07.92.
    """

    time_ms: int
    time: str
    thousandths_at: str | None


class CompetitorNeeds(Model):
    """What one competitor needs in the pair that comes next for this one; null where any finish will do.

    `to_lead` is to be in front of everybody else, alone; null where nobody else has a time, or where this one
    is in front already and skates again; faster than 20 m/s where the leader's time is no slower than that.
    `to_podium` is place 3 or better as things stand, also a shared one. `records` has every record in force
    that this one can break, the highest kind first; none that is not known, that this one set earlier in this
    very race, or that would take more than 20 m/s. With a reskate the better of the two times counts, so a
    need is never slower than the first time.
    """

    competitor: Competitor
    pair: int
    lane: Lane | None
    to_lead: Need | None
    to_podium: Need | None
    records: dict[RecordKind, Need]


class Needs(Model):
    """What is needed in a race now: everybody still to come, in skating order, those on the ice included.

    Sent whenever anything in it changes, which no mere split does, and replaces the message before. Nobody is
    in it once all have finished or the race is closed. `version` is that of the race; it may come again with
    another content, where a record of another race or of the books changed things.
    """

    type: Literal["needs"] = "needs"
    race_id: RaceId
    version: int
    as_of: Instant
    entries: tuple[CompetitorNeeds, ...]
