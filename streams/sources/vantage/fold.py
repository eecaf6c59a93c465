"""The fold of a recording: from one recorded event to the contract's events.

Theory of operation. A recording is read line by line, because one day it will come line by line from a live
connection: `step` takes what is known and one event, and gives what is known then and what to say. What it
says is the difference between what was said and what is known now, so that a line that comes again, because
the recorder lost its connection and got the present state anew, or because recordings overlap, adds nothing.
A line that was already read is told by its `_time`; re-sent state by what it says.

What each event becomes: the first `HeatActivated` of a distance `race.scheduled`, the others
`start_list.revised`, each with `record.listed` for personal bests and `pair.called`; `HeatStarted`
`pair.started`; `HeatCleared` `pair.cleared`; laps `passing.recorded` and `passing.deleted`; `HeatCommitted`
whatever was missed, `result.ruled` and `pair.confirmed`. No event tells that a race is over, so it is never
closed here. A heat that is activated again after it was committed is not called: without a new start nothing
changes (RULES: how a race runs).
"""

from dataclasses import replace
from datetime import datetime
from functools import singledispatch

from pydantic import ValidationError

from schemas.timing import PairCalled, PairCleared, PairConfirmed, PairStarted
from streams.sources.vantage import listing, wire
from streams.sources.vantage.crossings import IMPOSSIBLE, METHODS, PRECEDENCE, Reason
from streams.sources.vantage.definition import UndefinableError
from streams.sources.vantage.heat import (
    SAME_GUN,
    SOURCE,
    Heat,
    Skater,
    after,
    crossings,
    key_of,
    last_said,
    of_this_attempt,
    settle,
    stale,
    with_committed,
    with_lap,
)
from streams.sources.vantage.state import ContractEvent, Race, State, Step, find, with_heat

NOBODY = "nobody skates in the heat"
"""Why a heat leads to nothing of which no lane can be listed: the contract knows a pair by its start list."""


def step(state: State, event: wire.Event) -> Step:
    """Take in one recorded event.

    Args:
        state: What is known; `State()` at the beginning.
        event: What `wire.read` made of a line.

    Returns:
        What is known then, what to say in this order, and what could not be converted. An event that makes
        no sense leaves the state as it was.
    """
    try:
        return _step(event, state)
    except (UndefinableError, ValidationError) as error:
        return Step(state, problems=(listing.sentence(error),), why="cannot be converted")


@singledispatch
def _step(event: wire.Event, state: State) -> Step:
    raise TypeError(f"no step for {event.type_name}, got event of {type(event).__name__} in {type(state)}")


@_step.register
def _meeting(event: wire.CompetitionActivated, state: State) -> Step:
    known = state.meetings.get(event.competition.id)
    if known is not None and stale(known.recorded_at, event.recorded_at):
        return Step(state)
    meetings = {**state.meetings, event.competition.id: event}
    why = "known already" if known and known.competition == event.competition else "defines no race yet"
    return Step(replace(state, meetings=meetings), why=why)


@_step.register
def _distance(event: wire.DistanceActivated, state: State) -> Step:
    known = state.distances.get(event.distance.id)
    if known is not None and stale(known.recorded_at, event.recorded_at):
        return Step(state)
    distances = {**state.distances, event.distance.id: event}
    why = "known already" if known and known.distance == event.distance else "defines no race yet"
    return Step(replace(state, distances=distances), why=why)


@_step.register
def _activated(event: wire.HeatActivated, state: State) -> Step:
    known = find(state, event)
    if known is not None and stale(known[1].listed_at, event.recorded_at):
        return Step(state)
    told = listing.told(state, event)
    if known is None and not told.heat.skaters:
        return Step(state, problems=tuple(told.problems), why=NOBODY)
    state, race, heat, events, problems = told
    if not heat.called and not heat.confirmed:
        events.append(
            PairCalled(
                race_id=race.definition.race_id,
                occurred_at=event.recorded_at,
                source=SOURCE,
                pair=heat.number,
            )
        )
    race, rulings, wrong = listing.ruled(race, heat, event)
    for skated in event.races:
        skater = heat.skaters.get(skated.race.id)
        if skater is not None:
            laps, unknown = _laps(heat, skated)
            wrong.extend(unknown)
            for lap in laps:
                skater = with_lap(skater, lap, event.recorded_at, old_ticks=None, again=True)
            heat = _with_skater(heat, skated.race.id, skater)
    heat = replace(heat, called=True, listed_at=event.recorded_at)
    heat, passings = settle(race.definition.race_id, race.course, heat, event.recorded_at)
    said = (*events, *rulings, *passings)
    return Step(with_heat(state, event, race, heat), said, (*problems, *wrong))


