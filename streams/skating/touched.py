"""Whom an event touched: an event is about one skater, seldom a pair, and hardly ever all.

What follows from all others is as it was, so it need not be worked out again. Who was not touched is the very
same object before and after; one that is made anew may be equal all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from streams.skating.counting import Skated, is_over, skated
from streams.skating.race import Race


@dataclass(frozen=True, slots=True)
class Touched:
    """What a competitor had to show and has now; None before or after there was anything."""

    before: Skated | None
    after: Skated | None


def everybody(race: Race, before: Race | None = None, known: Sequence[Skated] = ()) -> list[Skated]:
    """Sum up all who are listed now, were measured, or were ruled on.

    Args:
        race: the race.
        before: the race as it was, if it is known what everybody had to show then; who was not touched since
            is not summed up again.
        known: what everybody had to show then.
    """
    if before is None or before.definition is not race.definition or is_over(before) != is_over(race):
        return [each for skater in race.skaters.values() if (each := skated(race, skater)) is not None]
    pairs = _changed_pairs(before, race)
    if race.skaters is before.skaters and not pairs:
        return list(known)
    summed = {each.competitor.id: each for each in known}
    present = []
    for name, skater in race.skaters.items():
        if before.skaters.get(name) is skater and (not pairs or pairs.isdisjoint(skater.attempts)):
            each = summed.get(name)
        else:
            each = skated(race, skater)
        if each is not None:
            present.append(each)
    return present


def _changed_pairs(before: Race, race: Race) -> frozenset[int]:
    if race.pairs is before.pairs:
        return frozenset()
    return frozenset(pair for pair, there in race.pairs.items() if before.pairs.get(pair) is not there)


def touched(before: Sequence[Skated], after: Sequence[Skated]) -> list[Touched]:
    """List who is not the very same: first those who are there now, then those who are not any more."""
    if before is after:
        return []
    gone = {each.competitor.id: each for each in before}
    found = []
    for each in after:
        old = gone.pop(each.competitor.id, None)
        if old is not each:
            found.append(Touched(old, each))
    return found + [Touched(old, None) for old in gone.values()]
