"""The lines of a sheet, drawn anew only where an event made them say something else.

Theory of operation. Most events are times on the way: one skater has a split more, and at that line of the
course others may have another rank. So ranks are found again only at lines at which a touched skater has
another time; the order only where a touched skater's merit is another; and a line of the sheet only for who
was touched, has another rank at a line, or moved. Whatever is kept is the very same object as before, which
tells whoever writes it down that what was written may be kept as well.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from schemas.race import RaceDefinition
from schemas.standings import Entry, Split
from streams.skating import times
from streams.skating.counting import Skated
from streams.skating.order import Place, order
from streams.skating.race import Race, Sprint
from streams.skating.touched import Touched, touched

_RanksAtLine = Mapping[str, tuple[int, bool]]
"""Rank by competitor, and whether it is shared."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a sheet, `entries`, with what they were drawn from."""

    definition: RaceDefinition
    sprints: Mapping[int, Sprint]
    present: Sequence[Skated]
    places: tuple[Place, ...]
    at_lines: Mapping[int, _RanksAtLine]
    entries: tuple[Entry, ...]


def lines(race: Race, present: Sequence[Skated], before: Lines | None = None) -> Lines:
    """Draw the lines of a race's sheet, from what everybody has to show.

    Args:
        race: the race.
        present: what everybody has to show.
        before: the lines as they were; those of another definition are passed over.
    """
    if before is not None and before.definition is not race.definition:
        before = None
    moved = touched(() if before is None else before.present, present)
    at_lines = {line: {} for line in race.course} if before is None else before.at_lines
    anew = {line: _ranked(present, line) for line in race.course if _timed_otherwise(moved, line)}
    names = {(each.after or each.before).competitor.id for each in moved}  # type: ignore[union-attr]
    for line, ranked in anew.items():
        there = at_lines[line]
        names.update(name for name, rank in ranked.items() if there.get(name) != rank)
    at_lines = {**at_lines, **anew}
    if before is not None and before.sprints is race.sprints and _keep_their_order(race, moved):
        places, entries = _touched_up(race, before, moved, names, at_lines, anew)
    else:
        places = tuple(order(race, present))
        known = {} if before is None else {entry.competitor.id: entry for entry in before.entries}
        entries = _drawn(race, places, known, names, at_lines)
    return Lines(race.definition, race.sprints, present, places, at_lines, entries)


def _timed_otherwise(moved: Sequence[Touched], line: int) -> bool:
    return any(_timed(each.before, line) != _timed(each.after, line) for each in moved)


def _timed(skated: Skated | None, line: int) -> int | None:
    """Give the time by which somebody is ranked at a line."""
    if skated is None or skated.irm is not None:
        return None
    there = skated.splits.get(line)
    return None if there is None else there.time_ms


def _ranked(present: Sequence[Skated], line: int) -> _RanksAtLine:
    """Rank everybody without an irm at a line of the course, by thousandths."""
    there = sorted(
        (timed.time_ms, each.competitor.id)
        for each in present
        if each.irm is None and (timed := each.splits.get(line)) is not None
    )
    ranked: dict[str, tuple[int, bool]] = {}
    first, last = 0, len(there) - 1
    for place, (time_ms, name) in enumerate(there):
        is_first = place == 0 or there[place - 1][0] != time_ms
        first = place if is_first else first
        ranked[name] = first + 1, not is_first or (place < last and there[place + 1][0] == time_ms)
    return ranked


def _keep_their_order(race: Race, moved: Sequence[Touched]) -> bool:
    return all(
        each.before is not None
        and each.after is not None
        and _merit(race, each.before) == _merit(race, each.after)
        for each in moved
    )


def _merit(race: Race, skated: Skated) -> tuple[object, ...]:
    """Give everything that somebody's place in the order follows from."""
    laps = max(skated.splits, default=0) if race.is_mass_start else 0
    finish = skated.ranked
    return skated.pair, skated.lane, skated.irm, laps, finish.time_ms if finish else None


def _touched_up(
    race: Race,
    before: Lines,
    moved: Sequence[Touched],
    names: set[str],
    at_lines: Mapping[int, _RanksAtLine],
    anew: Mapping[int, _RanksAtLine],
) -> tuple[tuple[Place, ...], tuple[Entry, ...]]:
    """Draw the lines of some anew, where all have the places that they had."""
    shown = {each.after.competitor.id: each.after for each in moved if each.after is not None}
    places, entries = list(before.places), list(before.entries)
    for number, entry in enumerate(before.entries):
        name = entry.competitor.id
        if name not in names:
            continue
        if name not in shown:
            entries[number] = entry.model_copy(update={"splits": _ranked_anew(entry.splits, name, anew)})
            continue
        place = places[number] = replace(places[number], skated=shown[name])
        splits = splits_of(race.course, place.skated, at_lines, entry.splits)
        shared = entry.thousandth is not None
        entries[number] = line_of(place, entry.sort_order, entry.behind_ms, shared, splits)
    return tuple(places), tuple(entries)


