"""What is needed in a samalog: the slowest times on a distance that lead it, or pass a rival in it.

Theory of operation. A finish adds one distance to what somebody has, and the ranking puts more distances
first. So a rival with fewer than that is passed by any finish, one with more by none, and only against one
with equally many do points decide, which `samalog_need` turns into a time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from schemas.needs import Need, RivalNeed, SamalogCompetitorNeeds
from schemas.race import Competitor, RaceId
from schemas.results import RaceResult, RaceResults
from streams.skating.life import is_closed
from streams.skating.needs import samalog_need
from streams.skating.rankings.known import Known, counting_races
from streams.skating.rankings.samalog import Skated, merit, skated_by_competitor, total

MOST_RIVALS = 10
"""So many are named to one skater, or messages would grow with the square of the field."""

_ByCompetitor = Mapping[str, Sequence[Skated]]


@dataclass(frozen=True, slots=True)
class SamalogNeeded:
    """What is needed on one distance; `race_id` None where nobody is still to come."""

    race_id: RaceId | None = None
    entries: tuple[SamalogCompetitorNeeds, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rival:
    """Somebody in the ranking: with how many distances, the points of them, and whether this one is there."""

    competitor: Competitor
    distances: int
    points: int
    has_this: bool


@dataclass(frozen=True, slots=True)
class _Coming:
    """Somebody still to come: how many distances it will be, the points of the others, and the sum by now.

    The sum is None but for who has a time here already and skates again.
    """

    competitor_id: str
    distances: int
    points: int
    sum_now: int | None
    distance_m: int


def samalog_needed(known: Known, ranking_id: str) -> SamalogNeeded:
    """Say what everybody still to come needs on the distance of a samalog that is skated, or comes next.

    That is the first one in the order of its parts that is under way, else the first with a start list; in
    either case one in which somebody without an irm is still to come. A mass start has no needs, since its
    order is not one of times.

    Returns:
        Nothing for a ranking that is no samalog, and where there is no such distance.
    """
    defined = known.definitions.get(ranking_id)
    if defined is None or defined.basis != "samalog":
        return SamalogNeeded()
    races = counting_races(known, ranking_id)
    this = min(filter(_is_to_come, races), key=lambda race: race.status == "START_LIST", default=None)
    if this is None:
        return SamalogNeeded()
    others = skated_by_competitor(each for each in races if each.status != "START_LIST" and each is not this)
    here = skated_by_competitor((this,))
    rivals = _rivals(others, here)
    return SamalogNeeded(
        race_id=this.race_id,
        entries=tuple(
            _entry(result.competitor, pair, _coming(this, result, others, here), rivals)
            for pair, result in _in_skating_order(this)
        ),
    )


def _is_to_come(race: RaceResults) -> bool:
    timed = race.race.format != "mass_start"
    return timed and not is_closed(race.status) and bool(_in_skating_order(race))


def _in_skating_order(race: RaceResults) -> list[tuple[int, RaceResult]]:
    """List who is still to come, with the pair; the sheet has those of a pair in the order of lanes."""
    coming = [(each.next_pair, each) for each in race.results if each.irm is None]
    listed = [(pair, each) for pair, each in coming if pair is not None]
    return sorted(listed, key=lambda one: one[0])


def _rivals(others: _ByCompetitor, here: _ByCompetitor) -> list[_Rival]:
    """Put everybody in the order of the ranking."""
    everybody = {name: (*others.get(name, ()), *here.get(name, ())) for name in sorted({*others, *here})}
    return [
        _Rival(skated[-1].result.competitor, len(skated), total(skated), has_this=name in here)
        for name, skated in sorted(everybody.items(), key=lambda item: merit(item[1]))
    ]


def _coming(race: RaceResults, result: RaceResult, others: _ByCompetitor, here: _ByCompetitor) -> _Coming:
    name = result.competitor.id
    before = others.get(name, ())
    points = total(before)
    return _Coming(
        competitor_id=name,
        distances=len(before) + 1,
        points=points,
        sum_now=points + total(here[name]) if name in here else None,
        distance_m=race.finish_m,
    )


def _entry(
    competitor: Competitor, pair: int, coming: _Coming, everybody: Iterable[_Rival]
) -> SamalogCompetitorNeeds:
    rivals = [each for each in everybody if each.competitor.id != coming.competitor_id]
    can_lead, to_lead = _to_lead(coming, rivals)
    return SamalogCompetitorNeeds(
        competitor=competitor,
        pair=pair,
        can_lead=can_lead,
        to_lead=to_lead,
        to_pass=tuple(islice(_to_pass(coming, rivals), MOST_RIVALS)),
    )


def _to_lead(coming: _Coming, rivals: Sequence[_Rival]) -> tuple[bool, Need | None]:
    """Tell whether a finish can lead, and what it takes: who passes the first of the others passes all."""
    if not rivals or rivals[0].distances < coming.distances or _is_behind(rivals[0], coming):
        return True, None
    if rivals[0].distances > coming.distances:
        return False, None
    needed = samalog_need(coming.points, rivals[0].points, coming.distance_m)
    return needed is not None, needed


def _to_pass(coming: _Coming, rivals: Iterable[_Rival]) -> Iterator[RivalNeed]:
    for rival in rivals:
        if not rival.has_this or rival.distances != coming.distances or _is_behind(rival, coming):
            continue
        needed = samalog_need(coming.points, rival.points, coming.distance_m)
        if needed is not None:
            yield RivalNeed(competitor=rival.competitor, need=needed)


def _is_behind(rival: _Rival, coming: _Coming) -> bool:
    """Tell whether a rival of as many distances has been passed already, by the first time of a reskate."""
    if rival.distances != coming.distances or coming.sum_now is None:
        return False
    return coming.sum_now < rival.points
