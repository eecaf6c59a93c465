"""Every timing event, and what it makes of a race.

`fold` never raises on a valid event: it gives the new race, the very same race where nothing changed, or a
`Refused` with the reason, which the caller sets aside as a dead letter (CONTRACT: what the events mean).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from schemas.model import LANES, Lane
from schemas.race import RaceDefinition
from schemas.timing import (
    PairCalled,
    PairCleared,
    PairConfirmed,
    PairStarted,
    PassingDeleted,
    PassingRecorded,
    RaceClosed,
    RacePaused,
    RaceResumed,
    RaceScheduled,
    ReskateGranted,
    ResultRuled,
    SprintScored,
    StartListAdded,
    StartListRevised,
    TimingEvent,
)
from streams.skating import course
from streams.skating.life import LifeEvent
from streams.skating.listing import listed, part_listed
from streams.skating.race import Attempt, Measured, PairLife, Race, Ruling, Skater, Sprint, deletion
from streams.skating.roster import put

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Refused:
    """An event that cannot be used, and why, for the people who sent it."""

    reason: str


def fold(race: Race | None, event: TimingEvent) -> Race | Refused:
    """Apply one event to a race; None is a race that was not defined yet."""
    if isinstance(event, RaceScheduled):
        return _scheduled(race, event)
    if race is None:
        return Refused(f"race_id: no race {event.race_id} is defined; send its race.scheduled first")
    return _HANDLERS[type(event)](race, event)


def _scheduled(race: Race | None, event: RaceScheduled) -> Race | Refused:
    at, in_parts = event.occurred_at, event.sheet == "parts"
    definition = RaceDefinition.model_validate(
        {name: getattr(event, name) for name in RaceDefinition.model_fields}
    )
    if race is None:
        race = Race(definition=definition, defined_at=at, listed_at=at, parts={} if in_parts else None)
        return race if in_parts else listed(race, event.start_list, at)
    if in_parts != (race.parts is not None):
        stays = "whole" if in_parts else "parts"
        return Refused(
            f"sheet: {event.race_id} was defined with sheet {stays}, which stays, got {event.sheet}"
        )
    if at >= race.defined_at and (definition, at) != (race.definition, race.defined_at):
        race = replace(race, definition=definition, defined_at=at)
    return race if in_parts else listed(race, event.start_list, at)


def _revised(race: Race, event: StartListRevised) -> Race | Refused:
    if race.parts is not None:
        return Refused(f"type: the sheet of {event.race_id} is in parts; send start_list.added")
    return listed(race, event.start_list, event.occurred_at)


def _added(race: Race, event: StartListAdded) -> Race | Refused:
    if race.parts is None:
        return Refused(f"type: the sheet of {event.race_id} is whole; send start_list.revised")
    return part_listed(race, event.part, event.start_list, event.occurred_at)


def _passing(race: Race, event: PassingRecorded) -> Race | Refused:
    refused = _unknown(race, event.competitor_id, event.pair) or _off_course(race, event.distance_m)
    if refused is not None:
        return refused
    if course.too_fast(event.distance_m, event.time_ms):
        return Refused(
            f"time_ms: {event.distance_m} m in {event.time_ms} ms is faster than {course.FASTEST_M_PER_S} m/s"
        )
    skater = race.skaters[event.competitor_id]
    attempt = skater.attempts[event.pair]
    there = attempt.passings.get(event.distance_m, {})
    measured = _measured(there.get(event.method), Measured(event.occurred_at, event.time_ms, event.lane))
    skated = replace(
        attempt, passings={**attempt.passings, event.distance_m: {**there, event.method: measured}}
    )
    life = _later(race.life, "measured", event.occurred_at)
    if skated == attempt:
        return race if life is race.life else replace(race, life=life)
    skater = replace(skater, attempts={**skater.attempts, event.pair: skated})
    return replace(race, skaters=put(race.skaters, event.competitor_id, skater), life=life)


def _measured(before: Measured | None, new: Measured) -> Measured:
    """Let the latest of one method's times hold; of equal instants the larger time, then the first lane."""
    if before is None:
        return new
    latest = max(before, new, key=lambda each: (each.at, each.time_ms, -_lane_number(each.lane)))
    earlier = {*before.earlier, before.at, new.at} - {latest.at}
    return replace(latest, earlier=tuple(sorted(earlier)))


def _deleted(race: Race, event: PassingDeleted) -> Race | Refused:
    refused = _unknown(race, event.competitor_id, event.pair) or _off_course(race, event.distance_m)
    if refused is not None:
        return refused
    skater = race.skaters[event.competitor_id]
    what = deletion(event.distance_m, event.pair, event.method)
    deleted = _later(skater.deleted, what, event.occurred_at)
    return race if deleted is skater.deleted else _with_skater(race, replace(skater, deleted=deleted))


def _ruled(race: Race, event: ResultRuled) -> Race | Refused:
    refused = _unknown(race, event.competitor_id, None)
    if refused is not None:
        return refused
    skater = race.skaters[event.competitor_id]
    ruling = Ruling(event.occurred_at, event.irm, event.rule, event.marks)
    if skater.ruling == ruling or (skater.ruling is not None and ruling.at < skater.ruling.at):
        return race
    return _with_skater(race, replace(skater, ruling=ruling))


