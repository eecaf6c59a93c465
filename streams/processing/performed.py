"""What an event changed in the performances of a race: the message from the races to the boards."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from schemas.model import LANES, Lane
from schemas.performances import Passed, Performance, RacePerformances, ToCome
from schemas.race import Competitor, Status
from schemas.timing import PassingRecorded, TimingEvent
from streams.skating.counting import Counting, Skated, lane, splits
from streams.skating.life import is_closed
from streams.skating.podium import cause
from streams.skating.race import Attempt, Race
from streams.skating.touched import Touched, touched

Moment = tuple[Race, Sequence[Skated], Status]
"""A race with what everybody has to show in it, and its status."""


def performed(
    before: Moment | None, after: Moment, event: TimingEvent, *, version: int, place: int
) -> RacePerformances | None:
    """Tell the boards what an event changed; None where it changed nothing that they look at."""
    race, present, status = after
    moved = touched((), present) if before is None else _touched(before, after)
    passed = () if before is None else _passed(before[0], race, moved, event)
    concerned = {each.competitor_id for each in passed}
    changed, without = _changes(None if before is None else before[0], race, moved, concerned)
    was_there = () if before is None or not without else before[1]
    gone = tuple(each.competitor.id for each in was_there if each.competitor.id in without)
    comes_else = before is None or any(
        _coming(before[0], each.before) != _coming(race, each.after) for each in moved
    )
    if before is not None and not (changed or gone or comes_else) and _context(before) == _context(after):
        return None
    definition = race.definition
    return RacePerformances(
        race_id=definition.race_id,
        version=version,
        place=place,
        as_of=event.occurred_at,
        discipline=definition.discipline,
        distance_m=definition.distance_m,
        format=definition.format,
        course=race.course,
        season=definition.competition.season,
        olympic=(definition.competition.series or "").startswith("olympic"),
        venue_id=definition.competition.venue.id,
        skated_on=(definition.scheduled_at or race.defined_at).date(),
        status=status,
        closed_at=_closed_at(race, status),
        cause=cause(None if before is None else before[0], race, event),
        changed=changed,
        gone=gone,
        passed=passed,
        to_come=_to_come(race, present) if comes_else else None,
    )


def _touched(before: Moment, after: Moment) -> list[Touched]:
    """List who may have something else to show: all, where the race is defined anew."""
    if before[0].definition is after[0].definition:
        return touched(before[1], after[1])
    was = {each.competitor.id: each for each in before[1]}
    there = [Touched(was.pop(each.competitor.id, None), each) for each in after[1]]
    return there + [Touched(each, None) for each in was.values()]


def _changes(
    before: Race | None, race: Race, moved: Sequence[Touched], concerned: Collection[str]
) -> tuple[tuple[Performance, ...], set[str]]:
    """Give who has something else to show, or is `concerned`, and who has nothing any more."""
    changed, gone = [], set()
    for each in moved:
        was = None if before is None or each.before is None else _performance(before, each.before, ())
        now = None if each.after is None else _performance(race, each.after, concerned)
        if now is not None and (now.competitor.id in concerned or now != was):
            changed.append(now)
        elif now is None and was is not None:
            gone.add(was.competitor.id)
    return tuple(changed), gone


def _to_come(race: Race, present: Sequence[Skated]) -> tuple[ToCome, ...]:
    """List who has still to finish, in skating order."""
    coming = [start for each in present if (start := _coming(race, each)) is not None]
    return tuple(
        ToCome(competitor=who, pair=pair, lane=where) for who, pair, where in sorted(coming, key=_start)
    )


def _coming(race: Race, each: Skated | None) -> tuple[Competitor, int, Lane | None] | None:
    """Give in which pair somebody has next to finish, and in which lane of it; nothing in a mass start."""
    if each is None or not each.to_skate or race.is_mass_start:
        return None
    pair = each.to_skate[0]
    return each.competitor, pair, race.skaters[each.competitor.id].attempts.get(pair, Attempt()).listed_lane


def _start(coming: tuple[Competitor, int, Lane | None]) -> tuple[int, int, str]:
    competitor, pair, where = coming
    return pair, len(LANES) if where is None else LANES.index(where), competitor.id


def _closed_at(race: Race, status: Status) -> datetime | None:
    return race.life["closed"] if is_closed(status) else None


def _context(moment: Moment) -> tuple[object, ...]:
    race, _, status = moment
    return race.definition, race.defined_at, status, _closed_at(race, status)


def _performance(race: Race, each: Skated, concerned: Collection[str]) -> Performance | None:
    """Give what somebody has to show; if `concerned` also where it is nothing, as in a redrawn pair."""
    if not each.splits and each.irm is None and each.competitor.id not in concerned:
        return None
    finish = each.splits.get(race.course[-1])
    return Performance(
        competitor=each.competitor,
        pair=each.pair,
        lane=each.lane,
        splits={line: there.time_ms for line, there in each.splits.items()},
        time_ms=finish.time_ms if finish else None,
        finished_at=finish.since if finish else None,
        irm=each.irm,
    )


def _passed(before: Race, race: Race, moved: Sequence[Touched], event: TimingEvent) -> tuple[Passed, ...]:
    """Name the split that a measurement made, or moved to another time."""
    if not isinstance(event, PassingRecorded):
        return ()
    measured = (each for each in moved if each.after and each.after.competitor.id == event.competitor_id)
    each = next(measured, None)
    if each is None:
        return ()
    line = event.distance_m
    attempt = _attempt(race, each.after, event)
    now, was = attempt.get(line), _attempt(before, each.before, event).get(line)
    if now is None or (was is not None and was.time_ms == now.time_ms):
        return ()
    return (
        Passed(
            competitor_id=event.competitor_id,
            pair=event.pair,
            lane=lane(race.skaters[event.competitor_id].attempts[event.pair], attempt),
            distance_m=line,
            splits={at: there.time_ms for at, there in attempt.items()},
        ),
    )


def _attempt(race: Race, each: Skated | None, event: PassingRecorded) -> Mapping[int, Counting]:
    """Give what counts in the attempt that an event is about, which need not be the one that counts."""
    if each is not None and each.pair == event.pair:
        return each.splits
    return splits(race, race.skaters[event.competitor_id], event.pair)
