"""What every message of the contract has in common."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, Strict

Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""A country as the IOC writes it, three capitals, such as `NED`."""

Identifier = Annotated[str, Field(min_length=1, max_length=200)]
"""A name that other messages refer to; never empty."""

Milliseconds = Annotated[int, Field(ge=1, le=86_400_000)]
"""A time measured on the ice, from 1 to a day; what was measured finer has been truncated."""

Metres = Annotated[int, Field(ge=1, le=100_000)]
"""A distance along the course, at least 1 and at most 100 km: nobody races further on an oval, and a course
is a list of its splits, which must not grow with a slip of the keyboard."""

Pair = Annotated[int, Field(ge=1, le=100_000)]
"""A number in skating order, from 1. In a quartet it stands for four skaters, in a mass start for all."""

Season = Annotated[str, Field(min_length=1, max_length=100)]
"""Free text such as `2021-22`; part of the name of a World Cup standing."""

Rank = Annotated[int, Field(ge=1, le=100_000)]
"""A place in a race."""

Version = Annotated[int, Field(ge=1, le=2**53)]
"""Counts from 1; no larger than every reader of JSON can tell apart."""

Place = Annotated[int, Field(ge=0, le=2**53)]
"""Counts the messages of a version from 0."""

Points = Annotated[int, Field(ge=0, le=1_000_000)]
"""What a place or a sprint scores."""

FreeText = Annotated[str, Field(max_length=500)]
"""A remark that is passed on; whatever every message repeats must have an end."""

Lane = Literal["inner", "outer", "inner2", "outer2"]
"""The lane of the start. The second two exist in quartets only."""

LANES: tuple[Lane, ...] = ("inner", "outer", "inner2", "outer2")
"""The lanes in the order in which the sheet prints skaters of one pair."""

Irm = Literal["DNF", "DNS", "DQ", "WDR"]
"""An invalid result mark: did not finish, did not start, disqualified, withdrawn."""

Method = Literal["transponder", "optical", "photo_finish", "manual"]
"""How a time at a line was measured."""

_BEGINS_WITH_A_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _is_written_as_a_date(moment: object) -> object:
    """Refuse numbers, also in quotes: pydantic would read `1637000000` as seconds since 1970."""
    if isinstance(moment, datetime) or (isinstance(moment, str) and _BEGINS_WITH_A_DATE.match(moment)):
        return moment
    raise ValueError("must be RFC 3339 with an offset, such as 2021-11-12T18:00:00+01:00")


Instant = Annotated[AwareDatetime, Strict(strict=False), BeforeValidator(_is_written_as_a_date)]
"""A moment, RFC 3339 with an offset."""


class Model(BaseModel):
    """The base of every model: frozen, strict about values, lenient about unknown fields.

    A number is never read from text, a flag never from a number; fields that a newer producer adds are
    passed over, so that an old worker survives it (CONTRACT: rules for every message).
    """

    model_config = ConfigDict(
        frozen=True, strict=True, extra="ignore", validate_by_name=True, serialize_by_alias=True
    )
