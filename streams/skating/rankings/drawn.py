"""A ranking as it stands: everything its message says, but for version and time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas.rankings import Basis, RankingDefined, RankingEntry
from schemas.results import RaceResults
from streams.skating.rankings.known import Known, counting_races
from streams.skating.rankings.matrix import matrix_entries
from streams.skating.rankings.medals import medal_entries
from streams.skating.rankings.points import points_entries
from streams.skating.rankings.samalog import samalog_entries


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a ranking says."""

    basis: Basis
    season: str
    provisional: bool
    entries: tuple[RankingEntry, ...]


def draw(known: Known, ranking_id: str) -> Drawn | None:
    """Draw up a ranking from all that is known; None where nothing defines it and no race counts for it.

    A race counts from when it has begun: a start list says nothing of a result.
    """
    races = counting_races(known, ranking_id)
    defined = known.definitions.get(ranking_id)
    if defined is None and not races:
        return None
    begun = [race for race in races if race.status != "START_LIST"]
    return Drawn(
        basis="points" if defined is None else defined.basis,
        season=races[0].race.competition.season if defined is None else defined.season,
        provisional=any(race.status != "OFFICIAL" for race in begun),
        entries=_entries(known, defined, races, begun),
    )


def emptied(drawn: Drawn) -> Drawn:
    """Draw up a ranking for which no race counts any more."""
    return replace(drawn, provisional=False, entries=())


def _entries(
    known: Known, defined: RankingDefined | None, races: Sequence[RaceResults], begun: Sequence[RaceResults]
) -> tuple[RankingEntry, ...]:
    if defined is None:
        return points_entries(begun, known.tables, None)
    if defined.basis == "points":
        return points_entries(begun, known.tables, defined.points_table)
    if defined.basis == "samalog":
        return samalog_entries(begun)
    if defined.basis == "medals":
        return medal_entries(begun)
    return matrix_entries(defined.places, defined.tickets, races)
