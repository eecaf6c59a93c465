"""A race whose sheet is in parts, in the standings step: what an event makes of it, at the cost of the event.

Of a smaller race every message has everybody. Here the front of the sheet is told where it changed, and a row
for each whom the event was about; the whole sheet, in parts, where the race is closed, and where an event was
about more than two parts of a start list.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from schemas.model import Model
from schemas.standings import Entry
from schemas.timing import RaceClosed, StartListAdded, TimingEvent
from streams.processing.in_parts_rows import remembered, row, row_of
from streams.processing.messages import Published, Received, Stream, published
from streams.processing.parts import all_parts, front_told, rows_told
from streams.processing.podium_told import OnPodium, podium_told
from streams.processing.step import Change, UnusableError
from streams.processing.written import entries_written
from streams.skating import field as fields
from streams.skating.field import MOST_AT_ONCE, Field, concerned, followed, is_touched
from streams.skating.fold import Refused, fold
from streams.skating.front import front, sure
from streams.skating.life import is_closed
from streams.skating.podium import podium
from streams.skating.sheet import Sheet


@dataclass(frozen=True, slots=True)
class InParts:
    """A race in its order, its front and its podium; its version, and how many messages that has had.

    `lists` counts the parts of start lists that are remembered, `listed` is the last of them that was told.
    `written` has the lines of the front as JSON.
    """

    everybody: Field
    version: int
    place: int
    lists: int
    listed: StartListAdded | None
    front: Sheet
    podium: OnPodium
    written: Mapping[str, tuple[Entry, bytes]] = field(compare=False, repr=False)


def handled(state: InParts | None, received: Received, event: TimingEvent) -> Change[InParts]:
    """Take an event of a race in parts.

    Args:
        state: the race; None where it is not defined yet.
        received: the message.
        event: what was read of it.

    Raises:
        UnusableError: where the event cannot be used.
    """
    race = fold(None if state is None else state.everybody.race, event)
    if isinstance(race, Refused):
        raise UnusableError(race.reason)
    if state is None:
        return _told(None, _drawn(fields.field(race)), (), received, event)
    if race is state.everybody.race:
        return Change(state, None, ())
    names = concerned(state.everybody, race, event)
    of = followed(state.everybody, race, event)
    asked = of.skated if names is None else names
    touched = tuple(name for name in asked if is_touched(state.everybody, of, name))
    return _told(state, _drawn(of, state, names), touched, received, event)


def _drawn(of: Field, before: InParts | None = None, names: Collection[str] | None = None) -> InParts:
    """Draw what follows from an order; version and place are still those of before."""
    known = () if before is None else before.front.entries
    shown = front(of, None if before is None else before.everybody, known, names)
    steps = podium(of.race, shown)
    return InParts(
        everybody=of,
        version=0 if before is None else before.version,
        place=0 if before is None else before.place,
        lists=0 if before is None else before.lists,
        listed=None if before is None else before.listed,
        front=shown,
        podium=OnPodium(of.race, steps, sure(of, steps)),
        written=entries_written(shown.entries, {} if before is None else before.written),
    )


def _told(
    before: InParts | None, after: InParts, touched: tuple[str, ...], received: Received, event: TimingEvent
) -> Change[InParts]:
    in_whole = isinstance(event, RaceClosed) or len(touched) > MOST_AT_ONCE
    front_moved = before is None or _front_says(before) != _front_says(after)
    version, place = after.version, after.place
    messages: tuple[Published, ...] = ()
    if front_moved or touched or in_whole:
        version, place = version + 1, 0
        messages = _messages(before, after, (touched, front_moved, in_whole), received, event)
    name = row_of(event, after.lists)
    if isinstance(event, StartListAdded):
        after = replace(after, lists=after.lists + 1, listed=event)
    return Change(replace(after, version=version, place=place + len(messages)), name, messages)


def _front_says(of: InParts) -> tuple[object, ...]:
    """Give what makes a front worth telling: all that it says, but for who has still to finish."""
    shown = of.front
    competitors = len(of.everybody.order)
    return of.everybody.race.definition, shown.status, shown.entries, shown.on_ice, shown.next, competitors


def _messages(
    before: InParts | None,
    after: InParts,
    told: tuple[tuple[str, ...], bool, bool],
    received: Received,
    event: TimingEvent,
) -> tuple[Published, ...]:
    touched, front_moved, in_whole = told
    of, shown, version = after.everybody, after.front, after.version + 1
    sheet = [front_told(of, shown, after.written, event, version)] if front_moved or in_whole else []
    if in_whole:
        sheet.extend(all_parts(of, shown, event, version))
        touched = tuple(name for name in touched if of.skated[name] is None)
    sheet.extend(rows_told(of, shown, touched, event, version))
    moved = podium_told(None if before is None else before.podium, after.podium, event, version)
    sealed: list[Published] = []

    def seal(stream: Stream, key: str, message: Model, value: bytes | None = None) -> None:
        identity, place = f"{event.race_id}@{version}.{len(sealed)}", event.race_id
        at = event.occurred_at
        sealed.append(
            published(
                stream, key, message, identity=identity, at=at, cause=received, value=value, placed_by=place
            )
        )

    for key, message, value in sheet:
        seal("field", key, message, value)
    for each in moved:
        seal("podium", event.race_id, each)
    return tuple(sealed)


def dumped(state: InParts, name: str) -> bytes:
    """Write the row that the last event changed."""
    return row(state.everybody.race, name, state.listed, state.version, state.place)


def loaded(rows: Mapping[str, bytes]) -> InParts:
    """Read a race from its rows."""
    known = remembered(rows)
    drawn = _drawn(fields.field(known.race))
    return replace(drawn, version=known.version, place=known.place, lists=known.lists)


def is_over(state: InParts) -> bool:
    """Tell whether a race is closed: what comes after that is a ruling now and then."""
    return is_closed(state.front.status)
