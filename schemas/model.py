"""What every message of the contract has in common."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""A country as the IOC writes it, three capitals, such as `NED`."""

Identifier = Annotated[str, Field(min_length=1, max_length=200)]
"""A name that other messages refer to; never empty."""

Milliseconds = Annotated[int, Field(ge=1)]
"""A time measured on the ice, at least 1; what was measured finer has been truncated."""

Metres = Annotated[int, Field(ge=1)]
"""A distance along the course, at least 1."""

Pair = Annotated[int, Field(ge=1)]
"""A number in skating order, from 1. In a quartet it stands for four skaters, in a mass start for all."""

Lane = Literal["inner", "outer", "inner2", "outer2"]
"""The lane of the start. The second two exist in quartets only."""

LANES: tuple[Lane, ...] = ("inner", "outer", "inner2", "outer2")
"""The lanes in the order in which the sheet prints skaters of one pair."""

Irm = Literal["DNF", "DNS", "DQ", "WDR"]
"""An invalid result mark: did not finish, did not start, disqualified, withdrawn."""

Method = Literal["transponder", "optical", "photo_finish", "manual"]
"""How a time at a line was measured."""

Instant = AwareDatetime
"""A moment, RFC 3339 with an offset."""


class Model(BaseModel):
    """The base of every model: frozen, strict about values, lenient about unknown fields.

    A number is never read from text, a flag never from a number; fields that a newer producer adds are
    passed over, so that an old worker survives it (CONTRACT: rules for every message).
    """

    model_config = ConfigDict(
        frozen=True, strict=True, extra="ignore", validate_by_name=True, serialize_by_alias=True
    )