def _ranked_anew(splits: Sequence[Split], name: str, anew: Mapping[int, _RanksAtLine]) -> tuple[Split, ...]:
    """Print the ranks of somebody whose times are as they were; only at some lines may they be others."""
    printed = list(splits)
    for number, split in enumerate(splits):
        ranked = anew.get(split.distance_m)
        if ranked is None:
            continue
        rank, equal = ranked.get(name, (None, False))
        if rank != split.rank or equal is not split.rank_equal:
            printed[number] = split.model_copy(update={"rank": rank, "rank_equal": equal})
    return tuple(printed)


def _drawn(
    race: Race,
    places: Sequence[Place],
    known: Mapping[str, Entry],
    names: set[str],
    at_lines: Mapping[int, _RanksAtLine],
) -> tuple[Entry, ...]:
    """Draw the lines of all, but for those who stand where they stood, with nothing else to show."""
    finishes = [place.skated.ranked for place in places]
    shown = Counter(times.shown(finish.time_ms) for finish in finishes if finish)
    leader = next((place.skated.finish for place in places if place.rank == 1), None)
    leader_ms = None if leader is None or race.is_mass_start else leader.time_ms
    drawn = []
    for sort_order, (place, finish) in enumerate(zip(places, finishes, strict=True), start=1):
        name = place.skated.competitor.id
        gap = None if finish is None or leader_ms is None else times.difference(finish.time_ms, leader_ms)
        shared = finish is not None and shown[times.shown(finish.time_ms)] > 1
        old = known.get(name)
        says = place.rank, place.rank_equal, sort_order, gap, shared, place.points
        if old is not None and name not in names:
            drawn.append(old if said(old) == says else moved_line(old, place, sort_order, gap, shared))
            continue
        splits = splits_of(race.course, place.skated, at_lines, () if old is None else old.splits)
        drawn.append(line_of(place, sort_order, gap, shared, splits))
    return tuple(drawn)


def said(entry: Entry) -> tuple[object, ...]:
    """Give what others decide of a line whose competitor has nothing else to show."""
    shared = entry.thousandth is not None
    return entry.rank, entry.rank_equal, entry.sort_order, entry.behind_ms, shared, entry.points


def moved_line(old: Entry, place: Place, sort_order: int, behind_ms: int | None, shared: bool) -> Entry:
    """Print the line of somebody whom others moved; a copy with what that changes costs half of a new one."""
    others = decided_by_others(
        old.time_ms, place.rank, place.rank_equal, sort_order, behind_ms, shared=shared
    )
    return old.model_copy(update={**others, "points": place.points})


def decided_by_others(
    time_ms: int | None,
    rank: int | None,
    rank_equal: bool,
    sort_order: int,
    behind_ms: int | None,
    *,
    shared: bool,
) -> dict[str, object]:
    """Give what others decide of a line, whoever's it is, by the names of an entry.

    Args:
        time_ms: the time that ranks; None without one.
        rank: the place among those who are ranked; None without one.
        rank_equal: whether it is shared.
        sort_order: the place on the sheet, from 1.
        behind_ms: how far behind the leader, in shown milliseconds; None where that says nothing.
        shared: whether somebody else has the same hundredths.
    """
    return {
        "rank": rank,
        "rank_equal": rank_equal,
        "sort_order": sort_order,
        "thousandth": times.thousandth(time_ms) if shared and time_ms is not None else None,
        "behind_ms": behind_ms,
        "behind": _behind(behind_ms),
    }


def line_of(
    place: Place, sort_order: int, behind_ms: int | None, shared: bool, splits: tuple[Split, ...]
) -> Entry:
    """Print somebody's line.

    Args:
        place: the place in the order, and what there is to show.
        sort_order: the place on the sheet, from 1.
        behind_ms: how far behind the leader, in shown milliseconds; None where that says nothing.
        shared: whether somebody else has the same hundredths.
        splits: the times at the lines of the course.
    """
    skated, finish = place.skated, place.skated.ranked
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
        behind=_behind(behind_ms),
        irm=skated.irm,
        rule=skated.rule,
        marks=skated.marks,
        method=finish.method if finish else None,
        unchecked=not (skated.confirmed or (finish is not None and finish.method == "photo_finish")),
        splits=splits,
        points=place.points,
    )


def _behind(behind_ms: int | None) -> str | None:
    """Write a gap for the eye; the leader has none."""
    if behind_ms is None:
        return None
    return times.signed(behind_ms) if behind_ms else ""


def splits_of(
    course: Sequence[int], skated: Skated, at_lines: Mapping[int, _RanksAtLine], known: Sequence[Split]
) -> tuple[Split, ...]:
    """Print the times of somebody at the lines of the course; of those `known` the same are kept."""
    kept = {split.distance_m: split for split in known}
    name, printed = skated.competitor.id, list[Split]()
    before_ms: int | None = 0
    for line in course:
        here = skated.splits.get(line)
        if here is None:
            before_ms = None
            continue
        time_ms = here.time_ms
        lap_ms = None if before_ms is None else times.difference(time_ms, before_ms)
        rank, equal = at_lines[line].get(name, (None, False))
        before_ms = time_ms
        old = kept.get(line)
        if (
            old is None
            or (old.time_ms, old.lap_ms, old.rank) != (time_ms, lap_ms, rank)
            or old.rank_equal is not equal
        ):
            old = Split(distance_m=line, time_ms=time_ms, lap_ms=lap_ms, rank=rank, rank_equal=equal)
        printed.append(old)
    return tuple(printed)
