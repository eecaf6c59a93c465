"""The records step: performances and listings of a discipline in; records, pace and needs out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from schemas.needs import Needs
from schemas.performances import BOARD_EVENTS, BoardEvent, RacePerformances, RecordUnlisted
from schemas.reference import RecordListed, reference_key
from streams.processing.messages import Published, Received, published
from streams.processing.step import Change, Step, UnusableError, one_line
from streams.processing.written_boards import WrittenOnBoards, race_on_boards_json, written_on_boards
from streams.skating.boards import Boards, assemble, fold_boards, splits_in_force_for
from streams.skating.boards_claims import RACE_ROW, kept_races
from streams.skating.needs import concerned_races, needs_are, race_needs
from streams.skating.pace import pace_at
from streams.skating.records import announce

_LISTED: TypeAdapter[tuple[RecordListed, ...]] = TypeAdapter(tuple[RecordListed, ...])

_RACE_ROW = "race"
_LISTED_ROW = "listed"


@dataclass(frozen=True, slots=True)
class _Known:
    """The boards of a discipline, by its name, and what was written of the race that was written last."""

    discipline: str
    boards: Boards
    written: WrittenOnBoards = field(default_factory=WrittenOnBoards, compare=False, repr=False)


def group_of_row(row: str) -> str:
    """Name the discipline that a row belongs to."""
    return row.split("|", 1)[0]


def _group(received: Received) -> str:
    if received.key is None:
        raise UnusableError("key: must be the discipline, got none")
    try:
        return received.key.decode()
    except UnicodeDecodeError:
        raise UnusableError("key: must be the discipline in UTF-8") from None


def _event(received: Received) -> BoardEvent:
    """Read a message; one under another key than its discipline's would be folded into the wrong boards."""
    if received.value is None:
        raise UnusableError("value: must be performances or a listing, got none")
    try:
        event = BOARD_EVENTS.validate_json(received.value)
    except ValidationError as error:
        raise UnusableError(one_line(error)) from None
    discipline = event.key.split("/")[1] if isinstance(event, RecordUnlisted) else event.discipline
    if discipline != _group(received):
        raise UnusableError(f"key: must be the discipline {discipline}, got {_group(received)}")
    return event


def _handle(state: _Known | None, received: Received, *, openings: bool) -> Change[_Known]:
    event, discipline = _event(received), _group(received)
    before = Boards() if state is None else state.boards
    after = fold_boards(before, event)
    if after is before:
        return Change(state or _Known(discipline, before), None, ())
    messages = (
        _paces(before, after, event, received)
        + _announced(before, after, event, received, openings)
        + _needed(before, after, event, received)
    )
    written = WrittenOnBoards() if state is None else state.written
    if isinstance(event, RacePerformances):
        written = written_on_boards(after.races[event.race_id], written)
    return Change(_Known(discipline, after, written), _row(discipline, event), messages)


def _row(discipline: str, event: BoardEvent) -> str:
    if isinstance(event, RacePerformances):
        return f"{discipline}|{_RACE_ROW}|{event.race_id}"
    key = reference_key(event) if isinstance(event, RecordListed) else event.key
    return f"{discipline}|{_LISTED_ROW}|{key}"


def _identity(event: BoardEvent, received: Received) -> str:
    """Name what messages are made from; a listing has no version, its place in the topic stands for it."""
    if isinstance(event, RacePerformances):
        return f"{event.race_id}@{event.version}.{event.place}"
    return received.place


def _paces(before: Boards, after: Boards, event: BoardEvent, received: Received) -> tuple[Published, ...]:
    """Tell the pace of each split, against the records as they stood before the event."""
    if not isinstance(event, RacePerformances):
        return ()
    race = after.races[event.race_id]
    sealed = []
    for number, passed in enumerate(event.passed):
        competitor = race.performances[passed.competitor_id].competitor
        records = splits_in_force_for(before, race, competitor)
        pace = pace_at(passed, event, race.performances, records)
        identity = f"{_identity(event, received)}.{number}"
        sealed.append(
            published("pace", event.race_id, pace, identity=identity, at=event.as_of, cause=received)
        )
    return tuple(sealed)


def _announced(
    before: Boards, after: Boards, event: BoardEvent, received: Received, openings: bool
) -> tuple[Published, ...]:
    return tuple(
        published(
            "records",
            message.discipline,
            message,
            identity=f"{_identity(event, received)}.{number}",
            at=message.as_of,
            cause=received,
        )
        for number, message in enumerate(announce(before, after, event, openings=openings))
    )


def _needed(before: Boards, after: Boards, event: BoardEvent, received: Received) -> tuple[Published, ...]:
    """Tell what is needed now in every race where that is no longer what it was.

    Told is the difference between two states, so what was told last need not be remembered.
    """
    own = event.race_id if isinstance(event, RacePerformances) else None
    sealed = []
    for race_id in concerned_races(before, after, own):
        now = race_needs(after, race_id)
        if needs_are(before, race_id, now):
            continue
        race = after.races[race_id]
        at = _occurred_at(event) or race.heard_until
        needs = Needs(race_id=race_id, version=race.version, as_of=at, entries=now)
        identity = _identity(event, received) + ("" if race_id == own else f"/{race_id}")
        sealed.append(published("needs", race_id, needs, identity=identity, at=at, cause=received))
    return tuple(sealed)


def _occurred_at(event: BoardEvent) -> datetime | None:
    if isinstance(event, RacePerformances):
        return event.as_of
    return event.occurred_at if isinstance(event, RecordListed) else None


def _dump(state: _Known, row: str) -> bytes:
    _, what, name = row.split("|", 2)
    if what == _RACE_ROW:
        return race_on_boards_json(state.boards.races[name], state.written)
    return _LISTED.dump_json(state.boards.listings.get(name, ()))


def _load(rows: Mapping[str, bytes]) -> _Known:
    listings = {}
    races = []
    discipline = ""
    for row, stored in sorted(rows.items()):
        discipline, what, name = row.split("|", 2)
        if what == _RACE_ROW:
            races.append((name, stored))
        elif listed := _LISTED.validate_json(stored):
            listings[name] = listed
    # Read one by one: all races of all seasons at once are more than a worker need have room for.
    kept = kept_races((name, RACE_ROW.validate_json(stored)) for name, stored in races)
    return _Known(discipline, assemble(listings, kept))


def records_step(*, openings: bool) -> Step[_Known]:
    """Make the records step.

    Args:
        openings: whether fastest openings are announced like records; they are a statistic, no record.
    """

    def handle(state: _Known | None, received: Received) -> Change[_Known]:
        return _handle(state, received, openings=openings)

    return Step(
        name="boards",
        reads="performances",
        gapless=True,
        group=_group,
        handle=handle,
        group_of_row=group_of_row,
        dump=_dump,
        load=_load,
    )
