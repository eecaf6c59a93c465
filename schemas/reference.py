"""The input topic `skating.reference`: records and points tables in the books, and what rankings count."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from schemas.model import FreeText, Identifier, Instant, Irm, Metres, Milliseconds, Model, Points
from schemas.race import Competitor, Discipline
from schemas.rankings import RankingDefined

RecordKind = Literal["WR", "OR", "WRJ", "NR", "NRJ", "TR", "TRJ", "PB", "SB", "OPENING"]
"""World, Olympic, national, track record, their juniors', personal and season's best, and fastest opening."""

RECORD_KINDS: tuple[RecordKind, ...] = ("WR", "OR", "WRJ", "NR", "NRJ", "TR", "TRJ", "PB", "SB", "OPENING")
"""Highest first; one time that is several is announced in this order."""

WORLDWIDE: frozenset[RecordKind] = frozenset({"WR", "OR", "WRJ", "OPENING"})
"""The kinds whose scope is null. NR and NRJ have a country, TR and TRJ a venue, PB and SB a competitor."""


class RecordListed(Model):
    """A record in the books.

    `splits` are cumulative milliseconds by metres. `set_on`, `venue` and `occurred_at` (when the listing was
    made) may be unknown. A listing replaces the one of the same board, holder and day; one without a day
    replaces the others without a day.
    """

    type: Literal["record.listed"] = "record.listed"
    kind: RecordKind
    discipline: Discipline
    scope: Identifier | None = None
    time_ms: Milliseconds
    splits: Annotated[dict[Metres, Milliseconds], Field(max_length=500)] | None = None
    holder: Competitor
    set_on: date | None = None
    venue: FreeText | None = None
    occurred_at: Instant | None = None
    source: str = ""
    event_id: str | None = None

    @model_validator(mode="after")
    def _has_the_scope_of_its_kind(self) -> Self:
        if (self.scope is None) != (self.kind in WORLDWIDE):
            wanted = "null" if self.kind in WORLDWIDE else "a country, a venue id or a competitor id"
            raise ValueError(f"scope: of {self.kind} must be {wanted}, got {self.scope}")
        return self


class PointsTableListed(Model):
    """Points by rank from 1. `irm_scores` `{"DNF": "last"}`: scores as the rank after the last ranked one.

    Listed again with a later `occurred_at` (none is the earliest) it replaces the table of its name. Of two
    of one instant the one whose JSON sorts last holds, so that it never matters which came first.
    """

    type: Literal["points_table.listed"] = "points_table.listed"
    name: Identifier
    points: Annotated[tuple[Points, ...], Field(min_length=1, max_length=1000, fail_fast=True)]
    irm_scores: dict[Irm, Literal["last"]] = Field(default_factory=dict)
    occurred_at: Instant | None = None
    source: str = ""
    event_id: str | None = None

    @model_validator(mode="after")
    def _never_rises(self) -> Self:
        for rank, (better, worse) in enumerate(zip(self.points, self.points[1:], strict=False), start=2):
            if worse > better:
                raise ValueError(
                    f"points: rank {rank} must not score more than rank {rank - 1}, got {worse} > {better}"
                )
        return self


ReferenceEvent = RecordListed | PointsTableListed | RankingDefined

REFERENCE: TypeAdapter[ReferenceEvent] = TypeAdapter(Annotated[ReferenceEvent, Field(discriminator="type")])
"""Reads any reference event: `REFERENCE.validate_json(raw)` raises pydantic's `ValidationError`."""


def reference_key(event: ReferenceEvent) -> str:
    """The Kafka key of a reference event.

    `kind/discipline/scope` of a record (empty for null), the name of a table, `ranking/ID` of a ranking.
    """
    if isinstance(event, PointsTableListed):
        return event.name
    if isinstance(event, RankingDefined):
        return f"ranking/{event.ranking_id}"
    return f"{event.kind}/{event.discipline}/{event.scope or ''}"
