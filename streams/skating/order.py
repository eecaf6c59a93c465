"""The ranking order: who is where, with shared ranks, and in what order the sheet prints everybody.

Ranking is on thousandths; equal ones share the rank and the next is skipped: 9, 9, 11 (RULES: times and
ties). In a mass start laps decide, then points, then the time of the last lap.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from schemas.model import LANES, Irm
from streams.skating.counting import Skated
from streams.skating.race import Race

IRM_ORDER: tuple[Irm, ...] = ("DNF", "DQ", "DNS", "WDR")
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Place:
    """A competitor's place in the order; `rank` None without one, `points` None but in a mass start."""

    skated: Skated
    rank: int | None
    rank_equal: bool
    points: int | None


def ranks(items: Iterable[_Item], merit: Callable[[_Item], Any]) -> list[tuple[_Item, int, bool]]:
    """Rank items from best to worst, lowest merit first; equal merits share a rank, and the next is skipped.

    Returns:
        Each item with its rank, and whether it shares it.
    """
    ranked: list[tuple[_Item, int, bool]] = []
    for _, equals in groupby(sorted(items, key=merit), key=merit):
        tied = list(equals)
        rank = len(ranked) + 1
        ranked.extend((item, rank, len(tied) > 1) for item in tied)
    return ranked


def order(race: Race, everybody: Sequence[Skated]) -> list[Place]:
    """Put everybody in the order of the sheet.

    First who has a rank (equal ones by pair and lane), then who is still to skate, then DNF, DQ, DNS and WDR,
    each by pair and lane.
    """
    merit = _laps_points_time(race) if race.is_mass_start else _time
    sprints = _points(race) if race.is_mass_start else None

    def points(skated: Skated) -> int | None:
        return None if sprints is None else sprints.get(skated.competitor.id, 0)

    by_start = sorted(everybody, key=_start)
    placed = [
        Place(skated, rank, equal, points(skated))
        for skated, rank, equal in ranks((skated for skated in by_start if skated.ranked), merit)
    ]
    without = [Place(skated, None, False, points(skated)) for skated in by_start if not skated.ranked]
    without.sort(key=lambda place: -1 if place.skated.irm is None else IRM_ORDER.index(place.skated.irm))
    return placed + without


def _start(skated: Skated) -> tuple[int, int]:
    return skated.pair, len(LANES) if skated.lane is None else LANES.index(skated.lane)


def _time(skated: Skated) -> int:
    return skated.finish.time_ms if skated.finish else 0


def _points(race: Race) -> dict[str, int]:
    total: dict[str, int] = {}
    for sprint in race.sprints.values():
        for competitor_id, points in sprint.points.items():
            total[competitor_id] = total.get(competitor_id, 0) + points
    return total


def _laps_points_time(race: Race) -> Callable[[Skated], tuple[int, int, int]]:
    points = _points(race)
    return lambda skated: (-max(skated.splits), -points.get(skated.competitor.id, 0), _time(skated))
