"""Everybody in a race in one document, made a few lines at a time: CSV, flat JSON or ODF.

Of an ordinary race everybody is in the standings; a race in parts is its front and the lines that were put
together. One of 20,000 takes a second or two, and others may have their turn between two pieces.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import Literal

from pydantic_core import from_json, to_json

from schemas.standings import Entry, Standings
from streams.export.field_sheet import FieldSheet
from streams.export.odf import odf_pieces, start_order
from streams.export.rows import columns, columns_at
from streams.export.sheets import csv_pieces, json_pieces

Format = Literal["csv", "json", "odf"]

LINES = 20
"""How many lines are made at once: a millisecond."""
_SORTED = 500
"""How many are sorted at once."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A race: its standings, or its front as standings with the lines of everybody."""

    standings: Standings
    field: FieldSheet | None = None

    def pieces(self, kind: Format) -> Iterator[str]:
        """Write everybody; a piece may be empty.

        Raises:
            ValidationError: where a line is of a newer kind.
        """
        if kind == "odf":
            start = dict[str, int]()
            for _ in self._fill(start):
                yield ""
            yield from odf_pieces(self.standings, start, self._everybody())
            return
        distances = set[int]()
        for some in self._names():
            if self.field is not None:
                distances |= self.field.distances(some)
            yield ""
        names = columns(self.standings) if self.field is None else columns_at(distances)
        write = csv_pieces if kind == "csv" else json_pieces
        yield from write(self.standings, names, self._everybody())

    def _names(self) -> Iterator[list[str]]:
        if self.field is not None:
            for first in range(0, self.field.count(), LINES):
                yield self.field.in_order(first, first + LINES)

    def _everybody(self) -> Iterator[tuple[Entry, ...]]:
        field, entries = self.field, self.standings.entries
        if field is None:
            for first in range(0, len(entries), LINES):
                yield entries[first : first + LINES]
            return
        for some in self._names():
            yield tuple(Entry.model_validate_json(to_json(field.entry(name))) for name in some)

    def _fill(self, start: dict[str, int]) -> Iterator[None]:
        """Fill in everybody's place in the order of starting, some at a time."""
        if self.field is None:
            start.update(start_order(self.standings))
            return
        several = []
        for first in range(0, self.field.count(), _SORTED):
            several.append(sorted(self.field.starts(first, first + _SORTED)))
            yield
        for number, (_, _, name) in enumerate(merge(*several), start=1):
            start[name] = number
            if number % _SORTED == 0:
                yield


def whole(front: bytes, field: FieldSheet) -> Whole:
    """Put a race in parts together.

    Args:
        front: its `field.top`.
        field: its lines.

    Raises:
        ValidationError: where the front is of a newer kind.
    """
    told = Standings.model_validate_json(to_json(from_json(front) | {"type": "standings"}))
    latest = field.latest
    if latest is not None and latest.version > told.version:
        as_of = datetime.fromisoformat(latest.as_of)
        told = told.model_copy(update={"version": latest.version, "as_of": as_of})
    return Whole(told, field)
