"""Standings over several races: how one is defined, on `skating.reference`, and how it is told.

A ranking needs no definition where it is the World Cup of one discipline: `SEASON/worldcup/DISCIPLINE` exists
as soon as a race with `series` `world_cup` and a `points_table` is scheduled.
"""

from collections import Counter
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.model import Identifier, Instant, Model, Season
from schemas.race import Competitor, Discipline, RaceId

RankingId = Annotated[str, Field(pattern=r"^\S+$", max_length=200)]
"""The name of a ranking, without spaces, such as `2021-22/worldcup/M500`; free but for that form."""

Basis = Literal["points", "samalog", "medals", "matrix"]
"""World Cup points, seconds per 500 m, medals per country, places of a selection."""

State = Literal["in", "waiting", "out"]
"""What is certain of a name on a selection matrix: has a ticket, may get one, cannot get one any more."""


class Selection(Model):
    """Which races count: those of the definition's season that have all that is told here.

    `competition` is its id, `series` as the competitions write it. Without `disciplines` all count.
    """

    competition: Identifier | None = None
    series: Identifier | None = None
    disciplines: Annotated[tuple[Discipline, ...], Field(max_length=100, fail_fast=True)] = ()

    @model_validator(mode="after")
    def _selects_something(self) -> Self:
        if self.competition is None and self.series is None:
            raise ValueError("selection: must name a competition or a series, or every race would count")
        return self


class MatrixPlace(Model):
    """One place of a selection matrix: a rank in a race, or one that the selectors give to whom they choose.

    The race is named by `race_id`, or by `discipline` where the definition selects only one race of it. With
    a `rank` it belongs to whoever has it there. With `designated` it belongs to `competitor`, null as long as
    the selectors have not spoken.
    """

    race_id: RaceId | None = None
    discipline: Discipline | None = None
    rank: Annotated[int, Field(ge=1, le=1000)] | None = None
    designated: bool = False
    competitor: Competitor | None = None

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if (self.race_id is None) == (self.discipline is None):
            raise ValueError("place: must name either a race_id or a discipline")
        if self.designated == (self.rank is not None):
            raise ValueError("place: must have either a rank or be designated")
        if self.competitor is not None and not self.designated:
            raise ValueError(f"place: rank {self.rank} is skated for, only designated ones have a competitor")
        return self

    @property
    def gender(self) -> str:
        """Give `M` or `W`, or `X` for a mixed event."""
        return (self.discipline or (self.race_id or "//").split("/")[1])[:1]


class RankingDefined(Model):
    """What a ranking counts. Sent again with a later `occurred_at` it replaces the definition.

    Races are an explicit list, `race_ids`, or a `selection`. A race that is listed need not be scheduled yet:
    it counts from when it is. Of two definitions of one instant the one whose JSON sorts last holds, so that
    it never matters which came first.

    `points_table` (of `points` only) replaces the tables that the races name, and must be listed before.
    `places` and `tickets` (of `matrix` only): the places in order, and how many different names get in.
    """

    type: Literal["ranking.defined"] = "ranking.defined"
    ranking_id: RankingId
    basis: Basis
    season: Season
    race_ids: Annotated[tuple[RaceId, ...], Field(max_length=1000, fail_fast=True)] = ()
    selection: Selection | None = None
    points_table: Identifier | None = None
    places: Annotated[tuple[MatrixPlace, ...], Field(max_length=250, fail_fast=True)] = ()
    tickets: Annotated[int, Field(ge=1, le=1000)] = 9
    occurred_at: Instant
    source: str = ""
    event_id: str | None = None

    @model_validator(mode="after")
    def _counts_races_of_one_choice(self) -> Self:
        if bool(self.race_ids) == (self.selection is not None):
            raise ValueError("races: must be told either by race_ids or by a selection")
        for race_id, count in Counter(self.race_ids).items():
            if count > 1:
                raise ValueError(f"race_ids: must name a race once, got {race_id} twice")
        if self.points_table is not None and self.basis != "points":
            raise ValueError(f"points_table: is for basis points only, got {self.basis}")
        return self

    @model_validator(mode="after")
    def _has_sound_places(self) -> Self:
        if bool(self.places) != (self.basis == "matrix"):
            raise ValueError("places: a matrix must have some, and nothing else may")
        if len({place.gender for place in self.places}) > 1:
            raise ValueError("places: must be of one gender, since tickets are; define a matrix for each")
        skated: dict[tuple[str | None, int | None], int] = {}
        given: dict[str, int] = {}
        for number, place in enumerate(self.places, start=1):
            if place.race_id is not None and self.race_ids and place.race_id not in self.race_ids:
                raise ValueError(f"places: place {number}: the race {place.race_id} is not among race_ids")
            if place.rank is not None:
                what = (place.race_id or place.discipline, place.rank)
                if skated.setdefault(what, number) != number:
                    raise ValueError(
                        f"places: place {number}: {what[0]} rank {what[1]} is place {skated[what]} already"
                    )
            chosen = place.competitor
            if chosen is not None and given.setdefault(chosen.id, number) != number:
                raise ValueError(
                    f"places: place {number}: {chosen.id} is given place {given[chosen.id]} already"
                )
        return self


class RankingPart(Model):
    """What one race gave: `rank` there (null with an irm) and what it is worth, as people read it.

    In a matrix a part is a place, and `value` its number; `race_id` and `rank` are null where it is
    designated.
    """

    race_id: RaceId | None
    rank: int | None
    value: str


class RankingEntry(Model):
    """One line. `value` is text, as people read it, whatever the basis, so that one field prints them all.

    `points`: the sum, `114`. `samalog`: seconds per 500 m with three decimals, `68.240`. `medals`: gold,
    silver and bronze, `2-1-0`, and `competitor` is the country: its code is `id`, `name` and `country`.
    `matrix`: the number of the first place that the name holds; `state` is null for all others.
    """

    rank: int
    rank_equal: bool
    competitor: Competitor
    value: str
    state: State | None
    parts: tuple[RankingPart, ...]


class Ranking(Model):
    """A ranking after an event that changed it.

    `version` counts 1, 2, 3 … per ranking. `provisional` while a race that counts has begun and is not
    OFFICIAL. `as_of` is the `occurred_at` of the event behind it.
    """

    type: Literal["ranking"] = "ranking"
    ranking_id: RankingId
    version: int
    basis: Basis
    season: str
    provisional: bool
    entries: tuple[RankingEntry, ...]
    as_of: Instant
