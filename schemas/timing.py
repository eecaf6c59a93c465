"""The input topic `skating.timing`: what happens on the ice and in the referees' room."""

from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from schemas.model import (
    FreeText,
    Identifier,
    Instant,
    Irm,
    Lane,
    Method,
    Metres,
    Milliseconds,
    Model,
    Pair,
    Points,
)
from schemas.race import (
    ClosedStatus,
    Part,
    RaceDefinition,
    RaceId,
    SheetForm,
    StartList,
    doubly_listed,
)


class _Event(Model):
    """The fields of every timing event; `event_id` is unique per `source` when given."""

    race_id: RaceId
    occurred_at: Instant
    source: str = ""
    event_id: str | None = None


class _WithStartList(Model):
    start_list: StartList

    @model_validator(mode="after")
    def _lists_nobody_twice(self) -> Self:
        wrong = doubly_listed(self.start_list)
        if wrong is not None:
            raise ValueError(f"start_list: {wrong}")
        return self


class RaceScheduled(_WithStartList, RaceDefinition, _Event):
    """Defines the race; sent again it replaces definition and start list, and keeps what was skated.

    `sheet` says how it is published, and stays what it was at first. One in parts has an empty `start_list`
    here: its parts are `start_list.added`.
    """

    type: Literal["race.scheduled"] = "race.scheduled"
    sheet: SheetForm = "whole"

    @model_validator(mode="after")
    def _lists_nobody_where_parts_do(self) -> Self:
        if self.sheet == "parts" and self.start_list:
            raise ValueError(
                "start_list: must be empty where the sheet is in parts; send them as start_list.added"
            )
        return self


class StartListRevised(_WithStartList, _Event):
    """Pairs redrawn, or moved up after a withdrawal: the whole list anew."""

    type: Literal["start_list.revised"] = "start_list.revised"


class StartListAdded(_WithStartList, _Event):
    """A part of the start list of a race whose sheet is in parts; it replaces what this part was before."""

    type: Literal["start_list.added"] = "start_list.added"
    part: Part


class PairCalled(_Event):
    """The pair is on the ice, next to start."""

    type: Literal["pair.called"] = "pair.called"
    pair: Pair


class PairStarted(_Event):
    """The gun, at `started_at`."""

    type: Literal["pair.started"] = "pair.started"
    pair: Pair
    started_at: Instant


class PairCleared(_Event):
    """The clock is reset: what was measured in this pair up to `occurred_at` is void."""

    type: Literal["pair.cleared"] = "pair.cleared"
    pair: Pair
    reason: Literal["false_start", "restart", "operator"]


class PassingRecorded(_Event):
    """A cumulative time, in milliseconds since the gun, at a split or at the finish."""

    type: Literal["passing.recorded"] = "passing.recorded"
    pair: Pair
    lane: Lane | None = None
    competitor_id: Identifier
    distance_m: Metres
    time_ms: Milliseconds
    method: Method


class PassingDeleted(_Event):
    """The operator takes measurements back; without `pair` of all pairs, without `method` of all methods."""

    type: Literal["passing.deleted"] = "passing.deleted"
    competitor_id: Identifier
    distance_m: Metres
    pair: Pair | None = None
    method: Method | None = None


class ResultRuled(_Event):
    """A ruling, at any moment; `irm: null` lifts an earlier one. Marks: fell, reskate, referee's warning."""

    type: Literal["result.ruled"] = "result.ruled"
    competitor_id: Identifier
    irm: Irm | None
    rule: FreeText | None = None
    marks: Annotated[tuple[Literal["F", "RS", "RW"], ...], Field(max_length=10, fail_fast=True)] = ()


class ReskateGranted(_Event):
    """The competitor may skate again as `pair`; the better of the two times counts."""

    type: Literal["reskate.granted"] = "reskate.granted"
    competitor_id: Identifier
    pair: Pair


class SprintScored(_Event):
    """The points of a mass start's sprint after `lap` laps, by competitor."""

    type: Literal["sprint.scored"] = "sprint.scored"
    lap: Annotated[int, Field(ge=1, le=10_000)]
    points: dict[Identifier, Points] = Field(max_length=250)


class PairConfirmed(_Event):
    """The timekeepers stand by this pair's times."""

    type: Literal["pair.confirmed"] = "pair.confirmed"
    pair: Pair


class RacePaused(_Event):
    """The race stands still, for the ice or otherwise."""

    type: Literal["race.paused"] = "race.paused"
    reason: Literal["ice_resurfacing", "delay"]


class RaceResumed(_Event):
    """The race goes on."""

    type: Literal["race.resumed"] = "race.resumed"
    reason: Literal["ice_resurfacing", "delay"] | None = None


class RaceClosed(_Event):
    """The race has ended, with this standing of its results. May be sent again."""

    type: Literal["race.closed"] = "race.closed"
    status: ClosedStatus


TimingEvent = (
    RaceScheduled
    | StartListRevised
    | StartListAdded
    | PairCalled
    | PairStarted
    | PairCleared
    | PassingRecorded
    | PassingDeleted
    | ResultRuled
    | ReskateGranted
    | SprintScored
    | PairConfirmed
    | RacePaused
    | RaceResumed
    | RaceClosed
)

TIMING: TypeAdapter[TimingEvent] = TypeAdapter(Annotated[TimingEvent, Field(discriminator="type")])
"""Reads any timing event: `TIMING.validate_json(raw)` raises pydantic's `ValidationError`."""