@_step.register
def _started(event: wire.HeatStarted, state: State) -> Step:
    known = find(state, event)
    if known is None:
        return _never_activated(state, event)
    race, heat = known
    if heat.gun is not None and event.started <= heat.gun:
        return Step(state)
    heat, events = _with_gun(race, heat, event.started)
    heat, passings = settle(race.definition.race_id, race.course, heat, event.recorded_at)
    return Step(with_heat(state, event, race, heat), (*events, *passings))


@_step.register
def _cleared(event: wire.HeatCleared, state: State) -> Step:
    known = find(state, event)
    if known is None:
        return _never_activated(state, event)
    race, heat = known
    if stale(heat.cleared_at, event.recorded_at):
        return Step(state)
    said = PairCleared(
        race_id=race.definition.race_id,
        occurred_at=max(event.recorded_at, last_said(heat) or event.recorded_at),
        source=SOURCE,
        pair=heat.number,
        reason="operator",
    )
    skaters = {lane: replace(skater, said={}) for lane, skater in heat.skaters.items()}
    heat = replace(
        heat,
        skaters=skaters,
        cleared_at=event.recorded_at,
        running=False,
        voided_at=said.occurred_at,
        confirmed=False,
    )
    return Step(with_heat(state, event, race, heat), (said,))


@_step.register
def _deactivated(event: wire.HeatDeactivated, state: State) -> Step:
    known = find(state, event)
    if known is None:
        return _never_activated(state, event)
    race, heat = known
    if stale(heat.left_at, event.recorded_at):
        return Step(state)
    heat = replace(heat, called=False, left_at=event.recorded_at)
    return Step(with_heat(state, event, race, heat), why="a heat leaves the operator's screen")


@_step.register
def _lap(event: wire.LapMeasured, state: State) -> Step:
    known = find(state, event)
    if known is None:
        return _never_activated(state, event)
    race, heat = known
    skater = heat.skaters.get(event.race_id)
    if skater is None or event.lap.presentation_source.how not in METHODS:
        got = event.race_id if skater is None else event.lap.presentation_source.how
        what = (
            "raceId: nobody skates that race in"
            if skater is None
            else "lap.presentationSource.how: unknown in"
        )
        return Step(state, (), (f"{what} heat {heat.number}, got {got}",), "cannot be converted")
    again = event.type_name == "RaceLapAddedEvent"
    changed = with_lap(skater, event.lap, event.recorded_at, old_ticks=event.old_time, again=again)
    if changed is skater:
        return _too_many(state, heat, skater) if len(skater.laps) >= wire.MOST_LAPS else Step(state)
    heat = _with_skater(heat, event.race_id, changed)
    heat, passings = settle(race.definition.race_id, race.course, heat, event.recorded_at)
    reason, problems = _reason(race, heat, heat.skaters[event.race_id], event.lap)
    return Step(with_heat(state, event, race, heat), tuple(passings), problems, reason)


@_step.register
def _committed(event: wire.HeatCommitted, state: State) -> Step:
    known = find(state, event)
    if known is not None and stale(known[1].committed_at, event.recorded_at):
        return Step(state)
    guns = [skated.start.when for skated in event.races if skated.start and skated.start.when]
    gun = max(guns, default=None)
    if known is not None and not known[1].running and gun is not None and not _is_new(known[1], gun):
        return Step(state, why="the commit of an attempt that was cleared")
    told = listing.told(state, event)
    if known is None and not told.heat.skaters:
        return Step(state, problems=tuple(told.problems), why=NOBODY)
    state, race, heat, events, problems = told
    if gun is not None and _is_new(heat, gun):
        heat, guns_said = _with_gun(race, heat, gun)
        events.extend(guns_said)
    race, rulings, wrong = listing.ruled(race, heat, event)
    for skated in event.races:
        heat, more = _with_official(race, heat, skated, event)
        wrong.extend(more)
    heat, passings = settle(race.definition.race_id, race.course, heat, event.recorded_at)
    events.extend((*passings, *rulings))
    if not heat.confirmed:
        at = after(event.recorded_at, last_said(heat))
        race_id = race.definition.race_id
        events.append(PairConfirmed(race_id=race_id, occurred_at=at, source=SOURCE, pair=heat.number))
    heat = replace(heat, called=True, confirmed=True, committed_at=event.recorded_at)
    return Step(with_heat(state, event, race, heat), tuple(events), (*problems, *wrong))


