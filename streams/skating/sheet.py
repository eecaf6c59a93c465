"""The sheet of a race: what the standings say at a moment, without version and time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.model import Milliseconds
from schemas.race import Status
from schemas.standings import Entry, Split
from streams.skating import life, times
from streams.skating.counting import Skated, is_over, skated
from streams.skating.order import Place, order, ranks
from streams.skating.race import Race, Skater

_RankAtLine = dict[tuple[str, int], tuple[int, bool]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything a standings message says, but for its version and its time."""

    status: Status
    entries: tuple[Entry, ...]
    on_ice: tuple[int, ...]
    next: tuple[int, ...]
    remaining: int


def everybody(race: Race, before: Race | None = None, known: Sequence[Skated] = ()) -> list[Skated]:
    """Sum up all who are listed now, were measured, or were ruled on.

    Args:
        race: the race.
        before: the race as it was, if it is known what everybody had to show then; who was not touched since
            is not summed up again, since an event touches one skater, seldom a pair, and hardly ever all.
        known: what everybody had to show then.
    """
    summed = {each.competitor.id: each for each in known}
    same = before is not None and before.definition is race.definition and is_over(before) == is_over(race)
    present = []
    for name, skater in race.skaters.items():
        if same and before is not None and _untouched(race, before, name, skater):
            each = summed.get(name)
        else:
            each = skated(race, skater)
        if each is not None:
            present.append(each)
    return present


def _untouched(race: Race, before: Race, name: str, skater: Skater) -> bool:
    if before.skaters.get(name) is not skater:
        return False
    pairs, old = race.pairs, before.pairs
    return pairs is old or all(pairs.get(pair) is old.get(pair) for pair in skater.attempts)


def sheet(race: Race, present: Sequence[Skated]) -> Sheet:
    """Draw up the sheet of a race from what everybody has to show."""
    status = life.status(race.life, race.closed_as)
    to_skate = sorted({pair for each in present for pair in each.to_skate})
    return Sheet(
        status=status,
        entries=_entries(race, present),
        on_ice=tuple(pair for pair in to_skate if _on_ice(race, pair)),
        next=tuple(pair for pair in to_skate if race.pairs[pair].on_ice_since is None),
        remaining=sum(bool(each.to_skate) for each in present),
    )


def _on_ice(race: Race, pair: int) -> bool:
    """Tell whether a pair that misses a finish is out there: not before a closing, nor already confirmed."""
    since = race.pairs[pair].on_ice_since
    closed, confirmed = race.life.get("closed"), race.pairs[pair].confirmed
    return since is not None and all(over is None or since > over for over in (closed, confirmed))


def _entries(race: Race, present: Sequence[Skated]) -> tuple[Entry, ...]:
    places = order(race, present)
    at_lines = _ranks_at_lines(race, present)
    shown = Counter(times.shown(each.ranked.time_ms) for each in present if each.ranked)
    leader = next((place.skated.finish for place in places if place.rank == 1), None)
    leader_ms = None if leader is None or race.is_mass_start else leader.time_ms
    return tuple(
        _entry(place, sort_order, leader_ms, shown, _splits(race.course, place.skated, at_lines))
        for sort_order, place in enumerate(places, start=1)
    )


def _entry(
    place: Place,
    sort_order: int,
    leader_ms: Milliseconds | None,
    shown: Counter[int],
    splits: tuple[Split, ...],
) -> Entry:
    skated, finish = place.skated, place.skated.ranked
    behind_ms = None if finish is None or leader_ms is None else times.difference(finish.time_ms, leader_ms)
    shared = finish is not None and shown[times.shown(finish.time_ms)] > 1
    return Entry(
        rank=place.rank,
        rank_equal=place.rank_equal,
        sort_order=sort_order,
        competitor=skated.competitor,
        pair=skated.pair,
        lane=skated.lane,
        time_ms=finish.time_ms if finish else None,
        time=times.text(finish.time_ms) if finish else None,
        thousandth=times.thousandth(finish.time_ms) if finish and shared else None,
        behind_ms=behind_ms,
        behind=None if behind_ms is None else times.signed(behind_ms) if behind_ms else "",
        irm=skated.irm,
        rule=skated.rule,
        marks=skated.marks,
        method=finish.method if finish else None,
        unchecked=not (skated.confirmed or (finish is not None and finish.method == "photo_finish")),
        splits=splits,
        points=place.points,
    )


def _ranks_at_lines(race: Race, present: Sequence[Skated]) -> _RankAtLine:
    """Rank everybody without an irm at every line of the course, by thousandths."""
    at_lines: _RankAtLine = {}
    for line in race.course:
        there = [
            (each.splits[line].time_ms, each.competitor.id)
            for each in present
            if line in each.splits and each.irm is None
        ]
        for (_, competitor_id), rank, equal in ranks(there, lambda timed: timed[0]):
            at_lines[competitor_id, line] = rank, equal
    return at_lines


def _splits(course: Sequence[int], skated: Skated, at_lines: _RankAtLine) -> tuple[Split, ...]:
    printed = []
    for previous, line in zip((None, *course), course, strict=False):
        here = skated.splits.get(line)
        if here is None:
            continue
        before = 0 if previous is None else getattr(skated.splits.get(previous), "time_ms", None)
        rank, equal = at_lines.get((skated.competitor.id, line), (None, False))
        printed.append(
            Split(
                distance_m=line,
                time_ms=here.time_ms,
                lap_ms=None if before is None else times.difference(here.time_ms, before),
                rank=rank,
                rank_equal=equal,
            )
        )
    return tuple(printed)