def _granted(race: Race, event: ReskateGranted) -> Race | Refused:
    refused = _unknown(race, event.competitor_id, None)
    if refused is not None:
        return refused
    skater = race.skaters[event.competitor_id]
    attempt = skater.attempts.get(event.pair, Attempt())
    if attempt.reskate:
        return race
    if not (race.parts is not None and event.pair in race.pairs):
        race = replace(race, pairs={event.pair: PairLife(), **race.pairs})
    return _with_attempt(race, skater, event.pair, replace(attempt, reskate=True))


def _sprint(race: Race, event: SprintScored) -> Race | Refused:
    for competitor_id in sorted(event.points):
        refused = _unknown(race, competitor_id, None)
        if refused is not None:
            return refused
    laps = len(race.course)
    if not race.is_mass_start or event.lap > laps:
        wanted = f"1 to {laps}" if race.is_mass_start else "sprints only in a mass start"
        return Refused(f"lap: must be {wanted}, got {event.lap} in {event.race_id}")
    before = race.sprints.get(event.lap)
    sprint = Sprint(event.occurred_at, event.points)
    if before == sprint or (before is not None and sprint.at < before.at):
        return race
    return replace(race, sprints={**race.sprints, event.lap: sprint})


def _pair(race: Race, event: PairCalled | PairStarted | PairCleared | PairConfirmed) -> Race | Refused:
    life = race.pairs.get(event.pair)
    if life is None:
        return Refused(f"pair: {event.pair} was never in a start list of {event.race_id}, nor a reskate")
    at = event.occurred_at
    match event:
        case PairCalled():
            return _lived(
                _with_pair(race, event.pair, replace(life, called=_max(life.called, at))), "called", at
            )
        case PairStarted():
            return _lived(
                _with_pair(race, event.pair, replace(life, started=_max(life.started, at))), "started", at
            )
        case PairCleared():
            return _with_pair(race, event.pair, replace(life, cleared=_max(life.cleared, at)))
        case PairConfirmed():
            return _with_pair(race, event.pair, replace(life, confirmed=_max(life.confirmed, at)))


def _closed(race: Race, event: RaceClosed) -> Race:
    before = race.life.get("closed")
    if before is not None and event.occurred_at < before:
        return race
    if before == event.occurred_at and race.closed_as == event.status:
        return race
    return replace(race, life={**race.life, "closed": event.occurred_at}, closed_as=event.status)


def _paused(race: Race, event: RacePaused) -> Race:
    return _lived(race, "paused", event.occurred_at)


def _resumed(race: Race, event: RaceResumed) -> Race:
    return _lived(race, "resumed", event.occurred_at)


def _unknown(race: Race, competitor_id: str, pair: int | None) -> Refused | None:
    skater = race.skaters.get(competitor_id)
    where = race.definition.race_id
    if skater is None:
        return Refused(f"competitor_id: {competitor_id} was never in a start list of {where}")
    if pair is not None and pair not in race.pairs:
        return Refused(f"pair: {pair} was never in a start list of {where}, nor a reskate")
    if pair is not None and pair not in skater.attempts:
        return Refused(f"competitor_id: {competitor_id} was never in pair {pair} of {where}")
    return None


def _off_course(race: Race, distance_m: int) -> Refused | None:
    if distance_m in race.course:
        return None
    lines = ", ".join(str(line) for line in race.course)
    return Refused(f"distance_m: {distance_m} is no split of {race.definition.race_id}; those are {lines}")


def _lane_number(lane: Lane | None) -> int:
    return len(LANES) if lane is None else LANES.index(lane)


def _max(before: datetime | None, at: datetime) -> datetime:
    return at if before is None or at > before else before


def _later(moments: Mapping[_Key, datetime], what: _Key, at: datetime) -> Mapping[_Key, datetime]:
    before = moments.get(what)
    return moments if before is not None and at <= before else {**moments, what: at}


def _lived(race: Race, event: LifeEvent, at: datetime) -> Race:
    life = _later(race.life, event, at)
    return race if life is race.life else replace(race, life=life)


def _with_skater(race: Race, skater: Skater) -> Race:
    return replace(race, skaters=put(race.skaters, skater.competitor.id, skater))


def _with_attempt(race: Race, skater: Skater, pair: int, attempt: Attempt) -> Race:
    return _with_skater(race, replace(skater, attempts={**skater.attempts, pair: attempt}))


def _with_pair(race: Race, pair: int, life: PairLife) -> Race:
    return race if life == race.pairs[pair] else replace(race, pairs=put(race.pairs, pair, life))


_HANDLERS: dict[type, Callable[[Race, Any], Race | Refused]] = {
    StartListRevised: _revised,
    StartListAdded: _added,
    PairCalled: _pair,
    PairStarted: _pair,
    PairCleared: _pair,
    PairConfirmed: _pair,
    PassingRecorded: _passing,
    PassingDeleted: _deleted,
    ResultRuled: _ruled,
    ReskateGranted: _granted,
    SprintScored: _sprint,
    RacePaused: _paused,
    RaceResumed: _resumed,
    RaceClosed: _closed,
}