def _too_many(state: State, heat: Heat, skater: Skater) -> Step:
    name = skater.listed.competitor.name
    wrong = f"heat {heat.number}, {name}: more than {wire.MOST_LAPS} measurements; the others are left out"
    return Step(state, problems=(wrong,), why="cannot be converted")


def _never_activated(state: State, event: wire.HeatEvent) -> Step:
    wrong = f"heat {event.heat.number} of distance {event.distance_id} was never activated"
    return Step(state, problems=(wrong,), why="of a heat that was never activated")


def _with_skater(heat: Heat, lane: str, skater: Skater) -> Heat:
    return replace(heat, skaters={**heat.skaters, lane: skater})


def _is_new(heat: Heat, gun: datetime) -> bool:
    return heat.gun is None or gun > heat.gun + SAME_GUN


def _with_gun(race: Race, heat: Heat, gun: datetime) -> tuple[Heat, list[ContractEvent]]:
    """Start the heat; a start over something that was measured is a restart, which voids it."""
    race_id, events = race.definition.race_id, list[ContractEvent]()
    measured = any(said.time_ms for skater in heat.skaters.values() for said in skater.said.values())
    if heat.gun is not None and heat.running and measured:
        at = last_said(heat) or gun
        events.append(
            PairCleared(race_id=race_id, occurred_at=at, source=SOURCE, pair=heat.number, reason="restart")
        )
        skaters = {lane: replace(skater, said={}) for lane, skater in heat.skaters.items()}
        heat = replace(heat, skaters=skaters, voided_at=at)
    events.append(
        PairStarted(
            race_id=race_id,
            occurred_at=after(gun, heat.voided_at),
            source=SOURCE,
            pair=heat.number,
            started_at=gun,
        )
    )
    confirmed = heat.confirmed and heat.gun is None
    return replace(heat, gun=gun, running=True, called=True, confirmed=confirmed), events


def _laps(heat: Heat, skated: wire.Skated) -> tuple[list[wire.Lap], list[str]]:
    """Give the measurements whose source is known, and complain about the others."""
    laps = [lap for lap in skated.laps if lap.presentation_source.how in METHODS]
    unknown = {lap.presentation_source.how for lap in skated.laps} - set(METHODS)
    return laps, [
        f"heat {heat.number}: laps: presentationSource.how: unknown: {how}" for how in sorted(unknown)
    ]


def _reason(race: Race, heat: Heat, skater: Skater, wired: wire.Lap) -> tuple[str, tuple[str, ...]]:
    """Say why a measurement was not passed on, and complain if it is an impossible one."""
    key = key_of(wired)
    if not of_this_attempt(heat, skater.laps[key]):
        return "lap of an attempt that was cleared", ()
    reason: Reason | None = crossings(heat, skater, race.course).left_out.get(key)
    if reason is None:
        return "changes no time", ()
    if reason not in IMPOSSIBLE:
        return reason, ()
    index = "" if wired.fixed_index is None else f", fixedIndex {wired.fixed_index}"
    name, how = skater.listed.competitor.name, wired.presentation_source.how
    return reason, (f"heat {heat.number}, {name}: {reason}: lap.time {wired.time} by {how}{index}",)


def _with_official(
    race: Race, heat: Heat, skated: wire.Skated, event: wire.HeatCommitted
) -> tuple[Heat, list[str]]:
    """Take in what was committed of one skater.

    Where the measurements give no finish, the committed time is one. Where they give another finish, they
    hold, because a commit cannot be told from a correction after it, but it is said.
    """
    skater = heat.skaters.get(skated.race.id)
    if skater is None:
        return heat, []
    laps, problems = _laps(heat, skated)
    official, finish = skated.race.time, len(race.course) - 1
    changed = with_committed(skater, laps, event.recorded_at)
    if official is None or official.time < wire.TICKS_IN_A_MS or official.how not in METHODS:
        return _with_skater(heat, skated.race.id, changed), problems
    kept = crossings(heat, changed, race.course).kept
    finishes = [
        kept[key]
        for key in sorted(kept, key=lambda key: PRECEDENCE.index(key[1]))
        if key[0] == race.course[-1]
    ]
    if not finishes:
        source = wire.Source(how=official.how)
        entered = wire.Lap(
            time=official.time, flags=wire.SHOWN, fixed_index=finish, presentation_source=source
        )
        changed = with_committed(skater, [*laps, entered], event.recorded_at)
    elif finishes[-1].time_ms != official.time // wire.TICKS_IN_A_MS:
        name = skater.listed.competitor.name
        problems.append(
            f"heat {heat.number}, {name}: race.time: committed {official.time}, measured {finishes[-1].ticks}"
        )
    return _with_skater(heat, skated.race.id, changed), problems
