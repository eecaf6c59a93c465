"""The whole sheet of any race, in pages and to be written otherwise, and one competitor's line of it.

Of an ordinary race it is what the standings say; that of a race in parts is put together from its lines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json, to_json

from schemas.standings import Standings
from streams.export.field_sheet import FieldSheet
from streams.export.whole import Whole, whole
from streams.gateway.told import SheetHead, Told
from streams.gateway.turns import give_way

MOST_LINES = 250
"""How many lines a page has at most."""
_SEARCHED = 4_000
"""How many are searched at once: a millisecond."""

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

    def still(self) -> "WholeSheet":
        """Give the same, which stays as it is while others come in."""
        return WholeSheet(self.told, self.head, self.field.copy())

    async def page(self, asked: Asked) -> bytes:
        """Write some lines as JSON, with a head that says which; many are searched in bites."""
        if asked.search and self.is_in_parts:
            return await self.still()._searched(asked)  # noqa: SLF001 - one of the same
        if self.is_in_parts:
            some = self.field.in_order(asked.offset, asked.offset + asked.limit)
            count = self.field.count()
            return self._page(asked, count, count, [self.field.entry(name) for name in some])
        everybody = self._entries()
        chosen = [entry for entry in everybody if _has(entry["competitor"], asked.search)]
        these = chosen[asked.offset : asked.offset + asked.limit]
        return self._page(asked, len(everybody), len(chosen), these)

    async def _searched(self, asked: Asked) -> bytes:
        names, count = list[str](), self.field.count()
        for first in range(0, count, _SEARCHED):
            names += self.field.found(asked.search, first, first + _SEARCHED)
            await give_way()
        some = names[asked.offset : asked.offset + asked.limit]
        return self._page(asked, count, len(names), [self.field.entry(name) for name in some])

    def _page(self, asked: Asked, competitors: int, found: int, entries: list[_Line]) -> bytes:
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

    def _entries(self) -> list[_Line]:
        return list(from_json(self.told.payload)["entries"])

    def line(self, competitor_id: str) -> bytes | None:
        """Write somebody's line as JSON; None for who has none."""
        version, entry = self.head.version, None
        if not self.is_in_parts:
            there = (entry for entry in self._entries() if entry["competitor"]["id"] == competitor_id)
            entry = next(there, None)
        elif self.field.has(competitor_id):
            version = self.field.lines[competitor_id].head.version
            entry = self.field.entry(competitor_id)
        if entry is None:
            return None
        told = {"race_id": self.head.race_id, "version": version}
        return to_json(told | {"competitor_id": competitor_id, "entry": entry})

    def whole(self) -> Whole:
        """Give everybody, to be written in another form.

        Raises:
            ValidationError: where the sheet is of a newer kind.
        """
        if self.is_in_parts:
            return whole(self.told.payload, self.field)
        return Whole(Standings.model_validate_json(self.told.payload))


def _has(competitor: Mapping[str, str], words: str) -> bool:
    sought = words.casefold()
    return sought in competitor["id"].casefold() or sought in competitor["name"].casefold()
