"""The messages of a race in parts: the front of its sheet, the rows of some, and all of it in parts."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from schemas.field import FieldLine, FieldPart, FieldRow, FieldTop
from schemas.standings import Entry
from schemas.timing import TimingEvent
from streams.processing.in_parts_rows import SEPARATOR
from streams.processing.written import standings_json
from streams.skating.field import Field, belongs
from streams.skating.front import FIRST, all_lines, entry
from streams.skating.listing import LINES_IN_A_PART
from streams.skating.sheet import Sheet

Told = tuple[str, FieldTop | FieldRow | FieldPart, bytes]
"""A message with its key, and its JSON."""

MOST_BYTES = 900_000
"""What the lines of a message may have together: with the largest head still less than every topic takes."""


def front_told(
    of: Field, front: Sheet, lines: Mapping[str, tuple[Entry, bytes]], event: TimingEvent, version: int
) -> Told:
    """Tell the front of a sheet: as many of its lines as fit.

    Args:
        of: the field.
        front: its front.
        lines: the lines of that, with their JSON.
        event: what led to it.
        version: of the race.
    """
    head = FieldTop(
        race_id=event.race_id,
        version=version,
        status=front.status,
        as_of=event.occurred_at,
        race=of.race.definition,
        entries=(),
        on_ice=front.on_ice,
        next=front.next,
        remaining=front.remaining,
        competitors=len(of.order),
    )
    fit = len(next(_together((line for _, line in lines.values()), FIRST), ()))
    return event.race_id, head, standings_json(head, dict(islice(lines.items(), fit)))


def rows_told(
    of: Field, front: Sheet, names: Iterable[str], event: TimingEvent, version: int
) -> Iterator[Told]:
    """Tell the lines of some, and of who has none any more that there is none.

    Args:
        of: the field.
        front: its front, of which the lines are drawn already.
        names: whose.
        event: what led to it.
        version: of the race.
    """
    drawn = {line.competitor.id: line for line in front.entries}
    for name in names:
        line = drawn.get(name)
        if line is None and of.skated.get(name) is not None:
            line = entry(of, name)
        told = FieldRow(
            race_id=event.race_id,
            version=version,
            as_of=event.occurred_at,
            competitor_id=name,
            entry=line,
            order=belongs(of, name),
        )
        yield _key(event, "row", name), told, told.model_dump_json().encode()


def all_parts(of: Field, front: Sheet, event: TimingEvent, version: int) -> Iterator[Told]:
    """Tell the whole sheet, in parts.

    Args:
        of: the field.
        front: its front.
        event: what led to it.
        version: of the race.
    """
    lines = (
        FieldLine(entry=line, order=belongs(of, line.competitor.id)).model_dump_json().encode()
        for line in all_lines(of)
    )
    parts = list(_together(lines, LINES_IN_A_PART)) or [[]]
    for part, those in enumerate(parts, start=1):
        head = FieldPart(
            race_id=event.race_id,
            version=version,
            as_of=event.occurred_at,
            status=front.status,
            part=part,
            parts=len(parts),
            lines=(),
        )
        bare = head.model_dump_json().encode().removesuffix(b"]}")
        yield _key(event, "part", str(part)), head, b"%b%b]}" % (bare, b",".join(those))


def _key(event: TimingEvent, what: str, which: str) -> str:
    return SEPARATOR.join((event.race_id, what, which))


def _together(lines: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    """Put so many lines together, and fewer where they are long; none of them is left out."""
    those: list[bytes] = []
    size = 0
    for line in lines:
        if those and (len(those) == most or size + len(line) > MOST_BYTES):
            yield those
            those, size = [], 0
        those.append(line)
        size += len(line) + 1
    if those:
        yield those
