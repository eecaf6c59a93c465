"""The output topic `skating.needs`: what is needed by everybody still to come, in a race and in a samalog."""

from typing import Literal

from schemas.model import Instant, Lane, Model
from schemas.race import Competitor, RaceId
from schemas.rankings import RankingId
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


class RivalNeed(Model):
    """The slowest time with which somebody gets in front of this rival, not level with it."""

    competitor: Competitor
    need: Need


class SamalogCompetitorNeeds(Model):
    """What one competitor needs on the distance to be in front in the ranking, in the pair that comes next.

    `to_lead` is to be in front of everybody else in the ranking as it stands, alone. Where it is null,
    `can_lead` tells why: true where any finish does it, or where this one leads already and skates again;
    false where no time does it, none of at most 20 m/s at least, as for one who missed a distance.

    `to_pass` has whom a fast enough time passes and a slow one does not, in the order of the ranking, the
    first ten of them: those with this distance and equally many others behind them, who are not behind this
    one yet. Nobody is in it who is passed by any finish, or by none.
    """

    competitor: Competitor
    pair: int
    can_lead: bool
    to_lead: Need | None
    to_pass: tuple[RivalNeed, ...]


class SamalogNeeds(Model):
    """What is needed in a samalog now: everybody still to come on one distance, in skating order.

    `race_id` is the distance that is under way, else the next one; null, without entries, where nobody is
    still to come. Points come of shown times, so here `time` is all that a need takes: its ten thousandths
    all do it, and `thousandths_at` is null. Sent whenever anything in it changes, and replaces the message
    before. `version` counts 1, 2, 3 … per ranking, apart from the versions of the ranking itself.
    """

    type: Literal["samalog.needs"] = "samalog.needs"
    ranking_id: RankingId
    version: int
    race_id: RaceId | None
    as_of: Instant
    entries: tuple[SamalogCompetitorNeeds, ...]
