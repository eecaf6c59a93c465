"""The standings step: timing events in; the sheet, the podium and the performances of each race out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from schemas.model import Model
from schemas.podium import PodiumChanged, PodiumSecured
from schemas.race import RaceDefinition
from schemas.standings import Standings
from schemas.timing import TIMING, TimingEvent
from streams.processing.messages import Received, Stream, published
from streams.processing.performed import performed
from streams.processing.results import RANKINGS_KEY, results
from streams.processing.step import Change, Step, UnusableError, one_line
from streams.skating.counting import Skated
from streams.skating.fold import Refused, fold
from streams.skating.podium import cause, changes, podium, secured
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
    """A row with what follows from its race, so that it is worked out once."""

    row: Row
    present: tuple[Skated, ...]
    sheet: Sheet


_ROW: TypeAdapter[Row] = TypeAdapter(Row)


def _shown(row: Row, before: Shown | None = None) -> Shown:
    if before is None:
        present = tuple(everybody(row.race))
    else:
        present = tuple(everybody(row.race, before.row.race, before.present))
    return Shown(row, present, sheet(row.race, present))


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
        messages.append(("performances", told.discipline, told))
    moved = results(
        None if state is None else (state.row.race, state.present, state.sheet),
        (folded, after.present, after.sheet),
        event,
        version=version,
        place=place + len(messages),
    )
    if moved is not None:
        messages.append(("results", RANKINGS_KEY, moved))
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
            )
            for number, (stream, key, message) in enumerate(messages, start=place)
        ),
    )


def _printed(shown: Shown) -> tuple[RaceDefinition, Sheet]:
    """Give what a standings message says, but for its version and its time."""
    return shown.row.race.definition, shown.sheet


def _messages(
    before: Shown | None, after: Shown, event: TimingEvent, *, version: int, is_new_version: bool
) -> list[tuple[Stream, str, Model]]:
    if not is_new_version:
        return []
    race, drawn = after.row.race, after.sheet
    standings = Standings(
        race_id=event.race_id,
        version=version,
        status=drawn.status,
        as_of=event.occurred_at,
        race=race.definition,
        entries=drawn.entries,
        on_ice=drawn.on_ice,
        next=drawn.next,
        remaining=drawn.remaining,
    )
    messages: list[tuple[Stream, str, Model]] = [("standings", event.race_id, standings)]
    old_race = None if before is None else before.row.race
    steps = podium(race, drawn)
    moved = changes(() if before is None else podium(before.row.race, before.sheet), steps)
    if moved:
        changed = PodiumChanged(
            race_id=event.race_id,
            version=version,
            as_of=event.occurred_at,
            changes=moved,
            podium=steps,
            cause=cause(old_race, race, event),
        )
        messages.append(("podium", event.race_id, changed))
    known = () if before is None else secured(before.row.race, before.sheet, before.present)
    for each in secured(race, drawn, after.present):
        if each not in known:
            sure = PodiumSecured(
                race_id=event.race_id,
                version=version,
                as_of=event.occurred_at,
                competitor=each.competitor,
                worst_rank=each.worst_rank,
            )
            messages.append(("podium", event.race_id, sure))
    return messages


def _dump(state: Shown, _: str) -> bytes:
    return _ROW.dump_json(state.row, exclude_defaults=True)


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
