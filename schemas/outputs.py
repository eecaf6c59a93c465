"""Everything that we publish for broadcasters, as one type."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from schemas.field import FieldPart, FieldRow, FieldTop
from schemas.needs import Needs, SamalogNeeds
from schemas.pace import Pace
from schemas.podium import PodiumChanged, PodiumSecured
from schemas.rankings import Ranking
from schemas.records import RecordMessage
from schemas.standings import Standings

OutputMessage = (
    Standings
    | FieldTop
    | FieldRow
    | FieldPart
    | PodiumChanged
    | PodiumSecured
    | Pace
    | RecordMessage
    | Ranking
    | Needs
    | SamalogNeeds
)

OUTPUT: TypeAdapter[OutputMessage] = TypeAdapter(Annotated[OutputMessage, Field(discriminator="type")])
"""Reads any output message: `OUTPUT.validate_json(raw)` raises pydantic's `ValidationError`."""
