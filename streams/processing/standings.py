"""The standings step: timing events in; the sheet, the podium and the performances of each race out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter

from schemas.model import Model
from schemas.podium import PodiumPlace
from schemas.race import RaceDefinition
from schemas.standings import Standings
from schemas.timing import RaceScheduled, TimingEvent
from streams.processing import in_parts
from streams.processing.in_parts import InParts
from streams.processing.in_parts_rows import race_of_row
from streams.processing.messages import Received, Stream, published
from streams.processing.performed import performed
from streams.processing.podium_told import OnPodium, podium_told
from streams.processing.results import RANKINGS_KEY, Came, came, results
from streams.processing.step import Change, Step, UnusableError
from streams.processing.timing_event import race_of, timing_event
from streams.processing.written import Written, race_json, standings_json, written
from streams.skating.counting import Skated
from streams.skating.fold import Refused, fold
from streams.skating.podium import Secured, podium, secured
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


AnyRace = Shown | InParts
"""A race whose messages have everybody, or one in parts; which of them is said when it is defined."""

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


def _handle(state: AnyRace | None, received: Received) -> Change[AnyRace]:
    event = timing_event(received)
    if isinstance(state, InParts) or (state is None and _is_in_parts(event)):
        change = in_parts.handled(state, received, event)
        return Change(change.state, change.row, change.published)
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


def _is_in_parts(event: TimingEvent) -> bool:
    return isinstance(event, RaceScheduled) and event.sheet == "parts"


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
    was = None if before is None else OnPodium(before.row.race, before.podium, before.secured)
    moved = podium_told(was, OnPodium(race, after.podium, after.secured), event, version)
    messages.extend(("podium", event.race_id, message, None) for message in moved)
    return messages


def _dump(state: AnyRace, name: str) -> bytes:
    if isinstance(state, InParts):
        return in_parts.dumped(state, name)
    row = state.row
    race = race_json(row.race, state.written)
    return b'{"race":%b,"version":%d,"place":%d}' % (race, row.version, row.place)


def _load(rows: Mapping[str, bytes]) -> AnyRace:
    for name, row in rows.items():
        if name == race_of_row(name):
            return _shown(_ROW.validate_json(row))
    return in_parts.loaded(rows)


def _may_go(state: AnyRace) -> bool:
    return isinstance(state, InParts) and in_parts.is_over(state)


STANDINGS: Step[AnyRace] = Step(
    name="races",
    reads="timing",
    gapless=True,
    group=race_of,
    handle=_handle,
    group_of_row=race_of_row,
    dump=_dump,
    load=_load,
    may_go=_may_go,
)
