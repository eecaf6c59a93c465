"""What of a field is shown: anybody's line, and the first hundred's.

A passing gives the one who passed another time at one line of the course. Of the first hundred it changes
those who are slower there, whom it moved, or who share the hundredth; their lines are drawn again. All others
keep theirs, the very same objects, so that what was written of them is kept as well.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from schemas.podium import PodiumPlace
from schemas.standings import Entry
from streams.skating import life, times
from streams.skating.counting import Skated
from streams.skating.field import Field, Key, belongs, finish, lines_moved, merit, points, time_at
from streams.skating.ladder import Ladder
from streams.skating.lines import line_of, lines, moved_line, said, splits_of
from streams.skating.order import Place
from streams.skating.podium import STEPS, Secured, secured
from streams.skating.race import Race
from streams.skating.sheet import Sheet

FIRST = 100
"""How many lines the front of a field has."""

NEXT = 20
"""How many pairs are told that are on the ice, or still to be called."""

_BEHIND_ALL = 1_000_000_000
"""More than any pair: behind all keys that begin alike."""


def front(
    of: Field,
    before: Field | None = None,
    known: Sequence[Entry] = (),
    names: Collection[str] | None = None,
    *,
    count: int = FIRST,
) -> Sheet:
    """Draw up the front of a sheet: the first lines, and of all others how many have still to finish.

    Args:
        of: the field.
        before: as it was, where the lines of its front are known.
        known: those lines.
        names: whom the event in between was about; None is all.
        count: how many lines.
    """
    if before is None or names is None:
        drawn = top(of, count)
    else:
        drawn = _touched_up(of, before, known, names, count)
    return Sheet(
        status=life.status(of.race.life, of.race.closed_as),
        entries=drawn,
        on_ice=tuple(sorted(pair for (pair,) in islice(reversed(of.ice.on_ice), NEXT))),
        next=tuple(pair for (pair,) in islice(of.ice.waiting, NEXT)),
        remaining=len(of.to_come),
    )


def top(of: Field, count: int) -> tuple[Entry, ...]:
    """Give the lines of the first so many in the order of the sheet."""
    return tuple(entry(of, key[-1]) for key in islice(of.order, count))


def all_lines(of: Field) -> tuple[Entry, ...]:
    """Give everybody's line, in the order of the sheet; costs as much as the race is large."""
    present = sorted(
        (each for each in of.skated.values() if each is not None),
        key=lambda each: (of.numbers[each.competitor.id], each.competitor.id),
    )
    return lines(of.race, present).entries


def _touched_up(
    of: Field, before: Field, known: Sequence[Entry], names: Collection[str], count: int
) -> tuple[Entry, ...]:
    keys = list(islice(of.order, count + 1))
    shown = {key[-1]: of.skated[key[-1]] for key in keys[:count]}
    slower, alike = _otherwise(of, before, names, shown)
    if not alike and len(keys) > count and _all_behind(of, before, names, keys[count]):
        return tuple(
            _ranked_again(of, line, slower[line.competitor.id]) if line.competitor.id in slower else line
            for line in known
        )
    old = {line.competitor.id: line for line in known}
    leader_ms = next(iter(of.finishes), (0,))[0]
    drawn = []
    for sort_order, (rank, equal, each) in enumerate(_ranked(of.race, keys, shown), start=1):
        name = each.competitor.id
        line = old.get(name)
        if line is None or name in names or name in alike:
            drawn.append(entry(of, name))
            continue
        if name in slower:
            line = _ranked_again(of, line, slower[name])
        gap, shared = _gap(of, each, leader_ms), line.thousandth is not None
        if said(line) != (rank, equal, sort_order, gap, shared, line.points):
            line = moved_line(line, Place(each, rank, equal, line.points), sort_order, gap, shared)
        drawn.append(line)
    return tuple(drawn)


def _all_behind(of: Field, before: Field, names: Iterable[str], last: Key) -> bool:
    """Tell whether some were behind a key, and are: then nobody in front of it has moved."""
    keys = ((*belongs(each, name), name) for name in names for each in (before, of))
    return all(len(key) == 1 or key > last for key in keys)


