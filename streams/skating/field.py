"""The order of a race of any size: who is where, at a cost that hardly grows with the number of competitors.

Theory of operation. A sheet has a line for everybody, and a finish moves everybody behind it, so to draw it
costs as much as the race is large. Here the order is kept as a ladder of keys, and so are the times at each
line of the course; an event moves the keys of those whom it is about. A rank is the number of keys in front,
asked for only where a line is to be shown (`front.py`), and that line says what it says on the sheet.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schemas.model import LANES
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
    StartListAdded,
    TimingEvent,
)
from streams.skating.counting import Skated, is_over, skated
from streams.skating.ice import Ice, ice, ice_after
from streams.skating.ladder import Ladder
from streams.skating.listing import places
from streams.skating.order import IRM_ORDER
from streams.skating.race import Race
from streams.skating.roster import Roster, put_all

Key = tuple[Any, ...]
_OfAPair = PairCalled | PairStarted | PairCleared | PairConfirmed

MOST_AT_ONCE = 500
"""Of more whom an event is about the order is made anew; two parts of a start list are as many."""


@dataclass(frozen=True, slots=True)
class Field:
    """Everybody in a race, in their order.

    `skated` is what everybody has to show, by competitor id, null for who has nothing; `numbers` tell in
    which order they were listed, `in_pair` who was ever to skate in a pair. `order` has a key for everybody
    on the sheet, `finishes` the times that rank, and `at_lines` by metres the times at each line of the
    course, the latter two with the competitor. `to_come` has who has still to finish, `ice` in which pairs.
    """

    race: Race
    skated: Mapping[str, Skated | None]
    numbers: Mapping[str, int]
    in_pair: Mapping[int, tuple[str, ...]]
    order: Ladder[Key]
    finishes: Ladder[tuple[int, str]]
    at_lines: Mapping[int, Ladder[tuple[int, str]]]
    to_come: Ladder[tuple[str]]
    ice: Ice


def field(race: Race) -> Field:
    """Put everybody in a race in order."""
    summed = {name: skated(race, skater) for name, skater in race.skaters.items()}
    in_parts = race.parts is not None
    numbers = places(race) if in_parts else {name: number for number, name in enumerate(race.skaters)}
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
        finishes=Ladder(key for each in there if (key := finish(each)) is not None),
        at_lines={
            at: Ladder(key for each in there if (key := time_at(each, at)) is not None) for at in race.course
        },
        to_come=Ladder(who for each in there if (who := _to_come(each)) is not None),
        ice=ice(race, there),
    )


def concerned(before: Field, race: Race, event: TimingEvent) -> Collection[str] | None:
    """Name whom an event is about, each once, in an order that is the race's own; None for all.

    Args:
        before: the order before it.
        race: the race with the event folded in.
        event: the event.
    """
    if is_over(before.race) != is_over(race):
        return None
    names: Collection[str] | None = None
    match event:
        case PassingRecorded() | PassingDeleted() | ResultRuled() | ReskateGranted():
            names = (event.competitor_id,)
        case PairCleared() | PairConfirmed():
            in_it = before.in_pair.get(event.pair, ())
            # By name: a race that is read from its rows knows who is in a pair in another order.
            names = sorted(in_it) if len(in_it) <= MOST_AT_ONCE else None
        case PairCalled() | PairStarted() | RacePaused() | RaceResumed():
            names = ()
        case SprintScored():
            scored = before.race.sprints.get(event.lap)
            names = dict.fromkeys((*event.points, *(() if scored is None else scored.points)))
        case StartListAdded():
            listed = (before.race.parts or {}).get(event.part)
            lines = (*event.start_list, *(() if listed is None else listed.lines))
            names = dict.fromkeys(line.competitor.id for line in lines)
        case _:
            pass
    return names


def followed(before: Field, race: Race, event: TimingEvent) -> Field:
    """Give the order after an event.

    Args:
        before: the order before it.
        race: the race with the event folded in.
        event: the event.
    """
    if race is before.race:
        return before
    names = concerned(before, race, event)
    if names is None:
        return field(race)
    numbers = before.numbers
    if isinstance(event, StartListAdded):
        numbers = {**numbers, **places(race, names)}
    pair = event.pair if isinstance(event, _OfAPair) else None
    after = _moved(replace(before, race=race, numbers=numbers), before, tuple(names), pair)
    if isinstance(event, StartListAdded):
        return replace(
            after, in_pair=_joined(before, ((each.pair, each.competitor.id) for each in event.start_list))
        )
    if isinstance(event, ReskateGranted):
        return replace(after, in_pair=_joined(before, [(event.pair, event.competitor_id)]))
    return after


def _joined(before: Field, who: Iterable[tuple[int, str]]) -> Mapping[int, tuple[str, ...]]:
    """Give who was ever to skate in each pair, with some more."""
    known, joined = before.race.skaters, dict[int, list[str]]()
    for pair, name in who:
        if name not in known or pair not in known[name].attempts:
            joined.setdefault(pair, []).append(name)
    return {
        **before.in_pair,
        **{pair: (*before.in_pair.get(pair, ()), *names) for pair, names in joined.items()},
    }


def _moved(now: Field, before: Field, names: Sequence[str], pair: int | None) -> Field:
    """Move those whom an event is about, and the pair."""
    moves = {name: (before.skated.get(name), skated(now.race, now.race.skaters[name])) for name in names}
    order, finishes, to_come, at_lines = now.order, now.finishes, now.to_come, dict(now.at_lines)
    for name, (was, each) in moves.items():
        order = order.moved(
            None if was is None else _key(before.race, was, before.numbers[name]),
            None if each is None else _key(now.race, each, now.numbers[name]),
        )
        finishes = finishes.moved(finish(was), finish(each))
        for at in lines_moved(was, each):
            at_lines[at] = at_lines[at].moved(time_at(was, at), time_at(each, at))
        to_come = to_come.moved(_to_come(was), _to_come(each))
    return replace(
        now,
        skated=put_all(now.skated, {name: each for name, (_, each) in moves.items()}),
        order=order,
        finishes=finishes,
        at_lines=at_lines,
        to_come=to_come,
        ice=ice_after(now.ice, before.race, now.race, moves.values(), pair),
    )


def lines_moved(was: Skated | None, each: Skated | None) -> list[int]:
    """Give the lines, in metres, at which somebody has another time that ranks than before."""
    there = dict.fromkeys(
        (*(was.splits if was is not None else ()), *(each.splits if each is not None else ()))
    )
    return [at for at in there if time_at(was, at) != time_at(each, at)]


def is_touched(before: Field, after: Field, name: str) -> bool:
    """Tell whether somebody has something else to show, or other points, or belongs somewhere else."""
    was, each = before.skated.get(name), after.skated.get(name)
    if was != each or belongs(before, name) != belongs(after, name):
        return True
    return each is not None and points(before.race, name) != points(after.race, name)


def belongs(of: Field, name: str) -> tuple[int, ...]:
    """Say where a line belongs, by numbers to be compared from left to right; none for who has no line.

    The group comes first: 0 ranked, 1 to skate, then DNF, DQ, DNS and WDR. Who is ranked has the merit next:
    the time, or in a mass start laps and points, less than nothing, and the time. Then come pair, lane and
    place in the list.
    """
    each = of.skated.get(name)
    return () if each is None else _key(of.race, each, of.numbers[name])[:-1]


def _to_come(each: Skated | None) -> tuple[str] | None:
    return (each.competitor.id,) if each is not None and each.to_skate else None


def _key(race: Race, each: Skated, number: int) -> Key:
    """Say where somebody belongs: who is ranked by merit, then who is not, each by pair, lane and listing."""
    lane = len(LANES) if each.lane is None else LANES.index(each.lane)
    start = each.pair, lane, number, each.competitor.id
    if each.ranked is not None:
        return 0, *merit(race, each), *start
    return 1 if each.irm is None else 2 + IRM_ORDER.index(each.irm), *start


def merit(race: Race, each: Skated) -> tuple[int, ...]:
    """Give what ranks, less being better: the time, or in a mass start laps, points and time."""
    time_ms = each.ranked.time_ms if each.ranked else 0
    if not race.is_mass_start:
        return (time_ms,)
    return -max(each.splits), -points(race, each.competitor.id), time_ms


def points(race: Race, name: str) -> int:
    """Add up somebody's points of all sprints."""
    return sum(sprint.points.get(name, 0) for sprint in race.sprints.values())


def finish(each: Skated | None) -> tuple[int, str] | None:
    """Give the time that ranks somebody, with the name; None for none."""
    return None if each is None or each.ranked is None else (each.ranked.time_ms, each.competitor.id)


def time_at(each: Skated | None, at: int) -> tuple[int, str] | None:
    """Give the time that ranks somebody at a line of the course, with the name; None for none."""
    if each is None or each.irm is not None or at not in each.splits:
        return None
    return each.splits[at].time_ms, each.competitor.id
