"""Who skates, where and what: the definition of a race."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from schemas.model import Country, FreeText, Identifier, Instant, Lane, Metres, Model, Pair, Season

Discipline = Annotated[str, Field(pattern=r"^([MW](500|1000|1500|3000|5000|10000|TP|TS|MS)|XMR)$")]
"""Gender and distance, such as `M1000`, or a team's or mass start's code, such as `WTP`, `XMR`."""

RaceId = Annotated[str, Field(pattern=r"^[^/\s]+/[A-Z0-9]+/[AB-](/[^/\s]+)?$", max_length=200)]
"""`competition/discipline/division`, and `/run` where one weekend has several."""

SheetForm = Literal["whole", "parts"]
"""How a race is published: everybody in every message, or the first hundred, and everybody in a row."""

Part = Annotated[int, Field(ge=1, le=400)]
"""A part of a start list, or of a result, from 1; of at most 250 lines each."""

RaceFormat = Literal["pairs", "quartets", "team_pursuit", "team_sprint", "mass_start"]
Status = Literal["START_LIST", "LIVE", "INTERMEDIATE", "UNOFFICIAL", "OFFICIAL", "PROTESTED", "PROVISIONAL"]
ClosedStatus = Literal["UNOFFICIAL", "OFFICIAL", "PROTESTED", "PROVISIONAL"]


class Member(Model):
    """A skater of a team."""

    id: Identifier
    name: Identifier


class Competitor(Model):
    """Who a result belongs to: a skater, or a team with its members."""

    id: Identifier
    name: Identifier
    country: Country
    birth_date: date | None = None
    members: Annotated[tuple[Member, ...], Field(max_length=20, fail_fast=True)] | None = None


def _whole(metres: float) -> float:
    return int(metres) if metres == int(metres) else metres


_TrackInt = Annotated[int, Field(ge=100, le=1000)]
_TrackFloat = Annotated[float, Field(ge=100, le=1000)]


class Venue(Model):
    """A rink. `track_length_m` is the length of a lap, 400 unless told; 333.33 is read as 333⅓.

    A whole number of metres is kept as one, so that 400 and 400.0 are written alike.
    """

    id: Identifier
    name: Identifier
    country: Country | None = None
    track_length_m: Annotated[_TrackInt | _TrackFloat, AfterValidator(_whole)] = 400


class Competition(Model):
    """The meeting.

    `season` is free text such as `2021-22`. `series` is free text too; `world_cup` counts for World Cup
    points and whatever begins with `olympic` for Olympic records.
    """

    id: Annotated[str, Field(pattern=r"^[^/\s]+$", max_length=200)]
    name: Identifier
    season: Season
    series: FreeText | None = None
    venue: Venue


class Listed(Model):
    """One line of a start list. A mass start needs no lane."""

    pair: Pair
    lane: Lane | None = None
    competitor: Competitor


StartList = Annotated[tuple[Listed, ...], Field(max_length=250, fail_fast=True)]
"""At most 250 lines, five times the largest mass start: a standings message holds everybody, and there is a
largest message that a broker takes. The first wrong line is told: a million of them would take gigabytes."""


def doubly_listed(start_list: StartList) -> str | None:
    """Say which line of a start list stands there twice: a competitor in a pair, or a lane in a pair.

    Returns:
        A sentence for the producer of the list, or None for a sound one.
    """
    seen: set[tuple[int, str]] = set()
    for line in start_list:
        places = [(line.pair, f"competitor {line.competitor.id}")]
        if line.lane is not None:
            places.append((line.pair, f"lane {line.lane}"))
        for place in places:
            if place in seen:
                return f"pair {place[0]} lists {place[1]} twice"
            seen.add(place)
    return None


class RaceDefinition(Model):
    """What a race is: the part of `race.scheduled` that every standings message repeats."""

    race_id: RaceId
    competition: Competition
    discipline: Discipline
    distance_m: Metres
    format: RaceFormat
    division: Literal["A", "B", "-"] = "-"
    run: int | FreeText | None = None
    scheduled_at: Instant | None = None
    points_table: Identifier | None = None

    @model_validator(mode="after")
    def _agrees_with_its_id(self) -> Self:
        run = "" if self.run is None else f"/{self.run}"
        spelled = f"{self.competition.id}/{self.discipline}/{self.division}{run}"
        if self.race_id != spelled:
            msg = f"race_id: competition, discipline, division and run spell {spelled}, got {self.race_id}"
            raise ValueError(msg)
        digits = self.discipline[1:]
        if digits.isdigit() and int(digits) != self.distance_m:
            msg = f"distance_m: {self.discipline} is {digits} m, got {self.distance_m}"
            raise ValueError(msg)
        return self