def _otherwise(
    of: Field, before: Field, names: Iterable[str], shown: Mapping[str, Skated | None]
) -> tuple[dict[str, set[int]], set[str]]:
    """Name who of those shown may have another rank, and where, and whose hundredths may be shared."""
    slower: dict[str, set[int]] = {}
    alike: set[str] = set()
    for name in names:
        was, now = before.skated.get(name), of.skated.get(name)
        for at in lines_moved(was, now):
            told = [each[0] for each in (time_at(was, at), time_at(now, at)) if each is not None]
            first, last = min(told), max(told) if len(told) > 1 else _BEHIND_ALL
            for other, each in shown.items():
                there = time_at(each, at)
                if there is not None and first <= there[0] <= last:
                    slower.setdefault(other, set()).add(at)
        finishes = {times.shown(each[0]) for each in (finish(was), finish(now)) if each is not None}
        if finish(was) != finish(now):
            ranked = ((other, finish(each)) for other, each in shown.items())
            alike.update(other for other, time in ranked if time and times.shown(time[0]) in finishes)
    return slower, alike


def _ranked_again(of: Field, line: Entry, lines_at: Collection[int]) -> Entry:
    """Print the line of somebody of whom others changed the rank at some lines of the course."""
    name = line.competitor.id
    each, splits = of.skated[name], list(line.splits)
    for number, split in enumerate(splits):
        if each is not None and split.distance_m in lines_at:
            rank, equal = _rank_at(of, each, split.distance_m)[name]
            splits[number] = split.model_copy(update={"rank": rank, "rank_equal": equal})
    return line.model_copy(update={"splits": tuple(splits)})


def _ranked(
    race: Race, keys: Sequence[Key], shown: Mapping[str, Skated | None]
) -> Iterator[tuple[int | None, bool, Skated]]:
    """Rank the first by their keys, of which one more is given than are shown."""
    count = len(_MERIT_OF_A_MASS_START) if race.is_mass_start else 1
    merits = [key[: 1 + count] if key[0] == 0 else None for key in keys]
    rank = 0
    for number, each in enumerate(shown.values()):
        if each is None:
            raise TypeError(keys[number])
        mine = merits[number]
        if mine is None:
            yield None, False, each
            continue
        shares = number > 0 and merits[number - 1] == mine
        rank = rank if shares else number + 1
        yield rank, shares or (number + 1 < len(merits) and merits[number + 1] == mine), each


_MERIT_OF_A_MASS_START = "laps", "points", "time"


def entry(of: Field, name: str) -> Entry:
    """Give somebody's line, as it stands on the sheet.

    Raises:
        KeyError: where nobody of this name is on it.
    """
    race, each = of.race, of.skated[name]
    if each is None:
        raise KeyError(name)
    rank, equal = _rank(of, each)
    ranked = each.ranked
    return line_of(
        Place(each, rank, equal, points(race, name) if race.is_mass_start else None),
        of.order.below((*belongs(of, name), name)) + 1,
        _gap(of, each, next(iter(of.finishes), (0,))[0]),
        ranked is not None and _alike(of.finishes, times.shown(ranked.time_ms), 10) > 1,
        splits_of(race.course, each, {at: _rank_at(of, each, at) for at in each.splits}, ()),
    )


def _gap(of: Field, each: Skated, leader_ms: int) -> int | None:
    ranked = each.ranked
    return None if ranked is None or of.race.is_mass_start else times.difference(ranked.time_ms, leader_ms)


def _rank(of: Field, each: Skated) -> tuple[int | None, bool]:
    if each.ranked is None:
        return None, False
    mine = 0, *merit(of.race, each)
    in_front = of.order.below(mine)
    return in_front + 1, of.order.below((*mine, _BEHIND_ALL)) - in_front > 1


def _rank_at(of: Field, each: Skated, at: int) -> Mapping[str, tuple[int, bool]]:
    if each.irm is not None:
        return {}
    ladder, time_ms = of.at_lines[at], each.splits[at].time_ms
    return {each.competitor.id: (ladder.below((time_ms,)) + 1, _alike(ladder, time_ms, 1) > 1)}


def _alike(ladder: Ladder[tuple[int, str]], time_ms: int, within_ms: int) -> int:
    """Count the times from this one on, up to so many milliseconds more, that not included."""
    return ladder.below((time_ms + within_ms,)) - ladder.below((time_ms,))


def sure(of: Field, steps: Sequence[PodiumPlace]) -> tuple[Secured, ...]:
    """List who has a podium place for certain, without asking everybody.

    Each who is to come could push everybody down: while there are more of them than steps nothing is certain.

    Args:
        of: the field.
        steps: the podium as it stands.
    """
    if not steps or len(of.to_come) > STEPS:
        return ()
    waiting = [each for (name,) in of.to_come if (each := of.skated[name]) is not None]
    their_lines = tuple(entry(of, each.competitor.id) for each in waiting)
    asked = Sheet(life.status(of.race.life, of.race.closed_as), their_lines, (), (), len(waiting))
    return secured(of.race, asked, waiting, steps)
