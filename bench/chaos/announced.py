"""What a subscriber of `skating.records` has in the end, and what there is to be had.

Which messages come depends on how races of a discipline interleave: with two races at once a time may be a
record for a minute, or may never have been one. What they come to does not: set on `record.set` and
`record.equalled`, take away on `record.revoked`, and the marks are those that all races together leave.
A near miss that is none any more is taken back by silence, so of these each that there is must have been told
last as it is, and one that was told may be none any more.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, NamedTuple

from pydantic import Field, TypeAdapter

from schemas.race import RaceId
from schemas.records import (
    Holding,
    RecordEqualled,
    RecordMessage,
    RecordMissed,
    RecordRevoked,
    RecordSet,
)
from streams.skating.boards import Boards
from streams.skating.boards_claims import BoardKey
from streams.skating.boards_walk import Mark
from streams.skating.records_missed import Scrutiny, misses

_RECORDS: TypeAdapter[RecordMessage] = TypeAdapter(Annotated[RecordMessage, Field(discriminator="type")])


class Name(NamedTuple):
    """Names a mark: a board, and who was on it in which race."""

    discipline: str
    kind: str
    scope: str | None
    race_id: RaceId
    competitor_id: str

    def __str__(self) -> str:
        """Say it in one line."""
        board = " ".join(filter(None, (self.kind, self.discipline, self.scope)))
        return f"{board} of {self.competitor_id} in {self.race_id}"


class Worth(NamedTuple):
    """What a mark is worth: times in milliseconds, and whether its race is official."""

    time_ms: int
    margin_ms: int
    previous: Holding | None
    status: str


@dataclass(slots=True)
class Announced:
    """Marks that stand, and near misses as they were told last."""

    marks: dict[Name, Worth] = field(default_factory=dict)
    missed: dict[Name, Worth] = field(default_factory=dict)

    def add(self, value: bytes) -> None:
        """Apply the next message of its discipline.

        Raises:
            ValueError: it is no message of records.
        """
        told = _RECORDS.validate_json(value)
        if isinstance(told, RecordRevoked):
            race_id, holder = told.record.race_id or told.race_id, told.record.holder.id
            self.marks.pop(Name(told.discipline, told.kind, told.scope, race_id, holder), None)
            return
        name = Name(told.discipline, told.kind, told.scope, told.race_id, told.competitor.id)
        known = self.missed if isinstance(told, RecordMissed) else self.marks
        known[name] = _worth(told)


def _worth(told: RecordSet | RecordEqualled | RecordMissed) -> Worth:
    return Worth(told.time_ms, told.margin_ms, told.previous, told.status)


def announced(all_boards: Mapping[str, Boards]) -> Announced:
    """Give what there is to be announced of the boards of all disciplines; openings are not."""
    found = Announced()
    for discipline, boards in all_boards.items():
        for key, board in boards.boards.items():
            if key.kind != "OPENING":
                for (race_id, competitor_id), mark in board.marks.items():
                    name = Name(discipline, key.kind, key.scope, race_id, competitor_id)
                    found.marks[name] = _of(boards, race_id, mark)
        for (key, race_id, competitor_id), miss in _misses(boards):
            name = Name(discipline, key.kind, key.scope, race_id, competitor_id)
            found.missed[name] = _of(boards, race_id, miss)
    return found


def _misses(boards: Boards) -> Iterable[tuple[tuple[BoardKey, str, str], Mark]]:
    return misses(boards, [Scrutiny(race_id, None, None) for race_id in boards.races]).items()


def _of(boards: Boards, race_id: str, mark: Mark) -> Worth:
    status = "official" if boards.races[race_id].status == "OFFICIAL" else "provisional"
    return Worth(mark.time_ms, mark.margin_ms, mark.previous, status)


def differing(told: Announced, there: Announced) -> Iterator[str]:
    """Name each mark that was not announced, does not stand, or is told otherwise, and each miss not told."""
    for name, worth in there.marks.items():
        if name not in told.marks:
            yield f"{name}: {worth.time_ms} ms stands and was not announced"
        elif told.marks[name] != worth:
            yield f"{name}: was told as {told.marks[name]}, and is {worth}"
    for name in told.marks.keys() - there.marks.keys():
        yield f"{name}: was announced, does not stand, and was not revoked"
    for name, worth in there.missed.items():
        if told.missed.get(name) != worth:
            yield f"{name}: is missed by {worth.margin_ms} ms, and that was not told last"
