"""The whole sheet of any race, in pages and as CSV, and one competitor's line of it.

Of an ordinary race it is what the standings say; that of a race in parts is put together from its lines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic_core import from_json, to_json

from schemas.standings import Entry, Standings
from streams.export.rows import columns_at
from streams.export.sheets import as_csv, csv_head, csv_lines
from streams.gateway.field_sheet import FieldSheet
from streams.gateway.told import SheetHead, Told

MOST_LINES = 250
"""How many lines a page has at most."""

_Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines: those with some words in id or name, all for no words, from `offset` on up to `limit`."""

    search: str
    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class WholeSheet:
    """The sheet of a race at a moment: its standings or front, and in a race in parts its lines."""

    told: Told
    head: SheetHead
    field: FieldSheet

    @property
    def is_in_parts(self) -> bool:
        """Say whether the lines are told one by one."""
        return self.told.kind == "field.top"

    @property
    def newest(self) -> tuple[int, str]:
        """Give the highest version of what it is made of, and when that was."""
        latest = self.field.latest
        if latest is not None and latest.version > self.head.version:
            return latest.version, latest.as_of
        return self.head.version, from_json(self.told.payload)["as_of"]

    def page(self, asked: Asked) -> bytes:
        """Write some lines as JSON, with a head that says which."""
        competitors, found, entries = self._some(asked)
        version, as_of = self.newest
        return to_json({
            "race_id": self.head.race_id,
            "version": version,
            "status": self.head.status,
            "as_of": as_of,
            "remaining": self.head.remaining,
            "competitors": competitors,
            "found": found,
            "offset": asked.offset,
            "limit": asked.limit,
            "entries": entries,
        })  # fmt: skip

    def _some(self, asked: Asked) -> tuple[int, int, list[_Line]]:
        these = slice(asked.offset, asked.offset + asked.limit)
        if not self.is_in_parts:
            everybody = self._entries()
            chosen = [entry for entry in everybody if _has(entry["competitor"], asked.search)]
            return len(everybody), len(chosen), chosen[these]
        names = self.field.found(asked.search) if asked.search else self.field.in_order()
        return self.field.count(), len(names), [self.field.entry(name) for name in names[these]]

    def _entries(self) -> list[_Line]:
        return list(from_json(self.told.payload)["entries"])

    def line(self, competitor_id: str) -> bytes | None:
        """Write somebody's line as JSON; None for who has none."""
        version, entry = self.head.version, None
        if not self.is_in_parts:
            there = (entry for entry in self._entries() if entry["competitor"]["id"] == competitor_id)
            entry = next(there, None)
        elif self.field.has(competitor_id):
            version = self.field.lines[competitor_id].version
            entry = self.field.entry(competitor_id)
        if entry is None:
            return None
        told = {"race_id": self.head.race_id, "version": version}
        return to_json(told | {"competitor_id": competitor_id, "entry": entry})

    def csv(self) -> bytes:
        """Write everybody as CSV, which takes a second for 20,000.

        Raises:
            ValidationError: where the sheet is of a newer kind.
        """
        standings = standings_of(self.told)
        if not self.is_in_parts:
            return as_csv(standings).encode()
        version, as_of = self.newest
        head = standings.model_copy(update={"version": version, "as_of": datetime.fromisoformat(as_of)})
        names = columns_at(self.field.distances())
        # A few at a time, because whoever sweeps up after 20,000 at once holds everybody up.
        everybody = self.field.in_order()
        pieces = [csv_head(names)]
        for first in range(0, len(everybody), MOST_LINES):
            some = (to_json(self.field.entry(name)) for name in everybody[first : first + MOST_LINES])
            entries = tuple(Entry.model_validate_json(entry) for entry in some)
            pieces.append(csv_lines(head.model_copy(update={"entries": entries}), names))
        return "".join(pieces).encode()


def standings_of(told: Told) -> Standings:
    """Read standings; of a race in parts its front.

    Raises:
        ValidationError: where they are of a newer kind.
    """
    if told.kind == "standings":
        return Standings.model_validate_json(told.payload)
    return Standings.model_validate_json(to_json(from_json(told.payload) | {"type": "standings"}))


def _has(competitor: Mapping[str, str], words: str) -> bool:
    sought = words.casefold()
    return sought in competitor["id"].casefold() or sought in competitor["name"].casefold()
