"""The order of a race of any size: who is where, at a cost that hardly grows with the number of competitors.

Theory of operation. A sheet has a line for everybody, and a finish moves everybody behind it, so to draw it
costs as much as the race is large. Here the order is kept as a ladder of keys, and so are the times at each
line of the course; an event moves the keys of those whom it is about. A rank is the number of keys in front,
asked for only where a line is to be shown, and that line says what it says on the sheet.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from schemas.model import LANES
from schemas.standings import Entry
from schemas.timing import (
    PairCalled,
    PairCleared,
    PairConfirmed,
    PairStarted,
    PassingDeleted,
    PassingRecorded,
    RacePaused,
    RaceResumed,
    ReskateGranted,
    ResultRuled,
    SprintScored,
    TimingEvent,
)
from streams.skating import times
from streams.skating.counting import Skated, is_over, skated
from streams.skating.ladder import Ladder
from streams.skating.lines import line_of, splits_of
from streams.skating.order import IRM_ORDER, Place
from streams.skating.race import Race
from streams.skating.roster import Roster, put

_Key = tuple[Any, ...]
_BEHIND_ALL = 1_000_000_000
"""More than any pair: behind all keys that begin alike."""


@dataclass(frozen=True, slots=True)
class Field:
    """Everybody in a race, in their order.

    `skated` is what everybody has to show, by competitor id, null for who has nothing; `numbers` tell in
    which order they were listed, `in_pair` who was ever to skate in a pair. `order` has a key for everybody
    on the sheet, `finishes` the times that rank, and `at_lines` by metres the times at each line of the
    course, the latter two with the competitor.
    """

    race: Race
    skated: Mapping[str, Skated | None]
    numbers: Mapping[str, int]
    in_pair: Mapping[int, tuple[str, ...]]
    order: Ladder[_Key]
    finishes: Ladder[tuple[int, str]]
    at_lines: Mapping[int, Ladder[tuple[int, str]]]
    remaining: int


def field(race: Race) -> Field:
    """Put everybody in a race in order."""
    summed = {name: skated(race, skater) for name, skater in race.skaters.items()}
    numbers = {name: number for number, name in enumerate(race.skaters)}
    in_pair: dict[int, list[str]] = {}
    for name, skater in race.skaters.items():
        for pair in skater.attempts:
            in_pair.setdefault(pair, []).append(name)
    there = [each for each in summed.values() if each is not None]
    return Field(
        race=race,
        skated=Roster(summed),
        numbers=numbers,
        in_pair={pair: tuple(names) for pair, names in in_pair.items()},
        order=Ladder(_key(race, each, numbers[each.competitor.id]) for each in there),
        finishes=Ladder(key for each in there if (key := _finish(each)) is not None),
        at_lines={
            at: Ladder(key for each in there if (key := _time_at(each, at)) is not None) for at in race.course
        },
        remaining=sum(bool(each.to_skate) for each in there),
    )


def followed(before: Field, race: Race, event: TimingEvent) -> Field:
    """Give the order after an event.

    Args:
        before: the order before it.
        race: the race with the event folded in.
        event: the event.
    """
    if race is before.race:
        return before
    names = _named(before, race, event)
    if names is None:
        return field(race)
    after = replace(before, race=race)
    if isinstance(event, ReskateGranted):
        in_it = before.in_pair.get(event.pair, ())
        if event.competitor_id not in in_it:
            after = replace(after, in_pair={**before.in_pair, event.pair: (*in_it, event.competitor_id)})
    for name in names:
        after = _moved(after, before.race, name)
    return after


def _named(before: Field, race: Race, event: TimingEvent) -> Iterable[str] | None:
    """Name whom an event is about; None for all."""
    if is_over(before.race) != is_over(race):
        return None
    match event:
        case PassingRecorded() | PassingDeleted() | ResultRuled() | ReskateGranted():
            return (event.competitor_id,)
        case PairCleared() | PairConfirmed():
            return before.in_pair.get(event.pair, ())
        case PairCalled() | PairStarted() | RacePaused() | RaceResumed():
            return ()
        case SprintScored():
            scored = before.race.sprints.get(event.lap)
            return dict.fromkeys((*event.points, *(() if scored is None else scored.points)))
        case _:
            return None


def _moved(now: Field, old_race: Race, name: str) -> Field:
    race, number = now.race, now.numbers[name]
    was, each = now.skated[name], skated(race, race.skaters[name])
    lines_moved = {
        at: ladder.moved(gone, come)
        for at, ladder in now.at_lines.items()
        if (gone := _time_at(was, at)) != (come := _time_at(each, at))
    }
    return replace(
        now,
        skated=put(now.skated, name, each),
        order=now.order.moved(
            None if was is None else _key(old_race, was, number),
            None if each is None else _key(race, each, number),
        ),
        finishes=now.finishes.moved(_finish(was), _finish(each)),
        at_lines={**now.at_lines, **lines_moved} if lines_moved else now.at_lines,
        remaining=now.remaining + _is_to_come(each) - _is_to_come(was),
    )


def _is_to_come(each: Skated | None) -> bool:
    return each is not None and bool(each.to_skate)


def _key(race: Race, each: Skated, number: int) -> _Key:
    """Say where somebody belongs: who is ranked by merit, then who is not, each by pair, lane and listing."""
    lane = len(LANES) if each.lane is None else LANES.index(each.lane)
    start = each.pair, lane, number, each.competitor.id
    if each.ranked is not None:
        return 0, *_merit(race, each), *start
    return 1 if each.irm is None else 2 + IRM_ORDER.index(each.irm), *start


def _merit(race: Race, each: Skated) -> tuple[int, ...]:
    time_ms = each.ranked.time_ms if each.ranked else 0
    if not race.is_mass_start:
        return (time_ms,)
    return -max(each.splits), -_points(race, each.competitor.id), time_ms


def _points(race: Race, name: str) -> int:
    return sum(sprint.points.get(name, 0) for sprint in race.sprints.values())


def _finish(each: Skated | None) -> tuple[int, str] | None:
    return None if each is None or each.ranked is None else (each.ranked.time_ms, each.competitor.id)


def _time_at(each: Skated | None, at: int) -> tuple[int, str] | None:
    if each is None or each.irm is not None or at not in each.splits:
        return None
    return each.splits[at].time_ms, each.competitor.id


def top(of: Field, count: int) -> tuple[Entry, ...]:
    """Give the lines of the first so many in the order of the sheet."""
    return tuple(entry(of, key[-1]) for key in islice(of.order, count))


def entry(of: Field, name: str) -> Entry:
    """Give somebody's line, as it stands on the sheet.

    Raises:
        KeyError: where nobody of this name is on it.
    """
    race, each = of.race, of.skated[name]
    if each is None:
        raise KeyError(name)
    rank, equal = _rank(of, each)
    points = _points(race, name) if race.is_mass_start else None
    finish = each.ranked
    gap = None
    if finish is not None and not race.is_mass_start:
        gap = times.difference(finish.time_ms, next(iter(of.finishes))[0])
    return line_of(
        Place(each, rank, equal, points),
        of.order.below(_key(race, each, of.numbers[name])) + 1,
        gap,
        finish is not None and _alike(of.finishes, times.shown(finish.time_ms), 10) > 1,
        splits_of(race.course, each, {at: _rank_at(of, each, at) for at in each.splits}, ()),
    )


def _rank(of: Field, each: Skated) -> tuple[int | None, bool]:
    if each.ranked is None:
        return None, False
    merit = 0, *_merit(of.race, each)
    in_front = of.order.below(merit)
    return in_front + 1, of.order.below((*merit, _BEHIND_ALL)) - in_front > 1


def _rank_at(of: Field, each: Skated, at: int) -> Mapping[str, tuple[int, bool]]:
    if each.irm is not None:
        return {}
    ladder, time_ms = of.at_lines[at], each.splits[at].time_ms
    return {each.competitor.id: (ladder.below((time_ms,)) + 1, _alike(ladder, time_ms, 1) > 1)}


def _alike(ladder: Ladder[tuple[int, str]], time_ms: int, within_ms: int) -> int:
    """Count the times from this one on, up to so many milliseconds more, that not included."""
    return ladder.below((time_ms + within_ms,)) - ladder.below((time_ms,))
