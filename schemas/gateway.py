"""What the gateway says of its own; all else that it tells are the messages of the output topics."""

from typing import Literal

from pydantic import Field

from schemas.field import FieldPart, FieldRow, FieldTop
from schemas.model import Instant, Model
from schemas.needs import Needs, SamalogNeeds
from schemas.pace import Pace
from schemas.podium import PodiumChanged, PodiumSecured
from schemas.race import Competition, Competitor, Discipline, RaceFormat, RaceId, Status
from schemas.rankings import Basis, Ranking, RankingId
from schemas.records import RecordMessage
from schemas.standings import Entry, Standings


class PodiumLine(Model):
    """One of the first three of a race as it stands; more than three when they are tied."""

    rank: int
    rank_equal: bool
    competitor: Competitor
    time: str | None
    thousandth: str | None


class RaceSummary(Model):
    """A race in one line, made of its latest standings: what a list of races shows.

    `version`, `status`, `as_of`, `on_ice` and `remaining` are those of the standings, or of the front where
    the `sheet` is in parts; `competitors` is how many have a line. `podium` are the ranks 1 to 3 of the
    sheet; in a mass start that is under way those are of the laps so far.
    """

    type: Literal["race"] = "race"
    race_id: RaceId
    version: int
    status: Status
    as_of: Instant
    competition: Competition
    discipline: Discipline
    distance_m: int
    format: RaceFormat
    division: str
    run: int | str | None
    scheduled_at: Instant | None
    sheet: Literal["whole", "parts"]
    competitors: int
    on_ice: tuple[int, ...]
    remaining: int
    podium: tuple[PodiumLine, ...]


class RankingSummary(Model):
    """A ranking in one line."""

    ranking_id: RankingId
    basis: Basis
    season: str
    version: int
    provisional: bool
    as_of: Instant


class RaceAsItStands(Model):
    """Everything that is known of one race; lists are in the order in which things were told.

    The `standings` of a race in parts are its front, `field.top`: the first lines, how many `competitors`
    there are, and how many of them had still to finish (`remaining`) when it was told.

    `podium` has the latest change and who is secure. `records` has the last word on each record of this race,
    also where that is `record.revoked`. `pace` has the latest split of each competitor and pair, until the
    race is closed.
    """

    summary: RaceSummary
    standings: Standings | FieldTop
    podium: tuple[PodiumChanged | PodiumSecured, ...]
    pace: tuple[Pace, ...]
    records: tuple[RecordMessage, ...]
    needs: Needs | None


class SheetPage(Model):
    """Some lines of the whole sheet of a race, one after the other, as it stands.

    `competitors` is how many have a line, `found` how many of them were asked for, `offset` how many of those
    are in front of these `entries`, and `limit` the most that one page has. In a race in parts the lines are
    put together from rows and parts: rank, place and gap are those of `version`, the highest that came; the
    ranks at splits are as they were when the competitor was last told of. `status` and `remaining` are those
    of the front.
    """

    race_id: RaceId
    version: int
    status: Status
    as_of: Instant
    remaining: int
    competitors: int
    found: int
    offset: int
    limit: int
    entries: tuple[Entry, ...]


class CompetitorLine(Model):
    """One competitor's line in a race, as it stands.

    `version` is that of the message that told it: in a race in parts the last one about this competitor.
    Rank, place and gap are those of now, the ranks at splits those of `version`.
    """

    race_id: RaceId
    version: int
    competitor_id: str
    entry: Entry


class Snapshot(Model):
    """The event `snapshot` of a stream: it replaces everything that its reader knows.

    A list is absent where its kind was not asked for; rows and parts are asked for by name only. `delay_s` is
    the delay in seconds that was asked for; `stale` is true while Kafka is away.
    """

    delay_s: float
    stale: bool
    races: tuple[RaceSummary, ...] = ()
    standings: tuple[Standings, ...] = ()
    field_top: tuple[FieldTop, ...] = Field((), alias="field.top")
    field_row: tuple[FieldRow, ...] = Field((), alias="field.row")
    field_part: tuple[FieldPart, ...] = Field((), alias="field.part")
    podium: tuple[PodiumChanged | PodiumSecured, ...] = ()
    pace: tuple[Pace, ...] = ()
    records: tuple[RecordMessage, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    needs: tuple[Needs | SamalogNeeds, ...] = ()


class StreamStatus(Model):
    """The event `status` of a stream: at its beginning, when `stale` changes, and as a heartbeat."""

    stale: bool
    delay_s: float


class Goodbye(Model):
    """The event `goodbye` of a stream: why the gateway ends it, in a sentence for people."""

    reason: str


class Refusal(Model):
    """The body of every answer that is none: one sentence that says what was wrong and what to do."""

    detail: str


class Health(Model):
    """How the gateway is.

    `ready` once everything has been read that was on Kafka at the start, `stale` while Kafka does not answer.
    `behind` are the messages still to be read, `silent_s` the seconds since the last one came, null before
    the first. `streams` are the connections that follow.
    """

    ready: bool
    stale: bool
    behind: int = Field(ge=0)
    silent_s: float | None
    streams: int = Field(ge=0)
