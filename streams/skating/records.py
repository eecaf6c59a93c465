"""What is told of records: the difference between the boards before and after an event.

Who applies the messages in their order, setting on `record.set` and `record.equalled` and taking away on
`record.revoked`, has the marks of the boards at every moment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypedDict

from schemas.performances import BoardEvent, RacePerformances
from schemas.race import Competitor
from schemas.records import (
    Holding,
    RecordEqualled,
    RecordMessage,
    RecordMissed,
    RecordRevoked,
    RecordSet,
)
from schemas.reference import RecordKind, RecordListed, reference_key
from streams.skating.boards import (
    Boards,
    board_at,
    board_order,
    claims_of,
    concerned,
    listing_keys,
)
from streams.skating.boards_claims import BoardKey, RaceOnBoards, holding, midnight
from streams.skating.boards_walk import Mark, MarkKey
from streams.skating.records_missed import misses, other_scrutinies, scrutinies
from streams.skating.times import text

MarkStatus = Literal["provisional", "official"]


@dataclass(frozen=True, slots=True)
class Told:
    """A mark as it is told: on its board, in the standing of its race. The season is not told."""

    key: BoardKey = field(compare=False)
    mark: Mark
    status: MarkStatus


_Identity = tuple[RecordKind, str | None, str, str]
"""Names a mark for subscribers: kind, scope, race and competitor."""

_Changes = list[tuple[Told, RecordMessage]]


class _Fields(TypedDict):
    kind: RecordKind
    scope: str | None
    discipline: str
    race_id: str
    version: int
    as_of: datetime
    competitor: Competitor
    time_ms: int
    time: str
    margin_ms: int
    previous: Holding
    status: MarkStatus


def announce(
    before: Boards, after: Boards, event: BoardEvent, *, openings: bool
) -> tuple[RecordMessage, ...]:
    """Tell what an event changed in the marks of the boards.

    What does not stand any more comes first, then what was set, equalled or missed, or is now another time,
    margin, predecessor or status than was told; each in the order of kinds, the highest first, then of when
    it was skated, of race and of competitor.

    Args:
        before: the boards before the event.
        after: what `fold_boards(before, event)` gave.
        event: the event.
        openings: whether to tell of openings too.
    """
    if before is after:
        return ()
    keys = [key for key in _touched(before, after, event) if openings or key.kind != "OPENING"]
    turned = _turned(before, after, event)
    differing = [key for key in keys if turned or _board_marks(before, key) is not _board_marks(after, key)]
    was, now = _marks(before, differing), _marks(after, differing)
    fallen: _Changes = [
        (told, _revoked(before, after, event, told))
        for name, told in was.items()
        if name not in now or _is_equalled(now[name]) != _is_equalled(told)
    ]
    new: _Changes = [(told, _made(after, event, told)) for name, told in now.items() if was.get(name) != told]
    new += _missed(before, after, event, keys)
    return tuple(message for changes in (fallen, new) for _, message in sorted(changes, key=_place))


def _touched(before: Boards, after: Boards, event: BoardEvent) -> list[BoardKey]:
    if not isinstance(event, RacePerformances):
        name = reference_key(event) if isinstance(event, RecordListed) else event.key
        return listing_keys(after, name)
    old, new = before.races.get(event.race_id), after.races[event.race_id]
    these = concerned(old, new, event)
    if old is not None and _turned(before, after, event):
        these = (*old.performances, *new.performances)
    keys: dict[BoardKey, None] = {}
    for competitor_id in these:
        keys |= dict.fromkeys(claims_of(old, competitor_id))
        keys |= dict.fromkeys(claims_of(new, competitor_id))
    return list(keys)


def _turned(before: Boards, after: Boards, event: BoardEvent) -> bool:
    """Tell whether an event made the race's marks official, or provisional again."""
    if not isinstance(event, RacePerformances) or event.race_id not in before.races:
        return False
    return _status(before.races[event.race_id]) != _status(after.races[event.race_id])


