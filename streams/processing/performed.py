"""What an event changed in the performances of a race: the message from the races to the boards."""

from collections.abc import Collection, Sequence
from datetime import datetime

from schemas.model import LANES, Lane
from schemas.performances import Passed, Performance, RacePerformances, ToCome
from schemas.race import Competitor, Status
from schemas.timing import PassingRecorded, TimingEvent
from streams.skating.counting import Skated, counting, lane, splits
from streams.skating.life import is_closed
from streams.skating.podium import cause
from streams.skating.race import Attempt, Race

Moment = tuple[Race, Sequence[Skated], Status]
"""A race with what everybody has to show in it, and its status."""


def performed(
    before: Moment | None, after: Moment, event: TimingEvent, *, version: int, place: int
) -> RacePerformances | None:
    """Tell the boards what an event changed; None where it changed nothing that they look at."""
    race, present, status = after
    passed = _passed(None if before is None else before[0], race, event)
    concerned = {each.competitor_id for each in passed}
    was = {} if before is None else _performances(before[0], before[1], ())
    now = _performances(race, present, concerned)
    changed = tuple(now[name] for name in now if name in concerned or now[name] != was.get(name))
    gone = tuple(name for name in was if name not in now)
    to_come = _to_come(race, present)
    comes_else = before is None or to_come != _to_come(before[0], before[1])
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
        to_come=tuple(ToCome(competitor=who, pair=pair, lane=where) for who, pair, where in to_come)
        if comes_else
        else None,
    )


def _to_come(race: Race, present: Sequence[Skated]) -> list[tuple[Competitor, int, Lane | None]]:
    """List who has still to finish, in skating order: in which pair next, and in which lane of it."""
    if race.is_mass_start:
        return []
    coming = []
    for each in present:
        if each.to_skate:
            pair = each.to_skate[0]
            attempt = race.skaters[each.competitor.id].attempts.get(pair, Attempt())
            coming.append((each.competitor, pair, attempt.listed_lane))
    return sorted(coming, key=_start)


def _start(coming: tuple[Competitor, int, Lane | None]) -> tuple[int, int, str]:
    competitor, pair, where = coming
    return pair, len(LANES) if where is None else LANES.index(where), competitor.id


def _closed_at(race: Race, status: Status) -> datetime | None:
    return race.life["closed"] if is_closed(status) else None


def _context(moment: Moment) -> tuple[object, ...]:
    race, _, status = moment
    return race.definition, race.defined_at, status, _closed_at(race, status)


def _performances(
    race: Race, present: Sequence[Skated], concerned: Collection[str]
) -> dict[str, Performance]:
    """Give what everybody has to show; those `concerned` also where it is nothing, as in a redrawn pair."""
    full = race.course[-1]
    told: dict[str, Performance] = {}
    for each in present:
        if not each.splits and each.irm is None and each.competitor.id not in concerned:
            continue
        finish = each.splits.get(full)
        told[each.competitor.id] = Performance(
            competitor=each.competitor,
            pair=each.pair,
            lane=each.lane,
            splits={line: there.time_ms for line, there in each.splits.items()},
            time_ms=finish.time_ms if finish else None,
            finished_at=finish.since if finish else None,
            irm=each.irm,
        )
    return told


def _passed(before: Race | None, race: Race, event: TimingEvent) -> tuple[Passed, ...]:
    """Name the split that a measurement made, or moved to another time."""
    if not isinstance(event, PassingRecorded) or before is None:
        return ()
    skater, line = race.skaters[event.competitor_id], event.distance_m
    now = counting(race, skater, event.pair, line)
    was = counting(before, before.skaters[event.competitor_id], event.pair, line)
    if now is None or (was is not None and was.time_ms == now.time_ms):
        return ()
    attempt = splits(race, skater, event.pair)
    return (
        Passed(
            competitor_id=event.competitor_id,
            pair=event.pair,
            lane=lane(skater.attempts[event.pair], attempt),
            distance_m=line,
            splits={each: there.time_ms for each, there in attempt.items()},
        ),
    )
