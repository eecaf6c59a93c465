"""Who skates: definitions, start lists, reskates, personal bests and rulings, from the heats as they come.

Vantage tells the skaters of a heat when it is put on the ice, never a whole start list. So a race is defined
with its first heat, and the list revised with each further one, before anything else is said of it. Until the
last heat the list is too short, and whoever concludes from it that nobody is still to skate is wrong: a whole
recording can be looked through beforehand, and then the list is complete from the first heat on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from pydantic import ValidationError

from schemas.model import Irm
from schemas.race import Listed, StartList
from schemas.reference import RecordListed
from schemas.timing import RaceScheduled, ReskateGranted, ResultRuled, StartListRevised
from streams.sources.vantage import definition, wire
from streams.sources.vantage.heat import SOURCE, Heat, Skater
from streams.sources.vantage.state import ContractEvent, Mark, Race, Ruling, State, key_of

Listing = wire.HeatActivated | wire.HeatCommitted
"""The events that tell who skates in a heat."""

_IRM: dict[int | None, Irm | None] = {None: None, 0: None, 1: "DNS", 2: "DNF", 3: "DQ", 4: "WDR"}
_MARKS: tuple[tuple[int, Mark], ...] = ((1, "F"), (2, "RS"))


class Told(NamedTuple):
    """A heat that is listed now, with what had to be said for that and what was wrong."""

    state: State
    race: Race
    heat: Heat
    events: list[ContractEvent]
    problems: list[str]


def told(state: State, event: Listing) -> Told:
    """Take in who skates in a heat; define the race or revise its start list where that changes it.

    A competitor who comes back in another heat has moved there if the former one was not started, else it is
    a reskate.

    Raises:
        definition.UndefinableError: The distance was never activated, or is none of the contract's.
        pydantic.ValidationError: The contract forbids what the recording says.
    """
    race = _defined(state, event)
    problems: list[str] = []
    heat = race.heats.get(event.heat.number) or Heat(number=event.heat.number)
    skaters: dict[str, Skater] = {}
    for skated in event.races:
        try:
            line = definition.listed(race.definition.format, heat.number, skated.race)
        except (definition.UndefinableError, ValidationError) as error:
            problems.append(f"heat {heat.number}: {sentence(error)}")
            continue
        if line is not None:
            skaters[skated.race.id] = _skater(race, heat, skated, line)
    heat = replace(heat, skaters=skaters)
    race = _moved(race, heat)
    race, events = _announced(state, race, heat, event)
    listed_bests = _bests(state, race, heat, event)
    bests = state.bests | {(best.holder.id, best.discipline) for best in listed_bests}
    return Told(replace(state, bests=bests), race, heat, [*events, *listed_bests], problems)


def ruled(race: Race, heat: Heat, event: Listing) -> tuple[Race, list[ContractEvent], list[str]]:
    """Say which results are invalid, and where a commit no longer says so, that they are valid again.

    An activation may come with the entry's state of before the race, so it sets a ruling and lifts none.
    Of the committed `timeInfo` only the fall and the reskate are believed; the records in it are the
    operator's, and were seen to be wrong (RULES: records).
    """
    rulings = dict(race.rulings)
    events: list[ContractEvent] = []
    problems: list[str] = []
    for skated in event.races:
        skater = heat.skaters.get(skated.race.id)
        if skater is None:
            continue
        reason = skated.race.result.time_invalid_reason if skated.race.result else None
        if reason not in _IRM:
            problems.append(
                f"heat {heat.number}, {skater.listed.competitor.name}: timeInvalidReason: {reason}"
            )
            continue
        flags = skated.race.time.time_info if skated.race.time else 0
        marks = tuple(mark for flag, mark in _MARKS if flags & flag)
        irm = _IRM[reason]
        who = skater.listed.competitor.id
        known = rulings.get(who, Ruling())
        if isinstance(event, wire.HeatActivated):
            irm, marks = irm or known.irm, known.marks
        if Ruling(irm, marks) != known:
            rulings[who] = Ruling(irm, marks)
            events.append(
                ResultRuled(
                    race_id=race.definition.race_id, occurred_at=event.recorded_at, source=SOURCE,
                    competitor_id=who, irm=irm, marks=marks,
                )
            )  # fmt: skip
    return replace(race, rulings=rulings), events, problems


def sentence(error: definition.UndefinableError | ValidationError) -> str:
    """Say in one sentence what was wrong."""
    return wire.first_of(error) if isinstance(error, ValidationError) else str(error)


def _defined(state: State, event: Listing) -> Race:
    activated = state.distances.get(event.distance_id)
    if activated is None:
        raise definition.UndefinableError(
            f"heat {event.heat.number}: its distance {event.distance_id} was never activated"
        )
    known = state.races.get(key_of(event))
    taken = {race.definition.race_id for key, race in state.races.items() if key != key_of(event)}
    defined = definition.race(activated.distance, state.meetings.get(event.competition_id), event, taken)
    if known is None:
        return Race(defined)
    if defined.race_id != known.definition.race_id or defined.format != known.definition.format:
        return known
    return replace(known, definition=defined)


def _skater(race: Race, heat: Heat, skated: wire.Skated, line: Listed) -> Skater:
    known = heat.skaters.get(skated.race.id)
    if known is not None:
        return replace(known, listed=line)
    again = any(
        other.gun is not None and other.number != heat.number and _has(other, line.competitor.id)
        for other in race.heats.values()
    )
    return Skater(line, skated.estimated_laps, reskate=again)


def _has(heat: Heat, competitor_id: str) -> bool:
    return any(skater.listed.competitor.id == competitor_id for skater in heat.skaters.values())


def _moved(race: Race, heat: Heat) -> Race:
    """Take whoever is in this heat out of those not started; a reskate is skated besides."""
    here = {skater.listed.competitor.id for skater in heat.skaters.values()}
    heats = {heat.number: heat}
    for number, other in race.heats.items():
        if number != heat.number:
            left = {
                lane: skater
                for lane, skater in other.skaters.items()
                if other.gun is not None or skater.reskate or skater.listed.competitor.id not in here
            }
            heats[number] = replace(other, skaters=left)
    return replace(race, heats=heats)


def _announced(state: State, race: Race, heat: Heat, event: Listing) -> tuple[Race, list[ContractEvent]]:
    before = state.races.get(key_of(event))
    listed: StartList = tuple(
        skater.listed
        for heat_listed in race.heats.values()
        for skater in heat_listed.skaters.values()
        if not skater.reskate
    )
    to_come = _to_come(race, listed, state.foreseen.get(key_of(event), {}))
    start_list = tuple(sorted((*listed, *to_come), key=lambda line: (line.pair, line.lane or "")))
    race = replace(race, start_list=start_list)
    at, told_of = event.recorded_at, race.definition
    events: list[ContractEvent] = []
    if before is None or before.definition != told_of:
        events.append(
            RaceScheduled(
                race_id=told_of.race_id, occurred_at=at, source=SOURCE, competition=told_of.competition,
                discipline=told_of.discipline, distance_m=told_of.distance_m, format=told_of.format,
                run=told_of.run, scheduled_at=told_of.scheduled_at, start_list=start_list,
            )
        )  # fmt: skip
    elif before.start_list != start_list:
        events.append(
            StartListRevised(race_id=told_of.race_id, occurred_at=at, source=SOURCE, start_list=start_list)
        )
    known = before.heats.get(heat.number) if before else None
    events.extend(
        ReskateGranted(
            race_id=told_of.race_id,
            occurred_at=at,
            source=SOURCE,
            competitor_id=skater.listed.competitor.id,
            pair=heat.number,
        )
        for lane, skater in heat.skaters.items()
        if skater.reskate and (known is None or lane not in known.skaters)
    )
    return race, events


def _to_come(race: Race, listed: StartList, foreseen: Mapping[int, wire.HeatActivated]) -> Iterator[Listed]:
    present = {line.competitor.id for line in listed}
    for number, heat in sorted(foreseen.items()):
        for skated in heat.races if number not in race.heats else ():
            try:
                line = definition.listed(race.definition.format, number, skated.race)
            except (definition.UndefinableError, ValidationError):
                continue
            if line is not None and line.competitor.id not in present:
                present.add(line.competitor.id)
                yield line


def _bests(state: State, race: Race, heat: Heat, event: Listing) -> list[RecordListed]:
    discipline = race.definition.discipline
    return [
        RecordListed(
            kind="PB",
            discipline=discipline,
            scope=skater.listed.competitor.id,
            time_ms=skated.race.personal_best // wire.TICKS_IN_A_MS,
            holder=skater.listed.competitor,
            source=SOURCE,
        )
        for skated in event.races
        if (skater := heat.skaters.get(skated.race.id)) is not None
        and (skater.listed.competitor.id, discipline) not in state.bests
        and skated.race.personal_best is not None
        and skated.race.personal_best >= wire.TICKS_IN_A_MS
    ]