def _board_marks(boards: Boards, key: BoardKey) -> Mapping[MarkKey, Mark] | None:
    board = boards.boards.get(key)
    return None if board is None else board.marks


def _marks(boards: Boards, keys: Iterable[BoardKey]) -> dict[_Identity, Told]:
    return {
        (key.kind, key.scope, race_id, competitor_id): _told(boards, key, mark)
        for key in keys
        for (race_id, competitor_id), mark in (_board_marks(boards, key) or {}).items()
    }


def _missed(before: Boards, after: Boards, event: BoardEvent, keys: list[BoardKey]) -> _Changes:
    race_event = event if isinstance(event, RacePerformances) else None
    looks = scrutinies(before, after, race_event) + other_scrutinies(before, after, keys)
    was = {name: _told(before, name[0], mark) for name, mark in misses(before, looks).items()}
    now = {name: _told(after, name[0], mark) for name, mark in misses(after, looks).items()}
    return [
        (told, RecordMissed(**_fields(after, event, told)))
        for name, told in now.items()
        if was.get(name) != told
    ]


def _told(boards: Boards, key: BoardKey, mark: Mark) -> Told:
    return Told(key, mark, _status(boards.races[mark.order.race_id]))


def _made(after: Boards, event: BoardEvent, told: Told) -> RecordMessage:
    fields = _fields(after, event, told)
    return RecordEqualled(**fields) if _is_equalled(told) else RecordSet(**fields)


def _fields(after: Boards, event: BoardEvent, told: Told) -> _Fields:
    mark = told.mark
    race = after.races[mark.order.race_id]
    return _Fields(
        kind=told.key.kind,
        scope=told.key.scope,
        discipline=race.discipline,
        race_id=race.race_id,
        version=_version(event, race),
        as_of=_as_of(event, mark),
        competitor=mark.competitor,
        time_ms=mark.time_ms,
        time=text(mark.time_ms),
        margin_ms=mark.margin_ms,
        previous=mark.previous,
        status=told.status,
    )


def _revoked(before: Boards, after: Boards, event: BoardEvent, told: Told) -> RecordRevoked:
    mark = told.mark
    race = before.races[mark.order.race_id]
    reigns = board_at(after, told.key).reigns
    return RecordRevoked(
        kind=told.key.kind,
        scope=told.key.scope,
        discipline=race.discipline,
        race_id=race.race_id,
        version=_version(event, race),
        as_of=_as_of(event, mark),
        record=Holding(
            time_ms=mark.time_ms,
            time=text(mark.time_ms),
            holder=mark.competitor,
            set_on=race.skated_on,
            race_id=race.race_id,
        ),
        in_force=holding(reigns[-1]) if reigns else None,
        cause=_cause(event),
    )


def _cause(event: BoardEvent) -> Literal["correction", "ruling", "listing"]:
    if not isinstance(event, RacePerformances):
        return "listing"
    return "ruling" if event.cause == "ruling" else "correction"


def _version(event: BoardEvent, race: RaceOnBoards) -> int:
    return event.version if isinstance(event, RacePerformances) else race.version


def _as_of(event: BoardEvent, mark: Mark) -> datetime:
    if isinstance(event, RacePerformances):
        return event.as_of
    if isinstance(event, RecordListed):
        if event.occurred_at is not None:
            return event.occurred_at
        if event.set_on is not None:
            return midnight(event.set_on)
    return mark.order.at


def _status(race: RaceOnBoards) -> MarkStatus:
    return "official" if race.status == "OFFICIAL" else "provisional"


def _is_equalled(told: Told) -> bool:
    return told.mark.margin_ms == 0


def _place(change: tuple[Told, RecordMessage]) -> tuple[int, datetime, str, str, str, bool]:
    told, message = change
    kind, scope, _ = board_order(told.key)
    order = told.mark.order
    is_miss = message.type == "record.missed"
    return (kind, order.at, order.race_id, order.holder_id, scope, is_miss)
