"""Start lists, whole and in parts: who is listed now, and who was ever listed where.

A whole list replaces the one before it. A part replaces only what the part of this number was before, and of
each number the one with the latest instant is in force: so parts of one list, and of the next, may come in
any order, and each costs what it has in it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from schemas.race import Listed, StartList
from streams.skating.race import Attempt, ListPart, PairLife, Race, Skater
from streams.skating.roster import put_all

LINES_IN_A_PART = 250
"""How many lines a part has at most: a place in part 2 comes after so many."""


def listed(race: Race, start_list: StartList, at: datetime) -> Race:
    """Put a whole start list in force, or, where a later one is, only note who was ever listed where.

    Args:
        race: a race whose sheet is whole.
        start_list: everybody.
        at: when that was told.

    Returns:
        The race with the list in it; the very same one where it changes nothing.
    """
    in_force = at >= race.listed_at
    skaters = dict(race.skaters)
    if in_force:
        skaters = {name: replace(skater, listed=()) for name, skater in skaters.items()}
    pairs = dict(race.pairs)
    for line in sorted(start_list, key=lambda line: line.pair):
        pairs.setdefault(line.pair, PairLife())
        skater = _noted(skaters.get(line.competitor.id, Skater(line.competitor)), line, at)
        if in_force:
            skater = replace(skater, listed=(*skater.listed, line.pair))
        skaters[line.competitor.id] = skater
    changed = replace(race, skaters=skaters, pairs=pairs, listed_at=max(at, race.listed_at))
    return race if changed == race else changed


def part_listed(race: Race, part: int, start_list: StartList, at: datetime) -> Race:
    """Put a part of a start list in force, or, where a later one of its number is, only note who was in it.

    Args:
        race: a race whose sheet is in parts.
        part: the number of the part, from 1.
        start_list: who is in it.
        at: when that was told.

    Returns:
        The race with the part in it; the very same one where it changes nothing.
    """
    parts, pairs = race.parts or {}, {}
    skaters: dict[str, Skater] = {}
    for line in sorted(start_list, key=lambda line: line.pair):
        name = line.competitor.id
        known = skaters.get(name) or race.skaters.get(name, Skater(line.competitor))
        skaters[name] = _noted(known, line, at, part)
        if line.pair not in race.pairs:
            pairs[line.pair] = PairLife()
    before = parts.get(part)
    if before is None or at >= before.at:
        gone = () if before is None else before.lines
        parts = {**parts, part: ListPart(at, start_list)}
        skaters = {**{line.competitor.id: race.skaters[line.competitor.id] for line in gone}, **skaters}
        listed_in: dict[str, set[int]] = {name: set() for name in skaters}
        for each in parts.values():
            for line in each.lines:
                if line.competitor.id in listed_in:
                    listed_in[line.competitor.id].add(line.pair)
        skaters = {
            name: replace(each, listed=tuple(sorted(listed_in[name]))) for name, each in skaters.items()
        }
    anew = {name: each for name, each in skaters.items() if race.skaters.get(name) != each}
    if not anew and not pairs and parts == race.parts:
        return race
    return replace(race, skaters=put_all(race.skaters, anew), pairs=put_all(race.pairs, pairs), parts=parts)


def places(race: Race, names: Iterable[str] | None = None) -> dict[str, int]:
    """Tell the places on a start list in parts, from 1; 0 for who is not on it.

    Args:
        race: a race whose sheet is in parts.
        names: of whom; None is everybody in the race.
    """
    found = dict.fromkeys(race.skaters if names is None else names, 0)
    for number, part in sorted((race.parts or {}).items(), reverse=True):
        first = (number - 1) * LINES_IN_A_PART + 1
        for place, line in reversed(tuple(enumerate(part.lines, start=first))):
            if line.competitor.id in found:
                found[line.competitor.id] = place
    return found


def _noted(skater: Skater, line: Listed, at: datetime, part: int = 0) -> Skater:
    """Note a line of a start list, as far as no later list, nor a later part of this one, said otherwise."""
    told = at, part
    last = max(
        (
            (each.listed_at, each.listed_part)
            for each in skater.attempts.values()
            if each.listed_at is not None
        ),
        default=None,
    )
    if last is None or told >= last:
        skater = replace(skater, competitor=line.competitor)
    attempt = skater.attempts.get(line.pair, Attempt())
    if attempt.listed_at is None or told >= (attempt.listed_at, attempt.listed_part):
        attempt = replace(attempt, listed_at=at, listed_part=part, listed_lane=line.lane)
    return replace(skater, attempts={**skater.attempts, line.pair: attempt})
