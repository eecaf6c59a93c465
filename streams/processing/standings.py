"""The standings step: timing events in; the sheet, the podium and the performances of each race out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter, ValidationError

from schemas.model import Model
from schemas.podium import PodiumChanged, PodiumPlace, PodiumSecured
from schemas.race import RaceDefinition
from schemas.standings import Standings
from schemas.timing import TIMING, RaceScheduled, TimingEvent
from streams.processing.messages import Received, Stream, published
from streams.processing.performed import performed
from streams.processing.results import RANKINGS_KEY, Came, came, results
from streams.processing.step import Change, Step, UnusableError, one_line
from streams.processing.written import Written, race_json, standings_json, written
from streams.skating.counting import Skated
from streams.skating.fold import Refused, fold
from streams.skating.podium import Secured, cause, changes, podium, secured
from streams.skating.race import Race
from streams.skating.sheet import Sheet, everybody, sheet


@dataclass(frozen=True, slots=True)
class Row:
    """What is remembered of a race: itself, its version, and how many messages that version has had."""

    race: Race
    version: int
    place: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with what follows from its race, so that it is worked out once; and what was written of it."""

    row: Row
    present: list[Skated]
    sheet: Sheet
    podium: tuple[PodiumPlace, ...]
    secured: tuple[Secured, ...]
    came: Came
    written: Written = field(compare=False)


_Message = tuple[Stream, str, Model, bytes | None]
"""A message with its stream and key, and its JSON where that was written already."""

_ROW: TypeAdapter[Row] = TypeAdapter(Row)


def _shown(row: Row, before: Shown | None = None) -> Shown:
    race = row.race
    if before is None:
        present, drawn_before, known = everybody(race), None, Written()
    else:
        present = everybody(race, before.row.race, before.present)
        drawn_before, known = before.sheet, before.written
    drawn = sheet(race, present, drawn_before)
    steps = podium(race, drawn)
    return Shown(
        row=row,
        present=present,
        sheet=drawn,
        podium=steps,
        secured=secured(race, drawn, present, steps),
        came=came(race, present, drawn, None if before is None else before.came),
        written=written(race, drawn.entries, known),
    )


def _group(received: Received) -> str:
    if received.key is None:
        raise UnusableError("key: must be the race_id, got none")
    try:
        return received.key.decode()
    except UnicodeDecodeError:
        raise UnusableError("key: must be the race_id in UTF-8") from None


def _event(received: Received) -> TimingEvent:
    if received.value is None:
        raise UnusableError("value: must be a timing event, got none")
    try:
        event = TIMING.validate_json(received.value)
    except ValidationError as error:
        raise UnusableError(one_line(error)) from None
    if event.race_id != _group(received):
        raise UnusableError(f"key: must be the race_id {event.race_id}, got {_group(received)}")
    return event


def _handle(state: Shown | None, received: Received) -> Change[Shown]:
    event = _event(received)
    if isinstance(event, RaceScheduled) and event.sheet == "parts":
        raise UnusableError("sheet: parts are not published by this version; only whole ones are")
    folded = fold(None if state is None else state.row.race, event)
    if isinstance(folded, Refused):
        raise UnusableError(folded.reason)
    if state is not None and folded is state.row.race:
        return Change(state, None, ())
    before = Row(folded, 0, 0) if state is None else replace(state.row, race=folded)
    after = _shown(before, state)
    is_new_version = state is None or _printed(after) != _printed(state)
    version, place = (before.version + 1, 0) if is_new_version else (before.version, before.place)
    messages = _messages(state, after, event, version=version, is_new_version=is_new_version)
    told = performed(
        None if state is None else (state.row.race, state.present, state.sheet.status),
        (folded, after.present, after.sheet.status),
        event,
        version=version,
        place=place + len(messages),
    )
    if told is not None:
        messages.append(("performances", told.discipline, told, None))
    moved = results(
        None if state is None else state.came,
        after.came,
        event,
        finish_m=folded.course[-1],
        version=version,
        place=place + len(messages),
    )
    if moved is not None:
        messages.append(("results", RANKINGS_KEY, moved, None))
    return Change(
        replace(after, row=Row(folded, version, place + len(messages))),
        event.race_id,
        tuple(
            published(
                stream,
                key,
                message,
                identity=f"{event.race_id}@{version}.{number}",
                at=event.occurred_at,
                cause=received,
                value=value,
            )
            for number, (stream, key, message, value) in enumerate(messages, start=place)
        ),
    )


def _printed(shown: Shown) -> tuple[RaceDefinition, Sheet]:
    """Give what a standings message says, but for its version and its time."""
    return shown.row.race.definition, shown.sheet


def _messages(
    before: Shown | None, after: Shown, event: TimingEvent, *, version: int, is_new_version: bool
) -> list[_Message]:
    if not is_new_version:
        return []
    race, drawn = after.row.race, after.sheet
    head = Standings(
        race_id=event.race_id,
        version=version,
        status=drawn.status,
        as_of=event.occurred_at,
        race=race.definition,
        entries=(),
        on_ice=drawn.on_ice,
        next=drawn.next,
        remaining=drawn.remaining,
    )
    messages: list[_Message] = [
        ("standings", event.race_id, head, standings_json(head, after.written.entries))
    ]
    moved = changes(() if before is None else before.podium, after.podium)
    if moved:
        changed = PodiumChanged(
            race_id=event.race_id,
            version=version,
            as_of=event.occurred_at,
            changes=moved,
            podium=after.podium,
            cause=cause(None if before is None else before.row.race, race, event),
        )
        messages.append(("podium", event.race_id, changed, None))
    known = () if before is None else before.secured
    for each in after.secured:
        if each not in known:
            sure = PodiumSecured(
                race_id=event.race_id,
                version=version,
                as_of=event.occurred_at,
                competitor=each.competitor,
                worst_rank=each.worst_rank,
            )
            messages.append(("podium", event.race_id, sure, None))
    return messages


def _dump(state: Shown, _: str) -> bytes:
    row = state.row
    race = race_json(row.race, state.written)
    return b'{"race":%b,"version":%d,"place":%d}' % (race, row.version, row.place)


def _load(rows: Mapping[str, bytes]) -> Shown:
    (row,) = rows.values()
    return _shown(_ROW.validate_json(row))


STANDINGS: Step[Shown] = Step(
    name="races",
    reads="timing",
    gapless=True,
    group=_group,
    handle=_handle,
    group_of_row=str,
    dump=_dump,
    load=_load,
)
