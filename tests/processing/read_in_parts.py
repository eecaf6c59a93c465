"""What a subscriber makes of `skating.field`, as docs/large-races.md tells it to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.field import FieldPart, FieldRow, FieldTop
from schemas.outputs import OUTPUT
from schemas.standings import Entry
from streams.processing.messages import Published
from streams.skating.front import NEXT
from streams.skating.listing import places
from streams.skating.race import Race
from streams.skating.sheet import Sheet, everybody, sheet

LIVE_FIELDS = {"rank", "rank_equal", "sort_order", "thousandth", "behind_ms", "behind"}
"""What others decide of a line: right in the version that told it."""

Line = tuple[int, Entry | None, tuple[int, ...]]
"""A line with its version and where it belongs; null for none."""


@dataclass(slots=True)
class Subscriber:
    """Keeps the highest version of each key, and of each competitor the line of the highest."""

    top: FieldTop | None = None
    lines: dict[str, Line] = field(default_factory=dict)
    parts: dict[int, FieldPart] = field(default_factory=dict)
    kept: dict[bytes, int] = field(default_factory=dict)

    def read(self, messages: Iterable[Published]) -> None:
        """Read messages in the order of their partition."""
        for message in messages:
            if message.stream != "field" or message.key is None:
                continue
            told = OUTPUT.validate_json(message.value)
            assert isinstance(told, FieldTop | FieldRow | FieldPart)
            assert message.placed_by == told.race_id.encode()
            if told.version < self.kept.get(message.key, 0):
                continue
            self.kept[message.key] = told.version
            if isinstance(told, FieldTop):
                self.top = told
            elif isinstance(told, FieldRow):
                self._line(told.competitor_id, (told.version, told.entry, told.order))
            else:
                self.parts[told.part] = told
                for line in told.lines:
                    self._line(line.entry.competitor.id, (told.version, line.entry, line.order))

    def _line(self, name: str, line: Line) -> None:
        if name not in self.lines or line[0] >= self.lines[name][0]:
            self.lines[name] = line

    @property
    def in_order(self) -> list[Entry]:
        """Give everybody's line where it belongs."""
        there = [(order, entry) for _, entry, order in self.lines.values() if entry is not None]
        return [entry for _, entry in sorted(there, key=lambda each: (each[0], each[1].competitor.id))]

    @property
    def result(self) -> list[Entry]:
        """Give the lines of the last closing."""
        newest = max(part.version for part in self.parts.values())
        parts = [part for _, part in sorted(self.parts.items()) if part.version == newest]
        assert {part.parts for part in parts} == {len(parts)}
        return [line.entry for part in parts for line in part.lines]


def drawn(race: Race) -> Sheet:
    """Draw up the whole sheet of a race in parts, each where the list has them."""
    listed = places(race)
    return sheet(
        race, sorted(everybody(race), key=lambda each: (listed[each.competitor.id], each.competitor.id))
    )


def own(entry: Entry) -> dict[str, object]:
    """Give what of a line is the competitor's own."""
    said = entry.model_dump(exclude=LIVE_FIELDS)
    said["splits"] = [(split.distance_m, split.time_ms, split.lap_ms) for split in entry.splits]
    return said


def hold_against_the_sheet(heard: Subscriber, race: Race) -> None:
    """Compare the front, everybody's own line and the order with the sheet of the race as folded."""
    expected, top = drawn(race), heard.top
    assert top is not None
    assert (top.race, top.status, top.on_ice) == (race.definition, expected.status, expected.on_ice)
    assert top.entries == expected.entries[:100]
    assert top.next == expected.next[:NEXT]
    assert top.competitors == len(expected.entries)
    assert [own(entry) for entry in heard.in_order] == [own(entry) for entry in expected.entries]
