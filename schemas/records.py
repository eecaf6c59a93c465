"""The output topic `skating.records`: records set, equalled, missed by little, and taken back."""

from datetime import date
from typing import Literal

from schemas.model import Identifier, Instant, Model
from schemas.race import Competitor, Discipline, RaceId
from schemas.reference import RecordKind


class Holding(Model):
    """A record as it was or is in force; `race_id` when it was set in a race of ours."""

    time_ms: int
    time: str
    holder: Competitor
    set_on: date | None
    race_id: RaceId | None = None


class _Mark(Model):
    """A time that meets, or nearly meets, the record that was in force when it was skated.

    `margin_ms` is the difference of the shown hundredths to `previous`: positive where a record was beaten,
    0 where it was equalled, and for a miss how much was lacking.
    """

    kind: RecordKind
    scope: Identifier | None
    discipline: Discipline
    race_id: RaceId
    version: int
    as_of: Instant
    competitor: Competitor
    time_ms: int
    time: str
    margin_ms: int
    previous: Holding | None
    status: Literal["provisional", "official"]


class RecordSet(_Mark):
    """A record has been broken. Sent again when its time, its status or what it replaced changes."""

    type: Literal["record.set"] = "record.set"


class RecordEqualled(_Mark):
    """A record has been met to the hundredth: it is shared."""

    type: Literal["record.equalled"] = "record.equalled"


class RecordMissed(_Mark):
    """At most 0.10 s slower than the WR, OR, NR or TR in force when the race was closed."""

    type: Literal["record.missed"] = "record.missed"


class RecordRevoked(Model):
    """A record that was announced does not stand; `in_force` is the one that does, null if unknown."""

    type: Literal["record.revoked"] = "record.revoked"
    kind: RecordKind
    scope: Identifier | None
    discipline: Discipline
    race_id: RaceId
    version: int
    as_of: Instant
    record: Holding
    in_force: Holding | None
    cause: Literal["correction", "ruling", "listing"]


RecordMessage = RecordSet | RecordEqualled | RecordMissed | RecordRevoked
