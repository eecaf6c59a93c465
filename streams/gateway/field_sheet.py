"""The sheet of a race in parts, put together from rows and parts by `order`, as docs/large-races.md says.

Theory of operation. Of each competitor the line with the highest version is kept, whether a row or a part
had it, so it does not matter in which order they came. The keys stay sorted: a row takes one out and puts
one in, found by halving, some microseconds among 20,000. What a line says of others, such as its rank, was
right in the version that told it; here it is counted anew for whoever asks.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from typing import Any

from pydantic_core import from_json

from streams.gateway.field_heads import RANKED, LineHead, PartHead, RowHead, line_in, row_of
from streams.gateway.told import Told
from streams.skating import times
from streams.skating.lines import decided_by_others

_Key = tuple[tuple[float, ...], str]
_START = 3
"""Pair, lane and place in the list come last in `order`, behind group and merit."""
_LIKE_A_TIME = 2
"""Group and time are all of who is ranked by time; in a mass start laps and points stand between them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A competitor's line: the message that has it, and what of it has to be known to find it.

    `name` is null for who has no line any more; `at` is where in a part it is, null in a row.
    """

    told: Told
    version: int
    name: str | None
    order: tuple[int, ...]
    at: LineHead | None = None

    def entry(self) -> dict[str, Any]:
        """Parse the line, as it was told."""
        payload, at = self.told.payload, self.at
        return dict((from_json(payload) if at is None else line_in(payload, at))["entry"])

    def row(self, competitor_id: str) -> bytes:
        """Write the line as a `field.row`."""
        head = self.told.content
        return (
            row_of(self.told.payload, head, competitor_id)
            if isinstance(head, PartHead)
            else self.told.payload
        )


@dataclass(slots=True)
class FieldSheet:
    """Everybody's line in a race in parts.

    `lines` are by competitor id, `parts` by number. `latest` is the message with the highest version, and
    `changes` counts what came.
    """

    lines: dict[str, Line] = field(default_factory=dict)
    parts: dict[int, Told] = field(default_factory=dict)
    latest: RowHead | PartHead | None = None
    changes: int = 0
    _keys: list[_Key] = field(default_factory=list)
    _hundredths: Counter[int] = field(default_factory=Counter)

    def copy(self) -> "FieldSheet":
        """Give another one with the same in it."""
        keys = self._keys.copy()
        return FieldSheet(
            self.lines.copy(), self.parts.copy(), self.latest, self.changes, keys, self._hundredths.copy()
        )

    def take(self, told: Told) -> None:
        """Take a row or a part; each line where none of a higher version is known."""
        head = told.content
        if isinstance(head, RowHead):
            self._put(head.competitor_id, Line(told, head.version, head.name, head.order))
        elif isinstance(head, PartHead):
            had = self.parts.get(head.part)
            if had is None or head.version >= had.content.version:
                self.parts[head.part] = told
            for name, line in head.lines.items():
                self._put(name, Line(told, head.version, line.name, line.order, line))
        else:
            raise TypeError(f"this is of no race in parts: {told.kind}")
        if self.latest is None or head.version >= self.latest.version:
            self.latest = head
        self.changes += 1

    def _put(self, competitor_id: str, line: Line) -> None:
        had = self.lines.get(competitor_id)
        if had is not None and had.version > line.version:
            return
        self.lines[competitor_id] = line
        if had is not None and (had.order, had.name is None) == (line.order, line.name is None):
            return
        if had is not None and had.name is not None:
            del self._keys[bisect_left(self._keys, (had.order, competitor_id))]
            self._count(had, -1)
        if line.name is not None:
            insort(self._keys, (line.order, competitor_id))
            self._count(line, 1)

    def _count(self, line: Line, change: int) -> None:
        if line.order[0] == RANKED:
            self._hundredths[times.shown(_time_ms(line))] += change

    def count(self) -> int:
        """Count who has a line."""
        return len(self._keys)

    def in_order(self, first: int = 0, last: int | None = None) -> list[str]:
        """Give the competitors from one place of the sheet up to and without another, counted from 0."""
        return [name for _, name in self._keys[first:last]]

    def found(self, words: str) -> list[str]:
        """Give those in whose id or name some words are, in any case, in the order of the sheet."""
        sought = words.casefold()
        return [
            name
            for _, name in self._keys
            if sought in name.casefold() or sought in (self.lines[name].name or "").casefold()
        ]

    def has(self, competitor_id: str) -> bool:
        """Say whether somebody has a line."""
        line = self.lines.get(competitor_id)
        return line is not None and line.name is not None

    def entry(self, competitor_id: str) -> dict[str, Any]:
        """Give somebody's line as it stands now, but for the ranks at splits, which are as they were told.

        Raises:
            KeyError: where nobody of this id has a line.
        """
        line = self.lines[competitor_id]
        if line.name is None:
            raise KeyError(competitor_id)
        keys = self._keys
        entry = line.entry()
        place = bisect_left(keys, (line.order, competitor_id)) + 1
        if line.order[0] != RANKED:
            return entry | decided_by_others(None, None, False, place, None, shared=False)
        merit: tuple[float, ...] = line.order[:-_START]
        in_front = bisect_left(keys, (merit, ""))
        equal = bisect_left(keys, ((*merit, inf), "")) - in_front > 1
        time_ms = _time_ms(line)
        leader_ms = keys[0][0][1]
        gap = times.difference(time_ms, int(leader_ms)) if len(merit) == _LIKE_A_TIME else None
        shared = self._hundredths[times.shown(time_ms)] > 1
        return entry | decided_by_others(time_ms, in_front + 1, equal, place, gap, shared=shared)

    def distances(self) -> set[int]:
        """Give the metres at which anybody has a split; parses everybody's line."""
        return {
            split["distance_m"]
            for line in self.lines.values()
            if line.name is not None
            for split in line.entry()["splits"]
        }

    def rows(self) -> Iterator[bytes]:
        """Give the rows that no part has replaced, also of who has no line any more."""
        return (line.told.payload for line in self.lines.values() if line.at is None)


def _time_ms(line: Line) -> int:
    return line.order[-_START - 1]
