"""World Cup points: what every race gave by its table, added up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from schemas.race import Competitor
from schemas.rankings import RankingEntry
from schemas.reference import PointsTableListed
from schemas.results import RaceResult, RaceResults
from streams.skating.order import ranks
from streams.skating.rankings.known import scheduled
from streams.skating.rankings.parts import part

_Occasion = tuple[str, str, str]
"""A competition's discipline and run: both divisions of it are one occasion, A before B."""

_DIVISIONS = ("A", "B", "-")

_WITHOUT_RANK = 1_000_000


@dataclass(frozen=True, slots=True)
class _Scored:
    """What one race gave to one competitor; `latest` says which of equal sums goes first, the least."""

    race_id: str
    result: RaceResult
    points: int
    latest: tuple[int, int, int]


def points_entries(
    races: Sequence[RaceResults], tables: Mapping[str, PointsTableListed], named: str | None
) -> tuple[RankingEntry, ...]:
    """Rank everybody who has a rank or points in one of the races, by the sum of points.

    Equal ranks get the full points of the rank each. On equal sums the one whose latest result is of a later
    occasion goes first, and of the same occasion the one with the better result there: A division before B,
    then by rank, then those without one. Who cannot be told apart shares the rank (RULES: World Cup points).

    Args:
        races: those that count and have begun, in the order of their parts.
        tables: all points tables by name; a race whose table is not listed gives nothing until it is.
        named: the table to use in place of the races' own; None for their own.
    """
    scored: dict[str, list[_Scored]] = {}
    occasions = _occasions(races)
    for race in races:
        table = tables.get(named or race.race.points_table or "")
        occasion, division = occasions[_occasion(race)], _DIVISIONS.index(race.race.division)
        last = sum(result.rank is not None for result in race.results) + 1
        for result in race.results if table is not None else ():
            points = _points(table, result, last)
            if points is not None:
                latest = occasion, division, result.rank or _WITHOUT_RANK
                one = _Scored(race.race_id, result, points, latest)
                scored.setdefault(result.competitor.id, []).append(one)
    merits = [(-_sum(each), min(one.latest for one in each), name, each) for name, each in scored.items()]
    ranked = ranks(sorted(merits, key=itemgetter(2)), itemgetter(0, 1))
    return tuple(_entry(each, rank, equal) for (_, _, _, each), rank, equal in ranked)


def _points(table: PointsTableListed | None, result: RaceResult, last: int) -> int | None:
    """Give what a result scores; None where it does not even make an entry."""
    if table is None:
        return None
    if result.rank is not None:
        return _at(table, result.rank)
    if result.irm is not None and result.irm in table.irm_scores:
        return _at(table, last)
    return None


def _at(table: PointsTableListed, rank: int) -> int:
    return table.points[rank - 1] if rank <= len(table.points) else 0


def _sum(scored: Sequence[_Scored]) -> int:
    return sum(each.points for each in scored)


def _occasion(race: RaceResults) -> _Occasion:
    asked = race.race
    return asked.competition.id, asked.discipline, str(asked.run or "")


def _occasions(races: Sequence[RaceResults]) -> dict[_Occasion, int]:
    """Number the occasions from the latest, 0, to the earliest."""
    begun: dict[_Occasion, datetime] = {}
    for race in races:
        begun[_occasion(race)] = max(scheduled(race), begun.get(_occasion(race), scheduled(race)))
    in_order = sorted(begun, key=lambda occasion: (begun[occasion], occasion), reverse=True)
    return {occasion: number for number, occasion in enumerate(in_order)}


def _entry(scored: Sequence[_Scored], rank: int, equal: bool) -> RankingEntry:
    return RankingEntry(
        rank=rank,
        rank_equal=equal,
        competitor=_competitor(scored),
        value=str(_sum(scored)),
        state=None,
        parts=tuple(part(each.race_id, each.result.rank, str(each.points)) for each in scored),
    )


def _competitor(scored: Sequence[_Scored]) -> Competitor:
    """Give the competitor as the last of the races has it: teams change their members."""
    return scored[-1].result.competitor
