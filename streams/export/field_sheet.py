"""The sheet of a race in parts, put together from rows and parts by `order`, as docs/large-races.md says.

Theory of operation. Of each competitor the line with the highest version is kept, whether a row or a part
had it, so it does not matter in which order they came. The keys stay sorted: a row takes one out and puts
one in, found by halving, some microseconds among 20,000. What a line says of others, such as its rank, was
right in the version that told it; here it is counted anew for whoever asks.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import inf
from typing import Any

from pydantic_core import from_json

from streams.export.field_heads import RANKED, LineHead, PartHead, RowHead, line_in, row_of
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

    `words` are what it is found by, id and name in one case, null for who has no line any more; `at` is where
    in a part it is, null in a row.
    """

    head: RowHead | PartHead
    payload: bytes
    words: str | None
    order: tuple[int, ...]
    at: LineHead | None = None

    def entry(self) -> dict[str, Any]:
        """Parse the line, as it was told."""
        payload, at = self.payload, self.at
        return dict((from_json(payload) if at is None else line_in(payload, at))["entry"])

    def row(self, competitor_id: str) -> bytes:
        """Write the line as a `field.row`."""
        head = self.head
        return row_of(self.payload, head, competitor_id) if isinstance(head, PartHead) else self.payload


@dataclass(slots=True)
class FieldSheet:
    """Everybody's line in a race in parts.

    `lines` are by competitor id, `parts` by number, each as it was told. `latest` is the message with the
    highest version, and `changes` counts what came.
    """

    lines: dict[str, Line] = field(default_factory=dict)
    parts: dict[int, tuple[PartHead, bytes]] = field(default_factory=dict)
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

    def take(self, head: RowHead | PartHead, payload: bytes) -> None:
        """Take a row or a part; each line where none of a higher version is known.

        Args:
            head: what was read of it.
            payload: the message.
        """
        if isinstance(head, RowHead):
            name = head.competitor_id
            self._put(name, Line(head, payload, _words(name, head.name), head.order))
        else:
            had = self.parts.get(head.part)
            if had is None or head.version >= had[0].version:
                self.parts[head.part] = head, payload
            for name, line in head.lines.items():
                self._put(name, Line(head, payload, _words(name, line.name), line.order, line))
        if self.latest is None or head.version >= self.latest.version:
            self.latest = head
        self.changes += 1

    def _put(self, competitor_id: str, line: Line) -> None:
        had = self.lines.get(competitor_id)
        if had is not None and had.head.version > line.head.version:
            return
        self.lines[competitor_id] = line
        if had is not None and (had.order, had.words is None) == (line.order, line.words is None):
            return
        if had is not None and had.words is not None:
            del self._keys[bisect_left(self._keys, (had.order, competitor_id))]
            self._count(had, -1)
        if line.words is not None:
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

    def found(self, words: str, first: int = 0, last: int | None = None) -> list[str]:
        """Give those in whose id or name some words are, in any case, from one place to another, in order."""
        sought, lines = words.casefold(), self.lines
        return [name for _, name in self._keys[first:last] if sought in (lines[name].words or "")]

    def has(self, competitor_id: str) -> bool:
        """Say whether somebody has a line."""
        line = self.lines.get(competitor_id)
        return line is not None and line.words is not None

    def entry(self, competitor_id: str) -> dict[str, Any]:
        """Give somebody's line as it stands now, but for the ranks at splits, which are as they were told.

        Raises:
            KeyError: where nobody of this id has a line.
        """
        line = self.lines[competitor_id]
        if line.words is None:
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

    def distances(self, names: Iterable[str]) -> set[int]:
        """Give the metres at which any of some has a split; parses their lines."""
        return {split["distance_m"] for name in names for split in self.lines[name].entry()["splits"]}

    def starts(self, first: int, last: int) -> list[tuple[int, int, str]]:
        """Give pair, lane and id of who is on the sheet from one place up to and without another."""
        orders = ((self.lines[name].order, name) for _, name in self._keys[first:last])
        return [(order[-_START], order[1 - _START], name) for order, name in orders]

    def rows(self) -> Iterator[bytes]:
        """Give the rows that no part has replaced, also of who has no line any more."""
        return (line.payload for line in self.lines.values() if line.at is None)


def _words(competitor_id: str, name: str | None) -> str | None:
    """Put together what somebody is found by; no words that are asked for go over the end of a line."""
    return None if name is None else f"{competitor_id}\n{name}".casefold()


def _time_ms(line: Line) -> int:
    return line.order[-_START - 1]
