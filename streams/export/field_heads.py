"""Of the rows and parts of a race in parts what a reader has to know: whose lines, and where they belong.

There are twenty thousand of them, so what is kept of one is small, and the line itself stays bytes until
somebody asks for it.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONDecoder
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter
from pydantic_core import from_json, to_json

from schemas.race import RaceId

_BEGINS = b'{"entry":'
"""How a line of a part begins; in a text of JSON the quotes would have a backslash before them."""

_DECODER = JSONDecoder()

RANKED = 0
"""The group of who is ranked, with which `order` begins."""
SHORTEST = 4
"""Group, pair, lane and place in the list; who is ranked has the merit as well."""


@dataclass(frozen=True, slots=True)
class RowHead:
    """Of a `field.row` what a reader has to know; `name` is null for who has no line any more."""

    race_id: str
    version: int
    as_of: str
    competitor_id: str
    name: str | None
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LineHead:
    """Of a line of a part what a reader has to know; `first` to `last` are its bytes in the part."""

    name: str
    order: tuple[int, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PartHead:
    """Of a `field.part` what a reader has to know; lines by competitor id."""

    race_id: str
    version: int
    as_of: str
    part: int
    lines: Mapping[str, LineHead]


@dataclass(frozen=True, slots=True)
class _Who:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class _Entry:
    competitor: _Who


@dataclass(frozen=True, slots=True)
class _Line:
    entry: _Entry
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    type: Literal["field.row"]
    race_id: RaceId
    version: int
    as_of: str
    competitor_id: str
    entry: _Entry | None
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    type: Literal["field.part"]
    race_id: RaceId
    version: int
    as_of: str
    part: int
    lines: tuple[_Line, ...]


_OF_LINES: TypeAdapter[_Row | _Part] = TypeAdapter(Annotated[_Row | _Part, Field(discriminator="type")])


def lines_head(value: bytes) -> RowHead | PartHead:
    """Read a row or a part.

    Raises:
        ValidationError: where it is neither.
        TypeError: where a line has an `order` that is none, or is not written as our workers write it.
    """
    told = _OF_LINES.validate_json(value)
    race_id = sys.intern(told.race_id)
    if isinstance(told, _Part):
        lines = {
            line.entry.competitor.id: LineHead(line.entry.competitor.name, _sound(line.order), first, last)
            for line, (first, last) in zip(told.lines, _spans(value, len(told.lines)), strict=True)
        }
        return PartHead(race_id, told.version, told.as_of, told.part, lines)
    name = None if told.entry is None else told.entry.competitor.name
    order = told.order if name is None else _sound(told.order)
    return RowHead(race_id, told.version, told.as_of, told.competitor_id, name, order)


def _sound(order: tuple[int, ...]) -> tuple[int, ...]:
    if len(order) < SHORTEST + (order[:1] == (RANKED,)):
        raise TypeError(f"order: must have a group, the merit of who is ranked, and three more, got {order}")
    return order


def _spans(part: bytes, count: int) -> list[tuple[int, int]]:
    """Find the lines of a part without parsing them, so that one can be parsed without the others."""
    firsts, at = list[int](), part.find(_BEGINS)
    while at >= 0:
        firsts.append(at)
        at = part.find(_BEGINS, at + 1)
    if len(firsts) != count:
        raise TypeError(f"lines: {count} are told, {len(firsts)} begin as ours do")
    if not firsts:
        return []
    # Between two lines there is a comma; behind the last one may be anything. Here a byte is a character.
    _, length = _DECODER.raw_decode(part[firsts[-1] :].decode("latin-1"))
    return list(zip(firsts, [*(first - 1 for first in firsts[1:]), firsts[-1] + length], strict=True))


def line_in(part: bytes, line: LineHead) -> dict[str, Any]:
    """Parse one line of a part: `entry` and `order`."""
    return dict(from_json(part[line.first : line.last]))


def row_of(part: bytes, head: PartHead, competitor_id: str) -> bytes:
    """Write a line of a part as the `field.row` that would have told it.

    Args:
        part: the message.
        head: what was read of it.
        competitor_id: whose line.

    Raises:
        KeyError: where the part has no line of that competitor.
    """
    line = line_in(part, head.lines[competitor_id])
    row = {
        "type": "field.row",
        "race_id": head.race_id,
        "version": head.version,
        "as_of": head.as_of,
        "competitor_id": competitor_id,
        "entry": line["entry"],
        "order": line["order"],
    }
    return to_json(row)
