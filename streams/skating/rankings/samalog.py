"""Samalog: what an allround or sprint championship adds up to.

Each distance gives the seconds of its shown time per 500 m, cut off after three decimals, and the sums are
compared, lowest first (RULES: samalog). All of it in whole thousandths: 34.14 s over 500 m and 1:08.20 over
1000 m are 34140 + 34100 = 68240, and are written `68.240`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.rankings import RankingEntry
from schemas.results import RaceResult, RaceResults
from streams.skating.order import ranks
from streams.skating.rankings.parts import part
from streams.skating.times import shown

_UNIT_M = 500


@dataclass(frozen=True, slots=True)
class Skated:
    """What somebody has to show on one distance, in thousandths."""

    race: RaceResults
    result: RaceResult
    points: int


def points_of(time_ms: int, distance_m: int) -> int:
    """Give the points of a time, in thousandths.

    Args:
        time_ms: the time in milliseconds; its shown hundredths count.
        distance_m: the distance in metres, at least 1.
    """
    return shown(time_ms) * _UNIT_M // distance_m


def written(points: int) -> str:
    """Write points in thousandths as they are printed: 68240 gives `68.240`."""
    return f"{points // 1000}.{points % 1000:03}"


def skated_by_competitor(races: Iterable[RaceResults]) -> dict[str, list[Skated]]:
    """Give everybody's finished distances, by competitor, in the order of the races."""
    skated: dict[str, list[Skated]] = {}
    for race in races:
        for result in race.results:
            if result.rank is not None and result.time_ms is not None:
                points = points_of(result.time_ms, race.finish_m)
                skated.setdefault(result.competitor.id, []).append(Skated(race, result, points))
    return skated


def total(skated: Iterable[Skated]) -> int:
    """Add up points, in thousandths."""
    return sum(each.points for each in skated)


def merit(skated: Sequence[Skated]) -> tuple[int, int]:
    """Give what ranks somebody, the lowest first: more distances, then fewer points."""
    return -len(skated), total(skated)


def samalog_entries(races: Sequence[RaceResults]) -> tuple[RankingEntry, ...]:
    """Rank everybody who has finished a distance: who has more distances first, then by the sum.

    While a distance is skated, those who have finished it therefore go before those who are still to come.
    Sums that are equal to the thousandth share the rank.

    Args:
        races: those that count and have begun, in the order of their parts.
    """
    ranked = ranks(
        sorted(skated_by_competitor(races).values(), key=lambda each: each[0].result.competitor.id), merit
    )
    return tuple(
        RankingEntry(
            rank=rank,
            rank_equal=equal,
            competitor=each[-1].result.competitor,
            value=written(total(each)),
            state=None,
            parts=tuple(part(one.race.race_id, one.result.rank, written(one.points)) for one in each),
        )
        for each, rank, equal in ranked
    )
